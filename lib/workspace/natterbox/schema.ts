import { z } from 'zod';
import { WorkspaceError } from '../errors.ts';
import { type Client, idAt, textAt } from './client.ts';
import { words } from './words.ts';

export interface FieldModel {
  name: string;
  label: string;
  type: string;
  updateable: boolean;
  referenceTo: string[];
  relationshipName: string | null;
}

export interface ObjectModel {
  name: string;
  label: string;
  updateable: boolean;
  deletable: boolean;
  fields: ReadonlyMap<string, FieldModel>;
}

/** What `describe` tells of an org: objects and fields that it lacks, or hides from the acting user, are not there. */
export interface OrgModel {
  object(name: string): ObjectModel | undefined;
  /** Whether a query may name this path, such as `nbavs__Group__r.Name`. */
  has(object: string, path: string): boolean;
  /** Those of the paths that a query may name. */
  present(object: string, paths: readonly string[]): string[];
  /** Ids of the call centres that are Natterbox's. */
  callCentres: ReadonlyMap<string, string>;
  /** Of the installed package, such as `1.252`; undefined where it cannot be read. */
  version: string | undefined;
}

export const natterboxUser = 'nbavs__User__c';

/** Every object that this connector may touch; each but the first may be absent. */
const objects = [
  natterboxUser,
  'User',
  'nbavs__Group__c',
  'nbavs__GroupMember__c',
  'nbavs__GroupAdministrator__c',
  'nbavs__AvailabilityProfile__c',
  'nbavs__PhoneNumber__c',
  'nbavs__CallFlow__c',
  'nbavs__Device__c',
  'nbavs__DeviceMapping__c',
  'nbavs__RecordingAccess__c',
];

const describeSchema = z.looseObject({
  name: z.string(),
  label: z.string(),
  updateable: z.boolean(),
  deletable: z.boolean(),
  fields: z.array(
    z.looseObject({
      name: z.string(),
      label: z.string(),
      type: z.string(),
      updateable: z.boolean(),
      referenceTo: z.array(z.string()).catch([]),
      relationshipName: z.string().nullable().catch(null),
    }),
  ),
});

/** Reads the model once. Throws `unsupported` when Natterbox users are not there, and what the calls throw. */
export async function loadModel(client: Client, signal?: AbortSignal): Promise<OrgModel> {
  const optional = async <T>(ask: Promise<T>): Promise<T | undefined> => {
    try {
      return await ask;
    } catch (error) {
      // Absent, hidden or refused; anything else would make a gap of a fault.
      if (error instanceof WorkspaceError && ['gone', 'forbidden', 'unsupported'].includes(error.kind))
        return undefined;
      throw error;
    }
  };
  const describe = async (name: string) => {
    const found = await optional(client.get(`/sobjects/${name}/describe`, describeSchema, signal));
    // The API takes names in any case, and may answer with its own. Another object's description is none.
    return found?.name.toLowerCase() === name.toLowerCase() ? { ...found, name } : found && 'another';
  };
  const users = await describe(natterboxUser);
  if (users === 'another')
    throw new WorkspaceError('invalid', `Expected the description of ${natterboxUser}, got another one.`);
  if (!users) throw new WorkspaceError('unsupported', words.packageAbsent);
  const [others, callCentres, version] = await Promise.all([
    Promise.all(objects.slice(1).map(describe)),
    optional(callCentresOf(client, signal)),
    optional(versionOf(client, signal)),
  ]);
  return modelOf(
    [users, ...others.filter((one) => one !== undefined && one !== 'another')],
    callCentres ?? new Map(),
    version,
  );
}

function modelOf(
  described: readonly z.infer<typeof describeSchema>[],
  callCentres: ReadonlyMap<string, string>,
  version: string | undefined,
): OrgModel {
  const models = new Map<string, ObjectModel>(
    described.map(({ name, label, updateable, deletable, fields }) => [
      name,
      { name, label, updateable, deletable, fields: new Map(fields.map((field) => [field.name, field])) },
    ]),
  );
  const has = (object: string, path: string): boolean => {
    const [first = '', ...rest] = path.split('.');
    const model = models.get(object);
    if (rest.length === 0) return model?.fields.has(first) ?? false;
    const parents = [...(model?.fields.values() ?? [])].find(
      ({ relationshipName }) => relationshipName === first,
    );
    return parents?.referenceTo.some((parent) => has(parent, rest.join('.'))) ?? false;
  };
  return {
    object: (name) => models.get(name),
    has,
    present: (object, paths) => paths.filter((path) => has(object, path)),
    callCentres,
    version,
  };
}

async function callCentresOf(client: Client, signal?: AbortSignal): Promise<Map<string, string>> {
  const rows = await client.query(
    "SELECT Id, Name FROM CallCenter WHERE Name LIKE '%Natterbox CTI%' OR Name LIKE '%Natterbox Call Center%'",
    signal,
  );
  return new Map(rows.map((row) => [idAt(row, 'Id'), textAt(row, 'Name') ?? idAt(row, 'Id')]));
}

const packagesSchema = z.looseObject({
  records: z.array(
    z.looseObject({
      SubscriberPackage: z.looseObject({ NamespacePrefix: z.string().nullable() }).nullable(),
      SubscriberPackageVersion: z.looseObject({ MajorVersion: z.int(), MinorVersion: z.int() }).nullable(),
    }),
  ),
});

/** By the Tooling API, which is often refused. */
async function versionOf(client: Client, signal?: AbortSignal): Promise<string | undefined> {
  const soql =
    'SELECT SubscriberPackage.NamespacePrefix, SubscriberPackageVersion.MajorVersion, SubscriberPackageVersion.MinorVersion FROM InstalledSubscriberPackage';
  const { records } = await client.get(
    `/tooling/query?q=${encodeURIComponent(soql)}`,
    packagesSchema,
    signal,
  );
  const found = records.find((record) => record.SubscriberPackage?.NamespacePrefix === 'nbavs');
  const version = found?.SubscriberPackageVersion;
  return version ? `${version.MajorVersion}.${version.MinorVersion}` : undefined;
}

/** Whether the package can deactivate users itself: from version 1.250 on. */
export function deactivatesItself(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 1 || (major === 1 && minor >= 250);
}
