import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { type Express } from 'express';
import { createAppApi } from './app-api.ts';
import type { SandboxContext } from './context.ts';
import { apiPath, contractApi, discovery, scimPath } from './contract-api.ts';
import { controlApi } from './control.ts';
import { type Database, isEmpty, openDatabase } from './database.ts';
import { createEventHub, type EventHub } from './events.ts';
import { createFaults, type FaultRule, type Faults } from './faults.ts';
import { createHoldings, type Holdings } from './holdings.ts';
import { createLimiter, type Limit, type Limiter } from './limits.ts';
import { listen } from './listen.ts';
import { Problem, problems, sendProblem } from './problem.ts';
import { createRuns } from './runs.ts';
import { scimApi } from './scim.ts';
import { type Size, seed } from './seed.ts';
import {
  createSession,
  requireAdmin,
  requireSession,
  sessionOf,
  signIn,
  signOut,
  storeActive,
} from './sessions.ts';

export interface SandboxOptions {
  /** 0, the default: any free port. */
  port?: number;
  /** What an empty database is filled with; `demo` by default. */
  size?: Size;
  /** A file; in memory by default. */
  database?: string;
  /** 50 requests a second, bursts of 100, no latency by default. */
  limit?: Partial<Limit>;
  /** Milliseconds of a run's lease; 3 minutes by default. */
  lease?: number;
  /** Milliseconds that the discovery document calls `settle`. */
  settle?: number;
  /** Milliseconds between heartbeats of the event stream. */
  heartbeat?: number;
  faults?: readonly FaultRule[];
  /** Binds /__sandbox; only for tests. */
  control?: boolean;
  /** The built web application. */
  web?: string;
  /** Milliseconds since 1970; for tests of leases. */
  clock?: () => number;
}

export interface Sandbox {
  /** Origin, without a trailing slash. */
  url: string;
  port: number;
  database: Database;
  context: SandboxContext;
  holdings: Holdings;
  events: EventHub;
  faults: Faults;
  limiter: Limiter;
  /** A session of this member: the Cookie header and the CSRF token. Throws when there is no such member. */
  session(member: string): { cookie: string; csrf: string };
  /** Ends every connection and closes the database. */
  close(): Promise<void>;
}

const built = fileURLToPath(new URL('../../.output/sandbox-web', import.meta.url));

/** Starts the demo workspace on 127.0.0.1 and resolves once it answers. Rejects when the port is taken. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const database = openDatabase(options.database);
  if (isEmpty(database)) seed(database, options.size);
  const clock = options.clock ?? Date.now;
  const events = createEventHub(options.heartbeat);
  const holdings = createHoldings(database);
  const limiter = createLimiter({ rate: 50, burst: 100, latency: 0, ...options.limit });
  const context = createContext(database, events, holdings, clock);
  const faults = createFaults(context, options.faults);
  const app = createApp({ context, events, holdings, limiter, faults, options });

  const { url, port, close } = await listen(app, { port: options.port });
  return {
    url,
    port,
    database,
    context,
    holdings,
    events,
    faults,
    limiter,
    session(member) {
      const { id, csrf } = createSession(database, member, context.now());
      return { cookie: `session=${id}`, csrf };
    },
    async close() {
      events.close();
      await close();
      database.close();
    },
  };
}

function createContext(
  database: Database,
  events: EventHub,
  holdings: Holdings,
  clock: () => number,
): SandboxContext {
  const now = () => new Date(clock()).toISOString();
  return {
    database,
    now,
    emit: events.emit,
    sessionOf: (request) => sessionOf(database, request),
    setActive(member, active) {
      const known = storeActive(database, member, active);
      if (known) events.emit({ type: 'member', member });
      return known;
    },
    setOwner(actor, category, ref, to) {
      const ownership = holdings.find(category);
      if (!ownership) return false;
      const done = database.transaction(() =>
        holdings.assign(ownership, ref, to, { member: actor, at: now() }),
      );
      if (done) events.emit({ type: 'owner', category });
      return done;
    },
  };
}

interface Parts {
  context: SandboxContext;
  events: EventHub;
  holdings: Holdings;
  limiter: Limiter;
  faults: Faults;
  options: SandboxOptions;
}

/** The calls by path: what tests steer with, the contract, the product's own API, and its pages. */
function createApp({ context, events, holdings, limiter, faults, options }: Parts): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag');
  if (options.control) app.use('/__sandbox', controlApi({ context, events, holdings, limiter, faults }));
  app.use(express.json({ type: ['application/json', 'application/scim+json'], limit: '2mb' }));
  app.use(faults.middleware);

  app.get('/.well-known/offboarding', discovery(options.settle ?? 2_000));
  const session = requireSession(context);
  const runs = createRuns(context, options.lease ?? 180_000);
  app.get(`${apiPath}/events`, session, events.middleware);
  app.use(apiPath, session, limiter.middleware, contractApi(context, holdings, runs));
  const scim = scimApi(context, runs);
  app.use(scimPath, session, requireAdmin, limiter.middleware, scim.guard, scim.router);

  app.post('/app/sign-in', signIn(context));
  app.post('/app/sign-out', signOut(context));
  app.use('/app', createAppApi(context));
  app.use('/app', (request, response) => {
    sendProblem(
      response,
      new Problem(404, 'no-such-call', 'No such call', `There is no ${request.originalUrl}.`),
    );
  });

  const web = options.web ?? built;
  const index = join(web, 'index.html');
  app.use(express.static(web, { index: false }));
  app.get('/{*path}', (_request, response, next) => {
    // The single-page application finds its page by the path itself.
    if (existsSync(index)) response.sendFile('index.html', { root: web });
    else next();
  });
  app.use((request, response) => {
    sendProblem(response, new Problem(404, 'not-found', 'Not found', `There is no ${request.path}.`));
  });
  app.use(problems);
  return app;
}
