import { describe, expect, it } from 'vitest';
import { createDispatcher, type Dispatcher } from '../../../lib/workspace/dispatcher.ts';
import { WorkspaceError } from '../../../lib/workspace/errors.ts';
import { createFakeClock } from './fake-clock.ts';

function setUp(concurrency = 4) {
  const clock = createFakeClock();
  const dispatcher = createDispatcher({ limits: { concurrency }, clock });
  const log: string[] = [];
  let inFlight = 0;
  let most = 0;
  /** A request that takes `time` milliseconds and is answered 200 with these headers. */
  const send =
    (name: string, time = 50, headers: Record<string, string> = {}, status = 200) =>
    async (report: Parameters<Parameters<Dispatcher['dispatch']>[1]>[0]) => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      log.push(`+${name}`);
      await clock.wait(time);
      report({ status, headers: new Headers(headers) });
      inFlight -= 1;
      log.push(`-${name}`);
      return name;
    };
  return { clock, dispatcher, log, send, most: () => most };
}

describe('the queue of a connection', () => {
  it('never has two requests with one lock in flight, and starts others meanwhile', async () => {
    const { clock, dispatcher, log, send } = setUp();
    await clock.until(dispatcher.dispatch({}, send('warm')));
    await clock.until(
      Promise.all([
        dispatcher.dispatch({ lock: ['a', 'b'] }, send('first', 80)),
        dispatcher.dispatch({ lock: ['b'] }, send('second')),
        dispatcher.dispatch({ lock: ['c'] }, send('third', 30)),
      ]),
    );
    expect(log.slice(2)).toEqual(['+first', '+third', '-third', '-first', '+second', '-second']);
  });

  it('keeps the order of those who want one lock', async () => {
    const { clock, dispatcher, log, send } = setUp();
    await clock.until(dispatcher.dispatch({}, send('warm')));
    await clock.until(
      Promise.all([
        dispatcher.dispatch({ lock: ['a'] }, send('first', 80)),
        dispatcher.dispatch({ lock: ['a', 'b'] }, send('second')),
        dispatcher.dispatch({ lock: ['b'] }, send('third')),
      ]),
    );
    expect(log.filter((entry) => entry.startsWith('+')).slice(1)).toEqual(['+first', '+second', '+third']);
  });

  it('gives the lock back when a request fails', async () => {
    const { clock, dispatcher, send } = setUp();
    const failing = dispatcher.dispatch({ lock: ['a'] }, () => Promise.reject(new Error('broken')));
    await expect(failing).rejects.toThrow('broken');
    expect(await clock.until(dispatcher.dispatch({ lock: ['a'] }, send('next')))).toBe('next');
  });

  it('holds at most the allowed number in flight, and begins with one', async () => {
    const { clock, dispatcher, log, send, most } = setUp(3);
    await clock.until(
      Promise.all(Array.from({ length: 12 }, (_, index) => dispatcher.dispatch({}, send(`${index}`)))),
    );
    expect(log.slice(0, 2)).toEqual(['+0', '-0']);
    expect(most()).toBe(3);
  });

  it('lets runs take turns, however much one of them asked for first', async () => {
    const { clock, dispatcher, log, send } = setUp(1);
    const ask = (flow: string, name: string) => dispatcher.dispatch({ flow }, send(name));
    await clock.until(
      Promise.all([
        ...['a1', 'a2', 'a3', 'a4'].map((name) => ask('a', name)),
        ...['b1', 'b2'].map((name) => ask('b', name)),
      ]),
    );
    expect(log.filter((entry) => entry.startsWith('+'))).toEqual(['+a1', '+b1', '+a2', '+b2', '+a3', '+a4']);
  });

  it('lets reads go before writes, though a write never waits for more than four', async () => {
    const { clock, dispatcher, log, send } = setUp(1);
    const writes = ['w1', 'w2', 'w3'].map((name) => dispatcher.dispatch({ priority: 'write' }, send(name)));
    const reads = ['r1', 'r2', 'r3', 'r4', 'r5', 'r6'].map((name) =>
      dispatcher.dispatch({ priority: 'read' }, send(name)),
    );
    await clock.until(Promise.all([...writes, ...reads]));
    expect(log.filter((entry) => entry.startsWith('+')).join(' ')).toBe(
      '+w1 +r1 +r2 +r3 +r4 +w2 +r5 +r6 +w3',
    );
  });

  it('lets go of what is called off while it waits, and of what its lock kept back', async () => {
    const { clock, dispatcher, log, send } = setUp();
    await clock.until(dispatcher.dispatch({}, send('warm')));
    const controller = new AbortController();
    const first = dispatcher.dispatch({ lock: ['a'] }, send('first'));
    const second = dispatcher.dispatch({ lock: ['a', 'b'], signal: controller.signal }, send('second'));
    const third = dispatcher.dispatch({ lock: ['b'] }, send('third'));
    controller.abort(new Error('stopped'));
    await expect(second).rejects.toThrow('stopped');
    await clock.until(Promise.all([first, third]));
    expect(log.slice(2)).toEqual(['+first', '+third', '-first', '-third']);
  });
});

describe('R4 waits that the workspace asks for', () => {
  it('are slept when they are short, by everybody on the connection', async () => {
    const { clock, dispatcher, send } = setUp();
    await clock.until(dispatcher.dispatch({}, send('refused', 50, { 'retry-after': '5' }, 429)));
    await clock.until(dispatcher.dispatch({}, send('next')));
    expect(clock.elapsed()).toBeGreaterThanOrEqual(5050);
    expect(clock.elapsed()).toBeLessThan(5300);
  });

  it("are the caller's when they are longer than 20 s", async () => {
    const { clock, dispatcher, log, send } = setUp();
    await clock.until(dispatcher.dispatch({}, send('refused', 50, { 'retry-after': '90' }, 429)));
    const error = await dispatcher.dispatch({}, send('next')).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(WorkspaceError);
    expect(error).toMatchObject({ kind: 'throttled', applied: 'no', retryAfter: 90_000 });
    expect(log).not.toContain('+next');
    await clock.until(clock.wait(90_000));
    expect(await clock.until(dispatcher.dispatch({}, send('later')))).toBe('later');
  });

  it('let one small sign pass that the browser of a run lives, and nothing besides', async () => {
    const { clock, dispatcher, log, send } = setUp();
    const sign = { lock: ['run 1'], signOfLife: true };
    await clock.until(dispatcher.dispatch({}, send('refused', 50, { 'retry-after': '90' }, 429)));
    expect(await clock.until(dispatcher.dispatch(sign, send('sign')))).toBe('sign');
    expect(await clock.until(dispatcher.dispatch(sign, send('again', 50, {}, 429)))).toBe('again');
    expect(clock.elapsed()).toBeLessThan(1_000);
    const error = await dispatcher.dispatch({}, send('next')).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ kind: 'throttled', retryAfter: 90_050 - clock.elapsed() });
    expect(log).not.toContain('+next');
  });

  it('end also what waited in the queue already', async () => {
    const { clock, dispatcher, send } = setUp(1);
    const refused = dispatcher.dispatch({}, send('refused', 50, { 'retry-after': '120' }, 503));
    const waiting = dispatcher.dispatch({}, send('next'));
    const ends = expect(waiting).rejects.toMatchObject({ kind: 'throttled', retryAfter: 120_000 });
    await clock.until(refused);
    await ends;
  });

  it('grow when a 429 does not say how long', async () => {
    const { clock, dispatcher, send } = setUp(1);
    const times: number[] = [];
    for (let index = 0; index < 4; index += 1) {
      await clock.until(dispatcher.dispatch({}, send('refused', 0, {}, 429)));
      times.push(clock.elapsed());
    }
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(gaps[0]).toBeGreaterThanOrEqual(1000);
    expect(gaps[1]).toBeGreaterThanOrEqual(2000);
    expect(gaps[2]).toBeGreaterThanOrEqual(4000);
  });
});
