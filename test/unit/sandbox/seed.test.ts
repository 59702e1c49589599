import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { type Database, openDatabase } from '../../sandbox/database.ts';
import { createHoldings } from '../../sandbox/holdings.ts';
import { largeItems, leaverId, type Size, seed } from '../../sandbox/seed.ts';

function seeded(size: Size): Database {
  const database = openDatabase();
  seed(database, size);
  return database;
}
const sum = (counts: Record<string, number>) => Object.values(counts).reduce((a, b) => a + b, 0);

function digest(database: Database): string {
  const hash = createHash('sha256');
  const tables = database.all<{ name: string }>(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
  );
  for (const { name } of tables)
    for (const row of database.all(`SELECT * FROM ${name} ORDER BY rowid`)) hash.update(JSON.stringify(row));
  return hash.digest('hex');
}

test('the seed is the same every time', () => {
  const [one, two] = [seeded('demo'), seeded('demo')];
  expect(digest(one)).toBe(digest(two));
  two.run("UPDATE customer SET csm = 'mem_04' WHERE id = 'cus_0001'");
  expect(digest(one)).not.toBe(digest(two));
});

test('W2.3 W2.4 the leaver has items in every category, several hundred together', () => {
  const counts = createHoldings(seeded('demo')).counts(leaverId);
  expect(counts).toMatchObject({
    'customers.csm': 62,
    'customers.accountManager': 25,
    'tasks.open': 110,
    'mailboxes.connected': 1,
    'tokens.api': 2,
    'attributes.user:executive_sponsor': 12,
    'attributes.user:renewal_lead': 31,
  });
  expect(Object.keys(counts)).toHaveLength(16);
  expect(Object.entries(counts).filter(([, count]) => count === 0)).toEqual([]);
  expect(sum(counts)).toBeGreaterThan(250);
});

test('what is done, shared, sent, revoked or only a text does not count', () => {
  const database = seeded('demo');
  const before = createHoldings(database).counts(leaverId);
  const rows = (sql: string) => database.get<{ n: number }>(`SELECT count(*) AS n FROM ${sql}`)?.n ?? 0;
  expect(rows("task WHERE assignee = 'mem_03' AND status <> 'open'")).toBeGreaterThan(0);
  expect(
    rows("task WHERE assignee = 'mem_03' AND status = 'open' AND snoozed_until IS NOT NULL"),
  ).toBeGreaterThan(0);
  expect(rows("dashboard WHERE owner = 'mem_03' AND personal = 0")).toBeGreaterThan(0);
  expect(rows("api_token WHERE member = 'mem_03' AND revoked = 1")).toBeGreaterThan(0);
  database.run("DELETE FROM task WHERE assignee = 'mem_03' AND status <> 'open'");
  database.run("DELETE FROM dashboard WHERE owner = 'mem_03' AND personal = 0");
  database.run("DELETE FROM api_token WHERE member = 'mem_03' AND revoked = 1");
  database.run("DELETE FROM scheduled_email WHERE sender = 'mem_03' AND state <> 'scheduled'");
  database.run("DELETE FROM attribute_value WHERE attribute = 'former_contact'");
  expect(createHoldings(database).counts(leaverId)).toEqual(before);
});

test('members: two admins, namesakes, two inactive of whom one owns things, and one active who owns nothing', () => {
  const database = seeded('demo');
  const holdings = createHoldings(database);
  const ids = (where: string) =>
    database.all<{ id: string }>(`SELECT id FROM member WHERE ${where} ORDER BY id`);
  expect(ids('1')).toHaveLength(40);
  expect(ids("role = 'admin'").map(({ id }) => id)).toEqual(['mem_01', 'mem_02']);
  expect(ids("name = 'Sofia Martin'")).toHaveLength(2);
  const inactive = ids('active = 0').map(({ id }) => sum(holdings.counts(id)) > 0);
  expect(inactive.toSorted()).toEqual([false, true]);
  const idle = ids('active = 1').filter(({ id }) => sum(holdings.counts(id)) === 0);
  expect(idle.map(({ id }) => id)).toEqual(['mem_40']);
  expect(ids("mailbox = 'no' AND active = 1").length).toBeGreaterThan(3);
  expect(ids("signature = 'no' AND active = 1").length).toBeGreaterThan(3);
});

test('the large workspace has exactly 100,000 items for the leaver, in a few seconds', () => {
  const started = performance.now();
  const database = seeded('large');
  expect(performance.now() - started).toBeLessThan(15_000);
  expect(sum(createHoldings(database).counts(leaverId))).toBe(largeItems);
});
