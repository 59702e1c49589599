import { z } from 'zod';
import { WorkspaceError } from '../errors.ts';
import type { HttpClient, HttpRequest } from '../http.ts';
import type { PageIdentity } from '../page-profile.ts';
import { words } from './words.ts';

/**
 * A session at the org's API host: the value of its `sid` cookie, or an access token. Reading the cookie needs the
 * permission `cookies` and the host permission of `instanceUrl`.
 */
export interface SalesforceSession {
  /** Origin of the API host. */
  instanceUrl: string;
  sid: string;
}

/** The cookie of an org's API host that opens its API. */
export const sessionCookie = 'sid';
export const sessionUnread = words.cookieUnread;

/** Asked whenever a session is needed anew; rejects or says null when nobody is signed in. */
export type SessionSource = () => Promise<SalesforceSession | null>;

export interface Person {
  id: string;
  org: string;
  name: string | undefined;
  email: string | undefined;
}

export type OrgRequest<T> = Omit<HttpRequest<T>, 'url' | 'headers'> & {
  /** From the host on. */
  path: string;
};

/** The session of one person at one org; what is sent in it is theirs, or it is not sent. */
export interface OrgSession {
  /**
   * Who the session belongs to, with a session asked for anew. `page`: what a page says of its own session; throws
   * `auth` (`otherPage`) when that is another one.
   */
  person(signal?: AbortSignal, page?: PageIdentity): Promise<Person>;
  /** Throws WorkspaceError; `auth` when the session is over or somebody else's by now. */
  send<T>(request: OrgRequest<T>): Promise<T>;
}

const userInfoSchema = z.looseObject({
  user_id: z.string().min(15),
  organization_id: z.string().min(15),
  name: z.string().optional(),
  email: z.string().optional(),
});

/** Ids have a short and a long form; the first 15 characters say it all. */
const sameId = (a: string, b: string): boolean => a.slice(0, 15) === b.slice(0, 15);

/** A session is taken to the origin `api` alone; `org`, where it is known, is the one that it has to belong to. */
export function createOrgSession(
  http: HttpClient,
  source: SessionSource,
  { api, org }: { api: string; org?: string },
): OrgSession {
  let session: SalesforceSession | undefined;
  let known: Person | undefined;
  let renewing: Promise<SalesforceSession> | undefined;

  async function ask(): Promise<SalesforceSession> {
    const found = await source();
    if (!found || found.sid === '') throw new WorkspaceError('auth', words.noSession);
    if (!URL.canParse(found.instanceUrl) || new URL(found.instanceUrl).origin !== api)
      throw new WorkspaceError('auth', words.otherOrg);
    // The text before the `!` of a browser session is its org.
    const own = /^(00D[A-Za-z0-9]{12})[A-Za-z0-9]*!/.exec(found.sid)?.[1];
    if (org !== undefined && own !== undefined && !sameId(own, org))
      throw new WorkspaceError('auth', words.otherOrg);
    return found;
  }

  /** The person behind a session; throws when that is not whom the page belongs to. */
  async function identify(
    candidate: SalesforceSession,
    signal?: AbortSignal,
    page?: PageIdentity,
  ): Promise<Person> {
    const info = await exchange(candidate, {
      method: 'GET',
      path: '/services/oauth2/userinfo',
      write: false,
      schema: userInfoSchema,
      signal,
    });
    if (org !== undefined && !sameId(info.organization_id, org))
      throw new WorkspaceError('auth', words.otherOrg);
    if (
      (page?.workspace !== undefined && !sameId(page.workspace, info.organization_id)) ||
      (page?.user !== undefined && !sameId(page.user, info.user_id))
    )
      throw new WorkspaceError('auth', words.otherThanPage, { otherPage: true });
    return { id: info.user_id, org: info.organization_id, name: info.name, email: info.email };
  }

  /** Several calls that find the session over share one question. */
  const renew = (): Promise<SalesforceSession> => {
    renewing ??= ask().finally(() => {
      renewing = undefined;
    });
    return renewing;
  };

  const exchange = <T>({ sid }: SalesforceSession, { path, ...request }: OrgRequest<T>): Promise<T> =>
    http.send({ ...request, url: `${api}${path}`, headers: { authorization: `Bearer ${sid}` } });

  async function person(signal?: AbortSignal, page?: PageIdentity): Promise<Person> {
    const candidate = await renew();
    const found = await identify(candidate, signal, page);
    session = candidate;
    known = found;
    return found;
  }

  async function send<T>(request: OrgRequest<T>): Promise<T> {
    // Nothing is written for somebody of whom nothing is known.
    if (request.write && !known) await person(request.signal);
    const current = session ?? (await renew());
    session = current;
    try {
      return await exchange(current, request);
    } catch (error) {
      if (!(error instanceof WorkspaceError) || error.kind !== 'auth' || error.applied !== 'no') throw error;
      const fresh = await renew();
      if (fresh.sid === current.sid) throw error;
      const now = await identify(fresh, request.signal);
      if (known && !(sameId(now.id, known.id) && sameId(now.org, known.org)))
        throw new WorkspaceError('auth', words.otherPerson, { cause: error });
      session = fresh;
      return exchange(fresh, request);
    }
  }

  return { person, send };
}
