import type { Problem } from '../messages/protocol.ts';
import { Refused } from '../messages/refused.ts';
import { unacknowledged, withoutOutdatedTicks } from '../offboarding/acknowledgement.ts';
import type { Target } from '../offboarding/choices.ts';
import { applyEdit, type Edit, EditRefused } from '../offboarding/edit.ts';
import { cannotReceive, ineligible, isStale, senderReadiness } from '../offboarding/eligibility.ts';
import type { Member, Run, Viewer } from '../offboarding/model.ts';
import { isOpen, toPhase } from '../offboarding/transitions.ts';
import type { JournalDraft, StoreReader } from '../store/store.ts';
import type { PageIdentity, Workspace } from '../workspace/port.ts';
import { type Context, clearedTicks } from './context.ts';
import { distributions } from './coverage.ts';
import { authorise, isCertain, refusalOf } from './identity.ts';
import { reconcile, register, release } from './registry.ts';
import { createScans, draft } from './scans.ts';
import type { Schedule } from './schedule.ts';

/** Phases in which nothing but a person changes anything of the leaver's. */
const handsOff: readonly Run['phase'][] = ['waiting', 'succeeded', 'partial', 'failed'];

/** A run by id, or Refused: `stale` when this browser has none, `locked` when this version cannot read it. */
export async function load(context: Context, runId: string): Promise<Run> {
  const run = await context.store.run(runId);
  if (!run) throw new Refused('stale', 'This run is not in this browser any more.');
  if (run.pause?.kind === 'unreadable') throw new Refused('locked', run.pause.detail ?? '');
  return run;
}

/** What an open run of a leaver is called: there can be one such string only. */
export function openKey(connection: string, leaver: string): string {
  return JSON.stringify([connection, leaver]);
}

/** The commands on a draft. Each resolves once its effect is stored, and rejects with Refused. */
export function createDrafts(context: Context, schedule: Schedule) {
  const { startScan, scanToEnd, recoverScans } = createScans(context, schedule);

  const openDraft = async (
    connection: string,
    memberId: string,
    page?: PageIdentity,
  ): Promise<{ run: Run; resumed: boolean }> => {
    const workspace = await context.workspace(connection);
    const viewer = await authorise(workspace, memberId, page);
    const open = openKey(connection, memberId);
    const existing = await upToDate(workspace, await context.store.openRun(open));
    // Who was handed over may be listed no more; the run is there all the same.
    if (existing && isOpen(existing.phase) && existing.phase !== 'draft')
      return { run: existing, resumed: true };
    const leaver = await memberOf(workspace, memberId);
    // Where who acts is known by their word alone, the address tells that it is the leaver.
    if (leaver.email !== '' && viewer.email?.trim().toLowerCase() === leaver.email.trim().toLowerCase())
      throw new Refused('self', 'Nobody can offboard themselves.');
    const created = await context.store.createRun(newRun(context, connection, viewer, leaver, open), {
      at: context.timestamp(),
      kind: 'created',
      data: { leaver: leaver.id, by: viewer.id ?? null },
    });
    await context.reached('draft.created');
    try {
      const run = await register(context, workspace, context.observe(created.run));
      return { run, resumed: !created.created };
    } catch (error) {
      // It may be registered although no answer came: opened again, it goes under the same id, which is no conflict.
      if (created.created && isCertain(error)) await context.store.deleteRun(created.run.id);
      throw error;
    }
  };

  /** A run of this browser after a look at what the registry says of it; as it is where that cannot be asked. */
  const upToDate = async (workspace: Workspace, run: Run | undefined): Promise<Run | undefined> =>
    run && reconcile(context, workspace, run).catch(() => run);

  const edit = async (runId: string, wish: Edit, editor?: Viewer): Promise<Run> => {
    const at = context.timestamp();
    const id = context.newId();
    const before = await context.store.run(runId);
    await checkNamed(before, wish);
    try {
      return await context.change(
        runId,
        (run) => {
          const next = applyEdit(run, wish, at, id, nameOf(editor ?? run.by));
          return next === run ? undefined : { ...next, updatedAt: at };
        },
        entriesOf(wish, before, at, editor),
      );
    } catch (error) {
      if (error instanceof EditRefused) throw new Refused(error.code, error.message);
      throw error;
    }
  };

  /**
   * Who is named for new items of a run that has started must be able to receive them: nobody looks again before
   * they are written. Of a draft that is checked at Start. Throws Refused.
   */
  const checkNamed = async (run: Run | undefined, wish: Edit): Promise<void> => {
    if (run?.phase !== 'paused' || run.pause?.kind !== 'newItems' || wish.kind !== 'default') return;
    const named = receiversOf(wish.to);
    if (named.length === 0) return;
    const workspace = await context.workspace(run.connection);
    for (const id of named) await checkReceiver(workspace, run, id);
  };

  const scan = async (runId: string): Promise<Run> => {
    const run = draft(await load(context, runId));
    const workspace = await context.workspace(run.connection);
    return startScan(run, workspace, await authorise(workspace, run.leaver.id));
  };

  const recount = async (runId: string): Promise<Run> => {
    const run = await load(context, runId);
    const isDraft = run.phase === 'draft';
    if (!isDraft && !handsOff.includes(run.phase))
      throw new Refused('locked', 'This run is not a draft any more.');
    if (run.scan.state !== 'done') return run;
    const workspace = await context.workspace(run.connection);
    await authorise(workspace, run.leaver.id);
    try {
      const survey = await workspace.survey(run.leaver.id);
      /** After Start only what a person does by hand: what the run itself handed over is the rescan's to judge. */
      const recounted = (stored: Run): Run['categories'] =>
        stored.categories.map((category) => {
          const now = survey.categories.find(({ id }) => id === category.id);
          if (!now || (category.action !== 'manual' && (category.count !== null || !isDraft)))
            return category;
          const { unread: _unread, ...rest } = category;
          return { ...rest, count: now.count, ...(now.unread ? { unread: now.unread } : {}) };
        });
      return await context.change(
        runId,
        (stored) => {
          const categories = recounted(stored);
          if (!isDraft) return handsOff.includes(stored.phase) ? { ...stored, categories } : undefined;
          const { blockers, notes = [] } = survey;
          return withoutOutdatedTicks({ ...draft(stored), blockers, notes, categories });
        },
        clearedTicks(context.timestamp()),
      );
    } catch (error) {
      throw refusalOf(error);
    }
  };

  const discard = async (runId: string): Promise<Run> => {
    const run = await load(context, runId);
    if (run.phase === 'discarded') return run;
    draft(run);
    const workspace = await context.workspace(run.connection);
    return giveUp(runId, workspace, await authorise(workspace, run.leaver.id));
  };

  /** Discards a draft in the name of somebody who may. */
  const giveUp = async (runId: string, workspace: Workspace, viewer: Viewer): Promise<Run> => {
    const at = context.timestamp();
    const discarded = await context.change(runId, (stored) => toPhase(draft(stored), 'discarded', at), [
      { at, kind: 'phase', data: { phase: 'discarded', by: viewer.id ?? null } },
    ]);
    await release(context, workspace, discarded);
    return discarded;
  };

  const check = async (runId: string): Promise<Problem[]> => {
    const run = await load(context, runId);
    const workspace = await context.workspace(run.connection);
    await authorise(workspace, run.leaver.id);
    try {
      return await problemsOf(context, workspace, run);
    } catch (error) {
      throw refusalOf(error);
    }
  };

  return { openDraft, edit, scan, scanToEnd, recount, discard, giveUp, check, recoverScans };
}

/** Everything that is worth looking at before Start. Throws WorkspaceError. */
export async function problemsOf(context: Context, workspace: Workspace, run: Run): Promise<Problem[]> {
  const problems: Problem[] = run.blockers.map(({ message }) => ({
    kind: 'blocked',
    blocking: true,
    detail: message,
  }));
  if (run.scan.state !== 'done' || isStale(run.scan.endedAt, context.clock.now()))
    problems.push({ kind: 'staleScan', blocking: true });
  for (const category of unacknowledged(run))
    problems.push({
      kind: 'unacknowledged',
      blocking: true,
      category: category.id,
      ...(category.count === null ? {} : { count: category.count }),
    });

  const receivers = new Map<string, { category: string; count: number }[]>();
  for (const [category, distribution] of await distributions(context.store, run)) {
    if (distribution.unassigned > 0)
      problems.push({ kind: 'unassigned', blocking: true, category, count: distribution.unassigned });
    for (const [member, count] of Object.entries(distribution.byMember))
      receivers.set(member, [...(receivers.get(member) ?? []), { category, count }]);
  }

  if (receivers.size === 0) return problems;
  const leaving = await leavers(context.store, workspace, run.connection, run.id);
  for (const [id, parts] of receivers) {
    const member = (await workspace.members({ id })).items[0];
    for (const { category, count } of parts) {
      const about = { category, count, member: { id, name: member?.name ?? id } };
      if (!member) problems.push({ kind: 'replacementGone', blocking: true, ...about });
      else if (ineligible(member, run.leaver.id))
        problems.push({ kind: 'replacementInactive', blocking: true, ...about });
      else if (cannotReceive(member, category) !== undefined)
        problems.push({
          kind: 'replacementCannot',
          blocking: true,
          ...about,
          detail: cannotReceive(member, category) ?? '',
        });
      else {
        if (leaving.has(id))
          problems.push({
            kind: 'replacementLeaving',
            blocking: false,
            ...about,
            detail: leaving.get(id)?.by ?? '',
          });
        const sends = run.categories.find((each) => each.id === category)?.needsSender ?? false;
        if (sends && senderReadiness(member) !== 'yes')
          problems.push({ kind: 'senderSetup', blocking: false, ...about });
      }
    }
  }
  return problems;
}

/** Members whom another open run offboards, in this browser or another; `except` is the run that asks. */
export async function leavers(
  store: StoreReader,
  workspace: Workspace,
  connection: string,
  except?: string,
): Promise<Map<string, NonNullable<Member['leaving']>>> {
  const found = new Map<string, NonNullable<Member['leaving']>>();
  for (const { id, leaver, by, phase, connection: where } of await store.runs())
    if (isOpen(phase) && id !== except && where === connection)
      found.set(leaver.id, { by: by.name ?? '', phase });
  for (const { id, leaver, by, record } of (await workspace.runs?.listOpen()) ?? [])
    if (id !== except) found.set(leaver, { by: by.name, phase: record.phase });
  return found;
}

/** The members that a target names. */
function receiversOf(to: Target | null): string[] {
  if (to === null) return [];
  if ('member' in to) return [to.member];
  return to.otherwise === undefined ? [] : [to.otherwise];
}

/** Refused (`incomplete`) unless this member is active and not the leaver, (`memberGone`) when there is none. */
export async function checkReceiver(workspace: Workspace, run: Run, id: string): Promise<void> {
  const member = await memberOf(workspace, id);
  const why = ineligible(member, run.leaver.id);
  if (why === 'leaver') throw new Refused('incomplete', `${member.name} is the one who leaves.`);
  if (why === 'inactive') throw new Refused('incomplete', `${member.name} is inactive.`);
}

/** One member by id. Throws Refused (`memberGone`). */
export async function memberOf(workspace: Workspace, id: string): Promise<Member> {
  try {
    const member = (await workspace.members({ id })).items[0];
    if (member) return member;
  } catch (error) {
    throw refusalOf(error);
  }
  throw new Refused('memberGone', 'This member is not in the workspace any more.');
}

function nameOf({ name, email }: Viewer): string {
  return name ?? email ?? '';
}

/** What the journal tells of an edit: acknowledgements, and what was decided after Start. */
function entriesOf(edit: Edit, run: Run | undefined, at: string, editor = run?.by): JournalDraft[] {
  if (edit.kind === 'acknowledge') {
    const who = { by: editor?.id ?? null, name: editor ? nameOf(editor) : '' };
    return [{ at, kind: 'acknowledgement', data: { ...edit, ...who } }];
  }
  return run && run.phase !== 'draft' ? [{ at, kind: 'plan', data: { ...edit } }] : [];
}

/** A draft as it begins. */
export function newRun(
  context: Context,
  connection: string,
  viewer: Viewer,
  leaver: Member,
  open: string,
): Run {
  const now = context.timestamp();
  return {
    id: context.newId(),
    schema: 1,
    rev: 1,
    connection,
    leaver,
    by: viewer,
    mode: leaver.active ? 'executeAndDeactivate' : 'executeOnly',
    phase: 'draft',
    blockers: [],
    completion: 'api',
    plan: { defaults: {}, changes: [], selected: [] },
    scan: { state: 'none', changes: [] },
    categories: [],
    acknowledgements: [],
    steps: [],
    screen: 'scan',
    open,
    createdAt: now,
    updatedAt: now,
  };
}
