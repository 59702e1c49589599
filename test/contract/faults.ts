import { describe, expect, it } from 'vitest';
import type { FaultName, Fixture } from './fixture.ts';
import { attemptOf, batchOf, begin, categoryOf, faultOf, never, some, wishOf } from './material.ts';

interface Expected {
  kind: string;
  /** For a write; a read is never in doubt. */
  applied: 'no' | 'maybe';
  /** Did the workspace change anything in truth? */
  landed: boolean;
}

const faults: Record<Exclude<FaultName, 'incomplete'>, Expected> = {
  cutBefore: { kind: 'transient', applied: 'maybe', landed: false },
  cutAfter: { kind: 'transient', applied: 'maybe', landed: true },
  unavailable: { kind: 'transient', applied: 'no', landed: false },
  forbidden: { kind: 'forbidden', applied: 'no', landed: false },
  throttled: { kind: 'throttled', applied: 'no', landed: false },
  malformed: { kind: 'invalid', applied: 'maybe', landed: true },
  page: { kind: 'invalid', applied: 'maybe', landed: true },
  signedOut: { kind: 'auth', applied: 'no', landed: false },
};

/** What a connector makes of a workspace that fails. */
export function describeFaults(current: () => Fixture): void {
  describe('when the workspace fails', () => {
    it.each(Object.entries(faults) as [FaultName, Expected][])(
      'R4 a write that meets "%s" says whether it may have landed',
      async (fault, { kind, applied, landed }) => {
        const fixture = current();
        const { workspace, control } = fixture;
        const wish = await wishOf(fixture);
        const count = Math.min(2, await batchOf(fixture));
        const attempt = attemptOf(await begin(fixture), await some(fixture, count), wish);
        await control.failNext('write', fault);
        const error = await faultOf(workspace.apply(attempt, never()));
        expect(error).toMatchObject({ kind, applied });
        expect(error.message).not.toBe('');
        expect(await control.writes()).toBe(landed ? count : 0);
      },
    );

    it.each(Object.entries(faults) as [FaultName, Expected][])(
      'R4 a read that meets "%s" says what it was',
      async (fault, { kind }) => {
        const { workspace, control, leaver, category } = current();
        await control.failNext('read', fault);
        expect(await faultOf(workspace.scan(leaver, [category]))).toMatchObject({ kind, applied: 'no' });
      },
    );

    it('R4 says how long it is asked to wait', async () => {
      const fixture = current();
      const attempt = attemptOf(await begin(fixture), await some(fixture, 1), await wishOf(fixture));
      await fixture.control.failNext('write', 'throttled');
      const error = await faultOf(fixture.workspace.apply(attempt, never()));
      expect(error.retryAfter).toBeGreaterThan(6000);
      expect(error.retryAfter).toBeLessThanOrEqual(7000);
    });

    it('R5 names what it expected of a malformed answer', async () => {
      const { workspace, control, leaver, category } = current();
      await control.failNext('read', 'malformed');
      expect((await faultOf(workspace.scan(leaver, [category]))).message).toMatch(/^Expected .+, got .+\.$/);
    });

    it('R2 guesses no outcome: an answer that leaves one out is an answer to nothing', async () => {
      const fixture = current();
      const items = await some(fixture, Math.min(3, await batchOf(fixture)));
      const attempt = attemptOf(await begin(fixture), items, await wishOf(fixture));
      await fixture.control.failNext('write', 'incomplete');
      const error = await faultOf(fixture.workspace.apply(attempt, never()));
      expect(error).toMatchObject({ kind: 'invalid', applied: 'maybe' });
      expect(error.message).toMatch(/^Expected .+, got .+\.$/);
    });

    it('R1 a write whose answer was lost is found by sending it again, or by reading', async () => {
      const fixture = current();
      const { workspace, control } = fixture;
      const wish = await wishOf(fixture);
      const items = await some(fixture, Math.min(3, await batchOf(fixture)));
      const attempt = attemptOf(await begin(fixture), items, wish);
      await control.failNext('write', 'cutAfter');
      expect((await faultOf(workspace.apply(attempt, never()))).applied).toBe('maybe');
      if ((await categoryOf(fixture)).idempotent)
        expect((await workspace.apply(attempt, never())).map(({ result }) => result)).toEqual(
          items.map(() => 'applied'),
        );
      const refs = items.map((item) => item.ref);
      expect(await workspace.read(fixture.category, refs)).toEqual(
        items.map((item) => ({ ref: item.ref, value: wish(item) })),
      );
      expect(await control.writes()).toBe(items.length);
    });

    it('goes on with a new write token when the old one is not valid any more', async () => {
      const fixture = current();
      const { workspace, control } = fixture;
      const wish = await wishOf(fixture);
      const [first, second] = await some(fixture, 2);
      if (!first || !second) throw new Error('The leaver holds too little.');
      const under = await begin(fixture);
      await workspace.apply(attemptOf(under, [first], wish), never());
      await control.replaceToken?.();
      const [outcome] = await workspace.apply(attemptOf(under, [second], wish), never());
      expect(outcome?.result).toBe('applied');
    });

    it('sends nothing that was called off before its turn', async () => {
      const fixture = current();
      const attempt = attemptOf(await begin(fixture), await some(fixture, 1), await wishOf(fixture));
      const error = await faultOf(fixture.workspace.apply(attempt, AbortSignal.abort(new Error('stopped'))));
      expect(error.applied).toBe('no');
      expect(await fixture.control.writes()).toBe(0);
    });
  });
}
