import type { Database } from '../database.ts';
import { ApiError } from './errors.ts';

/** A record as the database keeps it. */
export type Row = Record<string, string | number | null>;

/** The licences that a group can ask of its members: the same names on the group and on the user. */
const purposes = [
  { field: 'nbavs__PBX__c', label: 'Cloud PBX' },
  { field: 'nbavs__Manager__c', label: 'Contact Center' },
  { field: 'nbavs__Record__c', label: 'Call Recording' },
];

/** What a write to this record locks besides itself: a membership locks its group. */
export function locksOf(object: string, row: Row): string[] {
  const parent = object === 'nbavs__GroupMember__c' || object === 'nbavs__GroupAdministrator__c';
  return parent && row.nbavs__Group__c ? [String(row.Id), String(row.nbavs__Group__c)] : [String(row.Id)];
}

/** The package's triggers before an update. Returns all that changes; throws ApiError where a rule forbids it. */
export function beforeUpdate(database: Database, object: string, row: Row, changes: Row): Row {
  if (object === 'nbavs__PhoneNumber__c' && 'nbavs__User__c' in changes)
    return { ...changes, nbavs__DDI_Number__c: changes.nbavs__User__c === null ? 0 : 1 };
  if (object !== 'nbavs__User__c') return changes;
  const salesforceUser = changes.nbavs__User__c ?? row.nbavs__User__c;
  const linked =
    salesforceUser === null
      ? undefined
      : database.get<{ IsActive: number }>(
          'SELECT "IsActive" FROM "User" WHERE "Id" = ?',
          salesforceUser ?? '',
        );
  if (linked?.IsActive === 0)
    throw new ApiError(
      400,
      'INACTIVE_OWNER_OR_USER',
      `operation performed with inactive user [${salesforceUser}] as owner of ${object}`,
    );
  const effective = changes.nbavs__Freedom__c === 0 ? { ...changes, nbavs__CTI__c: 0 } : changes;
  const after = { ...row, ...effective };
  if (after.nbavs__Freedom__c === 1 && after.nbavs__SCV__c === 1)
    throw validation('A user may have either Freedom or Service Cloud Voice.', 'nbavs__SCV__c');
  for (const { field, label } of purposes) {
    if (row[field] !== 1 || after[field] === 1) continue;
    const group = database.get<{ Name: string }>(
      `SELECT g."Name" FROM "nbavs__GroupMember__c" m JOIN "nbavs__Group__c" g ON g."Id" = m."nbavs__Group__c"
       WHERE m."nbavs__User__c" = ? AND g."${field}" = 1`,
      String(row.Id),
    );
    if (group)
      throw validation(
        `The ${label} licence cannot be removed while the user is a member of the group ${group.Name}.`,
        field,
      );
  }
  return effective;
}

/** What the package does by itself once a record has changed. */
export function afterUpdate(database: Database, object: string, row: Row, changes: Row): void {
  if (object !== 'nbavs__User__c' || changes.nbavs__Enabled__c === undefined) return;
  database.run(
    'UPDATE "nbavs__User__c" SET "nbavs__Status__c" = ? WHERE "Id" = ?',
    changes.nbavs__Enabled__c === 1 ? 'ACTIVE' : 'SUSPENDED',
    String(row.Id),
  );
}

/** Throws ApiError where a record may not be deleted. */
export function beforeDelete(database: Database, object: string, row: Row): void {
  if (object !== 'nbavs__AvailabilityProfile__c') return;
  if (
    database.get('SELECT 1 FROM "nbavs__User__c" WHERE "nbavs__AvailabilityProfile__c" = ?', String(row.Id))
  )
    throw new ApiError(400, 'DELETE_FAILED', 'Users still have this availability profile.');
}

const validation = (message: string, field: string): ApiError =>
  new ApiError(400, 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message, [field]);
