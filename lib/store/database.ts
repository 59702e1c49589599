import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB, type StoreNames } from 'idb';
import type { Attempt, JournalEntry } from '../offboarding/attempt.ts';
import type { Batch } from '../offboarding/batch-model.ts';
import type { Run } from '../offboarding/model.ts';
import type { ChunkRow, LooseRow } from './chunks.ts';
import type { ItemRow } from './rows.ts';
import type { Connection } from './store.ts';

/** The tables. Keys and indexes are in architecture.md's "Records"; there is one index on items, for speed. */
export interface Schema extends DBSchema {
  connections: { key: string; value: Connection; indexes: { origin: string } };
  runs: { key: string; value: Run; indexes: { open: string } };
  items: {
    key: [string, string, string];
    value: ItemRow;
    indexes: { state: [string, string, string, string] };
  };
  attempts: {
    key: [string, number];
    value: Attempt;
    indexes: { open: [string, number] };
  };
  journal: { key: [string, number]; value: JournalEntry };
  chunks: { key: [string, string, string]; value: ChunkRow };
  loose: { key: [string, string, number]; value: LooseRow };
  batches: { key: string; value: Batch };
}

export type Database = IDBPDatabase<Schema>;

/** A transaction that writes, over some of the tables. */
export type Transaction = IDBPTransaction<Schema, StoreNames<Schema>[], 'readwrite'>;

/**
 * The ladder: `rungs[n]` makes a database of version n one of version n + 1. A rung is never changed once it is out.
 * What changes within rows is not done here but when a row is read (old.ts).
 */
const rungs: readonly ((database: Database) => void)[] = [
  (database) => {
    database
      .createObjectStore('connections', { keyPath: 'id' })
      .createIndex('origin', 'origin', { unique: true });
    // Only open runs carry `open`, so the unique index allows any number of finished ones.
    database.createObjectStore('runs', { keyPath: 'id' }).createIndex('open', 'open', { unique: true });
    database
      .createObjectStore('items', { keyPath: ['run', 'category', 'ref'] })
      .createIndex('state', ['run', 'category', 'state', 'ref']);
    database.createObjectStore('attempts', { keyPath: ['run', 'seq'] }).createIndex('open', ['run', 'open']);
    database.createObjectStore('journal', { keyPath: ['run', 'seq'] });
  },
  // What older versions stored stays as it is: a row in `items`, which is read together with the chunks.
  (database) => {
    database.createObjectStore('chunks', { keyPath: ['run', 'category', 'last'] });
    database.createObjectStore('loose', { keyPath: ['run', 'category', 'position'] });
  },
  (database) => {
    database.createObjectStore('batches', { keyPath: 'id' });
  },
];
export const version = rungs.length;

/**
 * Opens the database, making or upgrading its tables.
 * `closed` is called when the browser took it away (evicted, or a newer version wants in), so that the caller opens
 * it anew. Rejects when the browser refuses, for example on a full disk.
 */
export function openDatabase(name: string, closed: () => void): Promise<Database> {
  return openDB<Schema>(name, version, {
    upgrade(database, oldVersion) {
      for (const rung of rungs.slice(oldVersion)) rung(database);
    },
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close();
      closed();
    },
    terminated: closed,
  });
}
