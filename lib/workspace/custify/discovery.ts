import { z } from 'zod';
import type { Clock } from '../dispatcher.ts';
import { createDispatcher } from '../dispatcher.ts';
import { WorkspaceError } from '../errors.ts';
import { describeMismatch } from '../expected.ts';
import { createHttpClient, type Fetch } from '../http.ts';
import type { KeyFindings, KeyInput } from '../keyed.ts';
import { type Client, createClient, errorOf, type Parameters } from './client.ts';
import { isApiOrigin, keyedCustify } from './hosts.ts';
import { words } from './words.ts';

const settingsSchema = z.strictObject({
  /** Origin of the API. */
  api: z.string().refine(isApiOrigin, { message: 'an address of Custify’s API' }),
  /** Origin of the pages. */
  app: z.url(),
  workspace: z.strictObject({ id: z.string().min(1), name: z.string().min(1) }),
  /** Who acts, as the admin said when connecting; the API cannot say it. */
  actor: z.strictObject({ name: z.string(), email: z.string() }).optional(),
});
/** What this connector keeps of a workspace; never its key. */
export type CustifySettings = z.infer<typeof settingsSchema>;

/** Stored settings; throws `invalid` when they no longer fit. */
export function checkSettings(settings: unknown): CustifySettings {
  const parsed = settingsSchema.safeParse(settings);
  if (parsed.success) return parsed.data;
  throw new WorkspaceError('invalid', describeMismatch(parsed.error, settings));
}

const anything = z.union([z.looseObject({}), z.array(z.unknown())]);
const companiesSchema = z.looseObject({ companies: z.array(z.unknown()) });

/** Harmless reads, the first of which every workspace has to answer; each asks for as little as can be asked. */
const reads: readonly {
  id: string;
  name: string;
  path: string;
  parameters?: Parameters;
  schema: z.ZodType<unknown>;
}[] = [
  {
    ...{ id: 'companies', name: 'customers', path: '/company/all', schema: companiesSchema },
    parameters: { page: 1, itemsPerPage: 1 },
  },
  { id: 'attributes', name: 'customer attributes', path: '/company/attributes', schema: anything },
  {
    ...{ id: 'tasks', name: 'tasks', path: '/task', schema: anything },
    parameters: { page: 1, itemsPerPage: 1 },
  },
  {
    ...{ id: 'people', name: 'people of customers', path: '/people/all', schema: anything },
    parameters: { page: 1, itemsPerPage: 1 },
  },
  {
    ...{ id: 'playbooks', name: 'playbooks', path: '/playbook', schema: anything },
    parameters: { type: 'companies', page: 1, itemsPerPage: 1 },
  },
  {
    ...{ id: 'lifecycles', name: 'lifecycles', path: '/lifecycle', schema: anything },
    parameters: { page: 1, itemsPerPage: 1 },
  },
  {
    ...{ id: 'objectives', name: 'objectives', path: '/objective', schema: anything },
    parameters: { page: 1, itemsPerPage: 1 },
  },
];

/** The workspace behind a key, and what reading with it has shown. */
export interface DiscoveredByKey {
  settings: CustifySettings;
  findings: KeyFindings;
}

/**
 * Tries a key by harmless reads. Throws WorkspaceError: `invalid` for an origin that is no API of Custify, `auth`
 * for a key that is not known, `forbidden` for one that may not even read customers, `transient` when the region
 * does not answer, `throttled` when it asks to wait.
 */
export async function discoverCustify(input: KeyInput, fetch: Fetch, clock: Clock): Promise<DiscoveredByKey> {
  if (!isApiOrigin(input.api)) throw new WorkspaceError('invalid', words.badOrigin);
  const key = input.key.trim();
  if (!/^[\x21-\x7e]+$/.test(key)) throw new WorkspaceError('auth', words.badKey);
  const dispatcher = createDispatcher({ limits: { concurrency: 4 }, clock });
  const http = createHttpClient({ fetch, dispatcher, clock, errorOf, credentials: 'omit' });
  const client = createClient(http, { api: input.api, key, clock });
  const found = await tryReads(client, input.api);
  const unread = found.filter(({ answer }) => answer !== 'yes').map(({ name }) => name);
  const warnings = [
    ...(unread.length > 0 ? [words.cannotRead(unread)] : []),
    ...(input.actor ? [] : [words.noActor]),
  ];
  return {
    settings: {
      api: input.api,
      app: input.origin,
      // Nothing that a key can read names the account, so the API's host has to do.
      workspace: { id: new URL(input.api).host, name: input.name?.trim() || keyedCustify.name },
      ...(input.actor && { actor: input.actor }),
    },
    findings: {
      owner: { known: false, detail: words.ownerUnknown },
      reads: found,
      writes: { known: false, detail: words.writesUnknown },
      warnings,
    },
  };
}

async function tryReads(client: Client, api: string): Promise<KeyFindings['reads']> {
  const [first, ...others] = reads;
  const answers: KeyFindings['reads'] = [];
  for (const { id, name, path, schema, parameters } of first ? [first] : []) {
    try {
      await client.get(path, schema, parameters);
      answers.push({ id, name, answer: 'yes' });
    } catch (error) {
      throw explained(error, api);
    }
  }
  const rest = others.map(async ({ id, name, path, schema, parameters }) => {
    try {
      await client.get(path, schema, parameters);
      return { id, name, answer: 'yes' } as const;
    } catch (error) {
      if (!(error instanceof WorkspaceError)) throw error;
      if (error.kind === 'auth' || error.kind === 'throttled') throw error;
      const answer = error.kind === 'forbidden' ? 'forbidden' : 'failed';
      return { id, name, answer, detail: error.message } as const;
    }
  });
  return [...answers, ...(await Promise.all(rest))];
}

/** What the very first call came to, with what to do about the address. */
function explained(error: unknown, api: string): unknown {
  if (!(error instanceof WorkspaceError)) return error;
  const { kind, status, retryAfter } = error;
  if (kind === 'transient') return new WorkspaceError(kind, words.noRegion(api), { status, cause: error });
  if (kind === 'invalid' || kind === 'gone' || kind === 'unsupported')
    return new WorkspaceError('invalid', words.noApi(api), { status, retryAfter, cause: error });
  // Where a request is sent elsewhere there is a web page, and no API.
  if (kind === 'auth' && status !== 401 && status !== undefined)
    return new WorkspaceError('invalid', words.noApi(api), { status, cause: error });
  return error;
}
