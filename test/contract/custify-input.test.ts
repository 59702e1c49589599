import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Fetch } from '../../lib/workspace/http.ts';
import { discoverByKey, keyedKinds } from '../../lib/workspace/registry.ts';
import { objectId, rowOf } from '../sandbox/custify/ids.ts';
import { keys, nameOnly } from '../sandbox/custify/seed.ts';
import { type CustifySandbox, startCustifySandbox } from '../sandbox/custify/server.ts';
import { leaverId } from '../sandbox/seed.ts';
import { actor, connectAccount, hurried } from './custify.fixture.ts';
import { attemptOf, collect, faultOf, never, scanAll } from './material.ts';

/** Bad input of every kind: clear messages, nothing guessed, nothing lost. */

const leaver = objectId(leaverId);
let open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.map((each) => each.close()));
  open = [];
});
async function account(...parameters: Parameters<typeof connectAccount>) {
  const connection = await connectAccount(...parameters);
  open.push(connection.sandbox);
  return connection;
}
async function server(): Promise<CustifySandbox> {
  const sandbox = await startCustifySandbox({ small: true });
  open.push(sandbox);
  return sandbox;
}
const tried = (api: string, key: string, fetcher: Fetch = fetch) =>
  discoverByKey(
    'custify',
    { origin: 'https://app.custify.com', api, key, name: 'Acme', actor },
    fetcher,
    hurried(),
  );

describe('issue 6: a key that is typed in', () => {
  it('says what it may read, that nobody knows whose it is, and keeps it out of what is stored', async () => {
    const { url, key } = await server();
    const found = await tried(url, key);
    expect(found).toMatchObject({
      kind: 'custify',
      origin: 'https://app.custify.com',
      origins: ['https://app.custify.com', url],
      workspace: { name: 'Acme' },
      settings: { api: url, actor },
      findings: { owner: { known: false }, writes: { known: false }, warnings: [] },
    });
    expect(found.findings.reads.map(({ id, answer }) => [id, answer])).toEqual(
      ['companies', 'attributes', 'tasks', 'people', 'playbooks', 'lifecycles', 'objectives'].map((id) => [
        id,
        'yes',
      ]),
    );
    expect(JSON.stringify(found)).not.toContain(key);
  });

  it('changes nothing to find that out, and sends no cookie', async () => {
    const { url, key, writes } = await server();
    const sent: RequestInit[] = [];
    await tried(url, key, (input, init) => {
      sent.push(init);
      return fetch(input, init);
    });
    expect(sent.every(({ method, credentials }) => method === 'GET' && credentials === 'omit')).toBe(true);
    expect(writes()).toBe(0);
  });

  it('is refused when it is wrong, with what to do', async () => {
    const { url } = await server();
    for (const key of ['ck_wrong', '', 'two words', 'ключ'])
      expect(await faultOf(tried(url, key))).toMatchObject({
        kind: 'auth',
        message: expect.stringContaining('API Access'),
      });
  });

  it('may be refused parts, which is said', async () => {
    const { url, key, faults } = await server();
    faults.add([{ match: { path: '/(playbook|objective)' }, fault: { kind: 'status', status: 403 } }]);
    const { findings } = await tried(url, key);
    expect(findings.reads.filter(({ answer }) => answer === 'forbidden').map(({ id }) => id)).toEqual([
      'playbooks',
      'objectives',
    ]);
    expect(findings.warnings).toEqual([expect.stringContaining('playbooks, objectives')]);
  });

  it('goes to no address but one of the API', async () => {
    let asked = 0;
    const counting: Fetch = async () => {
      asked += 1;
      return new Response('{}');
    };
    for (const api of [
      'https://evil.example',
      'https://custify.com.evil.example',
      'http://api.custify.com',
      'https://api.custify.com/x',
      'nonsense',
    ])
      expect(await faultOf(tried(api, keys.write, counting))).toMatchObject({ kind: 'invalid' });
    expect(asked).toBe(0);
    const [kind] = keyedKinds;
    expect(kind?.isApi('https://api-eu.custify.com')).toBe(true);
    expect(kind?.isApi('https://custify.com.evil.example')).toBe(false);
  });

  it('meets a region that does not answer, or answers with something else', async () => {
    const silent = createServer((_request, response) => response.socket?.destroy());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    expect(await faultOf(tried(origin, keys.write))).toMatchObject({
      kind: 'transient',
      message: expect.stringMatching(/does not answer.*region/),
    });
    await new Promise((resolve) => silent.close(resolve));
    expect(await faultOf(tried(origin, keys.write))).toMatchObject({ kind: 'transient' });
    const { url } = await server();
    const page: Fetch = async () =>
      new Response('<!doctype html><p>Hello', { headers: { 'content-type': 'text/html' } });
    expect(await faultOf(tried(url, keys.write, page))).toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining('not as Custify'),
    });
  });
});

describe('issue 6: an account that is hard to read', () => {
  it('R4 a limit without numbers: waits by itself and goes on', async () => {
    for (const field of [undefined, 'in a moment']) {
      const { workspace, sandbox } = await account({ small: true }, { known: true, clock: hurried() });
      const fault = {
        kind: 'status',
        status: 429,
        ...(field !== undefined && { retryAfter: field }),
      } as const;
      sandbox.faults.add([{ match: { path: '/task\\?', times: 1 }, fault }]);
      expect(await faultOf(workspace.survey(leaver))).toMatchObject({
        kind: 'throttled',
        applied: 'no',
        retryAfter: undefined,
      });
      // The next one waits for its turn before it asks.
      expect(await workspace.survey(leaver)).toMatchObject({ leaver: { id: leaver } });
    }
  });

  it.each(['none', 'words', 'seconds'] as const)(
    'R4 a limit that says "%s" of the wait is kept to, and everything is read in the end',
    async (retryAfter) => {
      const { workspace, sandbox } = await account(
        { small: true, variants: { retryAfter }, limit: { rate: 40, burst: 3 } },
        { known: true, clock: hurried() },
      );
      let tries = 0;
      const survey = async (): Promise<number | null | undefined> => {
        tries += 1;
        const found = await workspace.survey(leaver).catch((error: unknown) => error as { kind: string });
        if ('kind' in found && tries < 100) {
          expect(found.kind).toBe('throttled');
          return survey();
        }
        return 'categories' in found
          ? found.categories.find(({ id }) => id === 'customers.csm')?.count
          : undefined;
      };
      expect(await survey()).toBe(62);
      expect(sandbox.limiter.counts.throttled).toBeGreaterThan(0);
    },
  );

  it('a list that changes while it is read is read again, and nothing of it is missed', async () => {
    let shift = 1;
    const { workspace, sandbox } = await account(
      { small: true },
      {
        known: true,
        fetch: (inner) => async (input, init) => {
          // A company of the first page goes while the second one is on its way: the third one starts too late.
          if (shift > 0 && /company\/all.*page=2/.test(input)) {
            shift -= 1;
            sandbox.database.raw.exec(
              "PRAGMA foreign_keys = OFF; DELETE FROM customer WHERE id = 'cus_0001'",
            );
          }
          return inner(input, init);
        },
      },
    );
    const items = await scanAll(workspace, leaver, ['customers.csm']);
    expect(shift).toBe(0);
    const truth = sandbox.database.all<{ id: string }>(
      "SELECT id FROM customer WHERE csm = 'mem_03' ORDER BY id",
    );
    expect(items.map(({ ref }) => rowOf(ref)).sort()).toEqual(truth.map(({ id }) => id));
  });

  it('a list that never stands still could not be checked, and the reading ends', async () => {
    let number = 0;
    let calls = 0;
    const { workspace, sandbox } = await account(
      { small: true },
      {
        known: true,
        fetch: (inner) => async (input, init) => {
          if (/company\/all/.test(input)) {
            calls += 1;
            number += 1;
            sandbox.database.run(
              "INSERT INTO customer SELECT ?, name, segment, plan, region, arr, health, renewal_on, csm, account_manager FROM customer WHERE id = 'cus_0002'",
              `cus_00${String(number).padStart(4, '0')}`,
            );
          }
          return inner(input, init);
        },
      },
    );
    const { categories } = await workspace.survey(leaver);
    expect(categories.find(({ id }) => id === 'customers.csm')).toMatchObject({
      count: null,
      unread: { reason: 'failed', detail: expect.stringContaining('kept changing') },
    });
    expect(calls).toBeLessThan(20);
    expect(await faultOf(workspace.scan(leaver, ['customers.csm']))).toMatchObject({ kind: 'conflict' });
  });

  it('what it refuses to be read is a category that could not be checked, and stops nothing else', async () => {
    const { workspace, sandbox } = await account({ small: true }, { known: true });
    sandbox.faults.add([
      {
        match: { path: '/task' },
        fault: { kind: 'answer', status: 403, body: '{"message":"No permission"}' },
      },
      { match: { path: '/lifecycle' }, fault: { kind: 'wrongType', field: 'lifecycles' } },
    ]);
    const { categories } = await workspace.survey(leaver);
    const of = (id: string) => categories.find((each) => each.id === id);
    expect(of('tasks.open')).toMatchObject({
      count: null,
      unread: { reason: 'forbidden', detail: expect.stringContaining('No permission') },
    });
    expect(of('lifecycles.tasks')).toMatchObject({
      count: null,
      unread: { reason: 'failed', detail: expect.stringMatching(/^Expected .+, got .+\.$/) },
    });
    expect(of('customers.csm')).toMatchObject({ count: 62, action: 'reassign' });
  });

  it('people known by name alone are marked, receive nothing, and are taken for nobody else', async () => {
    const { workspace, sandbox } = await account({ small: true }, { known: true });
    // A customer says no more than the leaver's name.
    sandbox.database.run(
      "INSERT INTO named_csm SELECT id, 'Dana Ruiz' FROM customer WHERE csm IS NULL AND id NOT IN (SELECT customer FROM named_csm) LIMIT 1",
    );
    const { categories } = await workspace.survey(leaver);
    expect(categories.find(({ id }) => id === 'customers.csm')?.count).toBe(62);
    expect(categories.find(({ id }) => id === 'customers.unclear')).toMatchObject({
      count: 1,
      action: 'manual',
      why: expect.stringContaining('by name alone'),
    });
    const named = (await workspace.members({ text: nameOnly })).items;
    expect(named).toMatchObject([
      { name: nameOnly, email: '', title: expect.any(String), cannotReceive: [{ category: '*' }] },
    ]);
    const everybody = await collect((cursor) =>
      workspace.members({ limit: 20, ...(cursor !== undefined && { cursor }) }),
    );
    expect(
      everybody
        .filter(({ name }) => name === 'Dana Ruiz')
        .map(({ id }) => id)
        .sort(),
    ).toEqual([leaver, 'name:Dana Ruiz'].sort());
    const [item] = (await workspace.scan(leaver, ['customers.csm'])).items;
    if (!item || !named[0]) throw new Error('The leaver holds nothing.');
    expect(await workspace.apply(attemptOf({ run: 'run-1' }, [item], named[0].id), never())).toMatchObject([
      { result: 'failed', code: 'invalid' },
    ]);
    expect(sandbox.writes()).toBe(0);
  });

  it('who is named by nothing any more is still known after a restart', async () => {
    const { workspace, sandbox, restart } = await account({ small: true }, { known: true });
    await workspace.survey(leaver);
    sandbox.database.raw.exec(
      `PRAGMA foreign_keys = OFF; UPDATE customer SET csm = NULL, account_manager = NULL; UPDATE task SET assignee = NULL;
       DELETE FROM attribute_value; DELETE FROM collaborator; DELETE FROM objective; DELETE FROM contact`,
    );
    const again = restart();
    expect((await again.members({ id: leaver })).items).toMatchObject([{ id: leaver, name: 'Dana Ruiz' }]);
    const { categories } = await again.survey(leaver);
    expect(categories.find(({ id }) => id === 'customers.csm')?.count).toBe(0);
  });

  it('another account behind a new key brings its own people, and none of the one before', async () => {
    const { workspace, sandbox, restart } = await account({ small: true }, { known: true });
    await workspace.survey(leaver);
    sandbox.database.raw.exec(
      `PRAGMA foreign_keys = OFF; DELETE FROM collaborator; DELETE FROM objective; DELETE FROM contact;
       DELETE FROM attribute_value; DELETE FROM task; UPDATE customer SET account_manager = NULL, csm = NULL;
       DELETE FROM task_author; INSERT INTO member VALUES ('mem_70', 'Kit Lane', 'kit@other.example', '', 'csm', 1, 'no', 'no');
       UPDATE customer SET csm = 'mem_70' WHERE id = 'cus_0001'`,
    );
    const again = restart();
    expect((await faultOf(again.survey(leaver))).kind).toBe('gone');
    const everybody = (await again.members({})).items;
    expect(everybody.map(({ name }) => name).sort()).toEqual(['Kit Lane', nameOnly]);
  });

  it('more tasks than can be read are asked for by the filter, once it was seen to work', async () => {
    const { workspace, sandbox } = await account({ small: true }, { known: true });
    const { database } = sandbox;
    database.transaction(() => {
      for (let number = 0; number < 20_100; number += 1)
        database.run(
          // They come before all others, so that the first page names nobody.
          "INSERT INTO task VALUES (?, 'Old one', NULL, NULL, 'done', NULL, NULL, 'low')",
          `tsa_${number}`,
        );
    });
    const of = async (id: string) =>
      (await workspace.survey(leaver)).categories.find((each) => each.id === id);
    expect(await of('tasks.open')).toMatchObject({ count: 108, action: 'reassign' });
    expect(await of('tasks.collaborators')).toMatchObject({ count: null });
    const unread = { count: null, unread: { reason: 'unsupported' } };
    sandbox.variants.taskFilter = 'email';
    expect(await of('tasks.open')).toMatchObject(unread);
    // Where no task is anybody else's there is nothing to prove it by.
    sandbox.variants.taskFilter = 'id';
    database.run("UPDATE task SET assignee = NULL WHERE assignee <> 'mem_03'");
    expect(await of('tasks.open')).toMatchObject(unread);
  });
});

describe('issue 6: beyond the native wizard', () => {
  it('lists what a person has to change, with its page as far as one is known', async () => {
    const { workspace, sandbox } = await account({}, { known: true });
    const { categories, notes, completion } = await workspace.survey(leaver);
    const counts = Object.fromEntries(
      categories
        .filter(({ action, count }) => action === 'manual' && count !== null)
        .map(({ id, count }) => [id, count]),
    );
    expect(counts).toEqual({
      ...{ 'playbooks.tasks': 9, 'playbooks.senders': 6, 'lifecycles.tasks': 7, 'tasks.collaborators': 7 },
      ...{
        'tasks.unclear': 2,
        'people.user:relationship_owner': 7,
        'objectives.assigned': 5,
        'objectives.collaborators': 4,
      },
    });
    expect(categories.filter(({ count }) => count === null).map(({ id }) => id)).toEqual([
      ...[
        'dashboards.personal',
        'views.customers',
        'views.insights',
        'approvals.pending',
        'emails.scheduled',
      ],
      ...['mailboxes.connected', 'signatures', 'tokens.api'],
    ]);
    expect(new Set(categories.map(({ link }) => link))).toEqual(
      new Set([`${sandbox.url}/`, `${sandbox.url}/settings/developer/api-key`]),
    );
    expect(completion).toBe('page');
    expect(
      notes?.filter(({ category }) => category === 'customers.csm').map(({ message }) => message),
    ).toEqual([
      expect.stringMatching(/set Dana Ruiz as the owner/),
      expect.stringMatching(/may give work back: Expansion signal/),
    ]);
    expect(workspace.setActive).toBeUndefined();
    expect(workspace.runs).toBeUndefined();
    expect(workspace.activeUnknown).toBe(true);
  });

  it('says when the leaver is who connected', async () => {
    const { workspace, sandbox } = await account({ small: true }, { known: true });
    // A customer of theirs is what says their address.
    sandbox.database.run("UPDATE customer SET csm = 'mem_01' WHERE id = 'cus_0001'");
    const { blockers } = await workspace.survey(objectId('mem_01'));
    expect(blockers).toMatchObject([{ message: expect.stringContaining('offboard themselves') }]);
  });
});
