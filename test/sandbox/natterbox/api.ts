import { randomUUID } from 'node:crypto';
import { collections } from './collections.ts';
import { composite } from './composite.ts';
import { describe, summary } from './describe.ts';
import { ApiError, notFound } from './errors.ts';
import { objectDefinitions } from './metadata.ts';
import { type Org, visibleTo } from './org.ts';
import type { Write } from './records.ts';
import { select } from './select.ts';

/** A call under /services/data, as the HTTP server or a composite request makes it. */
export interface Call {
  method: string;
  /** Path and query. */
  url: string;
  body?: unknown;
}

export interface Answer {
  status: number;
  body?: unknown;
}

/** Who calls, and the transaction of their call. */
export interface Caller {
  org: Org;
  user: string;
  write: Write;
}

export const versions = ['61.0', '62.0', '63.0'].map((version) => ({
  label: `Version ${version}`,
  url: `/services/data/v${version}`,
  version,
}));

/** Answers one call of the REST API. Throws ApiError. */
export function answer(caller: Caller, call: Call): Answer {
  const url = new URL(call.url, 'http://org');
  const [, , , version = '', resource = '', ...rest] = url.pathname.split('/').map(decodeURIComponent);
  if (!/^v\d{2}\.0$/.test(version)) throw notFound();
  const { org, user } = caller;
  const get = (): void => allow(call, 'GET');
  switch (resource) {
    case '':
      get();
      return ok(Object.fromEntries(resources.map((name) => [name, `/services/data/${version}/${name}`])));
    case 'limits':
      get();
      return ok({
        DailyApiRequests: {
          Max: org.settings.calls.allowed,
          Remaining: Math.max(0, org.settings.calls.allowed - org.settings.calls.used),
        },
      });
    case 'query':
    case 'queryAll':
      get();
      return rest[0] ? ok(nextPage(org, rest[0], version)) : ok(firstPage(caller, queryOf(url), version));
    case 'tooling':
      get();
      if (rest[0] !== 'query') throw notFound();
      return ok(installedPackages(caller, queryOf(url)));
    case 'sobjects':
      return sobjects(caller, call, rest, version);
    case 'composite':
      if (rest.length === 0) {
        allow(call, 'POST');
        return ok(composite(caller, call.body, (inner) => answer(caller, inner)));
      }
      if (rest[0] !== 'sobjects') throw notFound();
      allow(call, 'PATCH', 'DELETE');
      return ok(collections(caller, call, url));
    case 'chatter': {
      get();
      if (rest.join('/') !== 'users/me') throw notFound();
      const { Id, Name, Email, Username } = org.records.read(mustSee(org, user, 'User'), user, version);
      return ok({ id: Id, name: Name, displayName: Name, email: Email, username: Username });
    }
    default:
      throw notFound();
  }
}

const resources = ['sobjects', 'query', 'queryAll', 'limits', 'composite', 'tooling', 'chatter'];
const ok = (body: unknown): Answer => ({ status: 200, body });

function allow(call: Call, ...methods: string[]): void {
  if (!methods.includes(call.method))
    throw new ApiError(
      405,
      'METHOD_NOT_ALLOWED',
      `HTTP Method '${call.method}' not allowed. Allowed are ${methods.join(', ')}`,
    );
}

const mustSee = (org: Org, user: string, name: string) => {
  const object = visibleTo(org, user, name);
  if (!object) throw notFound();
  return object;
};

function sobjects(caller: Caller, call: Call, path: string[], version: string): Answer {
  const { org, user, write } = caller;
  const [name, id, more] = path;
  if (name === undefined) {
    allow(call, 'GET');
    const visible = objectDefinitions.flatMap((object) => visibleTo(org, user, object.name) ?? []);
    return ok({
      encoding: 'UTF-8',
      maxBatchSize: 200,
      sobjects: visible.map((object) => summary(object, version)),
    });
  }
  const object = mustSee(org, user, name);
  if (id === undefined) {
    allow(call, 'GET');
    return ok({ objectDescribe: summary(object, version), recentItems: [] });
  }
  if (id === 'describe') {
    allow(call, 'GET');
    return ok(describe(object, version));
  }
  if (more !== undefined) throw notFound();
  allow(call, 'GET', 'PATCH', 'DELETE');
  if (call.method === 'GET') {
    const record = org.records.read(object, id, version);
    const wanted = new URL(call.url, 'http://org').searchParams.get('fields')?.split(',');
    if (!wanted) return ok(record);
    return ok(
      Object.fromEntries(
        Object.entries(record).filter(([field]) => ['attributes', 'Id', ...wanted].includes(field)),
      ),
    );
  }
  if (call.method === 'DELETE') org.records.remove(write, id);
  else org.records.update(write, object, id, bodyOf(call));
  return { status: 204 };
}

function bodyOf(call: Call): Record<string, unknown> {
  if (typeof call.body === 'object' && call.body !== null && !Array.isArray(call.body))
    return call.body as Record<string, unknown>;
  throw new ApiError(
    400,
    'JSON_PARSER_ERROR',
    'The HTTP entity body is required, but this request has no entity body.',
  );
}

function queryOf(url: URL): string {
  const query = url.searchParams.get('q');
  if (!query) throw new ApiError(400, 'MALFORMED_QUERY', 'A query string has to be specified');
  return query;
}

function firstPage({ org, user }: Caller, soql: string, version: string): unknown {
  const { totalSize, records } = select(org.database, (name) => visibleTo(org, user, name), soql, version);
  const size = org.settings.pageSize;
  if (records.length <= size) return { totalSize, done: true, records };
  const locator = `0r8${randomUUID().replaceAll('-', '').slice(0, 15)}`;
  org.locators.set(locator, { records, size });
  return page(org, locator, 0, version);
}

function nextPage(org: Org, name: string, version: string): unknown {
  const [, locator = '', offset = ''] = /^(\w+)-(\d+)$/.exec(name) ?? [];
  if (!org.locators.has(locator)) throw new ApiError(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
  return page(org, locator, Number(offset), version);
}

function page(org: Org, locator: string, offset: number, version: string): unknown {
  const { records, size } = org.locators.get(locator) ?? { records: [], size: 1 };
  const end = offset + size;
  const done = end >= records.length;
  return {
    totalSize: records.length,
    done,
    ...(!done && { nextRecordsUrl: `/services/data/${version}/query/${locator}-${end}` }),
    records: records.slice(offset, end),
  };
}

/** The Tooling API knows one thing here: which version of the package is installed. */
function installedPackages({ org, user }: Caller, soql: string): unknown {
  const { packageVersion } = org.settings;
  if (!org.admins.has(user) || !packageVersion)
    throw new ApiError(403, 'INSUFFICIENT_ACCESS', 'insufficient access rights to the Tooling API');
  if (!/\bFROM\s+InstalledSubscriberPackage\b/i.test(soql))
    throw new ApiError(400, 'INVALID_TYPE', 'sObject type is not supported.');
  const record = {
    attributes: { type: 'InstalledSubscriberPackage' },
    SubscriberPackage: { NamespacePrefix: 'nbavs' },
    SubscriberPackageVersion: { MajorVersion: packageVersion.major, MinorVersion: packageVersion.minor },
  };
  return {
    size: 1,
    totalSize: 1,
    done: true,
    queryLocator: null,
    entityTypeName: 'InstalledSubscriberPackage',
    records: [record],
  };
}
