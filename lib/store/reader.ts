import type { ItemState } from '../offboarding/model.ts';
import type { Database } from './database.ts';
import { beginning } from './journal.ts';
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

/** Everything of one run in a table whose key begins with the run. */
export const ofRun = (run: string): IDBKeyRange => IDBKeyRange.bound([run], [run, []]);

/** The read side. `database` gives an open database each time; it rejects when there is none to be had. */
export function createReader(database: () => Promise<Database>): StoreReader {
  const items: ItemReader = {
    async category(run, category) {
      return (await database()).getAll('items', allRefs(run, category));
    },
    async page(run, category, limit, after) {
      return (await database()).getAll('items', allRefs(run, category, after), limit);
    },
    async byRef(run, category, refs) {
      const transaction = (await database()).transaction('items');
      const found = await Promise.all(refs.map((ref) => transaction.store.get([run, category, ref])));
      await transaction.done;
      return found;
    },
    async inState(run, category, state, limit, after) {
      return (await database()).getAllFromIndex(
        'items',
        'state',
        stateRange(run, category, state, after),
        limit,
      );
    },
    async countInState(run, category, state) {
      return (await database()).countFromIndex('items', 'state', stateRange(run, category, state));
    },
  };
  return {
    items,
    async run(id) {
      return (await database()).get('runs', id);
    },
    async runs() {
      return (await database()).getAll('runs');
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
