import { Refused } from '../messages/refused.ts';
import type { Run, Viewer } from '../offboarding/model.ts';
import type { Workspace } from '../workspace/port.ts';
import type { Context } from './context.ts';
import { lookAgain } from './patience.ts';
import { scanDraft } from './scanner.ts';
import type { Schedule } from './schedule.ts';

/** While a draft is scanned, the background asks to be woken after so long, should it be stopped; milliseconds. */
const scanWatch = 30_000;
/** The longest time between two looks whether somebody is back, milliseconds. */
const longestLook = 5 * 60_000;

/** Scans of drafts: at most one of each, whoever asks how often. */
export function createScans(context: Context, schedule: Schedule) {
  const scanning = new Map<string, { started: Promise<Run>; ended: Promise<unknown> }>();
  const inMilliseconds = (wait: number): Date => new Date(context.clock.now().getTime() + wait);

  /** Starts a scan unless one is under way. `viewer`: who asks for it. */
  const startScan = async (run: Run, workspace: Workspace, viewer?: Viewer): Promise<Run> => {
    const underWay = scanning.get(run.id);
    if (underWay !== undefined) return underWay.started;
    const started = context.change(run.id, (stored) => ({
      ...draft(stored),
      // One that was interrupted goes on: what it has found changed so far is not found a second time.
      scan:
        stored.scan.state === 'running'
          ? stored.scan
          : running(stored.scan, context.timestamp(), viewer?.id ?? stored.by.id),
    }));
    const ended = started
      .then(() => {
        schedule.set(run.id, inMilliseconds(scanWatch));
        return context.withLock(`scan:${run.id}`, () => scanDraft(context, workspace, run.id));
      })
      .then(
        () => {
          const signedOut = context.latest(run.id)?.scan.resumeAt;
          schedule.set(run.id, signedOut === undefined ? null : new Date(signedOut));
        },
        () => {},
      )
      .finally(() => scanning.delete(run.id));
    scanning.set(run.id, { started, ended });
    return started;
  };

  /** Scans a draft of a batch, whose admin was asked for already; resolves at the end of the scan, however it ended. */
  const scanToEnd = async (run: Run, workspace: Workspace): Promise<void> => {
    await startScan(run, workspace);
    await scanning.get(run.id)?.ended;
  };

  /** Takes up scans that the end of the background interrupted, and those whose person may be signed in again. */
  const recoverScans = async (runs: readonly Run[]): Promise<void> => {
    await Promise.allSettled(
      runs.map((run) => {
        // Those of a batch are its own to go on with.
        if (run.phase !== 'draft' || run.batch !== undefined) return undefined;
        if (run.scan.state === 'running') return goOn(run);
        return run.scan.state === 'failed' && run.scan.resumeAt !== undefined
          ? lookWhoIsThere(run, run.scan.resumeAt)
          : undefined;
      }),
    );
  };

  const goOn = async (run: Run): Promise<void> => {
    schedule.set(run.id, inMilliseconds(scanWatch));
    if (!scanning.has(run.id)) await startScan(run, await context.workspace(run.connection));
  };

  /** Goes on with a scan that ended since nobody was signed in, once the person is back who asked for it. */
  const lookWhoIsThere = async (run: Run, since: string): Promise<void> => {
    const passed = context.clock.now().getTime() - Date.parse(since);
    if (passed < 0) return schedule.set(run.id, new Date(since));
    // Should nobody come for hours, it need not look every moment.
    schedule.set(run.id, inMilliseconds(Math.min(longestLook, Math.max(lookAgain, passed / 4))));
    const workspace = await context.workspace(run.connection);
    const viewer = await workspace.identify();
    const same = viewer.id === (run.scan.by ?? run.by.id) && viewer.workspace.id === run.by.workspace.id;
    const now = await context.store.run(run.id);
    if (same && now?.phase === 'draft' && now.scan.resumeAt === since)
      await startScan(run, workspace, viewer);
  };

  return { startScan, scanToEnd, recoverScans };
}

function running({ endedAt }: Run['scan'], startedAt: string, by: string | undefined): Run['scan'] {
  return {
    state: 'running',
    startedAt,
    changes: [],
    ...(by === undefined ? {} : { by }),
    ...(endedAt === undefined ? {} : { endedAt }),
  };
}

/** The run while it is a draft; Refused (`locked`) afterwards. */
export function draft(run: Run): Run {
  if (run.phase !== 'draft') throw new Refused('locked', 'This run is not a draft any more.');
  return run;
}
