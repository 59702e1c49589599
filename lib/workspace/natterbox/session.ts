import { z } from 'zod';
import { WorkspaceError } from '../errors.ts';
import type { HttpClient, HttpRequest } from '../http.ts';
import type { PageIdentity } from '../page-profile.ts';
import { isSameId } from './ids.ts';
import { words } from './words.ts';

/**
 * A session at the org's API host: the value of its `sid` cookie, or an access token. Reading the cookie needs the
 * permission `cookies` and the host permission of `instanceUrl`.
 */
export interface SalesforceSession {
  /** Origin of the API host. */
  instanceUrl: string;
  sid: string;
  /** It was typed in, so it is not the browser's to renew. */
  token?: true;
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
  /** Id of the only person in whose session this may be written; absent: whoever wrote first in its flow. */
  by?: string | undefined;
};

/** The session of one person at one org; what is sent in it is theirs, or it is not sent. */
export interface OrgSession {
  /**
   * Who the session belongs to, with a session asked for anew. `page`: what a page says of its own session; throws
   * `auth` (`otherPage`) when that is another one.
   */
  person(signal?: AbortSignal, page?: PageIdentity): Promise<Person>;
  /**
   * Throws WorkspaceError; `auth` when the session is over or somebody else's by now, or when what is to be written
   * is somebody else's to write: nothing is sent then.
   */
  send<T>(request: OrgRequest<T>): Promise<T>;
}

const userInfoSchema = z.looseObject({
  user_id: z.string().min(15),
  organization_id: z.string().min(15),
  name: z.string().optional(),
  email: z.string().optional(),
});

/** Every org has this version of the API, whatever its newest. */
const chatterMe = '/services/data/v62.0/chatter/users/me';
const chatterSchema = z.looseObject({
  id: z.string().min(15),
  name: z.string().optional(),
  email: z.string().optional(),
});

const samePerson = (a: Person, b: Person): boolean => isSameId(a.id, b.id) && isSameId(a.org, b.org);

/** Who acts, and by what session. */
interface Acting {
  session: SalesforceSession;
  /** Absent as long as nobody asked. */
  person: Person | undefined;
}

/** A session is taken to the origin `api` alone; `org`, where it is known, is the one that it has to belong to. */
export function createOrgSession(
  http: HttpClient,
  source: SessionSource,
  { api, org }: { api: string; org?: string },
): OrgSession {
  let acting: Acting | undefined;
  let renewing: Promise<SalesforceSession> | undefined;
  /** Id of the person of each flow: whoever its first write was sent for. Its writes are nobody else's from then on. */
  const flows = new Map<string, string>();

  async function ask(): Promise<SalesforceSession> {
    const found = await source();
    if (!found || found.sid === '') throw new WorkspaceError('auth', words.noSession);
    if (!URL.canParse(found.instanceUrl) || new URL(found.instanceUrl).origin !== api)
      throw new WorkspaceError('auth', words.otherOrg);
    const own = orgOf(found);
    if (org !== undefined && own !== undefined && !isSameId(own, org))
      throw new WorkspaceError('auth', words.otherOrg);
    return found;
  }

  /** The person behind a session; throws when that is not whom the page belongs to. */
  async function identify(
    candidate: SalesforceSession,
    signal?: AbortSignal,
    page?: PageIdentity,
  ): Promise<Person> {
    const found = await whoIs((request) => exchange(candidate, request), orgOf(candidate), signal);
    if (org !== undefined && !isSameId(found.org, org)) throw new WorkspaceError('auth', words.otherOrg);
    if (
      (page?.workspace !== undefined && !isSameId(page.workspace, found.org)) ||
      (page?.user !== undefined && !isSameId(page.user, found.id))
    ) {
      const text = candidate.token ? words.tokenOtherThanPage : words.otherThanPage;
      throw new WorkspaceError('auth', text, { otherPage: true });
    }
    return found;
  }

  /** Several calls that find the session over share one question. */
  const renew = (): Promise<SalesforceSession> => {
    renewing ??= ask().finally(() => {
      renewing = undefined;
    });
    return renewing;
  };

  async function exchange<T>(
    { sid, token }: SalesforceSession,
    { path, by: _by, ...request }: OrgRequest<T>,
  ): Promise<T> {
    try {
      const url = `${api}${path}`;
      return await http.send({ ...request, url, headers: { authorization: `Bearer ${sid}` } });
    } catch (error) {
      // Nobody can sign in to a token.
      if (!token || !(error instanceof WorkspaceError) || error.kind !== 'auth') throw error;
      const { applied, status } = error;
      throw new WorkspaceError('auth', words.tokenOver, { applied, status, typed: true, cause: error });
    }
  }

  async function person(signal?: AbortSignal, page?: PageIdentity): Promise<Person> {
    const session = await renew();
    const found = await identify(session, signal, page);
    acting = { session, person: found };
    return found;
  }

  /** Throws when a write is not this person's. */
  function claim({ by, flow }: Pick<OrgRequest<unknown>, 'by' | 'flow'>, { id }: Person): void {
    const owner = by ?? (flow === undefined ? undefined : flows.get(flow));
    if (owner !== undefined && !isSameId(owner, id)) throw new WorkspaceError('auth', words.otherPerson);
    if (flow !== undefined) flows.set(flow, owner ?? id);
  }

  async function send<T>(request: OrgRequest<T>): Promise<T> {
    // Nothing is written for somebody of whom nothing is known.
    if (request.write && !acting?.person) await person(request.signal);
    const mine = acting ?? { session: await renew(), person: undefined };
    acting ??= mine;
    if (request.write && mine.person) claim(request, mine.person);
    try {
      return await exchange(mine.session, request);
    } catch (error) {
      if (!(error instanceof WorkspaceError) || error.kind !== 'auth' || error.applied !== 'no') throw error;
      const session = await renew();
      if (session.sid === mine.session.sid) throw error;
      const now = await identify(session, request.signal);
      if (mine.person && !samePerson(now, mine.person))
        throw new WorkspaceError('auth', words.otherPerson, { cause: error });
      if (request.write) claim(request, now);
      acting = { session, person: now };
      return exchange(session, request);
    }
  }

  return { person, send };
}

/** The text before the `!` of a session is its org. */
const orgOf = ({ sid }: SalesforceSession): string | undefined =>
  /^(00D[A-Za-z0-9]{12})[A-Za-z0-9]*!/.exec(sid)?.[1];

/**
 * Who a session belongs to. Salesforce vouches for its identity service with tokens of OAuth alone; where it refuses
 * any other session, Chatter says who that is, and the session itself of which org. Throws WorkspaceError.
 */
async function whoIs(
  ask: <T>(request: OrgRequest<T>) => Promise<T>,
  org: string | undefined,
  signal?: AbortSignal,
): Promise<Person> {
  const read = { method: 'GET', write: false, signal } as const;
  try {
    const info = await ask({ ...read, path: '/services/oauth2/userinfo', schema: userInfoSchema });
    return { id: info.user_id, org: info.organization_id, name: info.name, email: info.email };
  } catch (error) {
    const refused = error instanceof WorkspaceError && ['forbidden', 'gone'].includes(error.kind);
    if (!refused || org === undefined) throw error;
    try {
      const { id, name, email } = await ask({ ...read, path: chatterMe, schema: chatterSchema });
      return { id, org, name, email };
    } catch (other) {
      // An org without Chatter has no more to say; a session that is over, or may not use the API, has.
      const silent =
        other instanceof WorkspaceError && other.kind !== 'auth' && other.message !== words.apiRefused;
      throw silent ? error : other;
    }
  }
}
