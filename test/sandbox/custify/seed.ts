import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase } from '../database.ts';
import { leaverId, seed } from '../seed.ts';

/** What Custify knows beyond the demo workspace's tables. */
const schema = `
CREATE TABLE api_key (secret TEXT PRIMARY KEY, member TEXT NOT NULL REFERENCES member, writes INTEGER NOT NULL) STRICT;
CREATE TABLE collaborator (task TEXT NOT NULL REFERENCES task, member TEXT NOT NULL REFERENCES member, PRIMARY KEY (task, member)) STRICT;
-- Tasks of which the assignee is no user.
CREATE TABLE task_model (task TEXT PRIMARY KEY REFERENCES task, model TEXT NOT NULL) STRICT;
CREATE TABLE task_author (task TEXT PRIMARY KEY REFERENCES task, member TEXT NOT NULL REFERENCES member) STRICT;
CREATE TABLE objective (id TEXT PRIMARY KEY, customer TEXT NOT NULL REFERENCES customer, title TEXT NOT NULL, status TEXT NOT NULL, assignee TEXT REFERENCES member, collaborator TEXT REFERENCES member) STRICT;
CREATE TABLE contact (id TEXT PRIMARY KEY, user_id TEXT, email TEXT, name TEXT, customer TEXT REFERENCES customer, sponsor TEXT REFERENCES member, notes TEXT) STRICT;
-- Customers of which the CSM is known by name alone.
CREATE TABLE named_csm (customer TEXT PRIMARY KEY REFERENCES customer, name TEXT NOT NULL) STRICT;
-- Playbooks that set a customer's CSM.
CREATE TABLE assigns_csm (playbook TEXT PRIMARY KEY REFERENCES playbook, member TEXT REFERENCES member) STRICT;
-- Companies that came by the API, with the external id that they came with.
CREATE TABLE external_id (customer TEXT PRIMARY KEY REFERENCES customer, company_id TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE tagged (entity TEXT NOT NULL, tag TEXT NOT NULL, PRIMARY KEY (entity, tag)) STRICT;
CREATE TABLE note (id TEXT PRIMARY KEY, customer TEXT NOT NULL, text TEXT NOT NULL, member TEXT NOT NULL) STRICT;
`;

/** The keys of the demo: one that may write, one that may read, and one of the leaver's own. */
export const keys = {
  write: 'ck_demo_operations_write',
  read: 'ck_demo_reporting_read',
  leaver: 'ck_demo_dana_sync',
};

/** Who is named by customers and by nothing else; and who is only ever named as a task's author. */
export const ownerOnly = { id: 'mem_41', name: 'Iris Vale', email: 'iris.vale@acme.example' };
export const authorOnly = 'mem_40';
/** Somebody of whom no more than a name is ever said. */
export const nameOnly = 'Paul Okoye';

/** Fills an empty database with the demo workspace's data, and what else Custify has. */
export function seedCustify(database: Database): void {
  seed(database);
  database.transaction(() => {
    database.raw.exec(schema);
    const insert = (table: string, ...values: (string | number | null)[]) =>
      database.run(`INSERT INTO ${table} VALUES (${values.map(() => '?').join(', ')})`, ...values);
    insert('api_key', keys.write, 'mem_01', 1);
    insert('api_key', keys.read, 'mem_01', 0);
    insert('api_key', keys.leaver, leaverId, 1);
    for (const secret of Object.values(keys))
      insert('session', secret, secret === keys.leaver ? leaverId : 'mem_01', '', '2026-11-22T08:00:00.000Z');

    const { id, name, email } = ownerOnly;
    insert('member', id, name, email, 'Customer Success Manager', 'csm', 1, 'yes', 'yes');
    const customers = database.all<{ id: string; csm: string | null }>(
      'SELECT id, csm FROM customer ORDER BY id',
    );
    const unowned = customers.filter(({ csm }) => csm === null);
    database.run('UPDATE customer SET csm = ? WHERE id = ?', id, unowned[0]?.id ?? '');
    insert('named_csm', unowned[1]?.id ?? '', nameOnly);

    const tasks = database.all<{ id: string; assignee: string | null; status: string }>(
      'SELECT id, assignee, status FROM task ORDER BY id',
    );
    tasks.forEach((task, index) => {
      const author = index % 97 === 0 ? authorOnly : `mem_${String(1 + (index % 2)).padStart(2, '0')}`;
      insert('task_author', task.id, author);
    });
    const theirs = tasks.filter(({ assignee, status }) => assignee === leaverId && status === 'open');
    const others = tasks.filter(
      ({ assignee, status }) => assignee !== leaverId && assignee !== null && status === 'open',
    );
    for (const task of theirs.slice(-2)) insert('task_model', task.id, 'Contact');
    for (const task of others.slice(0, 7)) insert('collaborator', task.id, leaverId);
    for (const task of others.slice(7, 20)) insert('collaborator', task.id, 'mem_07');

    customers.slice(0, 40).forEach((customer, index) => {
      const assignee = index % 8 === 0 ? leaverId : `mem_${String(4 + (index % 9)).padStart(2, '0')}`;
      const collaborator = index % 13 === 0 ? leaverId : null;
      insert(
        'objective',
        `obj_${index}`,
        customer.id,
        'Reach the agreed value',
        'open',
        assignee,
        collaborator,
      );
    });
    customers.slice(0, 70).forEach((customer, index) => {
      for (const number of [1, 2]) {
        const sponsor = index % 10 === 0 && number === 1 ? leaverId : index % 7 === 0 ? 'mem_09' : null;
        const person = `person${index}-${number}`;
        insert(
          'contact',
          `ppl_${index}_${number}`,
          person,
          `${person}@customer.example`,
          `Contact ${index}-${number}`,
          customer.id,
          sponsor,
          null,
        );
      }
    });
    insert('assigns_csm', 'pbk_02', leaverId);
    insert('assigns_csm', 'pbk_04', null);
  });
}

/** One seeded database of each size for this process, to be copied: seeding takes longer than most tests. */
const templates = new Map<string, string>();

/**
 * A seeded database of its own, in memory: files take longer to make and to remove than to fill. `small`: without most
 * tasks of the others, for tests that read them again and again.
 */
export function openSeeded(small: boolean): Database {
  const key = String(small);
  const template = templates.get(key) ?? makeTemplate(small);
  templates.set(key, template);
  const database = openDatabase();
  const { raw } = database;
  raw.exec(`${schema} PRAGMA foreign_keys = OFF; ATTACH '${template}' AS template`);
  database.transaction(() => {
    const tables = database.all<{ name: string }>(
      "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
    );
    for (const { name } of tables) raw.exec(`INSERT INTO main.${name} SELECT * FROM template.${name}`);
  });
  raw.exec('DETACH template; PRAGMA foreign_keys = ON');
  return database;
}

function makeTemplate(small: boolean): string {
  const folder = mkdtempSync(join(tmpdir(), 'custify-template-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const database = openDatabase();
  seedCustify(database);
  if (small) {
    const others = `SELECT id FROM task WHERE assignee IS NOT '${leaverId}' AND id NOT IN (SELECT task FROM collaborator)
      AND id NOT IN (SELECT task FROM task_author WHERE member = '${authorOnly}')
      AND id NOT IN (SELECT min(id) FROM task GROUP BY assignee) ORDER BY id LIMIT -1 OFFSET 40`;
    for (const [table, column] of [
      ['task_author', 'task'],
      ['task_model', 'task'],
      ['task', 'id'],
    ])
      database.raw.exec(`DELETE FROM ${table} WHERE ${column} IN (${others})`);
  }
  const file = join(folder, 'template.sqlite');
  database.raw.exec(`VACUUM INTO '${file}'`);
  database.close();
  return file;
}
