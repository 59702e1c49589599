import type { Problem } from '../messages/protocol.ts';
import type { Batch, BatchEdit, BatchMember } from '../offboarding/batch-model.ts';
import type { Edit } from '../offboarding/edit.ts';
import type { PageBefore } from '../offboarding/holdups.ts';
import type { Run, Viewer } from '../offboarding/model.ts';
import type { Store } from '../store/store.ts';
import type { PageIdentity, RegisteredRun, Workspace } from '../workspace/port.ts';

/** What the engine is built from; nothing in `lib/engine` reaches the browser or the network by itself. */
export interface EngineDependencies {
  store: Store;
  /** The connector of a connection. Rejects with a Refused (`notConnected`) when there is none. */
  workspace(connection: string): Promise<Workspace>;
  clock: Clock;
  /** Runs `work` while holding the named lock; resolves false at once, without running it, when somebody else holds it. */
  withLock(name: string, work: () => Promise<void>): Promise<boolean>;
  /** Asks to be woken (Engine.recover) at that time even if the background was stopped meanwhile; null: no need. */
  wakeAt(time: Date | null): void;
  /** Called on real progress, at least every 10 s while work goes on: shows it, and keeps the background alive. */
  progress(run: Run): void;
  /** After every stored change of a run. */
  changed(run: Run): void;
  /** After every stored change of a batch. */
  batchChanged?(batch: Batch): void;
  /** When a run could not be stored: as it was last stored, and what shall be shown until that succeeds again. */
  trouble(run: Run, fields: Partial<Run>): void;
  random(): number;
  newId(): string;
  /** Named places where tests stop the world; does nothing in the product. */
  reached(point: string): void | Promise<void>;
}

export interface Clock {
  now(): Date;
  /** Resolves after so long, and at once when aborted; never rejects. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** Every method that changes something resolves once the change is stored; they reject with Refused. */
export interface Engine {
  openDraft(connection: string, member: string, page?: PageIdentity): Promise<{ run: Run; resumed: boolean }>;
  /** `editor`: who is signed in, recorded with a tick; without one, the person whom the run is bound to. */
  edit(run: string, edit: Edit, editor?: Viewer): Promise<Run>;
  /** Starts a scan (or joins the one under way) and resolves once it is recorded as running. */
  scan(run: string): Promise<Run>;
  /** Counts the manual categories again; a tick whose count changed is cleared. */
  recount(run: string): Promise<Run>;
  discard(run: string): Promise<Run>;
  check(run: string): Promise<Problem[]>;
  start(run: string, rev: number): Promise<Run>;
  pause(run: string): Promise<Run>;
  continue(run: string): Promise<Run>;
  /** End here: what is not moved stays; the deactivation is not run. */
  stop(run: string): Promise<Run>;
  /** Continues a run that ended before everything was done; by failure, other receivers where they shall be others. */
  retry(run: string, replacements: readonly { failure: string; to: string }[]): Promise<Run>;
  /** The run of a member in the workspace's registry (the open one, else the latest), and who asks. */
  registered(
    connection: string,
    member: string,
  ): Promise<{ viewer: Viewer; registered: RegisteredRun | undefined }>;
  /** Takes over a run whose browser is gone. */
  takeOver(connection: string, member: string, run: string): Promise<Run>;
  /** Gives up a draft that another browser holds. */
  discardElsewhere(connection: string, member: string, run: string): Promise<void>;
  /**
   * The run that waits for this member to be set inactive on the page, when its last check is recent enough to let
   * that click through; an older check is made again first, where the control is pressed. Null: that takes a press.
   */
  passage(
    connection: string,
    member: string,
    viewer: Viewer,
    pressed: boolean,
  ): Promise<string | null | undefined>;
  /** The click that a waiting run waits for was let through. */
  passed(run: string, viewer: Viewer | undefined, before?: PageBefore): Promise<Run>;
  /** The page (`page`: its origin) shows the leaver of a waiting run as inactive. */
  reported(run: string, page: string): Promise<Run>;
  /** The admin says that a waiting run's leaver was set inactive. */
  said(run: string): Promise<Run>;
  /** Compares a run of this browser with the workspace's registry. */
  compare(run: string): Promise<void>;
  /**
   * Takes up every run that should be executing; called at each start of the background and at each alarm. Never
   * rejects: what cannot be read now is looked at again by an alarm.
   */
  recover(): Promise<void>;

  /** Several offboardings at once; see `lib/engine/batches.ts`. */
  readonly batches: Batches;
}

/** The commands on a batch. They reject with Refused, like those on a run. */
export interface Batches {
  /** Makes a batch of these members and begins to check each of them. */
  open(connection: string, members: readonly BatchMember[]): Promise<Batch>;
  /** Checks again who could not be checked, is blocked, or was checked more than a day ago. */
  check(batch: string): Promise<Batch>;
  edit(batch: string, edit: BatchEdit): Promise<Batch>;
  /** `rev` and `users`: what the admin has confirmed. */
  start(batch: string, rev: number, users: number): Promise<Batch>;
  pause(batch: string): Promise<Batch>;
  continue(batch: string): Promise<Batch>;
  /** End here: what is at work finishes what is in flight, the others are not begun. */
  stop(batch: string): Promise<Batch>;
  /** Takes every run up again that ended before everything was done. */
  retry(batch: string): Promise<Batch>;
  discard(batch: string): Promise<Batch>;
}
