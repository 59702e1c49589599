import { patternOf } from '../../lib/browser/permissions.ts';
import type { RemovedSites } from '../../lib/browser/removed-sites.ts';
import type { ConnectionView, SiteNeeds } from '../../lib/messages/protocol.ts';
import { Refused } from '../../lib/messages/refused.ts';
import type { Origin } from '../../lib/messages/server.ts';
import { bypassJournal } from '../../lib/offboarding/bypass.ts';
import type { Viewer } from '../../lib/offboarding/model.ts';
import type { Connection, Store } from '../../lib/store/store.ts';
import type { Access, PageIdentity, Workspace } from '../../lib/workspace/port.ts';
import type {
  ConnectDependencies,
  ConnectorMemory,
  DiscoveredWorkspace,
  KeyInput,
} from '../../lib/workspace/registry.ts';
import {
  connect,
  discoverByKey,
  discoverWorkspace,
  keyFactsOf,
  linksOf,
  needsOf,
  sitesOf,
  withoutFindings,
} from '../../lib/workspace/registry.ts';

/** A site that is no workspace is asked again after so long, milliseconds. */
const forgetAfter = 5 * 60_000;
/** Who acts is asked anew after so long where only something is shown; every command asks by itself. */
const viewerLifetime = 15_000;
/** A list of connections waits no longer than so many milliseconds for a workspace to say who is signed in. */
const listPatience = 3_000;

/** The connected workspaces: found by origin, kept in the store, each with one connector and its dispatcher. */
export function createConnections(
  store: Store,
  dependencies: ConnectDependencies,
  removed: RemovedSites = inMemory(),
) {
  const workspaces = new Map<string, Promise<Workspace>>();
  const noWorkspace = new Map<string, number>();
  const openedFrom = new Map<string, { member: string; page: PageIdentity }>();
  const viewers = new Map<string, { at: number; viewer: Promise<Viewer> }>();
  const asking = new Map<string, Promise<Viewer>>();

  const byId = async (id: string): Promise<Connection> => {
    const connection = await store.connection(id);
    if (!connection) throw new Refused('notConnected', 'This workspace is not connected in this browser.');
    return connection;
  };

  const memoryOf = (id: string): ConnectorMemory => ({
    get: async (name) => (await store.connection(id))?.memory?.[name],
    set: (name, value) => store.remember(id, name, value),
  });

  const workspace = (id: string): Promise<Workspace> => {
    const known = workspaces.get(id);
    if (known !== undefined) return known;
    const made = byId(id).then((connection) => {
      const { secret } = connection;
      const own = { memory: memoryOf(id), ...(secret !== undefined && { secret }) };
      return connect(connection, { ...dependencies, ...own });
    });
    workspaces.set(id, made);
    made.catch(() => workspaces.delete(id));
    return made;
  };

  /** The connection to which a page of this origin belongs. */
  const byOrigin = async (origin: string): Promise<Connection | undefined> =>
    (await store.connections()).find((connection) => pagesOf(connection).origins.includes(origin));

  /** Finds out what a site is; null when it is no workspace. Throws WorkspaceError. */
  const look = async (origin: string, secret?: string): Promise<DiscoveredWorkspace | null> => {
    const { fetch, clock, session } = dependencies;
    const typed = secret ?? (await byOrigin(origin))?.secret;
    const found = await discoverWorkspace(origin, fetch, clock, session, typed);
    if (!found) noWorkspace.set(origin, Date.now());
    return found;
  };

  /** Remembers what was found. A secret that was typed in before stays unless there is another one. */
  const keep = async (found: DiscoveredWorkspace, typed?: string): Promise<Connection> => {
    const { kind, settings, workspace: about, origin, origins } = found;
    const existing = (await store.connections()).find((each) => each.origin === origin);
    // Its runs belong to that workspace, and nothing of it is the other one's.
    if (existing && existing.kind !== kind) throw new Refused('otherKind', existing.workspace.name);
    const secret = typed ?? existing?.secret;
    const connection: Connection = {
      id: existing?.id ?? crypto.randomUUID(),
      kind,
      origin,
      origins,
      workspace: about,
      settings,
      ...(secret !== undefined && { secret }),
      ...(existing?.memory &&
        existing.workspace.id === about.id && {
          // What was found out about writes was found out with the other key.
          memory: secret === existing.secret ? existing.memory : withoutFindings(existing.memory),
        }),
      createdAt: existing?.createdAt ?? new Date().toISOString(),
    };
    await store.putConnection(connection);
    await removed.forget(origins);
    workspaces.delete(connection.id);
    viewers.delete(connection.id);
    return connection;
  };

  /** Who acts on a connection, asked now; those who ask at once share one answer. Throws WorkspaceError. */
  const viewer = (id: string): Promise<Viewer> => {
    const underWay = asking.get(id);
    if (underWay !== undefined) return underWay;
    const asked = workspace(id).then((connected) => connected.identify());
    asking.set(id, asked);
    viewers.set(id, { at: Date.now(), viewer: asked });
    asked.then(
      () => asking.delete(id),
      () => asking.delete(id) && viewers.delete(id),
    );
    return asked;
  };

  /** The same, at most some seconds old, for what is only shown. */
  const recentViewer = (id: string): Promise<Viewer> => {
    const known = viewers.get(id);
    return known !== undefined && Date.now() - known.at < viewerLifetime ? known.viewer : viewer(id);
  };

  /** Whether who is signed in is an admin, as far as the workspace says so in time. */
  const adminOf = async (id: string): Promise<Viewer['admin']> => {
    const answered = new AbortController();
    const late = dependencies.clock.sleep(listPatience, answered.signal).then(
      () => undefined,
      () => undefined,
    );
    const said = await Promise.race([recentViewer(id).catch(() => undefined), late]);
    answered.abort();
    return said?.admin ?? 'unknown';
  };

  return {
    workspace,
    memoryOf,
    /** The connection that an overlay may speak for; undefined for a frame that stands in anybody else's page. */
    async ofPage({ origin, frame }: Pick<Origin, 'origin' | 'frame'>): Promise<Connection | undefined> {
      const connection = await byOrigin(origin);
      if (!connection || !frame) return connection;
      const { frames, origins } = pagesOf(connection);
      return frames && origins.includes(new URL(frame.top).origin) ? connection : undefined;
    },
    needs: (origin: string): SiteNeeds => needsOf(origin),
    look,
    keep,
    /** What a key opens, by harmless reads; nothing is stored. Throws WorkspaceError. */
    tryKey: (kind: string, input: KeyInput) =>
      discoverByKey(kind, input, dependencies.fetch, dependencies.clock),
    /** Who acts at a workspace that is not connected yet; nothing is stored. Throws WorkspaceError. */
    async viewerAt(found: DiscoveredWorkspace): Promise<Viewer> {
      const known = (await store.connections()).find((each) => each.origin === found.origin);
      return known ? recentViewer(known.id) : connect(found, dependencies).identify();
    },
    /** Remembers what the page from which the wizard was opened says of who is signed in. */
    setOpenedFrom(id: string, member: string, page: PageIdentity | undefined): void {
      if (page) openedFrom.set(id, { member, page });
      else openedFrom.delete(id);
    },
    /** What that page said, where it was about this member; what another way leads to belongs to no page. */
    openedFrom(id: string, member: string): PageIdentity | undefined {
      const last = openedFrom.get(id);
      return last?.member === member ? last.page : undefined;
    },
    /** Origins of connected workspaces where the overlay has no business, and those with pages in frames. */
    async overlaySites(): Promise<{ called: string[]; frames: string[] }> {
      const all = await store.connections();
      const pages = all.map(pagesOf);
      const shown = new Set(pages.flatMap(({ origins }) => origins));
      return {
        called: all.flatMap(({ origins }) => origins).filter((origin) => !shown.has(origin)),
        frames: pages.flatMap(({ origins, frames }) => (frames ? origins : [])),
      };
    },
    /** The connection of a site whose access was granted, by whatever way; found out at the first page that says hello. */
    async ofGrantedSite(origin: string): Promise<Connection | null> {
      const known = await byOrigin(origin);
      if (known) return known;
      // Access that the browser could not take back is no wish to connect it again.
      if (await removed.has(origin)) return null;
      if (Date.now() - (noWorkspace.get(origin) ?? Number.NEGATIVE_INFINITY) < forgetAfter) return null;
      const found = await look(origin);
      return found && keep(found);
    },
    async list(): Promise<ConnectionView[]> {
      return Promise.all((await store.connections()).map(view));
    },
    view,
    /** Who acts on a connection, asked now. Throws WorkspaceError. */
    async test(id: string): Promise<{ viewer: Viewer; took: number }> {
      const from = performance.now();
      const viewer = await (await workspace(id)).identify();
      viewers.delete(id);
      return { viewer, took: Math.round(performance.now() - from) };
    },
    /** Takes it out of the store with all its runs; resolves with the access that no other connection needs. */
    async remove(id: string): Promise<Access> {
      const { origin, origins, workspace: about } = await byId(id);
      const isShared = (await store.connections()).some(
        (each) => each.id !== id && each.workspace.id === about.id,
      );
      await store.removeConnection(id, isShared ? [] : [bypassJournal(about.id)]);
      await removed.add(origins);
      workspaces.delete(id);
      viewers.delete(id);
      const others = await store.connections();
      const needed = new Set(others.flatMap((each) => each.origins).map(patternOf));
      const used = new Set(others.flatMap((each) => needsOf(each.origin).permissions));
      return {
        origins: origins.filter((each) => !needed.has(patternOf(each))),
        permissions: needsOf(origin).permissions.filter((each) => !used.has(each)),
      };
    },
    viewer,
    recentViewer,
    adminOf,
  };

  async function view(connection: Connection): Promise<ConnectionView> {
    const { id, origin, kind, workspace: about } = connection;
    const row = { id, origin, kind, workspace: about };
    try {
      const links = linksOf(connection);
      const key = keyFactsOf(connection);
      const { runs, bulk } = await workspace(id);
      return {
        ...row,
        usersLink: links.users,
        memberLink: links.member,
        localOnly: runs === undefined,
        admin: await adminOf(id),
        ...(bulk && { bulk: bulk.words }),
        ...(key && { keyed: { ...key, hint: connection.secret?.slice(-4) ?? '' } }),
      };
    } catch (error) {
      // One that no longer fits hides none of the others.
      const broken = error instanceof Error ? error.message : String(error);
      return {
        ...row,
        usersLink: origin,
        memberLink: origin,
        localOnly: false,
        admin: 'unknown',
        broken,
      };
    }
  }
}

/** Removals that are known for as long as this process lasts. */
function inMemory(): RemovedSites {
  let sites: string[] = [];
  return {
    has: async (origin) => sites.includes(origin),
    add: async (origins) => {
      sites = [...sites, ...origins];
    },
    forget: async (origins) => {
      sites = sites.filter((each) => !origins.includes(each));
    },
  };
}

/** The sites of a connection's pages; of one that no longer fits, the one that it is known by. */
function pagesOf(connection: Connection): { origins: string[]; frames: boolean } {
  try {
    return sitesOf(connection);
  } catch {
    return { origins: [connection.origin], frames: false };
  }
}

export type Connections = ReturnType<typeof createConnections>;
