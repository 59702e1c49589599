import type { Send } from '../messages/client.ts';
import type { BannerView, OverlaySetup, OverlayView } from '../messages/protocol.ts';
import type { PageProfile } from '../workspace/page-profile.ts';
import { candidates, findAnchor, openRoots } from './anchors.ts';
import { createChecks } from './checks.ts';
import { showsInactive } from './controls.ts';
import { extras } from './extras.ts';
import { createGuard, type ShowGuard } from './guard.ts';
import type { Host, Shown } from './host.ts';
import { interceptDeactivation } from './intercept.ts';
import { paced } from './pace.ts';
import { matchPath } from './paths.ts';
import { placeBanner, placeButton } from './placing.ts';
import { recognition } from './recognition.ts';

export interface OverlayParts {
  send: Send;
  /** Ends this life of the page: everything of ours goes. */
  signal: AbortSignal;
  /** Whether the extension that this script came from is still there. */
  alive(): boolean;
  /** Draws the button; `open` is called on a person's own click on what they see, `covered` when something lies above. */
  createButton(open: () => void, covered: () => void): Shown<{ label: string; title: string }>;
  createBanner(open: () => void, covered: () => void): Shown<BannerView>;
  /** Draws ring, note and modal above everything, in an element of ours that `gone` tells about. */
  showGuard: ShowGuard;
  /** Whether the element that shows something now was taken out of the page. */
  isGuardGone(): boolean;
  /** The site is no connected workspace (any more). */
  ended(): void;
}

/** After the page was used, the workspace has changed within about so long, milliseconds. */
const settled = 1_500;
/** The page's own questions are answered within about so long, milliseconds. */
const watchFor = 60_000;

/**
 * Lives in a workspace's pages: shows button and banner on a member's page, once, wherever the page's re-rendering
 * leaves their anchors, and stands between the page and a deactivation that leaves things behind.
 */
export function startOverlay(setup: OverlaySetup, parts: OverlayParts): { refresh(): void } {
  const pages = setup.pages as PageProfile;
  const { send, signal, alive } = parts;
  const checks = createChecks(send);
  const guard = createGuard({
    setup,
    send,
    checks,
    show: parts.showGuard,
    alive,
    reload: () => location.reload(),
    open: (id) => open(id),
    nameOf: (id) => (id === member ? name : undefined),
  });
  let member: string | undefined;
  let name: string | undefined;
  let view: OverlayView = { button: null };
  let banner: BannerView | null = null;
  let asked = 0;
  let profile = pages;
  const tools = pages.member.identity === 'text' ? recognition() : undefined;
  const identity = tools?.createIdentity(send, () => soon());
  const about = (): string | undefined => (identity ? member : setup.about);

  /** Opens the wizard for a member; what the page says of who is signed in goes along. */
  const open = (id: string): void => {
    if (alive()) void send('offboard.open', { member: id, page: extras()?.identityOf(document, pages) });
  };
  const covered = ({ element }: Pick<Host, 'element'>): void => guard.tell(element, setup.texts.covered);
  const lists = extras()?.createLists({ ...parts, setup, guard, open, covered });
  const buttonHost = parts.createButton(
    () => {
      if (member !== undefined) open(member);
    },
    () => covered(buttonHost),
  );
  const bannerHost = parts.createBanner(
    () => {
      if (member === undefined || !banner || !alive()) return;
      if (banner.run === undefined) open(member);
      else void send('offboard.review', { member, run: banner.run });
    },
    () => covered(bannerHost),
  );

  const ask = async (): Promise<void> => {
    if (member === undefined || !alive()) return;
    const question = ++asked;
    const whom = { member };
    const isOld = (): boolean => question !== asked || signal.aborted;
    const reply = await send('overlay.member', whom);
    if (!reply.ok && reply.refusal.code === 'notConnected') parts.ended();
    // The page may have gone on to another member meanwhile.
    if (isOld()) return;
    view = reply.ok ? reply.value : { button: null };
    if (view.button) buttonHost.show(view.button);
    if (view.waiting?.passed) awaited = { member: whom.member, run: view.waiting.run };
    place();
    if (!view.button) return;
    const found = await send('overlay.banner', whom);
    if (isOld()) return;
    banner = found.ok ? found.value.banner : null;
    name = found.ok ? found.value.name : undefined;
    if (banner) bannerHost.show(banner);
    place();
  };

  const place = (): void => {
    const wanted = view.button !== null && member !== undefined && alive();
    const light = [document];
    const find = (anchors: PageProfile['member']['actions']): HTMLElement | null =>
      findAnchor(light, anchors) ?? findAnchor(deepRoots(), anchors);
    const anchor = wanted ? find(profile.member.actions) : null;
    const native = anchor && profile.member.native.some((each) => candidates(deepRoots(), each).length > 0);
    if (anchor && !native) placeButton(buttonHost, anchor);
    else buttonHost.remove();
    const above = wanted && banner ? find(profile.member.banner) : null;
    if (above) placeBanner(bannerHost, above);
    else bannerHost.remove();
    roots = undefined;
  };

  let roots: ParentNode[] | undefined;
  /** Looked up once in a round, and watched from then on: what changes within them is not heard outside. */
  const deepRoots = (): ParentNode[] => {
    if (roots) return roots;
    roots = openRoots(document);
    for (const root of roots) if (root !== document) observer.observe(root, watched);
    return roots;
  };

  const sync = (): void => {
    if (parts.isGuardGone()) guard.dismiss();
    const { path, paths = [] } = pages.member;
    const named = [path, ...paths].map((each) => matchPath(each, location.pathname)).find((each) => each);
    const known = named && identity ? identity.look() : undefined;
    profile = tools?.profileFor(pages, known) ?? pages;
    const now =
      pages.member.identity === 'text' ? known?.member : named ? (named.member ?? setup.about) : undefined;
    if (now !== member) {
      member = now;
      name = undefined;
      view = { button: null };
      banner = null;
      asked += 1;
      void ask();
    }
    place();
    lists?.sync();
    reportSoon();
  };

  /** The click that a run waits for has passed; what the page shows of it is told once it has settled. */
  let awaited: { member: string; run: string } | undefined;
  let reporting: ReturnType<typeof setTimeout> | undefined;
  const shows = (): boolean =>
    awaited !== undefined && alive() && showsInactive(awaited.member, profile, location, about());
  const reportSoon = (): void => {
    if (reporting !== undefined || !shows()) return;
    reporting = setTimeout(() => {
      reporting = undefined;
      if (awaited && shows()) void report(awaited);
    }, settled);
  };
  const report = async (done: { member: string; run: string }): Promise<void> => {
    const reply = await send('overlay.reported', done);
    if (!reply.ok || !reply.value.ended) return;
    awaited = undefined;
    again();
  };

  const watched = { childList: true, subtree: true };
  const soon = paced(sync, signal);
  const observer = new MutationObserver(soon);
  observer.observe(document, watched);

  interceptDeactivation({
    profile: () => profile,
    about,
    checks,
    signal,
    decide: guard.decide,
    lost: ({ element }) => guard.tell(element, setup.texts.moved),
    used: (control) => {
      watchUntil = performance.now() + watchFor;
      const run = checks.passing(control.member);
      if (run === undefined) return;
      awaited = { member: control.member, run };
      void send('overlay.passed', awaited);
    },
  });

  // A use that was let through, or a list that cannot be caught, may have changed the member: look again.
  let timer: ReturnType<typeof setTimeout> | undefined;
  let watchUntil = 0;
  const used = (event: Event): void => {
    if (!event.isTrusted || (member === undefined && !awaited)) return;
    if (event.type === 'click' && performance.now() > watchUntil) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      void ask();
      reportSoon();
    }, settled);
  };
  const again = (): void => {
    checks.forget();
    void ask();
    lists?.again();
  };
  addEventListener('change', used, { signal, capture: true });
  addEventListener('click', used, { signal, capture: true });
  addEventListener('popstate', soon, { signal });
  addEventListener('pageshow', (event) => event.persisted && again(), { signal });
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && again(), {
    signal,
  });
  (globalThis as { navigation?: EventTarget }).navigation?.addEventListener('navigatesuccess', soon, {
    signal,
  });
  signal.addEventListener('abort', () => {
    clearTimeout(timer);
    clearTimeout(reporting);
    observer.disconnect();
    guard.dismiss();
    parts.showGuard(null);
    buttonHost.remove();
    bannerHost.remove();
  });
  sync();
  return { refresh: again };
}
