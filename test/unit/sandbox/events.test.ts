import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventSchema } from '../../../lib/workspace/contract/wire.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import { api, as, type Client, moves, openRun, patchActive, request, sandboxForTests } from './client.ts';

let sandbox: Sandbox;
let admin: Client;
const opened: AbortController[] = [];
beforeEach(async () => {
  sandbox = await sandboxForTests({ heartbeat: 40 });
  admin = as(sandbox, 'mem_01');
});
afterEach(async () => {
  for (const controller of opened.splice(0)) controller.abort();
  await sandbox.close();
});

/** Opens the stream; `until` resolves with all text once it holds what is asked for. */
async function listen(headers: Record<string, string> = {}) {
  const controller = new AbortController();
  opened.push(controller);
  const response = await fetch(`${sandbox.url}${api}/events`, {
    headers: { Cookie: admin.cookie, ...headers },
    signal: controller.signal,
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  let ended = false;
  return {
    response,
    get text() {
      return text;
    },
    async until(done: (text: string) => boolean): Promise<string> {
      while (!done(text) && !ended) {
        const { value, done: last } = (await reader?.read().catch(() => undefined)) ?? { done: true };
        text += value ?? '';
        ended = last;
      }
      return text;
    },
    get ended() {
      return ended;
    },
  };
}
const eventsIn = (text: string) =>
  [...text.matchAll(/^id: (\d+)\nevent: (\w+)\ndata: (.+)$/gm)].map(([, id, type, data]) => {
    const event = eventSchema.parse(JSON.parse(data ?? ''));
    expect(event.type).toBe(type);
    return { id: Number(id), event };
  });

test('every listener hears of members, owners and runs after they changed', async () => {
  const listeners = await Promise.all([listen(), listen(), listen()]);
  expect(listeners[0]?.response.headers.get('Content-Type')).toBe('text/event-stream');
  const run = await openRun(admin, 'run-1');
  await admin.post(`${api}/reassignments`, moves(run, 'tasks.open', ['tsk_0001'], 'mem_04'), {
    'Idempotency-Key': 'k',
  });
  await admin.patch('/scim/v2/Users/mem_06', patchActive(false));
  for (const listener of listeners) {
    const text = await listener.until((so) => so.includes('mem_06'));
    expect(eventsIn(text)).toEqual([
      { id: 1, event: { type: 'run', run } },
      { id: 2, event: { type: 'owner', category: 'tasks.open' } },
      { id: 3, event: { type: 'member', member: 'mem_06' } },
    ]);
  }
});

test('a replayed or refused write is no event', async () => {
  const run = await openRun(admin, 'run-1');
  const body = moves(run, 'tasks.open', ['tsk_0001'], 'mem_04');
  await admin.post(`${api}/reassignments`, body, { 'Idempotency-Key': 'k' });
  const listener = await listen();
  await admin.post(`${api}/reassignments`, body, { 'Idempotency-Key': 'k' });
  await admin.post(`${api}/reassignments`, body, { 'Idempotency-Key': 'other' });
  sandbox.context.emit({ type: 'run', run: 'last' });
  const events = eventsIn(await listener.until((text) => text.includes('last')));
  expect(events.map(({ event }) => event)).toEqual([{ type: 'run', run: 'last' }]);
});

test('W6.3 who comes back with Last-Event-ID gets what was missed; comments keep the line open', async () => {
  for (const run of ['a', 'b', 'c']) sandbox.context.emit({ type: 'run', run });
  const listener = await listen({ 'Last-Event-ID': '1' });
  const text = await listener.until((so) => so.split(': heartbeat').length > 2);
  expect(eventsIn(text).map(({ id }) => id)).toEqual([2, 3]);
});

test('the stream can be cut, and refused for a while', async () => {
  const listener = await listen();
  await listener.until((text) => text.includes('welcome'));
  await request(sandbox, 'POST', '/__sandbox/events/cut', { refuse: 1_000 });
  await listener.until(() => false);
  expect(listener.ended).toBe(true);
  expect((await request(sandbox, 'GET', `${api}/events`, undefined, { Cookie: admin.cookie })).status).toBe(
    503,
  );
  await expect
    .poll(async () => (await listen()).response.status, { interval: 200, timeout: 10_000 })
    .toBe(200);
  expect((await request(sandbox, 'GET', '/__sandbox/stats')).json.listeners).toBe(1);
});
