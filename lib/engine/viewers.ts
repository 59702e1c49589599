import type { Run, Viewer } from '../offboarding/model.ts';
import type { Workspace } from '../workspace/port.ts';
import type { Clock } from './engine.ts';

/** The runs of one batch share the answer to "who acts" for so long, milliseconds. */
const lifetime = 15_000;

/**
 * Who acts, for a run that is taken up. A run by itself asks the workspace; one of a batch takes an answer that another
 * one of that batch got a moment ago. An answer that does not come is nobody else's.
 */
export function createViewers(clock: Clock) {
  const known = new Map<string, { at: number; viewer: Promise<Viewer> }>();
  function viewerOf(run: Run, workspace: Workspace, signal: AbortSignal): Promise<Viewer> {
    if (run.batch === undefined) return workspace.identify(signal);
    const now = clock.now().getTime();
    const last = known.get(run.batch);
    if (last && now - last.at < lifetime) return last.viewer;
    const viewer = workspace.identify();
    known.set(run.batch, { at: now, viewer });
    viewer.catch(() => known.delete(run.batch ?? ''));
    return viewer;
  }
  return {
    viewerOf,
    /** Somebody else was met: every answer from before is worth nothing. */
    forget: (): void => known.clear(),
  };
}
