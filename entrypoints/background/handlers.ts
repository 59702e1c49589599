import type { PageScript } from '../../lib/browser/content-scripts.ts';
import { leavers } from '../../lib/engine/drafts.ts';
import type { Engine } from '../../lib/engine/engine.ts';
import { refusalOf } from '../../lib/engine/identity.ts';
import type { WindowTarget } from '../../lib/messages/live.ts';
import type { PanelTarget } from '../../lib/messages/protocol.ts';
import { Refused } from '../../lib/messages/refused.ts';
import type { Handlers } from '../../lib/messages/server.ts';
import type { Edit } from '../../lib/offboarding/edit.ts';
import type { Run, Viewer } from '../../lib/offboarding/model.ts';
import type { Store } from '../../lib/store/store.ts';
import type { Reading } from '../../lib/text/text.ts';
import { WorkspaceError } from '../../lib/workspace/errors.ts';
import type { Access } from '../../lib/workspace/port.ts';
import { createAdminHandlers } from './admin-handlers.ts';
import { createBatchHandlers } from './batch-handlers.ts';
import { createConnectHandlers } from './connect-handlers.ts';
import type { Connections } from './connections.ts';
import { createControlHandlers } from './control-handlers.ts';
import { createKeyHandlers } from './key-handlers.ts';
import { createOverlayHandlers } from './overlay-handlers.ts';
import { createWho } from './who.ts';

/** What the handlers reach the browser with. */
export interface Browser {
  /** Must be called before anything is awaited. */
  openPanel(tab: number, query: () => Promise<string>): Promise<'panel' | 'tab'>;
  /** Opens the wizard in a tab of its own; the query says what it is about. */
  openTab(query: string): Promise<void>;
  /** What of this the browser has not allowed (yet). */
  missing(access: Access): Promise<Access>;
  /** Puts the overlay where the connections want it, also into tabs that are open. */
  showOverlay(): Promise<void>;
  /** Puts into a page, beside the overlay, what its profile takes besides; `frame` 0 is the tab's own page. */
  addScripts(names: readonly PageScript[], tab: number, frame: number): Promise<void>;
  /** Remembers what the panel of a window is about, and tells the panel if it is open. */
  setTarget(window: number, target: PanelTarget): Promise<void>;
  target(window: number): Promise<WindowTarget | undefined>;
  /** Listens to what a workspace tells by itself; true while it does. */
  listen(connection: string): boolean;
  /** Stops listening, gives this access back, and takes the overlay off the sites. */
  forget(connection: string, access: Access): Promise<void>;
}

/** The workspace has so long to say who edits, milliseconds. */
const editorLimit = 3_000;

/** What each command does: the engine's methods and the connections, and nothing that thinks for itself. */
export function createHandlers(
  engine: Engine,
  store: Store,
  connections: Connections,
  browser: Browser,
  reading: Reading,
): Handlers {
  const rev = async (changed: Promise<Run>): Promise<{ rev: number }> => ({ rev: (await changed).rev });
  const who = createWho(connections);
  /** Faults of the workspace as refusals. */
  const asking = async <T>(ask: () => Promise<T>): Promise<T> => {
    try {
      return await ask();
    } catch (error) {
      throw refusalOf(error);
    }
  };

  /** Who edits. An edit that names nobody is kept while the workspace cannot say: it writes nothing there. */
  const editorOf = async (run: string, { kind }: Edit): Promise<Viewer | undefined> => {
    const stored = await store.run(run);
    if (!stored) throw new Refused('stale', 'This run is not in this browser any more.');
    const viewer = await inTime(connections.viewer(stored.connection)).catch((error: unknown) => {
      const unreachable = error instanceof WorkspaceError && ['transient', 'throttled'].includes(error.kind);
      if (unreachable && kind !== 'acknowledge') return undefined;
      throw refusalOf(error);
    });
    if (viewer?.admin === 'no')
      throw new Refused('notAdmin', `${viewer.name ?? 'The signed-in person'} is no admin.`);
    return viewer;
  };

  /** A draft is not to wait long for a slow workspace. */
  const inTime = async <T>(asked: Promise<T>): Promise<T> => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(
        () => reject(new WorkspaceError('transient', 'The workspace did not say in time who is signed in.')),
        editorLimit,
      );
    });
    return Promise.race([asked, late]).finally(() => clearTimeout(timer));
  };

  const overlay = createOverlayHandlers(engine, store, connections, who, browser, reading);
  return {
    ...overlay,
    'overlay.member': (request, origin) => {
      // While somebody looks at a member's page, what happens elsewhere is shown there too.
      who.connected(origin).then(
        ({ id }) => browser.listen(id),
        () => undefined,
      );
      return overlay['overlay.member'](request, origin);
    },
    'offboard.open': async ({ member: said, page }, origin) => {
      if (origin.tab === undefined || origin.window === undefined)
        throw new Refused('internal', 'The page that asked is in no tab.');
      const asked = asking(async () => {
        const found = await who.about(origin, said);
        connections.setOpenedFrom(found.connection.id, found.member, page);
        return found;
      });
      const opening = browser.openPanel(origin.tab, async () => {
        const found = await asked;
        return `?${new URLSearchParams({ connection: found.connection.id, member: found.member })}`;
      });
      const [found, opened] = await Promise.allSettled([asked, opening]);
      const inPanel = opened.status === 'fulfilled' && opened.value === 'panel';
      if (found.status === 'rejected') {
        // The panel is there by now: what it was about before shall not be taken for this member.
        if (inPanel) await browser.setTarget(origin.window, { kind: 'home' });
        throw found.reason;
      }
      if (opened.status === 'rejected') throw opened.reason;
      const { connection, member } = found.value;
      const target: PanelTarget = { kind: 'member', connection: connection.id, member };
      if (inPanel) await browser.setTarget(origin.window, target);
      return { opened: opened.value };
    },

    'panel.hello': async ({ window, run }) => {
      const ofWindow = async () => (window === undefined ? undefined : await browser.target(window));
      const asked: { target: PanelTarget; mark?: string } =
        run !== undefined
          ? { target: { kind: 'run', run } }
          : ((await ofWindow()) ?? { target: { kind: 'home' } });
      const { target } = asked;
      if (target.kind !== 'run') return asked;
      // Where the store cannot be read there is nothing to be kept from anybody; the panel says so itself.
      const stored = await store.run(target.run).catch(() => undefined);
      if (!stored) return { ...asked, admin: 'unknown' };
      const admin = await connections.adminOf(stored.connection);
      return admin === 'no' ? { ...asked, admin } : { ...asked, admin, run: stored };
    },
    ...createConnectHandlers(connections, browser),
    ...createKeyHandlers(connections, browser),
    ...createControlHandlers(connections, who, browser),
    'connection.list': async () => ({ connections: await connections.list() }),
    'member.search': async ({ connection, text: words, cursor }) =>
      asking(async () => {
        const workspace = await connections.workspace(connection);
        if ((await connections.recentViewer(connection)).admin === 'no')
          throw new Refused('notAdmin', 'Only admins may look for members here.');
        const [page, leaving] = await Promise.all([
          workspace.members({ text: words, limit: 50, ...(cursor === undefined ? {} : { cursor }) }),
          leavers(store, workspace, connection),
        ]);
        const members = page.items.map((member) => {
          const by = leaving.get(member.id);
          return by ? { ...member, leaving: by } : member;
        });
        return { members, ...(page.cursor === undefined ? {} : { cursor: page.cursor }) };
      }),
    'draft.open': async ({ connection, member }) => {
      const { run, resumed } = await engine.openDraft(
        connection,
        member,
        connections.openedFrom(connection, member),
      );
      return { run: run.id, resumed };
    },
    'draft.edit': async ({ run, edit }) => rev(engine.edit(run, edit, await editorOf(run, edit))),
    'draft.scan': ({ run }) => rev(engine.scan(run)),
    'draft.recount': ({ run }) => rev(engine.recount(run)),
    'draft.discard': ({ run }) => rev(engine.discard(run)),
    'run.check': async ({ run }) => ({ problems: await engine.check(run) }),
    'run.start': ({ run, rev: seen }) => rev(engine.start(run, seen)),
    'run.pause': ({ run }) => rev(engine.pause(run)),
    'run.continue': ({ run }) => rev(engine.continue(run)),
    'run.stop': ({ run }) => rev(engine.stop(run)),
    'run.said': ({ run }) => rev(engine.said(run)),
    'run.retry': ({ run, replacements }) => rev(engine.retry(run, replacements)),
    ...createBatchHandlers(engine.batches, store, connections, browser.openTab),
    ...createAdminHandlers(engine, store, connections, browser),
  };
}
