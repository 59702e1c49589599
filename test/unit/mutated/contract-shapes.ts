import { reading, type Shape } from './harness.ts';

/** What answers of the open contract say, read without the connector's schemas. */

const fields = (...names: string[]): Record<string, Shape> =>
  Object.fromEntries(names.map((name) => [name, '*']));

const no: Shape = { or: false };
const category: Shape = {
  ...fields('id', 'kind', 'name', 'action', 'count', 'why', 'batch', 'condition', 'idempotent', 'link'),
  ...fields('pass', 'order'),
  unread: fields('reason', 'detail'),
  after: { or: [] },
  ...{ selectable: no, perCustomer: no, decidesCustomer: no, needsSender: no, outlives: no },
  columns: [{ ...fields('key', 'label', 'type', 'priority'), align: { or: 'start' } }],
};
const item: Shape = {
  ...fields('category', 'ref', 'title', 'link', 'columns', 'value', 'lock'),
  customer: fields('ref', 'name', 'owner', 'ownerInactive'),
};
const step: Shape = {
  ...fields('id', 'kind', 'category', 'state', 'total', 'moved', 'failed', 'skipped', 'unknown', 'elsewhere'),
  ...fields('startedAt', 'endedAt'),
  message: fields('key', 'params'),
  evidence: fields('kind', 'by'),
};
const planChange: Shape = {
  ...fields('kind', 'id', 'at', 'category', 'selection', 'to', 'count', 'categories'),
};
const run: Shape = {
  ...fields('id', 'leaver', 'fence', 'leaseUntil', 'open', 'updatedAt'),
  by: fields('id', 'name'),
  record: {
    ...fields('mode', 'phase', 'startedAt', 'endedAt', 'note', 'planHash', 'journalHead'),
    pause: fields('kind', 'detail', 'count', 'resumeAt', 'typed'),
    plan: { defaults: '*', changes: [planChange], selected: { or: [] } },
    steps: [step],
    acknowledgements: [fields('category', 'by', 'at', 'count')],
    leaver: fields('name', 'email', 'active'),
    categories: [fields('id', 'kind', 'name', 'action', 'count')],
  },
};

type Fields = Record<string, unknown>;
const isWeb = (link: unknown): boolean => typeof link === 'string' && /^https?:/i.test(link);
const withoutOddLink = (thing: Fields): Fields => {
  const { link, ...rest } = thing;
  return isWeb(link) ? thing : rest;
};

/** A SCIM user (RFC 7643) as a member. */
export function memberIn(raw: unknown): unknown {
  const user = raw as Fields;
  const emails = (user.emails ?? []) as { value: string; primary?: boolean }[];
  const roles = user.roles as { value: string }[] | undefined;
  const own = user['urn:ietf:params:scim:schemas:extension:offboarding:2.0:User'] as Fields | undefined;
  const chosen = emails.filter(({ primary }) => primary === true)[0] ?? emails[0];
  const admin =
    roles === undefined ? 'unknown' : roles.map(({ value }) => value).includes('admin') ? 'yes' : 'no';
  return {
    id: user.id,
    name: user.displayName === undefined || user.displayName === '' ? user.userName : user.displayName,
    email: chosen === undefined ? user.userName : chosen.value,
    active: user.active,
    admin,
    ...(user.title !== undefined && user.title !== '' && { title: user.title }),
    ...(own !== undefined && {
      sender: { mailbox: own.mailbox, signature: own.signature },
      holds: reading(fields('customers', 'tasks'), own),
    }),
  };
}

/** A page of SCIM users, the first of them numbered 1. */
export function membersIn(raw: unknown): unknown {
  const { totalResults, Resources = [] } = raw as { totalResults: number; Resources?: unknown[] };
  const next = 1 + Resources.length;
  return {
    items: Resources.map(memberIn),
    total: totalResults,
    ...(Resources.length > 0 && next <= totalResults && { cursor: String(next) }),
  };
}

/** The categories of a survey; `batch`: no more changes at once than that. */
export const categoriesIn = (raw: unknown, batch: number): Fields[] =>
  (raw as { categories: unknown[] }).categories.map((each) => {
    const read = reading(category, each) as Fields & { batch: number };
    return { ...withoutOddLink(read), batch: Math.min(read.batch, batch) };
  });

/** The items of a page. */
export const itemsIn = (raw: unknown): Fields[] =>
  (raw as { items: unknown[] }).items.map((each) => withoutOddLink(reading(item, each) as Fields));

/** What a list says of each ref, in the order asked. */
export const saidOf = (raw: unknown, list: 'outcomes' | 'owners', refs: readonly string[]): unknown[] =>
  refs.map((ref) => {
    const said = (raw as Record<string, Fields[]>)[list]?.filter((each) => each.ref === ref) ?? [];
    const names = ['ref', 'result', 'value', 'code', 'message', 'unreadable', 'gone'];
    const [only] = said;
    const failed = only?.result === 'failed';
    // A failure has no value, and what has a value is no failure, whatever stands beside it.
    const wanted = names.filter((name) =>
      list === 'owners'
        ? only?.value === undefined || !['unreadable', 'gone'].includes(name)
        : failed
          ? name !== 'value'
          : !['code', 'message'].includes(name),
    );
    return said.length === 1 ? reading(fields(...wanted), only) : said;
  });

/** The discovery document, save the profile of its pages. */
export const discoveryIn = (raw: unknown): unknown =>
  reading(
    {
      ...fields('contract', 'origins'),
      workspace: fields('id', 'name'),
      urls: fields('api', 'scim', 'events', 'users', 'member'),
      limits: fields('batch', 'pageSize', 'concurrency', 'settle'),
    },
    raw,
  );

/** A registered run. */
export const runIn = (raw: unknown): unknown => reading(run, raw);

/** What an event of such data tells. */
export function newsIn(raw: unknown): unknown[] {
  const subjects: Record<string, string> = { member: 'member', owner: 'category', run: 'run' };
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return [];
  const { type } = raw as Fields;
  const subject = typeof type === 'string' && Object.hasOwn(subjects, type) ? (subjects[type] as string) : '';
  const about = (raw as Fields)[subject];
  const isId = typeof about === 'string' && about.length > 0 && about.length <= 512;
  return subject !== '' && isId ? [{ type, [subject]: about }] : [];
}

/** Whether everything that is read is said, save that nothing is listed where nothing is said. */
export function addsNothing(read: unknown, said: unknown): boolean {
  if (typeof read !== 'object' || read === null) return Object.is(read, said);
  if (said === undefined) return Array.isArray(read) && read.length === 0;
  if (typeof said !== 'object' || said === null || Array.isArray(read) !== Array.isArray(said)) return false;
  return Object.entries(read).every(([field, value]) => addsNothing(value, (said as Fields)[field]));
}
