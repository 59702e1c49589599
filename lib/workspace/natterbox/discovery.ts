import { z } from 'zod';
import type { Clock } from '../dispatcher.ts';
import { createDispatcher } from '../dispatcher.ts';
import { WorkspaceError } from '../errors.ts';
import { describeMismatch } from '../expected.ts';
import { createHttpClient, type Fetch } from '../http.ts';
import { createClient } from './client.ts';
import { errorOf } from './faults.ts';
import { listPage, originsOfOrg, recordPage } from './hosts.ts';
import { natterboxUser } from './schema.ts';
import { createOrgSession, type SessionSource } from './session.ts';
import { words } from './words.ts';

const settingsSchema = z.strictObject({
  origins: z.strictObject({ api: z.url(), lightning: z.url(), visualforce: z.url() }),
  /** Of the REST API, such as `v62.0`. */
  version: z.string().regex(/^v\d{2}\.0$/),
  workspace: z.strictObject({ id: z.string(), name: z.string() }),
});
/** What this connector keeps of an org. */
export type NatterboxSettings = z.infer<typeof settingsSchema>;

/** The version that the facts of this connector were gathered with; an older org gets its own newest. */
const wanted = 62;

const versionsSchema = z.array(z.looseObject({ version: z.string() })).min(1);

/**
 * Is this origin one of an org with Natterbox? null when it is no Salesforce host. Throws `auth` when nobody is
 * signed in there, `unsupported` when the package is absent, `forbidden` when the org refuses its API.
 */
export async function discoverOrg(
  origin: string,
  fetch: Fetch,
  clock: Clock,
  session: SessionSource,
): Promise<NatterboxSettings | null> {
  const origins = originsOfOrg(origin);
  if (!origins) return null;
  const dispatcher = createDispatcher({ limits: { concurrency: 2 }, clock });
  const own = createOrgSession(createHttpClient({ fetch, dispatcher, clock, errorOf }), session, {
    api: origins.api,
  });
  const person = await own.person();
  const versions = await own.send({
    method: 'GET',
    path: '/services/data',
    write: false,
    schema: versionsSchema,
  });
  const numbers = versions
    .map((each) => Number.parseInt(each.version, 10))
    .filter((number) => number <= wanted);
  const newest = Math.max(...numbers);
  if (!Number.isFinite(newest))
    throw new WorkspaceError(
      'unsupported',
      `Expected version ${wanted} of the Salesforce API or an older one.`,
    );
  const version = `v${newest}.0`;
  try {
    await createClient(own, version).get(`/sobjects/${natterboxUser}/describe`, z.unknown());
  } catch (error) {
    if (error instanceof WorkspaceError && error.kind === 'gone')
      throw new WorkspaceError('unsupported', words.packageAbsent, { cause: error });
    throw error;
  }
  const name = new URL(origins.api).hostname.replace(/\.my\.salesforce\.com$/, '');
  return { origins, version, workspace: { id: person.org, name } };
}

/** Stored settings that still fit; throws `invalid` else. */
export function checkSettings(settings: unknown): NatterboxSettings {
  const parsed = settingsSchema.safeParse(settings);
  if (!parsed.success) throw new WorkspaceError('invalid', describeMismatch(parsed.error, settings));
  return parsed.data;
}

/** The pages of an org's users and of one of them (`{member}` stands for the id). */
export const orgLinks = ({ origins }: NatterboxSettings): { users: string; member: string } => ({
  users: listPage(origins, natterboxUser),
  member: recordPage(origins, natterboxUser, '{member}'),
});
