/** What the benchmark's worker does, by name; each call is one message and one answer. */
export interface Setting {
  /** Origin of the demo workspace, which is the worker's own. */
  origin: string;
  leaver: string;
  /** Who receives everything. */
  receiver: string;
  /** Changes in one call, instead of what the workspace publishes (never more than that). */
  batch?: number;
  /** Calls in flight at once, instead of what the workspace publishes. */
  concurrency?: number;
  /** So many calls at most, for a sample of a slow client. */
  most?: number;
}

export interface EngineSetting extends Setting {
  store: 'disk' | 'memory';
  /** Name of the database. */
  database: string;
}

export interface Scanned {
  milliseconds: number;
  items: number;
  requests: number;
  run: string;
}

export interface Executed {
  milliseconds: number;
  moved: number;
  phase: string;
  /** Calls that the run's writes need at least: one for each full batch of a category, and the deactivation. */
  needed: number;
}

export interface Bare {
  milliseconds: number;
  items: number;
  requests: number;
}

/** A batch at the demo org; `session` is the value of its cookie. */
export interface BatchSetting {
  origin: string;
  session: string;
  members: string[];
  database: string;
}

export interface Bulked {
  /** Milliseconds until everybody was checked, and from the submission to the end. */
  checking: number;
  executing: number;
  succeeded: number;
}

export interface Calls {
  /** Several users at once, from the check to the deactivation. */
  batch(setting: BatchSetting): Promise<Bulked>;
  /** Calls of its check once more in a bare loop: milliseconds. */
  replay(setting: { concurrency: number }): Promise<number>;
  /** A draft, scanned by the engine. */
  scan(setting: EngineSetting): Promise<Scanned>;
  /** Plans, starts and executes the draft that `scan` left behind. */
  execute(setting: EngineSetting): Promise<Executed>;
  /** The scan's requests in bare loops: fetch and read as JSON, nothing else. */
  bareScan(setting: Setting): Promise<Bare>;
  /** A plain client: the same writes, one after another, from a list made before. */
  sequential(setting: Setting): Promise<Bare>;
}

export type Call = { id: number; method: keyof Calls; setting: unknown };
export type Answer = { id: number; value: unknown } | { id: number; error: string };
