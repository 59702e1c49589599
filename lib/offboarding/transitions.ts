import type { Pause } from './holdups.ts';
import type { ItemState, Phase, Run, Step, StepState } from './model.ts';

/** An impossible change of state: a bug, never the admin's doing. */
export class ImpossibleTransition extends Error {
  override readonly name = 'ImpossibleTransition';
}

/** Which phase may follow which. Everything that is not listed is impossible. */
const phaseMoves: Record<Phase, readonly Phase[]> = {
  draft: ['discarded', 'executing', 'superseded'],
  discarded: [],
  executing: ['paused', 'waiting', 'stopping', 'succeeded', 'partial', 'failed', 'superseded'],
  paused: ['executing', 'stopping', 'superseded'],
  // Executing again: what was checked too long ago is checked once more before the page's turn.
  waiting: ['executing', 'succeeded', 'partial', 'stopping', 'superseded'],
  // End here may come too late: then everything is done already.
  stopping: ['succeeded', 'partial', 'superseded'],
  succeeded: [],
  partial: ['executing'],
  failed: ['executing'],
  // Taken back, when the other browser is gone in its turn.
  superseded: ['draft', 'executing'],
};

const stepMoves: Record<StepState, readonly StepState[]> = {
  queued: ['running', 'notRun'],
  running: ['completed', 'failed', 'notRun'],
  completed: ['running'],
  failed: ['queued'],
  notRun: ['queued'],
};

const itemMoves: Record<ItemState, readonly ItemState[]> = {
  planned: ['moved', 'failed', 'skipped', 'unknown'],
  unknown: ['planned', 'moved', 'failed', 'skipped'],
  moved: ['planned'],
  failed: ['planned'],
  skipped: ['planned'],
};

/** Phases in which a run holds the leaver: no second run may be opened. */
export const openPhases: readonly Phase[] = ['draft', 'executing', 'paused', 'waiting', 'stopping'];

/** True while the run holds its leaver. */
export function isOpen(phase: Phase): boolean {
  return openPhases.includes(phase);
}

/**
 * The run in another phase. `pause` and `waiting` are kept only in their own phase, waits of writes in none; `open`
 * and a wait of reads are dropped when the run is over, and the registry that knows it has then to be told.
 * Throws ImpossibleTransition.
 */
export function toPhase(run: Run, phase: Phase, at: string, pause?: Pause): Run {
  if (!phaseMoves[run.phase].includes(phase))
    throw new ImpossibleTransition(`A run cannot go from ${run.phase} to ${phase}.`);
  const next: Run = { ...run, phase };
  delete next.pause;
  delete next.wait;
  if (phase === 'paused') {
    if (!pause) throw new ImpossibleTransition('A paused run needs a reason.');
    next.pause = pause;
  }
  if (phase === 'waiting') next.waiting = { since: at };
  else delete next.waiting;
  if (phase === 'executing') next.startedAt ??= at;
  delete next.untold;
  delete next.claimed;
  if (isOpen(phase)) delete next.endedAt;
  else {
    // A superseded run has no end to tell: it goes on elsewhere.
    if (next.fence !== undefined && phase !== 'superseded') next.untold = at;
    next.endedAt = at;
    delete next.open;
    delete next.retry;
    delete next.troubles;
    delete next.again;
  }
  return next;
}

/** The step in another state. Throws ImpossibleTransition. */
export function toStepState(step: Step, state: StepState, at: string, message?: Step['message']): Step {
  if (!stepMoves[step.state].includes(state))
    throw new ImpossibleTransition(`Step ${step.id} cannot go from ${step.state} to ${state}.`);
  const next: Step = { ...step, state };
  delete next.message;
  if (message) next.message = message;
  if (state === 'running') {
    next.startedAt ??= at;
    delete next.endedAt;
  }
  if (state === 'completed' || state === 'failed' || state === 'notRun') next.endedAt = at;
  return next;
}

/** Checks that an item may change its state so. Throws ImpossibleTransition. */
export function checkItemMove(from: ItemState, to: ItemState): void {
  if (!itemMoves[from].includes(to))
    throw new ImpossibleTransition(`An item cannot go from ${from} to ${to}.`);
}
