import express, { type ErrorRequestHandler, type Request, type Router } from 'express';
import { send, sendJson } from '../problem.ts';
import { listLifecycles, listObjectives, listPlaybooks } from './automations.ts';
import { companyAttributes, deleteCompany, listCompanies, readCompany, upsertCompany } from './companies.ts';
import { objectId, rowOf } from './ids.ts';
import {
  changePerson,
  deletePerson,
  findPeople,
  listPeople,
  personAttributes,
  readPerson,
  upsertPerson,
} from './people.ts';
import { changeTask, createTask, listTasks, readTask, taskValues } from './tasks.ts';
import { type Account, ApiError, pageOf } from './wire.ts';

/** Who calls. */
interface Caller {
  member: string;
  writes: boolean;
}

/** Lists that this account has nothing in, with the name under which they would be. */
const empty: Record<string, string> = {
  '/calendar/meeting': 'meetings',
  '/calendar/meeting/company/:id': 'meetings',
  '/segment': 'segments',
  '/company/segments/:id': 'segments',
  '/calculated_metric': 'calculated_metrics',
  '/signal/entities': 'signals',
  '/health_score/simple': 'health_scores',
  '/health_score/:id/values': 'values',
};

/** What exists in the product and is not open to keys. */
const closed = ['/user', '/users', '/users/:id', '/dashboard', '/view', '/email', '/audit'];

/** The key of a request; undefined when it is none of this account's. */
function callerOf(account: Account, request: Request): Caller | undefined {
  const secret = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (secret === undefined) return undefined;
  const row = account.database.get<{ member: string; writes: number }>(
    'SELECT k.member, k.writes FROM api_key k JOIN session s ON s.id = k.secret WHERE k.secret = ?',
    secret,
  );
  return row && { member: row.member, writes: row.writes === 1 };
}

/** The public API, as far as sources show it. `limit`: what a request meets once its key is known. */
export function publicApi(account: Account, limit: express.RequestHandler): Router {
  const router = express.Router();
  const get = (path: string, answer: (request: Request) => unknown): void => {
    router.get(path, (request, response) => sendJson(response, 200, answer(request)));
  };
  const change = (
    method: 'post' | 'put' | 'patch' | 'delete',
    path: string,
    answer: (body: Record<string, unknown>, actor: string, request: Request) => unknown,
  ): void => {
    router[method](path, (request, response) => {
      const { member, writes } = response.locals.caller as Caller;
      if (!writes) throw new ApiError(403, 'This API key has no write permission');
      sendJson(response, 200, answer((request.body ?? {}) as Record<string, unknown>, member, request));
    });
  };
  const idOf = (request: Request): string => String(request.params.id);

  router.use((request, response, next) => {
    const caller = callerOf(account, request);
    if (!caller) throw new ApiError(401, 'Unauthorized');
    response.locals.caller = caller;
    response.locals.session = { id: request.headers.authorization };
    next();
  });
  router.use(limit);

  get('/company/all', ({ query }) => listCompanies(account, query));
  get('/company/attributes', () => companyAttributes(account));
  get('/company/people/:id', (request) => listPeople(account, request.query, rowOf(idOf(request))));
  get('/company/usage/:id', () => ({}));
  get('/company/:id', (request) => readCompany(account, { id: idOf(request) }));
  get('/company', ({ query }) => readCompany(account, { external: query.company_id }));
  change('post', '/company', (body, actor) => upsertCompany(account, body, actor));
  change('delete', '/company/:id', (_body, _actor, request) => deleteCompany(account, { id: idOf(request) }));
  change('delete', '/company', (_body, _actor, { query }) =>
    deleteCompany(account, { external: query.company_id }),
  );

  get('/people/all', ({ query }) => listPeople(account, query));
  get('/people/:id', (request) => readPerson(account, idOf(request)));
  get('/people', ({ query }) => findPeople(account, query));
  change('post', '/people', (body) => upsertPerson(account, body));
  change('delete', '/people/:id', (_body, _actor, request) => deletePerson(account, { id: idOf(request) }));
  change('delete', '/people', (_body, _actor, { query }) => deletePerson(account, { user: query.user_id }));
  get('/customer/attributes', personAttributes);
  get('/customer/:id', (request) => readPerson(account, idOf(request)));
  change('post', '/customer', (body) => changePerson(account, body));

  get('/task', ({ query }) => listTasks(account, query));
  get('/task/filtersAvailableValues', () => taskValues(account));
  get('/task/:id', (request) => readTask(account, idOf(request)));
  change('post', '/task', (body, actor) => createTask(account, body, actor));
  change('put', '/task/:id', (body, actor, request) => changeTask(account, idOf(request), body, actor));

  get('/playbook', ({ query }) => listPlaybooks(account, query));
  change('post', '/playbook/entity/:id', () => ({ started: true }));
  get('/lifecycle', ({ query }) => listLifecycles(account, query));
  get('/objective', ({ query }) => listObjectives(account, query));

  get('/tag', ({ query }) => {
    const rows = account.database.all<{ tag: string }>('SELECT DISTINCT tag FROM tagged ORDER BY tag');
    const { items, total } = pageOf(account, query, rows, 100);
    return { ...total, tags: items.map(({ tag }) => ({ id: tag, name: tag })) };
  });
  change('patch', '/tag/entity', (body) => {
    const ids = Array.isArray(body.ids) ? body.ids.map(String) : [];
    const sql =
      body.type === 'add'
        ? 'INSERT OR IGNORE INTO tagged VALUES (?, ?)'
        : 'DELETE FROM tagged WHERE entity = ? AND tag = ?';
    for (const id of ids) account.database.run(sql, rowOf(id), String(body.tag));
    return { updated: ids.length };
  });
  const notes = (query: Record<string, unknown>, customer: string | null): unknown => {
    const rows = account.database.all<{ id: string; text: string; customer: string; member: string }>(
      'SELECT * FROM note WHERE ? IS NULL OR customer = ? ORDER BY rowid',
      ...[customer, customer],
    );
    const { items, total } = pageOf(account, query, rows, 50);
    return {
      ...total,
      notes: items.map((row) => ({
        id: objectId(row.id),
        text: row.text,
        entity: objectId(row.customer),
        createdBy: objectId(row.member),
        createdByType: 'User',
      })),
    };
  };
  get('/note', ({ query }) => notes(query, null));
  get('/note/:id', (request) => notes(request.query, rowOf(idOf(request))));
  change('post', '/note', (body, actor) => {
    const number = account.database.get<{ n: number }>('SELECT count(*) AS n FROM note')?.n ?? 0;
    const id = `not_${number + 1}`;
    account.database.run(
      'INSERT INTO note VALUES (?, ?, ?, ?)',
      ...[id, rowOf(body.entity), String(body.text ?? ''), actor],
    );
    return { id: objectId(id), text: body.text };
  });

  for (const [path, name] of Object.entries(empty))
    get(path, ({ query }) => {
      const { items, total } = pageOf(account, query, [], 100);
      return { ...total, [name]: items };
    });
  change('post', '/event', () => ({ success: true }));
  change('post', '/nps_score', () => ({ success: true }));
  for (const path of closed)
    router.all(path, () => {
      throw new ApiError(403, 'This endpoint is not available for API keys');
    });
  router.use(() => {
    throw new ApiError(404, 'Not found');
  });
  router.use(refusals);
  return router;
}

/** 400 and 404 say `error`, 422 says `errors`, the others `message`: as the clients' own tests have it. */
const refusals: ErrorRequestHandler = (error, _request, response, _next) => {
  const known = error instanceof ApiError;
  if (!known) console.error(error);
  const status = known ? error.status : 500;
  const said = known ? error.message : 'Internal server error';
  for (const [name, value] of Object.entries(known ? error.headers : {})) response.setHeader(name, value);
  const body =
    status === 422
      ? { errors: [said] }
      : status === 400 || status === 404
        ? { error: said }
        : { message: said };
  send(response, status, JSON.stringify(body));
};
