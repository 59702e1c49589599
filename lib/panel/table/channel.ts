import type { Projection, Projections } from './projection.ts';

/** One end of a line to a worker: the worker itself for the page, the global scope within it. */
export interface Line {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

type Method = Exclude<keyof Projection, 'close'>;

interface Call {
  id: number;
  /** Which of the tables that share the line; none for what is asked of all that was read. */
  table?: number;
  method: Method | 'close' | 'customers';
  argument: unknown;
}

type Answer = { id: number; value: unknown } | { id: number; error: string };

/** Answers calls that come in over a line with projections, one for each table. For the worker's side. */
export function serveProjections(line: Line, projections: Projections): void {
  const tables = new Map<number, Projection>();
  const answer = ({ table, method, argument }: Call): Promise<unknown> => {
    if (table === undefined) return projections.customers(argument as never);
    const projection = tables.get(table) ?? projections.project();
    tables.set(table, projection);
    const call = projection[method as Method] as (argument: unknown) => Promise<unknown>;
    return call(argument);
  };
  line.addEventListener('message', (event) => {
    const call = event.data as Call;
    if (call.method === 'close') {
      tables.get(call.table ?? -1)?.close();
      tables.delete(call.table ?? -1);
      return;
    }
    const { id } = call;
    answer(call).then(
      (value) => line.postMessage({ id, value } satisfies Answer, buffers(value)),
      (error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        line.postMessage({ id, error: message } satisfies Answer, []);
      },
    );
  });
}

/**
 * Projections that live at the other end of a line. When the worker there breaks, call `broken`: everything that waits
 * and whatever is asked from then on is rejected.
 */
export function connectProjections(line: Line): Projections & { broken(reason: string): void } {
  interface Waiting {
    table: number | undefined;
    resolve: (value: never) => void;
    reject: (error: Error) => void;
  }
  const waiting = new Map<number, Waiting>();
  let next = 0;
  let tables = 0;
  let dead: string | undefined;
  line.addEventListener('message', (event) => {
    const answer = event.data as Answer;
    const call = waiting.get(answer.id);
    if (!call) return;
    waiting.delete(answer.id);
    if ('error' in answer) call.reject(new Error(answer.error));
    else call.resolve(answer.value as never);
  });
  const ask = <T>(call: Omit<Call, 'id'>): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      if (dead !== undefined) {
        reject(new Error(dead));
        return;
      }
      const id = next;
      next += 1;
      waiting.set(id, { table: call.table, resolve, reject });
      line.postMessage({ id, ...call } satisfies Call, []);
    });
  const project = (): Projection => {
    const table = tables;
    tables += 1;
    let closed = false;
    const of = <T>(method: Method, argument?: unknown): Promise<T> =>
      closed ? Promise.reject(new Error('This table is closed.')) : ask({ table, method, argument });
    return {
      open: (request) => of('open', request),
      more: () => of('more'),
      plan: (request) => of('plan', request),
      view: (request) => of('view', request),
      rows: (indexes) => of('rows', indexes),
      refs: (indexes) => of('refs', indexes),
      indexes: (refs) => of('indexes', refs),
      close() {
        if (closed) return;
        closed = true;
        for (const [id, call] of waiting) if (call.table === table) waiting.delete(id);
        if (dead === undefined) line.postMessage({ id: -1, table, method: 'close', argument: null }, []);
      },
    };
  };
  return {
    project,
    customers: (categories) => ask({ method: 'customers', argument: categories }),
    broken(reason) {
      dead = reason;
      for (const call of waiting.values()) call.reject(new Error(reason));
      waiting.clear();
    },
  };
}

/** Arrays of numbers move to the other side instead of being copied. */
function buffers(value: unknown): Transferable[] {
  const array = value instanceof Uint32Array ? value : (value as { order?: unknown } | null)?.order;
  return array instanceof Uint32Array ? [array.buffer] : [];
}
