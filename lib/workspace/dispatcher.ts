import { parseRetryAfter } from './answers.ts';
import { WorkspaceError } from './errors.ts';
import { answered, createPacerState, earliest, hasRoom, sent, settled } from './pacer.ts';
import { readRateLimit } from './ratelimit.ts';

export interface Clock {
  now(): Date;
  /** Resolves after so many milliseconds; rejects with the signal's reason when that comes first. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export type Priority = 'read' | 'write';

interface DispatchRequest {
  /** Never two requests in flight with one of these. */
  lock?: readonly string[] | undefined;
  /** Reads may go before writes that wait, though never for long. `write` unless told. */
  priority?: Priority | undefined;
  /** Flows (runs) of one priority take turns; within a flow, first come, first served. */
  flow?: string | undefined;
  /**
   * Goes although the workspace asks everybody to wait: the one small sign that a waiting run's browser lives, for
   * which the run would otherwise be taken from it.
   */
  signOfLife?: boolean | undefined;
  signal?: AbortSignal | undefined;
}

/** Tells the pacer what came; called once, when an answer's headers are there. */
type Report = (answer: { status: number; headers: Headers }) => void;

export interface Dispatcher {
  /**
   * Runs `send` when its turn has come and resolves or rejects as it does. Throws WorkspaceError `throttled` with
   * `retryAfter` when the workspace wants a longer wait than 20 s (a background may not live that long: the caller
   * stores it), and rejects with the signal's reason when it is called off while it waits.
   */
  dispatch<T>(request: DispatchRequest, send: (report: Report) => Promise<T>): Promise<T>;
}

interface Waiting {
  lock: readonly string[];
  priority: Priority;
  flow: string;
  start(): void;
  reject(error: unknown): void;
}

/** Milliseconds; longer waits are the caller's. */
const longestSleep = 20_000;
/** After so many reads in a row a waiting write goes. */
const patience = 4;

/**
 * The queue of one connection: at most `limits.concurrency` requests in flight, at the pace that the pacer learns
 * from the answers, no two with one lock, and several runs in turn.
 */
export function createDispatcher(dependencies: {
  limits: { concurrency: number; requestsPerSecond?: number | undefined };
  clock: Clock;
}): Dispatcher {
  const { clock } = dependencies;
  let state = createPacerState(dependencies.limits);
  let readsInARow = 0;
  let turn = 0;
  const queue: Waiting[] = [];
  const held = new Set<string>();
  const lastTurn = new Map<string, number>();
  let alarm: { at: number; controller: AbortController } | undefined;

  function dispatch<T>(request: DispatchRequest, send: (report: Report) => Promise<T>): Promise<T> {
    const { signal } = request;
    if (signal?.aborted) return Promise.reject(signal.reason);
    const free = (request.lock ?? []).every((lock) => !held.has(lock));
    if (request.signOfLife && free && state.blockedUntil > clock.now().getTime()) return pass(request, send);
    return new Promise<T>((resolve, reject) => {
      const waiting: Waiting = {
        lock: request.lock ?? [],
        priority: request.priority ?? 'write',
        flow: request.flow ?? '',
        start() {
          signal?.removeEventListener('abort', callOff);
          run(waiting, send).then(resolve, reject);
        },
        reject(error) {
          signal?.removeEventListener('abort', callOff);
          reject(error);
        },
      };
      const callOff = () => {
        queue.splice(queue.indexOf(waiting), 1);
        reject(signal?.reason);
        // Its lock may have kept others back.
        pump();
      };
      signal?.addEventListener('abort', callOff, { once: true });
      queue.push(waiting);
      pump();
    });
  }

  /** Sends what goes when nothing should: its answer says nothing about the pace. */
  async function pass<T>({ lock = [] }: DispatchRequest, send: (report: Report) => Promise<T>): Promise<T> {
    for (const each of lock) held.add(each);
    try {
      return await send(() => {});
    } finally {
      for (const each of lock) held.delete(each);
      pump();
    }
  }

  async function run<T>(waiting: Waiting, send: (report: Report) => Promise<T>): Promise<T> {
    const request = state.next;
    state = sent(state, clock.now().getTime());
    for (const lock of waiting.lock) held.add(lock);
    try {
      return await send(({ status, headers }) => {
        const now = clock.now().getTime();
        const retryAfter = parseRetryAfter(headers.get('retry-after'), now);
        state = answered(state, now, { request, status, retryAfter, advertised: readRateLimit(headers) });
      });
    } finally {
      state = settled(state, request);
      for (const lock of waiting.lock) held.delete(lock);
      pump();
    }
  }

  /** Starts whatever may go now and sets the alarm for the rest. */
  function pump(): void {
    for (;;) {
      const chosen = choose(queue, held, lastTurn, readsInARow >= patience);
      if (!chosen || !hasRoom(state)) return;
      const now = clock.now().getTime();
      const at = earliest(state, now);
      if (at > now) {
        waitUntil(at, now);
        return;
      }
      queue.splice(queue.indexOf(chosen), 1);
      readsInARow = chosen.priority === 'read' ? readsInARow + 1 : 0;
      turn += 1;
      lastTurn.set(chosen.flow, turn);
      if (lastTurn.size > 100 && queue.length === 0) lastTurn.clear();
      chosen.start();
    }
  }

  function waitUntil(at: number, now: number): void {
    if (at - now > longestSleep) {
      // What is in flight may still bring better news than what is reckoned without its answers.
      if (state.inFlight.length > 0 && state.blockedUntil < at) return;
      const detail = 'The workspace asks to wait before the next request.';
      for (const waiting of queue.splice(0))
        waiting.reject(new WorkspaceError('throttled', detail, { applied: 'no', retryAfter: at - now }));
      return;
    }
    if (alarm?.at === at) return;
    alarm?.controller.abort();
    const mine = { at, controller: new AbortController() };
    alarm = mine;
    const ring = () => {
      if (alarm !== mine) return;
      alarm = undefined;
      pump();
    };
    // Timers count whole milliseconds; a shorter sleep would end too early, again and again.
    clock.sleep(Math.ceil(at - now), mine.controller.signal).then(ring, ring);
  }

  return { dispatch };
}

/**
 * Who goes next: reads before writes (a write when it is overdue), the flow that waited longest for its turn, and
 * in it the oldest request whose locks are free and not wanted by an older one.
 */
function choose(
  queue: readonly Waiting[],
  held: ReadonlySet<string>,
  lastTurn: ReadonlyMap<string, number>,
  writeOverdue: boolean,
): Waiting | undefined {
  const wanted = new Set<string>();
  const best: Partial<Record<Priority, Waiting>> = {};
  for (const waiting of queue) {
    const free = waiting.lock.every((lock) => !held.has(lock) && !wanted.has(lock));
    if (!free) {
      for (const lock of waiting.lock) wanted.add(lock);
      continue;
    }
    const other = best[waiting.priority];
    if (!other || (lastTurn.get(waiting.flow) ?? 0) < (lastTurn.get(other.flow) ?? 0))
      best[waiting.priority] = waiting;
  }
  return writeOverdue ? (best.write ?? best.read) : (best.read ?? best.write);
}
