import { afterEach, expect, test } from 'vitest';
import type { Sandbox } from '../../sandbox/server.ts';
import { api, as, request, sandboxForTests } from './client.ts';

let sandbox: Sandbox;
afterEach(() => sandbox.close());

test('R4 over the limit is 429 with Retry-After; every answer tells the policy and what is left', async () => {
  sandbox = await sandboxForTests({ limit: { rate: 0.5, burst: 3 } });
  const admin = as(sandbox, 'mem_01');
  const left: string[] = [];
  for (let index = 0; index < 3; index += 1) {
    const answer = await admin.get(`${api}/me`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('RateLimit-Policy')).toBe('"default";q=1;w=2');
    left.push(answer.headers.get('RateLimit') ?? '');
  }
  expect(left).toEqual(['"default";r=2;t=2', '"default";r=1;t=4', '"default";r=0;t=6']);
  const over = await admin.get('/scim/v2/Users?count=1');
  expect(over.status).toBe(429);
  expect(over.headers.get('Retry-After')).toBe('2');
  expect(over.headers.get('Content-Type')).toContain('application/problem+json');
  expect(over.json).toMatchObject({ status: 429, title: 'Too many requests' });
  // Another session has a bucket of its own.
  expect((await as(sandbox, 'mem_02').get(`${api}/me`)).status).toBe(200);
  const stats = (await request(sandbox, 'GET', '/__sandbox/stats')).json;
  expect(stats).toMatchObject({ passed: 4, throttled: 1 });
});

test('the bucket fills again with time, up to the burst', async () => {
  sandbox = await sandboxForTests({ limit: { rate: 4, burst: 2 } });
  const admin = as(sandbox, 'mem_01');
  const statuses = async () =>
    (await Promise.all([1, 2, 3, 4].map(() => admin.get(`${api}/me`))))
      .map(({ status }) => status)
      .toSorted();
  expect((await statuses()).filter((status) => status === 200).length).toBeLessThan(4);
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect((await statuses()).slice(0, 2)).toEqual([200, 200]);
});

test('limit and latency change at run time', async () => {
  sandbox = await sandboxForTests();
  const admin = as(sandbox, 'mem_01');
  expect((await admin.get(`${api}/me`)).headers.get('RateLimit')).toBeNull();
  await request(sandbox, 'POST', '/__sandbox/limit', { rate: 100, burst: 1, latency: 60 });
  const started = performance.now();
  const answer = await admin.get(`${api}/me`);
  expect(performance.now() - started).toBeGreaterThan(55);
  expect(answer.headers.get('RateLimit-Policy')).toBe('"default";q=100;w=1');
  expect((await request(sandbox, 'POST', '/__sandbox/limit', { rate: 'fast' })).status).toBe(400);
});
