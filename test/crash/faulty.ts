import { WorkspaceError } from '../../lib/workspace/errors.ts';
import type { Workspace } from '../../lib/workspace/port.ts';
import type { World } from './world.ts';

/** What can go wrong with a call of the workspace, as a connector tells it. */
export const faultNames = [
  'ok',
  /** 503: certainly not done. */
  'unavailable',
  /** 500 or 502: it may have been done, and was not. */
  'serverError',
  /** The same, and it was. */
  'serverErrorAfter',
  /** The connection ends before the request arrives. */
  'cutBefore',
  /** The connection ends after the workspace has committed. */
  'cutAfter',
  /** 429 without Retry-After. */
  'throttled',
  /** 429 with a Retry-After of a second. */
  'throttledShort',
  /** 429 with a Retry-After of a minute and a half: longer than a background may sleep. */
  'throttledLong',
  /** Done, and the answer is malformed or cut short. */
  'garbled',
  /** The answer is malformed, and nothing was done. */
  'garbledBefore',
  /** Answers after four seconds. */
  'slow',
  /** 401: the session is over. */
  'signedOut',
  /** Delivered twice: done, and done again. */
  'twice',
] as const;
export type FaultName = (typeof faultNames)[number];
export type Call = 'identify' | 'members' | 'survey' | 'scan' | 'read' | 'apply' | 'setActive';

/** Goes through with a call or spoils it. `pick` says what happens to each call. */
export function faulty(world: World, pick: (call: Call) => FaultName): (workspace: Workspace) => Workspace {
  return (workspace) => {
    const spoil = <P extends unknown[], R>(
      name: Call,
      call: (...parameters: P) => Promise<R>,
    ): ((...parameters: P) => Promise<R>) => {
      const write = name === 'apply' || name === 'setActive';
      return async (...parameters) => {
        const fault = pick(name);
        world.faults += fault === 'ok' ? 0 : 1;
        switch (fault) {
          case 'ok':
            return call(...parameters);
          case 'slow':
            await world.clock.sleep(4_000, new AbortController().signal);
            return call(...parameters);
          case 'twice':
            await call(...parameters);
            return call(...parameters);
          case 'serverErrorAfter':
          case 'cutAfter':
          case 'garbled':
            await call(...parameters);
        }
        throw errorOf(fault, write);
      };
    };
    const { setActive } = workspace;
    return {
      ...workspace,
      identify: spoil('identify', workspace.identify),
      members: spoil('members', workspace.members),
      survey: spoil('survey', workspace.survey),
      scan: spoil('scan', workspace.scan),
      read: spoil('read', workspace.read),
      apply: spoil('apply', workspace.apply),
      ...(setActive && { setActive: spoil('setActive', setActive) }),
    };
  };
}

/** The same, by a list for each call: its first call meets the first, and so on; what follows is well. */
export function faultsAt(
  world: World,
  lists: Partial<Record<Call, readonly FaultName[]>>,
): (workspace: Workspace) => Workspace {
  const passed: Partial<Record<Call, number>> = {};
  return faulty(world, (call) => {
    const index = passed[call] ?? 0;
    passed[call] = index + 1;
    return lists[call]?.[index] ?? 'ok';
  });
}

/** Spoils every write of items from now on, and counts them. */
export function spoilWrites(world: World, fault: FaultName): { readonly calls: number } {
  const writes = { calls: 0 };
  world.port = faulty(world, (call) => {
    if (call !== 'apply') return 'ok';
    writes.calls += 1;
    return fault;
  });
  return writes;
}

/** The error that a connector makes of a fault. */
export function errorOf(fault: FaultName, write: boolean): WorkspaceError {
  const applied = write ? 'maybe' : 'no';
  switch (fault) {
    case 'unavailable':
      return new WorkspaceError('transient', 'The workspace is not available for now (503).', {
        status: 503,
      });
    case 'throttled':
      return new WorkspaceError('throttled', 'The workspace asks to slow down (429).', { status: 429 });
    case 'throttledShort':
      return new WorkspaceError('throttled', 'Slow down (429).', { status: 429, retryAfter: 1_000 });
    case 'throttledLong':
      return new WorkspaceError('throttled', 'Slow down (429).', { status: 429, retryAfter: 90_000 });
    case 'garbled':
    case 'garbledBefore':
      return new WorkspaceError('invalid', 'Expected a list of outcomes at "outcomes", got text.', {
        applied,
      });
    case 'signedOut':
      return new WorkspaceError('auth', 'The session at the workspace is over (401).', { status: 401 });
    case 'serverError':
    case 'serverErrorAfter':
      return new WorkspaceError('transient', 'The workspace failed (500).', { applied, status: 500 });
    default:
      return new WorkspaceError('transient', 'The connection to the workspace failed.', { applied });
  }
}
