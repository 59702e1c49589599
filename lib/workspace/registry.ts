import { systemClock } from './clock.ts';
import { createContractWorkspace } from './contract/connector.ts';
import { checkDiscovery, discover, originsOf } from './contract/discovery.ts';
import { type Clock, createDispatcher } from './dispatcher.ts';
import { WorkspaceError } from './errors.ts';
import type { Fetch } from './http.ts';
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
}

/**
 * Asks a site whether it is a workspace that some connector understands; null when it is not. Throws WorkspaceError
 * `invalid` when it says that it is but its description is malformed, `transient` when it cannot be reached.
 */
export async function discoverWorkspace(
  origin: string,
  fetch: Fetch,
  clock: Clock = systemClock(),
): Promise<DiscoveredWorkspace | null> {
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
export function connect(
  connection: { kind: string; origin: string; settings: unknown },
  dependencies: ConnectDependencies,
): Workspace {
  if (connection.kind !== 'contract')
    throw new WorkspaceError('unsupported', 'Expected a known kind of workspace, got another one.');
  const discovery = checkDiscovery(connection.origin, connection.settings);
  const dispatcher = createDispatcher({ limits: discovery.limits, clock: dependencies.clock });
  return createContractWorkspace({ ...dependencies, discovery, dispatcher });
}

/** Pages of a stored connection for a person: Settings > Users, and one member's (`{member}` stands for the id). */
export function linksOf(connection: { origin: string; settings: unknown }): {
  users: string;
  member: string;
} {
  const { urls } = checkDiscovery(connection.origin, connection.settings);
  return { users: urls.users, member: urls.member };
}
