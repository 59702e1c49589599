import { leaverId } from '../sandbox/seed.ts';
import type { BenchSandbox } from './sandbox.ts';

/** Who leaves, who receives (they hold nothing before), and who acts. */
export const people = { leaver: leaverId, receiver: 'mem_40', admin: 'mem_01' };

/** Where the large workspace's bulk is: table, column of the owner, what identifies a row, further condition. */
const bulk = [
  { table: 'customer', owner: 'csm', where: '1' },
  { table: 'customer', owner: 'account_manager', where: '1' },
  { table: 'attribute_value', owner: 'value', where: "attribute = 'renewal_lead'" },
  { table: 'attribute_value', owner: 'value', where: "attribute = 'executive_sponsor'" },
  { table: 'task', owner: 'assignee', where: "status = 'open'" },
];
const others = [
  { table: 'playbook_step', owner: 'assignee', where: '1' },
  { table: 'playbook_step', owner: 'sender', where: '1' },
  { table: 'lifecycle_task', owner: 'assignee', where: '1' },
  { table: 'dashboard', owner: 'owner', where: '1' },
  { table: 'saved_view', owner: 'owner', where: '1' },
];
/** Somebody else, who takes what is too much. */
const elsewhere = 'mem_15';

/** Leaves the leaver so many open tasks and nothing else of the bulk: one category of that many items. */
export async function onlyTasks(sandbox: BenchSandbox, count: number): Promise<void> {
  for (const { table, owner, where } of bulk)
    if (table !== 'task')
      await sandbox.sql(
        `UPDATE ${table} SET ${owner} = ? WHERE ${owner} = ? AND ${where}`,
        elsewhere,
        people.leaver,
      );
  const [held] = await sandbox.sql(
    "SELECT count(*) AS n FROM task WHERE assignee = ? AND status = 'open'",
    people.leaver,
  );
  await sandbox.sql(
    `INSERT INTO task SELECT 'tsx_' || rowid, title, customer, assignee, status, due_on, snoozed_until, priority
     FROM task WHERE assignee = ? AND status = 'open' LIMIT ?`,
    people.leaver,
    count - Number(held?.n),
  );
}

/** Leaves the leaver one in so many things of the large workspace's bulk of some 100,000. */
export async function keepOneIn(every: number, sandbox: BenchSandbox): Promise<void> {
  for (const { table, owner, where } of bulk)
    await sandbox.sql(
      `UPDATE ${table} SET ${owner} = ? WHERE ${owner} = ? AND ${where} AND rowid NOT IN
        (SELECT rowid FROM (SELECT rowid, row_number() OVER (ORDER BY rowid) AS n FROM ${table}
          WHERE ${owner} = ? AND ${where}) WHERE n % ? = 0)`,
      elsewhere,
      people.leaver,
      people.leaver,
      every,
    );
}

/** Gives everything back to the leaver, who is active again, and forgets the runs: the next one finds the same. */
export async function giveBack(sandbox: BenchSandbox): Promise<void> {
  for (const { table, owner, where } of [...bulk, ...others])
    await sandbox.sql(
      `UPDATE ${table} SET ${owner} = ? WHERE ${owner} = ? AND ${where}`,
      people.leaver,
      people.receiver,
    );
  await sandbox.sql('UPDATE member SET active = 1 WHERE id = ?', people.leaver);
  for (const table of ['run', 'idempotency', 'write_log', 'timeline'])
    await sandbox.sql(`DELETE FROM ${table}`);
}
