import type { Run } from '../../lib/offboarding/model.ts';
import type { Workspace } from '../../lib/workspace/port.ts';
import type { World } from './world.ts';

/** The world of the test that is under way. A test enters its own; whoever enters one also stops its clock. */
export let world: World;

/** Makes this the world that the functions here speak of. */
export function enter(next: World): void {
  world = next;
}

/** The world's time in milliseconds since the epoch. */
export const now = (): number => world.clock.now().getTime();

/** So many milliseconds of the world pass. */
export const sleep = (milliseconds: number): Promise<void> =>
  world.clock.sleep(milliseconds, new AbortController().signal);

export const paused = (run: Run): boolean => run.phase === 'paused';

/**
 * Whatever is written from now on comes after `act`, which is told how many writes that makes and may wait or throw.
 * The returned count goes on.
 */
export function beforeApply(act: (calls: number) => void | Promise<void>): { readonly calls: number } {
  const writes = { calls: 0 };
  world.port = (workspace) => ({
    ...workspace,
    async apply(attempt, signal) {
      writes.calls += 1;
      await act(writes.calls);
      return workspace.apply(attempt, signal);
    },
  });
  return writes;
}

/** What the workspace does otherwise from now on; `more` is given what it did until now. */
export function change(more: (port: Workspace) => Partial<Workspace>): void {
  const inner = world.port;
  world.port = (workspace): Workspace => {
    const port = inner(workspace);
    return { ...port, ...more(port) };
  };
}
