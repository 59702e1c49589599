import { systemClock } from './clock.ts';
import { createContractWorkspace } from './contract/connector.ts';
import { checkDiscovery, discover, originsOf } from './contract/discovery.ts';
import { createCustifyWorkspace, limits as custifyLimits } from './custify/connector.ts';
import { checkSettings as checkCustify, discoverCustify } from './custify/discovery.ts';
import { keyedCustify, linksOfApp } from './custify/hosts.ts';
import { type Clock, createDispatcher } from './dispatcher.ts';
import { WorkspaceError } from './errors.ts';
import type { Fetch } from './http.ts';
import type { KeyedKind, KeyFindings, KeyInput } from './keyed.ts';
import { type ConnectorMemory, createMemory } from './memory.ts';
import { createNatterboxWorkspace, limits as natterboxLimits } from './natterbox/connector.ts';
import { checkSettings, discoverOrg, orgLinks } from './natterbox/discovery.ts';
import { originsOfOrg } from './natterbox/hosts.ts';
import type { SalesforceSession } from './natterbox/session.ts';
import { sessionCookie, sessionUnread } from './natterbox/session.ts';
import type { Access, SecretUse, Workspace } from './port.ts';

/** The one place that names the kinds of connectors. */

export type { KeyedKind, KeyFindings, KeyInput } from './keyed.ts';
export { type ConnectorMemory, withoutFindings } from './memory.ts';

export interface DiscoveredWorkspace {
  kind: string;
  /** What the connector needs to start again without asking. */
  settings: unknown;
  workspace: { id: string; name: string };
  /** The origin that the connection is known by, whichever of the workspace's sites it was found at. */
  origin: string;
  /** Every origin whose permission it needs. */
  origins: string[];
}

export interface ConnectDependencies {
  fetch: Fetch;
  clock: Clock;
  /** Needed by workspaces whose API does not take the browser's own cookies. */
  session?: SessionOf;
  /** What a person typed in for this connection: a token, an API key. */
  secret?: string;
  /** What a connector has learned about this connection; without it, it is forgotten with the process. */
  memory?: ConnectorMemory;
}

/**
 * The admin's session at an API host, given its origin: a cookie's value or a token; null when there is none. Reading
 * the cookie needs the permission `cookies` and the host permission of that origin.
 */
export type SessionOf = (origin: string) => Promise<HostSession | null>;
export type HostSession = SalesforceSession;

/**
 * Sessions by the browser's own cookies: `readCookie` answers a cookie's value at an origin, null when there is none,
 * and undefined where the browser does not let us look.
 */
export function cookieSessions(
  readCookie: (origin: string, name: string) => Promise<string | null | undefined>,
): SessionOf {
  return async (origin) => {
    const sid = await readCookie(origin, sessionCookie);
    if (sid === undefined) throw new WorkspaceError('forbidden', sessionUnread(origin));
    return sid === null ? null : { instanceUrl: origin, sid };
  };
}

interface Connection {
  kind: string;
  origin: string;
  settings: unknown;
}

const connectors: Record<
  string,
  ((connection: Connection, dependencies: ConnectDependencies) => Workspace) | undefined
> = {
  contract(connection, dependencies) {
    const discovery = checkDiscovery(connection.origin, connection.settings);
    const dispatcher = createDispatcher({ limits: discovery.limits, clock: dependencies.clock });
    return createContractWorkspace({ ...dependencies, discovery, dispatcher });
  },
  custify(connection, dependencies) {
    const settings = checkCustify(connection.settings);
    const dispatcher = createDispatcher({ limits: custifyLimits, clock: dependencies.clock });
    const secret = dependencies.secret ?? null;
    const memory = dependencies.memory ?? createMemory();
    return createCustifyWorkspace({ ...dependencies, settings, dispatcher, secret, memory });
  },
  natterbox(connection, dependencies) {
    const settings = checkSettings(connection.settings);
    const dispatcher = createDispatcher({ limits: natterboxLimits, clock: dependencies.clock });
    const session = () => sessionAt(settings.origins.api, dependencies);
    return createNatterboxWorkspace({ ...dependencies, settings, dispatcher, session });
  },
};

/** A session of a host: the token that was typed in, else what the browser has. */
async function sessionAt(
  origin: string,
  { secret, session }: Pick<ConnectDependencies, 'secret' | 'session'>,
): Promise<HostSession | null> {
  return secret === undefined
    ? ((await session?.(origin)) ?? null)
    : { instanceUrl: origin, sid: secret, token: true };
}

/** What it takes to reach the workspace at a site, as far as the site's name alone tells; its answer may add sites. */
export function needsOf(origin: string): Access & { secret: SecretUse } {
  const org = originsOfOrg(origin);
  if (org) return { origins: Object.values(org), permissions: ['cookies'], secret: 'instead' };
  return { origins: [origin], permissions: [], secret: 'none' };
}

/**
 * Asks a site whether it is a workspace that some connector understands; null when it is not. Throws WorkspaceError
 * `invalid` when it says that it is but its description is malformed, `transient` when it cannot be reached, `auth`
 * when it takes a `session` (or a `secret`) to say and there is none.
 */
export async function discoverWorkspace(
  origin: string,
  fetch: Fetch,
  clock: Clock = systemClock(),
  session: SessionOf = async () => null,
  secret?: string,
): Promise<DiscoveredWorkspace | null> {
  const org = originsOfOrg(origin);
  if (org) {
    const settings = await discoverOrg(origin, fetch, clock, () =>
      sessionAt(org.api, { session, ...(secret !== undefined && { secret }) }),
    );
    return (
      settings && {
        kind: 'natterbox',
        settings,
        workspace: settings.workspace,
        origin: settings.origins.lightning,
        origins: Object.values(settings.origins),
      }
    );
  }
  const discovery = await discover(origin, fetch, clock);
  return (
    discovery && {
      kind: 'contract',
      settings: discovery,
      workspace: discovery.workspace,
      origin,
      origins: originsOf(origin, discovery),
    }
  );
}

/** The kinds of workspaces that are connected by a key which an admin types in. */
export const keyedKinds: readonly KeyedKind[] = [keyedCustify];

/**
 * Tries a key by harmless reads, and says what a connection with it would be. The key itself is in nothing that is
 * returned. Throws WorkspaceError: `unsupported` for a kind that takes no key, `invalid` for an address that is no
 * such API, `auth` for a key that is not known, `forbidden` for one that may read nothing, `transient` when the
 * address does not answer, `throttled` when it asks to wait.
 */
export async function discoverByKey(
  kind: string,
  input: KeyInput,
  fetch: Fetch,
  clock: Clock = systemClock(),
): Promise<DiscoveredWorkspace & { findings: KeyFindings }> {
  if (kind !== keyedCustify.kind)
    throw new WorkspaceError(
      'unsupported',
      'Expected a kind of workspace that takes a key, got another one.',
    );
  const { settings, findings } = await discoverCustify(input, fetch, clock);
  const origins = [...new Set([settings.app, settings.api])];
  return { kind, settings, workspace: settings.workspace, origin: settings.app, origins, findings };
}

/**
 * The connector of a stored connection. It has a dispatcher of its own, so keep one for each connection. Throws
 * WorkspaceError `unsupported` for an unknown kind, `invalid` when the stored settings no longer fit.
 */
export function connect(connection: Connection, dependencies: ConnectDependencies): Workspace {
  const connector = Object.hasOwn(connectors, connection.kind) ? connectors[connection.kind] : undefined;
  if (!connector)
    throw new WorkspaceError('unsupported', 'Expected a known kind of workspace, got another one.');
  return connector(connection, dependencies);
}

/**
 * The origins of a stored connection's pages, where the overlay belongs, and whether it goes into their frames; the
 * others are called, never looked at. Throws WorkspaceError `invalid` when the stored settings no longer fit.
 */
export function sitesOf(connection: { kind?: string; origin: string; settings: unknown }): {
  origins: string[];
  frames: boolean;
} {
  if (connection.kind !== 'natterbox') return { origins: [connection.origin], frames: false };
  const { lightning, visualforce } = checkSettings(connection.settings).origins;
  return { origins: [lightning, visualforce], frames: true };
}

/** What a form may show of a connection that is opened by a key; undefined for any other. Throws as `connect` does. */
export function keyFactsOf(connection: {
  kind: string;
  settings: unknown;
}): { api: string; actor?: { name: string; email: string } } | undefined {
  if (connection.kind !== keyedCustify.kind) return undefined;
  const { api, actor } = checkCustify(connection.settings);
  return { api, ...(actor && { actor }) };
}

/** Pages of a stored connection for a person: Settings > Users, and one member's (`{member}` stands for the id). */
export function linksOf(connection: { kind?: string; origin: string; settings: unknown }): {
  users: string;
  member: string;
} {
  if (connection.kind === 'custify') return linksOfApp(checkCustify(connection.settings).app);
  if (connection.kind === 'natterbox') return orgLinks(checkSettings(connection.settings));
  const { urls } = checkDiscovery(connection.origin, connection.settings);
  return { users: urls.users, member: urls.member };
}
