import { computed, createModel, effect, signal } from '@preact/signals';
import type { Refusal } from '../messages/protocol.ts';
import { isAcknowledged } from '../offboarding/acknowledgement.ts';
import { isStale } from '../offboarding/eligibility.ts';
import type { Evidence, Run, ScannedCategory } from '../offboarding/model.ts';
import { coverageOf, isExecuted, removesOnly, totals } from '../offboarding/steps.ts';
import type { PanelDependencies } from './dependencies.ts';
import { isMoving } from './run-feed.ts';
import { isUnread } from './scan.ts';
import { isSlower, paceOf, type Sample, waitOf, withSample } from './time-left.ts';
import type { WizardModel } from './wizard.ts';
import { formatLength, pauseKind, stepName } from './words.ts';

export interface Progress {
  total: number;
  /** Items whose outcome is final. */
  settled: number;
  moved: number;
  skipped: number;
  failed: number;
  unknown: number;
}

/** How far a run is, over its categories. */
export function progressOf(run: Pick<Run, 'steps'>): Progress {
  const sum = totals(run.steps);
  return { ...sum, settled: sum.moved + sum.skipped + sum.failed };
}

/** The end of a run, or undefined while it goes on. */
export type End = 'succeeded' | 'partial' | 'failed' | 'superseded';
function endOf(run: Pick<Run, 'phase'>): End | undefined {
  const { phase } = run;
  return phase === 'succeeded' || phase === 'partial' || phase === 'failed' || phase === 'superseded'
    ? phase
    : undefined;
}

/** What a person still has to do after the run: manual groups with something in them, and what was not read. */
export function stillByHand(run: Pick<Run, 'categories' | 'plan'>): ScannedCategory[] {
  return run.categories.filter(
    (category) => isUnread(category) || (!isExecuted(category, run.plan) && (category.count ?? 0) > 0),
  );
}

/** Manual groups that had something in them when they were ticked, and where nothing is left by now. */
export function goneByHand(
  run: Pick<Run, 'categories' | 'plan' | 'acknowledgements'>,
): { category: ScannedCategory; ticked: number }[] {
  return run.acknowledgements.flatMap(({ category: id, count }) => {
    const category = run.categories.find((each) => each.id === id);
    return category && category.count === 0 && count !== null && count > 0 && !isExecuted(category, run.plan)
      ? [{ category, ticked: count }]
      : [];
  });
}

/** The category that a run paused for, since it cannot be changed from here; and whether an admin has ticked that. */
export function leftByHand(
  run: Pick<Run, 'categories' | 'acknowledgements' | 'pause'>,
): { category: ScannedCategory; acknowledged: boolean } | undefined {
  if (run.pause?.kind !== 'manual') return undefined;
  const category = run.categories.find(({ id }) => id === run.pause?.detail);
  return category && { category, acknowledged: isAcknowledged(run, category) };
}

/** How it is known that the leaver is inactive; undefined where the workspace confirmed it, or they are not. */
export function evidenceOf({ steps }: Pick<Run, 'steps'>): Evidence | undefined {
  return steps.find(({ kind }) => kind === 'deactivate')?.evidence;
}

/** When everything was last seen to be handed over. */
export function verifiedAt({ steps }: Pick<Run, 'steps'>): string | undefined {
  return steps.find(({ kind }) => kind === 'rescan')?.endedAt;
}

export { coverageOf, removesOnly };

/** The failed and unverified items of a run; the number behind "3 did not". */
export function notMoved(run: Pick<Run, 'steps'>): number {
  const sum = progressOf(run);
  return sum.total - sum.moved - sum.skipped;
}

/** Step 5: progress, rate and time left, the rows of each outcome, and how to stop. */
export const Execution = createModel((dependencies: PanelDependencies, wizard: WizardModel) => {
  const { text, voice } = dependencies;
  const samples = signal<readonly Sample[]>([]);
  const best = signal<number | undefined>(undefined);
  const refusal = signal<Refusal | undefined>(undefined);
  const asked = signal<'pause' | 'continue' | 'stop' | 'said' | undefined>(undefined);
  const stopping = signal(false);
  const copied = signal<'no' | 'yes' | 'failed'>('no');
  const now = signal(dependencies.now());

  const progress = computed(() => progressOf(wizard.run.value));
  const wait = computed(() => waitOf(wizard.run.value, now.value));
  const pace = computed(() => paceOf(samples.value, progress.value.total));

  effect(() => {
    let cancel = (): void => {};
    const tick = (): void => {
      now.value = dependencies.now();
      const { phase } = wizard.run.peek();
      if (isMoving(phase)) {
        const waiting = phase !== 'executing' || wait.peek() !== undefined;
        samples.value = withSample(samples.peek(), {
          at: now.peek().getTime(),
          done: progress.peek().settled,
          waiting,
        });
        const left = pace.peek()?.left;
        if (left !== undefined && (best.peek() === undefined || left < (best.peek() ?? 0))) best.value = left;
      }
      cancel = dependencies.after(1_000, tick);
    };
    tick();
    return () => cancel();
  });

  let spokenStep: string | undefined;
  let spokenQuarter = 0;
  let spokenAt = 0;
  const failedSteps = new Set<string>();
  let phase: Run['phase'] | undefined;
  effect(() => {
    const run = wizard.run.value;
    const { settled, total } = progress.value;
    const running = run.steps.find((step) => step.state === 'running');
    const quarter = total === 0 ? 0 : Math.floor((settled / total) * 4);
    const at = dependencies.now().getTime();
    if (running && (running.id !== spokenStep || quarter !== spokenQuarter || at - spokenAt >= 60_000)) {
      spokenStep = running.id;
      spokenQuarter = quarter;
      spokenAt = at;
      const left = pace.peek()?.left;
      const values = {
        step: stepName(text, run, running),
        done: running.moved + running.failed + running.skipped,
        total: running.total,
        percent: total === 0 ? 100 : Math.floor((settled / total) * 100),
      };
      voice.polite(
        left === undefined
          ? text('progress_spoken', values)
          : text('progress_spoken_left', { ...values, left: formatLength(text, left) }),
      );
    }
    for (const step of run.steps)
      if (step.state === 'failed' && !failedSteps.has(step.id)) {
        failedSteps.add(step.id);
        if (phase !== undefined) voice.alert(text('step_failed_spoken', { step: stepName(text, run, step) }));
      }
    if (phase !== undefined && phase !== run.phase) {
      if (run.phase === 'paused') voice.alert(text(`pause_${pauseKind(run.pause)}_spoken`));
      if (endOf(run))
        voice.alert(
          text('end_spoken', {
            moved: progress.value.moved,
            total,
            deactivation: run.steps.find(({ kind }) => kind === 'deactivate')?.state ?? 'none',
          }),
        );
    }
    phase = run.phase;
  });

  const command = async (name: 'run.pause' | 'run.continue' | 'run.stop' | 'run.said'): Promise<void> => {
    const reply = await dependencies.send(name, { run: wizard.run.peek().id });
    refusal.value = reply.ok ? undefined : reply.refusal;
    if (reply.ok) await wizard.feed.reach(reply.value.rev);
    asked.value = undefined;
  };

  // What was done by hand meanwhile is counted again where it can be read, as long as somebody may still be at it.
  effect(() =>
    dependencies.onReturn(() => {
      const { id, phase, endedAt } = wizard.run.peek();
      const recent = endedAt !== undefined && !isStale(endedAt, dependencies.now());
      if (phase === 'waiting' || recent) void dependencies.send('draft.recount', { run: id });
    }),
  );

  return {
    progress,
    pace,
    wait,
    refusal,
    asked,
    stopping,
    copied,
    slower: computed(() => isSlower(best.value, pace.value?.left ?? 0)),
    end: computed(() => endOf(wizard.run.value)),
    async pause(): Promise<void> {
      asked.value = 'pause';
      await command('run.pause');
    },
    async continue(): Promise<void> {
      asked.value = 'continue';
      await command('run.continue');
    },
    /** The admin says that they have set the leaver inactive. */
    async said(): Promise<void> {
      asked.value = 'said';
      await command('run.said');
    },
    askStop(): void {
      stopping.value = true;
    },
    keepRunning(): void {
      stopping.value = false;
    },
    async stop(): Promise<void> {
      asked.value = 'stop';
      await command('run.stop');
      stopping.value = false;
    },
    async copy(summary: string): Promise<void> {
      copied.value = await dependencies.copy(summary).then(
        () => 'yes' as const,
        () => 'failed' as const,
      );
    },
  };
});

export type ExecutionModel = InstanceType<typeof Execution>;
