import express, { type Request, type Response, type Router } from 'express';
import { z } from 'zod';
import {
  discoverySchema,
  meSchema,
  openRunRequestSchema,
  ownersRequestSchema,
  reassignmentsRequestSchema,
  updateRunRequestSchema,
} from '../../lib/workspace/contract/wire.ts';
import type { SandboxContext } from './context.ts';
import type { Refusals } from './faults.ts';
import { batchSize, type Holdings } from './holdings.ts';
import { storeAnswer, storedAnswer } from './idempotency.ts';
import { pageProfile } from './page-profile.ts';
import { Problem, send, sendJson } from './problem.ts';
import type { Runs } from './runs.ts';
import { requireAdmin, sessionIn } from './sessions.ts';

/** Where the calls of the contract are, under the server's origin. */
export const apiPath = '/api/v1';
export const scimPath = '/scim/v2';
const pageSize = 500;

/** The origin by which the client reached the server. */
function baseOf(request: Request): string {
  return `${request.protocol}://${request.headers.host}`;
}

/** GET /.well-known/offboarding. `settle`: milliseconds after which a cut-off request has landed or never will. */
export function discovery(settle: number) {
  return (request: Request, response: Response): void => {
    const base = baseOf(request);
    sendJson(
      response,
      200,
      discoverySchema.parse({
        contract: '1',
        workspace: { id: 'acme', name: 'Acme Success' },
        urls: {
          api: base + apiPath,
          scim: base + scimPath,
          events: `${base}${apiPath}/events`,
          users: `${base}/settings/users`,
          member: `${base}/settings/users/{member}`,
        },
        limits: { batch: batchSize, pageSize, concurrency: 8, settle },
        pages: pageProfile,
      }),
    );
  };
}

/** The ownership and run calls of the contract; to be mounted at `apiPath` behind session and rate limit. */
export function contractApi(context: SandboxContext, holdings: Holdings, runs: Runs): Router {
  const { database } = context;
  const api = express.Router();

  api.get('/me', (_request, response) => {
    const { member, csrf } = sessionIn(response);
    const me = {
      id: member.id,
      name: member.name,
      email: member.email,
      admin: member.role === 'admin',
      csrf,
    };
    sendJson(response, 200, meSchema.parse(me));
  });

  api.use(requireAdmin);

  const knownMember = (request: Request): string => {
    const member = query(request, 'member');
    if (member === undefined) throw badRequest('Say whose with ?member=.');
    if (!database.get('SELECT 1 FROM member WHERE id = ?', member))
      throw new Problem(404, 'no-such-member', 'No such member', `There is no member ${member}.`);
    return member;
  };
  const knownCategory = (id: string | undefined) => {
    const ownership = id === undefined ? undefined : holdings.find(id);
    if (!ownership)
      throw new Problem(404, 'no-such-category', 'No such category', `There is no category ${id}.`);
    return ownership;
  };

  api.get('/categories', (request, response) => {
    const member = knownMember(request);
    sendJson(response, 200, { member, categories: holdings.survey(member, baseOf(request)) });
  });

  api.get('/items', (request, response) => {
    const member = knownMember(request);
    const ownership = knownCategory(query(request, 'category'));
    const after = number(request, 'cursor', 0);
    const limit = Math.min(number(request, 'limit', pageSize), pageSize);
    if (limit < 1) throw badRequest('limit has to be at least 1.');
    const { items, next, total } = holdings.page(ownership, member, after, limit, baseOf(request));
    sendJson(response, 200, { items, ...(next === undefined ? {} : { cursor: String(next) }), total });
  });

  api.post('/reassignments', (request, response) => {
    const session = sessionIn(response);
    const key = request.get('Idempotency-Key');
    if (!key) throw badRequest('Send an Idempotency-Key.');
    const body = parse(reassignmentsRequestSchema, request.body);
    const ownership = knownCategory(body.category);
    let changed = false;
    const answer = database.transaction(() => {
      const known = storedAnswer(context, session, request, key);
      if (known) return known;
      runs.check(body.run, body.fence, session.member);
      const actor = { member: session.member.id, at: context.now(), run: body.run, key };
      const refusals = response.locals.refusals as Refusals | undefined;
      const outcomes = holdings.change(ownership, body.changes, actor, refusals);
      changed = outcomes.some(({ result }) => result === 'applied');
      const fresh = { status: 200, body: JSON.stringify({ outcomes }) };
      storeAnswer(context, session, request, key, fresh);
      return fresh;
    });
    if (changed) context.emit({ type: 'owner', category: ownership.id });
    send(response, answer.status, answer.body);
  });

  api.post('/owners', (request, response) => {
    const { category, refs } = parse(ownersRequestSchema, request.body);
    sendJson(response, 200, { owners: holdings.read(knownCategory(category), refs) });
  });

  api.post('/runs', (request, response) => {
    const { created, run } = runs.open(parse(openRunRequestSchema, request.body), sessionIn(response).member);
    context.emit({ type: 'run', run: run.id });
    sendJson(response, created ? 201 : 200, run);
  });
  api.get('/runs', (request, response) => {
    const leaver = query(request, 'leaver');
    const open = query(request, 'open');
    if (open !== undefined && open !== 'true' && open !== 'false')
      throw badRequest('open has to be true or false.');
    const filter = {
      ...(leaver === undefined ? {} : { leaver }),
      ...(open === undefined ? {} : { open: open === 'true' }),
    };
    sendJson(response, 200, { runs: runs.list(filter) });
  });
  api.get('/runs/:id', (request, response) => {
    sendJson(response, 200, runs.find(request.params.id));
  });
  api.put('/runs/:id', (request, response) => {
    const run = runs.update(
      request.params.id,
      parse(updateRunRequestSchema, request.body),
      sessionIn(response).member,
    );
    context.emit({ type: 'run', run: run.id });
    sendJson(response, 200, run);
  });
  api.post('/runs/:id/lease', (request, response) => {
    const run = runs.lease(request.params.id, sessionIn(response).member);
    context.emit({ type: 'run', run: run.id });
    sendJson(response, 200, run);
  });

  api.use((request) => {
    throw new Problem(
      404,
      'no-such-call',
      'No such call',
      `${request.method} ${request.baseUrl}${request.path} is not part of the contract.`,
    );
  });
  return api;
}

function badRequest(detail: string): Problem {
  return new Problem(400, 'bad-request', 'Request not understood', detail);
}

function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw badRequest(z.prettifyError(parsed.error));
}

function query(request: Request, name: string): string | undefined {
  const value = request.query[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function number(request: Request, name: string, otherwise: number): number {
  const value = query(request, name);
  if (value === undefined) return otherwise;
  if (!/^\d{1,15}$/.test(value)) throw badRequest(`${name} is not valid.`);
  return Number(value);
}
