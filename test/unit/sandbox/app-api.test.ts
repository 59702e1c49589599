import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../sandbox/server.ts';
import { categoryPath, itemPath, matchRoute, routes } from '../../sandbox/web/routes.ts';
import type * as answers from '../../sandbox/web/types.ts';
import { api, request, sandboxForTests } from './client.ts';

const admin = 'mem_01';
const leaver = 'mem_03';
const other = 'mem_05';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await sandboxForTests();
});
afterEach(() => sandbox.close());

/** A client of the application's API, signed in as a member. */
function as(member: string) {
  const { cookie, csrf } = sandbox.session(member);
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const answer = await request(sandbox, method, `/app${path}`, body, {
      Cookie: cookie,
      ...(method === 'GET' ? {} : { 'X-CSRF-Token': csrf }),
      ...headers,
    });
    return { status: answer.status, body: answer.json };
  };
  return {
    call,
    get: async <T>(path: string): Promise<T> => {
      const { status, body } = await call('GET', path);
      expect(status, path).toBe(200);
      return body as T;
    },
    /** What the event stream sends from now on; it ends with the sandbox. */
    listen: async () => {
      const stream = await fetch(`${sandbox.url}${api}/events`, { headers: { Cookie: cookie } });
      let text = '';
      const read = async () => {
        for await (const chunk of stream.body?.pipeThrough(new TextDecoderStream()) ?? []) text += chunk;
      };
      read().catch(() => undefined);
      return () => [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data ?? ''));
    },
  };
}

interface Log {
  actor: string;
  category: string;
  ref: string;
  after: string;
}
const log = () => sandbox.database.all<Log>('SELECT actor, category, ref, after FROM write_log ORDER BY seq');

describe('sessions', () => {
  it('lists who can sign in to those who have not', async () => {
    const response = await fetch(`${sandbox.url}/app/sign-in-options`);
    const list = (await response.json()) as answers.Member[];
    expect(list.filter((member) => member.role === 'admin')).toHaveLength(2);
    expect(list.length).toBeGreaterThan(30);
    expect(list.every((member) => member.active)).toBe(true);
  });

  it('answers nothing else without a session', async () => {
    for (const path of ['/session', '/members', '/customers', '/tokens']) {
      const response = await fetch(`${sandbox.url}/app${path}`);
      expect(response.status, path).toBe(401);
      expect(response.headers.get('content-type')).toContain('application/problem+json');
    }
  });

  it('refuses a write without the token of the session, and changes nothing', async () => {
    const { call } = as(admin);
    const refused = await call('PATCH', `/users/${leaver}`, { active: false }, { 'X-CSRF-Token': 'guessed' });
    expect(refused.status).toBe(403);
    const member = await as(admin).get<answers.UserDetail>(`/users/${leaver}`);
    expect(member.active).toBe(true);
  });
});

describe('users', () => {
  it('W1.4 sets a member inactive and active again, and tells the listeners', async () => {
    const { call, get, listen } = as(admin);
    const events = await listen();
    expect((await call('PATCH', `/users/${other}`, { active: false })).body.active).toBe(false);
    expect((await get<answers.UserDetail>(`/users/${other}`)).active).toBe(false);
    expect((await call('PATCH', `/users/${other}`, { active: true })).body.active).toBe(true);
    await expect.poll(events).toEqual([
      { type: 'member', member: other },
      { type: 'member', member: other },
    ]);
    expect(log()).toMatchObject([
      { actor: admin, category: 'deactivate', ref: other },
      { actor: admin, category: 'activate', ref: other },
    ]);
  });

  it('lets admins change roles, and nobody else', async () => {
    expect((await as('mem_04').call('PATCH', `/users/${other}`, { role: 'admin' })).status).toBe(403);
    const changed = await as(admin).call('PATCH', `/users/${other}`, { role: 'manager' });
    expect(changed.body.role).toBe('manager');
  });

  it('keeps the last active admin', async () => {
    const { call } = as(admin);
    expect((await call('PATCH', '/users/mem_02', { active: false })).status).toBe(200);
    const refused = await call('PATCH', `/users/${admin}`, { active: false });
    expect(refused.status).toBe(409);
    expect(refused.body.detail).toContain('last active admin');
  });

  it('answers 404 with a sentence for a member who does not exist', async () => {
    const missing = await as(admin).call('GET', '/users/mem_99');
    expect(missing.status).toBe(404);
    expect(missing.body.detail).toBe('This member no longer exists.');
  });
});

describe('customers', () => {
  it('filters by CSM, by attribute and by search, a page at a time', async () => {
    const { get } = as(admin);
    const all = await get<answers.CustomerList>('/customers');
    expect(all).toMatchObject({ total: 240, page: 1, pages: 5 });
    expect(all.rows).toHaveLength(50);
    const last = await get<answers.CustomerList>('/customers?page=5');
    expect(last.rows).toHaveLength(40);
    const held = await get<answers.CustomerList>(`/customers?csm=${leaver}`);
    expect(held.total).toBe(62);
    expect(new Set(held.rows.map((row) => row.csm))).toEqual(new Set([leaver]));
    const led = await get<answers.CustomerList>(`/customers?attribute=renewal_lead&member=${leaver}`);
    expect(led).toMatchObject({ total: 31, attribute: { key: 'renewal_lead', name: 'Renewal lead' } });
    const name = all.rows[0]?.name ?? '';
    const found = await get<answers.CustomerList>(`/customers?q=${encodeURIComponent(name)}`);
    expect(found.rows.every((row) => row.name.includes(name))).toBe(true);
    expect(await get('/customers?q=%25')).toMatchObject({ total: 0 });
  });

  it('W6.6 writes a change of CSM into the timeline under the name of who did it', async () => {
    const { call, get, listen } = as(admin);
    const events = await listen();
    const before = (await get<answers.CustomerList>(`/customers?csm=${leaver}`)).rows[0];
    const id = before?.id ?? '';
    expect((await call('PATCH', `/customers/${id}`, { csm: other })).status).toBe(200);
    expect((await get<answers.CustomerDetail>(`/customers/${id}`)).csm).toBe(other);
    const { entries } = await get<answers.Timeline>(`/customers/${id}/timeline`);
    expect(entries[0]).toMatchObject({ actor: admin, kind: 'owner' });
    expect(entries[0]?.summary).toContain('CSM changed');
    expect(log()).toMatchObject([{ actor: admin, category: 'customers.csm', ref: id }]);
    await expect.poll(events).toEqual([{ type: 'owner', category: 'customers.csm' }]);
  });

  it('changes attributes by their type, and refuses what is none of it', async () => {
    const { call, get } = as(admin);
    const value = async (key: string) =>
      (await get<answers.CustomerDetail>('/customers/cus_0001')).attributes.find((each) => each.key === key)
        ?.value;
    const set = (attributes: Record<string, string | null>) =>
      call('PATCH', '/customers/cus_0001', { attributes });
    expect((await set({ renewal_lead: other, seats: '77' })).status).toBe(200);
    expect([await value('renewal_lead'), await value('seats')]).toEqual([other, '77']);
    expect((await set({ seats: 'many' })).status).toBe(422);
    expect((await set({ unheard_of: '1' })).status).toBe(404);
    expect((await set({ renewal_lead: 'mem_99' })).status).toBe(422);
    expect([await value('renewal_lead'), await value('seats')]).toEqual([other, '77']);
  });

  it('gives nothing to an inactive member, and does not do half of a change', async () => {
    const { call, get } = as(admin);
    const before = await get<answers.CustomerDetail>('/customers/cus_0002');
    const change = { csm: before.csm === other ? 'mem_06' : other, accountManager: 'mem_39' };
    const refused = await call('PATCH', '/customers/cus_0002', change);
    expect(refused.status).toBe(422);
    expect(refused.body.detail).toContain('is inactive');
    expect(await get('/customers/cus_0002')).toEqual(before);
    expect(log()).toEqual([]);
  });

  it('pages the timeline from the newest entry to the oldest without a gap', async () => {
    const { call, get } = as(admin);
    for (let turn = 0; turn < 50; turn += 1) {
      await call('PATCH', '/customers/cus_0003', { attributes: { seats: String(1_000 + turn) } });
    }
    const first = await get<answers.Timeline>('/customers/cus_0003/timeline');
    expect(first.entries).toHaveLength(40);
    const second = await get<answers.Timeline>(`/customers/cus_0003/timeline?before=${first.before}`);
    const both = [...first.entries, ...second.entries];
    const total = sandbox.database.get<{ n: number }>(
      "SELECT count(*) AS n FROM timeline WHERE customer = 'cus_0003'",
    );
    expect(new Set(both.map((entry) => entry.seq)).size).toBe(total?.n);
    expect(both.map((entry) => entry.at)).toEqual(
      both
        .map((entry) => entry.at)
        .sort()
        .reverse(),
    );
    expect(second.before).toBeUndefined();
  });
});

describe('tasks', () => {
  it('lists open ones with those that are snoozed, and counts each state', async () => {
    const list = await as(admin).get<answers.TaskList>(`/tasks?assignee=${leaver}`);
    expect(list.total).toBe(110);
    expect(list.counts).toMatchObject({ open: 110, done: 44 });
    const snoozed = await as(admin).get<answers.TaskList>(`/tasks?assignee=${leaver}&status=snoozed`);
    expect(snoozed.total).toBe(list.counts.snoozed);
    expect(snoozed.total).toBeGreaterThan(0);
    expect(snoozed.rows.every((task) => task.status === 'open' && task.snoozedUntil)).toBe(true);
  });

  it('reassigns, snoozes and ends a task', async () => {
    const { call, get } = as(leaver);
    const list = await get<answers.TaskList>(`/tasks?assignee=${leaver}`);
    const task = list.rows.find((each) => each.customer)?.id ?? '';
    expect((await call('PATCH', `/tasks/${task}`, { assignee: other })).body.assignee).toBe(other);
    const snoozed = await call('PATCH', `/tasks/${task}`, { snoozedUntil: '2027-01-04' });
    expect(snoozed.body.snoozedUntil).toBe('2027-01-04');
    expect((await call('PATCH', `/tasks/${task}`, { snoozedUntil: 'soon' })).status).toBe(400);
    expect((await call('PATCH', `/tasks/${task}`, { status: 'done' })).body.status).toBe('done');
    const late = await call('PATCH', `/tasks/${task}`, { assignee: leaver });
    expect(late.status).toBe(409);
    expect(log()).toMatchObject([{ actor: leaver, category: 'tasks.open', ref: task }]);
  });
});

describe('templates, dashboards and views', () => {
  it('changes assignee, sender and owner, each as what it is', async () => {
    const { call, get } = as(admin);
    const playbook = (await get<answers.PlaybookSummary[]>(`/playbooks?sender=${leaver}`))[0]?.id ?? '';
    const { steps } = await get<answers.PlaybookDetail>(`/playbooks/${playbook}`);
    const step = (who: 'assignee' | 'sender') => steps.find((each) => each[who] === leaver)?.id ?? '';
    const lifecycle = (await get<answers.LifecycleSummary[]>(`/lifecycles?assignee=${leaver}`))[0]?.id ?? '';
    const { items } = await get<answers.LifecycleDetail>(`/lifecycles/${lifecycle}`);
    const item = items.find((each) => each.assignee === leaver)?.id ?? '';
    const dashboard = (await get<answers.Dashboard[]>(`/dashboards?owner=${leaver}`)).find(
      (each) => each.personal,
    );
    const view = (await get<answers.SavedView[]>(`/views?area=insights&owner=${leaver}`))[0];
    for (const path of [
      `/playbooks/${playbook}/steps/${step('assignee')}`,
      `/playbooks/${playbook}/steps/${step('sender')}`,
      `/lifecycles/${lifecycle}/tasks/${item}`,
      `/dashboards/${dashboard?.id}`,
      `/views/${view?.id}`,
    ]) {
      expect((await call('PATCH', path, { owner: other })).status, path).toBeLessThan(300);
    }
    expect(log().map(({ category }) => category)).toEqual([
      'playbooks.tasks',
      'playbooks.senders',
      'lifecycles.tasks',
      'dashboards.personal',
      'views.insights',
    ]);
    expect(log().every(({ after }) => after.includes(other))).toBe(true);
  });

  it('leaves dashboards of the workspace to the workspace', async () => {
    const { call, get } = as(admin);
    const shared = (await get<answers.Dashboard[]>('/dashboards')).find((each) => !each.personal);
    expect((await call('PATCH', `/dashboards/${shared?.id}`, { owner: other })).status).toBe(409);
  });

  it('shows figures of a personal dashboard from its owner’s customers', async () => {
    const { get } = as(admin);
    const personal = (await get<answers.Dashboard[]>(`/dashboards?owner=${leaver}`)).find(
      (each) => each.personal,
    );
    const figures = await get<answers.DashboardDetail>(`/dashboards/${personal?.id}`);
    expect(figures).toMatchObject({ customers: 62, openTasks: 110 });
    expect(figures.byHealth.reduce((sum, bar) => sum + bar.value, 0)).toBe(62);
  });
});

describe('what needs a person', () => {
  it('W4.2 reassigns and approves an approval once', async () => {
    const { call, get } = as(admin);
    const mine = () => get<answers.Approval[]>(`/approvals?approver=${leaver}`);
    const [first, second] = await mine();
    expect(await mine()).toHaveLength(4);
    expect((await call('PATCH', `/approvals/${first?.id}`, { approver: other })).body.approver).toBe(other);
    expect((await call('POST', `/approvals/${second?.id}/approve`)).status).toBe(204);
    expect((await call('POST', `/approvals/${second?.id}/approve`)).status).toBe(409);
    expect(await mine()).toHaveLength(2);
    const { entries } = await get<answers.Timeline>(`/customers/${second?.customer.id}/timeline`);
    expect(entries.some((entry) => entry.actor === admin && entry.summary.includes('approved'))).toBe(true);
    expect(log().map(({ ref, after }) => [ref, JSON.parse(after)])).toEqual([
      [first?.id, { member: other }],
      [second?.id, { absent: true }],
    ]);
  });

  it('W4.2 reschedules, hands over, sends and cancels scheduled emails', async () => {
    const { call, get } = as(admin);
    const mine = () => get<answers.ScheduledEmail[]>(`/scheduled-emails?sender=${leaver}`);
    const [first, second, third, fourth] = await mine();
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    expect((await call('PATCH', `/scheduled-emails/${first?.id}`, { sendOn: tomorrow })).body.sendOn).toBe(
      tomorrow,
    );
    expect((await call('PATCH', `/scheduled-emails/${first?.id}`, { sendOn: '2020-01-01' })).status).toBe(
      422,
    );
    expect((await call('PATCH', `/scheduled-emails/${second?.id}`, { sender: other })).body.sender).toBe(
      other,
    );
    expect((await call('POST', `/scheduled-emails/${third?.id}/cancel`)).status).toBe(204);
    expect((await call('POST', `/scheduled-emails/${fourth?.id}/send`)).status).toBe(204);
    expect(await mine()).toHaveLength(3);
  });

  it('W4.2 disconnects a mailbox and deletes signatures, and the sender set-up follows', async () => {
    const { call, get } = as(admin);
    const boxes = await get<answers.Mailbox[]>(`/mailboxes?member=${leaver}`);
    const box = boxes.find((each) => each.connected);
    expect((await call('POST', `/mailboxes/${box?.id}/disconnect`)).status).toBe(204);
    for (const signature of await get<answers.Signature[]>(`/signatures?member=${leaver}`)) {
      expect((await get<answers.UserDetail>(`/users/${leaver}`)).signature).toBe(true);
      expect((await call('DELETE', `/signatures/${signature.id}`)).status).toBe(204);
    }
    expect(await get(`/users/${leaver}`)).toMatchObject({ mailbox: false, signature: false });
  });

  it('W4.2 revokes a token for good: it opens nothing any more', async () => {
    const { call, get } = as(admin);
    const bearer = () =>
      fetch(`${sandbox.url}/app/session`, { headers: { Authorization: 'Bearer owt_dana_export' } });
    expect((await bearer()).status).toBe(200);
    const token = (await get<answers.ApiToken[]>(`/tokens?member=${leaver}`)).find(
      (each) => each.name === 'Usage export',
    );
    expect(JSON.stringify(token)).not.toContain('owt_');
    expect((await as('mem_04').call('POST', `/tokens/${token?.id}/revoke`)).status).toBe(403);
    expect((await call('POST', `/tokens/${token?.id}/revoke`)).status).toBe(204);
    expect((await bearer()).status).toBe(401);
  });
});

describe('addresses', () => {
  it('W4.1 has a page for every link of the contract', async () => {
    const links = sandbox.holdings
      .survey(leaver, sandbox.url)
      .flatMap(({ id }) => [categoryPath(id, leaver), itemPath(id, 'ref_1', 'parent_1')]);
    expect(links.length).toBeGreaterThan(28);
    for (const link of links) {
      const { pathname } = new URL(link, sandbox.url);
      expect(matchRoute(pathname), link).toBeDefined();
    }
  });

  it('finds pages by their path, the fixed before those with a parameter', () => {
    expect(matchRoute('/customers/views')?.name).toBe('customerViews');
    expect(matchRoute('/customers/cus_0001/')).toMatchObject({
      name: 'customer',
      params: { customer: 'cus_0001' },
    });
    expect(matchRoute('/settings/users/a%20b')?.params).toEqual({ member: 'a b' });
    expect(matchRoute('/settings/users/%')?.params).toEqual({ member: '%' });
    expect(matchRoute('/settings')).toBeUndefined();
    for (const { name, path } of routes) expect(matchRoute(path)?.name, path).toBe(name);
  });
});
