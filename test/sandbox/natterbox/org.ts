import type { Database } from '../database.ts';
import type { Locks } from './locks.ts';
import { type ObjectDefinition, objectNamed } from './metadata.ts';
import type { Records } from './records.ts';

/** What tests may change of the org while it runs. */
export interface OrgSettings {
  /** API names of objects, or `object.field`, that nobody is shown: not installed, or hidden by permissions. */
  hidden: Set<string>;
  /** The same for what may be read but not changed. */
  readOnly: Set<string>;
  /** False: API Access Control refuses browser sessions. */
  apiAccess: boolean;
  /** Calls of the last 24 hours, and how many are allowed. */
  calls: { used: number; allowed: number };
  /** Records on one page of a query; the platform's own is at most 2,000. */
  pageSize: number;
  /** Milliseconds that a write takes; its row locks are held for so long. */
  writeTime: number;
  /** The installed version of the package; null: it cannot be read. */
  packageVersion: { major: number; minor: number } | null;
}

/** What the parts of the org share. */
export interface Org {
  id: string;
  name: string;
  database: Database;
  records: Records;
  locks: Locks;
  settings: OrgSettings;
  /** Ids of the Salesforce users who may change Natterbox records. */
  admins: ReadonlySet<string>;
  /** Open locators of queries. */
  locators: Map<string, { records: unknown[]; size: number }>;
  now(): string;
}

/** What this user sees of an object; undefined when it is hidden or there is none. */
export function visibleTo(org: Org, user: string, name: string): ObjectDefinition | undefined {
  const object = objectNamed(name);
  const { hidden, readOnly } = org.settings;
  if (!object || hidden.has(object.name)) return undefined;
  const writer = org.admins.has(user) && !readOnly.has(object.name);
  return {
    ...object,
    deletable: object.deletable && writer,
    updateable: object.updateable && writer,
    fields: object.fields
      .filter((field) => !hidden.has(`${object.name}.${field.name}`))
      .map((field) => ({
        ...field,
        updateable: field.updateable && writer && !readOnly.has(`${object.name}.${field.name}`),
      })),
  };
}
