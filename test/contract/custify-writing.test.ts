import { describe, expect, it } from 'vitest';
import type { Item } from '../../lib/offboarding/model.ts';
import type { Fetch } from '../../lib/workspace/http.ts';
import { objectId, rowOf } from '../sandbox/custify/ids.ts';
import type { Variants } from '../sandbox/custify/variants.ts';
import { leaverId } from '../sandbox/seed.ts';
import { connectAccount } from './custify.fixture.ts';
import { attemptOf, faultOf, never, scanAll } from './material.ts';

/** What each doubt about writing comes to: it works, or it is found out at one item that it does not. */

const leaver = objectId(leaverId);
const replacement = objectId('mem_04');
const under = { run: 'run-1' };

async function connected(variants: Partial<Variants>) {
  const sent: { method: string; body: Record<string, unknown> }[] = [];
  const watching =
    (inner: Fetch): Fetch =>
    (input, init) => {
      if (init.method !== 'GET')
        sent.push({
          method: String(init.method),
          body: JSON.parse(String(init.body)) as Record<string, unknown>,
        });
      return inner(input, init);
    };
  const account = await connectAccount({ variants, small: true }, { known: true, fetch: watching });
  const { database, holdings } = account.sandbox;
  const itemsOf = async (category: string, count: number): Promise<Item[]> =>
    (await scanAll(account.workspace, leaver, [category])).slice(0, count);
  const held = (category: string): number => holdings.counts(leaverId)[category] ?? 0;
  const companies = (): number => database.get<{ n: number }>('SELECT count(*) AS n FROM customer')?.n ?? 0;
  const move = (item: Item, workspace = account.workspace) =>
    workspace.apply(attemptOf(under, [item], replacement), never());
  return { ...account, sent, itemsOf, held, companies, move };
}

type Expected = { works: true; writes?: number } | { works: false; writes: number; says: RegExp };
const ignored = /accepted .* did not change/;
const refused = /refused the change/;
const works = { works: true } as const;

/** `writes`: how many calls it takes to find out, at the first item. */
const rows: [category: string, variants: Partial<Variants>, expected: Expected][] = [
  ['customers.csm', { owner: 'id' }, works],
  ['customers.csm', { owner: 'email' }, works],
  ['customers.csm', { owner: 'object' }, works],
  ['customers.csm', { owner: 'email', companions: false }, works],
  ['customers.csm', { ownerKey: 'companyIdAlone' }, { works: true, writes: 2 }],
  ['customers.csm', { ownerKey: 'companyIdOrRefused' }, { works: true, writes: 2 }],
  ['customers.csm', { ownerWrite: 'ignored' }, { works: false, writes: 2, says: ignored }],
  ['customers.csm', { ownerWrite: 'refused' }, { works: false, writes: 2, says: refused }],
  ['customers.accountManager', { owner: 'email' }, works],
  ['customers.accountManager', { ownerWrite: 'ignored' }, { works: false, writes: 2, says: ignored }],
  ['tasks.open', { assignee: 'assignedTo' }, works],
  ['tasks.open', { assignee: 'assignedTo', lag: 3 }, works],
  ['tasks.open', { assignee: 'ignored' }, { works: false, writes: 1, says: ignored }],
  ['tasks.open', { assignee: 'otherName' }, { works: false, writes: 1, says: ignored }],
  ['tasks.open', { assignee: 'refused' }, { works: false, writes: 1, says: refused }],
  ['attributes.user:renewal_lead', { attribute: 'id', customAttributes: 'merge' }, works],
  ['attributes.user:renewal_lead', { attribute: 'email', customAttributes: 'replace' }, works],
  ['attributes.user:renewal_lead', { attribute: 'object', attributeNames: 'prefixed' }, works],
  ['attributes.user:renewal_lead', { attributeWrite: 'ignored' }, { works: false, writes: 1, says: ignored }],
  ['attributes.user:renewal_lead', { attributeWrite: 'refused' }, { works: false, writes: 1, says: refused }],
];

describe('issue 6: a write that no source confirms', () => {
  it.each(rows)('%s %o ends as it should', async (category, variants, expected) => {
    const { sandbox, itemsOf, held, companies, move, sent } = await connected(variants);
    try {
      const before = { held: held(category), companies: companies() };
      const items = await itemsOf(category, 3);
      if (expected.works) {
        for (const item of items)
          expect(await move(item)).toEqual([
            { ref: item.ref, result: 'applied', value: { member: replacement } },
          ]);
        expect(held(category)).toBe(before.held - 3);
        // The first item showed the way; the others went it at once.
        expect(sent).toHaveLength(2 + (expected.writes ?? 1));
        expect(sandbox.writes()).toBe(3);
      } else {
        for (const item of items) {
          const error = await faultOf(move(item));
          expect(error).toMatchObject({ kind: 'manual', applied: 'no' });
          expect(error.message).toMatch(expected.says);
        }
        expect(held(category)).toBe(before.held);
        expect(sent).toHaveLength(expected.writes);
        expect(sandbox.writes()).toBe(0);
      }
      expect(companies()).toBe(before.companies);
    } finally {
      await sandbox.close();
    }
  });

  it('sends nothing of a company but its key and the one field, and of its attributes all', async () => {
    const { sandbox, itemsOf, move, sent } = await connected({ customAttributes: 'replace' });
    const [customer] = await itemsOf('customers.csm', 1);
    const [attribute] = await itemsOf('attributes.user:renewal_lead', 1);
    if (!customer || !attribute) throw new Error('The leaver holds too little.');
    const values = (row: string) =>
      sandbox.database.all<{ attribute: string; value: string }>(
        'SELECT attribute, value FROM attribute_value WHERE customer = ? ORDER BY attribute',
        row,
      );
    const before = values(rowOf(attribute.ref));
    await move(customer);
    await move(attribute);
    expect(sent.map(({ body }) => body)).toEqual([
      { id: customer.ref, owners_csm: replacement },
      { id: attribute.ref, custom_attributes: expect.objectContaining({ renewal_lead: replacement }) },
    ]);
    expect(values(rowOf(attribute.ref))).toEqual(
      before.map((row) => (row.attribute === 'renewal_lead' ? { ...row, value: 'mem_04' } : row)),
    );
    await sandbox.close();
  });

  it('makes no company where the one that it read is gone', async () => {
    const { sandbox, itemsOf, move, sent, companies } = await connected({});
    const [item] = await itemsOf('customers.csm', 1);
    if (!item) throw new Error('The leaver holds nothing.');
    sandbox.database.raw.exec(
      `PRAGMA foreign_keys = OFF; DELETE FROM customer WHERE id = '${rowOf(item.ref)}'`,
    );
    const before = companies();
    expect(await move(item)).toMatchObject([{ result: 'failed', code: 'gone' }]);
    expect(sent).toEqual([]);
    expect(companies()).toBe(before);
    await sandbox.close();
  });

  it('remembers over a restart what was found out, and tries nothing twice', async () => {
    const { sandbox, itemsOf, move, sent, restart } = await connected({ assignee: 'ignored' });
    const [first, second] = await itemsOf('tasks.open', 2);
    if (!first || !second) throw new Error('The leaver holds too little.');
    await faultOf(move(first));
    const again = restart();
    expect(await faultOf(move(second, again))).toMatchObject({ kind: 'manual' });
    expect(sent).toHaveLength(1);
    const { categories } = await again.survey(leaver);
    expect(categories.find(({ id }) => id === 'tasks.open')).toMatchObject({
      action: 'manual',
      count: 108,
      why: expect.stringMatching(ignored),
      link: `${sandbox.url}/`,
    });
    await sandbox.close();
  });

  it('R1 finds after a restart that its first item has landed, and goes on without a second one', async () => {
    const { sandbox, itemsOf, move, sent, restart } = await connected({});
    const [first, second] = await itemsOf('tasks.open', 2);
    if (!first || !second) throw new Error('The leaver holds too little.');
    sandbox.faults.add([{ match: { method: 'PUT', times: 1 }, fault: { kind: 'cutAfter' } }]);
    expect(await faultOf(move(first))).toMatchObject({ kind: 'transient', applied: 'maybe' });
    const again = restart();
    expect(await again.read('tasks.open', [first.ref])).toEqual([
      { ref: first.ref, value: { member: replacement } },
    ]);
    expect(await move(second, again)).toMatchObject([{ result: 'applied' }]);
    expect(sent).toHaveLength(2);
    expect(sandbox.writes()).toBe(2);
    await sandbox.close();
  });

  it('R3 leaves alone a task that was done, or given to something else, meanwhile', async () => {
    const { sandbox, itemsOf, move, sent } = await connected({});
    const [done, other] = await itemsOf('tasks.open', 2);
    if (!done || !other) throw new Error('The leaver holds too little.');
    sandbox.database.run("UPDATE task SET status = 'done' WHERE id = ?", rowOf(done.ref));
    sandbox.database.run("INSERT INTO task_model VALUES (?, 'Contact')", rowOf(other.ref));
    for (const item of [done, other])
      expect(await move(item)).toEqual([{ ref: item.ref, result: 'conflict', value: { absent: true } }]);
    expect(sent).toEqual([]);
    await sandbox.close();
  });

  it('gives nothing to somebody whose id it wants and does not know, and says so before and at the item', async () => {
    const { sandbox, itemsOf, workspace, sent } = await connected({ owner: 'email' });
    const [iris] = (await workspace.members({ text: 'iris vale' })).items;
    expect(iris).toMatchObject({
      id: 'iris.vale@acme.example',
      cannotReceive: [
        { category: 'tasks.open', reason: expect.stringContaining('Iris Vale') },
        expect.anything(),
        expect.anything(),
      ],
    });
    const [task] = await itemsOf('tasks.open', 1);
    const [customer] = await itemsOf('customers.csm', 1);
    if (!task || !customer || !iris) throw new Error('The leaver holds too little.');
    const give = (item: Item) => workspace.apply(attemptOf(under, [item], iris.id), never());
    expect(await give(task)).toMatchObject([
      { result: 'failed', code: 'invalid', message: expect.stringContaining('an id') },
    ]);
    expect(sent).toEqual([]);
    expect(await give(customer)).toMatchObject([{ result: 'applied', value: { member: iris.id } }]);
    await sandbox.close();
  });
});
