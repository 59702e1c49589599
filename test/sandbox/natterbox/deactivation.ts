import { ApiError } from './errors.ts';
import { licenceFields, objectNamed } from './metadata.ts';
import { type Org, visibleTo } from './org.ts';

/**
 * The package's own deactivation of one user, as its pages start it: groups, profile, licences, Active. All of it
 * or nothing; the result goes to the logs. Returns what went wrong, or undefined.
 */
export function deactivate(org: Org, actor: string, id: string): string | undefined {
  const users = objectNamed('nbavs__User__c');
  if (!users) throw new Error('The org has no users.');
  const locks = org.locks.begin();
  const write = { actor, catalogue: (name: string) => visibleTo(org, actor, name), locks };
  try {
    org.database.transaction(() => {
      const members = org.database.all<{ Id: string }>(
        'SELECT "Id" FROM "nbavs__GroupMember__c" WHERE "nbavs__User__c" = ?',
        id,
      );
      for (const { Id } of members) org.records.remove(write, Id);
      org.records.update(write, users, id, { nbavs__AvailabilityProfile__c: null });
      const none = Object.fromEntries(licenceFields.map(({ name }) => [name, false]));
      org.records.update(write, users, id, none);
      org.records.update(write, users, id, { nbavs__Enabled__c: false });
    });
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) return error.message;
    throw error;
  } finally {
    locks.release();
  }
}
