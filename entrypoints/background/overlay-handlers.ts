import type { PageScript } from '../../lib/browser/content-scripts.ts';
import { openKey } from '../../lib/engine/drafts.ts';
import type { Engine } from '../../lib/engine/engine.ts';
import { refusalOf } from '../../lib/engine/identity.ts';
import type { BannerView, OverlayView } from '../../lib/messages/overlay-views.ts';
import { Refused } from '../../lib/messages/refused.ts';
import type { Handlers, Origin } from '../../lib/messages/server.ts';
import { bypassJournal } from '../../lib/offboarding/bypass.ts';
import { isSelf } from '../../lib/offboarding/eligibility.ts';
import type { Member, Phase, Run, Viewer } from '../../lib/offboarding/model.ts';
import { isOpen } from '../../lib/offboarding/transitions.ts';
import { roughly } from '../../lib/overlay/anchors.ts';
import { isAboutUsers } from '../../lib/overlay/paths.ts';
import type { Connection, Store } from '../../lib/store/store.ts';
import type { Reading } from '../../lib/text/text.ts';
import { withOwnControls } from '../../lib/workspace/own-controls.ts';
import type { PageProfile } from '../../lib/workspace/page-profile.ts';
import type { Workspace } from '../../lib/workspace/port.ts';
import type { Connections } from './connections.ts';
import { ownControlsOf } from './control-handlers.ts';
import type { Browser } from './handlers.ts';
import {
  bulkModal,
  buttonWords,
  failureModals,
  guardModal,
  outsideBanner,
  overlayTexts,
  runBanner,
  waitingBanner,
} from './overlay-words.ts';
import { type About, addressOf, profileOf, type Who } from './who.ts';

/** The workspace has so long to say whose click is recorded, milliseconds: it is recorded without a name else. */
const recordLimit = 1_000;
/** The click that a run waits for has its effect within so long, milliseconds. */
const effectLasts = 60_000;
/** The workspace has so long to say what a member owns, milliseconds. */
const guardLimit = 3_000;

type OverlayHandlers = Pick<
  Handlers,
  | 'overlay.hello'
  | 'overlay.users'
  | 'overlay.member'
  | 'overlay.list'
  | 'overlay.banner'
  | 'overlay.guard'
  | 'overlay.arm'
  | 'overlay.bypass'
  | 'overlay.who'
  | 'overlay.passed'
  | 'overlay.reported'
  | 'offboard.review'
>;

/** What a member's last run came to, wherever it was started. */
interface LastRun {
  id: string;
  phase: Phase;
  steps: Run['steps'];
  at: string;
}

/** Selectors of all by which somebody may be set inactive; a label stands for its field. */
const controlsOf = ({ deactivation, bulk = [] }: PageProfile): string[] => [
  'label',
  ...new Set(
    [...deactivation.flatMap((each) => each.control), ...bulk.flatMap((each) => each.native)].map(roughly),
  ),
];

/** What the overlay may ask for: always about its own page's workspace, and as the person who is signed in there. */
export function createOverlayHandlers(
  engine: Pick<Engine, 'passage' | 'passed' | 'reported'>,
  store: Store,
  connections: Connections,
  who: Who,
  browser: Pick<Browser, 'openTab' | 'addScripts' | 'showOverlay'>,
  { text, locale, direction }: Reading,
  now: () => Date = () => new Date(),
): OverlayHandlers {
  const { connected } = who;
  /** The page's connection, its workspace, and the member whom the overlay means; faults as refusals. */
  const about = (origin: Origin, reference: string, signal?: AbortSignal): Promise<About> =>
    asking(() => who.about(origin, reference, signal));
  /** The open run of this browser for a member, if it is the one that the overlay speaks of. */
  const openRunOf = async (connection: Connection, member: string, run: string): Promise<void> => {
    const open = await store.openRun(openKey(connection.id, member));
    if (open?.id !== run) throw new Refused('stale', 'There is no such open run for this member.');
  };
  /** Faults of the workspace as refusals. */
  const asking = async <T>(ask: () => Promise<T>): Promise<T> => {
    try {
      return await ask();
    } catch (error) {
      throw refusalOf(error);
    }
  };
  /** The profile of the page that asks, with what an admin has pointed at, and whom its address names. */
  const pagesOf = async ({ id }: Connection, origin: Origin): Promise<ReturnType<typeof profileOf>> => {
    const own = await ownControlsOf(connections.memoryOf(id));
    const workspace = await connections.workspace(id);
    return profileOf(withOwnControls(workspace.pages, own), origin);
  };
  /** Puts what a page about users needs into it. What the first script looks for comes before it. */
  const addUsers = async (pages: PageProfile, { tab, frame }: Origin): Promise<void> => {
    if (tab === undefined) return;
    const scripts: PageScript[] = [
      ...(pages.member.identity === 'text' ? (['recognition'] as const) : []),
      ...(pages.rows || pages.bulk || pages.identity ? (['extras'] as const) : []),
      'users',
    ];
    await browser.addScripts(scripts, tab, frame?.id ?? 0);
  };
  /** Who no admin is sees nothing, and nobody is offered to offboard themselves. */
  const mayOffboard = (viewer: Viewer, member: string): boolean =>
    viewer.admin !== 'no' && !isSelf(viewer, member);

  return {
    'overlay.hello': async (_request, origin) => {
      const known = await connections.ofPage(origin);
      // A frame belongs to what is connected already, or to nobody.
      const isNew = !known && !origin.frame;
      const connection =
        known ?? (isNew ? await asking(() => connections.ofGrantedSite(origin.origin)) : null);
      if (!connection) return null;
      // Only what was just found tells where else its pages are.
      if (isNew) void browser.showOverlay();
      const { pages, about: named } = await pagesOf(connection, origin);
      // Before the overlay begins, so that it finds them.
      if (isAboutUsers(pages, addressOf(origin).pathname)) await addUsers(pages, origin);
      return {
        pages,
        ...(named !== undefined && { about: named }),
        controls: controlsOf(pages),
        bulk: bulkModal(text),
        language: locale,
        direction,
        failures: failureModals(text),
        texts: overlayTexts(text),
      };
    },
    'overlay.users': async (_request, origin) => {
      const { pages } = await pagesOf(await connected(origin), origin);
      await addUsers(pages, origin);
      return { added: true };
    },
    'overlay.member': async ({ member: reference }, origin) => {
      const { connection, workspace, member } = await about(origin, reference);
      // Asked anew: somebody else may have signed in since the page before.
      const viewer = await asking(() => workspace.identify());
      if (!mayOffboard(viewer, member)) return { button: null };
      const run = await store.openRun(openKey(connection.id, member));
      const open = run !== undefined || (await isOpenElsewhere(connection, member));
      return {
        button: {
          kind: open ? 'resume' : 'offboard',
          ...buttonWords(text, workspace.pages, open ? 'resume' : 'member'),
        },
        ...passedJustNow(run, now()),
      };
    },
    'overlay.list': async (_request, origin) => {
      const connection = await connected(origin);
      const { pages } = await connections.workspace(connection.id);
      const viewer = await asking(() => connections.viewer(connection.id));
      const runs = await store.runs();
      const words = (what: 'row' | 'resume' | 'bulk') => buttonWords(text, pages, what);
      return {
        buttons:
          viewer.admin === 'no' ? null : { row: words('row'), resume: words('resume'), bulk: words('bulk') },
        open: runs
          .filter((run) => run.connection === connection.id && isOpen(run.phase))
          .map(({ leaver }) => leaver.id),
        own: [...(viewer.members ?? []), ...(viewer.id === undefined ? [] : [viewer.id])],
      };
    },
    'overlay.banner': async ({ member: reference }, origin) => {
      const { connection, workspace, member } = await about(origin, reference);
      const viewer = await asking(() => connections.viewer(connection.id));
      if (!mayOffboard(viewer, member)) return { banner: null };
      const open = await store.openRun(openKey(connection.id, member));
      // Whom the hand-over left with nothing may be listed no more: the run knows them.
      if (open?.phase === 'waiting') return { name: open.leaver.name, banner: waitingBanner(text, open) };
      const [found, last] = await Promise.all([
        asking(() => memberOf(workspace, member)),
        lastRun(connection, workspace, member),
      ]);
      return { name: found.name, banner: await bannerFor(workspace, found, last) };
    },
    'overlay.arm': async (_request, origin) => {
      await connected(origin);
      if (origin.tab !== undefined) await browser.addScripts(['guard'], origin.tab, origin.frame?.id ?? 0);
      return { armed: true };
    },
    'overlay.guard': async ({ member: reference, pressed = false }, origin) => {
      const limit = AbortSignal.timeout(guardLimit);
      try {
        const { connection, workspace, member } = await about(origin, reference, limit);
        const open = await store.openRun(openKey(connection.id, member));
        // A run that ends on the page decides by its own check; nothing else is asked then unless it comes to that.
        const ends = open?.completion === 'page' && open.phase !== 'draft';
        const guarding = ends ? undefined : workspace.guard(member, limit);
        const name = memberOf(workspace, member, limit);
        for (const each of [guarding, name]) each?.catch(() => {});
        const viewer = await workspace.identify(limit);
        // The workspace refuses who is no admin by itself.
        if (viewer.admin === 'no') return { owns: 'none' };
        const passes = await inTime(engine.passage(connection.id, member, viewer, pressed), limit);
        if (passes === null) return { owns: 'atPress' };
        if (passes !== undefined) return { owns: 'none', passes };
        const guard = await (guarding ?? workspace.guard(member, limit));
        if (guard.owns === 'none') return { owns: 'none' };
        const { name: called } = await name;
        const modal = guardModal(text, called, guard, isSelf(viewer, member));
        const counts = Object.fromEntries(guard.counts.map(({ category, count }) => [category.id, count]));
        return { owns: guard.owns, modal, counts };
      } catch (error) {
        if (limit.aborted) return { owns: 'late' };
        throw refusalOf(error);
      }
    },
    'overlay.who': (shown, origin) => asking(() => who.recognise(origin, shown)),
    'overlay.passed': async ({ member: reference, run, before }, origin) => {
      const { connection, workspace, member } = await about(origin, reference);
      await openRunOf(connection, member, run);
      const limit = AbortSignal.timeout(recordLimit);
      const viewer = await inTime(workspace.identify(limit), limit).catch(() => undefined);
      await engine.passed(run, viewer, before);
      return { recorded: true };
    },
    'overlay.reported': async ({ member: reference, run }, origin) => {
      const { connection, member } = await about(origin, reference);
      await openRunOf(connection, member, run);
      const { phase } = await asking(() => engine.reported(run, origin.origin));
      return { ended: phase !== 'waiting' };
    },
    'overlay.bypass': async ({ member: reference, counts, name, withdrawn }, origin) => {
      const connection = await connected(origin);
      const limit = AbortSignal.timeout(recordLimit);
      const inLimit = <T>(asked: Promise<T>): Promise<T | undefined> =>
        inTime(asked, limit).catch(() => undefined);
      // Who cannot be asked in time can say neither whom the page means nor who it was: what the page showed is
      // recorded then, and that it was done.
      const [found, viewer] = await Promise.all([
        inLimit(who.about(origin, reference, limit)),
        inLimit(connections.workspace(connection.id).then((workspace) => workspace.identify(limit))),
      ]);
      const member = found?.member ?? reference;
      const known = found && (await inLimit(memberOf(found.workspace, member, limit)));
      await store.appendJournal(bypassJournal(connection.workspace.id), [
        {
          at: now().toISOString(),
          kind: 'note',
          data: {
            what: withdrawn ? 'deactivatedAnywayWithdrawn' : 'deactivatedAnyway',
            member,
            reference,
            name: known?.name ?? null,
            ...(name !== undefined && { shown: name }),
            by: viewer ? { id: viewer.id ?? null, name: viewer.name ?? null } : null,
            counts: counts ?? null,
          },
        },
      ]);
      return { recorded: true };
    },
    'offboard.review': async ({ member: reference, run }, origin) => {
      const { connection, member } = await about(origin, reference);
      const { id } = connection;
      await browser.openTab(`?${new URLSearchParams({ run, connection: id, member })}`);
      return { opened: 'tab' };
    },
  };

  /** What to say above the member's page; nothing while the button says Resume. */
  async function bannerFor(
    workspace: Workspace,
    member: Member,
    last: LastRun | undefined,
  ): Promise<BannerView | null> {
    if (last?.phase === 'partial' || last?.phase === 'failed')
      return runBanner(text, member.name, last.id, last.phase, last.steps);
    // What a run did not end is for that run to say.
    if (member.active || (last && last.phase !== 'succeeded')) return null;
    const { owns, counts } = await asking(() => workspace.guard(member.id, AbortSignal.timeout(guardLimit)));
    const byWizard = last?.steps.some(({ kind, state }) => kind === 'deactivate' && state === 'completed');
    return owns === 'some' ? outsideBanner(text, member.name, counts, byWizard) : null;
  }

  /** The most recent run for a member that anybody started, wherever; not knowing what others did leaves this browser's. */
  async function lastRun(
    connection: Connection,
    workspace: Workspace,
    member: string,
  ): Promise<LastRun | undefined> {
    const counts = (phase: Phase): boolean => !['draft', 'discarded', 'superseded'].includes(phase);
    const [runs, elsewhere] = await Promise.all([
      store.runs(),
      workspace.runs?.find(member).catch(() => undefined),
    ]);
    const here = runs
      .filter((run) => run.connection === connection.id && run.leaver.id === member && counts(run.phase))
      .sort((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1))[0];
    const local = here && { id: here.id, phase: here.phase, steps: here.steps, at: here.updatedAt };
    if (!elsewhere || !counts(elsewhere.record.phase)) return local;
    if (local && (local.id === elsewhere.id || local.at >= elsewhere.updatedAt)) return local;
    const { phase, steps } = elsewhere.record;
    return { id: elsewhere.id, phase, steps, at: elsewhere.updatedAt };
  }

  /** Whether another browser holds an open run for this member; not knowing means no. */
  async function isOpenElsewhere(connection: Connection, member: string): Promise<boolean> {
    const { runs } = await connections.workspace(connection.id);
    const registered = await runs?.find(member).catch(() => undefined);
    return registered?.open === true && isOpen(registered.record.phase);
  }
}

/** The click that a run waits for, where it was let through so lately that the page may show its effect. */
function passedJustNow(run: Run | undefined, now: Date): Pick<OverlayView, 'passed'> {
  const { passedAt, before } = run?.waiting ?? {};
  if (!run || !before || passedAt === undefined || now.getTime() - Date.parse(passedAt) > effectLasts)
    return {};
  return { passed: { run: run.id, before } };
}

/** Resolves with what is asked, or rejects once the limit is reached. */
function inTime<T>(asked: Promise<T>, limit: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    limit.addEventListener('abort', () => reject(limit.reason));
    asked.then(resolve, reject);
  });
}

async function memberOf(workspace: Workspace, id: string, signal?: AbortSignal): Promise<Member> {
  const found = (await workspace.members({ id }, signal)).items[0];
  if (!found) throw new Refused('memberGone', 'The workspace knows no such member.');
  return found;
}
