import { z } from 'zod';
import { categorySchema, memberSchema, runSchema } from '../../offboarding/model.ts';
import { isOpen } from '../../offboarding/transitions.ts';
import { problemOf } from '../answers.ts';
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

/** The registry of runs at `api`. */
export function createRunRegistry(session: Session, api: string): RunRegistry {
  const url = (id: string) => `${api}/runs/${encodeURIComponent(id)}`;

  /** Calls about one run never overtake each other. */
  const write = (method: 'POST' | 'PUT', at: string, id: string, body?: unknown): Promise<RegisteredRun> =>
    session.send({
      method,
      url: at,
      write: true,
      schema: runAnswerSchema,
      ...(body !== undefined && { body }),
      lock: [`run ${id}`],
      flow: id,
    });

  async function list(parameters: Record<string, string>): Promise<RegisteredRun[]> {
    const answer = await session.send({
      method: 'GET',
      url: `${api}/runs?${new URLSearchParams(parameters)}`,
      write: false,
      schema: runsAnswerSchema,
    });
    return answer.runs;
  }

  return {
    async open(id: string, leaver: string, record: RunRecord) {
      try {
        return { registered: await write('POST', `${api}/runs`, id, { id, leaver, record }) };
      } catch (error) {
        const run =
          error instanceof WorkspaceError && error.kind === 'conflict' ? problemOf(error)?.run : undefined;
        if (run === undefined) throw error;
        const parsed = runAnswerSchema.safeParse(run);
        if (parsed.success) return { conflict: parsed.data };
        throw new WorkspaceError('invalid', describeMismatch(parsed.error, run), { cause: error });
      }
    },
    update: (id, fence, record) => write('PUT', url(id), id, { fence, open: isOpen(record.phase), record }),
    takeOver: (id) => write('POST', `${url(id)}/lease`, id),
    async find(leaver) {
      const runs = (await list({ leaver })).filter((run) => run.leaver === leaver);
      const newestFirst = runs.sort((a, b) => Date.parse(b.updatedAt) - Date.parse(a.updatedAt));
      return newestFirst.find((run) => run.open) ?? newestFirst[0];
    },
    listOpen: async () => (await list({ open: 'true' })).filter((run) => run.open),
  };
}
