import { describe, expect, it } from 'vitest';
import type { BatchRow } from '../../lib/offboarding/batch.ts';
import { refusalOf } from '../sandbox/natterbox/mishaps.ts';
import { natterboxUserId, people } from '../sandbox/natterbox/seed.ts';
import { orgOrigin } from './natterbox.fixture.ts';
import { ended, heldOf, numbers, startOrgBatches, stateOf } from './org-batches.fixture.ts';

/** Bulk (N5): what changes between the check, Submit, and the turn of each user. */

const day = 24 * 60 * 60_000;
/** Linked to an active Salesforce user, active themselves. */
const users = numbers(42, 60).filter((user) => user % 29 !== 0 && user % 17 !== 0);
const reasonOf = (rows: readonly BatchRow[], user: number): string =>
  JSON.stringify(rows.find(({ member }) => member.id === natterboxUserId(user))?.reason ?? null);

describe('N5 later than the check', () => {
  it('W7.1 paused for 25 hours and continued: everybody is checked again and offboarded, nobody is dropped', async () => {
    const { prepare, begin, until, later, engine, busy, sandbox, isActive } = await startOrgBatches({
      settings: { writeTime: 10 },
    });
    const { batch } = await prepare(users);
    await begin(batch.id);
    await until(batch.id, ({ rows }) => rows.some(({ state }) => state === 'succeeded'));
    await engine.batches.pause(batch.id);
    const paused = await until(batch.id, ({ rows }) => rows.every(({ state }) => state !== 'running'));
    // What was in flight comes to its end.
    await expect.poll(busy, { timeout: 20_000 }).toEqual([]);
    expect(paused.rows.some(({ state }) => state === 'ready')).toBe(true);
    const writes = sandbox.writes();
    await later(day + 3_600_000);
    expect(sandbox.writes()).toBe(writes);
    await engine.batches.continue(batch.id);
    const { rows } = await until(batch.id, ended);
    expect(rows.map(({ state }) => state)).toEqual(rows.map(() => 'succeeded'));
    expect(users.filter(isActive)).toEqual([]);
  }, 60_000);

  it('issue 5: the daily limit is reached for 25 hours: everybody is offboarded all the same', async () => {
    const { prepare, begin, until, later, sandbox, isActive } = await startOrgBatches();
    const { batch } = await prepare(users);
    const { calls } = sandbox.org.settings;
    calls.allowed = calls.used + 40;
    await begin(batch.id);
    const held = await until(batch.id, (state) => heldOf(state)?.kind === 'unreachable');
    expect(heldOf(held)?.detail).toContain('API calls');
    expect(heldOf(held)?.resumeAt).toBeDefined();
    calls.allowed = calls.used;
    await later(day + 3_600_000);
    calls.allowed = 100_000;
    const { rows } = await until(batch.id, (state) => {
      void later(16 * 60_000);
      return ended(state);
    });
    expect(rows.map(({ state, reason }) => [state, reason])).toEqual(
      rows.map(() => ['succeeded', undefined]),
    );
    expect(users.filter(isActive)).toEqual([]);
  }, 60_000);

  it('N2 who came to be blocked after the check is not begun, and nothing of theirs is changed', async () => {
    const { prepare, begin, until, sandbox, isActive } = await startOrgBatches();
    const { batch } = await prepare(users);
    const [first = 0, second = 0] = users;
    sandbox.database.run(
      'UPDATE "User" SET "IsActive" = 0 WHERE "Id" = (SELECT "nbavs__User__c" FROM "nbavs__User__c" WHERE "Id" = ?)',
      natterboxUserId(first),
    );
    sandbox.database.run(
      'INSERT INTO "nbavs__PhoneNumber__c" ("Id", "Name", "CreatedDate", "nbavs__User__c") VALUES (?, ?, ?, ?)',
      'a0P000000009999AAA',
      '+44 20 7946 0999',
      new Date().toISOString(),
      natterboxUserId(second),
    );
    const memberships = (user: number): number =>
      sandbox.database.get<{ n: number }>(
        'SELECT count(*) AS n FROM "nbavs__GroupMember__c" WHERE "nbavs__User__c" = ?',
        natterboxUserId(user),
      )?.n ?? 0;
    const before = [memberships(first), memberships(second)];
    await begin(batch.id);
    const { rows } = await until(batch.id, ended);
    expect(stateOf(rows, first)).toBe('blocked');
    expect(reasonOf(rows, first)).toContain('is inactive');
    // More is left to a person than was ticked.
    expect(stateOf(rows, second)).toBe('refused');
    expect(reasonOf(rows, second)).toContain('left to a person');
    expect([memberships(first), memberships(second)]).toEqual(before);
    expect([first, second].map(isActive)).toEqual([true, true]);
    expect(rows.filter(({ state }) => state === 'succeeded')).toHaveLength(users.length - 2);
  }, 60_000);

  it('issue 5: API access refused in mid-run stands the batch still in its own words; continued, it ends', async () => {
    const { prepare, begin, until, later, engine, sandbox, isActive } = await startOrgBatches({
      settings: { writeTime: 10 },
    });
    const { batch } = await prepare(users);
    await begin(batch.id);
    await until(batch.id, () => sandbox.writes() > 10);
    sandbox.org.settings.apiAccess = false;
    const held = await until(batch.id, (state) => heldOf(state)?.kind === 'refused');
    expect(heldOf(held)).toMatchObject({ detail: expect.stringContaining('API') });
    expect(heldOf(held)?.resumeAt).toBeUndefined();
    await later(60_000);
    sandbox.org.settings.apiAccess = true;
    await until(batch.id, ({ rows }) => rows.every(({ state }) => state !== 'running'));
    await engine.batches.continue(batch.id);
    const first = await until(batch.id, ended);
    expect(first.rows.filter(({ state }) => state === 'refused')).toEqual([]);
    // What was refused in the middle of a write can be taken up again.
    if (first.rows.some(({ state }) => state !== 'succeeded')) await engine.batches.retry(batch.id);
    const { rows } = await until(
      batch.id,
      (state) => ended(state) && state.rows.every((row) => row.state === 'succeeded'),
    );
    expect(rows).toHaveLength(users.length);
    expect(users.filter(isActive)).toEqual([]);
  }, 60_000);
});

describe('N5 nobody offboards themselves', () => {
  const two = [42, 43];
  const alex = people.otherAdmin;

  it('not by submitting what somebody else has checked', async () => {
    const { prepare, begin, until, sandbox, rows: read, org: connection, isActive } = await startOrgBatches();
    const { batch, rows } = await prepare([alex, ...two]);
    expect(stateOf(rows, alex)).toBe('ready');
    connection.browser.session = { instanceUrl: orgOrigin, sid: sandbox.session(alex, 'api') };
    await expect(begin(batch.id)).rejects.toMatchObject({ refusal: { code: 'self' } });
    const now = await read(batch.id);
    expect(now.batch.phase).toBe('draft');
    expect(stateOf(now.rows, alex)).toBe('refused');
    await begin(batch.id);
    await until(batch.id, ended);
    expect([alex, ...two].map(isActive)).toEqual([true, false, false]);
  }, 60_000);

  it('not by retrying what somebody else has begun, and the row says why; the next retry asks anew', async () => {
    const { prepare, begin, until, engine, sandbox, org: connection, isActive } = await startOrgBatches();
    const { batch } = await prepare([alex, ...two]);
    sandbox.faults.add([
      refusalOf(natterboxUserId(alex), 'FIELD_CUSTOM_VALIDATION_EXCEPTION', 'Leavers need a ticket.'),
    ]);
    await begin(batch.id);
    const first = await until(batch.id, ended);
    expect(stateOf(first.rows, alex)).toMatch(/^(partial|failed)$/);
    sandbox.faults.clear();
    const writes = sandbox.writes();
    const [priya] = [connection.browser.session];
    connection.browser.session = { instanceUrl: orgOrigin, sid: sandbox.session(alex, 'api') };
    await engine.batches.retry(batch.id);
    const second = await until(batch.id, (state) => ended(state) && state.batch.rev > first.batch.rev + 1);
    expect(stateOf(second.rows, alex)).toMatch(/^(partial|failed)$/);
    expect(reasonOf(second.rows, alex)).toContain('Nobody can offboard themselves');
    expect(isActive(alex)).toBe(true);
    expect(sandbox.writes()).toBe(writes);
    connection.browser.session = priya ?? null;
    await engine.batches.retry(batch.id);
    const third = await until(batch.id, (state) => ended(state) && state.batch.rev > second.batch.rev + 1);
    expect(stateOf(third.rows, alex)).toBe('succeeded');
    expect(isActive(alex)).toBe(false);
  }, 60_000);

  it('a batch at work is not taken up a second time, nor checked again', async () => {
    const { prepare, begin, until, engine } = await startOrgBatches({ settings: { writeTime: 10 } });
    const { batch } = await prepare(two);
    await begin(batch.id);
    await expect(engine.batches.retry(batch.id)).rejects.toMatchObject({ refusal: { code: 'locked' } });
    await expect(engine.batches.check(batch.id)).rejects.toMatchObject({ refusal: { code: 'locked' } });
    await engine.batches.pause(batch.id);
    await expect(engine.batches.retry(batch.id)).rejects.toMatchObject({ refusal: { code: 'locked' } });
    await engine.batches.continue(batch.id);
    await until(batch.id, ended);
  }, 60_000);
});
