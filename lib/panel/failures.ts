import { computed, createModel, effect, signal } from '@preact/signals';
import type { Refusal } from '../messages/protocol.ts';
import type { JournalEntry } from '../offboarding/attempt.ts';
import { failureOf } from '../offboarding/failures.ts';
import type { Run, RunItem } from '../offboarding/model.ts';
import type { PanelDependencies } from './dependencies.ts';
import type { RunFeedModel } from './run-feed.ts';
import { wordsOf } from './words-of.ts';

/** Items read at once while they are grouped. */
const chunk = 2_000;
/** Rows of a group that are shown at first, and with each "show more". */
const page = 20;

/** Items that failed for one reason in the same words. */
export interface FailureGroup {
  failure: string;
  code: NonNullable<RunItem['reason']>['code'];
  /** The workspace's own words; '' where it said nothing. */
  message: string;
  /** Where they are: category and ref, in the order of the steps. */
  refs: { category: string; ref: string }[];
  /** By category, how many. */
  counts: Map<string, number>;
  /** Another member can receive at least some of them. */
  reassignable: boolean;
}

/** Adds items to groups by what they failed of. Pure but for `groups`, which it fills. */
export function groupFailures(
  groups: Map<string, FailureGroup>,
  items: readonly RunItem[],
  reassigned: boolean,
): void {
  for (const item of items) {
    const failure = failureOf(item);
    let group = groups.get(failure);
    if (!group) {
      group = {
        failure,
        code: item.reason?.code ?? 'other',
        message: item.reason?.message ?? '',
        refs: [],
        counts: new Map(),
        reassignable: false,
      };
      groups.set(failure, group);
    }
    group.refs.push({ category: item.category, ref: item.ref });
    group.counts.set(item.category, (group.counts.get(item.category) ?? 0) + 1);
    group.reassignable ||= reassigned;
  }
}

/** What was tried, newest first: how the run went, its steps that did not complete, attempts in which something failed. */
export function triedOf(entries: readonly JournalEntry[]): JournalEntry[] {
  return entries
    .filter(({ kind, data }) => {
      if (kind === 'phase' || kind === 'created') return true;
      if (kind === 'step') return data.state === 'failed' || data.state === 'notRun';
      return kind === 'attempt' && (Number(data.failed ?? 0) > 0 || data.outcome === 'failed');
    })
    .toReversed();
}

/** The review of an ended run: failures by message, their items, what was tried, and how to take it up again. */
export const Failures = createModel((dependencies: PanelDependencies, feed: RunFeedModel, id: string) => {
  const groups = signal<readonly FailureGroup[] | undefined>(undefined);
  const failed = signal<string | undefined>(undefined);
  const rows = signal<ReadonlyMap<string, readonly RunItem[]>>(new Map());
  const receivers = signal<ReadonlyMap<string, string>>(new Map());
  const journal = signal<readonly JournalEntry[]>([]);
  const refusal = signal<Refusal | undefined>(undefined);
  const busy = signal(false);
  let read: string | undefined;

  const load = async (run: Run): Promise<void> => {
    try {
      const found = new Map<string, FailureGroup>();
      for (const { category, failed: count } of run.steps) {
        if (category === undefined || count === 0) continue;
        const reassigned = run.categories.some((each) => each.id === category && each.action === 'reassign');
        let after: string | undefined;
        for (;;) {
          const items = await dependencies.store.items.inState(id, category, 'failed', chunk, after);
          groupFailures(found, items, reassigned);
          after = items.at(-1)?.ref;
          if (items.length < chunk) break;
        }
      }
      groups.value = [...found.values()].sort((a, b) => b.refs.length - a.refs.length);
      rows.value = new Map();
      for (const { failure } of groups.value) await show(failure);
      journal.value = triedOf(await dependencies.store.journal(id));
      failed.value = undefined;
    } catch (error) {
      failed.value = wordsOf(error);
    }
  };
  /** Reads the next rows of a group. */
  const show = async (failure: string): Promise<void> => {
    const group = groups.peek()?.find((each) => each.failure === failure);
    if (!group) return;
    const known = rows.peek().get(failure) ?? [];
    const next = group.refs.slice(known.length, known.length + page);
    const more: RunItem[] = [];
    for (const category of new Set(next.map((each) => each.category))) {
      const refs = next.filter((each) => each.category === category).map(({ ref }) => ref);
      const items = await dependencies.store.items.byRef(id, category, refs);
      more.push(...items.filter((item): item is RunItem => item !== undefined));
    }
    rows.value = new Map(rows.peek()).set(failure, [...known, ...more]);
  };

  effect(() => {
    const run = feed.run.value;
    // Read once for each end of the run: while it goes on, there is nothing to review.
    if (!run?.endedAt || read === run.endedAt) return;
    read = run.endedAt;
    void load(run);
  });

  return {
    groups,
    failed,
    rows,
    receivers,
    journal,
    refusal,
    busy,
    /** Reads once more what could not be read. */
    reread(): void {
      const run = feed.run.peek();
      failed.value = undefined;
      if (run?.endedAt) void load(run);
    },
    count: computed(() => (groups.value ?? []).reduce((sum, { refs }) => sum + refs.length, 0)),
    more: show,
    /** Somebody else receives a group's items; null: as planned. */
    give(failure: string, to: string | null): void {
      const next = new Map(receivers.peek());
      if (to === null) next.delete(failure);
      else next.set(failure, to);
      receivers.value = next;
    },
    /** Takes the run up again; resolves true when it goes on. */
    async retry(): Promise<boolean> {
      busy.value = true;
      refusal.value = undefined;
      const replacements = [...receivers.peek()].map(([failure, to]) => ({ failure, to }));
      const reply = await dependencies.send('run.retry', { run: id, replacements });
      busy.value = false;
      if (!reply.ok) {
        refusal.value = reply.refusal;
        return false;
      }
      await feed.reach(reply.value.rev);
      return true;
    },
  };
});

export type FailuresModel = InstanceType<typeof Failures>;
