import type { Database } from '../database.ts';
import type { FaultRule } from '../faults.ts';

/**
 * Somebody else does this (SQL without parameters) at the very moment at which the first membership of this user (their
 * record's id) is removed, and of each further one (`OLD`): after every check, and in the middle of their run. Returns how
 * to put an end to it.
 */
export function whenAtWork(database: Database, user: string, statement: string): () => void {
  const name = `mishap_${user}`;
  database.run(
    `CREATE TRIGGER "${name}" AFTER DELETE ON "nbavs__GroupMember__c" WHEN OLD."nbavs__User__c" = '${user}'
     BEGIN ${statement}; END`,
  );
  return () => void database.run(`DROP TRIGGER "${name}"`);
}

/** The org refuses every change of this user (their record's id) in these words, in the shape of a write's own answer. */
export const refusalOf = (user: string, statusCode: string, message: string): FaultRule => ({
  match: { method: 'PATCH', contains: `"id":"${user}"` },
  fault: {
    kind: 'answer',
    body: JSON.stringify([{ success: false, errors: [{ statusCode, message, fields: [] }] }]),
  },
});
