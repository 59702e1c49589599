import { z } from 'zod';
import { errorOfAnswer, type FaultyAnswer } from '../answers.ts';
import { WorkspaceError, type WorkspaceErrorKind } from '../errors.ts';
import type { Outcome } from '../port.ts';
import { words } from './words.ts';

/** What a request is refused with: a list of codes and messages. */
const refusalSchema = z.array(z.looseObject({ errorCode: z.string(), message: z.string() })).min(1);

/** What one record of a collection is refused with. There the code is called statusCode. */
export interface RecordFault {
  statusCode: string;
  message: string;
}

/** Calls of the last 24 hours count, so an org that is out of them has some again only bit by bit. */
const dailyLimitWait = 15 * 60_000;

/** A refused request as the port's error. Throws nothing. */
export function errorOf(answer: FaultyAnswer): WorkspaceError {
  const refusal = refusalSchema.safeParse(answer.body).data?.[0];
  if (!refusal) return errorOfAnswer(answer);
  const kind = kindOf(refusal.errorCode, refusal.message);
  const known = kind ?? errorOfAnswer({ ...answer, body: undefined }).kind;
  return new WorkspaceError(known, explained(refusal.errorCode, refusal.message), {
    // These codes say that nothing was done; a 5xx with another one leaves it open.
    applied: kind === undefined ? errorOfAnswer({ ...answer, body: undefined }).applied : 'no',
    status: answer.status,
    ...(refusal.errorCode === 'REQUEST_LIMIT_EXCEEDED' && { retryAfter: dailyLimitWait }),
  });
}

/** One record's refusal as the port's error, for calls that are about a single record. */
export function errorOfRecord(fault: RecordFault): WorkspaceError {
  const kind = kindOf(fault.statusCode, fault.message) ?? 'invalid';
  return new WorkspaceError(kind, explained(fault.statusCode, fault.message));
}

/** One record's refusal as the outcome of an item. */
export function outcomeOfRecord(ref: string, fault: RecordFault): Outcome {
  const kind = kindOf(fault.statusCode, fault.message);
  const code = kind === 'gone' || kind === 'forbidden' || kind === 'invalid' ? kind : 'other';
  return { ref, result: 'failed', code, message: explained(fault.statusCode, fault.message) };
}

/** The outcome of an item that is said not to exist, and can be read all the same: for want of rights, then. */
export const outcomeOfSeen = (ref: string, { message }: RecordFault): Outcome => ({
  ref,
  result: 'failed',
  code: 'forbidden',
  message: `${tidy(message)} ${words.noRight}`,
});

/** Somebody else writes to the record or its parent at this moment. */
export const isLocked = ({ statusCode, message }: RecordFault): boolean => isLock(statusCode, message);

/** The record does not exist any more, or so it is said: an id may lead nowhere for want of rights too. */
export const isGone = (fault: RecordFault): boolean => kindOf(fault.statusCode, fault.message) === 'gone';

function kindOf(code: string, message: string): WorkspaceErrorKind | undefined {
  if (code === 'INVALID_SESSION_ID') return isAccessControl(message) ? 'forbidden' : 'auth';
  if (code.startsWith('INSUFFICIENT_ACCESS')) return 'forbidden';
  if (isLock(code, message)) return 'transient';
  if (isTriggers(code, message)) return 'invalid';
  return kinds[code];
}

/** One code stands for two things: a trigger that threw, which its message names, and rights that are missing. */
const isTriggers = (code: string, message: string): boolean =>
  code === 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY' && /execution of|caused by|exception/i.test(message);

/** A lock that somebody else holds, met by the write itself or by a trigger of it. */
const isLock = (code: string, message: string): boolean =>
  code === 'UNABLE_TO_LOCK_ROW' || (isTriggers(code, message) && message.includes('UNABLE_TO_LOCK_ROW'));

const kinds: Record<string, WorkspaceErrorKind | undefined> = {
  REQUEST_LIMIT_EXCEEDED: 'throttled',
  ENTITY_IS_DELETED: 'gone',
  NOT_FOUND: 'gone',
  INVALID_CROSS_REFERENCE_KEY: 'gone',
  INVALID_FIELD_FOR_INSERT_UPDATE: 'forbidden',
  CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY: 'forbidden',
  INACTIVE_OWNER_OR_USER: 'forbidden',
  FIELD_CUSTOM_VALIDATION_EXCEPTION: 'invalid',
  FIELD_INTEGRITY_EXCEPTION: 'invalid',
  INVALID_FIELD: 'unsupported',
  INVALID_TYPE: 'unsupported',
};

/** The platform's words for a session that API Access Control refuses, as opposed to one that is over. */
const isAccessControl = (message: string): boolean => /not valid for use with the REST API/i.test(message);

/** Salesforce's own message, and what a person can do about it. */
function explained(code: string, message: string): string {
  const own = tidy(message);
  if (code === 'INVALID_SESSION_ID') return isAccessControl(message) ? words.apiRefused : words.sessionOver;
  if (isLock(code, message)) return `${own} ${words.locked}`;
  // A trigger's own words say all there is.
  if (isTriggers(code, message)) return own;
  const remedy = code.startsWith('INSUFFICIENT_ACCESS') ? words.noRight : remedies[code];
  return remedy === undefined ? own : `${own} ${remedy}`;
}

const remedies: Record<string, string | undefined> = {
  REQUEST_LIMIT_EXCEEDED: words.dailyLimit,
  ENTITY_IS_DELETED: words.deleted,
  INVALID_FIELD_FOR_INSERT_UPDATE: words.noRight,
  CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY: words.noRight,
  INACTIVE_OWNER_OR_USER: words.inactiveOwner,
  INVALID_FIELD: words.changedFields,
  INVALID_TYPE: words.changedFields,
};

/** On one line, of bounded length, and a sentence. */
function tidy(message: string): string {
  const line = message.replace(/\s+/g, ' ').trim();
  const short = line.length > 300 ? `${line.slice(0, 299)}…` : line;
  return /[.!?…]$/.test(short) ? short : `${short}.`;
}
