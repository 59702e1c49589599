import { connectProjections, type Line } from '../../lib/panel/table/channel.ts';
import type { Projections } from '../../lib/panel/table/projection.ts';
import { painted } from './painted.ts';

/**
 * The data of all tables of this page, in one worker that lives as long as the page. It starts when it is first needed,
 * though not before the page was painted, and anew after it broke.
 */
export function openTables(): Projections {
  let connected: Projections | undefined;
  const now = (): Projections => {
    if (connected) return connected;
    const line = createLine((reason) => {
      connected = undefined;
      projections.broken(reason);
    });
    const projections = connectProjections(line);
    connected = projections;
    return projections;
  };
  return {
    project: () => now().project(),
    customers: (categories) => now().customers(categories),
  };
}

/** A line to a worker that starts once what is shown is painted; what is said before waits for it. */
function createLine(broken: (reason: string) => void): Line {
  const listeners: ((event: MessageEvent) => void)[] = [];
  const waiting: [unknown, Transferable[]][] = [];
  let worker: Worker | undefined;
  const start = (): void => {
    const started = new Worker(new URL('./table-worker.ts', import.meta.url), { type: 'module' });
    worker = started;
    for (const listener of listeners) started.addEventListener('message', listener);
    started.addEventListener('error', (event) => {
      broken(event.message || 'The table’s worker stopped.');
      started.terminate();
    });
    for (const [message, transfer] of waiting.splice(0)) started.postMessage(message, transfer);
  };
  painted(start);
  return {
    postMessage(message, transfer) {
      if (worker) worker.postMessage(message, transfer);
      else waiting.push([message, transfer]);
    },
    addEventListener(_type, listener) {
      listeners.push(listener);
      worker?.addEventListener('message', listener);
    },
  };
}
