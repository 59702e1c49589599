import { logWrite } from '../holdings.ts';
import { passesCompanyFilters } from './filters.ts';
import { rowOf } from './ids.ts';
import {
  type Account,
  ApiError,
  current,
  keepStale,
  memberOf,
  pageOf,
  sayUser,
  understandUser,
  withId,
} from './wire.ts';

interface CustomerRow {
  id: string;
  name: string;
  segment: string;
  plan: string;
  region: string;
  arr: number;
  health: number;
  csm: string | null;
  account_manager: string | null;
  named: string | null;
}

const select = 'SELECT c.*, n.name AS named FROM customer c LEFT JOIN named_csm n ON n.customer = c.id';
/** At most so many on a page (C1: what Custify's own client asks for). */
const cap = 100;

/** The key by which other systems know a company: the one that it came with, else one made of its row. */
const externalId = ({ database }: Account, row: string): string =>
  database.get<{ company_id: string }>('SELECT company_id FROM external_id WHERE customer = ?', row)
    ?.company_id ?? `acct-${row.slice(4)}`;
function ofExternalId({ database }: Account, id: unknown): string {
  const said = String(id);
  const known = database.get<{ customer: string }>(
    'SELECT customer FROM external_id WHERE company_id = ?',
    said,
  );
  return known?.customer ?? (/^acct-\d+$/.test(said) ? `cus_${said.slice(5)}` : '');
}

const isUserAttribute = (account: Account, key: string): boolean =>
  account.database.get<{ type: string }>('SELECT type FROM attribute WHERE key = ?', key)?.type === 'user';

function customAttributes(account: Account, row: string): Record<string, unknown> {
  const { database, variants } = account;
  const values = database.all<{ key: string; type: string; value: string | null }>(
    'SELECT a.key, a.type, v.value FROM attribute_value v JOIN attribute a ON a.key = v.attribute WHERE v.customer = ? ORDER BY a.key',
    row,
  );
  return Object.fromEntries(
    values.map(({ key, type, value }) => {
      if (type === 'user') return [key, sayUser(memberOf(database, value), variants.attribute)];
      return [key, type === 'number' && value !== null ? Number(value) : value];
    }),
  );
}

/** A company as the API answers it. */
export function companyOf(account: Account, row: CustomerRow): Record<string, unknown> {
  const { database, variants } = account;
  const csm = memberOf(database, row.csm);
  const manager = memberOf(database, row.account_manager);
  return withId(account, row.id, {
    company_id: externalId(account, row.id),
    name: row.name,
    website: null,
    industry: row.segment,
    size: null,
    plan: row.plan,
    churned: false,
    monthly_revenue: Math.round(row.arr / 12),
    health: row.health,
    owners_csm: sayUser(csm, variants.owner),
    ...(variants.companions && {
      owners_csm_name: csm?.name ?? row.named,
      owners_csm_email: csm?.email ?? null,
    }),
    owners_account: sayUser(manager, variants.owner),
    custom_attributes: customAttributes(account, row.id),
  });
}

const rowById = (account: Account, id: string): CustomerRow | undefined =>
  account.database.get<CustomerRow>(`${select} WHERE c.id = ?`, id);

/** GET /company/all */
export function listCompanies(account: Account, query: Record<string, unknown>): unknown {
  const rows = account.database.all<CustomerRow>(`${select} ORDER BY c.id`);
  const passes = passesCompanyFilters(account, query);
  const filtered =
    query.filters === undefined
      ? rows
      : rows.filter((row) => {
          const attributes = customAttributesOf(account, row.id);
          return passes({ name: row.name, industry: row.segment, plan: row.plan, churned: false }, (field) =>
            field === 'owners_csm'
              ? row.csm
              : field === 'owners_account'
                ? row.account_manager
                : (attributes[field.replace('custom_attributes.', '')] ?? null),
          );
        });
  const { items, total } = pageOf(account, query, filtered, cap);
  return {
    ...total,
    companies: items.map((row) => current(account, `company ${row.id}`, companyOf(account, row))),
  };
}

const customAttributesOf = (account: Account, row: string): Record<string, string | null> =>
  Object.fromEntries(
    account.database
      .all<{ attribute: string; value: string | null }>(
        'SELECT attribute, value FROM attribute_value WHERE customer = ?',
        row,
      )
      .map(({ attribute, value }) => [attribute, value]),
  );

/** GET /company/:id and GET /company?company_id=; what is missing is an empty list. */
export function readCompany(account: Account, which: { id?: string; external?: unknown }): unknown {
  const row = rowById(
    account,
    which.id === undefined ? ofExternalId(account, which.external) : rowOf(which.id),
  );
  return { companies: row ? [current(account, `company ${row.id}`, companyOf(account, row))] : [] };
}

/** DELETE /company/:id and DELETE /company?company_id= */
export function deleteCompany(account: Account, which: { id?: string; external?: unknown }): unknown {
  const row = rowById(
    account,
    which.id === undefined ? ofExternalId(account, which.external) : rowOf(which.id),
  );
  if (!row) return { deleted: 0 };
  const { database } = account;
  database.raw.exec('PRAGMA foreign_keys = OFF');
  database.run('DELETE FROM customer WHERE id = ?', row.id);
  database.run('DELETE FROM external_id WHERE customer = ?', row.id);
  database.raw.exec('PRAGMA foreign_keys = ON');
  return { deleted: 1 };
}

/** GET /company/attributes */
export function companyAttributes(account: Account): unknown {
  const types: Record<string, string> = { user: 'User', text: 'String', number: 'Number', date: 'Date' };
  const prefix = account.variants.attributeNames === 'prefixed' ? 'custom_attributes.' : '';
  return [
    { name: 'name', niceName: 'Name', fieldType: 'String' },
    { name: 'owners_csm', niceName: 'CSM', fieldType: 'User' },
    { name: 'owners_account', niceName: 'Account manager', fieldType: 'User' },
    ...account.database
      .all<{ key: string; name: string; type: string }>('SELECT * FROM attribute ORDER BY key')
      .map(({ key, name, type }) => ({ name: prefix + key, niceName: name, fieldType: types[type] })),
  ];
}

/** POST /company: changes the company of that key, or makes one. */
export function upsertCompany(account: Account, body: Record<string, unknown>, actor: string): unknown {
  const { database, variants } = account;
  if (body.id === undefined && body.company_id === undefined)
    throw new ApiError(422, 'id or company_id is required');
  const known = rowById(
    account,
    body.id === undefined ? ofExternalId(account, body.company_id) : rowOf(body.id),
  );
  if (known) keepStale(account, `company ${known.id}`, companyOf(account, known));
  const owners = 'owners_csm' in body || 'owners_account' in body;
  if (owners && variants.ownerWrite === 'refused') throw new ApiError(422, 'owners cannot be set');
  if (owners && body.company_id === undefined && variants.ownerKey === 'companyIdOrRefused')
    throw new ApiError(422, 'company_id is required');
  const byWrongKey = body.company_id === undefined && variants.ownerKey === 'companyIdAlone';
  return database.transaction(() => {
    const row = known?.id ?? create(account, body);
    if (variants.ownerWrite === 'accepted' && !byWrongKey) {
      setOwner(account, 'customers.csm', row, body.owners_csm, actor);
      setOwner(account, 'customers.accountManager', row, body.owners_account, actor);
    }
    for (const field of ['name', 'plan'] as const)
      if (typeof body[field] === 'string' && body[field] !== '')
        database.run(`UPDATE customer SET ${field} = ? WHERE id = ?`, body[field], row);
    if (typeof body.custom_attributes === 'object' && body.custom_attributes !== null)
      setAttributes(account, row, body.custom_attributes as Record<string, unknown>, actor);
    const now = rowById(account, row);
    if (!now) throw new ApiError(500, 'the company is gone');
    return current(account, `company ${row}`, companyOf(account, now));
  });
}

/** A new company has an id of its own, also where one of the same external id was there before. */
function create(account: Account, body: Record<string, unknown>): string {
  const { database } = account;
  const number = (database.get<{ n: number }>('SELECT count(*) AS n FROM customer')?.n ?? 0) + 9_000;
  const row = `cus_${number}`;
  const name = typeof body.name === 'string' ? body.name : 'New company';
  database.run(
    'INSERT INTO customer VALUES (?, ?, ?, ?, ?, 0, 50, ?, NULL, NULL)',
    ...[row, name, 'SMB', 'Basic', 'EMEA', '2027-01-01'],
  );
  if (body.company_id !== undefined)
    database.run('INSERT INTO external_id VALUES (?, ?)', row, String(body.company_id));
  return row;
}

function setOwner(account: Account, category: string, row: string, value: unknown, actor: string): void {
  if (value === undefined) return;
  const { database, holdings, variants } = account;
  const member = understandUser(database, value, variants.owner);
  if (member === undefined) return;
  if (member && !member.active) throw new ApiError(422, `${member.name} is inactive`);
  const ownership = holdings.find(category);
  if (ownership) holdings.assign(ownership, row, member?.id ?? null, { member: actor, at: account.now() });
}

/** Merges or replaces; every change of another attribute is written down too, for whoever asks what was lost. */
function setAttributes(account: Account, row: string, wanted: Record<string, unknown>, actor: string): void {
  const { database, variants } = account;
  const before = customAttributesOf(account, row);
  const after: Record<string, string | null> = variants.customAttributes === 'merge' ? { ...before } : {};
  for (const [key, value] of Object.entries(wanted)) {
    if (!database.get('SELECT 1 FROM attribute WHERE key = ?', key)) continue;
    if (!isUserAttribute(account, key)) {
      after[key] = value === null ? null : String(value);
      continue;
    }
    const member = understandUser(database, value, variants.attribute);
    const changes = member !== undefined && (member?.id ?? null) !== (before[key] ?? null);
    if (changes && variants.attributeWrite === 'refused') throw new ApiError(422, `${key} cannot be set`);
    const accepted = member !== undefined && variants.attributeWrite === 'accepted';
    after[key] = accepted ? (member?.id ?? null) : (before[key] ?? null);
  }
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const from = before[key] ?? null;
    const to = after[key] ?? null;
    if (key in before && key in after && from === to) continue;
    if (!(key in after))
      database.run('DELETE FROM attribute_value WHERE customer = ? AND attribute = ?', row, key);
    else
      database.run(
        'INSERT INTO attribute_value VALUES (?, ?, ?) ON CONFLICT (customer, attribute) DO UPDATE SET value = excluded.value',
        ...[row, key, to],
      );
    const category = isUserAttribute(account, key) ? `attributes.user:${key}` : `attributes.other:${key}`;
    const value = (member: string | null) => (member === null ? { none: true as const } : { member });
    const by = { member: actor, at: account.now() };
    logWrite(database, category, row, value(from), value(to), by);
  }
}
