import { connectProjections } from '../../lib/panel/table/channel.ts';
import type { Projections } from '../../lib/panel/table/projection.ts';

/**
 * The data of all tables of this page, in one worker that lives as long as the page. It starts when it is first needed,
 * and anew after it broke.
 */
export function openTables(): Projections {
  let connected: Projections | undefined;
  const start = (): Projections => {
    const worker = new Worker(new URL('./table-worker.ts', import.meta.url), { type: 'module' });
    const projections = connectProjections(worker);
    worker.addEventListener('error', (event) => {
      connected = undefined;
      projections.broken(event.message || 'The table’s worker stopped.');
      worker.terminate();
    });
    return projections;
  };
  const now = (): Projections => {
    connected ??= start();
    return connected;
  };
  return {
    project: () => now().project(),
    customers: (categories) => now().customers(categories),
  };
}
