import type { LiveMessage, WindowTarget } from '../messages/live.ts';
import type { News } from '../messages/live-client.ts';
import type { CommandName, PanelTarget, Reply, Request } from '../messages/protocol.ts';
import type { StoreReader } from '../store/store.ts';
import type { Text } from '../text/text.ts';
import type { OwnControl } from '../workspace/own-controls.ts';
import type { Access, PageIdentity } from '../workspace/port.ts';
import type { Projections } from './table/projection.ts';

/** What a follower of one run hears. Every method is called from a task of its own, never from `subscribe`. */
export interface LiveListener {
  /** A snapshot first, then patches. */
  message(message: LiveMessage): void;
  /** The connection stands (again): a snapshot follows. */
  up(): void;
  /** The connection is gone; it is being made again by itself. */
  down(): void;
}

interface LiveConnection {
  /** Follows one run until the returned function is called. Calling it again for the same run asks for a snapshot. */
  subscribe(run: string, listener: LiveListener): () => void;
  /** Looks at one batch until the returned function is called: everybody's row first, then those that change. */
  follow(batch: string, listener: LiveListener): () => void;
  /** Hears what the workspaces tell by themselves, and `down` when the background is gone; returns how to stop. */
  onNews(listener: (news: News | 'down') => void): () => void;
  /**
   * Hears what this window's panel shall be about, with the mark of that request; the same may be told again after the
   * connection was lost. Returns how to stop.
   */
  onTarget(listener: (asked: WindowTarget) => void): () => void;
}

/** The page's one voice for those who listen: it spaces polite messages out by itself. */
interface Voice {
  polite(text: string): void;
  alert(text: string): void;
}

/** Everything that the view models reach the world with. Wired in entrypoints/sidepanel/wire.ts, faked in tests. */
export interface PanelDependencies {
  /** Asks the background; a refusal is an answer. Resolves with `unreachable` when the background does not answer. */
  send<C extends CommandName>(command: C, request: Request<C>): Promise<Reply<C>>;
  /** The answer to the page's own `panel.hello`, where that was asked before the rest of the page was there. */
  hello?: Promise<Reply<'panel.hello'> | undefined> | undefined;
  live: LiveConnection;
  /** Read-only: rows never travel by message. */
  store: StoreReader;
  voice: Voice;
  /** The store's items as tables need them, read and searched away from the page. */
  tables: Projections;
  text: Text;
  /** BCP 47 tag for numbers, dates and collation. */
  locale: string;
  now(): Date;
  /**
   * Calls back once what is to be shown by now has been painted: for what the first sight of a page can do without.
   * What began it may be over by then.
   */
  painted(callback: () => void): void;
  /** Calls back after so many milliseconds; returns how to cancel. */
  after(milliseconds: number, callback: () => void): () => void;
  /** Calls back whenever the admin comes back to this page; returns how to stop. */
  onReturn(callback: () => void): () => void;
  /** The browser window that this page belongs to. */
  window: number;
  /** Beside a page, or in a tab of its own. */
  surface: 'panel' | 'tab';
  /** What the page's address names (`?run=ID`, `?connection=ID&member=ID`, `?bulk&connection=ID`, `?batch=ID`), in a tab. */
  address:
    | PanelTarget
    | { kind: 'connections' }
    | { kind: 'bulk'; connection: string; page?: PageIdentity }
    | { kind: 'batch'; batch: string }
    | { kind: 'review'; run: string; connection: string; member: string }
    | undefined;
  /** Origin of the page in this window's active tab, where the browser tells. */
  siteOrigin(): Promise<string | undefined>;
  /**
   * Tells the address of this window's active tab, now and whenever it changes; undefined where the browser keeps it to
   * itself. Returns how to stop.
   */
  onActivePage(callback: (address: string | undefined) => void): () => void;
  /** Asks the browser's own permission question, once for all; must be called straight from a click, else it rejects. */
  requestAccess(access: Access): Promise<boolean>;
  /**
   * Lets the admin point at a control in the page of a site that they looked at last, or frames there what these
   * controls find; `undefined` where no tab shows that site, null where they left it.
   */
  inPage(
    origin: string,
    task: { mode: 'point' | 'show'; text: string; controls: OwnControl[] },
  ): Promise<unknown>;
  /** Opens an address of the workspace in another tab. */
  openTab(url: string): void;
  /** Opens the wizard of a run in a tab. */
  openWizardTab(run: string): void;
  /** Opens the choice of several members of a connection in a tab. */
  openBulkTab(connection: string): void;
  /** Offers a text as a file to keep; JSON unless told. */
  save(name: string, text: string, type?: string): void;
  /** Puts plain text on the clipboard; rejects where the browser refuses. */
  copy(text: string): Promise<void>;
}
