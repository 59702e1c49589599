import { computed, createModel, effect, signal } from '@preact/signals';
import type { Problem, Refusal } from '../messages/protocol.ts';
import { acknowledgementOf } from '../offboarding/acknowledgement.ts';
import type { Run, ScannedCategory, Screen, Step } from '../offboarding/model.ts';
import { isExecuted, stepsOf } from '../offboarding/steps.ts';
import type { PanelDependencies } from './dependencies.ts';
import { handedOver, isUnread } from './scan.ts';
import { controlId } from './steps.ts';
import type { TallyMap } from './tallies.ts';
import type { WizardModel } from './wizard.ts';

/** Where a problem is put right: a screen, and the control on it. */
export function fixOf(problem: Problem): { screen: Screen; target: string } {
  switch (problem.kind) {
    case 'staleScan':
      return { screen: 'scan', target: 'scan-again' };
    case 'blocked':
      return { screen: 'scan', target: 'blockers' };
    case 'unacknowledged':
      return {
        screen: 'future',
        target: problem.category ? controlId('future', problem.category) : 'step-title',
      };
    default:
      return {
        screen: 'reassignments',
        target: problem.category ? controlId('reassignments', problem.category) : 'step-title',
      };
  }
}

/** One receiver's book of customers and tasks, before and after. */
export interface Book {
  member: string;
  today: number | undefined;
  added: number;
}

/** What each receiver gets, over the given categories; most first. */
function recipientsOf(run: Run, tallies: TallyMap, categories?: readonly string[]): Map<string, number> {
  const sum = new Map<string, number>();
  for (const { id } of handedOver(run)) {
    if (categories && !categories.includes(id)) continue;
    for (const [member, count] of Object.entries(tallies.get(id)?.byMember ?? {}))
      sum.set(member, (sum.get(member) ?? 0) + count);
  }
  return new Map([...sum].sort(([, a], [, b]) => b - a));
}

/** A run of this connection that finished earlier and moved enough to tell how fast this workspace is. */
export function measuredPace(
  runs: readonly Run[],
  connection: string,
): { perMinute: number; at: string } | undefined {
  const candidates = runs
    .filter(
      (run) => run.connection === connection && run.phase === 'succeeded' && run.startedAt && run.endedAt,
    )
    .map((run) => ({
      at: run.endedAt ?? '',
      items: run.steps.reduce((sum, step) => sum + (step.kind === 'category' ? step.moved : 0), 0),
      milliseconds: Date.parse(run.endedAt ?? '') - Date.parse(run.startedAt ?? ''),
    }))
    .filter(({ items, milliseconds }) => items >= 50 && milliseconds > 0)
    .sort((a, b) => b.at.localeCompare(a.at));
  const [latest] = candidates;
  return latest && { at: latest.at, perMinute: Math.round((latest.items / latest.milliseconds) * 60_000) };
}

/** The boxes that must be ticked before Start. */
export type Box = 'recipients' | 'timelines' | 'manual' | 'access';

/** Step 4: everything once more, and Start. */
export const Review = createModel((dependencies: PanelDependencies, wizard: WizardModel) => {
  const problems = signal<Problem[] | undefined>(undefined);
  const refusal = signal<Refusal | undefined>(undefined);
  const checking = signal(false);
  const starting = signal(false);
  const confirming = signal(false);
  const ticked = signal<ReadonlySet<Box>>(new Set());
  const pace = signal<{ perMinute: number; at: string } | undefined>(undefined);

  const check = async (): Promise<void> => {
    checking.value = true;
    const reply = await dependencies.send('run.check', { run: wizard.run.peek().id });
    if (reply.ok) problems.value = reply.value.problems;
    refusal.value = reply.ok ? undefined : reply.refusal;
    checking.value = false;
  };
  effect(() => {
    if (wizard.screen.value !== 'review') return;
    ticked.value = new Set();
    dependencies.painted(() => {
      void check();
      void dependencies.store.runs().then(
        (runs) => {
          pace.value = measuredPace(runs, wizard.run.peek().connection);
        },
        () => {},
      );
    });
  });

  const items = computed(() =>
    handedOver(wizard.run.value).reduce((sum, { count }) => sum + (count ?? 0), 0),
  );
  const boxes = computed<Box[]>(() => {
    const run = wizard.run.value;
    const result: Box[] = items.value > 0 ? ['recipients'] : [];
    result.push('manual');
    if (run.mode === 'executeAndDeactivate') result.push('access');
    return result;
  });
  const blocking = computed(() => (problems.value ?? []).filter((problem) => problem.blocking).length);
  const steps = computed<Step[]>(() => stepsOf(wizard.run.value));

  return {
    problems,
    refusal,
    checking,
    starting,
    confirming,
    ticked,
    boxes,
    items,
    steps,
    blocking,
    check,
    /** Items given to each receiver, most first. */
    recipients: computed(() => recipientsOf(wizard.run.value, wizard.tallies.byCategory.value)),
    /** Customers before and after, for everybody who receives some and whose book the workspace tells. */
    books: computed<Book[]>(() => {
      const run = wizard.run.value;
      const deciding = run.categories.filter((category) => category.decidesCustomer).map(({ id }) => id);
      const members = wizard.members.byId.value;
      return [...recipientsOf(run, wizard.tallies.byCategory.value, deciding)].map(([member, added]) => ({
        member,
        added,
        today: members.get(member)?.holds?.customers,
      }));
    }),
    /** Median of what active members hold, without the leaver; undefined where the workspace does not tell. */
    median: computed(() => {
      const { leaver } = wizard.run.value;
      const values = [...wizard.members.byId.value.values()]
        .filter(({ id, active }) => active && id !== leaver.id)
        .flatMap(({ holds }) => (holds?.customers === undefined ? [] : [holds.customers]))
        .filter((value) => value > 0)
        .sort((a, b) => a - b);
      return wizard.members.all.value ? values[Math.floor(values.length / 2)] : undefined;
    }),
    /** Manual groups with their ticks, and what else stays as it is. */
    manual: computed(() => {
      const run = wizard.run.value;
      return run.categories
        .filter(
          (category) => isUnread(category) || (!isExecuted(category, run.plan) && (category.count ?? 0) > 0),
        )
        .map((category: ScannedCategory) => ({ category, tick: acknowledgementOf(run, category.id) }));
    }),
    /** Milliseconds that the run will take, going by an earlier one; undefined without one. */
    length: computed(
      () => pace.value && { ...pace.value, milliseconds: (items.value / pace.value.perMinute) * 60_000 },
    ),
    /** What keeps Start disabled, and where to put it right. */
    gap: computed<{ kind: 'checking' | 'problems' | 'boxes'; count: number; target: string } | undefined>(
      () => {
        if (refusal.value) return { kind: 'problems', count: 1, target: 'review-problems' };
        if (!problems.value) return { kind: 'checking', count: 1, target: 'step-title' };
        if (blocking.value > 0) return { kind: 'problems', count: blocking.value, target: 'review-problems' };
        const open = boxes.value.filter((box) => !ticked.value.has(box));
        return open[0] && { kind: 'boxes', count: open.length, target: `review-box-${open[0]}` };
      },
    ),
    tick(box: Box, on: boolean): void {
      const next = new Set(ticked.peek());
      if (on) next.add(box);
      else next.delete(box);
      ticked.value = next;
    },
    /** Checks everything again; opens the final confirmation only when nothing is in the way. */
    async confirm(): Promise<void> {
      await check();
      if (!refusal.peek() && blocking.peek() === 0) confirming.value = true;
    },
    cancel(): void {
      confirming.value = false;
    },
    /** The one thing that starts the execution. */
    async start(): Promise<void> {
      if (starting.peek()) return;
      starting.value = true;
      const run = wizard.run.peek();
      const reply = await dependencies.send('run.start', { run: run.id, rev: run.rev });
      if (reply.ok) await wizard.feed.reach(reply.value.rev);
      else {
        refusal.value = reply.refusal;
        if (reply.refusal.code === 'stale') await wizard.feed.reach(run.rev + 1);
      }
      confirming.value = false;
      starting.value = false;
    },
  };
});

export type ReviewModel = InstanceType<typeof Review>;
