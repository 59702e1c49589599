import { computed, createModel, effect, signal } from '@preact/signals';
import type { PlanChange, Selection, Target } from '../offboarding/choices.ts';
import type { Run, ScannedCategory } from '../offboarding/model.ts';
import { decidingCategory } from '../offboarding/plan.ts';
import type { PanelDependencies } from './dependencies.ts';
import { nameOf } from './members.ts';
import { received } from './scan.ts';
import type { WizardModel } from './wizard.ts';
import { nameOfCategory } from './words.ts';

/** One category to hand over, as its card shows it. */
export interface Card {
  category: ScannedCategory;
  target: Target | undefined;
  /** "Same as the customer's new CSM" is possible here. */
  canFollow: boolean;
  /** Items whose receiver an override decides, and how many people those are; undefined while counting. */
  own: { items: number; people: number } | undefined;
  /** Items without a receiver; undefined while counting. */
  unassigned: number | undefined;
  shares: Readonly<Record<string, number>>;
}

/** The bulk changes of one category, latest first. */
export function changesOf(run: Run, category: string): Extract<PlanChange, { kind: 'override' }>[] {
  return run.plan.changes
    .filter((change) => change.kind === 'override' && change.category === category)
    .reverse() as Extract<PlanChange, { kind: 'override' }>[];
}

/** Missing default first, then by count: the order in which one works. */
function cardOrder(run: Run): string[] {
  const missing = (id: string): number => Number(run.plan.defaults[id] === undefined);
  return received(run)
    .sort((a, b) => missing(b.id) - missing(a.id) || (b.count ?? 0) - (a.count ?? 0))
    .map(({ id }) => id);
}

type Undoable = { kind: 'default'; category: string; before: Target | null } | { kind: 'change' };

/** Step 2: who receives what. Every change is an edit of the draft; the last ones can be taken back one by one. */
export const Reassignments = createModel((dependencies: PanelDependencies, wizard: WizardModel) => {
  const { text, voice } = dependencies;
  const undoable: Undoable[] = [];
  /** Frozen while the step is open, so that nothing moves under the pointer; new categories come last. */
  const order = signal<string[]>([]);

  effect(() => {
    const run = wizard.run.value;
    const known = order.peek();
    const fresh = cardOrder(run).filter((id) => !known.includes(id));
    if (fresh.length > 0) order.value = [...known, ...fresh];
  });

  const name = (id: string): string => nameOf(wizard.members.byId.peek(), id);
  const describe = (target: Target | null | undefined): string =>
    !target ? '' : 'member' in target ? name(target.member) : text('target_same');

  const undo = async (change: PlanChange): Promise<void> => {
    if (!(await wizard.edits.edit({ kind: 'undo', change: change.id }))) return;
    if (wizard.done.peek()?.id === change.id) wizard.done.value = undefined;
    const run = wizard.run.peek();
    if (change.kind === 'override') {
      voice.polite(
        text('undone_override', {
          count: change.count,
          category: nameOfCategory(text, run, change.category),
          name: describe(run.plan.defaults[change.category]) || text('nobody'),
        }),
      );
    } else voice.polite(text('undone_fill', { count: change.categories.length }));
  };

  /** Says what was done, with a shortcut to its undo while it is the latest change. */
  const offerUndo = (words: string): void => {
    voice.polite(words);
    const change = wizard.run.peek().plan.changes.at(-1);
    if (!change) return;
    wizard.done.value = { id: change.id, text: words, undo: () => void undo(change) };
  };

  return {
    cards: computed<Card[]>(() => {
      const run = wizard.run.value;
      const tallies = wizard.tallies.byCategory.value;
      const deciding = decidingCategory(run.categories);
      const byId = new Map(received(run).map((category) => [category.id, category]));
      return order.value.flatMap((id) => {
        const category = byId.get(id);
        if (!category) return [];
        const tally = tallies.get(id);
        const people = new Set(changesOf(run, id).flatMap(({ to }) => (to === null ? [] : [to])));
        return [
          {
            category,
            target: run.plan.defaults[id],
            canFollow: category.perCustomer && deciding !== undefined && deciding !== id,
            own: tally ? { items: tally.own, people: people.size } : undefined,
            unassigned: tally?.unassigned,
            shares: tally?.byMember ?? {},
          },
        ];
      });
    }),
    /** Members whom the plan names already, for the top of the picker. */
    used: computed(() => {
      const { plan } = wizard.run.value;
      const ids = new Set<string>();
      for (const target of Object.values(plan.defaults)) if ('member' in target) ids.add(target.member);
      for (const change of plan.changes) if (change.kind === 'override' && change.to) ids.add(change.to);
      return [...ids];
    }),
    /** Categories that a quick fill would set. */
    empty: computed(() => {
      const run = wizard.run.value;
      return received(run).filter(({ id }) => !run.plan.defaults[id]).length;
    }),
    async setDefault(category: string, to: Target | null): Promise<void> {
      const before = wizard.run.peek().plan.defaults[category] ?? null;
      if (!(await wizard.edits.edit({ kind: 'default', category, to }))) return;
      undoable.push({ kind: 'default', category, before });
      if (to)
        voice.polite(
          text('default_spoken', {
            category: nameOfCategory(text, wizard.run.peek(), category),
            name: describe(to),
          }),
        );
    },
    async fill(to: Target): Promise<void> {
      const before = Object.keys(wizard.run.peek().plan.defaults).length;
      if (!(await wizard.edits.edit({ kind: 'fill', to }))) return;
      undoable.push({ kind: 'change' });
      const filled = Object.keys(wizard.run.peek().plan.defaults).length - before;
      offerUndo(text('filled_spoken', { count: filled, name: describe(to) }));
    },
    /** Gives a selection to a member, or back to the category's default (null). `count`: how many items that is. */
    async give(category: string, selection: Selection, to: string | null, count: number): Promise<void> {
      if (!(await wizard.edits.edit({ kind: 'override', category, selection, to, count }))) return;
      undoable.push({ kind: 'change' });
      const run = wizard.run.peek();
      offerUndo(
        text('given_spoken', {
          count,
          category: nameOfCategory(text, run, category),
          name: to === null ? describe(run.plan.defaults[category]) || text('nobody') : name(to),
        }),
      );
    },
    undo,
    /** Takes back the last change of the plan, whatever it was (Ctrl+Z). */
    async undoLast(): Promise<void> {
      const last = undoable.pop();
      if (last?.kind === 'default') {
        if (await wizard.edits.edit({ kind: 'default', category: last.category, to: last.before }))
          voice.polite(
            text('undone_default', { category: nameOfCategory(text, wizard.run.peek(), last.category) }),
          );
        return;
      }
      const change = wizard.run.peek().plan.changes.at(-1);
      if (change) await undo(change);
    },
  };
});

export type ReassignmentsModel = InstanceType<typeof Reassignments>;
