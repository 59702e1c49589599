import { computed, createModel, effect, signal } from '@preact/signals';
import type { ConnectionView, Refusal } from '../messages/protocol.ts';
import type { Run, Screen } from '../offboarding/model.ts';
import type { PanelDependencies } from './dependencies.ts';
import { Edits } from './edits.ts';
import { Members } from './members.ts';
import { memberOnPage } from './page-member.ts';
import type { RunFeedModel } from './run-feed.ts';
import { type Gap, gapOf, mustRescan, screensOf } from './steps.ts';
import { Tallies } from './tallies.ts';
import { scanAnnouncement } from './words.ts';

/** What is on top of a step: the rows of one category, or of one outcome. */
export type Sheet =
  | { kind: 'category'; category: string }
  | { kind: 'bucket'; state: 'moved' | 'skipped' | 'failed' | 'unknown' };

/** What was just done, with its undo. */
export interface Done {
  id: string;
  text: string;
  undo: () => void;
}

/** One run in the wizard: where the admin is, what is missing, how far the saving is. */
export const Wizard = createModel((dependencies: PanelDependencies, feed: RunFeedModel, first: Run) => {
  const { id } = first;
  const { voice } = dependencies;
  const edits = new Edits(dependencies, feed, id);
  const members = new Members(dependencies, first.connection);
  const tallies = new Tallies(dependencies, feed);
  const run = computed(() => feed.run.value ?? first);
  const chosen = signal<Screen>(first.screen);
  const furthest = signal<Screen>(first.screen);
  const sheet = signal<Sheet | undefined>(undefined);
  const refusal = signal<Refusal | undefined>(undefined);
  /** Grows with each move to another step, so that its heading takes the focus then and only then. */
  const moves = signal(0);
  /** For links to the workspace; undefined until the background has answered. */
  const connection = signal<ConnectionView | undefined>(undefined);
  const now = signal(dependencies.now());
  /** Only a shortcut to the undo that is found elsewhere too. */
  const done = signal<Done | undefined>(undefined);
  /** Address of the page beside the panel. */
  const page = signal<string | undefined>(undefined);

  const steps = computed(() => screensOf(run.value));
  const screen = computed<Screen>(() => {
    if (run.value.phase !== 'draft' && run.value.phase !== 'discarded') return 'execution';
    const wished = chosen.value === 'execution' ? 'review' : chosen.value;
    return steps.value.includes(wished) ? wished : 'future';
  });
  /** The leaver has vanished from the workspace: the draft can be read and nothing else. */
  const gone = computed(
    () =>
      run.value.phase === 'draft' &&
      (refusal.value?.code === 'memberGone' || run.value.scan.error?.key === 'gone' || edits.gone.value),
  );
  const gap = computed<Gap | undefined>(() =>
    gone.value
      ? { kind: 'gone', count: 1, target: 'gone' }
      : gapOf(screen.value, run.value, tallies.byCategory.value),
  );
  const reachable = computed(() => {
    const result: Screen[] = [];
    for (const each of steps.value) {
      if (each === 'execution') break;
      result.push(each);
      if (gapOf(each, run.value, tallies.byCategory.value)) break;
      if (steps.value.indexOf(each) >= steps.value.indexOf(furthest.value)) break;
    }
    return result;
  });

  const show = (next: Screen): void => {
    sheet.value = undefined;
    chosen.value = next;
    moves.value += 1;
    if (steps.peek().indexOf(next) > steps.peek().indexOf(furthest.peek())) furthest.value = next;
    void edits.edit({ kind: 'screen', screen: next });
  };
  const scan = async (): Promise<void> => {
    refusal.value = undefined;
    const reply = await dependencies.send('draft.scan', { run: id });
    if (reply.ok) await feed.reach(reply.value.rev);
    else refusal.value = reply.refusal;
  };

  effect(() => {
    const cancel = { current: (): void => {} };
    const tick = (): void => {
      now.value = dependencies.now();
      cancel.current = dependencies.after(15_000, tick);
    };
    cancel.current = dependencies.after(15_000, tick);
    return () => cancel.current();
  });
  // A draft that was never scanned has nothing to show before it is.
  if (first.phase === 'draft' && first.scan.state === 'none') void scan();
  let scanning = false;
  effect(() => {
    const { scan, phase } = run.value;
    if (phase === 'draft' && (scanning || scan.state === 'running')) {
      const text = scanAnnouncement(dependencies, run.value);
      if (text !== undefined) voice.polite(text);
    }
    scanning = scan.state === 'running';
  });
  dependencies.painted(() => {
    void dependencies.send('connection.list', {}).then((reply) => {
      if (reply.ok) connection.value = reply.value.connections.find((each) => each.id === first.connection);
    });
  });
  // What was just done belongs to where it was done.
  effect(() => {
    screen.value;
    sheet.value;
    done.value = undefined;
  });
  effect(() => {
    if (dependencies.surface !== 'panel') return undefined;
    return dependencies.onActivePage((address) => {
      page.value = address;
    });
  });
  let connected: string | undefined;
  effect(() => {
    const state = feed.state.value;
    if (state === 'polling' && connected === 'live') voice.polite(dependencies.text('live_lost'));
    if (state === 'live' && connected === 'polling') voice.polite(dependencies.text('live_again'));
    connected = state;
  });
  effect(() => () => {
    for (const part of [edits, members, tallies]) part[Symbol.dispose]();
  });

  return {
    run,
    now,
    feed,
    edits,
    members,
    tallies,
    steps,
    screen,
    gap,
    reachable,
    sheet,
    refusal,
    connection,
    moves,
    gone,
    done,
    /** The name of another member whose page is beside the panel; undefined when it is the leaver's, or no member's. */
    elsewhere: computed(() => {
      const link = connection.value?.memberLink;
      const member = link === undefined ? undefined : memberOnPage(page.value, link);
      return member === undefined || member === run.value.leaver.id
        ? undefined
        : members.byId.value.get(member)?.name;
    }),
    scan,
    show,
    /** One step back, where there is one. */
    back(): void {
      const index = steps.peek().indexOf(screen.peek());
      const previous = steps.peek()[index - 1];
      if (previous) show(previous);
    },
    /** One step on, when nothing is missing; a stale scan is made again first, and its changes are shown. */
    async next(): Promise<void> {
      if (gap.peek()) return;
      if (screen.peek() === 'scan' && mustRescan(run.peek(), dependencies.now())) return scan();
      const following = steps.peek()[steps.peek().indexOf(screen.peek()) + 1];
      if (following && following !== 'execution') show(following);
    },
    /** Gives the leaver's draft up; the panel then goes home. Resolves to the refusal, if there was one. */
    async discard(): Promise<Refusal | undefined> {
      const reply = await dependencies.send('draft.discard', { run: id });
      if (!reply.ok) return reply.refusal;
      await feed.reach(reply.value.rev);
      return undefined;
    },
  };
});

export type WizardModel = InstanceType<typeof Wizard>;
