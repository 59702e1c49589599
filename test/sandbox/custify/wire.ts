import type { MemberRow } from '../context.ts';
import type { Database } from '../database.ts';
import type { Holdings } from '../holdings.ts';
import { objectId, rowOf } from './ids.ts';
import type { Variants } from './variants.ts';

/** What the parts of the API share. */
export interface Account {
  database: Database;
  holdings: Holdings;
  variants: Variants;
  /** Records that still answer as they were before a write, and how often. */
  stale: Map<string, { left: number; record: unknown }>;
  now(): string;
}

/** An answer that is no success; its body is one of the shapes that clients have been seen to read. */
export class ApiError extends Error {
  readonly status: number;
  readonly headers: Record<string, string>;

  constructor(status: number, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

export const memberOf = (database: Database, id: string | null): MemberRow | undefined =>
  id === null ? undefined : database.get<MemberRow>('SELECT * FROM member WHERE id = ?', id);

/** A user as some field says it. */
export function sayUser(member: MemberRow | undefined, form: 'id' | 'email' | 'object'): unknown {
  if (!member) return null;
  const { name, email } = member;
  const id = objectId(member.id);
  return form === 'id' ? id : form === 'email' ? email : { id, name, email };
}

/** The member whom a value means in this form; null: nobody; undefined: not understood. */
export function understandUser(
  database: Database,
  value: unknown,
  form: 'id' | 'email' | 'object',
): MemberRow | null | undefined {
  if (value === null || value === '') return null;
  if (form === 'email')
    return typeof value === 'string'
      ? database.get<MemberRow>('SELECT * FROM member WHERE email = ?', value.toLowerCase())
      : undefined;
  const id = typeof value === 'object' && value !== null ? (value as { id?: unknown }).id : value;
  return memberOf(database, rowOf(id));
}

/** The record under the key that this account uses for ids. */
export const withId = (
  account: Account,
  id: string,
  record: Record<string, unknown>,
): Record<string, unknown> => ({ [account.variants.idKey]: objectId(id), ...record });

/** A record as it is answered now: as it was, while it lags. */
export function current<T>(account: Account, key: string, record: T): T {
  const stale = account.stale.get(key);
  if (!stale) return record;
  stale.left -= 1;
  if (stale.left <= 0) account.stale.delete(key);
  return stale.record as T;
}

/** Keeps how a record is answered before a write, where reads lag behind. */
export function keepStale(account: Account, key: string, record: unknown): void {
  const { lag } = account.variants;
  if (lag > 0) account.stale.set(key, { left: lag, record });
}

/** One page of a list, with the caps of the server: never more than `cap`, and 1-based. */
export function pageOf<T>(
  account: Account,
  query: Record<string, unknown>,
  all: readonly T[],
  cap: number,
): { items: T[]; total: { total?: number } } {
  const page = Math.max(1, whole(query.page) ?? 1);
  const size = Math.min(cap, Math.max(1, whole(query.itemsPerPage) ?? 20));
  const items = all.slice((page - 1) * size, page * size);
  return { items, total: account.variants.total === 'there' ? { total: all.length } : {} };
}

const whole = (value: unknown): number | undefined =>
  typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : undefined;
