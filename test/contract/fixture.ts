import type { Value } from '../../lib/offboarding/model.ts';
import type { Workspace } from '../../lib/workspace/port.ts';

/**
 * What goes wrong with the next call of a kind. `cutBefore` and `unavailable` come before the change, `cutAfter`
 * once it is committed; the answers of `malformed` (a list where text belongs, or the other way round), `page` (a
 * web page) and `incomplete` (one outcome is missing) come after it too.
 */
export type FaultName =
  | 'cutBefore'
  | 'cutAfter'
  | 'unavailable'
  | 'forbidden'
  | 'throttled'
  | 'malformed'
  | 'page'
  | 'incomplete'
  | 'signedOut';

/** A workspace for tests, and what stands behind its connector. Made anew for every test. */
export interface Fixture {
  workspace: Workspace;
  viewer: { id: string; name: string };
  /** Holds something in every category of the workspace. */
  leaver: string;
  replacement: string;
  /** A third active member. */
  otherMember: string;
  /** Holds nothing. */
  idleMember: string;
  /** A search text that finds several members, and all their ids. */
  search: { text: string; finds: string[] };
  /**
   * The category that the fault and move cases use: of the action `reassign` where the workspace has one, else one
   * that names its owner in each item. The leaver holds at least five items of it.
   */
  category: string;
  /** Well-formed, but names nothing. */
  unknownRef: string;
  unknownMember: string;
  /** Another admin's connection to the same workspace; only where the connector has a registry of runs. */
  colleague?: Workspace;
  control: {
    /** Somebody else changes an owner, behind the connector's back. */
    setOwner(category: string, ref: string, member: string): Promise<void>;
    /** What the workspace itself says. */
    valueOf(category: string, ref: string): Promise<Value>;
    isActive(member: string): Promise<boolean>;
    /** How many changes took effect since the start. */
    writes(): Promise<number>;
    /** The next scan (read) or apply (write) goes wrong; `throttled` asks for a wait of 7 s. */
    failNext(kind: 'read' | 'write', fault: FaultName): Promise<void>;
    /** The connector's write token is not valid any more, where there is such a thing. */
    replaceToken?(): Promise<void>;
    /** Somebody else signs in, in the browser of this connection; only where the connector has a registry of runs. */
    signInAs?(member: string): Promise<void>;
    /** Time passes at the workspace. */
    pass?(milliseconds: number): Promise<void>;
  };
  close(): Promise<void>;
}
