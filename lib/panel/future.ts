import { computed, createModel, effect, signal } from '@preact/signals';
import { acknowledgementOf, isAcknowledged } from '../offboarding/acknowledgement.ts';
import type { Acknowledgement, Run, ScannedCategory } from '../offboarding/model.ts';
import { isExecuted, needsAcknowledgement } from '../offboarding/steps.ts';
import type { PanelDependencies } from './dependencies.ts';
import { isUnread } from './scan.ts';
import type { WizardModel } from './wizard.ts';
import { nameOfCategory } from './words.ts';

export interface ManualCard {
  category: ScannedCategory;
  unread: boolean;
  /** The tick that stands for today's count. */
  acknowledged: Acknowledgement | undefined;
  /** A tick was given for another count and does not stand any more. */
  cleared: { from: number | null; to: number | null } | undefined;
  /** Nothing is left of it: folded, no tick needed. */
  empty: boolean;
  /** The run does it, because the admin ticked that; undefined where the run cannot. */
  selected: boolean | undefined;
}

const kindOrder = ['approvals.pending', 'emails.scheduled', 'mailboxes.connected', 'signatures'];

/** Tokens first, then what could not be checked, then by kind. */
function rank(category: ScannedCategory): number {
  if (category.kind === 'tokens.api') return 0;
  if (isUnread(category)) return 1;
  const index = kindOrder.indexOf(category.kind);
  return index < 0 ? 2 + kindOrder.length : 2 + index;
}

/** The manual categories to look at: those with something in them, and those met before that are empty now. */
function manualCategories(run: Run, met: ReadonlySet<string>): ScannedCategory[] {
  return run.categories
    .filter(
      (category) =>
        needsAcknowledgement(category, run.plan) ||
        (category.selectable && (category.count ?? 0) > 0) ||
        (met.has(category.id) && !isExecuted(category, run.plan)),
    )
    .sort((a, b) => rank(a) - rank(b) || a.order - b.order);
}

/** Step 3: what a person has to do. Coming back to the page counts again. */
export const FutureImpact = createModel((dependencies: PanelDependencies, wizard: WizardModel) => {
  const { voice } = dependencies;
  const counting = signal(false);
  const failed = signal<string | undefined>(undefined);
  const met = signal<ReadonlySet<string>>(new Set());
  /** Ticks that went away because the count changed: by category, the counts before and after. */
  const cleared = signal<ReadonlyMap<string, { from: number | null; to: number | null }>>(new Map());

  let ticks = new Map<string, Acknowledgement>();
  effect(() => {
    const run = wizard.run.value;
    const next = new Map(run.acknowledgements.map((each) => [each.category, each]));
    for (const category of run.categories) {
      const before = ticks.get(category.id);
      if (!before || isAcknowledged(run, category) || before.count === category.count) continue;
      if (category.count === 0) {
        // Should something appear again, it is said against what was ticked then.
        next.set(category.id, before);
        continue;
      }
      cleared.value = new Map(cleared.peek()).set(category.id, { from: before.count, to: category.count });
      voice.alert(
        dependencies.text('tick_cleared_spoken', {
          category: nameOfCategory(dependencies.text, run, category.id),
          from: before.count ?? 0,
          to: category.count ?? 0,
        }),
      );
      next.delete(category.id);
    }
    ticks = next;
    const seen = run.categories.filter((category) => needsAcknowledgement(category, run.plan));
    if (seen.some(({ id }) => !met.peek().has(id)))
      met.value = new Set([...met.peek(), ...seen.map(({ id }) => id)]);
  });

  const recount = async (): Promise<void> => {
    if (counting.peek()) return;
    counting.value = true;
    const reply = await dependencies.send('draft.recount', { run: wizard.run.peek().id });
    if (reply.ok) {
      await wizard.feed.reach(reply.value.rev);
      failed.value = undefined;
    } else failed.value = reply.refusal.detail;
    counting.value = false;
  };
  effect(() =>
    dependencies.onReturn(() => {
      const run = wizard.run.peek();
      if (run.phase === 'draft' && wizard.screen.peek() === 'future') void recount();
    }),
  );

  return {
    counting,
    failed,
    recount,
    cards: computed<ManualCard[]>(() => {
      const run = wizard.run.value;
      return manualCategories(run, met.value).map((category) => {
        const acknowledged = isAcknowledged(run, category) ? acknowledgementOf(run, category.id) : undefined;
        const from = cleared.value.get(category.id)?.from;
        return {
          category,
          unread: isUnread(category),
          acknowledged,
          cleared:
            acknowledged || from === undefined || from === category.count
              ? undefined
              : { from, to: category.count },
          empty: category.count === 0,
          selected: category.selectable ? run.plan.selected.includes(category.id) : undefined,
        };
      });
    }),
    /** Has the run do a manual group, or leaves it to a person again. */
    async select(category: string, selected: boolean): Promise<void> {
      await wizard.edits.edit({ kind: 'select', category, selected });
    },
    async tick(category: string, ticked: boolean): Promise<void> {
      const next = new Map(cleared.peek());
      next.delete(category);
      cleared.value = next;
      if (!ticked) ticks.delete(category);
      await wizard.edits.edit({ kind: 'acknowledge', category, ticked });
    },
  };
});

export type FutureImpactModel = InstanceType<typeof FutureImpact>;
