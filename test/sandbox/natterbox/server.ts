import express from 'express';
import type { Database } from '../database.ts';
import { createFaults, type FaultRule, type Faults } from '../faults.ts';
import { type ListenOptions, listen } from '../listen.ts';
import { openOrgDatabase } from './database.ts';
import { recordId } from './ids.ts';
import { createLocks } from './locks.ts';
import type { Org, OrgSettings } from './org.ts';
import { orgPages } from './pages.ts';
import { createRecords } from './records.ts';
import { restApi } from './rest.ts';
import { salesforceUserId, seedOrg } from './seed.ts';
import { createOrgSession, type HostKind, orgSessionOf } from './sessions.ts';

export interface NatterboxSandboxOptions extends ListenOptions {
  /** Natterbox users; 120 by default. */
  users?: number;
  settings?: Partial<OrgSettings>;
  faults?: readonly FaultRule[];
  /** Now, in milliseconds since 1970. */
  clock?: () => number;
  /** Told of each answer, how many milliseconds it took. */
  answered?: (milliseconds: number) => void;
}

export interface NatterboxSandbox {
  /** Origin on loopback, without a trailing slash; there one host serves everything. */
  url: string;
  port: number;
  org: Org;
  database: Database;
  faults: Faults;
  /** A new session of a Salesforce user, by number (1 and 2 are admins); the value of `sid`. */
  session(user?: number, host?: HostKind | 'any'): string;
  /** How many records a call changed or deleted since the start. */
  writes(): number;
  close(): Promise<void>;
}

/** Starts the demo org on 127.0.0.1 and resolves once it answers. Rejects when the port is taken. */
export async function startNatterboxSandbox(
  options: NatterboxSandboxOptions = {},
): Promise<NatterboxSandbox> {
  const database = openOrgDatabase();
  const now = () => new Date(options.clock?.() ?? Date.now()).toISOString();
  seedOrg(database, now(), options.users);
  const org: Org = {
    id: recordId('00D', 1),
    name: 'Acme Telephony',
    database,
    records: createRecords(database),
    locks: createLocks(),
    settings: {
      hidden: new Set(),
      readOnly: new Set(),
      apiAccess: true,
      calls: { used: 0, allowed: 100_000 },
      pageSize: 2000,
      writeTime: 0,
      packageVersion: { major: 1, minor: 252 },
      ...options.settings,
    },
    admins: new Set([salesforceUserId(1), salesforceUserId(2)]),
    locators: new Map(),
    now,
  };
  const faults = createFaults(
    { database, sessionOf: (request) => orgSessionOf(database, request) },
    options.faults,
  );

  const app = express();
  // Tests that cannot resolve the real host names say them in X-Forwarded-Host.
  app.disable('x-powered-by').disable('etag').set('trust proxy', 'loopback');
  const { answered } = options;
  if (answered)
    app.use((_request, response, next) => {
      const from = performance.now();
      response.once('finish', () => answered(performance.now() - from));
      next();
    });
  app.use(express.json({ limit: '5mb' }), express.urlencoded({ extended: false }));
  app.use(faults.middleware);
  app.use(restApi(org));
  app.use(orgPages(org));

  const { url, port, close } = await listen(app, options);
  return {
    url,
    port,
    org,
    database,
    faults,
    session: (user = 1, host = 'any') => createOrgSession(database, org.id, salesforceUserId(user), host),
    writes: () => database.get<{ n: number }>('SELECT count(*) AS n FROM write_log')?.n ?? 0,
    async close() {
      await close();
      database.close();
    },
  };
}
