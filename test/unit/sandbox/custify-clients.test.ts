import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { objectId } from '../../sandbox/custify/ids.ts';
import { keys } from '../../sandbox/custify/seed.ts';
import { type CustifySandbox, startCustifySandbox } from '../../sandbox/custify/server.ts';

/**
 * The requests of the public clients that the facts name, in their shapes, against the demo account: what it answers
 * is what those clients read. MCP: CustifyOfficial/custify-mcp, and a fork of it; PHP: testmonitor/custify-client; RUD:
 * rudderlabs/rudder-transformer; and of a Python extractor, an activepieces piece and a connector the calls by which
 * they differ from those.
 */
let sandbox: CustifySandbox;
beforeAll(async () => {
  sandbox = await startCustifySandbox();
});
afterAll(() => sandbox.close());

type Answer = { status: number; body: never; headers: Headers };
async function call(
  method: string,
  path: string,
  body?: unknown,
  key: string | null = keys.write,
): Promise<Answer> {
  const response = await fetch(`${sandbox.url}${path}`, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(key !== null && { authorization: `Bearer ${key}` }),
      ...(method === 'GET' && {
        'X-MCP-Source': 'mcp',
        'X-MCP-Tool': 'list_accounts',
        'X-MCP-Category': 'read',
      }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as never, headers: response.headers };
}
const list = (value: unknown): Record<string, unknown>[] => value as Record<string, unknown>[];
const query = (parameters: Record<string, unknown>): string =>
  new URLSearchParams(
    Object.entries(parameters).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  ).toString();
const acct = 'acct-0007';

describe('issue 6: the MCP client', () => {
  it('pages companies by page and itemsPerPage, at most 100, with filters and sorting as JSON', async () => {
    const { body } = await call(
      'GET',
      `/company/all?${query({ page: 2, itemsPerPage: 500, sorting: { field: 'name', direction: 'asc' } })}`,
    );
    const { total, companies } = body as { total: number; companies: unknown };
    expect(total).toBe(240);
    expect(list(companies)).toHaveLength(100);
    expect(Object.keys(list(companies)[0] ?? {})).toEqual(
      expect.arrayContaining([
        'id',
        'company_id',
        'name',
        'owners_csm',
        'owners_csm_name',
        'owners_csm_email',
        'custom_attributes',
      ]),
    );
    const filters = [
      { fieldName: 'owners_csm', fieldType: 'User', filterType: 'any_value' },
      { fieldName: 'name', fieldType: 'String', filterType: 'contains', filterValue: 'logistics' },
    ];
    const found = (await call('GET', `/company/all?${query({ page: 1, itemsPerPage: 100, filters })}`))
      .body as { companies: unknown };
    expect(list(found.companies).length).toBeGreaterThan(0);
    for (const { name, owners_csm } of list(found.companies)) {
      expect(String(name)).toMatch(/Logistics/);
      expect(owners_csm).not.toBeNull();
    }
  });

  it('filters by user as the account takes it: by id, by email, or not at all', async () => {
    const csm = (value: string) =>
      query({
        filters: [{ fieldName: 'owners_csm', fieldType: 'User', filterType: 'is_in', filterValue: value }],
      });
    const count = async (value: string) =>
      ((await call('GET', `/company/all?${csm(value)}`)).body as { total: number }).total;
    const byId = objectId('mem_03');
    const byEmail = 'dana.ruiz@acme.example';
    expect([await count(byId), await count(byEmail)]).toEqual([62, 0]);
    sandbox.variants.userFilter = 'email';
    expect([await count(byId), await count(byEmail)]).toEqual([0, 62]);
    sandbox.variants.userFilter = 'ignored';
    expect([await count(byId), await count(byEmail)]).toEqual([240, 240]);
    sandbox.variants.userFilter = 'id';
  });

  it('reads one company, and an empty list for one that is not there', async () => {
    const id = objectId('cus_0007');
    expect((await call('GET', `/company/${id}`)).body).toMatchObject({
      companies: [{ id, company_id: acct }],
    });
    expect(await call('GET', `/company/${objectId('cus_none')}`)).toMatchObject({
      status: 200,
      body: { companies: [] },
    });
    expect(await call('GET', `/task/${objectId('tsk_none')}`)).toMatchObject({
      status: 200,
      body: { tasks: [] },
    });
  });

  it('changes custom attributes by the own id, and a contact’s', async () => {
    const id = objectId('cus_0007');
    const { body } = await call('POST', '/company', { id, custom_attributes: { industry: 'Shipping' } });
    expect(body).toMatchObject({ id, custom_attributes: { industry: 'Shipping' } });
    const person = objectId('ppl_3_1');
    expect(
      (await call('POST', '/customer', { id: person, custom_attributes: { notes: 'Likes tea' } })).body,
    ).toMatchObject({ id: person });
    expect((await call('GET', `/customer/${person}`)).body).toMatchObject({
      custom_attributes: { notes: 'Likes tea' },
    });
    expect(
      list((await call('GET', '/customer/attributes')).body).map(({ fieldType }) => fieldType),
    ).toContain('User');
  });

  it('lists tasks 50 at a time by another dialect of filters; open leaves snoozed ones out', async () => {
    const tasks = async (filters: unknown, more: object = {}) =>
      (await call('GET', `/task?${query({ page: 1, itemsPerPage: 500, filters, ...more })}`)).body as {
        total: number;
        tasks: unknown;
      };
    const mine = [{ field: 'assignedTo', values: [objectId('mem_03')] }];
    const all = await tasks(mine);
    expect(list(all.tasks)).toHaveLength(50);
    expect(all.total).toBe(154);
    const open = await tasks([...mine, { field: 'status', values: ['open'] }], {
      enhanceCompany: 'true',
      searchTerm: '',
    });
    const done = await tasks([...mine, { field: 'status', values: ['done', 'not relevant'] }]);
    expect(done.total).toBe(44);
    const snoozed = sandbox.database.get<{ n: number }>(
      "SELECT count(*) AS n FROM task WHERE assignee = 'mem_03' AND status = 'open' AND snoozed_until IS NOT NULL",
    )?.n;
    expect(snoozed).toBeGreaterThan(0);
    expect(open.total).toBe(110 - (snoozed ?? 0));
    expect(list(open.tasks)[0]).toMatchObject({
      assignedTo: objectId('mem_03'),
      assignedToModel: 'User',
      status: 'open',
    });
  });

  it('makes a task for a user id, not for an address, and sets its status', async () => {
    const metadata = {
      title: 'Call them',
      entity: objectId('cus_0007'),
      entityModel: 'Company',
      assignees: [objectId('mem_04')],
    };
    const made = (await call('POST', '/task', { metadata })).body as { _id: string };
    expect(made).toMatchObject({ name: 'Call them', assignedTo: objectId('mem_04') });
    expect(
      (await call('POST', '/task', { metadata: { ...metadata, assignees: ['tom@acme.example'] } })).status,
    ).toBe(400);
    expect((await call('PUT', `/task/${made._id}`, { status: 'done' })).body).toMatchObject({
      status: 'done',
    });
    expect((await call('PUT', `/task/${made._id}`, { status: 'gone' })).status).toBe(400);
  });

  it('reads whom tasks refer to, with photos that make it long', async () => {
    const { body } = await call('GET', '/task/filtersAvailableValues');
    const values = body as Record<string, unknown>;
    expect(Object.keys(values).sort()).toEqual([
      'assignedTo',
      'collaborators',
      'company',
      'createdBy',
      'tags',
    ]);
    expect(list(values.assignedTo)[0]).toMatchObject({ id: expect.any(String), name: expect.any(String) });
    expect(JSON.stringify(body).length).toBeGreaterThan(30_000);
  });

  it.each([
    ['/note?page=1&itemsPerPage=50', 'notes'],
    ['/calendar/meeting?page=1&itemsPerPage=50', 'meetings'],
    ['/tag?category=company&page=1&itemsPerPage=100', 'tags'],
    ['/segment?type=companies&page=1&itemsPerPage=100', 'segments'],
    ['/playbook?type=companies&page=1&itemsPerPage=100', 'playbooks'],
    ['/lifecycle?page=1&itemsPerPage=100', 'lifecycles'],
    [`/objective?company=${objectId('cus_0001')}&page=1&itemsPerPage=50`, 'objectives'],
    ['/calculated_metric?type=companies&page=1&itemsPerPage=100', 'calculated_metrics'],
    ['/signal/entities?page=1&itemsPerPage=100', 'signals'],
  ])('reads %s', async (path, name) => {
    const { status, body } = await call('GET', path);
    expect(status).toBe(200);
    expect(body).toMatchObject({ total: expect.any(Number), [name]: expect.any(Array) });
  });

  it('adds a tag, a note, and starts a playbook', async () => {
    const ids = [objectId('cus_0007')];
    expect(
      (await call('PATCH', '/tag/entity', { ids, type: 'add', category: 'company', tag: 'vip' })).status,
    ).toBe(200);
    expect((await call('GET', '/tag')).body).toMatchObject({ tags: [{ name: 'vip' }] });
    const note = { entity: ids[0], entityModel: 'Company', text: 'Met today' };
    expect((await call('POST', '/note', note)).status).toBe(200);
    expect((await call('GET', `/note/${ids[0]}`)).body).toMatchObject({ notes: [{ text: 'Met today' }] });
    const start = { entityId: ids[0], type: 'companies' };
    expect((await call('POST', `/playbook/entity/${objectId('pbk_01')}`, start)).status).toBe(200);
  });

  it('is told 401 for a bad key, 403 without a right or where keys have no business, 429 with the seconds', async () => {
    expect((await call('GET', '/company/all', undefined, 'nonsense')).status).toBe(401);
    expect((await call('GET', '/company/all', undefined, null)).status).toBe(401);
    expect((await call('POST', '/company', { company_id: acct }, keys.read)).status).toBe(403);
    expect((await call('GET', '/users')).status).toBe(403);
    sandbox.limiter.set({ rate: 1, burst: 1 });
    await call('GET', '/tag');
    const refused = await call('GET', '/tag');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    sandbox.limiter.set({ rate: 0 });
  });
});

describe('issue 6: the PHP client', () => {
  it('reads and lists companies, by the external id too', async () => {
    expect((await call('GET', `/company?company_id=${acct}`)).body).toMatchObject({
      companies: [{ company_id: acct }],
    });
    expect((await call('GET', '/company?company_id=nobody')).body).toEqual({ companies: [] });
    expect((await call('GET', '/company/all?page=1&itemsPerPage=10')).body).toMatchObject({
      total: expect.any(Number),
    });
  });

  it('sends owners with the external id, which makes a company where it is not known', async () => {
    const { body } = await call('POST', '/company', {
      company_id: acct,
      owners_csm: objectId('mem_04'),
      owners_account: objectId('mem_05'),
    });
    expect(body).toMatchObject({
      company_id: acct,
      owners_csm: objectId('mem_04'),
      owners_account: objectId('mem_05'),
    });
    const made = (await call('POST', '/company', { company_id: 'acct-7777', name: 'Brand new' })).body as {
      id: string;
    };
    expect(made).toMatchObject({ company_id: 'acct-7777', name: 'Brand new' });
    expect((await call('DELETE', `/company/${made.id}`)).body).toEqual({ deleted: 1 });
    expect((await call('DELETE', '/company?company_id=acct-7777')).body).toEqual({ deleted: 0 });
    expect(await call('POST', '/company', {})).toMatchObject({
      status: 422,
      body: { errors: [expect.any(String)] },
    });
  });

  it('reads people wrapped in an array, makes and deletes them', async () => {
    const { body } = await call('GET', '/people/all?page=1&itemsPerPage=10');
    expect(list(body)[0]).toMatchObject({ total: 140, people: expect.any(Array) });
    expect(list((await call('GET', '/people?email=person0-1@customer.example')).body)[0]).toMatchObject({
      people: [{ user_id: 'person0-1' }],
    });
    const person = (await call('POST', '/people', { email: 'new@customer.example', name: 'New' })).body as {
      id: string;
    };
    expect(person).toMatchObject({ email: 'new@customer.example', name: 'New' });
    expect((await call('GET', `/people/${person.id}`)).body).toMatchObject({ id: person.id });
    expect((await call('DELETE', `/people/${person.id}`)).body).toMatchObject({ code: 'SUCCESS' });
  });
});

describe('issue 6: other clients that the facts name', () => {
  it('the Python extractor pages companies by 100 until it has as many as there are', async () => {
    const names = new Set<string>();
    let pages = 0;
    for (let total = Number.POSITIVE_INFINITY; names.size < total; ) {
      pages += 1;
      const { body } = await call('GET', `/company/all?page=${pages}&itemsPerPage=100`);
      const found = body as { total: number; companies: unknown };
      total = found.total;
      expect(list(found.companies).length).toBeGreaterThan(0);
      for (const { id } of list(found.companies)) names.add(String(id));
    }
    expect(pages).toBe(Math.ceil(names.size / 100));
    const after = (await call('GET', `/company/all?page=${pages + 1}&itemsPerPage=100`)).body;
    expect(after).toMatchObject({ companies: [] });
  });

  it('the activepieces piece adds a score for the person of an address', async () => {
    const score = { score: 9, comment: 'Good', submittedAt: '2026-11-22T10:00:00.000Z' };
    const path = '/nps_score?email=person0-1%40customer.example';
    expect((await call('POST', path, score)).status).toBe(200);
    expect((await call('POST', path, score, keys.read)).status).toBe(403);
  });

  it('the connector asks for segments of type company, the MCP client of type companies: both are answered', async () => {
    for (const type of ['company', 'companies'])
      expect((await call('GET', `/segment?type=${type}&page=1&itemsPerPage=100`)).body).toMatchObject({
        segments: expect.any(Array),
      });
  });

  it('the fork of the MCP client finds the tasks of a person that it was told of, and ends one', async () => {
    const values = (await call('GET', '/task/filtersAvailableValues')).body as { assignedTo: unknown };
    const who = list(values.assignedTo)[0];
    const filters = [
      { field: 'assignedTo', values: [who?.id] },
      { field: 'status', values: ['open'] },
    ];
    const { body } = await call('GET', `/task?${query({ page: 1, itemsPerPage: 50, filters })}`);
    const task = list((body as { tasks: unknown }).tasks)[0];
    expect(task).toMatchObject({ assignedTo: who?.id });
    expect((await call('PUT', `/task/${task?._id}`, { status: 'done' })).body).toMatchObject({
      status: 'done',
    });
  });
});

describe('issue 6: the Rudder client', () => {
  it('upserts a company with other fields, sends events, and deletes people by their user id', async () => {
    expect(
      (
        await call('POST', '/company', {
          company_id: acct,
          name: 'Renamed',
          plan: 'Scale',
          custom_attributes: { seats: 12 },
        })
      ).body,
    ).toMatchObject({ name: 'Renamed', plan: 'Scale', custom_attributes: { seats: 12 } });
    const event = {
      user_id: 'person1-1',
      name: 'login',
      company_id: acct,
      metadata: {},
      deduplication_id: 'a-1',
    };
    expect((await call('POST', '/event', event)).status).toBe(200);
    expect((await call('DELETE', '/people?user_id=person1-1')).body).toMatchObject({ code: 'SUCCESS' });
    expect(await call('DELETE', '/people?user_id=person1-1')).toMatchObject({
      status: 404,
      body: { error: expect.any(String) },
    });
  });
});
