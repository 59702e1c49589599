import type { z } from 'zod';
import type {
  openRunRequestSchema,
  registeredRunSchema,
  updateRunRequestSchema,
} from '../../lib/workspace/contract/wire.ts';
import type { MemberRow, SandboxContext } from './context.ts';
import { Problem } from './problem.ts';

type RegisteredRun = z.infer<typeof registeredRunSchema>;
interface RunRow {
  id: string;
  leaver: string;
  by: string;
  name: string;
  fence: number;
  lease_until: string;
  open: number;
  updated_at: string;
  record: string;
}

/** The registry of runs: who holds which leaver, until when, and with which fencing number. */
export interface Runs {
  list(filter: { leaver?: string; open?: boolean }): RegisteredRun[];
  /** Throws 404. */
  find(id: string): RegisteredRun;
  /**
   * Creates a run with a lease, or answers the one of this id; an ended one is opened again with a new fence.
   * Throws 409 with the run that is in the way, 422 when there is no such leaver.
   */
  open(
    request: z.infer<typeof openRunRequestSchema>,
    member: MemberRow,
  ): { created: boolean; run: RegisteredRun };
  /** Stores the record and renews the lease. Throws 404, and 409 when the fence is stale or the run is another's. */
  update(id: string, request: z.infer<typeof updateRunRequestSchema>, member: MemberRow): RegisteredRun;
  /** A new fence for the caller. Throws 404, and 409 while another member's lease lasts or when the run has ended. */
  lease(id: string, member: MemberRow): RegisteredRun;
  /** Throws 409 unless the run is open, the caller's, and its fence is this one. */
  check(id: string, fence: number, member: MemberRow): void;
}

const select = 'SELECT r.*, m.name FROM run r JOIN member m ON m.id = r.by';

/** The registry in a database. `lease`: milliseconds for which a holder counts as present after each call. */
export function createRuns(context: SandboxContext, lease: number): Runs {
  const { database } = context;
  const publish = (row: RunRow): RegisteredRun => ({
    id: row.id,
    leaver: row.leaver,
    by: { id: row.by, name: row.name },
    fence: row.fence,
    leaseUntil: row.lease_until,
    open: row.open === 1,
    updatedAt: row.updated_at,
    record: JSON.parse(row.record),
  });
  const rowOf = (id: string) => database.get<RunRow>(`${select} WHERE r.id = ?`, id);
  const existing = (id: string): RunRow => {
    const row = rowOf(id);
    if (!row) throw new Problem(404, 'no-such-run', 'No such run', `There is no run ${id}.`);
    return row;
  };
  const until = () => new Date(Date.parse(context.now()) + lease).toISOString();
  const conflict = (code: string, detail: string, row: RunRow) =>
    new Problem(409, code, 'Conflict', detail, { extra: { run: publish(row) } });
  /** Throws 409 when another run of this leaver is open. */
  const free = (leaver: string, id: string) => {
    const other = database.get<RunRow>(
      `${select} WHERE r.leaver = ? AND r.open = 1 AND r.id <> ?`,
      leaver,
      id,
    );
    if (other) throw conflict('run-in-the-way', `${other.name} has an open run for this member.`, other);
  };
  const take = (row: RunRow, member: MemberRow) =>
    database.run(
      'UPDATE run SET by = ?, fence = fence + 1, lease_until = ?, open = 1, updated_at = ? WHERE id = ?',
      ...[member.id, until(), context.now(), row.id],
    );

  return {
    list({ leaver, open }) {
      const conditions = [
        leaver === undefined ? '1' : 'r.leaver = ?',
        open === undefined ? '1' : 'r.open = ?',
      ];
      const values = [leaver, open === undefined ? undefined : Number(open)].filter(
        (value) => value !== undefined,
      );
      const order = 'ORDER BY r.open DESC, r.updated_at DESC LIMIT 200';
      return database
        .all<RunRow>(`${select} WHERE ${conditions.join(' AND ')} ${order}`, ...values)
        .map(publish);
    },
    find: (id) => publish(existing(id)),
    open: ({ id, leaver, record }, member) =>
      database.transaction(() => {
        const row = rowOf(id);
        if (row && row.leaver !== leaver)
          throw conflict('other-leaver', 'This run is for another member.', row);
        if (row?.open) return { created: false, run: publish(row) };
        free(leaver, id);
        if (row) {
          take(row, member);
          database.run('UPDATE run SET record = ? WHERE id = ?', JSON.stringify(record), id);
          return { created: false, run: publish(existing(id)) };
        }
        if (!database.get('SELECT 1 FROM member WHERE id = ?', leaver))
          throw new Problem(422, 'no-such-member', 'No such member', `There is no member ${leaver}.`);
        database.run(
          'INSERT INTO run (id, leaver, by, fence, lease_until, open, updated_at, record) VALUES (?, ?, ?, 1, ?, 1, ?, ?)',
          ...[id, leaver, member.id, until(), context.now(), JSON.stringify(record)],
        );
        return { created: true, run: publish(existing(id)) };
      }),
    update: (id, { fence, open, record }, member) =>
      database.transaction(() => {
        const row = existing(id);
        if (row.fence !== fence)
          throw conflict('stale-fence', `The fence is ${row.fence} now; somebody took this run over.`, row);
        // A draft may be discarded by any admin; everything else is for its holder.
        const discards = !open && publish(row).record.phase === 'draft';
        if (row.by !== member.id && !discards)
          throw conflict('not-yours', `This run belongs to ${row.name}.`, row);
        if (open && !row.open) free(row.leaver, id);
        database.run(
          'UPDATE run SET open = ?, record = ?, lease_until = ?, updated_at = ? WHERE id = ?',
          ...[Number(open), JSON.stringify(record), open ? until() : row.lease_until, context.now(), id],
        );
        return publish(existing(id));
      }),
    lease: (id, member) =>
      database.transaction(() => {
        const row = existing(id);
        if (!row.open) throw conflict('run-ended', 'This run has ended.', row);
        if (row.by !== member.id && row.lease_until > context.now())
          throw conflict(
            'lease-lasts',
            `${row.name}'s browser has shown itself; its lease lasts until ${row.lease_until}.`,
            row,
          );
        take(row, member);
        return publish(existing(id));
      }),
    check(id, fence, member) {
      const row = rowOf(id);
      if (!row) throw new Problem(409, 'no-such-run', 'Conflict', `There is no run ${id}.`);
      if (!row.open) throw conflict('run-ended', 'This run has ended.', row);
      if (row.by !== member.id) throw conflict('not-yours', `This run belongs to ${row.name}.`, row);
      if (row.fence !== fence)
        throw conflict('stale-fence', `The fence is ${row.fence} now; this request carries ${fence}.`, row);
    },
  };
}
