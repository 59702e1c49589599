import { droppedTicks } from '../offboarding/acknowledgement.ts';
import type { Run, Viewer } from '../offboarding/model.ts';
import type { JournalDraft, JournalDrafts, RunChange } from '../store/store.ts';
import type { Workspace } from '../workspace/port.ts';
import type { EngineDependencies } from './engine.ts';
import { watchPeople } from './stand-aside.ts';
import { createViewers } from './viewers.ts';

/** The engine's dependencies, and the few things that all its parts do in the same way. */
export interface Context extends EngineDependencies {
  /** Now, as it is written into records. */
  timestamp(): string;
  /** Changes a run, appends to its journal, and tells whoever watches. */
  change(run: string, change: RunChange, entries?: JournalDrafts): Promise<Run>;
  /** A run as it was last stored by this engine, for decisions between two writes. */
  latest(run: string): Run | undefined;
  /** Remembers and announces a run that was stored by another method of the store. */
  observe(run: Run): Run;
  /** Runs whose lease is being taken anew: whoever finds the same out meanwhile waits for it. */
  readonly regaining: Map<string, Promise<boolean>>;
  /** Who acts, for a run that is taken up. Throws WorkspaceError. */
  viewerOf(run: Run, workspace: Workspace, signal: AbortSignal): Promise<Viewer>;
}

/** Builds the context from what the engine was given. */
export function createContext(dependencies: EngineDependencies): Context {
  const latest = new Map<string, Run>();
  const observe = (run: Run): Run => {
    const before = latest.get(run.id);
    // Two writes may be announced out of order; the store's numbering tells which is newer.
    if (!before || run.rev >= before.rev) latest.set(run.id, run);
    if (!before || run.rev > before.rev) dependencies.changed(run);
    return run;
  };
  const viewers = createViewers(dependencies.clock);
  const timestamp = (): string => dependencies.clock.now().toISOString();
  const change: Context['change'] = async (run, edit, entries) =>
    observe(await dependencies.store.updateRun(run, edit, entries));
  return {
    ...dependencies,
    workspace: watchPeople(
      { ...dependencies, change, timestamp },
      () => [...latest.values()].filter(({ phase }) => phase === 'executing'),
      viewers.forget,
    ),
    observe,
    regaining: new Map(),
    viewerOf: viewers.viewerOf,
    timestamp,
    latest: (run) => latest.get(run),
    change,
  };
}

/** The journal's entries for ticks that were cleared since the count that they were given for has changed. */
export const clearedTicks =
  (at: string) =>
  (run: Run, before: Run): JournalDraft[] =>
    droppedTicks(run, before).map(({ category, was, now }) => ({
      at,
      kind: 'acknowledgement',
      data: { kind: 'cleared', category, was, now: now ?? null },
    }));

/** A run that could not be stored is shown as paused for that reason; the truth on disk is still the old one. */
export function announceStorageFailure(context: Context, run: Run, error: Error): void {
  context.trouble(run, { phase: 'paused', pause: { kind: 'storage', detail: error.message } });
}
