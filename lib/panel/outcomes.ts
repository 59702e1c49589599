import { computed, createModel, effect, signal } from '@preact/signals';
import type { Column } from '../offboarding/model.ts';
import type { PanelDependencies } from './dependencies.ts';
import type { ExecutionModel } from './execution.ts';
import { createTable } from './table/table.ts';
import type { WizardModel } from './wizard.ts';
import { stepName } from './words.ts';

export type OutcomeState = 'moved' | 'skipped' | 'failed' | 'unknown';

/** The items of one outcome over all categories, in the order of the steps. */
export const OutcomeTable = createModel(
  (dependencies: PanelDependencies, wizard: WizardModel, execution: ExecutionModel, state: OutcomeState) => {
    const { text } = dependencies;
    const table = createTable(dependencies.tables);
    const columns: Column[] = [
      { key: '$title', label: text('outcome_item'), type: 'text', priority: 1, align: 'start' },
      { key: '$category', label: text('outcome_category'), type: 'text', priority: 2, align: 'start' },
      { key: 'customer', label: text('outcome_customer'), type: 'text', priority: 2, align: 'start' },
    ];
    const count = computed(() => execution.progress.value[state]);
    /** How many there were when the rows were read. */
    const shown = signal(count.peek());

    const read = (): void => {
      const run = wizard.run.peek();
      shown.value = count.peek();
      const categories = run.steps.flatMap((step) =>
        step.category !== undefined && step[state] > 0
          ? [{ id: step.category, name: stepName(text, run, step) }]
          : [],
      );
      table.open({
        run: run.id,
        category: '',
        across: { categories, state },
        columns,
        locale: dependencies.locale,
      });
    };
    read();
    effect(() => () => table.dispose());

    return {
      /** What the table component draws; a function, since a model may not be nested whole. */
      source: () => table,
      columns: () => columns,
      count,
      /** How many came or went since the rows were read; they wait until they are asked for. */
      changed: computed(() => Math.abs(count.value - shown.value)),
      read,
    };
  },
);
