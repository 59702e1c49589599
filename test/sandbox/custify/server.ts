import express from 'express';
import type { SandboxContext } from '../context.ts';
import { controlApi } from '../control.ts';
import type { Database } from '../database.ts';
import { createEventHub } from '../events.ts';
import { createFaults, type FaultRule, type Faults } from '../faults.ts';
import { createHoldings, type Holdings } from '../holdings.ts';
import type { Limit, Limiter } from '../limits.ts';
import { type ListenOptions, listen } from '../listen.ts';
import { createSession, sessionOf, storeActive } from '../sessions.ts';
import { publicApi } from './api.ts';
import { createKeyLimiter } from './limit.ts';
import { appPages } from './pages.ts';
import { keys, openSeeded } from './seed.ts';
import { type Variants, variantsSchema } from './variants.ts';
import type { Account } from './wire.ts';

export interface CustifySandboxOptions extends ListenOptions {
  variants?: Partial<Variants>;
  /** With fewer tasks of others than the demo has. */
  small?: boolean;
  /** No limit by default. */
  limit?: Partial<Limit>;
  faults?: readonly FaultRule[];
  /** Binds /__sandbox; only for tests. */
  control?: boolean;
  /** Now, in milliseconds since 1970. */
  clock?: () => number;
}

export interface CustifySandbox {
  /** Origin on loopback, without a trailing slash; there one host serves pages and API. */
  url: string;
  port: number;
  database: Database;
  holdings: Holdings;
  faults: Faults;
  limiter: Limiter;
  /** May be changed while it runs. */
  variants: Variants;
  /** A key that may write. */
  key: string;
  /** The Cookie header of a session in the web pages. */
  session(member: string): string;
  /** How many changes of owners and attributes took effect since the start. */
  writes(): number;
  close(): Promise<void>;
}

/**
 * Starts the demo account on 127.0.0.1 and resolves once it answers. On hosts whose name begins with `api` there is
 * the API alone, on those that begin with `app` the pages; on loopback both. Rejects when the port is taken.
 *
 * Under /__sandbox, beside the calls of control.ts, `POST variants` changes how it answers.
 */
export async function startCustifySandbox(options: CustifySandboxOptions = {}): Promise<CustifySandbox> {
  const database = openSeeded(options.small ?? false);
  const now = () => new Date(options.clock?.() ?? Date.now()).toISOString();
  const holdings = createHoldings(database);
  const variants = variantsSchema.parse(options.variants ?? {});
  const account: Account = { database, holdings, variants, stale: new Map(), now };
  const limiter = createKeyLimiter({ rate: 0, burst: 1, latency: 0, ...options.limit }, variants);
  const faults = createFaults(
    {
      database,
      sessionOf(request) {
        const secret = request.headers.authorization?.slice('Bearer '.length);
        return secret === undefined ? sessionOf(database, request) : { id: secret };
      },
    },
    options.faults,
  );

  const app = express();
  app.disable('x-powered-by').disable('etag').set('trust proxy', 'loopback');
  if (options.control) {
    const context: SandboxContext = {
      database,
      now,
      emit: () => {},
      sessionOf: (request) => sessionOf(database, request),
      setActive: (member, active) => storeActive(database, member, active),
      setOwner(actor, category, ref, to) {
        const ownership = holdings.find(category);
        return ownership !== undefined && holdings.assign(ownership, ref, to, { member: actor, at: now() });
      },
    };
    const events = createEventHub();
    app.post('/__sandbox/variants', express.json(), (request, response) => {
      Object.assign(variants, variantsSchema.parse({ ...variants, ...request.body }));
      response.json(variants);
    });
    app.use('/__sandbox', controlApi({ context, events, holdings, limiter, faults }));
  }
  app.use(express.json({ limit: '2mb' }), express.urlencoded({ extended: false }));
  app.use(faults.middleware);
  const api = publicApi(account, limiter.middleware);
  const pages = appPages(account);
  const isPage = (path: string): boolean => /^\/($|customers|settings|sandbox)/.test(path);
  app.use((request, response, next) => {
    const { hostname } = request;
    const wantsPage = hostname.startsWith('app.') || (!hostname.startsWith('api.') && isPage(request.path));
    (wantsPage ? pages : api)(request, response, next);
  });

  const { url, port, close } = await listen(app, options);
  return {
    url,
    port,
    database,
    holdings,
    faults,
    limiter,
    variants,
    key: keys.write,
    session: (member) => `session=${createSession(database, member, now()).id}`,
    writes: () => database.get<{ n: number }>('SELECT count(*) AS n FROM write_log')?.n ?? 0,
    async close() {
      await close();
      database.close();
    },
  };
}
