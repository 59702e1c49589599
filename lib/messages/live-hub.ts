import { type BatchRow, rowOf } from '../offboarding/batch.ts';
import type { Batch } from '../offboarding/batch-model.ts';
import type { Run } from '../offboarding/model.ts';
import type { LiveMessage, WindowTarget } from './live.ts';
import { liveRequestSchema } from './live-requests.ts';

/** One end of a connection between the background and a panel. */
export interface LivePort {
  postMessage(message: LiveMessage): void;
  onMessage(listener: (message: unknown) => void): void;
  onDisconnect(listener: () => void): void;
}

/** Patches of one run are sent at most so often, milliseconds. */
const sendEvery = 100;
/** And the rows of a batch. */
const rowsEvery = 250;

interface Follower {
  port: LivePort;
  run?: string;
  window?: number;
  /** Nobody has told this panel yet what its window's shall be about. */
  untold?: boolean;
  /** What this panel has seen: the revision, and each field's JSON. */
  seen?: { rev: number; fields: Map<keyof Run, string> };
  pending?: Run;
  timer?: ReturnType<typeof setTimeout>;
  /** A batch that this panel looks at, and what it has not been told of it yet. */
  batch?: { id: string; known?: Batch; rows: Map<string, BatchRow>; timer?: ReturnType<typeof setTimeout> };
}

/**
 * The background's side of the live connection: snapshots for who begins to follow a run, then patches of what
 * changed. `load` reads a run from the store, `loadBatch` a batch with a row for each of its users, `loadTarget` what a
 * window's panel was last asked to be about.
 */
export function createLiveHub(
  load: (run: string) => Promise<Run | undefined>,
  loadBatch: (batch: string) => Promise<{ batch: Batch; rows: BatchRow[] } | undefined> = async () =>
    undefined,
  loadTarget: (window: number) => Promise<WindowTarget | undefined> = async () => undefined,
) {
  const followers = new Set<Follower>();
  /** What could not be stored, by run: whoever begins to follow it hears that too. */
  const troubles = new Map<string, Extract<LiveMessage, { kind: 'trouble' }>>();

  const snapshot = (follower: Follower, run: Run): void => {
    follower.seen = { rev: run.rev, fields: fieldsOf(run) };
    follower.port.postMessage({ kind: 'snapshot', run });
    const trouble = troubles.get(run.id);
    if (trouble && trouble.rev >= run.rev) follower.port.postMessage(trouble);
    // What changed while the store was being read.
    if (follower.pending && follower.pending.rev > run.rev) schedule(follower);
    else delete follower.pending;
  };
  const schedule = (follower: Follower): void => {
    follower.timer ??= setTimeout(() => flush(follower), sendEvery);
  };
  const flush = (follower: Follower): void => {
    const { pending, seen } = follower;
    delete follower.timer;
    delete follower.pending;
    if (!pending || !seen || follower.run !== pending.id) return;
    const next = fieldsOf(pending);
    const fields: Partial<Run> = {};
    const cleared = [...seen.fields.keys()].filter((key) => !next.has(key));
    for (const [key, json] of next)
      if (seen.fields.get(key) !== json) Object.assign(fields, { [key]: pending[key] });
    follower.seen = { rev: pending.rev, fields: next };
    follower.port.postMessage({
      kind: 'patch',
      run: pending.id,
      from: seen.rev,
      rev: pending.rev,
      fields,
      cleared,
    });
  };

  const tellRows = (follower: Follower): void => {
    const { batch } = follower;
    if (!batch?.known) return;
    delete batch.timer;
    const rows = [...batch.rows.values()];
    batch.rows.clear();
    follower.port.postMessage({ kind: 'batch', batch: batch.known, rows, whole: false });
  };
  const follow = (follower: Follower, id: string): void => {
    clearTimeout(follower.batch?.timer);
    const mine: NonNullable<Follower['batch']> = { id, rows: new Map() };
    follower.batch = mine;
    void loadBatch(id).then(
      (loaded) => {
        if (!loaded || follower.batch !== mine || !followers.has(follower)) return;
        mine.known = loaded.batch;
        follower.port.postMessage({ kind: 'batch', ...loaded, whole: true });
      },
      // The panel reads the store itself while nothing comes from here.
      () => {},
    );
  };
  const tellRowsSoon = (follower: Follower): void => {
    if (follower.batch) follower.batch.timer ??= setTimeout(() => tellRows(follower), rowsEvery);
  };

  /** What was asked for while this panel was not connected yet; nothing but what any page of ours may ask for. */
  const tellTarget = (follower: Follower, window: number): void => {
    Object.assign(follower, { window, untold: true });
    void loadTarget(window).then(
      (kept) => {
        // What it was told meanwhile is newer.
        if (!kept || !follower.untold || follower.window !== window || !followers.has(follower)) return;
        follower.untold = false;
        follower.port.postMessage({ kind: 'target', ...kept });
      },
      // It goes on with the answer to its first question.
      () => {},
    );
  };

  return {
    /** Takes a panel in. Whatever it says is checked; what has another shape is passed over. */
    connect(port: LivePort): void {
      const follower: Follower = { port };
      followers.add(follower);
      port.postMessage({ kind: 'hello' });
      port.onDisconnect(() => {
        clearTimeout(follower.timer);
        clearTimeout(follower.batch?.timer);
        followers.delete(follower);
      });
      port.onMessage((message) => {
        const parsed = liveRequestSchema.safeParse(message);
        if (!parsed.success) return;
        const request = parsed.data;
        if (request.kind === 'window') tellTarget(follower, request.window);
        else if (request.kind === 'follow') follow(follower, request.batch);
        else if (request.kind === 'unfollow') {
          clearTimeout(follower.batch?.timer);
          delete follower.batch;
        } else if (request.kind === 'unsubscribe') {
          delete follower.run;
          delete follower.seen;
          delete follower.pending;
        } else {
          follower.run = request.run;
          delete follower.seen;
          delete follower.pending;
          void load(request.run).then(
            (run) => {
              if (run && follower.run === run.id && followers.has(follower)) snapshot(follower, run);
            },
            // The panel reads the store itself while nothing comes from here.
            () => {},
          );
        }
      });
    },
    /** Passes a changed run on to who follows it; many changes in a row become one patch. */
    changed(run: Run): void {
      if ((troubles.get(run.id)?.rev ?? run.rev) < run.rev) troubles.delete(run.id);
      for (const follower of followers) {
        const member =
          run.batch !== undefined && follower.batch?.id === run.batch
            ? follower.batch.known?.members.find((each) => each.run === run.id)
            : undefined;
        if (member) {
          follower.batch?.rows.set(run.id, rowOf(member, run));
          tellRowsSoon(follower);
        }
        if (follower.run !== run.id) continue;
        follower.pending = run;
        if (follower.seen) schedule(follower);
      }
    },
    /** Passes a changed batch on to who looks at it. */
    batchChanged(batch: Batch): void {
      for (const follower of followers) {
        if (follower.batch?.id !== batch.id || !follower.batch.known) continue;
        follower.batch.known = batch;
        tellRowsSoon(follower);
      }
    },
    /** Tells who follows a run that it could not be stored; `run` is as it was last stored, `fields` what to show. */
    trouble(run: Run, fields: Partial<Run>): void {
      const trouble = { kind: 'trouble', run: run.id, rev: run.rev, fields } as const;
      troubles.set(run.id, trouble);
      for (const follower of followers)
        if (follower.run === run.id && follower.seen) follower.port.postMessage(trouble);
    },
    /** Tells a window's panel what it shall be about; false when that window has none. */
    target(window: number, asked: WindowTarget): boolean {
      const panels = [...followers].filter((follower) => follower.window === window);
      for (const follower of panels) {
        follower.untold = false;
        follower.port.postMessage({ kind: 'target', ...asked });
      }
      return panels.length > 0;
    },
    /** Tells every panel what a workspace says by itself. */
    news(news: Extract<LiveMessage, { kind: 'news' }>): void {
      for (const { port } of followers) port.postMessage(news);
    },
    /** How many panels are there. */
    size: (): number => followers.size,
  };
}

function fieldsOf(run: Run): Map<keyof Run, string> {
  const fields = Object.entries(run).filter(([, value]) => value !== undefined);
  return new Map(fields.map(([key, value]) => [key as keyof Run, JSON.stringify(value)]));
}
