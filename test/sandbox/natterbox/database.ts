import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { Database } from '../database.ts';
import { objectDefinitions } from './metadata.ts';

/** Opens the org's database in memory, with a table for each object and the tables of the sessions and the write log. */
export function openOrgDatabase(): Database {
  const raw = new DatabaseSync(':memory:');
  const statements = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    const statement = statements.get(sql) ?? raw.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  const database: Database = {
    raw,
    prepare,
    all: <Row>(sql: string, ...parameters: SQLInputValue[]) =>
      prepare(sql).all(...parameters) as unknown as Row[],
    get: <Row>(sql: string, ...parameters: SQLInputValue[]) =>
      prepare(sql).get(...parameters) as unknown as Row | undefined,
    run: (sql, ...parameters) => Number(prepare(sql).run(...parameters).changes),
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
  for (const { name, fields } of objectDefinitions) {
    const columns = fields.map(({ name: field, type }) => {
      if (type === 'id') return `"${field}" TEXT PRIMARY KEY`;
      return `"${field}" ${type === 'boolean' ? 'INTEGER NOT NULL DEFAULT 0' : type === 'double' ? 'REAL' : 'TEXT'}`;
    });
    raw.exec(`CREATE TABLE "${name}" (${columns.join(', ')}) STRICT`);
    for (const { name: field, type } of fields)
      if (type === 'reference') raw.exec(`CREATE INDEX "${name} ${field}" ON "${name}" ("${field}")`);
  }
  raw.exec(`
    CREATE TABLE session (id TEXT PRIMARY KEY, member TEXT NOT NULL, host TEXT NOT NULL) STRICT;
    CREATE TABLE deleted (id TEXT PRIMARY KEY) STRICT;
    CREATE TABLE write_log (seq INTEGER PRIMARY KEY, actor TEXT NOT NULL, object TEXT NOT NULL, record TEXT NOT NULL,
      kind TEXT NOT NULL, changes TEXT NOT NULL) STRICT;
  `);
  return database;
}
