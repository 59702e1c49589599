import type { Send } from '../messages/client.ts';
import type { BannerView, OverlaySetup, OverlayView } from '../messages/overlay-views.ts';
import type { PageProfile } from '../workspace/page-profile.ts';
import { candidates, findAnchor, openRoots } from './anchors.ts';
import { createChecks } from './checks.ts';
import { controlOf, findAgain, unknownMember, type Whose } from './controls.ts';
import type { Early } from './early.ts';
import { extras } from './extras.ts';
import { createHolder } from './holder.ts';
import type { Host, Shown } from './host.ts';
import { interceptDeactivation } from './intercept.ts';
import type { AskByBrowser } from './last-resort.ts';
import { paced } from './pace.ts';
import { matchPath } from './paths.ts';
import { placeBanner, placeButton } from './placing.ts';
import { recognition } from './recognition.ts';
import { createRetry, isPassing } from './retry.ts';

export interface UsersParts {
  setup: OverlaySetup;
  send: Send;
  /** Ends this life of the page: everything of ours goes. */
  signal: AbortSignal;
  /** Whether the extension that this script came from is still there. */
  alive(): boolean;
  /** Whether the site is still a connected workspace, as far as is known by now. */
  isConnected(): boolean;
  /** Asks where the script that would ask cannot be brought in. */
  byBrowser: AskByBrowser;
  /** What was pressed before this could begin. */
  early: readonly Early[];
}

/** What draws in the page. */
export interface UsersLook {
  /** Draws the button; `open` is called on a person's own click on what they see, `covered` when something lies above. */
  createButton(open: () => void, covered: () => void): Shown<{ label: string; title: string }>;
  createBanner(open: () => void, covered: () => void): Shown<BannerView>;
}

export interface UsersPages {
  /** Looks again at what it shows. */
  refresh(): void;
}

/** After the page was used, the workspace has changed within about so long, milliseconds. */
const settled = 1_500;
/** For so long a held use waits to be told whose page it is, milliseconds. */
const patience = 3_000;
/** The page's own questions are answered within about so long, milliseconds. */
const watchFor = 60_000;

/**
 * Lives in pages about users: shows button and banner on a member's page, once, wherever the page's re-rendering
 * leaves their anchors, and decides about deactivations that would leave things behind.
 */
export function startUsersPages(parts: UsersParts & UsersLook): UsersPages {
  const { setup, send, signal, alive } = parts;
  const pages = setup.pages as PageProfile;
  const checks = createChecks(send);
  let member: string | undefined;
  let name: string | undefined;
  let view: OverlayView = { button: null };
  let banner: BannerView | null = null;
  let asked = 0;
  let profile = pages;
  const tools = pages.member.identity === 'text' ? recognition() : undefined;
  const identity = tools?.createIdentity(send, () => soon(), signal);
  let pageName: string | undefined;
  /** Nobody could say (yet) whose page it is, although it may be somebody's. */
  let isOpen = false;
  const about = (): Whose | undefined => {
    if (!identity) return setup.about === undefined ? undefined : { member: setup.about };
    if (isOpen) return { member: unknownMember };
    return member === undefined ? undefined : { member, ...(pageName !== undefined && { name: pageName }) };
  };
  const holder = createHolder({
    setup,
    send,
    checks,
    signal,
    alive,
    isConnected: parts.isConnected,
    byBrowser: parts.byBrowser,
    profile: () => profile,
    about,
    reload: () => location.reload(),
    open: (id, near) => void open(id, near),
    nameOf: (id) => (id === member ? name : undefined),
    async whose({ element }) {
      identity?.again();
      sync();
      const failure = await Promise.race([
        identity?.answered(),
        new Promise<'timeout'>((resolve) => setTimeout(resolve, patience, 'timeout')),
      ]);
      sync();
      return { member: controlOf([element], profile, location, 'reach', about())?.member, failure };
    },
    isThere: (held) => findAgain(held, profile, location, about()) !== null,
    ended: () => again(),
  });

  /** Asks for something to be opened, and says near here where it was not. */
  const opening = async (near: Element, ask: () => Promise<{ ok: boolean }>): Promise<void> => {
    const isOpened = alive() && (await ask()).ok;
    if (!isOpened && !signal.aborted)
      void holder.tell(near, alive() ? setup.texts.unopened : setup.failures.outdated.title);
  };
  /** Opens the wizard for a member; what the page says of who is signed in goes along. */
  const open = (id: string, near: Element): Promise<void> =>
    opening(near, () => send('offboard.open', { member: id, page: extras()?.identityOf(document, pages) }));
  const covered = ({ element }: Pick<Host, 'element'>): void =>
    void holder.tell(element, setup.texts.covered);
  const lists = extras()?.createLists({
    ...parts,
    guard: holder,
    open: (id, near) => void open(id, near),
    opening: (near, ask) => void opening(near, ask),
    covered,
  });
  const buttonHost = parts.createButton(
    () => {
      if (member !== undefined) void open(member, buttonHost.element);
    },
    () => covered(buttonHost),
  );
  const bannerHost = parts.createBanner(
    () => {
      if (member === undefined || !banner) return;
      const { element } = bannerHost;
      const [whom, run] = [member, banner.run];
      if (run === undefined) void open(whom, element);
      else void opening(element, () => send('offboard.review', { member: whom, run }));
    },
    () => covered(bannerHost),
  );

  const ask = async (): Promise<void> => {
    if (member === undefined || !alive()) return;
    const question = ++asked;
    const whom = { member };
    const isOld = (): boolean => question !== asked || signal.aborted;
    const reply = await send('overlay.member', whom);
    // The page may have gone on to another member meanwhile.
    if (isOld()) return;
    retry.after(reply);
    // What was shown before stays while nobody can be asked.
    if (isPassing(reply)) return;
    view = reply.ok ? reply.value : { button: null };
    if (view.button) buttonHost.show(view.button);
    if (view.passed) holder.resume(whom.member, view.passed);
    place();
    if (!view.button) return;
    const found = await send('overlay.banner', whom);
    if (isOld()) return;
    retry.after(found);
    if (isPassing(found)) return;
    banner = found.ok ? found.value.banner : null;
    name = found.ok ? found.value.name : undefined;
    if (banner) bannerHost.show(banner);
    place();
  };
  const retry = createRetry(() => void ask(), signal);

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

  let address = location.pathname;
  const sync = (): void => {
    if (signal.aborted) return;
    if (holder.isGone()) holder.dismiss();
    const { path, paths = [] } = pages.member;
    const named = [path, ...paths].map((each) => matchPath(each, location.pathname)).find((each) => each);
    const known = named && identity ? identity.look() : undefined;
    isOpen = named !== undefined && named !== null && identity?.isOpen() === true;
    pageName = known?.name;
    profile = tools?.profileFor(pages, known) ?? pages;
    const now =
      pages.member.identity === 'text' ? known?.member : named ? (named.member ?? setup.about) : undefined;
    // What was asked about somebody is not asked any more in the page of somebody else.
    if (location.pathname !== address || (now !== member && member !== undefined)) holder.dismiss();
    address = location.pathname;
    if (now !== member) {
      member = now;
      name = undefined;
      view = { button: null };
      banner = null;
      asked += 1;
      retry.reset();
      void ask();
    }
    if ([...pages.deactivation, ...(pages.bulk ?? [])].some((each) => matchPath(each.path, address)))
      holder.arm();
    place();
    lists?.sync();
    holder.look();
  };

  const watched = { childList: true, subtree: true };
  const soon = paced(sync, signal);
  const observer = new MutationObserver(soon);
  observer.observe(document, watched);

  sync();
  interceptDeactivation(
    {
      profile: () => profile,
      about,
      checks,
      signal,
      decide: holder.decide,
      lost: holder.lost,
      used(control) {
        watchUntil = performance.now() + watchFor;
        const run = checks.passing(control.member);
        if (run === undefined) return;
        const before = holder.used(control, run);
        void send('overlay.passed', { member: control.member, run, ...(before && { before }) });
      },
    },
    parts.early.filter(({ event, path }) => event.type !== 'click' || !lists?.catches(path)),
  );

  // A use that was let through, or a list that cannot be caught, may have changed the member: look again.
  let timer: ReturnType<typeof setTimeout> | undefined;
  let watchUntil = 0;
  const used = (event: Event): void => {
    if (!event.isTrusted) return;
    if (event.type === 'click' && performance.now() > watchUntil) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      void ask();
      holder.look();
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
    observer.disconnect();
    holder.dismiss();
    holder.show(null);
    buttonHost.remove();
    bannerHost.remove();
  });
  return {
    refresh() {
      again();
      // Where nobody is shown nothing is asked by itself; that there is no connection any more has to be heard there too.
      if (member === undefined) void send('overlay.list', {});
    },
  };
}
