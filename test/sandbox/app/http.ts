import express, { type Request, type Response, type Router } from 'express';
import { z } from 'zod';
import type { SandboxContext, Session } from '../context.ts';
import { Problem, sendJson } from '../problem.ts';
import { checkOrigin } from '../sessions.ts';

/** A problem whose detail is a sentence for the person at the page. */
export class Refusal extends Problem {
  constructor(status: number, detail: string) {
    super(status, 'refused', 'Not possible', detail);
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
 * A router that checks the session of each call and that writes were sent by the application itself. What is refused
 * is thrown as a Problem, for the error middleware of problem.ts.
 */
export function createRouter(context: SandboxContext): AppRouter {
  const router = express.Router();
  router.use(express.json({ limit: '100kb' }));
  const on = (method: Method, path: string, handle: (call: Call) => unknown, adminOnly: boolean) => {
    router[method](path, (request: Request, response: Response) => {
      const session = context.sessionOf(request);
      if (!session) throw new Refusal(401, 'You are signed out. Sign in to go on.');
      checkOrigin(request, session);
      if (adminOnly && session.member.role !== 'admin')
        throw new Refusal(403, 'Only admins can change this.');
      const result = handle(callOf(request, session));
      if (result === undefined) response.status(204).end();
      else sendJson(response, 200, result);
    });
  };
  return {
    router,
    on: (method, path, handle) => on(method, path, handle, false),
    admin: (method, path, handle) => on(method, path, handle, true),
  };
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
