import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseRetryAfter, problemOf } from '../../../lib/workspace/answers.ts';
import { systemClock } from '../../../lib/workspace/clock.ts';
import { createDispatcher } from '../../../lib/workspace/dispatcher.ts';
import { WorkspaceError } from '../../../lib/workspace/errors.ts';
import { createHttpClient, type HttpRequest } from '../../../lib/workspace/http.ts';
import { json, type Loopback, startLoopback } from './loopback.ts';

const schema = z.object({ items: z.array(z.object({ ref: z.string(), kind: z.enum(['task', 'view']) })) });
type Answer = z.infer<typeof schema>;

let server: Loopback;
beforeEach(async () => {
  server = await startLoopback();
});
afterEach(() => server.close());

function client(options: { timeout?: number; maximumBytes?: number } = {}) {
  const clock = systemClock();
  const dispatcher = createDispatcher({ limits: { concurrency: 4 }, clock });
  return createHttpClient({ fetch: (input, init) => fetch(input, init), dispatcher, clock, ...options });
}

const read = (more: Partial<HttpRequest<Answer>> = {}): HttpRequest<Answer> => ({
  method: 'GET',
  url: `${server.origin}/items`,
  write: false,
  schema,
  ...more,
});
const write = (more: Partial<HttpRequest<Answer>> = {}): HttpRequest<Answer> => ({
  ...read(more),
  method: 'POST',
  write: true,
  body: { changes: [] },
});

/** What a call is rejected with. */
async function fault(call: Promise<unknown>): Promise<WorkspaceError> {
  const error = await call.then(
    () => expect.unreachable('it should have failed'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(WorkspaceError);
  return error as WorkspaceError;
}

describe('good answers', () => {
  it('are validated, sent as JSON, and lose their extra fields', async () => {
    let got = '';
    server.answer((request, response) => {
      request.on('data', (chunk) => {
        got += chunk;
      });
      request.on('end', () =>
        json(response, 200, { items: [{ ref: 'a', kind: 'task', extra: 1 }], more: true }),
      );
    });
    expect(await client().send(write())).toEqual({ items: [{ ref: 'a', kind: 'task' }] });
    expect(JSON.parse(got)).toEqual({ changes: [] });
  });

  it('may be without a body where the schema allows it', async () => {
    server.answer((_request, response) => void response.writeHead(204).end());
    expect(await client().send({ ...read(), schema: z.undefined() })).toBeUndefined();
  });
});

describe('R4 each status says what it is and whether a write may have landed', () => {
  it.each([
    [400, 'invalid', 'no'],
    [401, 'auth', 'no'],
    [403, 'forbidden', 'no'],
    [404, 'gone', 'no'],
    [405, 'unsupported', 'no'],
    [408, 'transient', 'no'],
    [409, 'conflict', 'no'],
    [410, 'gone', 'no'],
    [412, 'conflict', 'no'],
    [422, 'invalid', 'no'],
    [429, 'throttled', 'no'],
    [500, 'transient', 'maybe'],
    [502, 'transient', 'maybe'],
    [503, 'transient', 'no'],
    [504, 'transient', 'maybe'],
  ] as const)('%i is %s, and a write that met it %s', async (status, kind, applied) => {
    server.answer((_request, response) =>
      json(response, status, { title: 'No', detail: `Because of ${status}.` }),
    );
    expect(await fault(client().send(write()))).toMatchObject({
      kind,
      applied,
      status,
      message: `Because of ${status}.`,
    });
    const reading = await fault(client().send(read()));
    expect(reading).toMatchObject({ kind, applied: 'no', status });
  });

  it('has words of its own when the workspace has none', async () => {
    server.answer((_request, response) => void response.writeHead(503).end());
    expect((await fault(client().send(read()))).message).toBe(
      'The workspace is not available for now (503).',
    );
  });

  it('keeps the fields of a problem for who needs them', async () => {
    server.answer((_request, response) => json(response, 409, { title: 'Taken', run: { id: 'run_1' } }));
    expect(problemOf(await fault(client().send(write())))?.run).toEqual({ id: 'run_1' });
  });

  it('reads Retry-After in seconds and as a date', async () => {
    server.answer((_request, response) => json(response, 429, { title: 'Slow' }, { 'retry-after': '7' }));
    expect((await fault(client().send(read()))).retryAfter).toBe(7000);
    const inAMinute = new Date(Date.now() + 60_000).toUTCString();
    server.answer((_request, response) =>
      json(response, 429, { title: 'Slow' }, { 'retry-after': inAMinute }),
    );
    const { retryAfter } = await fault(client().send(read()));
    expect(retryAfter).toBeGreaterThan(55_000);
    expect(retryAfter).toBeLessThanOrEqual(60_000);
  });

  it('R4 waits for no longer than a day, whatever Retry-After says', () => {
    const day = 24 * 60 * 60_000;
    const now = Date.parse('2026-03-02T10:00:00Z');
    expect(parseRetryAfter('9'.repeat(400), now)).toBe(day);
    expect(parseRetryAfter('86401', now)).toBe(day);
    expect(parseRetryAfter('Fri, 31 Dec 9999 23:59:59 GMT', now)).toBe(day);
    expect(parseRetryAfter('86399', now)).toBe(day - 1_000);
  });
});

describe('R4 connections that fail', () => {
  const cases = {
    'are cut before an answer': () => server.answer((request) => void request.socket.destroy()),
    'are cut within an answer': () =>
      server.answer((_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
        response.write('{"items":[');
        setTimeout(() => response.destroy(), 20);
      }),
    'answer too slowly': () => server.answer(() => undefined),
    'stop in the middle of an answer': () =>
      server.answer((_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write('{"items":[');
      }),
  };
  it.each(Object.entries(cases))('%s: a write may have landed, a read has not', async (_name, arrange) => {
    arrange();
    const http = client({ timeout: 250 });
    expect(await fault(http.send(write()))).toMatchObject({ kind: 'transient', applied: 'maybe' });
    expect(await fault(http.send(read()))).toMatchObject({ kind: 'transient', applied: 'no' });
  });

  it('says how long it waited', async () => {
    server.answer(() => undefined);
    expect((await fault(client({ timeout: 1000 }).send(read()))).message).toBe(
      'The workspace did not answer within 1 s.',
    );
  });

  it('are nobody at all', async () => {
    const url = `${server.origin}/items`;
    await server.close();
    expect(await fault(client().send(write({ url })))).toMatchObject({ kind: 'transient', applied: 'maybe' });
    server = await startLoopback();
  });
});

describe('R5 answers that are nonsense say what was expected', () => {
  it.each([
    [{ items: 'none' }, 'Expected a list of items at "items", got text.'],
    [{}, 'Expected a list of items at "items", got no value.'],
    [[], 'Expected an object, got a list.'],
    [{ items: [{ ref: 5, kind: 'task' }] }, 'Expected text at "items[0].ref", got a number.'],
    [
      { items: [{ ref: 'a', kind: 'poem' }] },
      'Expected one of "task", "view" at "items[0].kind", got "poem".',
    ],
    [
      { items: [{ ref: 'a', kind: 'sk_live_51H' }] },
      'Expected one of "task", "view" at "items[0].kind", got text.',
    ],
    [null, 'Expected an object, got nothing.'],
  ])('%j', async (value, message) => {
    server.answer((_request, response) => json(response, 200, value));
    expect(await fault(client().send(write()))).toMatchObject({ kind: 'invalid', applied: 'maybe', message });
    expect(await fault(client().send(read()))).toMatchObject({ kind: 'invalid', applied: 'no', message });
  });

  it('text that is not JSON, and no text at all', async () => {
    server.answer((_request, response) => void response.writeHead(200).end('{"items":['));
    expect(await fault(client().send(write()))).toMatchObject({
      kind: 'invalid',
      applied: 'maybe',
      message: 'Expected JSON, got other text.',
    });
    server.answer((_request, response) => void response.writeHead(200).end());
    expect((await fault(client().send(read()))).message).toBe('Expected JSON, got nothing.');
  });

  it('a web page, which is a sign-in page when it asks for a password', async () => {
    const page = (html: string) =>
      server.answer(
        (_request, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end(html),
      );
    page('<!doctype html><title>Welcome</title>');
    expect(await fault(client().send(write()))).toMatchObject({
      kind: 'invalid',
      applied: 'maybe',
      message: 'Expected JSON, got a web page.',
    });
    page('<form><input name="p" type="password"></form>');
    expect(await fault(client().send(read()))).toMatchObject({ kind: 'auth', applied: 'no' });
  });

  it('a redirect, which is not followed', async () => {
    server.answer((_request, response) => void response.writeHead(302, { location: '/sign-in' }).end());
    expect((await fault(client().send(read()))).kind).toBe('auth');
    expect(server.seen).toEqual(['GET /items']);
  });

  it('more than it may be', async () => {
    server.answer((_request, response) =>
      json(response, 200, { items: [{ ref: 'x'.repeat(5000), kind: 'task' }] }),
    );
    const error = await fault(client({ maximumBytes: 2000 }).send(write()));
    expect(error).toMatchObject({ kind: 'invalid', applied: 'maybe' });
    expect(error.message).toBe('Expected an answer of at most 2000 bytes, got a larger one.');
  });

  it('R7 no message repeats a token that the request carried', async () => {
    server.answer((_request, response) => json(response, 200, { items: 'secret-token-1' }));
    const error = await fault(client().send(read({ headers: { authorization: 'Bearer secret-token-1' } })));
    expect(`${error.message} ${String(error.cause)}`).not.toContain('secret');
  });
});

describe('calls that are called off', () => {
  it('a read rejects with the reason, a write says that it may have landed', async () => {
    const reason = new Error('stopped');
    const arrived = () => new Promise<void>((resolve) => server.answer(() => resolve()));

    const reading = new AbortController();
    const first = arrived();
    const answer = client().send(read({ signal: reading.signal }));
    await first;
    reading.abort(reason);
    await expect(answer).rejects.toBe(reason);

    const writing = new AbortController();
    const second = arrived();
    const written = client().send(write({ signal: writing.signal }));
    await second;
    writing.abort(reason);
    expect(await fault(written)).toMatchObject({ kind: 'transient', applied: 'maybe' });
  });

  it('before they are sent, nothing can have landed', async () => {
    expect(
      await fault(client().send(write({ signal: AbortSignal.abort(new Error('stopped')) }))),
    ).toMatchObject({
      kind: 'transient',
      applied: 'no',
    });
    expect(server.seen).toEqual([]);
  });
});
