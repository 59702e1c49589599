import type { SQLInputValue } from 'node:sqlite';
import type { Database } from '../database.ts';
import { ApiError } from './errors.ts';
import { isId, toLongId } from './ids.ts';
import type { FieldDefinition, ObjectDefinition } from './metadata.ts';
import { type Condition, type Literal, parseQuery, type Query } from './soql.ts';

export type SObject = { attributes: { type: string; url?: string } } & Record<string, unknown>;

/** What the acting user may see: an object, or undefined when it is hidden or not installed. */
export type Catalogue = (name: string) => ObjectDefinition | undefined;

export interface Selection {
  totalSize: number;
  records: SObject[];
}

interface Column {
  sql: string;
  field: FieldDefinition;
}

/**
 * Runs a SOQL query against the database. Throws ApiError: MALFORMED_QUERY, INVALID_TYPE for an unknown object,
 * INVALID_FIELD for an unknown field.
 */
export function select(database: Database, catalogue: Catalogue, soql: string, version: string): Selection {
  const query = parseQuery(soql);
  const from = catalogue(query.from);
  if (!from) throw new ApiError(400, 'INVALID_TYPE', `sObject type '${query.from}' is not supported.`);
  const joins = new Map<string, { sql: string; object: ObjectDefinition }>();

  const joined = (steps: readonly string[]): { alias: string; object: ObjectDefinition } => {
    let here = { alias: 't', object: from };
    for (let depth = 1; depth <= steps.length; depth += 1) {
      const step = steps[depth - 1] ?? '';
      const field = here.object.fields.find(
        ({ relationship }) => relationship?.toLowerCase() === step.toLowerCase(),
      );
      const object = field?.to === undefined ? undefined : catalogue(field.to);
      if (!field || !object)
        throw new ApiError(400, 'INVALID_FIELD', `Didn't understand relationship '${step}' in field path.`);
      const alias = `t_${steps.slice(0, depth).join('_').toLowerCase()}`;
      const sql = `LEFT JOIN "${object.name}" AS "${alias}" ON "${alias}"."Id" = "${here.alias}"."${field.name}"`;
      joins.set(alias, { sql, object });
      here = { alias, object };
    }
    return here;
  };
  const column = (path: string): Column => {
    const steps = path.split('.');
    const name = steps.pop() ?? '';
    const { alias, object } = joined(steps);
    const field = object.fields.find((each) => each.name.toLowerCase() === name.toLowerCase());
    if (!field)
      throw new ApiError(400, 'INVALID_FIELD', `No such column '${name}' on entity '${object.name}'.`);
    return { sql: `"${alias}"."${field.name}"`, field };
  };

  const parameters: SQLInputValue[] = [];
  const where = query.where ? `WHERE ${condition(query.where, column, parameters)}` : '';
  const order = query.orderBy.map(({ path, descending, nullsLast }) => {
    const { sql, field } = column(path);
    const collate = field.type === 'string' ? ' COLLATE NOCASE' : '';
    const nulls = (nullsLast ?? false) ? 'LAST' : 'FIRST';
    return `${sql}${collate} ${descending ? 'DESC' : 'ASC'} NULLS ${nulls}`;
  });
  const aggregated = query.groupBy.length > 0 || query.fields.some((field) => 'count' in field);
  const paths = query.fields.flatMap((field) => ('path' in field ? [field.path] : []));
  const columns = paths.map((path) => ({ path, ...column(path) }));
  const tail = [
    where,
    query.groupBy.length > 0 ? `GROUP BY ${query.groupBy.map((path) => column(path).sql).join(', ')}` : '',
    order.length > 0 ? `ORDER BY ${order.join(', ')}` : '',
    query.limit === undefined && query.offset === 0
      ? ''
      : `LIMIT ${query.limit ?? -1} OFFSET ${query.offset}`,
  ];
  const counts = query.fields.flatMap((field) =>
    'count' in field ? [{ alias: field.alias, sql: field.count === '' ? '*' : column(field.count).sql }] : [],
  );
  const wanted = [
    ...columns.map(({ sql }, index) => `${sql} AS c${index}`),
    ...counts.map(({ sql }, index) => `count(${sql}) AS n${index}`),
    ...(query.count ? ['count(*) AS n'] : []),
    ...(aggregated || query.count
      ? []
      : ['"t"."Id" AS id', ...[...joins.keys()].map((alias) => `"${alias}"."Id" AS "${alias}"`)]),
  ];
  const source = [`FROM "${from.name}" AS "t"`, ...[...joins.values()].map(({ sql }) => sql)];
  const sql = [`SELECT ${wanted.join(', ')}`, ...source, ...tail].filter((part) => part !== '').join(' ');
  const rows = database.all<Record<string, string | number | null>>(sql, ...parameters);
  if (query.count) return { totalSize: Number(rows[0]?.n ?? 0), records: [] };
  const records = rows.map((row) =>
    aggregated ? aggregate(row, columns, counts) : record(row, columns, from, query, joins, version),
  );
  return { totalSize: records.length, records };
}

function aggregate(
  row: Record<string, string | number | null>,
  columns: readonly ({ path: string } & Column)[],
  counts: readonly { alias: string }[],
): SObject {
  const result: SObject = { attributes: { type: 'AggregateResult' } };
  columns.forEach(({ path, field }, index) => {
    result[path.split('.').at(-1) ?? path] = shown(row[`c${index}`] ?? null, field);
  });
  counts.forEach(({ alias }, index) => {
    result[alias] = row[`n${index}`];
  });
  return result;
}

/** A row as the API shows it: parents nested, and null where a lookup is empty. */
function record(
  row: Record<string, string | number | null>,
  columns: readonly ({ path: string } & Column)[],
  from: ObjectDefinition,
  _query: Query,
  joins: ReadonlyMap<string, { object: ObjectDefinition }>,
  version: string,
): SObject {
  const attributes = (object: string, id: unknown) => ({
    type: object,
    url: `/services/data/${version}/sobjects/${object}/${id}`,
  });
  const root: SObject = { attributes: attributes(from.name, row.id) };
  columns.forEach(({ path, field }, index) => {
    const steps = path.split('.').slice(0, -1);
    let here: SObject | null = root;
    let alias = 't';
    for (const step of steps) {
      alias += `_${step.toLowerCase()}`;
      const id: unknown = row[alias];
      if (id === null || id === undefined) {
        here[step] = null;
        here = null;
        break;
      }
      here[step] ??= { attributes: attributes(joins.get(alias)?.object.name ?? '', id) };
      here = here[step] as SObject;
    }
    if (here) here[field.name] = shown(row[`c${index}`] ?? null, field);
  });
  return root;
}

/** A stored value as the API shows it. */
export const shown = (
  value: string | number | null,
  { type }: FieldDefinition,
): string | number | boolean | null => (type === 'boolean' ? value === 1 : value);

function condition(where: Condition, column: (path: string) => Column, parameters: SQLInputValue[]): string {
  switch (where.kind) {
    case 'and':
    case 'or':
      return `(${where.parts.map((part) => condition(part, column, parameters)).join(where.kind === 'and' ? ' AND ' : ' OR ')})`;
    case 'not':
      return `NOT coalesce(${condition(where.part, column, parameters)}, 0)`;
    case 'in': {
      const { sql, field } = column(where.path);
      const values = where.values.map((value) => bound(value, field));
      const nulls = values.includes(null);
      const rest = values.filter((value) => value !== null);
      parameters.push(...rest);
      const list = `coalesce(${sql}${collation(field)} IN (${rest.map(() => '?').join(', ')}), 0)`;
      const found = nulls ? `(${list} OR ${sql} IS NULL)` : list;
      return where.not ? `NOT ${found}` : found;
    }
    case 'compare': {
      const { sql, field } = column(where.path);
      if (where.operator === 'LIKE') {
        if (field.type !== 'string' || typeof where.value !== 'string')
          throw new ApiError(400, 'INVALID_FIELD', `The field '${field.name}' cannot be compared with LIKE.`);
        parameters.push(where.value);
        return `${sql} LIKE ? ESCAPE '\\'`;
      }
      const value = bound(where.value, field);
      if (value === null) {
        if (where.operator === '=') return `${sql} IS NULL`;
        if (where.operator === '!=') return `${sql} IS NOT NULL`;
        throw new ApiError(400, 'INVALID_QUERY_FILTER_OPERATOR', 'null can only be compared with = and !=.');
      }
      parameters.push(value);
      const comparison = `${sql}${collation(field)} ${where.operator} ?`;
      return where.operator === '!=' ? `coalesce(${comparison}, 1)` : comparison;
    }
  }
}

const collation = ({ type }: FieldDefinition): string => (type === 'string' ? ' COLLATE NOCASE' : '');

/** A literal as the database keeps it. Throws ApiError when it is of another type than the field. */
function bound(value: Literal, field: FieldDefinition): SQLInputValue {
  if (value === null) return null;
  const wrong = (): never => {
    throw new ApiError(
      400,
      'INVALID_FIELD',
      `value of filter criterion for field '${field.name}' must be of type ${field.type} and should ${field.type === 'string' ? '' : 'not '}be enclosed in quotes`,
    );
  };
  if (field.type === 'boolean') return typeof value === 'boolean' ? Number(value) : wrong();
  if (field.type === 'double') return typeof value === 'number' ? value : wrong();
  if (typeof value !== 'string') return wrong();
  const text = value.replace(/\\([%_\\])/g, '$1');
  if (field.type !== 'id' && field.type !== 'reference') return text;
  if (!isId(text)) throw new ApiError(400, 'INVALID_QUERY_FILTER_OPERATOR', `invalid ID field: ${text}`);
  return toLongId(text);
}
