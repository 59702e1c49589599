import { z } from 'zod';
import type { Clock } from '../dispatcher.ts';
import { createDispatcher } from '../dispatcher.ts';
import { WorkspaceError } from '../errors.ts';
import { describeMismatch } from '../expected.ts';
import { createHttpClient, type Fetch } from '../http.ts';
import { discoverySchema } from './wire.ts';

export type Discovery = z.infer<typeof discoverySchema>;

/**
 * The discovery document of a site (GET /.well-known/offboarding), or null when the site is no workspace: no such
 * page, or something else in its place. Throws `invalid` when the document is malformed or names addresses outside the
 * site that it does not list, `transient` when the site cannot be reached.
 */
export async function discover(origin: string, fetch: Fetch, clock: Clock): Promise<Discovery | null> {
  let json = false;
  const http = createHttpClient({
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      json = /\bjson\b/i.test(response.headers.get('content-type') ?? '');
      return response;
    },
    dispatcher: createDispatcher({ limits: { concurrency: 1 }, clock }),
    clock,
  });
  let document: unknown;
  try {
    const url = new URL('/.well-known/offboarding', origin).href;
    document = await http.send({ method: 'GET', url, write: false, schema: z.unknown() });
  } catch (error) {
    if (error instanceof WorkspaceError && isNoWorkspace(error, json)) return null;
    throw error;
  }
  return checkDiscovery(origin, document);
}

/** A discovery document that fits its schema and stays within the origins that it lists; throws `invalid` else. */
export function checkDiscovery(origin: string, document: unknown): Discovery {
  const parsed = discoverySchema.safeParse(document);
  if (!parsed.success) throw new WorkspaceError('invalid', describeMismatch(parsed.error, document));
  const { urls } = parsed.data;
  const allowed = new Set(originsOf(origin, parsed.data));
  for (const [name, url] of Object.entries(urls)) {
    const found = originOf(url.replace('{member}', 'member'));
    if (!found || !allowed.has(found))
      throw new WorkspaceError(
        'invalid',
        `Expected an address of ${[...allowed].join(' or ')} at "urls.${name}", got one of ${found ?? 'no site'}.`,
      );
  }
  return parsed.data;
}

/** The site's own origin and those that its document lists. */
export const originsOf = (origin: string, discovery: Discovery): string[] => [
  ...new Set([origin, ...(discovery.origins ?? [])].flatMap((url) => originOf(url) ?? [])),
];

function originOf(url: string): string | undefined {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  return parsed && /^https?:$/.test(parsed.protocol) ? parsed.origin : undefined;
}

/** Refused, redirected, or something else than JSON: the ordinary answers of a site that knows nothing of this. */
const isNoWorkspace = (error: WorkspaceError, json: boolean): boolean =>
  error.kind === 'invalid'
    ? !json || (error.status !== undefined && error.status >= 400)
    : error.kind !== 'transient' && error.kind !== 'throttled';
