import { passesCompanyFilters } from './filters.ts';
import { objectId, rowOf } from './ids.ts';
import { type Account, ApiError, memberOf, pageOf, sayUser, understandUser, withId } from './wire.ts';

/** People of customers: contacts, never users of the workspace. */
interface ContactRow {
  id: string;
  user_id: string | null;
  email: string | null;
  name: string | null;
  customer: string | null;
  sponsor: string | null;
  notes: string | null;
}

const cap = 100;

function contactOf(account: Account, row: ContactRow): Record<string, unknown> {
  const sponsor = memberOf(account.database, row.sponsor);
  return withId(account, row.id, {
    user_id: row.user_id,
    email: row.email,
    name: row.name,
    companies: row.customer ? [{ id: objectId(row.customer) }] : [],
    custom_attributes: {
      ...(row.sponsor && { relationship_owner: sayUser(sponsor, account.variants.attribute) }),
      ...(row.notes && { notes: row.notes }),
    },
  });
}

/** Lists of people are wrapped in an array, of which the first item holds them. */
const wrapped = (account: Account, list: object): unknown =>
  account.variants.people === 'array' ? [list] : list;

/** GET /people/all, and /company/people/:id with the company's ones. */
export function listPeople(account: Account, query: Record<string, unknown>, company?: string): unknown {
  const passes = passesCompanyFilters(account, query);
  const rows = account.database
    .all<ContactRow>(
      'SELECT * FROM contact WHERE ? IS NULL OR customer = ? ORDER BY rowid',
      ...[company ?? null, company ?? null],
    )
    .filter((row) => passes({ name: row.name, email: row.email }, () => row.sponsor));
  const { items, total } = pageOf(account, query, rows, cap);
  return wrapped(account, { ...total, people: items.map((row) => contactOf(account, row)) });
}

/** GET /people?email= and GET /people?user_id= */
export function findPeople(account: Account, query: Record<string, unknown>): unknown {
  const rows = account.database.all<ContactRow>(
    'SELECT * FROM contact WHERE email = ? OR user_id = ?',
    String(query.email ?? ''),
    String(query.user_id ?? ''),
  );
  return wrapped(account, { people: rows.map((row) => contactOf(account, row)) });
}

/** GET /people/:id and GET /customer/:id */
export function readPerson(account: Account, id: string): unknown {
  const row = account.database.get<ContactRow>('SELECT * FROM contact WHERE id = ?', rowOf(id));
  if (!row) throw new ApiError(404, 'person not found');
  return contactOf(account, row);
}

/** POST /people: changes the person of that email or user_id, or makes one. */
export function upsertPerson(account: Account, body: Record<string, unknown>): unknown {
  const { database } = account;
  if (body.email === undefined && body.user_id === undefined)
    throw new ApiError(422, 'email or user_id is required');
  const email = body.email === undefined ? null : String(body.email);
  const user = body.user_id === undefined ? null : String(body.user_id);
  const known = database.get<ContactRow>('SELECT * FROM contact WHERE email = ? OR user_id = ?', email, user);
  const number = (database.get<{ n: number }>('SELECT count(*) AS n FROM contact')?.n ?? 0) + 1;
  const id = known?.id ?? `ppl_x${number}`;
  if (!known) database.run('INSERT INTO contact (id, user_id, email) VALUES (?, ?, ?)', id, user, email);
  if (typeof body.name === 'string') database.run('UPDATE contact SET name = ? WHERE id = ?', body.name, id);
  return readPerson(account, objectId(id));
}

/** DELETE /people/:id and DELETE /people?user_id= */
export function deletePerson(account: Account, which: { id?: string; user?: unknown }): unknown {
  const deleted = account.database.run(
    'DELETE FROM contact WHERE id = ? OR user_id = ?',
    which.id === undefined ? '' : rowOf(which.id),
    typeof which.user === 'string' ? which.user : '',
  );
  if (deleted === 0) throw new ApiError(404, 'No user with user_id found');
  return { msg: 'All people deleted', code: 'SUCCESS', params: { ...which } };
}

/** POST /customer: `{id, custom_attributes}`. */
export function changePerson(account: Account, body: Record<string, unknown>): unknown {
  const { database, variants } = account;
  const id = rowOf(body.id);
  const attributes = (body.custom_attributes ?? {}) as Record<string, unknown>;
  if (!database.get('SELECT 1 FROM contact WHERE id = ?', id)) throw new ApiError(404, 'person not found');
  const sponsor = understandUser(database, attributes.relationship_owner, variants.attribute);
  if (sponsor !== undefined)
    database.run('UPDATE contact SET sponsor = ? WHERE id = ?', sponsor?.id ?? null, id);
  if (typeof attributes.notes === 'string')
    database.run('UPDATE contact SET notes = ? WHERE id = ?', attributes.notes, id);
  return readPerson(account, objectId(id));
}

/** GET /customer/attributes */
export const personAttributes = (): unknown => [
  { name: 'email', niceName: 'Email', fieldType: 'String' },
  { name: 'relationship_owner', niceName: 'Relationship owner', fieldType: 'User' },
  { name: 'notes', niceName: 'Notes', fieldType: 'String' },
];
