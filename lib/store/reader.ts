import type { ItemState, RunItem } from '../offboarding/model.ts';
import type { Database } from './database.ts';
import { beginning } from './journal.ts';
import { createRunRows, type RunRows } from './old.ts';
import { type ItemRow, toItem } from './rows.ts';
import type { ItemReader, StoreReader } from './store.ts';

/** Everything of one category: an array sorts after every string, so it closes a range of refs. */
const allRefs = (run: string, category: string, after?: string): IDBKeyRange =>
  after === undefined
    ? IDBKeyRange.bound([run, category], [run, category, []])
    : IDBKeyRange.bound([run, category, after], [run, category, []], true);

const stateRange = (run: string, category: string, state: ItemState, after?: string): IDBKeyRange =>
  after === undefined
    ? IDBKeyRange.bound([run, category, state], [run, category, state, []])
    : IDBKeyRange.bound([run, category, state, after], [run, category, state, []], true);

/** Rows that were written before planned ones went without a state still say it. */
const isPlanned = ({ state }: ItemRow): boolean => state === undefined || state === 'planned';

/** Everything of one run in a table whose key begins with the run. */
export const ofRun = (run: string): IDBKeyRange => IDBKeyRange.bound([run], [run, []]);

/** The read side. `database` gives an open database each time; it rejects when there is none to be had. */
export function createReader(
  database: () => Promise<Database>,
  rows: RunRows = createRunRows(),
): StoreReader {
  const items: ItemReader = {
    async category(run, category) {
      return (await (await database()).getAll('items', allRefs(run, category))).map(toItem);
    },
    async page(run, category, limit, after) {
      return (await (await database()).getAll('items', allRefs(run, category, after), limit)).map(toItem);
    },
    async byRef(run, category, refs) {
      const transaction = (await database()).transaction('items');
      const found = await Promise.all(refs.map((ref) => transaction.store.get([run, category, ref])));
      await transaction.done;
      return found.map((row) => row && toItem(row));
    },
    async inState(run, category, state, limit, after) {
      if (state === 'planned') return planned(run, category, limit, after);
      const rows = await (await database()).getAllFromIndex(
        'items',
        'state',
        stateRange(run, category, state, after),
        limit,
      );
      return rows.map(toItem);
    },
    async countInState(run, category, state) {
      if (state === 'planned') return countPlanned(run, category);
      return (await database()).countFromIndex('items', 'state', stateRange(run, category, state));
    },
  };

  /** Planned items are those that the index by state does not know: rows are read in order, the others left out. */
  async function planned(
    run: string,
    category: string,
    limit: number,
    after: string | undefined,
  ): Promise<RunItem[]> {
    const found: RunItem[] = [];
    if (after === undefined && (await countPlanned(run, category)) === 0) return found;
    for (let from = after; ; ) {
      const rows = await (await database()).getAll('items', allRefs(run, category, from), limit);
      for (const row of rows) if (found.length < limit && isPlanned(row)) found.push(toItem(row));
      if (found.length === limit || rows.length < limit) return found;
      from = rows.at(-1)?.ref;
    }
  }

  async function countPlanned(run: string, category: string): Promise<number> {
    const { store, done } = (await database()).transaction('items');
    const index = store.index('state');
    const [all, indexed, old] = await Promise.all([
      store.count(allRefs(run, category)),
      index.count(allRefs(run, category)),
      index.count(stateRange(run, category, 'planned')),
      done,
    ]);
    return all - indexed + old;
  }

  return {
    items,
    async run(id) {
      const row = await (await database()).get('runs', id);
      return row && rows.read(row);
    },
    async runs() {
      return (await (await database()).getAll('runs')).map(rows.read);
    },
    async journal(run) {
      return (await database()).getAll('journal', ofRun(run));
    },
    async journalHead(run) {
      const last = await (await database()).transaction('journal').store.openCursor(ofRun(run), 'prev');
      return last?.value.hash ?? beginning;
    },
    async openAttempts(run) {
      return (await database()).getAllFromIndex('attempts', 'open', [run, 1]);
    },
  };
}
