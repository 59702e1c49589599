import express, { type Request, type Router } from 'express';
import { z } from 'zod';
import type { SandboxContext } from './context.ts';
import type { EventHub } from './events.ts';
import { type Faults, faultRuleSchema } from './faults.ts';
import type { Holdings } from './holdings.ts';
import type { Limiter } from './limits.ts';
import { Problem, problems, sendJson } from './problem.ts';
import { cookieOf, createSession } from './sessions.ts';

interface Parts {
  context: SandboxContext;
  events: EventHub;
  holdings: Holdings;
  limiter: Limiter;
  faults: Faults;
}

const limitSchema = z.strictObject({
  rate: z.number().nonnegative().optional(),
  burst: z.number().positive().optional(),
  latency: z.number().nonnegative().optional(),
});
const sqlSchema = z.strictObject({
  sql: z.string(),
  parameters: z.array(z.union([z.string(), z.number(), z.null()])).default([]),
});

/**
 * What tests steer and ask the server by, past the contract; bound only when the server is started for tests.
 *
 * | call              | does                                                                                    |
 * | ----------------- | --------------------------------------------------------------------------------------- |
 * | GET owned?member= | `{member, active, counts: {category: n}, total}` straight from SQL                      |
 * | GET writes?run=   | `{total, doubled, changes, writes}`: the write log; `doubled`: refs that took the same  |
 * |                   | change twice in one run; `changes`: how many by category                                |
 * | GET timeline?customer= | `{entries}` newest last, with the actor's id and name                              |
 * | GET stats         | `{passed, throttled, listeners, faults}`                                                |
 * | POST faults       | `{rules}` adds, `{clear: true}` forgets them first                                      |
 * | POST limit        | `{rate?, burst?, latency?}`; the counts start again                                     |
 * | POST session      | `{member}` makes a session: `{cookie, csrf}`, and sets the cookie                       |
 * | POST events/cut   | ends every event stream; `{refuse}` milliseconds refuses new ones                       |
 * | POST sql          | `{sql, parameters}`: `{rows}`                                                           |
 * | POST emit         | sends an event of the contract to every listener                                        |
 */
export function controlApi({ context, events, holdings, limiter, faults }: Parts): Router {
  const { database } = context;
  const control = express.Router();
  control.use((request, _response, next) => {
    const { origin, host } = request.headers;
    const near = ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(request.socket.remoteAddress ?? '');
    // A page of another origin that happens to be open in this browser has no business here.
    if (!near || (origin !== undefined && origin !== `http://${host}`))
      throw new Problem(403, 'control-refused', 'Refused', 'Only local tests may call this.');
    next();
  });
  control.use(express.json({ limit: '10mb' }));

  control.get('/owned', (request, response) => {
    const member = required(request, 'member');
    const row = database.get<{ active: number }>('SELECT active FROM member WHERE id = ?', member);
    if (!row) throw new Problem(404, 'no-such-member', 'No such member', `There is no member ${member}.`);
    const counts = holdings.counts(member);
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
    sendJson(response, 200, { member, active: row.active === 1, counts, total });
  });

  control.get('/writes', (request, response) => {
    const run = typeof request.query.run === 'string' ? request.query.run : null;
    const where = 'WHERE ? IS NULL OR run = ?';
    const writes = database.all(`SELECT * FROM write_log ${where} ORDER BY seq`, run, run);
    const repeated = database.all<{ n: number }>(
      `SELECT count(*) AS n FROM write_log ${where} GROUP BY run, category, ref, before, after HAVING n > 1`,
      ...[run, run],
    );
    const byCategory = database.all<{ category: string; n: number }>(
      `SELECT category, count(*) AS n FROM write_log ${where} GROUP BY category`,
      ...[run, run],
    );
    const changes = Object.fromEntries(byCategory.map(({ category, n }) => [category, n]));
    sendJson(response, 200, { total: writes.length, doubled: repeated.length, changes, writes });
  });

  control.get('/timeline', (request, response) => {
    const entries = database.all(
      `SELECT t.seq, t.at, t.kind, t.summary, t.actor, m.name AS actorName FROM timeline t
       JOIN member m ON m.id = t.actor WHERE t.customer = ? ORDER BY t.seq`,
      required(request, 'customer'),
    );
    sendJson(response, 200, { entries });
  });

  control.get('/stats', (_request, response) => {
    sendJson(response, 200, { ...limiter.counts, listeners: events.listeners, faults: faults.state });
  });

  control.post('/faults', (request, response) => {
    const body = parse(
      z.strictObject({ rules: z.array(faultRuleSchema).default([]), clear: z.boolean().default(false) }),
      request.body,
    );
    if (body.clear) faults.clear();
    faults.add(body.rules);
    sendJson(response, 200, { faults: faults.state });
  });

  control.post('/limit', (request, response) => {
    const { rate, burst, latency } = parse(limitSchema, request.body);
    limiter.set({
      ...(rate === undefined ? {} : { rate }),
      ...(burst === undefined ? {} : { burst }),
      ...(latency === undefined ? {} : { latency }),
    });
    sendJson(response, 200, limiter.limit);
  });

  control.post('/session', (request, response) => {
    const { member } = parse(z.strictObject({ member: z.string() }), request.body);
    if (!database.get('SELECT 1 FROM member WHERE id = ?', member))
      throw new Problem(404, 'no-such-member', 'No such member', `There is no member ${member}.`);
    const { id, csrf } = createSession(database, member, context.now());
    response.setHeader('Set-Cookie', cookieOf(id));
    sendJson(response, 200, { cookie: `session=${id}`, csrf });
  });

  control.post('/events/cut', (request, response) => {
    const { refuse } = parse(
      z.strictObject({ refuse: z.number().nonnegative().default(0) }),
      request.body ?? {},
    );
    events.cut(refuse);
    response.status(204).end();
  });

  control.post('/emit', (request, response) => {
    context.emit(request.body);
    response.status(204).end();
  });

  control.post('/sql', (request, response) => {
    const { sql, parameters } = parse(sqlSchema, request.body);
    sendJson(response, 200, { rows: database.all(sql, ...parameters) });
  });

  control.use(problems);
  return control;
}

function required(request: Request, name: string): string {
  const value = request.query[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new Problem(400, 'bad-request', 'Request not understood', `Say which with ?${name}=.`);
}

function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new Problem(400, 'bad-request', 'Request not understood', z.prettifyError(parsed.error));
}
