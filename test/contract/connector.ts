import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pageProfileSchema } from '../../lib/workspace/page-profile.ts';
import { describeFaults } from './faults.ts';
import type { Fixture } from './fixture.ts';
import {
  activation,
  applyAll,
  attemptOf,
  begin,
  categoryOf,
  collect,
  faultOf,
  never,
  readable,
  scanAll,
  some,
  wishOf,
} from './material.ts';
import { describeRuns } from './runs.ts';

/** What a connector can do at all; what it cannot is left out of its suite. */
export interface Features {
  /** setActive is there. */
  setActive: boolean;
  /** There is a registry of runs. */
  runs: boolean;
  /** The API says who acts and whether they are an admin. */
  admin?: 'unknown';
  /** Some categories can never be checked, so nobody is ever known to own nothing. */
  guard?: 'unknown';
}

/** What "connector" means: every connector passes this, against a server of its own. */
export function describeConnector(
  name: string,
  makeFixture: () => Promise<Fixture>,
  features: Features,
): void {
  describe(`connector ${name}`, () => {
    let fixture: Fixture;
    beforeEach(async () => {
      fixture = await makeFixture();
    });
    afterEach(() => fixture.close());
    const current = () => fixture;

    describeReading(current, features);
    describeMoving(current);
    describeFaults(current);
    if (features.setActive) describeActivation(current);
    if (features.runs) describeRuns(current);
  });
}

function describeReading(current: () => Fixture, features: Features): void {
  describe('says', () => {
    it('W1.3 who acts', async () => {
      const { workspace, viewer } = current();
      const me = await workspace.identify();
      expect(me).toMatchObject({ ...viewer, admin: features.admin ?? 'yes' });
      expect(me.workspace.id).not.toBe('');
    });

    it('what it offers: limits, a page profile, and only what it can do', () => {
      const { workspace } = current();
      expect(workspace.limits.concurrency).toBeGreaterThanOrEqual(1);
      expect(workspace.limits.settle).toBeGreaterThanOrEqual(0);
      pageProfileSchema.parse(workspace.pages);
      expect(typeof workspace.setActive).toBe(features.setActive ? 'function' : 'undefined');
      expect(typeof workspace.runs).toBe(features.runs ? 'object' : 'undefined');
    });

    it('which members match a search, by pages, each once', async () => {
      const { workspace, search } = current();
      const { text } = search;
      const found = await collect((cursor) =>
        workspace.members({ text, limit: 1, ...(cursor !== undefined && { cursor }) }),
      );
      expect(found.map((member) => member.id).sort()).toEqual([...search.finds].sort());
      const everybody = await collect((cursor) =>
        workspace.members({ limit: 7, ...(cursor !== undefined && { cursor }) }),
      );
      expect(new Set(everybody.map((member) => member.id)).size).toBe(everybody.length);
      expect(everybody.length).toBeGreaterThan(found.length);
    });

    it('nobody for a search that matches nobody, whatever characters it holds', async () => {
      const { workspace } = current();
      for (const text of ['no such person', '"quoted" \\ (and) [more] eq', '%_*'])
        expect((await workspace.members({ text })).items).toEqual([]);
    });

    it('one member by id, and nobody for an unknown id', async () => {
      const { workspace, leaver, unknownMember } = current();
      const [member] = (await workspace.members({ id: leaver })).items;
      expect(member).toMatchObject({ id: leaver, active: true });
      expect(member?.name).not.toBe('');
      expect((await workspace.members({ id: unknownMember })).items).toEqual([]);
    });

    it('W2 what names the leaver: each category once, with a count or the reason why there is none', async () => {
      const { workspace, leaver } = current();
      const survey = await workspace.survey(leaver);
      expect(survey.leaver.id).toBe(leaver);
      const ids = survey.categories.map((category) => category.id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.length).toBeGreaterThan(0);
      for (const category of survey.categories) {
        expect(category.count === null, category.id).toBe(category.unread !== undefined);
        expect(category.batch).toBeGreaterThanOrEqual(1);
        for (const earlier of category.after) expect(ids).toContain(earlier);
      }
    });

    it('W1.4 whether a member owns anything, with counts like the survey', async () => {
      const { workspace, leaver, idleMember } = current();
      expect((await workspace.guard(idleMember)).owns).toBe(features.guard ?? 'none');
      const guard = await workspace.guard(leaver);
      expect(guard.owns).toBe('some');
      const { categories } = await workspace.survey(leaver);
      for (const { category, count } of guard.counts) {
        const surveyed = categories.find(({ id }) => id === category.id);
        expect(count).toBe(surveyed?.count);
        expect(category.outlives ?? false, category.id).toBe(surveyed?.outlives);
      }
    });

    it('that an unknown member is gone', async () => {
      const { workspace, unknownMember } = current();
      expect(await faultOf(workspace.survey(unknownMember))).toMatchObject({ kind: 'gone', applied: 'no' });
    });

    it('every item of every readable category, as many as it counted, none twice', async () => {
      const { workspace, leaver } = current();
      for (const category of readable((await workspace.survey(leaver)).categories)) {
        const items = await scanAll(workspace, leaver, [category.id]);
        expect(items, category.id).toHaveLength(category.count ?? 0);
        expect(new Set(items.map((item) => item.ref)).size, category.id).toBe(items.length);
        for (const item of items) {
          expect(item.category).toBe(category.id);
          if ('member' in item.value) expect(item.value.member).toBe(leaver);
          for (const column of category.columns) expect(Object.keys(item.columns)).toContain(column.key);
        }
      }
    });

    it('the same items when several categories are scanned in one pass', async () => {
      const { workspace, leaver } = current();
      const categories = readable((await workspace.survey(leaver)).categories);
      const items = await scanAll(
        workspace,
        leaver,
        categories.map((category) => category.id),
      );
      const key = (item: { category: string; ref: string }) => `${item.category} ${item.ref}`;
      expect(new Set(items.map(key)).size).toBe(items.length);
      for (const category of categories)
        expect(items.filter((item) => item.category === category.id)).toHaveLength(category.count ?? 0);
    });

    it('that a cursor of something else is not valid', async () => {
      const { workspace, leaver, category } = current();
      const error = await faultOf(workspace.scan(leaver, [category], 'nonsense'));
      expect(error).toMatchObject({ kind: 'invalid', applied: 'no' });
    });
  });
}

function describeMoving(current: () => Fixture): void {
  describe('moves', () => {
    it('W6.3 every item of an attempt, and reads back that it did', async () => {
      const fixture = current();
      const { workspace, control } = fixture;
      const wish = await wishOf(fixture);
      const items = await some(fixture, 5);
      const outcomes = await applyAll(fixture, attemptOf(await begin(fixture), items, wish));
      expect(outcomes).toEqual(
        items.map((item) => ({ ref: item.ref, result: 'applied', value: wish(item) })),
      );
      const refs = items.map((item) => item.ref);
      expect(await workspace.read(fixture.category, refs)).toEqual(
        items.map((item) => ({ ref: item.ref, value: wish(item) })),
      );
      for (const item of items) expect(await control.valueOf(fixture.category, item.ref)).toEqual(wish(item));
      expect(await control.writes()).toBe(5);
    });

    it('R3 nothing that somebody else took meanwhile, and says who has it', async () => {
      const fixture = current();
      const { otherMember, control } = fixture;
      const wish = await wishOf(fixture);
      const [first, taken, last] = await some(fixture, 3);
      if (!first || !taken || !last) throw new Error('The leaver holds too little.');
      await control.setOwner(fixture.category, taken.ref, otherMember);
      const before = await control.writes();
      const attempt = attemptOf(await begin(fixture), [first, taken, last], wish);
      expect(await applyAll(fixture, attempt)).toEqual([
        { ref: first.ref, result: 'applied', value: wish(first) },
        { ref: taken.ref, result: 'conflict', value: { member: otherMember } },
        { ref: last.ref, result: 'applied', value: wish(last) },
      ]);
      expect(await control.valueOf(fixture.category, taken.ref)).toEqual({ member: otherMember });
      expect((await control.writes()) - before).toBe(2);
    });

    it('what there is, and says of the rest that it is gone', async () => {
      const fixture = current();
      const { workspace, unknownRef } = fixture;
      const wish = await wishOf(fixture);
      const [item] = await some(fixture, 1);
      if (!item) throw new Error('The leaver holds nothing.');
      const attempt = attemptOf(await begin(fixture), [{ ...item, ref: unknownRef }, item], wish);
      // Where items are removed, one that is not there is as it was wished.
      const removed = 'absent' in wish(item);
      const outcomes = await applyAll(fixture, attempt);
      expect(outcomes).toEqual([
        removed
          ? { ref: unknownRef, result: 'conflict', value: { absent: true } }
          : expect.objectContaining({ ref: unknownRef, result: 'failed', code: 'gone' }),
        { ref: item.ref, result: 'applied', value: wish(item) },
      ]);
      expect(await workspace.read(fixture.category, [unknownRef, item.ref])).toEqual([
        removed
          ? { ref: unknownRef, value: { absent: true } }
          : { ref: unknownRef, unreadable: expect.stringMatching(/./), gone: true },
        { ref: item.ref, value: wish(item) },
      ]);
    });

    it('nothing to somebody who does not exist', async () => {
      const fixture = current();
      const items = await some(fixture, 2);
      const attempt = attemptOf(await begin(fixture), items, fixture.unknownMember);
      const outcomes = await applyAll(fixture, attempt);
      expect(outcomes.map(({ ref, result }) => [ref, result])).toEqual(
        items.map(({ ref }) => [ref, 'failed']),
      );
      expect(await fixture.control.writes()).toBe(0);
    });

    it('R1 once only, however often the same attempt is sent', async () => {
      const fixture = current();
      const { control } = fixture;
      const wish = await wishOf(fixture);
      const items = await some(fixture, 3);
      const attempt = attemptOf(await begin(fixture), items, wish);
      const outcomes = await applyAll(fixture, attempt);
      const writes = await control.writes();
      const { idempotent } = await categoryOf(fixture);
      const again = await applyAll(fixture, { ...attempt, tries: 2 });
      // Where the workspace keeps no keys, the condition itself must hold the second one back.
      const twice = items.map((item) => ({ ref: item.ref, result: 'conflict', value: wish(item) }));
      expect(again).toEqual(idempotent ? outcomes : twice);
      expect(await control.writes()).toBe(writes);
    });

    it('what a survey afterwards no longer counts', async () => {
      const fixture = current();
      const { workspace, leaver } = fixture;
      const wish = await wishOf(fixture);
      const countOf = async () =>
        (await workspace.survey(leaver)).categories.find(({ id }) => id === fixture.category)?.count ?? 0;
      const before = await countOf();
      await applyAll(fixture, attemptOf(await begin(fixture), await some(fixture, 4), wish));
      expect(await countOf()).toBe(before - 4);
    });
  });
}

function describeActivation(current: () => Fixture): void {
  describe('the deactivation', () => {
    it('W6.5 sets a member inactive, and active again', async () => {
      const fixture = current();
      const { workspace, leaver, control } = fixture;
      const under = await begin(fixture);
      await workspace.setActive?.(leaver, false, activation(under, leaver, false), never());
      expect(await control.isActive(leaver)).toBe(false);
      expect((await workspace.members({ id: leaver })).items[0]?.active).toBe(false);
      await workspace.setActive?.(leaver, true, activation(under, leaver, true), never());
      expect(await control.isActive(leaver)).toBe(true);
    });

    it('has no second effect when it is sent again, and none is no error', async () => {
      const fixture = current();
      const { workspace, leaver, control } = fixture;
      const attempt = activation(await begin(fixture), leaver, false);
      await workspace.setActive?.(leaver, false, attempt, never());
      const writes = await control.writes();
      await workspace.setActive?.(leaver, false, attempt, never());
      expect(await control.writes()).toBe(writes);
      expect(await control.isActive(leaver)).toBe(false);
    });

    it('says that an unknown member is gone', async () => {
      const fixture = current();
      const { workspace, unknownMember } = fixture;
      const attempt = activation(await begin(fixture), unknownMember, false);
      const error = await faultOf(
        workspace.setActive?.(unknownMember, false, attempt, never()) ?? Promise.resolve(),
      );
      expect(error).toMatchObject({ kind: 'gone', applied: 'no' });
    });
  });
}
