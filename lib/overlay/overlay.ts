import type { Send } from '../messages/client.ts';
import type { OverlaySetup } from '../messages/overlay-views.ts';
import type { PageProfile } from '../workspace/page-profile.ts';
import { type Early, type EarlyPresses, keepEarly, passOn } from './early.ts';
import { askByBrowser } from './last-resort.ts';
import { isAboutUsers } from './paths.ts';
import { users } from './users.ts';
import type { UsersPages } from './users-pages.ts';

export interface OverlayParts {
  send: Send;
  /** Ends this life of the page: everything of ours goes. */
  signal: AbortSignal;
  /** Whether the extension that this script came from is still there. */
  alive(): boolean;
  /** The site is no connected workspace (any more), or the extension has gone. */
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
  /** Keeps back what is pressed, until it can be told what it is. */
  let early: EarlyPresses | undefined;
  const isHere = (): boolean => isAboutUsers(pages, location.pathname);
  /** Nothing is waited for any more; what was kept back until now. */
  const stop = (): Early[] => {
    clearTimeout(timer);
    const kept = early?.end() ?? [];
    early = undefined;
    return kept;
  };
  const letGo = (): void => {
    for (const each of stop()) passOn(each);
  };
  const there = (): UsersPages | undefined => {
    const script = users();
    if (made || !script || signal.aborted) return made;
    watching?.disconnect();
    made = script.startUsersPages({
      setup,
      send,
      signal,
      alive,
      isConnected,
      byBrowser: askByBrowser,
      early: stop(),
    });
    return made;
  };
  const bring = async (): Promise<UsersPages | undefined> => {
    if (there()) return made;
    coming ??= send('overlay.users', {}).finally(() => {
      coming = undefined;
    });
    await coming;
    return there();
  };
  let asking = false;
  /**
   * A use is over that was kept back: where nobody can come who could tell what it is, the browser asks. Nothing is
   * recorded then: it may be no deactivation at all.
   */
  const settle = async (): Promise<void> => {
    if ((await bring()) || asking || !early) return;
    // What outlived its extension stands in nobody's way.
    if (!alive()) {
      parts.ended();
      return;
    }
    const presses = early;
    asking = true;
    // Its second question says that the answer is recorded.
    const { confirm: _second, ...modal } = setup.failures.other;
    const go = await askByBrowser({ setup, signal, isConnected }, modal);
    asking = false;
    const kept = presses.take();
    if (go) presses.giveBack(kept);
  };
  const wait = async (): Promise<void> => {
    const own = early;
    if ((await bring()) || early !== own || signal.aborted) return;
    if (alive()) timer = setTimeout(wait, again);
    else parts.ended();
  };
  /** Brings the script in where the page is about users by now, and waits for nothing where it is not (any more). */
  const look = (): void => {
    if (made || signal.aborted) return;
    if (!alive()) parts.ended();
    else if (!isHere()) letGo();
    else if (!early && !there()) {
      early = keepEarly(
        setup.controls,
        () => alive() && isHere(),
        () => void settle(),
      );
      void wait();
    }
  };

  // An application that is loaded once goes to another page without loading it.
  const { navigation } = globalThis as { navigation?: EventTarget };
  const watching = navigation ? undefined : new MutationObserver(look);
  navigation?.addEventListener('currententrychange', look, { signal });
  watching?.observe(document, { childList: true, subtree: true });
  signal.addEventListener('abort', () => {
    watching?.disconnect();
    letGo();
  });
  look();
  return {
    refresh() {
      if (made) made.refresh();
      // Where nobody is shown nothing is asked by itself; that there is no connection any more has to be heard there too.
      else void send('overlay.list', {});
    },
  };
}
