import type { Send } from '../messages/client.ts';
import type { OverlaySetup } from '../messages/overlay-views.ts';
import type { PageProfile } from '../workspace/page-profile.ts';
import { type Early, keepEarly, passOn } from './early.ts';
import { byBrowser } from './last-resort.ts';
import { isAboutUsers } from './paths.ts';
import { users } from './users.ts';
import type { UsersPages } from './users-pages.ts';

export interface OverlayParts {
  send: Send;
  /** Ends this life of the page: everything of ours goes. */
  signal: AbortSignal;
  /** Whether the extension that this script came from is still there. */
  alive(): boolean;
  /** The site is no connected workspace (any more). */
  ended(): void;
}

/** What could not be brought in is asked for again after so long, milliseconds. */
const again = 5_000;

/**
 * Lives in all of a workspace's pages, and does as little there as it can: it waits for a page that is about users, and
 * brings in the script that those need. Until that is there, what is pressed there on anything that may be a control of
 * theirs is kept back: no click passes sooner than somebody can tell what it would do.
 */
export function startOverlay(setup: OverlaySetup, parts: OverlayParts): { refresh(): void } {
  const pages = setup.pages as PageProfile;
  const { signal, alive } = parts;
  let connected = true;
  const send: Send = async (command, request) => {
    const reply = await parts.send(command, request);
    if (!reply.ok && reply.refusal.code === 'notConnected') {
      connected = false;
      // A use that is held back comes first: nobody has a say in it any more.
      setTimeout(parts.ended);
    }
    return reply;
  };
  const isConnected = (): boolean => connected;

  let made: UsersPages | undefined;
  let coming: Promise<unknown> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** What is kept back until it can be told what it is. */
  let early: { kept: Early[]; end: AbortController } | undefined;
  const there = (): UsersPages | undefined => {
    const script = users();
    if (made || !script || signal.aborted) return made;
    stop();
    const kept = early?.kept ?? [];
    made = script.startUsersPages({ setup, send, signal, alive, isConnected, byBrowser, early: kept });
    return made;
  };
  const stop = (): void => {
    clearTimeout(timer);
    watching?.disconnect();
    early?.end.abort();
  };
  const bring = async (): Promise<UsersPages | undefined> => {
    if (there()) return made;
    coming ??= send('overlay.users', {}).finally(() => {
      coming = undefined;
    });
    await coming;
    return there();
  };
  /** A use is over that was kept back: where nobody can come who could tell what it is, the browser asks. */
  const settle = async (): Promise<void> => {
    if (await bring()) return;
    const kept = early?.kept.splice(0) ?? [];
    if (kept.length > 0 && (await byBrowser.decide({ setup, send, signal, alive, isConnected })))
      for (const each of kept) passOn(each);
  };
  /** Brings the script in where the page is about users by now. */
  const look = (): void => {
    if (made || !isAboutUsers(pages, location.pathname) || there()) return;
    if (!early) {
      const end = new AbortController();
      early = { end, kept: keepEarly(setup.controls, end.signal, () => void settle()) };
    }
    clearTimeout(timer);
    void bring().then((ready) => {
      if (!ready && alive()) timer = setTimeout(look, again);
    });
  };

  // An application that is loaded once goes to another page without loading it.
  const { navigation } = globalThis as { navigation?: EventTarget };
  const watching = navigation ? undefined : new MutationObserver(look);
  navigation?.addEventListener('currententrychange', look, { signal });
  watching?.observe(document, { childList: true, subtree: true });
  signal.addEventListener('abort', stop);
  look();
  return {
    refresh() {
      if (made) made.refresh();
      // Where nobody is shown nothing is asked by itself; that there is no connection any more has to be heard there too.
      else void send('overlay.list', {});
    },
  };
}
