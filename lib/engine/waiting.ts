import { Refused } from '../messages/refused.ts';
import type { PageBefore } from '../offboarding/holdups.ts';
import type { Evidence, Run, Viewer } from '../offboarding/model.ts';
import { deactivationStep, endOfRun } from '../offboarding/steps.ts';
import { toPhase } from '../offboarding/transitions.ts';
import type { Workspace } from '../workspace/port.ts';
import type { Context } from './context.ts';
import { deactivated, foundOf, lookedLongAgo } from './deactivation.ts';
import { authorise, isSamePerson, refusalOf } from './identity.ts';
import { release } from './registry.ts';

/** What a page shows longer after the click was let through is no effect of that click, milliseconds. */
const effectLasts = 60_000;

/**
 * A run that waits for what only the workspace's own page can do. Its way on: the one click is let through, and what
 * came of it is read from the API where that tells, else taken from the page or from the admin, and shown as such.
 */
export function createWaiting(context: Context, execute: (run: string) => Promise<void>) {
  /** The run as it stands after a look whether the workspace says by now that it is done. */
  const look = async (workspace: Workspace, run: Run): Promise<Run> => {
    if (workspace.activeUnknown) return run;
    const member = (await workspace.members({ id: run.leaver.id })).items[0];
    const found = foundOf(member);
    return found === 'active' ? run : finish(workspace, run, undefined, found);
  };

  const finish = async (
    workspace: Workspace,
    run: Run,
    evidence?: Evidence,
    found?: 'inactive' | 'gone',
  ): Promise<Run> => {
    const at = context.timestamp();
    const how = evidence ? { evidence: evidence.kind, by: evidence.by } : { evidence: 'verified', found };
    const ended = await context.change(
      run.id,
      (stored) => {
        if (stored.phase !== 'waiting') return undefined;
        const done = deactivated(stored, at, { evidence, found });
        return toPhase(done, endOfRun(done.steps), at);
      },
      ({ phase }) => [
        { at, kind: 'step', data: { step: deactivationStep, state: 'completed', ...how } },
        { at, kind: 'phase', data: { phase, by: evidence?.kind ?? 'workspace' } },
      ],
    );
    await release(context, workspace, ended);
    return ended;
  };

  /** A run that waits, with its workspace; Refused (`locked`) when it waits no more, or not yet. */
  const held = async (runId: string): Promise<{ run: Run; workspace: Workspace }> => {
    const run = await context.store.run(runId);
    if (run?.phase !== 'waiting') throw new Refused('locked', 'This run does not wait for the page.');
    return { run, workspace: await context.workspace(run.connection) };
  };

  /** The run after what it hands over was looked at again; elsewhere than waiting where that did not end there. */
  const checkAgain = async (run: Run): Promise<Run | undefined> => {
    const at = context.timestamp();
    await context.change(
      run.id,
      (stored) => (stored.phase === 'waiting' ? toPhase(stored, 'executing', at) : undefined),
      run.phase === 'waiting'
        ? [{ at, kind: 'phase', data: { phase: 'executing', reason: 'checkAgain' } }]
        : [],
    );
    await execute(run.id);
    return context.store.run(run.id);
  };

  return {
    look,

    /**
     * Whether the click that sets this leaver inactive may pass: the id of the waiting run when the last check is
     * recent, undefined else. One that is too old is made again first, by the person whom the run is bound to; that
     * takes as long as it takes, and only a press begins it: for anything less the answer is null then.
     */
    async passage(open: string, viewer: Viewer, pressed: boolean): Promise<string | null | undefined> {
      const run = await context.store.openRun(open);
      if (run?.completion !== 'page') return undefined;
      if (run.phase === 'waiting' && !lookedLongAgo(context, run)) return run.id;
      const checking = run.phase === 'executing' && run.steps.some(isRunningDeactivation);
      if (run.phase !== 'waiting' && !checking) return undefined;
      if (!isSamePerson(run, viewer)) return undefined;
      if (!pressed) return null;
      const now = await checkAgain(run);
      return now?.phase === 'waiting' && !lookedLongAgo(context, now) ? now.id : undefined;
    },

    /** The click was let through: recorded before anything that the page shows can count. */
    async passed(runId: string, viewer: Viewer | undefined, before?: PageBefore): Promise<Run> {
      await held(runId);
      const at = context.timestamp();
      return context.change(
        runId,
        (stored) =>
          stored.phase === 'waiting' && stored.waiting
            ? { ...stored, waiting: { since: stored.waiting.since, passedAt: at, ...(before && { before }) } }
            : undefined,
        [{ at, kind: 'note', data: { what: 'clickLetThrough', by: viewer?.id ?? null } }],
      );
    },

    /**
     * The page shows the leaver as inactive. Where the API can say so too, only that counts; else the run ends as
     * reported by the page, provided that the click went through just before. Throws Refused, WorkspaceError.
     */
    async reported(runId: string, page: string): Promise<Run> {
      const { run, workspace } = await held(runId);
      if (!workspace.activeUnknown) return look(workspace, run);
      if (!justPassed(context, run))
        throw new Refused('locked', 'No click was let through that this could be the effect of.');
      return finish(workspace, run, { kind: 'page', by: page });
    },

    /**
     * The admin says that it is done. A check that is too old is made again first, since the run ends as verified: the
     * run goes on where that leads elsewhere. Throws Refused: `incomplete` where the workspace says otherwise.
     */
    async said(runId: string): Promise<Run> {
      const { run, workspace } = await held(runId);
      const viewer = await authorise(workspace, run.leaver.id);
      if (lookedLongAgo(context, run)) {
        const now = await checkAgain(run);
        if (now?.phase !== 'waiting' || lookedLongAgo(context, now)) return now ?? run;
      }
      if (workspace.activeUnknown)
        return finish(workspace, run, { kind: 'admin', by: viewer.name ?? viewer.email ?? '' });
      const looked = await look(workspace, run).catch((error: unknown) => {
        throw refusalOf(error);
      });
      if (looked.phase === 'waiting')
        throw new Refused('incomplete', `The workspace still says that ${run.leaver.name} is active.`);
      return looked;
    },
  };
}

/** Whether the click was let through so lately that what the page shows may be its effect. */
const justPassed = (context: Context, { waiting }: Run): boolean =>
  waiting?.passedAt !== undefined &&
  context.clock.now().getTime() - Date.parse(waiting.passedAt) <= effectLasts;

const isRunningDeactivation = ({ kind, state }: Run['steps'][number]): boolean =>
  kind === 'deactivate' && state === 'running';
