import { z } from 'zod';
import { categorySchema, memberSchema, runSchema } from '../../offboarding/model.ts';
import { isOpen } from '../../offboarding/transitions.ts';
import { problemOf } from '../answers.ts';
import type { Clock } from '../dispatcher.ts';
import { WorkspaceError } from '../errors.ts';
import { describeMismatch } from '../expected.ts';
import type { RegisteredRun, RunRecord, RunRegistry } from '../port.ts';
import type { Session } from './session.ts';
import { registeredRunSchema } from './wire.ts';

/** On the wire a record is the client's own affair; this client reads back what it, or another of its kind, wrote. */
const recordSchema = runSchema
  .pick({
    mode: true,
    phase: true,
    plan: true,
    steps: true,
    acknowledgements: true,
    startedAt: true,
    endedAt: true,
    pause: true,
    note: true,
  })
  .extend({
    planHash: z.string(),
    journalHead: z.string(),
    leaver: memberSchema.pick({ name: true, email: true, active: true }).optional(),
    categories: z
      .array(categorySchema.pick({ id: true, kind: true, name: true, action: true, count: true }))
      .optional(),
  });
const runAnswerSchema = registeredRunSchema.extend({ record: recordSchema });
const runsAnswerSchema = z.object({ runs: z.array(runAnswerSchema) });

/**
 * Clocks that differ by less count as the same, milliseconds: `Date` (RFC 9110, 6.6.1) tells whole seconds, and an
 * answer is some time on its way.
 */
const sameTime = 5_000;

/**
 * The registry of runs at `api`. The workspace's clock may be wrong, or this machine's: times that it tells are given
 * out as they are by `clock`, so that a lease ends here when it ends there.
 */
export function createRunRegistry(session: Session, api: string, clock: Clock): RunRegistry {
  const url = (id: string) => `${api}/runs/${encodeURIComponent(id)}`;
  /** How far the workspace's clock is ahead, milliseconds; negative: behind. */
  let ahead = 0;
  const hears = (headers: Headers): void => {
    const there = Date.parse(headers.get('date') ?? '');
    if (Number.isNaN(there)) return;
    // On average half a second was cut off.
    const difference = there + 500 - clock.now().getTime();
    ahead = Math.abs(difference) < sameTime ? 0 : difference;
  };
  const here = (time: string): string =>
    ahead === 0 ? time : new Date(Date.parse(time) - ahead).toISOString();
  const inOurTime = (run: RegisteredRun): RegisteredRun => ({
    ...run,
    leaseUntil: here(run.leaseUntil),
    updatedAt: here(run.updatedAt),
  });

  /** Calls about one run never overtake each other. `same`: what the answer has to say of it besides. */
  const write = async (
    method: 'POST' | 'PUT',
    at: string,
    id: string,
    body?: unknown,
    same: Partial<RegisteredRun> = {},
  ): Promise<RegisteredRun> => {
    const run = await session.send({
      method,
      url: at,
      write: true,
      schema: runAnswerSchema,
      ...(body !== undefined && { body }),
      lock: [`run ${id}`],
      flow: id,
      signOfLife: method === 'PUT',
      hears,
    });
    for (const [field, value] of Object.entries({ id, ...same }))
      if (run[field as keyof RegisteredRun] !== value)
        throw new WorkspaceError('invalid', `Expected the run's own "${field}", got another one.`, {
          applied: 'maybe',
        });
    return inOurTime(run);
  };

  async function list(parameters: Record<string, string>): Promise<RegisteredRun[]> {
    const answer = await session.send({
      method: 'GET',
      url: `${api}/runs?${new URLSearchParams(parameters)}`,
      write: false,
      schema: runsAnswerSchema,
      hears,
    });
    return answer.runs.map(inOurTime);
  }

  return {
    async open(id: string, leaver: string, record: RunRecord) {
      try {
        return { registered: await write('POST', `${api}/runs`, id, { id, leaver, record }, { leaver }) };
      } catch (error) {
        const run =
          error instanceof WorkspaceError && error.kind === 'conflict' ? problemOf(error)?.run : undefined;
        if (run === undefined) throw error;
        const parsed = runAnswerSchema.safeParse(run);
        if (parsed.success && parsed.data.leaver !== leaver) throw error;
        if (parsed.success) return { conflict: inOurTime(parsed.data) };
        throw new WorkspaceError('invalid', describeMismatch(parsed.error, run), { cause: error });
      }
    },
    update: (id, fence, record) =>
      write('PUT', url(id), id, { fence, open: isOpen(record.phase), record }, { fence }),
    takeOver: (id) => write('POST', `${url(id)}/lease`, id),
    async find(leaver) {
      const runs = (await list({ leaver })).filter((run) => run.leaver === leaver);
      const newestFirst = runs.sort((a, b) => Date.parse(b.updatedAt) - Date.parse(a.updatedAt));
      return newestFirst.find((run) => run.open) ?? newestFirst[0];
    },
    listOpen: async () => (await list({ open: 'true' })).filter((run) => run.open),
  };
}
