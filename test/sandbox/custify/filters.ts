import { objectId } from './ids.ts';
import type { Account } from './wire.ts';
import { ApiError, memberOf } from './wire.ts';

/** The two dialects of `filters`: one of companies, people and objectives, another one of tasks. */

function parsed(query: Record<string, unknown>): Record<string, unknown>[] {
  if (typeof query.filters !== 'string' || query.filters === '') return [];
  try {
    const list: unknown = JSON.parse(query.filters);
    if (Array.isArray(list)) return list;
  } catch {
    // Told below.
  }
  throw new ApiError(400, 'filters has to be a JSON array');
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);
const lower = (value: unknown): string => String(value ?? '').toLowerCase();

type Matcher = (value: string, wanted: unknown) => boolean;
const strings: Record<string, Matcher> = {
  contains: (value, wanted) => value.includes(lower(wanted)),
  starts_with: (value, wanted) => value.startsWith(lower(wanted)),
  ends_with: (value, wanted) => value.endsWith(lower(wanted)),
  does_not_contain: (value, wanted) => !value.includes(lower(wanted)),
  is_unknown: (value) => value === '',
  any_value: (value) => value !== '',
};

/**
 * Whether a record passes `{fieldName, fieldType, filterType, filterValue}` filters, all of them. `userAt` says which
 * member a field of type User names. Filters of other shapes, such as an early client's, match everything.
 */
export function passesCompanyFilters(
  account: Account,
  query: Record<string, unknown>,
): (record: Record<string, unknown>, userAt: (field: string) => string | null) => boolean {
  const filters = parsed(query);
  const { database, variants } = account;
  const meant = (member: string | null): unknown =>
    member === null
      ? ''
      : variants.userFilter === 'email'
        ? memberOf(database, member)?.email
        : objectId(member);
  return (record, userAt) =>
    filters.every(({ fieldName, fieldType, filterType, filterValue }) => {
      const name = String(fieldName ?? '');
      if (fieldType === 'User') {
        if (variants.userFilter === 'ignored') return true;
        const user = userAt(name);
        if (filterType === 'any_value') return user !== null;
        if (filterType === 'is_unknown') return user === null;
        const among = list(filterValue).includes(meant(user));
        return filterType === 'is_not_in' ? !among : among;
      }
      const value = lower(record[name]);
      if (fieldType === 'Boolean') return value === String(filterType);
      const matcher = strings[String(filterType)];
      return fieldType === 'String' && matcher ? matcher(value, filterValue) : true;
    });
}

/** A task as its filters see it. */
export interface TaskFacts {
  assignee: string | null;
  author: string | null;
  customer: string | null;
  priority: string;
  status: string;
  dueOn: string | null;
  snoozed: boolean;
  title: string;
}

/** Whether a task passes `{field, values}` or `{field, startDate, endDate}` filters, all of them, and the search. */
export function passesTaskFilters(
  account: Account,
  query: Record<string, unknown>,
  today: string,
): (task: TaskFacts) => boolean {
  const filters = parsed(query);
  const { database, variants } = account;
  const emails = new Map(
    database
      .all<{ id: string; email: string }>('SELECT id, email FROM member')
      .map(({ id, email }) => [id, email]),
  );
  const said = (member: string | null): unknown =>
    member === null ? null : variants.taskFilter === 'email' ? emails.get(member) : objectId(member);
  const status = (task: TaskFacts, wanted: unknown): boolean => {
    const open = task.status === 'open' && !task.snoozed;
    if (wanted === 'open') return open;
    if (wanted === 'overdue') return open && task.dueOn !== null && task.dueOn < today;
    if (wanted === 'on time' || wanted === 'outstanding')
      return open && (task.dueOn === null || task.dueOn >= today);
    return task.status === wanted;
  };
  const words = lower(query.searchTerm);
  return (task) =>
    lower(task.title).includes(words) &&
    filters.every(({ field, values, startDate, endDate }) => {
      const wanted = list(values ?? []);
      switch (field) {
        case 'assignedTo':
          return variants.taskFilter === 'ignored' || wanted.includes(said(task.assignee));
        case 'createdBy':
          return wanted.includes(said(task.author));
        case 'company':
          return task.customer !== null && wanted.includes(objectId(task.customer));
        case 'priority':
          return wanted.includes(task.priority);
        case 'status':
          return wanted.some((each) => status(task, each));
        case 'dueOn': {
          const due = task.dueOn ?? '';
          return due >= String(startDate ?? '').slice(0, 10) && due <= String(endDate ?? '9999').slice(0, 10);
        }
        default:
          return true;
      }
    });
}
