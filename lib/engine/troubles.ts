import type { Trouble } from '../offboarding/holdups.ts';
import type { Run } from '../offboarding/model.ts';
import type { WorkspaceError } from '../workspace/errors.ts';

/** Trouble of writes; every other purpose is a read's. */
export const writing = 'write';
/** Trouble of the deactivation. */
export const deactivating = 'deactivate';

const none: Trouble = { tries: 0, failures: 0, malformed: 0, resumeAt: '', detail: '' };

/** How often in a row what serves this purpose has come to nothing; all zero where nothing has. */
export function troubleOf(run: Run, purpose: string): Trouble {
  return run.troubles?.[purpose] ?? none;
}

/**
 * One more fault in a row, the next try being at `resumeAt`. What the workspace asks to wait for is a try, and no
 * failure.
 */
export function grown(trouble: Trouble, { kind, message }: WorkspaceError, resumeAt: string): Trouble {
  return {
    tries: trouble.tries + 1,
    failures: trouble.failures + (kind === 'throttled' ? 0 : 1),
    malformed: trouble.malformed + (kind === 'invalid' ? 1 : 0),
    resumeAt,
    detail: message,
  };
}

/** The run with this trouble of a purpose; undefined: it has passed. `retry` tells the longest wait of reads. */
export function withTrouble(run: Run, purpose: string, trouble: Trouble | undefined): Run {
  const { troubles: _troubles, retry: _retry, ...rest } = run;
  const { [purpose]: _before, ...others } = run.troubles ?? {};
  const troubles = trouble ? { ...others, [purpose]: trouble } : others;
  if (Object.keys(troubles).length === 0) return rest;
  const [longest] = Object.entries(troubles)
    .filter(([each]) => each !== writing && each !== deactivating)
    .map(([, each]) => each)
    .sort((a, b) => (a.resumeAt < b.resumeAt ? 1 : -1));
  if (!longest) return { ...rest, troubles };
  const { tries, resumeAt, detail } = longest;
  return { ...rest, troubles, retry: { tries, resumeAt, detail } };
}

/**
 * Until when the run sends nothing: the workspace asked for that, or its reads failed. Undefined or a past time: no
 * longer. Whoever takes the run up after a restart keeps to it before the first call.
 */
export function heldUntil({ wait, retry }: Run): string | undefined {
  const asked = wait?.asked ? wait.until : undefined;
  if (asked === undefined || (retry && retry.resumeAt > asked)) return retry?.resumeAt;
  return asked;
}
