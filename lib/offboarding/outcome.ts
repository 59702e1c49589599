import type { RunItem, Value } from './model.ts';

/** What one attempt came to for one ref; each ref of an attempt has exactly one. */
export type Outcome = { ref: string } & (
  | { result: 'applied'; value: Value }
  | { result: 'conflict'; value: Value }
  | {
      result: 'failed';
      code: 'gone' | 'forbidden' | 'invalid' | 'other';
      message: string;
    }
);

/** Same value; members are the same by id. */
export function sameValue(a: Value, b: Value): boolean {
  if ('member' in a) return 'member' in b && a.member === b.member;
  if ('flag' in a) return 'flag' in b && a.flag === b.flag;
  if ('none' in a) return 'none' in b;
  return 'absent' in b;
}

type Settled = Pick<RunItem, 'state' | 'reason' | 'heldBy' | 'before' | 'after'>;

/**
 * The item after an outcome. `set` is what the attempt asked for.
 * - applied with the wished value: moved; with another one: failed, for the workspace did something else.
 * - conflict: skipped, since somebody else changed it; but a value that is what we wished is moved already,
 *   and one that still is what we expected cannot be a conflict: failed.
 * - failed: with the workspace's own message.
 */
export function settle(item: RunItem, set: Value, outcome: Outcome): RunItem {
  const base = { ...item };
  for (const key of ['reason', 'heldBy', 'before', 'after'] as const) delete base[key];
  const settled = (change: Settled): RunItem => ({ ...base, ...change });
  switch (outcome.result) {
    case 'applied':
      return sameValue(outcome.value, set)
        ? settled({ state: 'moved', before: item.value, after: outcome.value })
        : settled({
            state: 'failed',
            reason: { code: 'otherValue', message: '' },
            heldBy: outcome.value,
          });
    case 'conflict':
      if (sameValue(outcome.value, set))
        return settled({
          state: 'moved',
          before: item.value,
          after: outcome.value,
        });
      if (sameValue(outcome.value, item.value))
        return settled({
          state: 'failed',
          reason: { code: 'stillHeld', message: '' },
        });
      return settled({
        state: 'skipped',
        reason: { code: 'ownerChanged', message: '' },
        heldBy: outcome.value,
      });
    case 'failed':
      return settled({
        state: 'failed',
        reason: { code: outcome.code, message: outcome.message },
      });
  }
}

/**
 * The item after it was read back, since its write may have landed.
 * Target: moved. As before: planned again, for the write certainly did not land. A third value: skipped.
 * `sameMember`: whether two ids are one member, who may be known under both.
 */
export function settleByReading(
  item: RunItem,
  set: Value,
  seen: Value,
  sameMember: (a: string, b: string) => boolean = (a, b) => a === b,
): RunItem {
  const isSame = (value: Value): boolean =>
    'member' in value && 'member' in seen && sameMember(value.member, seen.member);
  const observed = [item.value, set].find(isSame) ?? seen;
  if (sameValue(observed, item.value)) {
    const { reason: _reason, ...rest } = item;
    return { ...rest, state: 'planned' };
  }
  return settle(item, set, {
    ref: item.ref,
    result: 'conflict',
    value: observed,
  });
}
