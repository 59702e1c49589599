import { createDispatcher } from '../../../lib/workspace/dispatcher.ts';
import type { Fetch } from '../../../lib/workspace/http.ts';
import { createNatterboxWorkspace } from '../../../lib/workspace/natterbox/connector.ts';
import type { NatterboxSettings } from '../../../lib/workspace/natterbox/discovery.ts';
import type { Workspace } from '../../../lib/workspace/port.ts';
import { discoverWorkspace } from '../../../lib/workspace/registry.ts';
import { orgFetch, orgOrigin } from '../../contract/natterbox.fixture.ts';
import { type NatterboxSandboxOptions, startNatterboxSandbox } from '../../sandbox/natterbox/server.ts';
import { hurry } from './harness.ts';

/** A request of the REST API as a test knows it: the query of a GET is decoded. */
export interface Asked {
  method: string;
  /** Path, and after a `?` the decoded query. */
  path: string;
  body: string;
}

/** The demo org behind a fetch that keeps every answer, before and after a write, and spoils one where it is told. */
export interface RecordedOrg {
  settings: NatterboxSettings;
  /** A workspace that has read nothing yet. */
  fresh(): Workspace;
  /** Answers of this kind are this text from now on; undefined: as they came. Nothing counts as written any more. */
  spoil(kind: ((asked: Asked) => boolean) | undefined, text?: string, later?: boolean): void;
  /** The first answer of this kind that was kept, as JSON. `later`: after a write. Throws where there is none. */
  kept(kind: (asked: Asked) => boolean, later?: boolean): unknown;
  /** The queries of the first composite request of this kind, in their order. */
  queries(kind: (asked: Asked) => boolean): string[];
  close(): Promise<void>;
}

const askedBy = (input: string, init: RequestInit): Asked => {
  const { pathname, search } = new URL(input);
  return {
    method: init.method ?? 'GET',
    path: pathname + decodeURIComponent(search),
    body: typeof init.body === 'string' ? init.body : '',
  };
};

const isWrite = ({ method }: Asked): boolean => method === 'PATCH' || method === 'DELETE';

/** Starts two demo orgs of its own: one is only read, and all writes go to the other, so that a call can be made anew. */
export async function recordOrg(options: NatterboxSandboxOptions = {}): Promise<RecordedOrg> {
  const [untouched, written] = await Promise.all([
    startNatterboxSandbox(options),
    startNatterboxSandbox(options),
  ]);
  const sid = untouched.session(1, 'api');
  const session = async () => ({ instanceUrl: orgOrigin, sid });
  const plain = orgFetch(untouched);
  const authorization = `Bearer ${written.session(1, 'api')}`;
  const other: Fetch = (input, init) => {
    const headers = new Headers(init.headers);
    headers.set('authorization', authorization);
    return orgFetch(written)(input, { ...init, headers });
  };
  const found = await discoverWorkspace(orgOrigin, plain, hurry, session);
  if (!found) throw new Error('The sandbox is no org.');
  const settings = found.settings as NatterboxSettings;

  interface Kept {
    asked: Asked;
    status: number;
    text: string;
  }
  const known = { before: new Map<string, Kept>(), after: new Map<string, Kept>() };
  let wrote = false;
  let spoiling: { kind: (asked: Asked) => boolean; text: string; later: boolean } | undefined;
  const headers = { 'content-type': 'application/json' };

  const remembering: Fetch = async (input, init) => {
    const asked = askedBy(input, init);
    const phase = wrote ? known.after : known.before;
    if (isWrite(asked)) wrote = true;
    if (spoiling?.kind(asked) && spoiling.later === (phase === known.after))
      return new Response(spoiling.text, { status: 200, headers });
    const key = JSON.stringify(asked);
    let kept = phase.get(key);
    if (!kept) {
      const response = await (wrote ? other : plain)(input, init);
      kept = { asked, status: response.status, text: await response.text() };
      phase.set(key, kept);
    }
    return new Response(kept.text, { status: kept.status, headers });
  };

  const first = (kind: (asked: Asked) => boolean, later: boolean): Kept => {
    const all = [...(later ? known.after : known.before).values()];
    const one = all.find(({ asked }) => kind(asked));
    if (!one) throw new Error('No such answer was kept.');
    return one;
  };

  return {
    settings,
    fresh: () =>
      createNatterboxWorkspace({
        ...{ settings, fetch: remembering, clock: hurry, session, random: () => 0 },
        dispatcher: createDispatcher({ limits: { concurrency: 5 }, clock: hurry }),
      }),
    spoil(kind, text = '', later = false) {
      wrote = false;
      spoiling = kind && { kind, text, later };
    },
    kept: (kind, later = false) => JSON.parse(first(kind, later).text),
    queries(kind) {
      const { compositeRequest } = JSON.parse(first(kind, false).asked.body) as {
        compositeRequest: { url: string }[];
      };
      return compositeRequest.map(({ url }) => decodeURIComponent(url));
    },
    async close() {
      await Promise.all([untouched.close(), written.close()]);
    },
  };
}
