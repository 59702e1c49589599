import type { ConnectionView } from '../messages/protocol.ts';
import type { Batch } from '../offboarding/batch-model.ts';
import type { Run } from '../offboarding/model.ts';

/** Whether who is signed in may see the runs of a connection: not once its workspace says that they are no admin. */
export function maySee(connections: readonly ConnectionView[], connection: string): boolean {
  return connections.find(({ id }) => id === connection)?.admin !== 'no';
}

/** The runs that who is signed in may see. */
export function permittedRuns(runs: readonly Run[], connections: readonly ConnectionView[]): Run[] {
  return runs.filter((run) => maySee(connections, run.connection));
}

/** The batches that who is signed in may see, the latest first; discarded ones are gone. */
export function permittedBatches(batches: readonly Batch[], connections: readonly ConnectionView[]): Batch[] {
  return batches
    .filter((batch) => batch.phase !== 'discarded' && maySee(connections, batch.connection))
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt));
}
