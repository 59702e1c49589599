import { connectProjection } from '../../lib/panel/table/channel.ts';
import { createTable, type TableModel } from '../../lib/panel/table/table.ts';

/** The model of a table whose searching and sorting happens in a worker of its own; `dispose` ends both. */
export function openTable(): TableModel {
  const worker = new Worker(new URL('./table-worker.ts', import.meta.url), { type: 'module' });
  const projection = connectProjection(worker, () => worker.terminate());
  worker.addEventListener('error', (event) =>
    projection.broken(event.message || 'The table’s worker stopped.'),
  );
  return createTable(projection);
}
