import { isLiveMessage, type LiveMessage, type WindowTarget } from './live.ts';
import type { LiveRequest } from './live-requests.ts';

/** The panel's end of the connection, as the browser makes it. */
export interface ClientPort {
  postMessage(message: LiveRequest): void;
  onMessage(listener: (message: unknown) => void): void;
  onDisconnect(listener: () => void): void;
  /** Closes it; its own listeners hear nothing of that. */
  disconnect(): void;
}

export type News = Extract<LiveMessage, { kind: 'news' }>;

export interface LiveClientListener {
  message(message: LiveMessage): void;
  up(): void;
  down(): void;
}

/** Waits before connecting again, milliseconds; the first is short, since connecting is what wakes the background. */
const waits = [0, 200, 500, 1_000];
/**
 * A connection on which nothing is heard for so long, milliseconds, is made again. One that is made in the moment in
 * which the background dies can be left without an answer and without an end; longer with each, for slow machines.
 */
const patience = [1_000, 2_000, 4_000, 8_000];

/**
 * Keeps a live connection and makes it again at once when it drops. One run is followed at a time; `window` is this
 * page's browser window (undefined for a tab, which never changes what it is about).
 */
export function createLiveClient(connect: () => ClientPort, window: number | undefined) {
  let port: ClientPort | undefined;
  let tries = 0;
  let followed: { run: string; listener: LiveClientListener } | undefined;
  let looked: { batch: string; listener: LiveClientListener } | undefined;
  const targets = new Set<(asked: WindowTarget) => void>();
  /** The last that came before anybody here listened. */
  let untold: WindowTarget | undefined;
  const news = new Set<(news: News | 'down') => void>();

  const say = (request: LiveRequest): void => {
    try {
      port?.postMessage(request);
    } catch {
      // The port is closing; its disconnection is about to be heard.
    }
  };
  const open = (): void => {
    try {
      const opened = connect();
      port = opened;
      const unheard = setTimeout(
        () => {
          opened.disconnect();
          if (port === opened) lost();
        },
        patience[Math.min(tries, patience.length - 1)],
      );
      opened.onMessage((message) => {
        // What comes after it was given up belongs to no connection.
        if (port !== opened) return;
        clearTimeout(unheard);
        tries = 0;
        receive(message);
      });
      opened.onDisconnect(() => {
        clearTimeout(unheard);
        if (port === opened) lost();
      });
      if (window !== undefined) say({ kind: 'window', window });
      if (followed) say({ kind: 'subscribe', run: followed.run });
      if (looked) say({ kind: 'follow', batch: looked.batch });
    } catch {
      lost();
    }
  };
  const lost = (): void => {
    port = undefined;
    followed?.listener.down();
    looked?.listener.down();
    for (const listener of news) listener('down');
    const wait = waits[Math.min(tries, waits.length - 1)] ?? 1_000;
    tries += 1;
    setTimeout(open, wait);
  };
  const receive = (message: unknown): void => {
    // Only the background speaks here; what is no message of its all the same does no harm.
    if (!isLiveMessage(message)) return;
    const live: LiveMessage = message;
    if (live.kind === 'hello') return;
    if (live.kind === 'target') {
      if (targets.size === 0) untold = live;
      for (const listener of targets) listener(live);
      return;
    }
    if (live.kind === 'news') {
      for (const listener of news) listener(live);
      return;
    }
    if (live.kind === 'batch') {
      if (live.batch.id !== looked?.batch) return;
      if (live.whole) looked.listener.up();
      looked.listener.message(live);
      return;
    }
    const run = live.kind === 'snapshot' ? live.run.id : live.run;
    if (!followed || run !== followed.run) return;
    if (live.kind === 'snapshot') followed.listener.up();
    followed.listener.message(live);
  };
  open();

  return {
    subscribe(run: string, listener: LiveClientListener): () => void {
      const mine = { run, listener };
      followed = mine;
      if (!port) queueMicrotask(() => listener.down());
      say({ kind: 'subscribe', run });
      return () => {
        if (followed !== mine) return;
        followed = undefined;
        say({ kind: 'unsubscribe' });
      };
    },
    /** Looks at a batch: a row for everybody first, then those that change. One batch at a time. */
    follow(batch: string, listener: LiveClientListener): () => void {
      const mine = { batch, listener };
      looked = mine;
      if (!port) queueMicrotask(() => listener.down());
      say({ kind: 'follow', batch });
      return () => {
        if (looked !== mine) return;
        looked = undefined;
        say({ kind: 'unfollow' });
      };
    },
    /** Hears what the workspaces tell by themselves, and `down` when the connection to the background is gone. */
    onNews(listener: (news: News | 'down') => void): () => void {
      news.add(listener);
      return () => news.delete(listener);
    },
    /** Hears what this window's panel shall be about; the last that was told before somebody listens, too. */
    onTarget(listener: (asked: WindowTarget) => void): () => void {
      targets.add(listener);
      const missed = untold;
      untold = undefined;
      if (missed) queueMicrotask(() => listener(missed));
      return () => targets.delete(listener);
    },
  };
}
