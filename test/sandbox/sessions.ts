import { randomBytes } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import type { MemberRow, SandboxContext, Session } from './context.ts';
import type { Database } from './database.ts';
import { Problem, sendJson } from './problem.ts';

const extensionOrigin = /^[a-z]+(-web)?-extension:\/\//;

/** Makes a session for a member. Throws when there is no such member. */
export function createSession(database: Database, member: string, at: string): { id: string; csrf: string } {
  const session = { id: randomBytes(24).toString('base64url'), csrf: randomBytes(18).toString('base64url') };
  database.run(
    'INSERT INTO session (id, member, csrf, created_at) VALUES (?, ?, ?, ?)',
    session.id,
    member,
    session.csrf,
    at,
  );
  return session;
}

/** Sets a member active or inactive; who becomes inactive is signed out everywhere. False: no such member. */
export function storeActive(database: Database, member: string, active: boolean): boolean {
  return database.transaction(() => {
    const known = database.run('UPDATE member SET active = ? WHERE id = ?', Number(active), member) > 0;
    if (known && !active) database.run('DELETE FROM session WHERE member = ?', member);
    return known;
  });
}

/** The session's cookie, for Set-Cookie. */
export function cookieOf(id: string, ended = false): string {
  return `session=${id}; Path=/; HttpOnly; SameSite=Strict${ended ? '; Max-Age=0' : ''}`;
}

/** Who a request belongs to, by cookie or by bearer token; undefined when signed out. */
export function sessionOf(database: Database, request: Request): Session | undefined {
  const { authorization, cookie } = request.headers;
  if (authorization?.startsWith('Bearer ')) {
    // A token goes on working after its member was set inactive: that is what the wizard warns about.
    const row = database.get<MemberRow & { token: string }>(
      'SELECT m.*, t.id AS token FROM api_token t JOIN member m ON m.id = t.member WHERE t.secret = ? AND t.revoked = 0',
      authorization.slice(7).trim(),
    );
    return row && { id: `token:${row.token}`, member: row, csrf: '', bearer: true };
  }
  const id = cookie && /(?:^|;\s*)session=([^;]+)/.exec(cookie)?.[1];
  if (!id) return undefined;
  const row = database.get<MemberRow & { csrf: string }>(
    'SELECT m.*, s.csrf FROM session s JOIN member m ON m.id = s.member WHERE s.id = ? AND m.active = 1',
    id,
  );
  return row && { id, member: row, csrf: row.csrf, bearer: false };
}

/** Throws 403 when a write of a cookie session does not prove that the application itself sent it. */
export function checkOrigin(request: Request, session: Session): void {
  if (request.method === 'GET' || request.method === 'HEAD' || session.bearer) return;
  const token = request.get('X-CSRF-Token');
  const origin = request.headers.origin;
  if (token === session.csrf) {
    if (
      !origin ||
      extensionOrigin.test(origin) ||
      origin.slice(origin.indexOf('//') + 2) === request.headers.host
    )
      return;
    throw new Problem(403, 'foreign-origin', 'Foreign origin', `Writes from ${origin} are not accepted.`);
  }
  if (origin && extensionOrigin.test(origin))
    throw new Problem(
      403,
      'extension-without-csrf',
      'Browser extension without CSRF token',
      'A browser extension may write only with the X-CSRF-Token of the session it acts for.',
    );
  if (token === undefined)
    throw new Problem(
      403,
      'csrf-missing',
      'CSRF token missing',
      'Send the X-CSRF-Token that GET me answers with every write.',
    );
  throw new Problem(
    403,
    'csrf-wrong',
    'CSRF token not valid',
    'This X-CSRF-Token does not belong to the session. Read it again from GET me.',
  );
}

/** Lets nobody through who is not signed in (401) or whose write is not proven (403); leaves the session in locals. */
export function requireSession(context: SandboxContext): RequestHandler {
  return (request, response, next) => {
    const session = context.sessionOf(request);
    if (!session)
      throw new Problem(401, 'signed-out', 'Signed out', 'Sign in to the workspace and try again.', {
        headers: { 'WWW-Authenticate': 'Bearer' },
      });
    checkOrigin(request, session);
    response.locals.session = session;
    next();
  };
}

/** After `requireSession`: 403 for everybody who is no admin. */
export const requireAdmin: RequestHandler = (_request, response, next) => {
  if (sessionIn(response).member.role !== 'admin')
    throw new Problem(403, 'admins-only', 'For admins', 'Only admins of this workspace may do this.');
  next();
};

/** The session that `requireSession` found. */
export function sessionIn(response: Response): Session {
  return response.locals.session as Session;
}

const signInSchema = z.object({ member: z.string() });

/** POST /app/sign-in {member}: a demo asks for no password. Answers who it is and sets the cookie. */
export function signIn(context: SandboxContext): RequestHandler {
  return (request, response) => {
    const parsed = signInSchema.safeParse(request.body);
    if (!parsed.success)
      throw new Problem(400, 'bad-request', 'Request not understood', z.prettifyError(parsed.error));
    const row = context.database.get<MemberRow>(
      'SELECT * FROM member WHERE id = ? AND active = 1',
      parsed.data.member,
    );
    if (!row)
      throw new Problem(403, 'sign-in-refused', 'Sign-in refused', 'There is no active member of this id.');
    const session = createSession(context.database, row.id, context.now());
    response.setHeader('Set-Cookie', cookieOf(session.id));
    sendJson(response, 200, {
      member: { id: row.id, name: row.name, email: row.email, role: row.role },
      csrf: session.csrf,
    });
  };
}

/** POST /app/sign-out: ends the session of the cookie; 204, also when there was none. */
export function signOut(context: SandboxContext): RequestHandler {
  return (request, response) => {
    const session = context.sessionOf(request);
    if (session) {
      checkOrigin(request, session);
      context.database.run('DELETE FROM session WHERE id = ?', session.id);
    }
    response.setHeader('Set-Cookie', cookieOf('', true));
    response.status(204).end();
  };
}
