import type { RunRecord } from '../workspace/port.ts';

/** What the panel is told of runs that other browsers hold. */

/** A run in another browser, as the workspace's registry has it. */
export interface WatchedRun {
  id: string;
  by: { id: string; name: string };
  /** The asking person's own, in another of their browsers. */
  mine: boolean;
  /** Their browser counts as present until then, and was last heard of at `seenAt`. */
  leaseUntil: string;
  seenAt: string;
  open: boolean;
  record: RunRecord;
}

/** An open run that another browser holds, as far as a list tells of it. */
export interface OpenElsewhere {
  id: string;
  leaver: { id: string; name: string; email: string };
  by: { id: string; name: string };
  /** The asking person's own, in another of their browsers. */
  mine: boolean;
  phase: RunRecord['phase'];
  seenAt: string;
}
