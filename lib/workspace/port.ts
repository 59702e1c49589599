import type { Attempt } from '../offboarding/attempt.ts';
import type { Category, Item, Member, Note, Run, Value, Viewer } from '../offboarding/model.ts';
import type { Outcome } from '../offboarding/outcome.ts';
import type { PageIdentity, PageProfile } from './page-profile.ts';

/** What the wizard asks of any workspace. A connector implements it; `test/contract` is what "connector" means. */
export interface Workspace {
  /**
   * Who acts, asked of the workspace now. `page`: what the page that asks says of who is signed in there; throws `auth`
   * (`otherPage`) where that is somebody else.
   */
  identify(signal?: AbortSignal, page?: PageIdentity): Promise<Viewer>;
  /** The one form of a member's id, where pages say it in several. */
  memberId?(said: string): string;
  /** Whether two ids are known by now to be one member, who was known under both. Absent: each has one id. */
  sameMember?(a: string, b: string): boolean;
  /** Members that match, by name or email, with the facts that decide what they can receive. */
  members(query: MemberQuery, signal?: AbortSignal): Promise<Page<Member>>;
  /** Does this member own anything at all? Counts by category where that is as cheap. Bounded to 3 s by the caller. */
  guard(leaver: string, signal?: AbortSignal): Promise<Guard>;
  /** What can name the leaver, and how many do. */
  survey(leaver: string, signal?: AbortSignal): Promise<Survey>;
  /**
   * One page of what names the leaver in these categories. All pages are read before the first write. `ahead` may be
   * told of the page's cursor before the page itself is through: the next one can then be asked for meanwhile.
   */
  scan(
    leaver: string,
    categories: readonly string[],
    cursor?: string,
    signal?: AbortSignal,
    ahead?: (cursor: string) => void,
  ): Promise<Page<Item>>;
  /** Compare-and-set: exactly one outcome for each ref of the attempt, or a WorkspaceError for the whole of it. */
  apply(attempt: Attempt, signal: AbortSignal): Promise<Outcome[]>;
  /** What these items say now; one answer for each ref. */
  read(category: string, refs: readonly string[], signal?: AbortSignal): Promise<Observed[]>;
  /** Absent where only the workspace's own page can do it. Resolves once the workspace confirmed it. */
  setActive?(member: string, active: boolean, attempt: Attempt, signal: AbortSignal): Promise<void>;
  /**
   * True where the API does not say whether a member is active, or that there is such a member at all: `Member.active`
   * is then an assumption, and whether somebody was set inactive is known from the page or a person alone.
   */
  readonly activeUnknown?: boolean;
  /** Absent where the API has no place for it. */
  readonly runs?: RunRegistry;
  /** Listens to what the workspace tells by itself, until the returned function is called; absent where it tells nothing. */
  listen?(listener: NewsListener): () => void;
  /** Offboarding several members at once; absent where they are offboarded one by one. */
  readonly bulk?: Bulk;
  readonly limits: Limits;
  readonly pages: PageProfile;
}

/** What the browser has to allow before a workspace can be reached: sites, and powers of its own. */
export interface Access {
  origins: string[];
  permissions: 'cookies'[];
}

/** Where something that a person types in (a token, an API key) is used: nowhere, in place of their session, or always. */
export type SecretUse = 'none' | 'instead' | 'needed';

/** What it takes to offboard several members at once. */
export interface Bulk {
  readonly words: BulkWords;
  /** Members whose username or email address is one of these, whatever their case; one answer for each name. */
  find(names: readonly string[], signal?: AbortSignal): Promise<{ name: string; members: Member[] }[]>;
  /** What follows from offboarding all of these that does not follow from any of them alone. */
  together?(leavers: readonly string[], signal?: AbortSignal): Promise<Note[]>;
}

/** What it is called here, in the workspace's own words. */
export interface BulkWords {
  title: string;
  /** The button that leads to the last question. */
  submit: string;
  /** What becomes of who is offboarded, and why. */
  why: string;
}

/** Something changed at the workspace, whoever did it. What it is now has to be asked. */
export type News =
  | { type: 'member'; member: string }
  | { type: 'owner'; category: string }
  | { type: 'run'; run: string };

export interface NewsListener {
  news(news: News): void;
  /** The connection stands, for the first time or again; what was told meanwhile may be lost. */
  up(): void;
  /** The connection is gone; it is being made again by itself. */
  down(): void;
}

export interface Page<T> {
  items: T[];
  /** Absent on the last page. */
  cursor?: string;
  /** How many there are in all pages, where the workspace says so. */
  total?: number;
}

export interface MemberQuery {
  /** One member by id. */
  id?: string;
  /** Part of a name or email address; empty: everybody. */
  text?: string;
  cursor?: string;
  limit?: number;
}

export interface Guard {
  owns: 'none' | 'some' | 'unknown';
  counts: {
    category: Pick<Category, 'id' | 'kind' | 'name' | 'action'> & Partial<Pick<Category, 'outlives'>>;
    count: number | null;
  }[];
}

export interface Survey {
  leaver: Member;
  blockers: Run['blockers'];
  completion: Run['completion'];
  categories: Category[];
  /** What else to know before Start; none unless told. */
  notes?: Note[];
}

export type { Outcome } from '../offboarding/outcome.ts';
export type { PageIdentity } from './page-profile.ts';

export type Observed = { ref: string } & ({ value: Value } | { unreadable: string; gone: boolean });

export interface Limits {
  /** Requests in flight at once. */
  concurrency: number;
  /** Where the workspace publishes one; the pacer learns the rest from its answers. */
  requestsPerSecond?: number;
  /** Milliseconds after which a request that was cut off has landed or never will. */
  settle: number;
}

/** A run as the workspace's registry keeps it: enough for another admin to watch it or to take it over. */
export interface RegisteredRun {
  id: string;
  leaver: string;
  by: { id: string; name: string };
  fence: number;
  /** The holder's browser has shown itself until then (3 minutes at a time); like `updatedAt` by this browser's clock. */
  leaseUntil: string;
  open: boolean;
  updatedAt: string;
  /** The run without its items: plan, steps, acknowledgements, head of the journal. */
  record: RunRecord;
}
export type RunRecord = Pick<
  Run,
  'mode' | 'phase' | 'plan' | 'steps' | 'acknowledgements' | 'startedAt' | 'endedAt' | 'pause' | 'note'
> & {
  planHash: string;
  journalHead: string;
  /** What somebody who watches it is shown besides; a run that was recorded by an older version has none of it. */
  leaver?: Pick<Member, 'name' | 'email' | 'active'>;
  categories?: Pick<Category, 'id' | 'kind' | 'name' | 'action' | 'count'>[];
};

export interface RunRegistry {
  /** Creates it, or says which open run is in the way. The same id again is no conflict. */
  open(
    id: string,
    leaver: string,
    record: RunRecord,
  ): Promise<{ registered: RegisteredRun } | { conflict: RegisteredRun }>;
  /** Stores the record and renews the lease. Throws `conflict` when the fence is stale. */
  update(id: string, fence: number, record: RunRecord): Promise<RegisteredRun>;
  /** A new fence for the caller; refused (`conflict`) while somebody else's lease lasts. */
  takeOver(id: string): Promise<RegisteredRun>;
  /** The open run of a leaver, else their most recent one. */
  find(leaver: string): Promise<RegisteredRun | undefined>;
  /** All open runs, to warn about replacements who leave too. */
  listOpen(): Promise<RegisteredRun[]>;
}
