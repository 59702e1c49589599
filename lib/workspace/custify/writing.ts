import type { Attempt, Change } from '../../offboarding/attempt.ts';
import type { Value } from '../../offboarding/model.ts';
import { sameValue } from '../../offboarding/outcome.ts';
import type { Clock } from '../dispatcher.ts';
import { WorkspaceError } from '../errors.ts';
import type { Observed, Outcome } from '../port.ts';
import { nameOf, type Person, type Persons } from './persons.ts';
import { createLocks, type Proof, type Proofs } from './proofs.ts';
import { isNameAlone, type Said, writeUser } from './said.ts';
import type { Target, Way } from './targets.ts';
import { words } from './words.ts';

/**
 * Reading items back and changing them. The API has no condition on a write, so each is read just before and just
 * after; and of no write is it known beforehand that it does anything, so the first item of each kind is written
 * alone, and the rest only once it was seen to have changed.
 */
export interface Writing {
  read(target: Target, refs: readonly string[], signal?: AbortSignal): Promise<Observed[]>;
  apply(target: Target, attempt: Attempt, signal: AbortSignal): Promise<Outcome[]>;
}

/** Milliseconds before each further look at a record that still says what it said: reads may lag behind writes. */
const looks = [0, 300, 1_000, 2_500];
/** So often a first item is written of which nobody has seen what came of it. */
const mostTries = 2;
/** So many first items that lack a way are left as they were, before that holds for all of them. */
const mostLacking = 3;
/** What a product ignores it may learn, and what it refuses may have been about one item: milliseconds. */
const kept30Days = 30 * 24 * 60 * 60_000;
const keptAnHour = 60 * 60_000;

export function createWriting(persons: Persons, proofs: Proofs, clock: Clock): Writing {
  const locked = createLocks();
  const probes = createLocks();

  /** What a record says as a value of the port. */
  async function meaning(said: Said | null): Promise<Value> {
    if (said === null) return { absent: true };
    if (!said.mention) return said.form === 'none' ? { none: true } : { absent: true };
    if (!persons.of(said.mention)) await persons.learn([said.mention]);
    const person = persons.of(said.mention);
    return person ? { member: person.key } : { absent: true };
  }

  async function read(target: Target, refs: readonly string[], signal?: AbortSignal): Promise<Observed[]> {
    return Promise.all(
      refs.map(async (ref): Promise<Observed> => {
        const record = await target.read(ref, signal);
        if (record === undefined) return { ref, unreadable: words.gone, gone: true };
        return { ref, value: await meaning(target.says(record)) };
      }),
    );
  }

  async function apply(target: Target, attempt: Attempt, signal: AbortSignal): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    let wrote = false;
    for (const change of attempt.changes) {
      const work = (): Promise<Outcome> => move(target, change, attempt.run, signal);
      try {
        const outcome = await locked(change.lock, work);
        wrote ||= outcome.result === 'applied';
        outcomes.push(outcome);
      } catch (error) {
        throw wrote ? inDoubt(error) : asFault(error);
      }
    }
    return outcomes;
  }

  async function move(target: Target, change: Change, run: string, signal: AbortSignal): Promise<Outcome> {
    const { ref } = change;
    const person = receiver(change);
    if (!person) return { ref, result: 'failed', code: 'invalid', message: words.unknownReceiver };
    if ((await proofs.get(target.proof)).state === 'works') return write();
    // One first item at a time: those that wait for it learn what came of it.
    return probes(target.proof, write);

    async function write(): Promise<Outcome> {
      const proof = await proofs.get(target.proof);
      if (proof.state === 'refused') throw byHand(proof.detail);
      const before = await target.read(ref, signal);
      if (before === undefined) return { ref, result: 'failed', code: 'gone', message: words.gone };
      const said = target.says(before);
      const now = await meaning(said);
      if (said === null || !sameMember(now, change.expect))
        return { ref, result: 'conflict', value: sameMember(now, change.set) ? change.set : now };
      const value = writeUser(person as Person, said.form);
      if (value === undefined)
        return {
          ref,
          result: 'failed',
          code: 'invalid',
          message: words.cannotReceive(nameOf(person as Person), said.form),
        };
      const attemptOf = { target, change, before, value, lock: change.lock, flow: run, signal };
      return proof.state === 'works' ? known(attemptOf, proof.way) : probe(attemptOf);
    }
  }

  interface Move {
    target: Target;
    change: Change;
    before: unknown;
    value: string;
    lock: string;
    flow: string;
    signal: AbortSignal;
  }

  /** A write that is known to work. */
  async function known(move: Move, way: string): Promise<Outcome> {
    const { target, before, change } = move;
    const ways = target.ways(before);
    const chosen = ways.find(({ name }) => name === way) ?? ways[0];
    if (!chosen) return { ref: change.ref, result: 'failed', code: 'invalid', message: words.noWay };
    try {
      const sent = await send(move, chosen);
      if (sent.made !== undefined || sent.lost) await stop(target, sent);
      return sent.outcome;
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === undefined) throw error;
      return { ref: change.ref, result: 'failed', code: 'invalid', message: refusal };
    }
  }

  /** The first item of its kind: way after way, until one is seen to have changed it. */
  async function probe(move: Move): Promise<Outcome> {
    const { target, before, change } = move;
    const last = await proofs.get(target.proof);
    if (last.state === 'trying' && (await hasLanded(target, last))) {
      await proofs.set(target.proof, { state: 'works', way: last.way });
      return known(move, last.way);
    }
    const open: { tries: number; lacking?: number | undefined } =
      last.state === 'trying' || last.state === 'unknown' ? last : { tries: 0 };
    const { tries, lacking = 0 } = open;
    // Broken connections say nothing of the write.
    if (tries >= mostTries) return refuse(words.unproven, false);
    const ways = target.ways(before);
    let detail: string = words.ignored;
    // A refusal may be about this item alone, so it is not kept for later runs.
    let kept = true;
    for (const way of ways) {
      const { ref, set } = change;
      const to = 'member' in set ? set.member : '';
      await proofs.set(target.proof, {
        ...{ state: 'trying', tries: tries + 1, lacking },
        ...{ ref, way: way.name, to },
      });
      let sent: Sent;
      try {
        sent = await send(move, way);
      } catch (error) {
        const refusal = refusalOf(error);
        if (refusal === undefined) {
          // Whatever came of it, it was no fault of the way.
          if (!(error instanceof WorkspaceError) || error.applied === 'no')
            await proofs.set(target.proof, { state: 'unknown', tries, lacking });
          throw error;
        }
        detail = words.refusedWrite(refusal);
        kept = false;
        continue;
      }
      if (sent.ignored) continue;
      if (sent.made !== undefined || sent.lost) {
        await stop(target, sent);
        return sent.outcome;
      }
      await proofs.set(
        target.proof,
        // What somebody else changed in this very moment shows nothing of the write.
        sent.outcome.result === 'applied'
          ? { state: 'works', way: way.name }
          : { state: 'unknown', tries, lacking },
      );
      return sent.outcome;
    }
    if (ways.length < target.allWays && lacking + 1 < mostLacking) {
      // Another item may be written in the way that this one lacks.
      await proofs.set(target.proof, { state: 'unknown', tries, lacking: lacking + 1 });
      return { ref: change.ref, result: 'failed', code: 'other', message: detail };
    }
    return refuse(detail, kept && ways.length === target.allWays);

    async function refuse(why: string, keep = true): Promise<never> {
      await proofs.set(target.proof, refused(why, keep));
      throw byHand(why);
    }
  }

  /** Something else was changed than was meant, so no further item of this kind is sent. Throws where one was made. */
  async function stop(target: Target, { made }: Sent): Promise<void> {
    const why = made === undefined ? words.lost : made === null ? words.mayBeMade : words.made(made);
    await proofs.set(target.proof, refused(why));
    if (made !== undefined) throw byHand(why);
  }

  /** Whether a first item, of which no answer was seen, says by now what was wished. */
  async function hasLanded(
    target: Target,
    { ref, to }: Extract<Proof, { state: 'trying' }>,
  ): Promise<boolean> {
    const record = await target.read(ref);
    return record !== undefined && sameMember(await meaning(target.says(record)), { member: to });
  }

  interface Sent {
    outcome: Outcome;
    /** It was accepted, and the record says what it said before. */
    ignored: boolean;
    /** It changed more than it was asked to. */
    lost: boolean;
    /** The id of another record that came of it; null where one may have come of it. */
    made?: string | null;
  }

  /** Writes one item and looks what it says then. Throws WorkspaceError; `applied` is `maybe` once it was sent. */
  async function send({ target, change, before, value, lock, flow, signal }: Move, way: Way): Promise<Sent> {
    const { ref, expect, set } = change;
    const written = await way.write(value, { lock, flow, signal });
    if (written !== undefined && written !== ref)
      return { outcome: failed(words.made(written)), ignored: false, lost: false, made: written };
    for (const wait of looks) {
      const after = await look(wait);
      if (after === undefined)
        return {
          outcome: { ref, result: 'failed', code: 'gone', message: words.gone },
          ignored: false,
          lost: false,
          // The answer did not say which record was written, and this one is gone.
          ...(target.makes && written === undefined && { made: null }),
        };
      const now = await meaning(target.says(after));
      if (sameMember(now, expect)) continue;
      const applied = sameMember(now, set);
      const outcome: Outcome = applied
        ? { ref, result: 'applied', value: set }
        : { ref, result: 'conflict', value: now };
      return { outcome, ignored: false, lost: applied && loses(target.rest(before), target.rest(after)) };
    }
    return { outcome: failed(words.ignoredHere), ignored: true, lost: false };

    function failed(message: string): Outcome {
      return { ref, result: 'failed', code: 'other', message };
    }
    async function look(wait: number): Promise<unknown> {
      try {
        if (wait > 0) await clock.sleep(wait, signal);
        return await target.read(ref, signal);
      } catch (error) {
        throw inDoubt(error);
      }
    }
  }

  function receiver({ set }: Change): Person | undefined {
    const person = 'member' in set ? persons.find(set.member) : undefined;
    return person && !isNameAlone(person) ? person : undefined;
  }

  /** The same person, under whichever of their keys. */
  function sameMember(a: Value, b: Value): boolean {
    if (sameValue(a, b)) return true;
    if (!('member' in a) || !('member' in b)) return false;
    const person = persons.find(a.member);
    return person !== undefined && person === persons.find(b.member);
  }

  const refused = (detail: string, kept = true): Proof => ({
    state: 'refused',
    detail,
    until: new Date(clock.now().getTime() + (kept ? kept30Days : keptAnHour)).toISOString(),
  });

  return { read, apply };
}

/** Nothing of it can be written here: that is for a person. */
const byHand = (detail: string): WorkspaceError => new WorkspaceError('manual', detail);

/** What the workspace said against a write, where it refused it and nothing else is wrong. */
function refusalOf(error: unknown): string | undefined {
  if (!(error instanceof WorkspaceError) || error.applied !== 'no') return undefined;
  return ['invalid', 'gone', 'unsupported', 'conflict'].includes(error.kind) ? error.message : undefined;
}

/** Whether something that was there before is not there any more; what merely changed may be somebody else's doing. */
function loses(before: unknown, after: unknown): boolean {
  if (before === null || before === undefined || before === '') return false;
  if (after === null || after === undefined || after === '') return true;
  if (typeof before !== 'object' || typeof after !== 'object') return false;
  return Object.entries(before).some(([key, inner]) => loses(inner, (after as Record<string, unknown>)[key]));
}

/** A call that was called off while it read has written nothing. */
const asFault = (error: unknown): unknown =>
  error instanceof WorkspaceError
    ? error
    : new WorkspaceError('transient', 'The request was called off.', { cause: error });

/** Something was sent already, so whatever came after it leaves the whole in doubt. */
function inDoubt(error: unknown): WorkspaceError {
  const known = error instanceof WorkspaceError ? error : undefined;
  const kind = known && ['auth', 'throttled', 'invalid'].includes(known.kind) ? known.kind : 'transient';
  return new WorkspaceError(kind, known?.message ?? 'The request was called off.', {
    applied: 'maybe',
    retryAfter: known?.retryAfter,
    status: known?.status,
    cause: error,
  });
}
