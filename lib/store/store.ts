import type { Attempt, JournalEntry } from '../offboarding/attempt.ts';
import type { Batch } from '../offboarding/batch-model.ts';
import type { Item, ItemState, Run, RunItem } from '../offboarding/model.ts';

/** A workspace that an admin connected. No reader hands one out: only the background has them. */
export interface Connection {
  id: string;
  kind: string;
  /** The origin of the workspace's pages, and every origin whose permission it needs. */
  origin: string;
  origins: string[];
  workspace: { id: string; name: string };
  /** What the connector needs to start again without asking (the contract: its discovery document). */
  settings: unknown;
  /** A token or an API key that was typed in. It leaves the background for its workspace alone. */
  secret?: string;
  /** What the connector has learned of the workspace since, by names of its own. */
  memory?: Record<string, unknown>;
  createdAt: string;
}

/** The items of a run, in the order of their refs. */
export interface ItemReader {
  /** Every item of a category, in key order. */
  category(run: string, category: string): Promise<RunItem[]>;
  /** Up to `limit` items of a category after a ref. */
  page(run: string, category: string, limit: number, after?: string): Promise<RunItem[]>;
  /** These items, in the order asked; undefined for what is not there. */
  byRef(run: string, category: string, refs: readonly string[]): Promise<(RunItem | undefined)[]>;
  /** Up to `limit` items in a state, after a ref. */
  inState(run: string, category: string, state: ItemState, limit: number, after?: string): Promise<RunItem[]>;
  /** How many items of a category are in each state, all at one moment. */
  counts(run: string, category: string): Promise<Record<ItemState, number>>;
}

/** What the panel may do with the store: read. */
export interface StoreReader {
  readonly items: ItemReader;
  run(id: string): Promise<Run | undefined>;
  runs(): Promise<Run[]>;
  /** These runs, in the order asked; undefined for what is not there. */
  runsById(ids: readonly string[]): Promise<(Run | undefined)[]>;
  batch(id: string): Promise<Batch | undefined>;
  batches(): Promise<Batch[]>;
  journal(run: string): Promise<JournalEntry[]>;
  /** The hash of a journal's last entry. */
  journalHead(run: string): Promise<string>;
  openAttempts(run: string): Promise<Attempt[]>;
}

/** An entry of the journal before it has its place in the chain. */
export type JournalDraft = Pick<JournalEntry, 'at' | 'kind' | 'data'>;

/** What a merge found. */
export interface Merged {
  /** Items that were not known. */
  added: Item[];
  /** Known ones that had been settled and name the leaver again. */
  returned: Item[];
  /** How many are known as failed, or are being verified. */
  left: number;
}

/** A change of a run, made on what is stored at that moment; undefined: nothing to change. It must be pure. */
export type RunChange = (run: Run) => Run | undefined;

/** Entries for the journal, or how to tell them from a run and what it was before; that too must be pure. */
export type JournalDrafts = readonly JournalDraft[] | ((run: Run, before: Run) => readonly JournalDraft[]);

/** What the engine may do with the store. Each method is one transaction: all of it is stored, or nothing. */
export interface Store extends StoreReader {
  connections(): Promise<Connection[]>;
  connection(id: string): Promise<Connection | undefined>;
  putConnection(connection: Connection): Promise<void>;
  /** Keeps what a connector learned, strictly on disk before it resolves; nothing for an unknown connection. */
  remember(connection: string, name: string, value: unknown): Promise<void>;
  /** Takes a connection out with every run and batch of it, and these journals of their own. */
  removeConnection(id: string, journals: readonly string[]): Promise<void>;
  /** The open run of a leaver, by the run's `open` string. */
  openRun(open: string): Promise<Run | undefined>;
  /** Creates a run unless its `open` string is taken: then that run comes back. */
  createRun(run: Run, entry: JournalDraft): Promise<{ run: Run; created: boolean }>;
  /**
   * Changes a run and appends to its journal; resolves with the run as it stands afterwards (its `rev` one higher
   * when it changed). Rejects with MissingRun.
   */
  updateRun(id: string, change: RunChange, entries?: JournalDrafts): Promise<Run>;
  /**
   * Puts an open run aside that cannot be read: it holds its leaver no more, and counts as failed for whoever can
   * read it one day. Nothing else of it is changed. Rejects with MissingRun.
   */
  putAside(id: string, entry: JournalDraft): Promise<Run>;
  createBatch(batch: Batch): Promise<void>;
  /** Changes a batch; resolves with it as it stands afterwards, its `rev` one higher when it changed. Rejects with MissingRun. */
  updateBatch(id: string, change: (batch: Batch) => Batch | undefined): Promise<Batch>;
  /** Appends to a journal that belongs to no run, under a name of its own. */
  appendJournal(name: string, entries: readonly JournalDraft[]): Promise<void>;
  /** Takes a draft that never came to life out again, with everything of it. */
  deleteRun(id: string): Promise<void>;
  /**
   * Merges scanned items by ref. New ones are planned; settled ones that name the leaver again are planned again,
   * except failed ones, which only a retry takes up. `fresh`: the caller knows that none of them was stored before
   * this scan began; they are then written without a look at what is there, and those of a page that does not go on
   * in the order of its refs can be read only once the category is sealed.
   */
  mergeItems(run: string, items: readonly Item[], firstPosition: number, fresh?: boolean): Promise<Merged>;
  /** Whether a run has no item at all, not even on a page that is not in its place yet. */
  hasNoItems(run: string): Promise<boolean>;
  /** Ends fresh merges of a category, the interrupted ones too: whatever order its pages came in, they can be read. */
  sealItems(run: string, category: string): Promise<void>;
  /**
   * Removes items of a category whose refs are not in `keep`, and changes the run by what was removed; resolves with
   * the removed ones.
   */
  removeItems(
    run: string,
    category: string,
    keep: ReadonlySet<string>,
    change?: (run: Run, removed: readonly RunItem[]) => Run | undefined,
  ): Promise<RunItem[]>;
  /** Stores items, and changes their run with them; without any items, nothing. */
  putItems(items: readonly RunItem[], change?: RunChange): Promise<Run | undefined>;
  /** The last attempt's number of a run, 0 before the first. */
  lastAttempt(run: string): Promise<number>;
  /** Freezes an attempt, strictly on disk before it resolves. */
  beginAttempt(attempt: Attempt): Promise<void>;
  /** Marks an open attempt (tries, wait, "may have landed") and its items. */
  markAttempt(attempt: Attempt, items: readonly RunItem[], change: RunChange): Promise<Run>;
  /** Outcome, items, counters and journal in one strict transaction; the attempt is closed. */
  settleAttempt(
    attempt: Attempt,
    items: readonly RunItem[],
    change: RunChange,
    entry: JournalDraft,
  ): Promise<Run>;
}

/** The run is not in this browser (any more). */
export class MissingRun extends Error {
  override readonly name = 'MissingRun';
}

/** The browser could not store: disk full, quota reached, database taken away. Nothing of the call was stored. */
export class StorageFailed extends Error {
  override readonly name = 'StorageFailed';
}
