import type { z } from 'zod';
import { type Run, runSchema } from '../offboarding/model.ts';
import { isOpen, toPhase } from '../offboarding/transitions.ts';
import { StorageFailed } from './store.ts';

/** What this version of the extension writes as `schema` of a run. */
export const currentSchema = 1;

type Row = Record<string, unknown>;

/**
 * The ladder: `migrations[n]` makes a row of schema n one of schema n + 1. A rung is never changed once it is out;
 * whatever changes the meaning of a stored field adds one and raises `currentSchema`.
 * Schema 0 is what was stored before rows named their schema: its fields are those of 1, some of them not yet there.
 */
const migrations: readonly ((row: Row) => Row)[] = [
  (row) => ({
    ...row,
    schema: 1,
    blockers: row.blockers ?? [],
    completion: row.completion ?? 'api',
    acknowledgements: row.acknowledgements ?? [],
    plan: { defaults: {}, changes: [], ...(row.plan as Row | undefined) },
    scan: { state: 'none', ...(row.scan as Row | undefined) },
  }),
];

/** A row that this version of the extension cannot read must not be written over either. */
export class UnreadableRun extends StorageFailed {}

/** Reads rows of the table of runs, whatever version wrote them; a row is looked into once. */
export interface RunRows {
  /** The run of a row; one that cannot be read comes as a stand-in that says why. Never throws. */
  read(row: Run): Run;
  /** The run of a row that is going to be changed. Throws UnreadableRun. */
  forChange(row: Run): Run;
  /** The row of a run that holds its leaver no more, though nobody here can read it; all else of it stays. */
  aside(row: Run, at: string): Run;
}

/** Remembers which rows are as they should be, so that each is checked once and not at every change. */
export function createRunRows(): RunRows {
  const checked = new Set<string>();
  const look = (row: Run): Run | { unreadable: string } => {
    if (row.schema === currentSchema && checked.has(row.id)) return row;
    const found = migrate(row);
    if ('unreadable' in found) return found;
    checked.add(row.id);
    return found;
  };
  return {
    read(row) {
      const found = look(row);
      return 'unreadable' in found ? standIn(row, found.unreadable) : found;
    },
    forChange(row) {
      const found = look(row);
      if ('unreadable' in found) throw new UnreadableRun(found.unreadable);
      return found;
    },
    aside({ open: _open, ...row }, at) {
      checked.delete(row.id);
      const aside: Run & { asideAt: string } = { ...row, rev: (Number(row.rev) || 0) + 1, asideAt: at };
      return aside;
    },
  };
}

/** The run of a row of any schema, or why there is none. Fields that nobody knows are kept. */
function migrate(stored: unknown): Run | { unreadable: string } {
  let row: Row = { ...(stored as Row) };
  const schema = typeof row.schema === 'number' ? row.schema : 0;
  if (schema > currentSchema)
    return {
      unreadable: `A newer version of the extension wrote this run (schema ${schema}; this one reads ${currentSchema}).`,
    };
  for (const rung of migrations.slice(schema)) row = rung(row);
  const parsed = runSchema.safeParse(row);
  if (parsed.success) return ended({ ...row, ...parsed.data }, row.asideAt);
  return {
    unreadable: `Expected a run of schema ${currentSchema}, got one with ${firstFault(parsed.error)}.`,
  };
}

/** A run that was put aside while no version here could read it is over, whoever can read it now. */
function ended(run: Run, asideAt: unknown): Run {
  if (typeof asideAt !== 'string' || !isOpen(run.phase)) return run;
  return toPhase({ ...run, phase: 'executing' }, 'failed', asideAt);
}

const firstFault = (error: z.ZodError): string => {
  const path = error.issues[0]?.path.join('.') ?? '';
  return path === '' ? 'another shape' : `another value at "${path}"`;
};

/**
 * What is shown in place of a run that cannot be read: whose it was, as far as that can be told, and why it stands
 * still. It is never stored.
 */
function standIn(stored: unknown, detail: string): Run {
  const row = stored as Row;
  const text = (value: unknown, otherwise: string): string =>
    typeof value === 'string' && value !== '' ? value : otherwise;
  const leaver = (row.leaver ?? {}) as Row;
  const by = (row.by ?? {}) as Row;
  const createdAt = text(row.createdAt, new Date(0).toISOString());
  const aside = typeof row.asideAt === 'string';
  const over = typeof row.phase === 'string' && !isOpen(row.phase as Run['phase']);
  return {
    id: text(row.id, '?'),
    schema: currentSchema,
    rev: typeof row.rev === 'number' ? row.rev : 0,
    connection: text(row.connection, '?'),
    leaver: {
      id: text(leaver.id, '?'),
      name: text(leaver.name, '?'),
      email: text(leaver.email, ''),
      active: leaver.active !== false,
      admin: 'unknown',
    },
    by: { name: text(by.name, '?'), workspace: { id: '?', name: '?' }, admin: 'unknown' },
    mode: 'executeOnly',
    phase: aside ? 'failed' : 'paused',
    pause: { kind: 'unreadable', detail },
    blockers: [],
    completion: 'api',
    plan: { defaults: {}, changes: [], selected: [] },
    scan: { state: 'none', changes: [] },
    categories: [],
    acknowledgements: [],
    steps: [],
    screen: 'execution',
    // Whether it still holds its leaver is what its row says.
    ...(!over && typeof row.open === 'string' && { open: row.open }),
    createdAt,
    updatedAt: text(row.updatedAt, createdAt),
    ...(aside && { endedAt: row.asideAt as string }),
  };
}
