import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { RegisteredRun, RunRegistry, Workspace } from '../../lib/workspace/port.ts';
import type { Fixture } from './fixture.ts';
import { activation, attemptOf, begin, faultOf, never, record, some } from './material.ts';

const registryOf = (workspace: Workspace | undefined): RunRegistry => {
  if (!workspace?.runs) throw new Error('This suite needs a registry of runs.');
  return workspace.runs;
};

async function opened(registry: RunRegistry, leaver: string): Promise<RegisteredRun> {
  const answer = await registry.open(`run-${randomUUID()}`, leaver, record());
  if ('conflict' in answer) throw new Error('Another run is in the way.');
  return answer.registered;
}

const lease = 3 * 60_000;

/** The registry of runs: one open run for a leaver, one holder at a time. */
export function describeRuns(current: () => Fixture): void {
  describe('the registry of runs', () => {
    it('W7.2 opens a run once, and the same id again is no conflict', async () => {
      const { workspace, leaver, viewer } = current();
      const registry = registryOf(workspace);
      const run = await opened(registry, leaver);
      expect(run).toMatchObject({ leaver, by: viewer, open: true, record: record() });
      expect(Date.parse(run.leaseUntil)).toBeGreaterThan(Date.parse(run.updatedAt));
      expect(await registry.open(run.id, leaver, record())).toMatchObject({ registered: { id: run.id } });
    });

    it('W7.2 says which run is in the way', async () => {
      const { workspace, colleague, leaver, viewer } = current();
      const run = await opened(registryOf(workspace), leaver);
      expect(await registryOf(colleague).open('run-other', leaver, record())).toMatchObject({
        conflict: { id: run.id, by: viewer, leaver },
      });
    });

    it('keeps what a run stores, and finds it by leaver', async () => {
      const { workspace, colleague, leaver, otherMember } = current();
      const registry = registryOf(workspace);
      const run = await opened(registry, leaver);
      const later = record({ phase: 'paused', note: 'HR-1204', pause: { kind: 'admin' } });
      const stored = await registry.update(run.id, run.fence, later);
      expect(stored).toMatchObject({ fence: run.fence, open: true, record: later });
      expect(await registryOf(colleague).find(leaver)).toMatchObject({ id: run.id, record: later });
      expect(await registry.find(otherMember)).toBeUndefined();
      expect((await registryOf(colleague).listOpen()).map(({ id }) => id)).toEqual([run.id]);
    });

    it.each(['succeeded', 'partial', 'failed', 'discarded', 'superseded'] as const)(
      'ends a run that is %s, still finds it, and makes room for the next',
      async (phase) => {
        const { workspace, leaver } = current();
        const registry = registryOf(workspace);
        const run = await opened(registry, leaver);
        expect(await registry.update(run.id, run.fence, record({ phase }))).toMatchObject({ open: false });
        expect(await registry.listOpen()).toEqual([]);
        expect(await registry.find(leaver)).toMatchObject({ id: run.id, open: false });
        const next = await opened(registry, leaver);
        expect(await registry.find(leaver)).toMatchObject({ id: next.id, open: true });
      },
    );

    it('W7.2 lets nobody take over while the holder shows itself, and anybody afterwards', async () => {
      const { workspace, colleague, leaver, control } = current();
      const mine = registryOf(workspace);
      const theirs = registryOf(colleague);
      const run = await opened(mine, leaver);
      expect(await faultOf(theirs.takeOver(run.id))).toMatchObject({ kind: 'conflict', applied: 'no' });
      await control.pass?.(lease - 30_000);
      await mine.update(run.id, run.fence, record());
      await control.pass?.(lease - 30_000);
      expect((await faultOf(theirs.takeOver(run.id))).kind).toBe('conflict');
      await control.pass?.(31_000);
      const taken = await theirs.takeOver(run.id);
      expect(taken.fence).toBeGreaterThan(run.fence);
      expect(taken.by.id).not.toBe(run.by.id);
    });

    it('refuses whoever was taken over: their record and their writes', async () => {
      const fixture = current();
      const { workspace, colleague, leaver, replacement, control } = fixture;
      const registry = registryOf(workspace);
      const under = await begin(fixture);
      const items = await some(fixture, 1);
      await control.pass?.(lease + 1000);
      const taken = await registryOf(colleague).takeOver(under.run);
      const error = await faultOf(registry.update(under.run, under.fence ?? 0, record()));
      expect(error).toMatchObject({ kind: 'conflict', applied: 'no' });
      const attempt = attemptOf(under, items, replacement);
      expect(await faultOf(workspace.apply(attempt, never()))).toMatchObject({
        kind: 'conflict',
        applied: 'no',
      });
      expect(await control.writes()).toBe(0);
      expect((await registry.find(leaver))?.fence).toBe(taken.fence);
    });

    it('R4 writes nothing of a run in the session of somebody else who knows its fence', async () => {
      const fixture = current();
      const { colleague, leaver, replacement, control } = fixture;
      const under = await begin(fixture);
      const attempt = attemptOf(under, await some(fixture, 1), replacement);
      expect(await faultOf(colleague?.apply(attempt, never()) ?? Promise.resolve())).toMatchObject({
        kind: 'conflict',
        applied: 'no',
      });
      const off = activation(under, leaver, false);
      expect(
        (await faultOf(colleague?.setActive?.(leaver, false, off, never()) ?? Promise.resolve())).kind,
      ).toBe('conflict');
      expect(await control.writes()).toBe(0);
      expect(await control.isActive(leaver)).toBe(true);
    });

    it('R4 sends what belongs to one person in nobody else’s name, whoever has asked who is signed in', async () => {
      const fixture = current();
      const { workspace, leaver, replacement, viewer, control } = fixture;
      const under = { ...(await begin(fixture)), by: viewer.id };
      const attempt = attemptOf(under, await some(fixture, 1), replacement);
      const unregistered = { ...activation(under, leaver, false), fence: undefined };
      await control.signInAs?.('mem_02');
      expect((await workspace.identify()).id).toBe('mem_02');
      for (const write of [
        () => workspace.apply(attempt, never()),
        () => workspace.setActive?.(leaver, false, unregistered, never()) ?? Promise.resolve(),
      ])
        expect(await faultOf(write())).toMatchObject({ kind: 'auth', applied: 'no' });
      expect(await control.writes()).toBe(0);
      expect(await control.isActive(leaver)).toBe(true);
      await control.signInAs?.(viewer.id);
      expect(await workspace.apply(attempt, never())).toMatchObject([{ result: 'applied' }]);
    });

    it('knows no run that nobody opened', async () => {
      const registry = registryOf(current().workspace);
      expect((await faultOf(registry.update('run-none', 1, record()))).kind).toBe('gone');
      expect((await faultOf(registry.takeOver('run-none'))).kind).toBe('gone');
    });
  });
}
