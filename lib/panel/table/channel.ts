import type { Projection } from './projection.ts';

/** One end of a line to a worker: the worker itself for the page, the global scope within it. */
export interface Line {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

type Method = Exclude<keyof Projection, 'close'>;

interface Call {
  id: number;
  method: Method | 'close';
  argument: unknown;
}

type Answer = { id: number; value: unknown } | { id: number; error: string };

/** Answers calls that come in over a line with a projection. For the worker's side. */
export function serveProjection(line: Line, projection: Projection): void {
  line.addEventListener('message', (event) => {
    const { id, method, argument } = event.data as Call;
    if (method === 'close') {
      projection.close();
      return;
    }
    const call = projection[method] as (argument: unknown) => Promise<unknown>;
    call(argument).then(
      (value) => line.postMessage({ id, value } satisfies Answer, buffers(value)),
      (error: unknown) => line.postMessage({ id, error: String(error) } satisfies Answer, []),
    );
  });
}

/**
 * A projection that lives at the other end of a line. `end` closes the line. When the worker itself breaks, call
 * `broken`: everything that waits is rejected.
 */
export function connectProjection(
  line: Line,
  end: () => void,
): Projection & { broken(reason: string): void } {
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  let next = 0;
  let dead: string | undefined;
  line.addEventListener('message', (event) => {
    const answer = event.data as Answer;
    const call = waiting.get(answer.id);
    if (!call) return;
    waiting.delete(answer.id);
    if ('error' in answer) call.reject(new Error(answer.error));
    else call.resolve(answer.value as never);
  });
  const ask = <T>(method: Method, argument: unknown): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      if (dead !== undefined) {
        reject(new Error(dead));
        return;
      }
      const id = next;
      next += 1;
      waiting.set(id, { resolve, reject });
      line.postMessage({ id, method, argument } satisfies Call, []);
    });
  return {
    open: (request) => ask('open', request),
    plan: (request) => ask('plan', request),
    view: (request) => ask('view', request),
    rows: (indexes) => ask('rows', indexes),
    refs: (indexes) => ask('refs', indexes),
    indexes: (refs) => ask('indexes', refs),
    close() {
      dead = 'This table is closed.';
      waiting.clear();
      end();
    },
    broken(reason) {
      dead = reason;
      for (const call of waiting.values()) call.reject(new Error(reason));
      waiting.clear();
    },
  };
}

/** Arrays of numbers move to the other side instead of being copied. */
function buffers(value: unknown): Transferable[] {
  return value instanceof Uint32Array ? [value.buffer] : [];
}
