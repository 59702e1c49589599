import type { Batch, BatchMember } from './batch-model.ts';
import { isSelf } from './eligibility.ts';
import type { Pause } from './holdups.ts';
import type { Run, Viewer } from './model.ts';
import { needsAcknowledgement, totals } from './steps.ts';

/**
 * Several offboardings at once. A batch is a list of run ids and a small state; how far it is, what it touches and
 * who is held back is read off its runs.
 */

/** Nobody offboards themselves, and who is inactive has been offboarded. */
export function refusalOfMember(
  member: Pick<BatchMember, 'id' | 'name' | 'active'>,
  viewer: Viewer,
): Pick<Batch['members'][number], 'refused'> {
  if (isSelf(viewer, member.id))
    return { refused: { code: 'self', detail: 'Nobody can offboard themselves.' } };
  return member.active
    ? {}
    : { refused: { code: 'inactive', detail: `${member.name} is inactive already.` } };
}

/** What a check failed of that is no matter of its user: all others would meet it too. Undefined: their own. */
export function sharedFault(key: string): Pause['kind'] | undefined {
  return sharedFaults[key];
}

const sharedFaults: Record<string, Pause['kind'] | undefined> = {
  auth: 'signedOut',
  throttled: 'unreachable',
  transient: 'unreachable',
  storage: 'storage',
};

export const rowStates = [
  'waiting',
  'checking',
  'ready',
  'blocked',
  'unchecked',
  'refused',
  'running',
  'paused',
  'succeeded',
  'partial',
  'failed',
  'left',
] as const;
export type RowState = (typeof rowStates)[number];

/** One user of a batch, as its table shows them. */
export interface BatchRow {
  run: string;
  member: BatchMember;
  state: RowState;
  /** The run's own revision; -1: there is none (yet). */
  rev: number;
  moved: number;
  failed: number;
  skipped: number;
  total: number;
  /** Steps that are over, and all of them. */
  stepsOver: number;
  steps: number;
  /** The step at hand: a category's name where it has one, and its kind. */
  step?: { kind: Run['steps'][number]['kind']; name: string };
  /** What holds them up or went wrong: the workspace's own words, or a message of the engine. */
  reason?: { text: string; remedy?: string; link?: string } | NonNullable<Run['steps'][number]['message']>;
  pause?: Pause;
  /** The workspace asked to wait until then, in these words. */
  wait?: { until: string; detail: string };
  scannedAt?: string;
  startedAt?: string;
  endedAt?: string;
  /** Only before the start: what the survey found. */
  categories?: Pick<
    Run['categories'][number],
    'id' | 'kind' | 'name' | 'action' | 'count' | 'selectable' | 'link' | 'order'
  >[];
  notes?: NonNullable<Run['notes']>;
}

/** The row of a user; `run` is undefined until they have one. */
export function rowOf(member: Batch['members'][number], run: Run | undefined): BatchRow {
  return withRefusal(run ? rowOfRun(run) : rowWithout(member), member);
}

/** A row as the batch sees it: who was refused before their run began has none; who is refused a retry ended before. */
export function withRefusal(row: BatchRow, { refused }: Batch['members'][number]): BatchRow {
  if (!refused) return row;
  const reason = { text: refused.detail };
  if (row.state === 'partial' || row.state === 'failed') return { ...row, reason };
  return heldBack.includes(row.state) ? { ...row, state: 'refused', reason } : row;
}

const heldBack: readonly RowState[] = ['waiting', 'checking', 'ready', 'blocked', 'unchecked', 'left'];

const rowWithout = ({ run, member }: Batch['members'][number]): BatchRow => ({
  run,
  member,
  state: 'waiting',
  rev: -1,
  moved: 0,
  failed: 0,
  skipped: 0,
  total: 0,
  stepsOver: 0,
  steps: 0,
});

function rowOfRun(run: Run): BatchRow {
  const { moved, failed, skipped, total } = totals(run.steps);
  const over = run.steps.filter(({ state }) => state !== 'queued' && state !== 'running');
  const current = run.steps.find(({ state }) => state === 'running' || state === 'queued');
  const { id, name, email, active } = run.leaver;
  const row: BatchRow = {
    run: run.id,
    member: { id, name, email, active },
    state: stateOf(run),
    rev: run.rev,
    moved,
    failed,
    skipped,
    total,
    stepsOver: over.length,
    steps: run.steps.length,
  };
  if (current)
    row.step = {
      kind: current.kind,
      name: run.categories.find((each) => each.id === current.category)?.name ?? current.category ?? '',
    };
  const reason = reasonOf(run);
  if (reason) row.reason = reason;
  if (run.pause && run.phase === 'paused') row.pause = run.pause;
  if (run.phase === 'executing') {
    if (run.wait) row.wait = { until: run.wait.until, detail: run.wait.detail };
    else if (run.retry) row.wait = { until: run.retry.resumeAt, detail: run.retry.detail };
  }
  if (run.scan.endedAt !== undefined) row.scannedAt = run.scan.endedAt;
  if (run.startedAt !== undefined) row.startedAt = run.startedAt;
  if (run.endedAt !== undefined) row.endedAt = run.endedAt;
  if (run.phase === 'draft') {
    row.categories = run.categories.map(({ id, kind, name, action, count, selectable, link, order }) => ({
      id,
      kind,
      action,
      count,
      selectable,
      order,
      ...(name !== undefined && { name }),
      ...(link !== undefined && { link }),
    }));
    row.notes = run.notes ?? [];
  }
  return row;
}

function stateOf(run: Run): RowState {
  switch (run.phase) {
    case 'draft':
    case 'discarded': {
      const { state, error } = run.scan;
      // Of what all would meet it is checked again by itself.
      if (state === 'failed' && run.phase === 'draft' && sharedFault(error?.key ?? '')) return 'waiting';
      if (state === 'failed') return 'unchecked';
      if (state === 'done' && run.blockers.length > 0) return 'blocked';
      if (run.phase === 'discarded') return 'left';
      return state === 'done' ? 'ready' : state === 'running' ? 'checking' : 'waiting';
    }
    case 'executing':
    case 'stopping':
    case 'waiting':
      return 'running';
    case 'superseded':
      return 'partial';
    default:
      return run.phase;
  }
}

function reasonOf(run: Run): BatchRow['reason'] {
  const [blocker] = run.blockers;
  if (run.phase === 'draft' || run.phase === 'discarded') {
    if (run.scan.state === 'failed') return { text: run.scan.error?.detail ?? '' };
    if (!blocker) return undefined;
    const { message, remedy, link } = blocker;
    return {
      text: message,
      ...(remedy !== undefined && { remedy }),
      ...(link !== undefined && { link }),
    };
  }
  if (run.phase === 'paused') return { text: run.pause?.detail ?? '' };
  return run.steps.find(({ state, message }) => state === 'failed' && message !== undefined)?.message;
}

/** Whether what stopped a run stops them all: the session, the connection or this browser, not the run itself. */
export const isShared = ({ kind }: Pause): boolean =>
  ['signedOut', 'otherPerson', 'failures', 'refused', 'unreachable', 'storage'].includes(kind);

/** Waits longer than this are told; milliseconds. */
const worthTelling = 5_000;

/** What keeps a batch that executes from going on: one reason for all of them. */
export function standstill(rows: readonly BatchRow[], now: Date): Pause | undefined {
  for (const { pause } of rows) if (pause && isShared(pause)) return pause;
  for (const { wait } of rows)
    if (wait && Date.parse(wait.until) - now.getTime() > worthTelling)
      return { kind: 'unreachable', detail: wait.detail, resumeAt: wait.until };
  return undefined;
}

/** So many users in a row that fail of the same pause the batch. */
export const repeatsBeforePause = 20;

/** The reason of which the latest users all failed, one like the other, since the batch last went on. */
export function repeated(batch: Batch, rows: readonly BatchRow[]): string | undefined {
  const since = batch.continuedAt ?? '';
  const latest = rows
    .filter(({ endedAt, state }) => endedAt !== undefined && endedAt > since && state !== 'left')
    .sort((a, b) => ((a.endedAt ?? '') < (b.endedAt ?? '') ? 1 : -1))
    .slice(0, repeatsBeforePause);
  const [first] = latest;
  if (!first || latest.length < repeatsBeforePause) return undefined;
  const words = wordsOf(first);
  const same = latest.every((row) => ['failed', 'partial'].includes(row.state) && wordsOf(row) === words);
  return same && words !== '' ? words : undefined;
}

const wordsOf = ({ reason }: BatchRow): string =>
  reason === undefined ? '' : 'text' in reason ? reason.text : String(reason.params.detail ?? reason.key);

/** What is to be done next in a batch that executes or stops; `active` is how many runs are at work. */
export interface Todo {
  start: string[];
  retry: string[];
  /** Drafts that will never be started. */
  discard: string[];
  active: number;
  /** Nobody is at work, and nobody is left who could be. */
  over: boolean;
}

/** What a batch has to do by what its rows say. Pure. */
export function todoOf(batch: Batch, rows: readonly BatchRow[]): Todo {
  const todo: Todo = { start: [], retry: [], discard: [], active: 0, over: false };
  let held = 0;
  for (const { run, state, pause, endedAt, categories } of rows) {
    const draft = categories !== undefined;
    if (state === 'running' || (state === 'paused' && pause && isShared(pause))) todo.active += 1;
    else if (state === 'paused') held += 1;
    else if (draft && beginnable.includes(state) && batch.phase === 'executing') todo.start.push(run);
    else if (draft) todo.discard.push(run);
    else if (batch.phase === 'executing' && endedAt !== undefined && batch.again[run] === endedAt)
      todo.retry.push(run);
  }
  todo.over = todo.active + held + todo.start.length + todo.retry.length === 0;
  return todo;
}

/** In a batch that executes: who is checked again before they begin may be found in the middle of that. */
const beginnable: readonly RowState[] = ['ready', 'waiting', 'checking'];

/** How far a batch is, in users. */
export interface BatchProgress {
  /** Users who take part. */
  total: number;
  over: number;
  byState: Record<RowState, number>;
}

/** Counts users by state. Who was held back before the start takes no part. */
export function batchProgress(rows: readonly BatchRow[]): BatchProgress {
  const byState = Object.fromEntries(rowStates.map((state) => [state, 0])) as Record<RowState, number>;
  for (const { state } of rows) byState[state] += 1;
  const over = byState.succeeded + byState.partial + byState.failed;
  const heldBack = byState.blocked + byState.unchecked + byState.refused + byState.left;
  return { total: rows.length - heldBack, over, byState };
}

/** The run with what was decided for all of them: what is removed, and one tick recorded for each. */
export function withDecisions(run: Run, batch: Batch): Run {
  const selected = batch.selected.filter((id) =>
    run.categories.some((each) => each.id === id && each.selectable),
  );
  const plan = { ...run.plan, selected: [...new Set([...run.plan.selected, ...selected])] };
  const acknowledgements = [...run.acknowledgements];
  for (const { category, by, at } of batch.acknowledgements) {
    const found = run.categories.find((each) => each.id === category);
    if (!found || !needsAcknowledgement(found, plan)) continue;
    if (acknowledgements.some((each) => each.category === category && each.count === found.count)) continue;
    acknowledgements.push({ category, by, at, count: found.count });
  }
  return { ...run, plan, acknowledgements };
}
