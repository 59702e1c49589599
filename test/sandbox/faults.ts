import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import type { Database } from './database.ts';
import { send } from './problem.ts';
import { redeliver } from './redeliver.ts';

/** A place in a JSON body: keys and indexes with dots between; `*` is every element. Absent: the first field. */
const place = z.string().min(1);

/** What goes wrong. `After` and everything that spoils an answer happens once the request has taken effect. */
export const faultSchema = z.discriminatedUnion('kind', [
  /** Answered instead of handled; `retryAfter` in seconds. */
  z.strictObject({
    kind: z.literal('status'),
    status: z.int().min(200).max(599),
    detail: z.string().optional(),
    retryAfter: z.union([z.number().nonnegative(), z.string()]).optional(),
  }),
  /** Handled, and then answered with an error, as a gateway does that lost the answer. */
  z.strictObject({ kind: z.literal('statusAfter'), status: z.int().min(400).max(599) }),
  /** Held back before it is handled, or its answer is. */
  z.strictObject({
    kind: z.literal('slow'),
    milliseconds: z.number().nonnegative(),
    when: z.enum(['before', 'after']).default('before'),
  }),
  /** Never answered and never handled; the connection stays open. */
  z.strictObject({ kind: z.literal('hang') }),
  /** The connection ends before the request is handled. */
  z.strictObject({ kind: z.literal('cutBefore') }),
  /** Committed, and the connection ends without an answer. */
  z.strictObject({ kind: z.literal('cutAfter') }),
  /** The answer's second half is missing. */
  z.strictObject({ kind: z.literal('truncate') }),
  /** The answer is a page of HTML under the same content type. */
  z.strictObject({ kind: z.literal('malformed') }),
  z.strictObject({ kind: z.literal('missingField'), field: place.optional() }),
  /** The field holds a list where it should not. */
  z.strictObject({ kind: z.literal('wrongType'), field: place.optional() }),
  z.strictObject({ kind: z.literal('unknownEnum'), field: place }),
  /** A field that nobody knows, in the answer and in each element of its lists. */
  z.strictObject({ kind: z.literal('extraField') }),
  /** Answered with this instead of handled, for example a sign-in page under 200. */
  z.strictObject({
    kind: z.literal('answer'),
    status: z.int().min(200).max(599).default(200),
    type: z.string().default('application/json'),
    body: z.string(),
  }),
  /** The session ends first; or, with `member`, it is somebody else's from now on. */
  z.strictObject({ kind: z.literal('session'), member: z.string().optional() }),
  /** The session gets another CSRF token first. */
  z.strictObject({ kind: z.literal('csrf') }),
  /** Delivered twice: handled, and handled again; the client gets the answer to the first delivery or to the second. */
  z.strictObject({ kind: z.literal('twice'), answer: z.enum(['first', 'second']).default('first') }),
  /** One item (absent: the first that the request would change) may not be changed, or is said to be gone. */
  z.strictObject({
    kind: z.literal('item'),
    ref: z.string().optional(),
    code: z.enum(['forbidden', 'gone', 'invalid']),
    message: z.string().default('The workspace does not allow this.'),
  }),
  /** Somebody else changes the database, before the request is handled or after it. */
  z.strictObject({
    kind: z.literal('sql'),
    sql: z.string(),
    when: z.enum(['before', 'after']).default('before'),
  }),
]);

/** Single items that are refused, by ref; the handler of a write finds them in `response.locals.refusals`. */
export type Refusals = ReadonlyMap<string, { code: 'forbidden' | 'gone' | 'invalid'; message: string }>;

/** `nth`: the first matching request that goes wrong (from 1); `times`: so many from there, or every one. */
export const faultRuleSchema = z.strictObject({
  match: z
    .strictObject({
      method: z.string().optional(),
      /** A regular expression on path and query. */
      path: z.string().optional(),
      /** Text that the body has, as JSON without spaces. */
      contains: z.string().optional(),
      nth: z.int().positive().default(1),
      times: z.int().positive().optional(),
    })
    .prefault({}),
  fault: faultSchema,
});
export type Fault = z.infer<typeof faultSchema>;
export type FaultRule = z.input<typeof faultRuleSchema>;

export interface Faults {
  /** Adds rules; the first that matches a request rules it. Throws a ZodError for what is no rule. */
  add(rules: readonly FaultRule[]): void;
  clear(): void;
  /** How often each rule matched and how often it struck. */
  readonly state: { rule: FaultRule; matched: number; struck: number }[];
  readonly middleware: RequestHandler;
}

interface Armed {
  rule: z.infer<typeof faultRuleSchema>;
  path: RegExp | undefined;
  matched: number;
  struck: number;
}

/** What faults need of a server: its database, with a table `session`, and whose a request is. */
interface FaultContext {
  readonly database: Pick<Database, 'run' | 'raw'>;
  sessionOf(request: Request): { id: string } | undefined;
}

/** Marks the second delivery of a request, which meets no fault of its own. */
const againHeader = 'x-sandbox-again';

/** The fault rules of one server, applied by one middleware. */
export function createFaults(context: FaultContext, initial: readonly FaultRule[] = []): Faults {
  let armed: Armed[] = [];
  const again = { [againHeader]: randomUUID() };
  const faults: Faults = {
    add(rules) {
      const parsed = z.array(faultRuleSchema).parse(rules);
      armed.push(
        ...parsed.map((rule) => ({
          rule,
          path: rule.match.path === undefined ? undefined : new RegExp(rule.match.path),
          matched: 0,
          struck: 0,
        })),
      );
    },
    clear() {
      armed = [];
    },
    get state() {
      return armed.map(({ rule, matched, struck }) => ({ rule, matched, struck }));
    },
    middleware(request, response, next) {
      const repeated = request.get(againHeader) === again[againHeader];
      const hit = repeated ? undefined : armed.find((one) => strikes(one, request));
      if (!hit) next();
      else if (hit.rule.fault.kind === 'twice') twice(hit.rule.fault.answer, again, request, response, next);
      else strike(context, hit.rule.fault, request, response, next);
    },
  };
  faults.add(initial);
  return faults;
}

/** Counts a request that matches; true when the rule's turn has come. */
function strikes(one: Armed, request: Request): boolean {
  const { method, contains, nth, times } = one.rule.match;
  if (method !== undefined && method.toUpperCase() !== request.method) return false;
  if (one.path && !one.path.test(request.originalUrl)) return false;
  if (contains !== undefined && !JSON.stringify(request.body ?? null).includes(contains)) return false;
  one.matched += 1;
  if (one.matched < nth || (times !== undefined && one.matched >= nth + times)) return false;
  one.struck += 1;
  return true;
}

/** Has a request handled twice, one after the other. */
function twice(
  answer: 'first' | 'second',
  again: Record<string, string>,
  request: Request,
  response: Response,
  next: NextFunction,
): void {
  redeliver(request, again).then((first) => {
    if (answer === 'second') return next();
    intercept(
      response,
      (_body, end) => {
        for (const name of response.getHeaderNames()) response.removeHeader(name);
        for (const [name, value] of Object.entries(first.headers)) response.setHeader(name, value);
        response.statusCode = first.status;
        end(first.body);
      },
      next,
    );
  }, next);
}

function strike(
  context: FaultContext,
  fault: Exclude<Fault, { kind: 'twice' }>,
  request: Request,
  response: Response,
  next: () => void,
): void {
  const { database } = context;
  switch (fault.kind) {
    case 'status': {
      if (fault.retryAfter !== undefined) response.setHeader('Retry-After', String(fault.retryAfter));
      const detail = fault.detail ?? `The workspace answers ${fault.status} here.`;
      const problem = { type: 'about:blank', title: 'Fault', status: fault.status, detail };
      send(response, fault.status, JSON.stringify(problem), 'application/problem+json');
      return;
    }
    case 'answer':
      send(response, fault.status, fault.body, fault.type);
      return;
    case 'hang':
      return;
    case 'cutBefore':
      request.socket.destroy();
      return;
    case 'session':
    case 'csrf': {
      const session = context.sessionOf(request);
      if (session && fault.kind === 'csrf')
        database.run('UPDATE session SET csrf = ? WHERE id = ?', crypto.randomUUID(), session.id);
      else if (session && fault.kind === 'session' && fault.member !== undefined)
        database.run('UPDATE session SET member = ? WHERE id = ?', fault.member, session.id);
      else if (session) database.run('DELETE FROM session WHERE id = ?', session.id);
      next();
      return;
    }
    case 'item': {
      const { ref, code, message } = fault;
      const first = (request.body as { changes?: { ref?: string }[] } | undefined)?.changes?.[0]?.ref;
      const refusals: Refusals = new Map([[ref ?? first ?? '', { code, message }]]);
      response.locals.refusals = refusals;
      next();
      return;
    }
    case 'slow':
      if (fault.when === 'before') setTimeout(next, fault.milliseconds);
      else intercept(response, (_body, end) => setTimeout(end, fault.milliseconds), next);
      return;
    case 'sql':
      if (fault.when === 'before') {
        database.raw.exec(fault.sql);
        next();
        return;
      }
      intercept(
        response,
        (_body, end) => {
          database.raw.exec(fault.sql);
          end();
        },
        next,
      );
      return;
    default:
      intercept(response, (body, end) => spoil(fault, request, response, body, end), next);
  }
}

type Spoiling = Exclude<
  Fault,
  {
    kind: 'status' | 'answer' | 'hang' | 'cutBefore' | 'session' | 'csrf' | 'slow' | 'twice' | 'item' | 'sql';
  }
>;

/** Sends something else than the handled request's answer. `end` without an argument sends it as it is. */
function spoil(
  fault: Spoiling,
  request: Request,
  response: Response,
  body: string,
  end: (body?: string) => void,
): void {
  switch (fault.kind) {
    case 'cutAfter':
      request.socket.destroy();
      return;
    case 'statusAfter':
      response.statusCode = fault.status;
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
      end(`<html><body><h1>${fault.status}</h1></body></html>`);
      return;
    case 'truncate':
      end(body.slice(0, Math.floor(body.length / 2)));
      return;
    case 'malformed':
      end('<!doctype html><title>Maintenance</title><p>We are back soon.');
      return;
    case 'extraField':
      end(changed(body, (document) => withExtra(document)));
      return;
    default:
      end(
        changed(body, (document) => {
          const path = (fault.field ?? Object.keys(Object(document))[0] ?? '').split('.');
          edit(document, path, (holder, key) => {
            if (fault.kind === 'missingField') Reflect.deleteProperty(holder, key);
            else holder[key] = fault.kind === 'wrongType' ? [[]] : 'something new';
          });
          return document;
        }),
      );
  }
}

/** Collects what the handlers write, and hands it to `finish` in place of sending it. */
function intercept(
  response: Response,
  finish: (body: string, end: (body?: string) => void) => void,
  next: () => void,
): void {
  const chunks: Buffer[] = [];
  const collect = (chunk: unknown) => {
    if (typeof chunk === 'string') chunks.push(Buffer.from(chunk));
    else if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
  };
  const end = response.end.bind(response) as (body?: Buffer) => Response;
  response.write = ((chunk: unknown) => {
    collect(chunk);
    return true;
  }) as typeof response.write;
  response.end = ((chunk: unknown) => {
    collect(chunk);
    const whole = Buffer.concat(chunks);
    finish(whole.toString(), (body) => {
      const bytes = body === undefined ? whole : Buffer.from(body);
      if (!response.headersSent && response.statusCode !== 204)
        response.setHeader('Content-Length', bytes.length);
      end(bytes);
    });
    return response;
  }) as typeof response.end;
  next();
}

/** A JSON text after a change of its document; other texts stay as they are. */
function changed(body: string, change: (document: unknown) => unknown): string {
  let document: unknown;
  try {
    document = JSON.parse(body);
  } catch {
    return body;
  }
  return JSON.stringify(change(document));
}

/** Calls `apply` for each place that the path leads to. */
function edit(
  document: unknown,
  [head = '', ...rest]: string[],
  apply: (holder: Record<string, unknown>, key: string) => void,
): void {
  if (typeof document !== 'object' || document === null) return;
  const holder = document as Record<string, unknown>;
  for (const key of head === '*' ? Object.keys(holder) : [head]) {
    if (rest.length > 0) edit(holder[key], rest, apply);
    else if (key in holder) apply(holder, key);
  }
}

/** The document with one more field, and so each element of its lists. */
function withExtra(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const inner = Object.entries(value).map(([key, one]) => [
    key,
    Array.isArray(one) ? one.map(withExtra) : one,
  ]);
  return { ...Object.fromEntries(inner), somethingNew: { nested: true } };
}
