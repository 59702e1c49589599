import type { BatchRow } from '../../lib/offboarding/batch.ts';
import { rowOf } from '../../lib/offboarding/batch.ts';
import type { Batch, BatchMember } from '../../lib/offboarding/batch-model.ts';
import type { Store } from '../../lib/store/store.ts';
import type { Workspace } from '../../lib/workspace/port.ts';
import { createBackground } from './engine.fixture.ts';

/** One background over an org: its engine, and how to wait for what a batch comes to. Waits take a 50th of their time. */
export function createBatchEngine(
  store: Store,
  workspace: Workspace,
  options: { hurry?: number; reached?: (place: string) => void | Promise<void> } = {},
) {
  const { hurry = 50, reached } = options;
  let skew = 0;
  const { engine, busy } = createBackground(store, workspace, {
    hurry,
    now: () => new Date(Date.now() + skew),
    ...(reached && { reached }),
  });
  const rows = async (id: string): Promise<{ batch: Batch; rows: BatchRow[] }> => {
    const batch = await store.batch(id);
    if (!batch) throw new Error(`There is no batch ${id}.`);
    const runs = await store.runsById(batch.members.map(({ run }) => run));
    return { batch, rows: batch.members.map((member, index) => rowOf(member, runs[index])) };
  };
  /** Resolves once the batch is so; rejects after a minute. */
  const until = async (
    id: string,
    reached: (state: { batch: Batch; rows: BatchRow[] }) => boolean,
  ): Promise<{ batch: Batch; rows: BatchRow[] }> => {
    for (let turn = 0; turn < 2_400; turn += 1) {
      const state = await rows(id);
      if (reached(state)) return state;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    const { batch, rows: last } = await rows(id);
    throw new Error(`It did not come to that: ${batch.phase} ${last.map(({ state }) => state).join(' ')}`);
  };
  const checked = ({ batch, rows: all }: { batch: Batch; rows: BatchRow[] }): boolean =>
    batch.notes !== undefined && all.every(({ state }) => state !== 'waiting' && state !== 'checking');
  /** So many milliseconds pass at once, and an alarm rings. */
  const later = async (milliseconds: number): Promise<void> => {
    skew += milliseconds;
    await engine.recover();
  };
  return { engine, rows, until, checked, later, busy };
}

/** The users of an org by number, as choosing them gives them. */
export async function membersOf(workspace: Workspace, ids: readonly string[]): Promise<BatchMember[]> {
  const found = await Promise.all(ids.map(async (id) => (await workspace.members({ id })).items[0]));
  return found.flatMap((member) =>
    member ? [{ id: member.id, name: member.name, email: member.email, active: member.active }] : [],
  );
}
