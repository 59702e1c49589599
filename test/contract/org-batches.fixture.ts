import { onTestFinished } from 'vitest';
import { type BatchRow, standstill } from '../../lib/offboarding/batch.ts';
import type { Batch } from '../../lib/offboarding/batch-model.ts';
import { summarise } from '../../lib/offboarding/batch-summary.ts';
import type { Pause } from '../../lib/offboarding/holdups.ts';
import { createMemoryStore } from '../crash/memory-store.ts';
import { natterboxUserId } from '../sandbox/natterbox/seed.ts';
import type { NatterboxSandboxOptions } from '../sandbox/natterbox/server.ts';
import { createBatchEngine, membersOf } from './batch.fixture.ts';
import { connectOrg } from './natterbox.fixture.ts';

/** An org, and one background over it that offboards several of its users at once; the org ends with the test. */
export async function startOrgBatches(
  options: NatterboxSandboxOptions = {},
  change: Parameters<typeof connectOrg>[1] = {},
) {
  const org = await connectOrg(options, change);
  const { workspace, sandbox } = org;
  onTestFinished(() => sandbox.close());
  const store = createMemoryStore();
  const made = createBatchEngine(store, workspace);
  /** Everybody is chosen and checked. */
  const prepare = async (users: readonly number[]) => {
    const members = await membersOf(workspace, users.map(natterboxUserId));
    const { id } = await made.engine.batches.open('con', members);
    return made.until(id, made.checked);
  };
  /** Everything is ticked and submitted. */
  const begin = async (id: string): Promise<void> => {
    const { batch, rows } = await made.rows(id);
    for (const category of summarise(batch, rows).unacknowledged)
      await made.engine.batches.edit(id, { kind: 'acknowledge', category, ticked: true });
    const now = await made.rows(id);
    await made.engine.batches.start(id, now.batch.rev, summarise(now.batch, now.rows).users);
  };
  const isActive = (user: number): boolean =>
    sandbox.database.get<{ on: number }>(
      'SELECT "nbavs__Enabled__c" AS "on" FROM "nbavs__User__c" WHERE "Id" = ?',
      natterboxUserId(user),
    )?.on === 1;
  return { ...made, org, store, workspace, sandbox, prepare, begin, isActive };
}

/** Nobody is at work, and nobody is left who could be. */
export const ended = ({ batch }: { batch: { phase: string } }): boolean => batch.phase === 'ended';
/** The state of the user with this number. */
export const stateOf = (rows: readonly BatchRow[], user: number): string | undefined =>
  rows.find(({ member }) => member.id === natterboxUserId(user))?.state;

/** Why nobody goes on, as the screen says it. */
export const heldOf = ({ batch, rows }: { batch: Batch; rows: readonly BatchRow[] }): Pause | undefined =>
  batch.pause ?? standstill(rows, new Date());

/** The numbers from one to another, both included. */
export const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_none, index) => from + index);
