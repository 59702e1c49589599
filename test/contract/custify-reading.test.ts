import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../lib/workspace/clock.ts';
import type { Fetch } from '../../lib/workspace/http.ts';
import { objectId } from '../sandbox/custify/ids.ts';
import type { Variants } from '../sandbox/custify/variants.ts';
import { leaverId } from '../sandbox/seed.ts';
import { connectAccount } from './custify.fixture.ts';
import { faultOf, scanAll } from './material.ts';

/** What names somebody in another way than expected is found, or said to be open; it is never nothing. */

const leaver = objectId(leaverId);
let open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.map((each) => each.close()));
  open = [];
});

type Record_ = Record<string, unknown>;
/** Answers of a list whose records are changed on the way; `index` counts them from 0. */
const changing =
  (path: RegExp, name: string, change: (record: Record_, index: number) => object) =>
  (inner: Fetch): Fetch =>
  async (input, init) => {
    const response = await inner(input, init);
    const url = new URL(input);
    if (init.method !== 'GET' || !path.test(url.pathname)) return response;
    const body = JSON.parse(await response.text()) as Record_ | Record_[];
    const list = (Array.isArray(body) ? body[0] : body) as Record<string, Record_[]>;
    const before = (Number(url.searchParams.get('page') ?? 1) - 1) * 1_000;
    list[name] = (list[name] ?? []).map((record, index) => ({
      ...record,
      ...change(record, before + index),
    }));
    return new Response(JSON.stringify(body), response);
  };

async function account(
  variants: Partial<Variants> = {},
  fetch: (inner: Fetch) => Fetch = (inner) => inner,
  small = true,
) {
  const connection = await connectAccount({ variants, small }, { known: true, fetch });
  open.push(connection.sandbox);
  const { workspace } = connection;
  const counts = async (who = leaver) =>
    Object.fromEntries(
      (await workspace.survey(who)).categories.map(({ id, count, unread }) => [id, count ?? unread?.detail]),
    );
  return { ...connection, counts };
}
const foreign = expect.stringContaining('a form that is not known');

describe('issue 6: a form that is not known', () => {
  it.each<[string, (inner: Fetch) => Fetch]>([
    [
      'customers.csm',
      changing(/company\/all/, 'companies', ({ owners_csm }) => ({ owners_csm: owners_csm && [owners_csm] })),
    ],
    [
      'customers.accountManager',
      changing(/company\/all/, 'companies', ({ owners_account: user }) => ({
        owners_account: user && { user },
      })),
    ],
    [
      'attributes.user:renewal_lead',
      changing(/company\/all/, 'companies', ({ custom_attributes }) => {
        const { renewal_lead: ref, ...rest } = custom_attributes as Record_;
        return { custom_attributes: { ...rest, renewal_lead: ref && { ref } } };
      }),
    ],
    [
      'tasks.open',
      changing(/task$/, 'tasks', ({ assignedTo }) => ({
        ...{ assignedTo: assignedTo && [assignedTo], assignedToName: undefined, assignedToEmail: undefined },
      })),
    ],
    ['tasks.collaborators', changing(/task$/, 'tasks', () => ({ collaborators: { ids: [leaver] } }))],
    [
      'people.user:relationship_owner',
      changing(/people\/all/, 'people', () => ({ custom_attributes: [{ key: 'relationship_owner' }] })),
    ],
    ['objectives.assigned', changing(/objective$/, 'objectives', () => ({ assignedTo: [leaver] }))],
  ])('%s: could not be checked, and is never nothing', async (category, fetch) => {
    const { counts } = await account({ companions: false }, fetch);
    const found = await counts();
    expect(found[category]).toEqual(foreign);
    expect(found['customers.unclear'] ?? 0).toBe(0);
    expect(found['tasks.unclear']).toBe(category === 'tasks.open' ? undefined : 2);
  });

  it('in a few records: those are for a person to look at, and the others are handed over', async () => {
    const { counts, workspace } = await account({}, (inner) =>
      changing(/company\/all/, 'companies', ({ owners_csm }, index) =>
        owners_csm === leaver && index < 30 ? { owners_csm: [owners_csm] } : {},
      )(
        changing(/task$/, 'tasks', ({ assignedTo }, index) =>
          assignedTo === leaver && index < 20 ? { assignedTo: [assignedTo] } : {},
        )(inner),
      ),
    );
    const found = await counts();
    const [csm, tasks] = [Number(found['customers.csm']), Number(found['tasks.open'])];
    expect([csm < 62, tasks < 108]).toEqual([true, true]);
    expect(csm + Number(found['customers.unclear'])).toBe(62);
    expect(tasks + Number(found['tasks.unclear'])).toBe(108 + 2);
    expect(await scanAll(workspace, leaver, ['customers.unclear'])).toHaveLength(62 - csm);
  });
});

describe('issue 6: an assignee that is called otherwise than a user', () => {
  it('is left to a person, with all that is theirs', async () => {
    const { counts } = await account({ userModel: 'other' });
    expect(await counts()).toMatchObject({ 'tasks.open': 0, 'tasks.unclear': 110, 'customers.csm': 62 });
  });
});

describe('issue 6: addresses', () => {
  it('one under two ids leaves open whose items it names, and hides none', async () => {
    // Somebody else has the leaver's address, wherever one is said.
    const [own, others] = ['dana.ruiz@acme.example', 'mem_05'];
    let theirs = '';
    const { counts, sandbox } = await account(
      { owner: 'email', attribute: 'email', companions: false },
      (inner) => async (input, init) => {
        const response = await inner(input, init);
        return new Response((await response.text()).replaceAll(theirs, own), response);
      },
    );
    theirs =
      sandbox.database.get<{ email: string }>('SELECT email FROM member WHERE id = ?', others)?.email ?? '';
    const truth = sandbox.database.get<{ n: number }>(
      `SELECT count(*) AS n FROM customer WHERE csm IN ('mem_03', 'mem_05') OR account_manager IN ('mem_03', 'mem_05')
        OR id IN (SELECT customer FROM attribute_value WHERE value IN ('mem_03', 'mem_05'))`,
    );
    expect(await counts()).toMatchObject({
      'customers.csm': 0,
      'customers.unclear': truth?.n,
      // Ids tell them apart.
      'tasks.open': 108,
      'people.user:relationship_owner': 7,
    });
  });

  it('one that changes leaves the person one, and all that is theirs', async () => {
    const { counts, sandbox, workspace } = await account({ owner: 'email' });
    expect((await counts())['customers.csm']).toBe(62);
    sandbox.database.run("UPDATE member SET email = 'dana.ruiz-lee@acme.example' WHERE id = 'mem_03'");
    expect((await counts())['customers.csm']).toBe(62);
    expect((await workspace.members({ text: 'dana ruiz' })).items).toMatchObject([
      { id: leaver, email: 'dana.ruiz-lee@acme.example' },
    ]);
  });
});

describe('issue 6: members', () => {
  it('are gathered from attributes of people of customers too', async () => {
    const only = { id: '64b000000000000000000777', name: 'Only Here', email: 'only@here.example' };
    const { workspace } = await account(
      {},
      changing(/people\/all/, 'people', (_record, index) =>
        index === 0 ? { custom_attributes: { relationship_owner: only } } : {},
      ),
    );
    expect((await workspace.members({ text: 'only here' })).items).toMatchObject([{ id: only.id }]);
  });

  it('who is known by name alone is nobody to offboard', async () => {
    const { workspace, sandbox } = await account();
    sandbox.database.run(
      "INSERT INTO named_csm SELECT id, 'Dana Ruiz' FROM customer WHERE csm IS NULL AND id NOT IN (SELECT customer FROM named_csm) LIMIT 1",
    );
    await workspace.survey(leaver);
    const { blockers, leaver: nobody } = await workspace.survey('name:Dana Ruiz');
    expect(blockers).toMatchObject([{ message: expect.stringContaining('nothing but the name is known') }]);
    expect(nobody).toMatchObject({ nameAlone: true });
    expect((await workspace.survey(leaver)).blockers).toEqual([]);
  });

  it('are told at once after a restart, while everything is read anew behind', async () => {
    let pass = (): void => {};
    let held: Promise<void> | undefined;
    const { workspace, restart, sandbox } = await account(
      { owner: 'email' },
      (inner) => async (input, init) => {
        if (/company\/all/.test(input)) await held;
        return inner(input, init);
      },
    );
    await workspace.survey(leaver);
    held = new Promise((resolve) => {
      pass = resolve;
    });
    const again = restart();
    expect((await again.members({ text: 'dana ruiz' })).items).toMatchObject([{ id: leaver }]);
    // What they can receive is remembered too.
    expect((await again.members({ text: 'iris vale' })).items).toMatchObject([
      { cannotReceive: [{ category: 'tasks.open' }, {}, {}] },
    ]);
    sandbox.database.run("UPDATE member SET name = 'Dana Ruiz-Lee' WHERE id = 'mem_03'");
    pass();
    await expect
      .poll(async () => (await again.members({ text: 'ruiz-lee' })).items.map(({ id }) => id))
      .toEqual([leaver]);
  });
});

describe('issue 6: how much is read', () => {
  const counting =
    (calls: string[]) =>
    (inner: Fetch): Fetch =>
    (input, init) => {
      calls.push(`${new URL(input).pathname} ${new URL(input).searchParams.get('page')}`);
      return inner(input, init);
    };

  it('N1 approaches to a control share one reading; what was written since is read again', async () => {
    const calls: string[] = [];
    // Seconds count here, so they pass as they do.
    const { workspace, sandbox } = await connectAccount(
      { small: true },
      { known: true, fetch: counting(calls), clock: systemClock() },
    );
    open.push(sandbox);
    const lists = () => calls.filter((call) => call === '/company/all 1').length;
    const [one, other] = await Promise.all([workspace.guard(leaver), workspace.guard(objectId('mem_05'))]);
    expect([one.owns, other.owns]).toEqual(['some', 'some']);
    await workspace.guard(leaver);
    expect(lists()).toBe(1);
    await workspace.survey(leaver);
    expect(lists()).toBe(2);
    expect(await workspace.guard(leaver, AbortSignal.abort(new Error('late'))).catch(String)).toContain(
      'late',
    );
  });

  it('R4 one page that fails is asked for again, and costs no other one', async () => {
    const calls: string[] = [];
    const { workspace, sandbox } = await account({}, counting(calls));
    for (const fault of [
      { kind: 'status', status: 503 },
      { kind: 'status', status: 429, retryAfter: 3 },
    ] as const)
      sandbox.faults.add([{ match: { path: '/company/all.*page=2', times: 1 }, fault }]);
    expect((await workspace.survey(leaver)).leaver.id).toBe(leaver);
    expect(calls.filter((call) => call === '/company/all 1')).toHaveLength(1);
    expect(calls.filter((call) => call === '/company/all 3')).toHaveLength(1);
  });

  it('R4 one page that fails for good calls the others off', async () => {
    const calls: string[] = [];
    const { workspace, sandbox } = await account({}, counting(calls), false);
    const tasks = sandbox.database.get<{ n: number }>('SELECT count(*) AS n FROM task')?.n ?? 0;
    sandbox.faults.add([{ match: { path: '/task\\?.*page=2&' }, fault: { kind: 'status', status: 401 } }]);
    expect(await faultOf(workspace.survey(leaver))).toMatchObject({ kind: 'auth' });
    expect(calls.filter((call) => call === '/task 1')).toHaveLength(1);
    expect(calls.filter((call) => call.startsWith('/task ')).length).toBeLessThan(tasks / 50 - 3);
  });
});

describe('issue 6: the table beside the connector', () => {
  it('has every category that a survey can list, and no other one', async () => {
    const { workspace, sandbox } = await account({}, undefined, false);
    sandbox.database.run(
      "INSERT INTO named_csm SELECT id, 'Dana Ruiz' FROM customer WHERE csm IS NULL AND id NOT IN (SELECT customer FROM named_csm) LIMIT 1",
    );
    const { categories } = await workspace.survey(leaver);
    const found = new Set(categories.map(({ id }) => id.replace(/:.*$/, ':*')));
    const readme = readFileSync(new URL('../../lib/workspace/custify/README.md', import.meta.url), 'utf8');
    const table = /## Categories\n([\s\S]*?)\n## /.exec(readme)?.[1] ?? '';
    const rows = table
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .slice(2);
    const listed = rows.flatMap((row) =>
      [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, id]) => id),
    );
    expect(listed.toSorted()).toEqual([...found].toSorted());
  });
});

describe('issue 6: what is said before a run', () => {
  const messages = async (variants: Partial<Variants>, change = '') => {
    const { workspace, sandbox } = await account(variants);
    sandbox.database.raw.exec(change);
    return (await workspace.survey(leaver)).notes ?? [];
  };

  it('warns beside the keys that the key may be the leaver’s own', async () => {
    expect(await messages({})).toContainEqual({
      tone: 'warning',
      category: 'tokens.api',
      message: expect.stringContaining('If it is Dana Ruiz’s own'),
    });
  });

  it('says that playbooks could not be read only where they could not', async () => {
    const unread = { tone: 'info', category: 'customers.csm', message: expect.stringMatching(/not be read/) };
    expect(await messages({ automations: 'silent' })).toContainEqual(unread);
    expect(await messages({}, 'DELETE FROM assigns_csm')).not.toContainEqual(unread);
  });
});
