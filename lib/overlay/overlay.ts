import type { Send } from '../messages/client.ts';
import type { OverlaySetup, OverlayView } from '../messages/protocol.ts';
import type { PageProfile } from '../workspace/page-profile.ts';
import { candidates, findAnchor } from './anchors.ts';
import type { ButtonHost } from './button-host.ts';
import { matchPath } from './paths.ts';

export interface OverlayParts {
  send: Send;
  /** Ends this life of the page: everything of ours goes. */
  signal: AbortSignal;
  /** Draws the button for a view; `open` is called on a person's own click. */
  createButton(open: () => void): ButtonHost & { show(button: NonNullable<OverlayView['button']>): void };
}

/**
 * Lives in a workspace's pages: shows the button on a member's page, once, wherever the page's re-rendering leaves
 * its anchor. Resolves once it stands; resolves without doing anything on a site that is no workspace.
 */
export async function startOverlay(setup: OverlaySetup, parts: OverlayParts): Promise<{ refresh(): void }> {
  const pages = setup.pages as PageProfile;
  const { send, signal } = parts;
  let member: string | undefined;
  let view: OverlayView = { button: null };
  let asked = 0;

  const button = parts.createButton(() => {
    if (member !== undefined) void send('offboard.open', { member });
  });

  const ask = async (): Promise<void> => {
    if (member === undefined) return;
    const question = ++asked;
    const reply = await send('overlay.member', { member });
    // The page may have gone on to another member meanwhile.
    if (question !== asked || signal.aborted) return;
    view = reply.ok ? reply.value : { button: null };
    if (view.button) button.show(view.button);
    place();
  };

  const place = (): void => {
    const anchor = view.button && member !== undefined ? findAnchor(document, pages.member.actions) : null;
    const native = anchor && pages.member.native.some((each) => candidates(document, each).length > 0);
    if (anchor && !native) button.placeIn(anchor);
    else button.remove();
  };

  const sync = (): void => {
    if (signal.aborted) return;
    const now = matchPath(pages.member.path, location.pathname)?.member;
    if (now !== member) {
      member = now;
      view = { button: null };
      asked += 1;
      void ask();
    }
    place();
  };

  // One look for many changes: it comes before the next frame is drawn.
  let waiting = false;
  const observer = new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    queueMicrotask(() => {
      waiting = false;
      sync();
    });
  });
  observer.observe(document, { childList: true, subtree: true });
  addEventListener('popstate', sync, { signal });
  addEventListener('pageshow', () => void ask(), { signal });
  document.addEventListener(
    'visibilitychange',
    () => void (document.visibilityState === 'visible' && ask()),
    { signal },
  );
  (globalThis as { navigation?: EventTarget }).navigation?.addEventListener('navigatesuccess', sync, {
    signal,
  });
  signal.addEventListener('abort', () => {
    observer.disconnect();
    button.remove();
  });
  sync();
  return { refresh: () => void ask() };
}
