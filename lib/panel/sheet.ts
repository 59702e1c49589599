import { computed, createModel, effect, signal } from '@preact/signals';
import type { ScannedCategory } from '../offboarding/model.ts';
import { decidingCategory } from '../offboarding/plan.ts';
import { isExecuted } from '../offboarding/steps.ts';
import type { PanelDependencies } from './dependencies.ts';
import type { ReassignmentsModel } from './reassignments.ts';
import { changesOf } from './reassignments.ts';
import { requestOf } from './rows.ts';
import type { PlanRequest } from './table/projection.ts';
import { createTable } from './table/table.ts';
import type { WizardModel } from './wizard.ts';

/** From so many items on, giving them away is asked once more. */
const manyItems = 500;

/** A change of the selection that waits for a yes. */
export interface Pending {
  to: string | null;
  count: number;
}

/** The rows of one category, and, while the plan can be changed, who receives which of them. */
export const CategoryTable = createModel(
  (dependencies: PanelDependencies, wizard: WizardModel, reassignments: ReassignmentsModel, id: string) => {
    const table = createTable(dependencies.tables);
    const pending = signal<Pending | undefined>(undefined);
    const category = computed<ScannedCategory | undefined>(() =>
      wizard.run.value.categories.find((each) => each.id === id),
    );
    const editable = computed(() => {
      const given = category.value;
      return (
        given !== undefined &&
        wizard.run.value.phase === 'draft' &&
        wizard.screen.value === 'reassignments' &&
        isExecuted(given, wizard.run.value.plan)
      );
    });
    const plan = computed<PlanRequest>(() => {
      const run = wizard.run.value;
      const members = [...wizard.members.byId.value.values()];
      const sends = category.value?.needsSender === true;
      return {
        plan: run.plan,
        leaver: run.leaver.id,
        deciding: decidingCategory(run.categories),
        names: Object.fromEntries(members.map((member) => [member.id, member.name])),
        warned: members
          .filter(
            ({ active, leaving, sender }) =>
              !active || leaving || (sends && (sender?.mailbox !== 'yes' || sender.signature !== 'yes')),
          )
          .map((member) => member.id),
      };
    });

    let openedFor: string | undefined;
    effect(() => {
      const run = wizard.run.value;
      if (!category.value) return;
      const scan = run.scan.endedAt ?? '';
      const request = requestOf(run, category.value, dependencies.locale);
      if (openedFor === undefined) table.open(request, plan.peek());
      else if (openedFor !== scan) table.reload(request.edition);
      openedFor = scan;
    });
    let sent: string | undefined;
    effect(() => {
      const next = plan.value;
      const key = JSON.stringify([next.plan, next.warned, Object.keys(next.names).length]);
      if (sent !== undefined && sent !== key) table.setPlan(next);
      sent = key;
    });
    // The word about what was just done lies where the controls of a selection come up.
    effect(() => {
      if (table.selectedCount.value > 0) wizard.done.value = undefined;
    });
    effect(() => () => table.dispose());

    const apply = async ({ to }: Pending): Promise<void> => {
      pending.value = undefined;
      const count = table.selectedCount.peek();
      const selection = await table.selection();
      table.clearSelection();
      await reassignments.give(id, selection, to, count);
    };

    return {
      /** What the table component draws; a function, since a model may not be nested whole. */
      source: () => table,
      summary: table.summary,
      category,
      editable,
      pending,
      changes: computed(() => changesOf(wizard.run.value, id)),
      /** Gives what is selected to a member, or back to the default; many items are asked about first. */
      async give(to: string | null): Promise<void> {
        // How many a search finds is known once all rows are read.
        await table.settled();
        const count = table.selectedCount.peek();
        if (count === 0) return;
        if (count > manyItems) pending.value = { to, count };
        else await apply({ to, count });
      },
      async giveRow(ref: string, to: string | null): Promise<void> {
        await reassignments.give(id, { refs: [ref] }, to, 1);
      },
      async confirm(): Promise<void> {
        const asked = pending.peek();
        if (asked) await apply(asked);
      },
      cancel(): void {
        pending.value = undefined;
      },
    };
  },
);

export type CategoryTableModel = InstanceType<typeof CategoryTable>;
