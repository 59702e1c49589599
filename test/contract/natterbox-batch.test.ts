import { describe, expect, it } from 'vitest';
import { batchProgress } from '../../lib/offboarding/batch.ts';
import { summarise } from '../../lib/offboarding/batch-summary.ts';
import { refusalOf, whenAtWork } from '../sandbox/natterbox/mishaps.ts';
import { natterboxUserId, people } from '../sandbox/natterbox/seed.ts';
import { orgOrigin } from './natterbox.fixture.ts';
import { ended, heldOf, numbers, startOrgBatches, stateOf } from './org-batches.fixture.ts';

/** Bulk (N5) by the real engine over the demo org. */

describe('N5 bulk over the demo org', () => {
  it('finds pasted usernames and addresses, whatever their case; says what is unknown and what fits two', async () => {
    const { workspace, sandbox } = await startOrgBatches();
    const { name, mail } = sandbox.database.get<{ name: string; mail: string }>(
      `SELECT u."nbavs__Username__c" AS name, s."Email" AS mail FROM "nbavs__User__c" u
       JOIN "User" s ON s."Id" = u."nbavs__User__c" WHERE u."Id" = ?`,
      natterboxUserId(5),
    ) ?? { name: '', mail: '' };
    sandbox.database.run(
      'UPDATE "User" SET "Email" = ? WHERE "Id" IN (SELECT "nbavs__User__c" FROM "nbavs__User__c" WHERE "Id" IN (?, ?))',
      'desk@acme.example',
      natterboxUserId(8),
      natterboxUserId(9),
    );
    const found = await workspace.bulk?.find([
      name.toUpperCase(),
      mail,
      "o'nobody@acme.example",
      'desk@acme.example',
      'x'.repeat(300),
    ]);
    expect(found?.map(({ members }) => members.map(({ id }) => id))).toEqual([
      [natterboxUserId(5)],
      [natterboxUserId(5)],
      [],
      expect.arrayContaining([natterboxUserId(8), natterboxUserId(9)]),
      [],
    ]);
  });

  it('checks users side by side, keeps who is blocked apart with the reason, and adds up the rest', async () => {
    const { prepare } = await startOrgBatches();
    const { batch, rows } = await prepare([
      people.admin,
      ...numbers(3, 16),
      people.inactiveSalesforceUser,
      people.noSalesforceUser,
      41,
    ]);
    expect(stateOf(rows, people.inactiveSalesforceUser)).toBe('blocked');
    expect(stateOf(rows, people.noSalesforceUser)).toBe('blocked');
    // Nobody offboards themselves: their Natterbox user is not called as their Salesforce user is.
    expect(stateOf(rows, people.admin)).toBe('refused');
    expect(stateOf(rows, 41)).toBe('refused');
    const blocked = rows.find(({ member }) => member.id === natterboxUserId(people.noSalesforceUser));
    expect(blocked?.reason).toMatchObject({
      text: expect.stringContaining('linked to no Salesforce user'),
      remedy: expect.any(String),
    });
    const summary = summarise(batch, rows);
    expect(summary.users).toBe(14);
    const groups = summary.categories.find(({ id }) => id === 'groups');
    const each = rows
      .filter(({ state }) => state === 'ready')
      .map(({ categories = [] }) => categories.find(({ id }) => id === 'groups')?.count ?? 0);
    expect(groups?.count).toBe(each.reduce((sum, count) => sum + count, 0));
    expect(groups?.users).toBe(each.filter((count) => count > 0).length);
    expect(summary.unacknowledged).toContain('numbers');
    expect(summary.infos.filter(({ message }) => /never deleted/.test(message))).toHaveLength(1);
  });

  it('warns of groups that nobody would be left in, once for all of them together', async () => {
    const { prepare, sandbox } = await startOrgBatches();
    const group = sandbox.database.get<{ Id: string; Name: string }>(
      'SELECT "Id", "Name" FROM "nbavs__Group__c" ORDER BY "Id" LIMIT 1 OFFSET 1',
    ) ?? { Id: '', Name: '' };
    sandbox.database.run(
      'DELETE FROM "nbavs__GroupMember__c" WHERE "nbavs__Group__c" = ? AND "nbavs__User__c" NOT IN (?, ?)',
      group.Id,
      natterboxUserId(7),
      natterboxUserId(13),
    );
    const both = await prepare([7, 13]);
    const warnings = (state: typeof both) =>
      summarise(state.batch, state.rows).warnings.filter(({ category }) => category === 'groups');
    expect(warnings(both)).toEqual([
      expect.objectContaining({ users: 0, message: expect.stringContaining(group.Name) }),
    ]);
  });

  it('takes everybody through, row locks one at a time for each group; nobody is deleted', async () => {
    const busy = new Map<string, number>();
    let most = 0;
    let mostAtOnce = 0;
    let inFlight = 0;
    const groups = new Map<string, string>();
    const { prepare, begin, until, sandbox, isActive } = await startOrgBatches(
      { settings: { writeTime: 15 } },
      {
        fetch: (inner) => async (input, init) => {
          const ids =
            init.method === 'DELETE' ? (new URL(input).searchParams.get('ids') ?? '').split(',') : [];
          const locks = new Set(ids.flatMap((id) => groups.get(id) ?? []));
          for (const lock of locks) {
            busy.set(lock, (busy.get(lock) ?? 0) + 1);
            most = Math.max(most, busy.get(lock) ?? 0);
          }
          inFlight += 1;
          mostAtOnce = Math.max(mostAtOnce, inFlight);
          try {
            return await inner(input, init);
          } finally {
            inFlight -= 1;
            for (const lock of locks) busy.set(lock, (busy.get(lock) ?? 0) - 1);
          }
        },
      },
    );
    for (const row of sandbox.database.all<{ Id: string; g: string }>(
      'SELECT "Id", "nbavs__Group__c" AS g FROM "nbavs__GroupMember__c"',
    ))
      groups.set(row.Id, row.g);
    const users = numbers(42, 66).filter((user) => user % 29 !== 0 && user % 17 !== 0);
    const { batch } = await prepare(users);
    await begin(batch.id);
    const { rows } = await until(batch.id, ended);
    expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['succeeded']));
    expect(users.filter(isActive)).toEqual([]);
    expect(most).toBe(1);
    expect(sandbox.org.locks.refused).toBe(0);
    // Side by side all the same.
    expect(mostAtOnce).toBeGreaterThan(2);
    expect(sandbox.database.get<{ n: number }>('SELECT count(*) AS n FROM "nbavs__User__c"')?.n).toBe(120);
  }, 60_000);

  it('lets five fail for five reasons and the others through; retries what failed once the cause is gone', async () => {
    const { prepare, begin, until, sandbox, isActive, engine, store } = await startOrgBatches();
    const users = numbers(42, 56).filter((user) => user % 29 !== 0 && user % 17 !== 0);
    const { batch } = await prepare(users);
    const id = natterboxUserId;
    const membership = sandbox.database.get<{ Id: string }>(
      'SELECT "Id" FROM "nbavs__GroupMember__c" WHERE "nbavs__User__c" = ?',
      id(42),
    );
    const unlock = sandbox.org.locks.hold(membership?.Id ?? '');
    // Deleted, and the linked Salesforce user switched off, by somebody else in the middle of their runs.
    whenAtWork(sandbox.database, id(43), `DELETE FROM "nbavs__User__c" WHERE "Id" = '${id(43)}'`);
    const linked = `(SELECT "nbavs__User__c" FROM "nbavs__User__c" WHERE "Id" = '${id(44)}')`;
    const stop = whenAtWork(
      sandbox.database,
      id(44),
      `UPDATE "User" SET "IsActive" = 0 WHERE "Id" = ${linked}`,
    );
    sandbox.faults.add([
      // A validation rule of the org's own, and rights on one record.
      refusalOf(id(45), 'FIELD_CUSTOM_VALIDATION_EXCEPTION', 'Leavers need a ticket.'),
      refusalOf(id(46), 'INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id'),
    ]);
    await begin(batch.id);
    const first = await until(batch.id, ended);
    const failed = [42, 43, 44, 45, 46];
    const wordsOf = (user: number) =>
      JSON.stringify(first.rows.find(({ member }) => member.id === id(user))?.reason);
    for (const user of users)
      expect(stateOf(first.rows, user), `user ${user}`).toMatch(
        failed.includes(user) ? /^(partial|failed)$/ : /^succeeded$/,
      );
    expect(wordsOf(42)).toContain('unable to obtain exclusive access');
    expect(wordsOf(44)).toContain('inactive user');
    expect(wordsOf(45)).toContain('Leavers need a ticket');
    expect(wordsOf(46)).toContain('insufficient access');
    expect(users.filter((user) => user !== 43 && isActive(user))).toEqual([42, 44, 45, 46]);

    unlock();
    stop();
    sandbox.faults.clear();
    sandbox.database.run('UPDATE "User" SET "IsActive" = 1');
    const before = sandbox.writes();
    await engine.batches.retry(batch.id);
    const second = await until(batch.id, (state) => ended(state) && state.batch.rev > first.batch.rev + 1);
    expect(users.filter((user) => user !== 43 && isActive(user))).toEqual([]);
    expect(batchProgress(second.rows).byState).toMatchObject({ succeeded: users.length - 1 });
    // What had moved the first time is not written again.
    const log = sandbox.database.all<{ record: string; changes: string }>(
      'SELECT * FROM write_log ORDER BY seq',
    );
    expect(log.length).toBeGreaterThan(before);
    expect(new Set(log.map((row) => JSON.stringify([row.record, row.changes]))).size).toBe(log.length);
    expect((await store.runs()).every((run) => run.batch === batch.id)).toBe(true);
  }, 60_000);

  it('the daily limit and a session that is over stand the batch still with one message, and it goes on', async () => {
    const { org, prepare, begin, until, sandbox, isActive, later } = await startOrgBatches();
    const users = numbers(60, 75).filter((user) => user % 29 !== 0 && user % 17 !== 0);
    const { batch } = await prepare(users);
    sandbox.org.settings.calls.allowed = sandbox.org.settings.calls.used + 40;
    await begin(batch.id);
    const waiting = await until(batch.id, (state) => heldOf(state) !== undefined);
    expect(heldOf(waiting)).toMatchObject({
      kind: 'unreachable',
      detail: expect.stringContaining('API calls'),
    });
    expect(waiting.rows.some(({ state }) => state === 'ready')).toBe(true);
    const used = sandbox.org.settings.calls.used;
    await later(60_000);
    expect(sandbox.org.settings.calls.used).toBe(used);
    sandbox.org.settings.calls.allowed = used + 150;
    await later(16 * 60_000);
    await until(batch.id, ({ rows }) => rows.some(({ state }) => state === 'succeeded'));
    sandbox.org.settings.calls.allowed = 100_000;
    sandbox.database.run('DELETE FROM session');
    await later(16 * 60_000);
    const out = await until(batch.id, (state) => heldOf(state)?.kind === 'signedOut');
    expect(heldOf(out)).toMatchObject({ kind: 'signedOut' });
    org.browser.session = { instanceUrl: orgOrigin, sid: sandbox.session(1, 'api') };
    // By itself: every look a few seconds later.
    const { rows } = await until(batch.id, (state) => {
      void later(6_000);
      return ended(state);
    });
    expect(rows.every(({ state }) => state === 'succeeded')).toBe(true);
    expect(users.filter(isActive)).toEqual([]);
  }, 60_000);
});
