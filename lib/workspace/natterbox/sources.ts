import type { Category, Item, Value } from '../../offboarding/model.ts';
import { WorkspaceError } from '../errors.ts';
import { at, idAt, type Row } from './client.ts';
import { isSameId } from './ids.ts';
import { natterboxUser, type OrgModel } from './schema.ts';
import { idsPerCall, literal } from './soql.ts';

/** One query of a leaver's records; several categories may live on the same rows. */
export interface Reading {
  key: string;
  object: string;
  select: readonly string[];
  where: (leaver: string) => string;
  /** The field by which a row is the leaver's. */
  of: string;
}

/**
 * Where an item's value is kept, and how it is changed. What the field says:
 * - `owner`: it holds the leaver's id; a membership goes by deleting the row, a number by emptying the field;
 * - `switch`: true or false; without a `field` the item's ref names it after a dot;
 * - `profile`, `choice`: it points at the record that the ref names after a dot. That record is held by the user whose
 *   row it is, or, where the row is another object's, simply chosen or not.
 */
export interface Target {
  object: string;
  by: 'delete' | 'update';
  field: string | undefined;
  says: 'owner' | 'switch' | 'profile' | 'choice';
}

/** A category that this org has, and everything that reading and writing it takes. */
export interface Source {
  category: Omit<Category, 'count' | 'unread' | 'after'>;
  reading: Reading;
  target: Target;
  items: (row: Row, leaver: string) => Item[];
  /** Rows by which others may have what an item locks; it is the leaver's alone to change where nobody does. */
  sharedBy?: { object: string; field: string };
}

/**
 * How much it matters that a category can be seen: one of the four steps, so the run must not be silent about it; what
 * a person is warned of before they deactivate somebody; or what is done besides.
 */
type Importance = 'step' | 'warned' | 'extra';

/** A category that this org lacks or hides. */
export interface Gap {
  category: Omit<Category, 'count' | 'unread' | 'after'>;
  importance: Importance;
  reason: 'hidden' | 'readOnly';
}

export const isGap = (one: Source | Gap): one is Gap => 'importance' in one;

/** What a category is made of, before it is known whether the org has it. */
interface Plan {
  id: string;
  name: string;
  order: number;
  action: Category['action'];
  importance: Importance;
  link: string;
  columns: Category['columns'];
  /** Fields without which there is nothing to read. */
  needs: readonly string[];
  wants: readonly string[];
  reading: Omit<Reading, 'select'>;
  target: Target;
  items: Source['items'];
  sharedBy?: Source['sharedBy'];
}

type Column = Category['columns'][number];
export const column = (
  key: string,
  label: string,
  priority: Column['priority'],
  type: Column['type'] = 'text',
): Column => ({
  key,
  label,
  type,
  priority,
  align: type === 'number' ? 'end' : 'start',
});

/** The readings that rows come from. */
export const readings = {
  user: {
    key: 'user',
    object: natterboxUser,
    where: (leaver: string) => `Id = ${literal(leaver)}`,
    of: 'Id',
  },
  ofUser: (object: string, field = 'nbavs__User__c') => ({
    key: object,
    object,
    where: (leaver: string) => `${field} = ${literal(leaver)}`,
    of: field,
  }),
};

/** A row's value as a column shows it. */
export const cell = (row: Row, path: string): string | number | null => {
  const value = at(row, path);
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  return typeof value === 'string' || typeof value === 'number' ? value : null;
};

/** An item that is one row: the row's id is its ref. */
export const itemOf = (
  category: string,
  row: Row,
  facts: { title: string; value: Value; lock: string; link: string; columns: Item['columns']; ref?: string },
): Item => {
  const { ref, ...rest } = facts;
  return { category, ref: ref ?? idAt(row, 'Id'), ...rest };
};

/** The plan as a source where the org has what it needs, else as a gap. */
export function resolve(org: OrgModel, plan: Plan): Source | Gap {
  const { id, name, order, action, importance, link, columns, needs, wants, reading, target } = plan;
  const { items, sharedBy } = plan;
  const category: Gap['category'] = {
    id,
    kind: 'other',
    name,
    action,
    selectable: action === 'manual',
    batch: idsPerCall,
    condition: 'read',
    idempotent: false,
    columns,
    link,
    perCustomer: false,
    decidesCustomer: false,
    needsSender: false,
    outlives: false,
    pass: reading.key,
    order,
  };
  if (needs.some((path) => !org.has(reading.object, path))) return { category, importance, reason: 'hidden' };
  const object = org.object(target.object);
  const field = target.field === undefined ? undefined : object?.fields.get(target.field);
  const writable =
    target.by === 'delete'
      ? object?.deletable
      : object?.updateable && (target.field === undefined || field?.updateable);
  if (!object || (target.field !== undefined && !field)) return { category, importance, reason: 'hidden' };
  if (!writable && action !== 'manual') return { category, importance, reason: 'readOnly' };
  return {
    category: { ...category, selectable: action === 'manual' && writable === true },
    reading: { ...reading, select: ['Id', ...needs, ...org.present(reading.object, wants)] },
    target,
    items,
    ...(sharedBy && { sharedBy }),
  };
}

/** One query that reads all that several sources need of the same rows. */
export function queryOf(sources: readonly Source[], leaver: string): string {
  const [first] = sources;
  if (!first) throw new Error('A query needs a source.');
  const fields = [...new Set(sources.flatMap(({ reading }) => reading.select))];
  return `SELECT ${fields.join(', ')} FROM ${first.reading.object} WHERE ${first.reading.where(leaver)} ORDER BY Id`;
}

/** What rows of a source's reading hold of the leaver. Throws `invalid` for a row of somebody else, or a spoiled one. */
export function itemsIn({ reading, items }: Source, rows: readonly Row[], leaver: string): Item[] {
  if (rows.some((row) => !isSameId(idAt(row, reading.of), leaver)))
    throw new WorkspaceError('invalid', 'Expected records of the user asked for, got one of another.');
  return rows.flatMap((row) => items(row, leaver));
}
