import type { Run, Viewer } from '../offboarding/model.ts';
import { toPhase } from '../offboarding/transitions.ts';
import type { Workspace } from '../workspace/port.ts';
import type { Context } from './context.ts';
import { isSamePerson, otherPerson } from './identity.ts';

/** A run that had to stand aside looks again after so long whether its own person is back, milliseconds. */
const lookAgain = 5_000;

/**
 * The workspaces, so that whoever asks one who acts asks for all runs of the connection: when that is somebody else than
 * the person of a run that executes, this run writes nothing more.
 */
export function watchPeople(
  context: Pick<Context, 'workspace' | 'change' | 'timestamp' | 'clock'>,
  executing: () => readonly Run[],
  changed: () => void,
): (connection: string) => Promise<Workspace> {
  const watched = new WeakMap<Workspace, Workspace>();

  const standAside = async (connection: string, viewer: Viewer): Promise<void> => {
    const others = executing().filter((run) => run.connection === connection && !isSamePerson(run, viewer));
    if (others.length === 0) return;
    changed();
    const at = context.timestamp();
    const resumeAt = new Date(context.clock.now().getTime() + lookAgain).toISOString();
    await Promise.all(
      others.map(({ id }) =>
        context.change(
          id,
          (run) =>
            run.phase === 'executing' && !isSamePerson(run, viewer)
              ? toPhase(run, 'paused', at, otherPerson(run, viewer, resumeAt))
              : undefined,
          [{ at, kind: 'phase', data: { phase: 'paused', reason: 'otherPerson' } }],
        ),
      ),
    );
  };

  return async (connection) => {
    const workspace = await context.workspace(connection);
    const known = watched.get(workspace);
    if (known) return known;
    const watching: Workspace = Object.assign(Object.create(workspace) as Workspace, {
      async identify(...question: Parameters<Workspace['identify']>) {
        const viewer = await workspace.identify(...question);
        await standAside(connection, viewer);
        return viewer;
      },
    });
    watched.set(workspace, watching);
    return watching;
  };
}
