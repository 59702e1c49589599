import { createHash } from 'node:crypto';
import type { Request } from 'express';
import type { SandboxContext, Session } from './context.ts';
import { Problem } from './problem.ts';

export interface Answer {
  status: number;
  body: string;
}

/** What makes two requests the same: method, path and parsed body. */
function digestOf(request: Request): string {
  return createHash('sha256')
    .update(`${request.method} ${request.originalUrl}\n${JSON.stringify(request.body)}`)
    .digest('hex');
}

/**
 * The stored answer of this key (draft-ietf-httpapi-idempotency-key-header), if there is one.
 * Throws 422 when the key was used for another request or by another member.
 */
export function storedAnswer(
  context: SandboxContext,
  session: Session,
  request: Request,
  key: string,
): Answer | undefined {
  const row = context.database.get<Answer & { member: string; digest: string }>(
    'SELECT member, digest, status, body FROM idempotency WHERE key = ?',
    key,
  );
  if (!row) return undefined;
  if (row.member !== session.member.id || row.digest !== digestOf(request))
    throw new Problem(
      422,
      'key-reused',
      'Idempotency-Key used before',
      'This Idempotency-Key was used for another request.',
    );
  return { status: row.status, body: row.body };
}

/** Stores an answer under its key; the first one stays. */
export function storeAnswer(
  context: SandboxContext,
  session: Session,
  request: Request,
  key: string,
  answer: Answer,
): void {
  context.database.run(
    'INSERT OR IGNORE INTO idempotency (key, member, digest, status, body, at) VALUES (?, ?, ?, ?, ?, ?)',
    ...[key, session.member.id, digestOf(request), answer.status, answer.body, context.now()],
  );
}
