import { systemClock } from './clock.ts';
import { createContractWorkspace } from './contract/connector.ts';
import { checkDiscovery, discover, originsOf } from './contract/discovery.ts';
import { type Clock, createDispatcher } from './dispatcher.ts';
import { WorkspaceError } from './errors.ts';
import type { Fetch } from './http.ts';
import { createNatterboxWorkspace, limits as natterboxLimits } from './natterbox/connector.ts';
import { checkSettings, discoverOrg, orgLinks } from './natterbox/discovery.ts';
import { originsOfOrg } from './natterbox/hosts.ts';
import type { SalesforceSession } from './natterbox/session.ts';
import type { Workspace } from './port.ts';

/** The one place that names the kinds of connectors. */

export interface DiscoveredWorkspace {
  kind: string;
  /** What the connector needs to start again without asking. */
  settings: unknown;
  workspace: { id: string; name: string };
  /** Every origin whose permission it needs. */
  origins: string[];
}

export interface ConnectDependencies {
  fetch: Fetch;
  clock: Clock;
  /** Needed by workspaces whose API does not take the browser's own cookies. */
  session?: SessionOf;
}

/**
 * The admin's session at an API host, given its origin: a cookie's value or a token; null when there is none. Reading
 * the cookie needs the permission `cookies` and the host permission of that origin.
 */
export type SessionOf = (origin: string) => Promise<HostSession | null>;
export type HostSession = SalesforceSession;

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
  natterbox(connection, dependencies) {
    const settings = checkSettings(connection.settings);
    const dispatcher = createDispatcher({ limits: natterboxLimits, clock: dependencies.clock });
    const session = async () => (await dependencies.session?.(settings.origins.api)) ?? null;
    return createNatterboxWorkspace({ ...dependencies, settings, dispatcher, session });
  },
};

/**
 * Asks a site whether it is a workspace that some connector understands; null when it is not. Throws WorkspaceError
 * `invalid` when it says that it is but its description is malformed, `transient` when it cannot be reached, `auth`
 * when it takes a `session` to say and there is none.
 */
export async function discoverWorkspace(
  origin: string,
  fetch: Fetch,
  clock: Clock = systemClock(),
  session: SessionOf = async () => null,
): Promise<DiscoveredWorkspace | null> {
  const org = originsOfOrg(origin);
  if (org) {
    const settings = await discoverOrg(origin, fetch, clock, () => session(org.api));
    return (
      settings && {
        kind: 'natterbox',
        settings,
        workspace: settings.workspace,
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
      origins: originsOf(origin, discovery),
    }
  );
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

/** Pages of a stored connection for a person: Settings > Users, and one member's (`{member}` stands for the id). */
export function linksOf(connection: { kind?: string; origin: string; settings: unknown }): {
  users: string;
  member: string;
} {
  if (connection.kind === 'natterbox') return orgLinks(checkSettings(connection.settings));
  const { urls } = checkDiscovery(connection.origin, connection.settings);
  return { users: urls.users, member: urls.member };
}
