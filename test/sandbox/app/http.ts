import express, { type Request, type Response, type Router } from 'express';
import { z } from 'zod';
import type { SandboxContext, Session } from '../context.ts';

/** An answer that is no success, with a sentence for the person at the page. */
export class Refusal extends Error {
  readonly status: number;
  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

export interface Call {
  request: Request;
  session: Session;
  /** A path parameter; empty when the path has none of this name. */
  param(name: string): string;
  /** A query parameter, trimmed; undefined when absent or empty. */
  query(name: string): string | undefined;
  /** The body, parsed. Throws a Refusal with status 400 when it has another shape. */
  body<T>(schema: z.ZodType<T>): T;
}

type Method = 'get' | 'post' | 'patch' | 'delete';

/** Registers routes whose callers must be signed in. */
export interface AppRouter {
  readonly router: Router;
  /** What `handle` returns is sent as JSON; undefined is sent as 204. */
  on(method: Method, path: string, handle: (call: Call) => unknown): void;
  /** The same for administrators only; others get 403. */
  admin(method: Method, path: string, handle: (call: Call) => unknown): void;
}

/**
 * A router that checks the session of each call and, for writes, the X-CSRF-Token header; refusals are problem
 * details (RFC 9457).
 */
export function createRouter(context: SandboxContext): AppRouter {
  const router = express.Router();
  router.use(express.json({ limit: '100kb' }));
  const on = (method: Method, path: string, handle: (call: Call) => unknown, adminOnly: boolean) => {
    router[method](path, (request: Request, response: Response) => {
      respond(response, () => {
        const session = context.sessionOf(request);
        if (!session) throw new Refusal(401, 'You are signed out. Sign in to go on.');
        if (method !== 'get' && !session.bearer && request.get('X-CSRF-Token') !== session.csrf) {
          throw new Refusal(403, 'This request did not come from the application. Reload the page.');
        }
        if (adminOnly && session.member.role !== 'admin') {
          throw new Refusal(403, 'Only admins can change this.');
        }
        return handle(callOf(request, session));
      });
    });
  };
  return {
    router,
    on: (method, path, handle) => on(method, path, handle, false),
    admin: (method, path, handle) => on(method, path, handle, true),
  };
}

/** Sends what `work` returns, or the refusal that it throws; anything else that it throws is passed on. */
export function respond(response: Response, work: () => unknown): void {
  try {
    const result = work();
    response.set('Cache-Control', 'no-store');
    if (result === undefined) response.status(204).end();
    else response.json(result);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    response
      .status(error.status)
      .type('application/problem+json')
      .send(JSON.stringify({ type: 'about:blank', title: error.message, status: error.status }));
  }
}

function callOf(request: Request, session: Session): Call {
  return {
    request,
    session,
    param: (name) => String(request.params[name] ?? ''),
    query: (name) => {
      const value = request.query[name];
      return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
    },
    body: (schema) => {
      const parsed = schema.safeParse(request.body);
      if (parsed.success) return parsed.data;
      throw new Refusal(400, `This change was not understood: ${z.prettifyError(parsed.error)}`);
    },
  };
}
