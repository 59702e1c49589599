import type { Database } from '../database.ts';

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
