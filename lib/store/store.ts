import type { Attempt, ItemState, JournalEntry, Run, RunItem } from '../offboarding/model.ts';

/** A workspace that an admin connected. Access tokens are kept apart, where only trusted contexts read. */
export interface Connection {
  id: string;
  kind: string;
  /** The origin of the workspace's pages, and every origin whose permission it needs. */
  origin: string;
  origins: string[];
  workspace: { id: string; name: string };
  /** What the connector needs to start again without asking (the contract: its discovery document). */
  settings: unknown;
  createdAt: string;
}

/** A range of one category's items, by position in the key order of [run, category, ref]. */
export interface ItemReader {
  /** Every item of a category, in key order. */
  category(run: string, category: string): Promise<RunItem[]>;
  /** These items, in the order asked; undefined for what is not there. */
  byRef(run: string, category: string, refs: readonly string[]): Promise<(RunItem | undefined)[]>;
  /** Up to `limit` items in a state, after a ref. */
  inState(run: string, category: string, state: ItemState, limit: number, after?: string): Promise<RunItem[]>;
  countInState(run: string, category: string, state: ItemState): Promise<number>;
}

/** What the panel may do with the store: read. */
export interface StoreReader {
  readonly items: ItemReader;
  run(id: string): Promise<Run | undefined>;
  runs(): Promise<Run[]>;
  journal(run: string): Promise<JournalEntry[]>;
  openAttempts(run: string): Promise<Attempt[]>;
}
