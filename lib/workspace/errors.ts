export type WorkspaceErrorKind =
  | 'auth'
  | 'forbidden'
  | 'gone'
  | 'conflict'
  | 'throttled'
  | 'transient'
  | 'invalid'
  | 'unsupported'
  /** A whole category cannot be changed here after all, which was found out without changing anything more. */
  | 'manual';

/**
 * The one error type of the port. `applied` decides what happens after a fault: `no` means that the workspace
 * certainly did nothing, `maybe` that the request may have landed although no usable answer came.
 */
export class WorkspaceError extends Error {
  override readonly name = 'WorkspaceError';
  readonly kind: WorkspaceErrorKind;
  readonly applied: 'no' | 'maybe';
  /** Milliseconds to wait, where the workspace said so. */
  readonly retryAfter: number | undefined;
  /** HTTP status, where there was an answer. */
  readonly status: number | undefined;
  /** The session is in order, but the page that asked belongs to somebody else's. */
  readonly otherPage: boolean;
  /** What opens the workspace was typed in, a token or an API key: nobody can sign in to it, it has to be replaced. */
  readonly typed: boolean;

  /** `detail`: one sentence for the admin that names what was expected and what came; no tokens, no personal data. */
  constructor(
    kind: WorkspaceErrorKind,
    detail: string,
    facts: {
      applied?: 'no' | 'maybe';
      retryAfter?: number | undefined;
      status?: number | undefined;
      otherPage?: boolean;
      typed?: boolean;
      cause?: unknown;
    } = {},
  ) {
    super(detail, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.kind = kind;
    this.applied = facts.applied ?? 'no';
    this.retryAfter = facts.retryAfter;
    this.status = facts.status;
    this.otherPage = facts.otherPage ?? false;
    this.typed = facts.typed ?? false;
  }
}
