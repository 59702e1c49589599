import { afterEach, beforeEach, expect, test } from 'vitest';
import { problemSchema, registeredRunSchema, runsSchema } from '../../../lib/workspace/contract/wire.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import { api, as, type Client, moves, openRun, record, sandboxForTests } from './client.ts';

let sandbox: Sandbox;
let priya: Client;
let alex: Client;
let now: number;
beforeEach(async () => {
  now = Date.parse('2026-11-22T09:00:00Z');
  sandbox = await sandboxForTests({ clock: () => now });
  priya = as(sandbox, 'mem_01');
  alex = as(sandbox, 'mem_02');
});
afterEach(() => sandbox.close());

const problem = (answer: { json: unknown }) => problemSchema.parse(answer.json);

test('W7.2 a leaver has one open run: the second admin is told whose it is, the same id again is no conflict', async () => {
  const first = await priya.post(`${api}/runs`, { id: 'a', leaver: 'mem_03', record });
  expect(first.status).toBe(201);
  expect(registeredRunSchema.parse(first.json)).toMatchObject({
    by: { id: 'mem_01', name: 'Priya Shah' },
    fence: 1,
    leaseUntil: '2026-11-22T09:03:00.000Z',
    open: true,
  });
  expect((await priya.post(`${api}/runs`, { id: 'a', leaver: 'mem_03', record })).status).toBe(200);
  const second = await alex.post(`${api}/runs`, { id: 'b', leaver: 'mem_03', record });
  expect(second.status).toBe(409);
  expect(problem(second).run).toMatchObject({ id: 'a', by: { id: 'mem_01' } });
  expect((await alex.post(`${api}/runs`, { id: 'c', leaver: 'mem_06', record })).status).toBe(201);
  expect((await alex.post(`${api}/runs`, { id: 'd', leaver: 'mem_99', record })).status).toBe(422);
});

test('runs are listed by leaver and by being open; a record keeps what the server does not know', async () => {
  await openRun(priya, 'a');
  await openRun(priya, 'b', 'mem_06');
  const stored = { ...record, phase: 'succeeded', plan: { anything: [1, 2] } };
  await priya.put(`${api}/runs/a`, { fence: 1, open: false, record: stored });
  const list = async (query: string) => runsSchema.parse((await alex.get(`${api}/runs${query}`)).json).runs;
  expect((await list('')).map(({ id }) => id)).toEqual(['b', 'a']);
  expect((await list('?leaver=mem_03')).map(({ id }) => id)).toEqual(['a']);
  expect((await list('?open=true')).map(({ id }) => id)).toEqual(['b']);
  expect((await alex.get(`${api}/runs/a`)).json).toMatchObject({ open: false, record: stored });
  expect((await alex.get(`${api}/runs/zzz`)).status).toBe(404);
});

test('a lease of 3 minutes: renewed by its holder at any time, taken over only after it ran out', async () => {
  await openRun(priya, 'a');
  const early = await alex.post(`${api}/runs/a/lease`);
  expect(early.status).toBe(409);
  expect(problem(early).run).toMatchObject({ id: 'a', fence: 1 });

  now += 170_000;
  const renewed = await priya.put(`${api}/runs/a`, { fence: 1, open: true, record });
  expect(registeredRunSchema.parse(renewed.json).leaseUntil).toBe('2026-11-22T09:05:50.000Z');
  now += 170_000;
  expect((await alex.post(`${api}/runs/a/lease`)).status).toBe(409);
  expect(registeredRunSchema.parse((await priya.post(`${api}/runs/a/lease`)).json).fence).toBe(2);

  now += 180_001;
  const taken = registeredRunSchema.parse((await alex.post(`${api}/runs/a/lease`)).json);
  expect(taken).toMatchObject({ fence: 3, by: { id: 'mem_02', name: 'Alex Chen' } });
  const stale = await priya.put(`${api}/runs/a`, { fence: 2, open: true, record });
  expect(stale.status).toBe(409);
  expect(problem(stale).run).toMatchObject({ fence: 3, by: { id: 'mem_02' } });
});

test('writes carry the fence: stale, ended, unknown and other people’s runs are refused with 409', async () => {
  await openRun(priya, 'a');
  const write = (client: Client, run: string, fence: number, key: string) =>
    client.post(`${api}/reassignments`, moves(run, 'tasks.open', ['tsk_0001'], 'mem_04', fence), {
      'Idempotency-Key': key,
    });
  expect((await write(priya, 'none', 1, 'k1')).status).toBe(409);
  expect((await write(alex, 'a', 1, 'k2')).status).toBe(409);
  expect((await write(priya, 'a', 0, 'k3')).status).toBe(409);
  const done = await write(priya, 'a', 1, 'k4');
  expect(done.status).toBe(200);
  now += 180_001;
  await alex.post(`${api}/runs/a/lease`);
  expect(problem(await write(priya, 'a', 1, 'k5')).run).toMatchObject({ fence: 2 });
  // What was answered before the takeover is still answered the same.
  expect((await write(priya, 'a', 1, 'k4')).text).toBe(done.text);
  await alex.put(`${api}/runs/a`, { fence: 2, open: false, record });
  expect((await write(alex, 'a', 2, 'k6')).status).toBe(409);
});

test('W7.1 any admin may discard a draft; a run that executes is ended by its holder only', async () => {
  const draft = { ...record, phase: 'draft' };
  await priya.post(`${api}/runs`, { id: 'a', leaver: 'mem_03', record: draft });
  const discarded = { fence: 1, open: false, record: { ...record, phase: 'discarded' } };
  expect((await alex.put(`${api}/runs/a`, { ...discarded, open: true })).status).toBe(409);
  expect((await alex.put(`${api}/runs/a`, discarded)).json).toMatchObject({ open: false });
  await openRun(priya, 'b');
  expect((await alex.put(`${api}/runs/b`, discarded)).status).toBe(409);
});

test('W7.3 a run that ended can be opened again for a retry, unless another one is open', async () => {
  await openRun(priya, 'a');
  await priya.put(`${api}/runs/a`, { fence: 1, open: false, record });
  const again = await priya.post(`${api}/runs`, { id: 'a', leaver: 'mem_03', record });
  expect(again.status).toBe(200);
  expect(registeredRunSchema.parse(again.json)).toMatchObject({ open: true, fence: 2 });
  await priya.put(`${api}/runs/a`, { fence: 2, open: false, record });
  await openRun(alex, 'b');
  const blocked = await priya.post(`${api}/runs`, { id: 'a', leaver: 'mem_03', record });
  expect(blocked.status).toBe(409);
  expect(problem(blocked).run?.id).toBe('b');
  expect((await priya.post(`${api}/runs/a/lease`)).status).toBe(409);
});
