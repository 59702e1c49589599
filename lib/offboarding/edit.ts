import { z } from 'zod';
import { selectionSchema, type Target, targetSchema } from './choices.ts';
import type { Run } from './model.ts';
import { withChange, withDefault, withoutChange } from './plan.ts';
import { modes, screens } from './states.ts';
import { executedCategories } from './steps.ts';

const id = z.string().min(1).max(512);

/** A change of a draft, as the wizard asks for it. */
export const editSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('mode'), mode: z.enum(modes) }),
  z.strictObject({ kind: z.literal('screen'), screen: z.enum(screens) }),
  z.strictObject({ kind: z.literal('default'), category: id, to: targetSchema.nullable() }),
  z.strictObject({ kind: z.literal('fill'), to: targetSchema }),
  z.strictObject({
    kind: z.literal('override'),
    category: id,
    selection: selectionSchema,
    to: id.nullable(),
    count: z.int().nonnegative(),
  }),
  z.strictObject({ kind: z.literal('undo'), change: id }),
  z.strictObject({ kind: z.literal('select'), category: id, selected: z.boolean() }),
  z.strictObject({ kind: z.literal('acknowledge'), category: id, ticked: z.boolean() }),
  z.strictObject({ kind: z.literal('note'), note: z.string().max(200) }),
]);
export type Edit = z.infer<typeof editSchema>;

/** An edit that the run does not allow now; `code` says whether it is locked or the edit itself is wrong. */
export class EditRefused extends Error {
  override readonly name = 'EditRefused';
  readonly code: 'locked' | 'incomplete';

  /** `detail`: one sentence for the admin. */
  constructor(code: 'locked' | 'incomplete', detail: string) {
    super(detail);
    this.code = code;
  }
}

/**
 * The run after an edit. `at` is now, `newId` names a change so that it can be taken back, `editor` is recorded with
 * acknowledgements. A run that has started takes only what it paused to ask for: a default, or a tick. Throws
 * EditRefused.
 */
export function applyEdit(run: Run, edit: Edit, at: string, newId: string, editor: string): Run {
  const asksForDefault = run.phase === 'paused' && run.pause?.kind === 'newItems';
  const asksForTick = run.phase === 'paused' && run.pause?.kind === 'manual' && edit.kind === 'acknowledge';
  const asked =
    (asksForDefault && edit.kind === 'default') || (asksForTick && edit.category === run.pause?.detail);
  if (run.phase !== 'draft' && !asked)
    throw new EditRefused('locked', 'This run has started; its plan cannot be changed any more.');
  switch (edit.kind) {
    case 'mode':
      if (edit.mode === 'executeAndDeactivate' && !run.leaver.active)
        throw new EditRefused(
          'incomplete',
          `${run.leaver.name} is inactive already, so there is nobody to deactivate.`,
        );
      return { ...run, mode: edit.mode };
    case 'screen':
      if (edit.screen === 'execution')
        throw new EditRefused('incomplete', 'Only Start leads to the execution.');
      return { ...run, screen: edit.screen };
    case 'note':
      return { ...run, note: edit.note };
    case 'default':
      refuseLeaver(run, receiverOf(edit.to));
      return { ...run, plan: withDefault(run.plan, edit.category, edit.to) };
    case 'fill': {
      refuseLeaver(run, receiverOf(edit.to));
      const categories = executedCategories(run.categories, run.plan)
        .filter((category) => (category.count ?? 0) > 0 && !run.plan.defaults[category.id])
        .filter((category) => 'member' in edit.to || category.perCustomer)
        .map((category) => category.id);
      if (categories.length === 0) return run;
      return { ...run, plan: withChange(run.plan, { kind: 'fill', id: newId, at, categories, to: edit.to }) };
    }
    case 'override': {
      refuseLeaver(run, edit.to);
      const { category, selection, to, count } = edit;
      return {
        ...run,
        plan: withChange(run.plan, { kind: 'override', id: newId, at, category, selection, to, count }),
      };
    }
    case 'undo':
      return { ...run, plan: withoutChange(run.plan, edit.change) };
    case 'select': {
      const selected = run.plan.selected.filter((category) => category !== edit.category);
      if (edit.selected) selected.push(edit.category);
      return { ...run, plan: { ...run.plan, selected } };
    }
    case 'acknowledge': {
      const category = run.categories.find((each) => each.id === edit.category);
      if (!category) throw new EditRefused('incomplete', `This run has no category ${edit.category}.`);
      const acknowledgements = run.acknowledgements.filter((each) => each.category !== edit.category);
      if (edit.ticked)
        acknowledgements.push({ category: edit.category, by: editor, at, count: category.count });
      return { ...run, acknowledgements };
    }
  }
}

/** The member whom a target names; one who is meant only where the customer says nobody is named as well. */
function receiverOf(target: Target | null): string | null {
  if (!target) return null;
  return 'member' in target ? target.member : (target.otherwise ?? null);
}

function refuseLeaver(run: Run, receiver: string | null): void {
  if (receiver === run.leaver.id)
    throw new EditRefused(
      'incomplete',
      `${run.leaver.name} is the one who leaves and cannot receive anything.`,
    );
}
