import type { SQLInputValue } from 'node:sqlite';
import type { MemberRow, SandboxContext } from '../context.ts';
import { logWrite } from '../holdings.ts';
import type { Member, Paged } from '../web/types.ts';
import { type Call, Refusal } from './http.ts';

/** Conditions of a WHERE clause, joined by AND. */
export interface Conditions {
  add(sql: string, ...parameters: SQLInputValue[]): void;
  readonly sql: string;
  readonly parameters: SQLInputValue[];
}

/** An empty list of conditions, which matches every row. */
export function conditions(): Conditions {
  const parts: string[] = [];
  const parameters: SQLInputValue[] = [];
  return {
    add(sql, ...values) {
      parts.push(sql);
      parameters.push(...values);
    },
    get sql() {
      return parts.length ? `WHERE ${parts.join(' AND ')}` : '';
    },
    parameters,
  };
}

const pageSize = 50;

/**
 * One page of a query.
 * @param from the tables, joins included; `select` and `order` are the rest of the statement
 */
export function paged<Row, Result>(
  context: SandboxContext,
  call: Call,
  query: { select: string; from: string; where: Conditions; order: string },
  map: (row: Row) => Result,
): Paged<Result> {
  const { where } = query;
  const total =
    context.database.get<{ total: number }>(
      `SELECT count(*) AS total FROM ${query.from} ${where.sql}`,
      ...where.parameters,
    )?.total ?? 0;
  const pages = Math.max(1, Math.ceil(total / pageSize));
  const page = Math.min(pages, Math.max(1, Number.parseInt(call.query('page') ?? '1', 10) || 1));
  const rows = context.database.all<Row>(
    `SELECT ${query.select} FROM ${query.from} ${where.sql} ORDER BY ${query.order} LIMIT ? OFFSET ?`,
    ...where.parameters,
    pageSize,
    (page - 1) * pageSize,
  );
  return { rows: rows.map(map), total, page, pages };
}

/** Text for a LIKE with `ESCAPE '\'` that finds it anywhere. */
export function contains(text: string): string {
  return `%${text.replace(/[\\%_]/g, (character) => `\\${character}`)}%`;
}

/** A member as the application shows them. */
export function memberOf(row: MemberRow): Member {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    title: row.title,
    role: row.role,
    active: row.active === 1,
    mailbox: row.mailbox === 'yes',
    signature: row.signature === 'yes',
  };
}

/** The row that a query finds. Throws a Refusal with status 404 when there is none. */
export function found<Row>(row: Row | undefined, what: string): Row {
  if (row === undefined) throw new Refusal(404, `This ${what} no longer exists.`);
  return row;
}

/**
 * Sets the owner of one thing, if that is a change. A new owner must be an active member.
 * Throws a Refusal: 404 when the thing is gone, 422 when the member cannot own anything.
 */
export function assign(
  context: SandboxContext,
  call: Call,
  change: { category: string; ref: string; from: string | null; to: string | null; what: string },
): void {
  if (change.from === change.to) return;
  if (change.to !== null) {
    const member = context.database.get<MemberRow>('SELECT * FROM member WHERE id = ?', change.to);
    if (!member) throw new Refusal(422, 'This member does not exist.');
    if (member.active === 0) throw new Refusal(422, `${member.name} is inactive. Choose an active member.`);
  }
  if (!context.setOwner(call.session.member.id, change.category, change.ref, change.to)) {
    throw new Refusal(404, `This ${change.what} no longer exists.`);
  }
}

/** Writes one line into a customer's activity timeline, as the signed-in member. */
export function note(
  context: SandboxContext,
  call: Call,
  customer: string,
  kind: string,
  summary: string,
): void {
  context.database.run(
    'INSERT INTO timeline (customer, at, actor, kind, summary) VALUES (?, ?, ?, ?, ?)',
    customer,
    context.now(),
    call.session.member.id,
    kind,
    summary,
  );
}

/** Writes down that something ended which named a member: it was sent, approved, disconnected, revoked or deleted. */
export function logEnd(
  context: SandboxContext,
  call: Call,
  category: string,
  ref: string,
  member: string,
): void {
  const actor = { member: call.session.member.id, at: context.now() };
  logWrite(context.database, category, ref, { member }, { absent: true }, actor);
}
