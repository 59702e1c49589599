import type { Attempt, Change } from '../../offboarding/attempt.ts';
import type { Value } from '../../offboarding/model.ts';
import { sameValue } from '../../offboarding/outcome.ts';
import type { Clock } from '../dispatcher.ts';
import { WorkspaceError } from '../errors.ts';
import type { Observed, Outcome } from '../port.ts';
import { type Client, idAt, type RecordResult, type Row } from './client.ts';
import {
  errorOfRecord,
  isGone,
  isLocked,
  outcomeOfRecord,
  outcomeOfSeen,
  type RecordFault,
} from './faults.ts';
import { natterboxUser } from './schema.ts';
import { chunks, isRecordId, listOf } from './soql.ts';
import type { Target } from './sources.ts';
import { words } from './words.ts';

/** Reading items back and changing them. Salesforce has no condition on a write: each is read just before and after. */
export interface Writing {
  read(target: Target, refs: readonly string[], signal?: AbortSignal): Promise<Observed[]>;
  apply(target: Target, attempt: Attempt, signal: AbortSignal): Promise<Outcome[]>;
  setActive(member: string, active: boolean, attempt: Attempt, signal: AbortSignal): Promise<void>;
}

/** Milliseconds before each further try of records whose lock somebody else held; each is stretched by chance. */
const lockWaits = [400, 800, 1600, 3200];

const activeTarget: Target = {
  object: natterboxUser,
  by: 'update',
  field: 'nbavs__Enabled__c',
  says: 'switch',
};

export function createWriting(client: Client, clock: Clock, random: () => number): Writing {
  async function read(target: Target, refs: readonly string[], signal?: AbortSignal): Promise<Observed[]> {
    const ids = [...new Set(refs.map((ref) => placeOf(target, ref).id))].filter(isRecordId);
    const fields = [...new Set(refs.map((ref) => placeOf(target, ref).field))];
    const rows = await Promise.all(
      chunks(ids).map((part) =>
        client.query(
          `SELECT Id, ${fields.join(', ')} FROM ${target.object} WHERE Id IN ${listOf(part)}`,
          signal,
        ),
      ),
    );
    const byId = new Map(rows.flat().map((row) => [idAt(row, 'Id'), row]));
    if ([...byId.keys()].some((id) => !ids.includes(id)))
      throw new WorkspaceError('invalid', 'Expected the records asked for, got another one.');
    return refs.map((ref) => {
      const row = byId.get(placeOf(target, ref).id);
      if (row) return { ref, value: valueIn(target, row, ref) };
      // A membership that is not there is what a removal is for; of anything else it means that it was deleted.
      if (target.by === 'delete') return { ref, value: { absent: true } };
      return { ref, unreadable: words.deleted, gone: true };
    });
  }

  async function apply(target: Target, attempt: Attempt, signal: AbortSignal): Promise<Outcome[]> {
    const outcomes = new Map<string, Outcome>();
    const done: Change[] = [];
    /** Said not to be there when they were to be deleted. */
    const missing = new Map<string, RecordFault>();
    let wrote = false;
    let pending = attempt.changes.filter((change) => {
      if (isPossible(target, change.set)) return true;
      const message = 'Expected a removal, got another wish.';
      outcomes.set(change.ref, { ref: change.ref, result: 'failed', code: 'invalid', message });
      return false;
    });
    try {
      for (let round = 0; pending.length > 0; round += 1) {
        const ready = await stillAsExpected(pending);
        const locked: { change: Change; outcome: Outcome }[] = [];
        for (const part of chunks(ready)) {
          const results = await write(target, part, attempt, signal);
          for (const [index, change] of part.entries()) {
            const result = results[index];
            if (!result) continue;
            if (result.done) {
              wrote = true;
              done.push(change);
            } else if (isLocked(result.fault))
              locked.push({ change, outcome: outcomeOfRecord(change.ref, result.fault) });
            else if (target.by === 'delete' && isGone(result.fault)) {
              missing.set(change.ref, result.fault);
              done.push(change);
            } else outcomes.set(change.ref, outcomeOfRecord(change.ref, result.fault));
          }
        }
        const wait = lockWaits[round];
        if (wait === undefined) {
          for (const { change, outcome } of locked) outcomes.set(change.ref, outcome);
          break;
        }
        pending = locked.map(({ change }) => change);
        if (pending.length > 0) await clock.sleep(wait * (1 + random()), signal);
      }
      for (const seen of await readSome(done)) {
        const fault = missing.get(seen.ref);
        outcomes.set(seen.ref, fault ? ofMissing(seen, fault) : afterwards(target, seen));
      }
    } catch (error) {
      throw wrote ? inDoubt(error) : asFault(error);
    }
    return attempt.changes.map(({ ref }) => {
      const outcome = outcomes.get(ref);
      if (!outcome) throw new Error(`No outcome for ${ref}.`);
      return outcome;
    });

    /** Those that say what they are expected to say; the others get their outcome. */
    async function stillAsExpected(changes: readonly Change[]): Promise<Change[]> {
      const seen = new Map((await readSome(changes)).map((each) => [each.ref, each]));
      return changes.filter((change) => {
        const now = seen.get(change.ref);
        if (!now) return false;
        if ('unreadable' in now)
          outcomes.set(change.ref, {
            ref: change.ref,
            result: 'failed',
            code: 'gone',
            message: now.unreadable,
          });
        else if (sameValue(now.value, change.expect)) return true;
        else outcomes.set(change.ref, { ref: change.ref, result: 'conflict', value: now.value });
        return false;
      });
    }

    async function readSome(changes: readonly Change[]): Promise<Observed[]> {
      if (changes.length === 0) return [];
      const refs = changes.map(({ ref }) => ref);
      return read(target, refs, signal);
    }
  }

  /** One result for each change. Changes of one record travel together, as Freedom and CTI have to. */
  async function write(
    target: Target,
    changes: readonly Change[],
    { run, by }: Attempt,
    signal: AbortSignal,
  ): Promise<RecordResult[]> {
    if (changes.length === 0) return [];
    const options = { lock: [...new Set(changes.map(({ lock }) => lock))], flow: run, by, signal };
    const records = new Map<string, { id: string } & Row>();
    for (const { ref, set } of changes) {
      const { id, field } = placeOf(target, ref);
      records.set(id, { ...(records.get(id) ?? { id }), [field]: fieldValueOf(target, ref, set) });
    }
    const ids = [...records.keys()];
    const results =
      target.by === 'delete'
        ? await client.remove(ids, options)
        : await client.update(target.object, [...records.values()], options);
    const byId = new Map(ids.map((id, index) => [id, results[index]]));
    return changes.flatMap(({ ref }) => byId.get(placeOf(target, ref).id) ?? []);
  }

  async function setActive(
    member: string,
    active: boolean,
    attempt: Attempt,
    signal: AbortSignal,
  ): Promise<void> {
    const value: Value = { flag: active };
    const change: Change = { ref: member, expect: { flag: !active }, set: value, lock: member };
    for (let round = 0; ; round += 1) {
      const [before] = await read(activeTarget, [member], signal);
      if (!before || 'unreadable' in before) throw new WorkspaceError('gone', words.memberGone);
      if (sameValue(before.value, value)) return;
      const [result] = await write(activeTarget, [change], attempt, signal);
      if (result?.done) break;
      const fault = result?.fault;
      const wait = lockWaits[round];
      if (!fault || !isLocked(fault) || wait === undefined) {
        throw fault ? errorOfRecord(fault) : new WorkspaceError('invalid', 'Expected a result, got none.');
      }
      await sleep(wait * (1 + random()), signal);
    }
    const [after] = await read(activeTarget, [member], signal).catch((error: unknown) => {
      throw inDoubt(error);
    });
    if (!after || 'unreadable' in after || !sameValue(after.value, value))
      throw new WorkspaceError('conflict', active ? words.stillInactive : words.stillActive);
  }

  const sleep = (milliseconds: number, signal: AbortSignal): Promise<void> =>
    clock.sleep(milliseconds, signal);

  return { read, apply, setActive };
}

/** The record and the field that a ref names, and what the field points at where the ref says that. */
function placeOf(target: Target, ref: string): { id: string; field: string; pointed: string | undefined } {
  const [id = '', second] = ref.split('.');
  const field = target.field ?? second ?? '';
  if (!/^[A-Za-z]\w*$/.test(field))
    throw new WorkspaceError('invalid', 'Expected the name of a field in the reference, got another one.');
  return { id, field, pointed: target.field === undefined ? undefined : second };
}

/** What a row says of the item that a ref names. Throws `invalid` for a value of another type. */
function valueIn(target: Target, row: Row, ref: string): Value {
  const { id, field, pointed } = placeOf(target, ref);
  const value = row[field];
  const { says } = target;
  if (says === 'switch' && typeof value === 'boolean') return { flag: value };
  if (says !== 'switch' && (value === null || typeof value === 'string')) {
    if (says === 'choice') return { flag: value === pointed };
    if (says === 'profile') return value === pointed ? { member: id } : { none: true };
    return value ? { member: value } : { absent: true };
  }
  throw new WorkspaceError('invalid', `Expected the field ${field} in a record, got something else.`);
}

/** Can this be written at all? Backwards too, where the record is still there. */
function isPossible({ by, says }: Target, set: Value): boolean {
  if (by === 'delete') return 'absent' in set;
  if (says === 'switch' || says === 'choice') return 'flag' in set;
  return 'member' in set || (says === 'profile' ? 'none' in set : 'absent' in set);
}

function fieldValueOf(target: Target, ref: string, set: Value): string | boolean | null {
  const { pointed } = placeOf(target, ref);
  switch (target.says) {
    case 'switch':
      return 'flag' in set && set.flag;
    case 'owner':
      return 'member' in set ? set.member : null;
    default:
      return 'member' in set || ('flag' in set && set.flag) ? (pointed ?? null) : null;
  }
}

/** What a change came to, by what is read after it. */
function afterwards({ by }: Target, seen: Observed): Outcome {
  if ('value' in seen) return { ref: seen.ref, result: 'applied', value: seen.value };
  // The record itself went while its field was being cleared.
  return by === 'delete'
    ? { ref: seen.ref, result: 'applied', value: { absent: true } }
    : { ref: seen.ref, result: 'failed', code: 'gone', message: seen.unreadable };
}

/** Somebody else removed it between reading and writing, which is what was wished: where that is true. */
const ofMissing = (seen: Observed, fault: RecordFault): Outcome =>
  'unreadable' in seen || 'absent' in seen.value
    ? { ref: seen.ref, result: 'conflict', value: { absent: true } }
    : outcomeOfSeen(seen.ref, fault);

/** A call that was called off while it read or waited has written nothing. */
const asFault = (error: unknown): unknown =>
  error instanceof WorkspaceError
    ? error
    : new WorkspaceError('transient', 'The request was called off.', { cause: error });

/** Something was written already, so whatever came after it leaves the whole in doubt. */
function inDoubt(error: unknown): WorkspaceError {
  const known = error instanceof WorkspaceError ? error : undefined;
  return new WorkspaceError(known?.kind ?? 'transient', known?.message ?? 'The request was called off.', {
    applied: 'maybe',
    retryAfter: known?.retryAfter,
    status: known?.status,
    typed: known?.typed ?? false,
    cause: error,
  });
}
