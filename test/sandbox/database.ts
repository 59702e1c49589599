import { readFileSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

/** The sandbox's database behind small helpers. Statements are prepared once for each text of SQL. */
export interface Database {
  readonly raw: DatabaseSync;
  /** The prepared statement of this SQL; the same object for the same text. */
  prepare(sql: string): StatementSync;
  /** Every row. Throws what SQLite throws. */
  all<Row>(sql: string, ...parameters: SQLInputValue[]): Row[];
  /** The first row, if there is one. */
  get<Row>(sql: string, ...parameters: SQLInputValue[]): Row | undefined;
  /** Writes; returns how many rows changed. */
  run(sql: string, ...parameters: SQLInputValue[]): number;
  /** One transaction: committed when `work` returns, rolled back when it throws. Inside another it joins that one. */
  transaction<T>(work: () => T): T;
  close(): void;
}

/**
 * Opens the file (or memory, the default) and applies schema.sql if it holds no tables yet.
 * Throws what SQLite throws, for example when the file is no database.
 */
export function openDatabase(file = ':memory:'): Database {
  const raw = new DatabaseSync(file);
  raw.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON');
  const statements = new Map<string, StatementSync>();
  const database: Database = {
    raw,
    prepare(sql) {
      let statement = statements.get(sql);
      if (!statement) {
        statement = raw.prepare(sql);
        statements.set(sql, statement);
      }
      return statement;
    },
    all: <Row>(sql: string, ...parameters: SQLInputValue[]) =>
      database.prepare(sql).all(...parameters) as unknown as Row[],
    get: <Row>(sql: string, ...parameters: SQLInputValue[]) =>
      database.prepare(sql).get(...parameters) as unknown as Row | undefined,
    run: (sql, ...parameters) => Number(database.prepare(sql).run(...parameters).changes),
    transaction(work) {
      if (raw.isTransaction) return work();
      raw.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        raw.exec('COMMIT');
        return result;
      } catch (error) {
        if (raw.isTransaction) raw.exec('ROLLBACK');
        throw error;
      }
    },
    close: () => raw.close(),
  };
  const known = database.get("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'member'");
  if (!known) raw.exec(readFileSync(new URL('schema.sql', import.meta.url), 'utf8'));
  return database;
}

/** Whether nothing has been seeded yet. */
export function isEmpty(database: Database): boolean {
  return database.get('SELECT 1 FROM member LIMIT 1') === undefined;
}
