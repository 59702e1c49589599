import type { SQLInputValue } from 'node:sqlite';
import type { Database } from '../database.ts';
import { ApiError } from './errors.ts';
import { isId, toLongId } from './ids.ts';
import type { Locks } from './locks.ts';
import { type ObjectDefinition, objectOfId } from './metadata.ts';
import { afterUpdate, beforeDelete, beforeUpdate, locksOf, type Row } from './rules.ts';
import { type Catalogue, type SObject, shown } from './select.ts';

/** Reading and writing single records, with the rules of the platform and of the package. */
export interface Records {
  read(object: ObjectDefinition, id: string, version: string): SObject;
  /** Throws ApiError; nothing has changed then. */
  update(write: Write, object: ObjectDefinition, id: string, changes: Record<string, unknown>): void;
  remove(write: Write, id: string): void;
}

/** One request's writes: who makes them, and the row locks that they hold until its end. */
export interface Write {
  actor: string;
  catalogue: Catalogue;
  locks: ReturnType<Locks['begin']>;
}

export function createRecords(database: Database): Records {
  const rowOf = (object: ObjectDefinition, id: string): Row => {
    const long = toLongId(id);
    const row = isId(id)
      ? database.get<Row>(`SELECT * FROM "${object.name}" WHERE "Id" = ?`, long)
      : undefined;
    if (row) return row;
    if (database.get('SELECT 1 FROM deleted WHERE id = ?', long))
      throw new ApiError(404, 'ENTITY_IS_DELETED', 'entity is deleted');
    throw new ApiError(
      404,
      'NOT_FOUND',
      'Provided external ID field does not exist or is not accessible: Id',
    );
  };
  const log = (actor: string, object: string, id: string, kind: string, changes: unknown): void => {
    database.run(
      'INSERT INTO write_log (actor, object, record, kind, changes) VALUES (?, ?, ?, ?, ?)',
      actor,
      object,
      id,
      kind,
      JSON.stringify(changes),
    );
  };

  return {
    read(object, id, version) {
      const row = rowOf(object, id);
      const long = String(row.Id);
      const result: SObject = {
        attributes: { type: object.name, url: `/services/data/${version}/sobjects/${object.name}/${long}` },
      };
      for (const field of object.fields) result[field.name] = shown(row[field.name] ?? null, field);
      return result;
    },

    update({ actor, locks }, object, id, changes) {
      const row = rowOf(object, id);
      if (!object.updateable) throw refused(object);
      const stored: Row = {};
      for (const [name, value] of Object.entries(changes)) {
        if (name === 'attributes' || name.toLowerCase() === 'id') continue;
        const field = object.fields.find((each) => each.name.toLowerCase() === name.toLowerCase());
        if (!field)
          throw new ApiError(
            400,
            'INVALID_FIELD',
            `No such column '${name}' on sobject of type ${object.name}`,
          );
        if (!field.updateable)
          throw new ApiError(
            400,
            'INVALID_FIELD_FOR_INSERT_UPDATE',
            `Unable to create/update fields: ${field.name}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`,
            [field.name],
          );
        stored[field.name] = valueFor(database, field, value);
      }
      locks.take(locksOf(object.name, row));
      const effective = beforeUpdate(database, object.name, row, stored);
      const changed = Object.entries(effective).filter(([name, value]) => row[name] !== value);
      if (changed.length === 0) return;
      const sets = changed.map(([name]) => `"${name}" = ?`).join(', ');
      const values: SQLInputValue[] = changed.map(([, value]) => value);
      database.run(`UPDATE "${object.name}" SET ${sets} WHERE "Id" = ?`, ...values, String(row.Id));
      afterUpdate(database, object.name, row, effective);
      log(actor, object.name, String(row.Id), 'update', Object.fromEntries(changed));
    },

    remove({ actor, catalogue, locks }, id) {
      const definition = objectOfId(id);
      const object = definition && catalogue(definition.name);
      if (!object || !isId(id))
        throw new ApiError(400, 'INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
      const row = rowOf(object, id);
      if (!object.deletable) throw refused(object);
      locks.take(locksOf(object.name, row));
      beforeDelete(database, object.name, row);
      database.run(`DELETE FROM "${object.name}" WHERE "Id" = ?`, String(row.Id));
      database.run('INSERT INTO deleted (id) VALUES (?)', String(row.Id));
      log(actor, object.name, String(row.Id), 'delete', {});
    },
  };
}

const refused = (object: ObjectDefinition): ApiError =>
  new ApiError(
    403,
    'INSUFFICIENT_ACCESS_OR_READONLY',
    `insufficient access rights on object of type ${object.name}`,
  );

function valueFor(
  database: Database,
  field: ObjectDefinition['fields'][number],
  value: unknown,
): string | number | null {
  const wrong = (): never => {
    throw new ApiError(
      400,
      'JSON_PARSER_ERROR',
      `Cannot deserialize instance of ${field.type} from ${typeof value} value ${JSON.stringify(value)}`,
    );
  };
  if (value === null) {
    if (!field.nillable)
      throw new ApiError(400, 'REQUIRED_FIELD_MISSING', `Required fields are missing: [${field.name}]`, [
        field.name,
      ]);
    return null;
  }
  switch (field.type) {
    case 'boolean':
      return typeof value === 'boolean' ? Number(value) : wrong();
    case 'double':
      return typeof value === 'number' ? value : wrong();
    case 'reference': {
      if (typeof value !== 'string') return wrong();
      const id = toLongId(value);
      if (!isId(value) || objectOfId(id)?.name !== field.to)
        throw new ApiError(
          400,
          'FIELD_INTEGRITY_EXCEPTION',
          `${field.label}: id value of incorrect type: ${value}`,
          [field.name],
        );
      if (!database.get(`SELECT 1 FROM "${field.to}" WHERE "Id" = ?`, id))
        throw new ApiError(400, 'INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
      return id;
    }
    default:
      return typeof value === 'string' ? value : wrong();
  }
}
