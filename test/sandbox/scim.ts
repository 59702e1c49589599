import type { Request, RequestHandler, Response, Router } from 'express';
import SCIMMYRouters, { SCIMMY } from 'scimmy-routers';
import { scimExtension } from '../../lib/workspace/contract/wire.ts';
import type { MemberRow, SandboxContext, Session } from './context.ts';
import { logWrite } from './holdings.ts';
import { storeAnswer, storedAnswer } from './idempotency.ts';
import { Problem, send } from './problem.ts';
import type { Runs } from './runs.ts';
import { sessionIn, storeActive } from './sessions.ts';

/** What a request hands to the handlers of the SCIM library, which are the same for every server in the process. */
interface ScimCall {
  context: SandboxContext;
  runs: Runs;
  session: Session;
  run: { id: string; fence: number } | undefined;
  key: string | undefined;
  holds(): Map<string, Holds>;
}
interface Holds {
  customers: number;
  tasks: number;
}

/** The schema extension of the contract (RFC 7643, section 3.3). */
class OffboardingUser extends SCIMMY.Types.Schema {
  static readonly #definition = new SCIMMY.Types.SchemaDefinition(
    'OffboardingUser',
    scimExtension,
    'What decides whether a user can receive something',
    [
      new SCIMMY.Types.Attribute('string', 'mailbox', { mutable: false }),
      new SCIMMY.Types.Attribute('string', 'signature', { mutable: false }),
      new SCIMMY.Types.Attribute('integer', 'customers', { mutable: false }),
      new SCIMMY.Types.Attribute('integer', 'tasks', { mutable: false }),
    ],
  );
  static override get id() {
    return OffboardingUser.#definition.id;
  }
  static override get definition() {
    return OffboardingUser.#definition;
  }
}

/** Declares the resource types; the library keeps them for the whole process, so only the first call does. */
function declareUsers(): void {
  if (SCIMMY.Resources.declared('User')) return;
  SCIMMY.Resources.User.extend(OffboardingUser, false);
  SCIMMY.Resources.declare(SCIMMY.Resources.User)
    .egress((resource, call: ScimCall) => {
      if (resource.id) {
        const row = memberOf(call.context, resource.id);
        if (!row) throw new SCIMMY.Types.Error(404, '', `Resource ${resource.id} not found`);
        return userOf(row, call.holds().get(row.id));
      }
      return listUsers(call, resource.filter?.expression, resource.constraints?.startIndex ?? 1);
    })
    .ingress((resource, instance, call: ScimCall) => {
      const row = resource.id ? memberOf(call.context, resource.id) : undefined;
      if (!row) throw new SCIMMY.Types.Error(403, '', 'Members are invited in Settings > Users, not here.');
      if (instance.userName !== row.email || instance.displayName !== row.name)
        throw new SCIMMY.Types.Error(400, 'mutability', 'Only `active` can be changed here.');
      setActive(call, row, instance.active !== false);
      return userOf({ ...row, active: instance.active === false ? 0 : 1 }, call.holds().get(row.id));
    })
    .degress(() => {
      throw new SCIMMY.Types.Error(403, '', 'Members are set inactive, never deleted.');
    });
}

function memberOf(context: SandboxContext, id: string): MemberRow | undefined {
  return context.database.get<MemberRow>('SELECT * FROM member WHERE id = ?', id);
}

/** The member as a SCIM user. */
function userOf(row: MemberRow, holds: Holds = { customers: 0, tasks: 0 }) {
  return {
    id: row.id,
    userName: row.email,
    displayName: row.name,
    name: { formatted: row.name },
    title: row.title,
    active: row.active === 1,
    emails: [{ value: row.email, type: 'work', primary: true }],
    roles: [{ value: row.role, primary: true }],
    meta: { resourceType: 'User' },
    [scimExtension]: { mailbox: row.mailbox, signature: row.signature, ...holds },
  };
}

/** Everybody who matches, by name. The library cuts the page out of it. */
function listUsers({ context, holds }: ScimCall, filter: string | undefined, startIndex: number) {
  const rows = context.database.all<MemberRow>('SELECT * FROM member ORDER BY name, email');
  const held = holds();
  let users = rows.map((row) => userOf(row, held.get(row.id)));
  if (filter !== undefined) {
    const matching = new Set(
      new SCIMMY.Types.Filter(filter).match(users.map(folded)).map((user) => (user as { id: string }).id),
    );
    users = users.filter(({ id }) => matching.has(fold(id)));
  }
  if (startIndex <= users.length) return users;
  // Past the end the library would answer the first page: a list of holes has the right total and nothing in it.
  const beyond: typeof users = [];
  beyond.length = users.length;
  return beyond;
}

/** Characters that the library's filter grammar stumbles over inside quotes, and what stands for them meanwhile. */
const awkward = '()[]"\\';
/** Case does not matter in this workspace (RFC 7643: caseExact false), neither in names nor in values. */
function fold(text: string): string {
  return text
    .toLowerCase()
    .replace(/[()[\]"\\]/g, (one) => String.fromCharCode(0xe000 + awkward.indexOf(one)));
}
function folded(value: unknown): unknown {
  if (typeof value === 'string') return fold(value);
  if (Array.isArray(value)) return value.map(folded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.toLowerCase(), folded(inner)]));
}
/** A filter expression folded in the same way; its strings are JSON strings (RFC 7644, section 3.4.2.2). */
function foldedFilter(expression: string): string {
  const pattern = /"(?:[^"\\]|\\.)*"/g;
  let result = '';
  let from = 0;
  for (const match of expression.matchAll(pattern)) {
    result += expression.slice(from, match.index).toLowerCase();
    result += `"${fold(unquoted(match[0]))}"`;
    from = match.index + match[0].length;
  }
  return result + expression.slice(from).toLowerCase();
}
/** The folded expression. Throws 400 when the library cannot parse it. */
function checkedFilter(expression: string): string {
  const result = foldedFilter(expression);
  try {
    new SCIMMY.Types.Filter(result);
  } catch {
    const detail = 'This is no filter expression of SCIM (RFC 7644, section 3.4.2.2).';
    throw new Problem(400, 'bad-filter', 'Filter not understood', detail);
  }
  return result;
}
function unquoted(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    throw new Problem(400, 'bad-filter', 'Filter not understood', `${text} is no string of JSON.`);
  }
}

/** Sets a member active or inactive, under the fence of the run that asks for it. */
function setActive({ context, runs, session, run, key }: ScimCall, row: MemberRow, active: boolean): void {
  if ((row.active === 1) === active) return;
  const actor = { member: session.member.id, at: context.now(), ...(run ? { run: run.id } : {}), key };
  try {
    context.database.transaction(() => {
      if (run) runs.check(run.id, run.fence, session.member);
      const category = active ? 'activate' : 'deactivate';
      logWrite(context.database, category, row.id, { flag: !active }, { flag: active }, actor);
      storeActive(context.database, row.id, active);
    });
  } catch (error) {
    throw error instanceof Problem ? new SCIMMY.Types.Error(error.status, '', error.message) : error;
  }
  context.emit({ type: 'member', member: row.id });
}

/** The run that a request names in its headers. Throws 400 when only half of it is there. */
function runOf(request: Request): ScimCall['run'] {
  const id = request.get('Offboarding-Run');
  const fence = request.get('Offboarding-Fence');
  if (id === undefined && fence === undefined) return undefined;
  if (!id || !fence || !/^\d{1,15}$/.test(fence))
    throw new Problem(
      400,
      'bad-request',
      'Request not understood',
      'Offboarding-Run and Offboarding-Fence go together.',
    );
  return { id, fence: Number(fence) };
}

/** Replays a stored answer of a PATCH, refuses a stale fence, and keeps the answer under its Idempotency-Key. */
function guard(context: SandboxContext, runs: Runs): RequestHandler {
  return (request, response, next) => {
    // Express parses the query at every look; the SCIM router wants to keep what it makes of it.
    const query: Record<string, unknown> = { ...request.query };
    for (const name of ['startIndex', 'count'])
      if (typeof query[name] === 'string' && /^-?\d+$/.test(query[name])) query[name] = Number(query[name]);
    if (typeof query.filter === 'string') query.filter = checkedFilter(query.filter);
    Object.defineProperty(request, 'query', { value: query, configurable: true, writable: true });
    if (request.method !== 'PATCH') {
      next();
      return;
    }
    const session = sessionIn(response);
    const key = request.get('Idempotency-Key');
    const known = key && storedAnswer(context, session, request, key);
    if (known) {
      send(response, known.status, known.body, 'application/scim+json');
      return;
    }
    const run = runOf(request);
    if (run) runs.check(run.id, run.fence, session.member);
    if (key) keep(response, (status, body) => storeAnswer(context, session, request, key, { status, body }));
    next();
  };
}

/** Calls `store` with a success before it is sent. */
function keep(response: Response, store: (status: number, body: string) => void): void {
  const end = response.end.bind(response) as (...parts: unknown[]) => Response;
  response.end = ((...parts: unknown[]) => {
    const [body] = parts;
    if (response.statusCode < 300)
      store(response.statusCode, typeof body === 'string' || Buffer.isBuffer(body) ? String(body) : '');
    return end(...parts);
  }) as typeof response.end;
}

/** How much each member holds, counted again only after something was written. */
function holdsCounter({ database }: SandboxContext): () => Map<string, Holds> {
  let stamp = -1;
  let counts = new Map<string, Holds>();
  return () => {
    const changes = database.get<{ n: number }>('SELECT total_changes() AS n')?.n ?? 0;
    if (changes === stamp) return counts;
    stamp = changes;
    counts = new Map();
    const count = (sql: string, unit: keyof Holds) => {
      for (const { member, n } of database.all<{ member: string | null; n: number }>(sql)) {
        if (member === null) continue;
        const holds = counts.get(member) ?? { customers: 0, tasks: 0 };
        counts.set(member, { ...holds, [unit]: n });
      }
    };
    count('SELECT csm AS member, count(*) AS n FROM customer GROUP BY csm', 'customers');
    count(
      "SELECT assignee AS member, count(*) AS n FROM task WHERE status = 'open' GROUP BY assignee",
      'tasks',
    );
    return counts;
  };
}

/** SCIM 2.0 (RFC 7643, RFC 7644) for the members; to be mounted behind session, admin check and rate limit. */
export function scimApi(context: SandboxContext, runs: Runs): { guard: RequestHandler; router: Router } {
  declareUsers();
  const holds = holdsCounter(context);
  const router = new SCIMMYRouters({
    type: 'bearer',
    handler: (request) => sessionIn(request.res as Response).member.id,
    context: (request): ScimCall => ({
      context,
      runs,
      session: sessionIn(request.res as Response),
      run: runOf(request),
      key: request.get('Idempotency-Key'),
      holds,
    }),
  });
  // Writes go one by one, each under its own key and fence.
  SCIMMY.Config.set('bulk', false);
  return { guard: guard(context, runs), router };
}
