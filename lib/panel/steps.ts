import { unacknowledged } from '../offboarding/acknowledgement.ts';
import type { Run, Screen } from '../offboarding/model.ts';
import { screens } from '../offboarding/states.ts';
import { isOutdated } from './freshness.ts';
import { received } from './scan.ts';
import type { TallyMap } from './tallies.ts';

/** What keeps a step from going on, and which control puts that right. */
export interface Gap {
  kind:
    | 'scanRunning'
    | 'scanFailed'
    | 'scanMissing'
    | 'blocked'
    | 'gone'
    | 'counting'
    | 'unassigned'
    | 'unacknowledged'
    | 'storage';
  count: number;
  /** Id of the element to go to. */
  target: string;
}

/** Id of the control that decides a category, for the gap line and the "Fix" links. */
export function controlId(screen: Screen, category: string): string {
  return `${screen}-${category.replace(/[^\w-]/gu, '_')}`;
}

/** The screens of this run; without anything to hand over there is nothing to reassign. */
export function screensOf(run: Run): Screen[] {
  const skip = run.scan.state === 'done' && received(run).length === 0;
  return screens.filter((screen) => screen !== 'reassignments' || !skip);
}

/** Categories with items that nobody receives yet. A count on its way counts as such only without a default. */
export function unassignedIn(run: Run, tallies: TallyMap): string[] {
  return received(run)
    .filter(({ id }) => {
      const target = run.plan.defaults[id];
      if (target && 'member' in target) return false;
      return (tallies.get(id)?.unassigned ?? 1) > 0;
    })
    .map(({ id }) => id);
}

/** What is missing on a screen before one may go on from it; undefined when nothing is. */
export function gapOf(screen: Screen, run: Run, tallies: TallyMap): Gap | undefined {
  if (screen === 'scan') {
    if (run.blockers.length > 0) return { kind: 'blocked', count: run.blockers.length, target: 'blockers' };
    if (run.scan.state === 'running') return { kind: 'scanRunning', count: 1, target: 'step-title' };
    if (run.scan.state === 'failed') return { kind: 'scanFailed', count: 1, target: 'scan-again' };
    if (run.scan.state === 'none') return { kind: 'scanMissing', count: 1, target: 'scan-again' };
  }
  if (screen === 'reassignments') {
    const missing = unassignedIn(run, tallies);
    if (missing[0] !== undefined)
      return { kind: 'unassigned', count: missing.length, target: controlId(screen, missing[0]) };
    if (received(run).some(({ id }) => !tallies.get(id)?.current))
      return { kind: 'counting', count: 1, target: 'step-title' };
  }
  if (screen === 'future') {
    const open = unacknowledged(run);
    if (open[0]) return { kind: 'unacknowledged', count: open.length, target: controlId(screen, open[0].id) };
  }
  return undefined;
}

/** Continue on the scan's screen scans again first, when what it shows is of another day. */
export function mustRescan(run: Run, now: Date): boolean {
  return run.scan.state === 'done' && isOutdated(run, now);
}
