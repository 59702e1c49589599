import { z } from 'zod';
import type { SandboxContext } from '../context.ts';
import type { AttributeValue, Customer, CustomerDetail, CustomerList, Timeline } from '../web/types.ts';
import { assign, type Conditions, conditions, contains, found, note, paged } from './common.ts';
import { type AppRouter, Refusal } from './http.ts';
import { type TaskRow, taskOf, taskSelect } from './tasks.ts';

interface CustomerRow {
  id: string;
  name: string;
  segment: string;
  plan: string;
  region: string;
  arr: number;
  health: number;
  renewal_on: string;
  csm: string | null;
  account_manager: string | null;
}

const timelinePage = 40;

/** The customer list, a customer's page with attributes, tasks and timeline, and changes of their owners. */
export function customers(app: AppRouter, context: SandboxContext): void {
  const { database } = context;
  const read = (id: string) =>
    found(database.get<CustomerRow>('SELECT * FROM customer WHERE id = ?', id), 'customer');
  const attributesOf = (id: string) =>
    database.all<AttributeValue>(
      `SELECT attribute.key, attribute.name, attribute.type, attribute_value.value FROM attribute
       LEFT JOIN attribute_value ON attribute_value.attribute = attribute.key AND attribute_value.customer = ?
       ORDER BY attribute.type = 'user', attribute.name`,
      id,
    );

  app.on('get', '/customers', (call): CustomerList => {
    const where = conditions();
    const q = call.query('q');
    if (q) where.add("customer.name LIKE ? ESCAPE '\\'", contains(q));
    const segment = call.query('segment');
    if (segment) where.add('customer.segment = ?', segment);
    const csm = call.query('csm');
    if (csm) where.add('customer.csm = ?', csm);
    const accountManager = call.query('accountManager');
    if (accountManager) where.add('customer.account_manager = ?', accountManager);
    const key = call.query('attribute');
    const member = call.query('member');
    if (key && member) {
      where.add(
        `EXISTS (SELECT 1 FROM attribute_value AS held
          WHERE held.customer = customer.id AND held.attribute = ? AND held.value = ?)`,
        key,
        member,
      );
    }
    const view = viewOf(context, call.query('view'), where);
    const attribute = key
      ? database.get<{ key: string; name: string }>('SELECT key, name FROM attribute WHERE key = ?', key)
      : undefined;
    const list = paged<CustomerRow, Customer>(
      context,
      call,
      { select: 'customer.*', from: 'customer', where, order: 'customer.name, customer.id' },
      customerOf,
    );
    const segments = database.all<{ segment: string }>(
      'SELECT DISTINCT segment FROM customer ORDER BY segment',
    );
    return {
      ...list,
      segments: segments.map((row) => row.segment),
      ...(view ? { view } : {}),
      ...(attribute ? { attribute } : {}),
    };
  });

  app.on('get', '/customers/:customer', (call): CustomerDetail => {
    const customer = read(call.param('customer'));
    const tasks = database.all<TaskRow>(
      `${taskSelect} WHERE task.customer = ? ORDER BY task.status <> 'open', task.due_on LIMIT 50`,
      customer.id,
    );
    return { ...customerOf(customer), attributes: attributesOf(customer.id), tasks: tasks.map(taskOf) };
  });

  app.on('get', '/customers/:customer/timeline', (call): Timeline => {
    const customer = read(call.param('customer'));
    // Newest first; of the same moment, what was written last. `before` is the seq of the last entry that was shown.
    const before = Number(call.query('before') ?? Number.NaN);
    const entries = database.all<Timeline['entries'][number]>(
      `SELECT seq, at, actor, kind, summary FROM timeline WHERE customer = ?1
       AND (?2 IS NULL OR (at, seq) < (SELECT at, seq FROM timeline WHERE seq = ?2))
       ORDER BY at DESC, seq DESC LIMIT ?3`,
      customer.id,
      Number.isSafeInteger(before) ? before : null,
      timelinePage + 1,
    );
    const shown = entries.slice(0, timelinePage);
    const last = shown.at(-1);
    return { entries: shown, ...(entries.length > timelinePage && last ? { before: last.seq } : {}) };
  });

  const change = z.strictObject({
    csm: z.string().nullable().optional(),
    accountManager: z.string().nullable().optional(),
    attributes: z.record(z.string(), z.string().max(500).nullable()).optional(),
  });
  app.on('patch', '/customers/:customer', (call): CustomerDetail['attributes'] => {
    const customer = read(call.param('customer'));
    const wanted = call.body(change);
    const owner = (category: string, from: string | null, to: string | null) =>
      assign(context, call, { category, ref: customer.id, from, to, what: 'customer' });
    database.transaction(() => {
      if (wanted.csm !== undefined) owner('customers.csm', customer.csm, wanted.csm);
      if (wanted.accountManager !== undefined) {
        owner('customers.accountManager', customer.account_manager, wanted.accountManager);
      }
      const known = attributesOf(customer.id);
      for (const [key, raw] of Object.entries(wanted.attributes ?? {})) {
        const attribute = known.find((each) => each.key === key);
        if (!attribute) throw new Refusal(404, 'This attribute no longer exists.');
        const value = raw === '' ? null : raw;
        if (attribute.type === 'user') owner(`attributes.user:${key}`, attribute.value, value);
        else setPlain(customer.id, attribute, value);
      }
    });
    return attributesOf(customer.id);

    function setPlain(id: string, attribute: AttributeValue, value: string | null) {
      if (value === attribute.value) return;
      if (value !== null && attribute.type === 'number' && Number.isNaN(Number(value))) {
        throw new Refusal(422, `${attribute.name} must be a number.`);
      }
      if (value !== null && attribute.type === 'date' && Number.isNaN(Date.parse(value))) {
        throw new Refusal(422, `${attribute.name} must be a date.`);
      }
      database.run(
        `INSERT INTO attribute_value (customer, attribute, value) VALUES (?, ?, ?)
         ON CONFLICT (customer, attribute) DO UPDATE SET value = excluded.value`,
        id,
        attribute.key,
        value,
      );
      note(context, call, id, 'attribute', `${attribute.name} set to ${value ?? 'empty'}`);
    }
  });
}

/**
 * Adds what a saved view shows. The demo stores a view's name and owner only; its filter follows from the name,
 * so that the same view always shows the same customers.
 */
function viewOf(context: SandboxContext, id: string | undefined, where: Conditions): CustomerList['view'] {
  if (!id) return undefined;
  const view = context.database.get<{ id: string; name: string; owner: string | null }>(
    "SELECT id, name, owner FROM saved_view WHERE area = 'customers' AND id = ?",
    id,
  );
  if (!view) return undefined;
  const { name } = view;
  const shows = (text: string, sql: string, ...parameters: string[]) => {
    where.add(sql, ...parameters);
    return { id: view.id, name, shows: text };
  };
  if (/renew/i.test(name)) {
    const until = new Date(Date.parse(context.now()) + 90 * 86_400_000).toISOString().slice(0, 10);
    return shows(
      'renewal within 90 days',
      'customer.renewal_on BETWEEN ? AND ?',
      context.now().slice(0, 10),
      until,
    );
  }
  if (/risk|health|churn/i.test(name)) return shows('health below 50', 'customer.health < 50');
  if (/expan|upsell|growth|healthy/i.test(name))
    return shows('health of 75 and more', 'customer.health >= 75');
  return view.owner
    ? shows('customers of its owner', 'customer.csm = ?', view.owner)
    : shows('customers without a CSM', 'customer.csm IS NULL');
}

function customerOf(row: CustomerRow): Customer {
  const { id, name, segment, plan, region, arr, health, csm } = row;
  return {
    id,
    name,
    segment,
    plan,
    region,
    arr,
    health,
    renewalOn: row.renewal_on,
    csm,
    accountManager: row.account_manager,
  };
}
