import { z } from 'zod';
import { WorkspaceError } from './errors.ts';

/** An answer that is no success, as far as the fault's kind depends on it. */
export interface FaultyAnswer {
  status: number;
  headers: Headers;
  /** The parsed JSON body, where there was one. */
  body: unknown;
  /** Did the request change something, or could it have? */
  write: boolean;
  /** Milliseconds since the epoch, for a Retry-After that names a date. */
  now: number;
}

/** Problem details of RFC 9457; SCIM errors (RFC 7644, 3.12) share `detail`. */
const problemSchema = z.looseObject({
  type: z.string().catch('about:blank'),
  title: z.string().optional().catch(undefined),
  detail: z.string().optional().catch(undefined),
});
export type Problem = z.infer<typeof problemSchema>;

const statusTexts: Record<number, string> = {
  400: 'The workspace did not understand the request',
  401: 'The session at the workspace is over',
  403: 'The workspace does not allow this',
  404: 'The workspace knows nothing of that name',
  408: 'The workspace waited too long for the request',
  409: 'It was changed meanwhile',
  410: 'It is gone from the workspace',
  422: 'The workspace refused the values',
  429: 'The workspace asks to slow down',
  500: 'The workspace failed',
  501: 'The workspace cannot do this',
  502: 'A gateway could not reach the workspace',
  503: 'The workspace is not available for now',
  504: 'The workspace did not answer its gateway in time',
};

/**
 * The error for an answer that is no success. `applied` is `no` wherever the status says that the request was
 * refused; 500, 502, 504 and unnamed 5xx may come after the change, so a write that met one is `maybe`. The
 * message is the problem's own `detail`; its other fields are kept as `cause` (see problemOf).
 */
export function errorOfAnswer(answer: FaultyAnswer): WorkspaceError {
  const { status, write } = answer;
  const problem = problemSchema.safeParse(answer.body).data;
  const facts = {
    status,
    retryAfter: parseRetryAfter(answer.headers.get('retry-after'), answer.now),
    ...(problem && { cause: problem }),
  };
  const words = problem?.detail || problem?.title;
  const detail = words
    ? tidy(words)
    : `${statusTexts[status] ?? 'The workspace refused the request'} (${status}).`;
  const no = { ...facts, applied: 'no' } as const;
  if (status === 401) return new WorkspaceError('auth', detail, no);
  if (status === 403) return new WorkspaceError('forbidden', detail, no);
  if (status === 404 || status === 410) return new WorkspaceError('gone', detail, no);
  if (status === 409 || status === 412) return new WorkspaceError('conflict', detail, no);
  if (status === 429) return new WorkspaceError('throttled', detail, no);
  if (status === 405 || status === 501) return new WorkspaceError('unsupported', detail, no);
  if (status === 408 || status === 425 || status === 503) return new WorkspaceError('transient', detail, no);
  if (status >= 500)
    return new WorkspaceError('transient', detail, { ...facts, applied: write ? 'maybe' : 'no' });
  return new WorkspaceError('invalid', detail, no);
}

/** The problem details that came with a fault, where the workspace sent any. */
export function problemOf(error: unknown): Problem | undefined {
  return error instanceof WorkspaceError ? problemSchema.safeParse(error.cause).data : undefined;
}

/** No workspace makes a run wait longer than a day at a time, milliseconds. */
const longestWait = 24 * 60 * 60_000;

/**
 * Milliseconds to wait by a Retry-After field (RFC 9110, 10.2.3): whole seconds, or an HTTP date, which is taken
 * against `now` (milliseconds since the epoch). undefined when absent or unreadable; never negative, and never more
 * than a day: then the workspace is asked again.
 */
export function parseRetryAfter(field: string | null, now: number): number | undefined {
  const value = field?.trim();
  if (!value) return undefined;
  if (/^\d+$/.test(value)) return Math.min(longestWait, Number(value) * 1000);
  const date = /[A-Za-z]/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.min(longestWait, Math.max(0, date - now));
}

/** The workspace's words on one line and of bounded length. */
const tidy = (words: string): string => {
  const line = words.replace(/\s+/g, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
};
