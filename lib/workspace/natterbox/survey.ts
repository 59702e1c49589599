import { z } from 'zod';
import type { Category, Item, Member, Note, Run } from '../../offboarding/model.ts';
import { WorkspaceError, type WorkspaceErrorKind } from '../errors.ts';
import type { Guard, Page, Survey } from '../port.ts';
import { licencesOf } from './categories.ts';
import { at, type Client, checkNext, idAt, lookupAt, type Row, textAt } from './client.ts';
import { type OrgOrigins, recordPage } from './hosts.ts';
import { isSameId } from './ids.ts';
import { memberFields, toMember } from './people.ts';
import { deactivatesItself, natterboxUser, type OrgModel } from './schema.ts';
import { chunks, isRecordId, listOf, literal } from './soql.ts';
import { type Gap, isGap, itemsIn, queryOf, type Source } from './sources.ts';
import type { ItemsByCategory } from './surveyed.ts';
import { words } from './words.ts';

/** What a survey takes: the org as described, and its categories in order. */
export interface Scope {
  client: Client;
  org: OrgModel;
  origins: OrgOrigins;
  categories: readonly (Source | Gap)[];
  /** The Salesforce user who acts, where known. */
  viewer: string | undefined;
  /** The org was described anew a moment ago: what it refuses by now is no matter of old descriptions. */
  settled: boolean;
  /** Calls of the last 24 hours, where the org says so. */
  usage: { used: number; allowed: number } | undefined;
}

interface Counted {
  leaver: Member;
  row: Row;
  categories: Category[];
  /** Of every category that could be read, its items. */
  items: Map<string, Item[]>;
  /** Names of devices that others use too. */
  shared: string[];
}

/**
 * Everything that names a leaver, with what was read for that: in two calls, and one each for the other users of the
 * groups and of the devices.
 * Throws `gone`; `unsupported` where a field went since the org was described, unless that is `settled`.
 */
export async function survey(
  scope: Scope,
  leaver: string,
  signal?: AbortSignal,
): Promise<{ survey: Survey; items: ItemsByCategory }> {
  const counted = await count(scope, leaver, signal);
  const empty = await emptied(scope, leaver, counted.items.get('groups') ?? [], signal);
  const found: Survey = {
    leaver: counted.leaver,
    blockers: blockers(scope, counted),
    completion: 'api',
    categories: counted.categories,
    notes: notes(scope, empty, counted.shared),
  };
  return { survey: found, items: counted.items };
}

/**
 * The intercept's question: counts alone. What a person would have been warned of, and cannot be seen, is not taken
 * for nothing. Throws as the survey does.
 */
export async function guard(scope: Scope, leaver: string, signal?: AbortSignal): Promise<Guard> {
  const counted = await count(scope, leaver, signal);
  const unseen = scope.categories.filter(isGap).filter(({ importance }) => importance === 'warned');
  const categories = [
    ...unseen.map(({ category }) => ({ ...category, count: null })),
    ...counted.categories,
  ].sort((one, other) => one.order - other.order);
  const owns = categories.some(({ count }) => (count ?? 0) > 0)
    ? 'some'
    : categories.some(({ count }) => count === null)
      ? 'unknown'
      : 'none';
  return {
    owns,
    counts: categories.map(({ id, kind, name, action, outlives, count }) => ({
      category: { id, kind, action, outlives, ...(name !== undefined && { name }) },
      count,
    })),
  };
}

async function count(scope: Scope, leaver: string, signal?: AbortSignal): Promise<Counted> {
  if (!isRecordId(leaver)) throw new WorkspaceError('gone', words.memberGone);
  const { client, org, categories } = scope;
  const sources = categories.filter((one): one is Source => !isGap(one));
  const readings = [...Map.groupBy(sources, ({ reading }) => reading.key).values()];
  const person = ['Id', ...org.present(natterboxUser, memberFields)];
  const [people, ...answers] = await client.queries(
    [
      `SELECT ${person.join(', ')} FROM ${natterboxUser} WHERE Id = ${literal(leaver)}`,
      ...readings.map((group) => queryOf(group, leaver)),
    ],
    signal,
  );
  if (!people || people instanceof WorkspaceError)
    throw people ?? new WorkspaceError('invalid', 'Expected the user, got no answer.');
  const [row] = people;
  if (!row) throw new WorkspaceError('gone', words.memberGone);
  if (!isSameId(idAt(row, 'Id'), leaver))
    throw new WorkspaceError('invalid', 'Expected the user asked for, got another one.');
  for (const answer of answers)
    if (
      answer instanceof WorkspaceError &&
      (passing.includes(answer.kind) || (answer.kind === 'unsupported' && !scope.settled))
    )
      throw answer;
  const answerOf = new Map(readings.map(([first], index) => [first?.reading.key, answers[index]]));
  const earlier: string[] = [];
  const items = new Map<string, Item[]>();
  const counted: Category[] = [];
  const shared: string[] = [];
  for (const one of categories) {
    const rows = isGap(one) ? one : answerOf.get(one.reading.key);
    // Of what is no step of its own only the org's own silence is worth a row.
    if (isGap(one) && one.importance !== 'step') continue;
    const base = { ...one.category, after: [...earlier] };
    earlier.push(one.category.id);
    if (isGap(one) || rows === undefined || rows instanceof WorkspaceError) {
      counted.push({
        ...base,
        count: null,
        unread: unreadOf(one, rows instanceof WorkspaceError ? rows : undefined),
      });
      continue;
    }
    const all = itemsOf(one, rows as Row[], leaver);
    if (all instanceof WorkspaceError) {
      counted.push({ ...base, count: null, unread: unreadOf(one, all) });
      continue;
    }
    const found = await ownOf(scope, one, all, leaver, signal);
    shared.push(...all.filter((item) => !found.includes(item)).map(({ title }) => title));
    items.set(one.category.id, found);
    counted.push({ ...base, count: found.length });
  }
  return { leaver: toMember(org, row, scope.viewer), row, categories: counted, items, shared };
}

/** The items of these rows; what is spoiled in them is a gap of this category alone. */
function itemsOf(source: Source, rows: readonly Row[], leaver: string): Item[] | WorkspaceError {
  try {
    return itemsIn(source, rows, leaver);
  } catch (error) {
    if (error instanceof WorkspaceError) return error;
    throw error;
  }
}

/** Faults that pass: asked again the answer is another one, so they are no gap in what is known. */
const passing: readonly WorkspaceErrorKind[] = ['auth', 'throttled', 'transient'];

/** Those of the items that are the leaver's alone, where others can have them too. */
async function ownOf(
  { client, org }: Scope,
  { sharedBy }: Source,
  items: readonly Item[],
  leaver: string,
  signal?: AbortSignal,
): Promise<Item[]> {
  if (!sharedBy || items.length === 0) return [...items];
  const others = await othersOf(client, org, sharedBy, items, leaver, signal);
  return items.filter(({ lock }) => !others.has(lock));
}

function unreadOf(one: Source | Gap, error: WorkspaceError | undefined): NonNullable<Category['unread']> {
  const name = one.category.name ?? one.category.id;
  if (isGap(one))
    return {
      reason: 'forbidden',
      detail: one.reason === 'hidden' ? words.hidden(name) : words.readOnly(name),
    };
  const reason =
    error?.kind === 'forbidden' ? 'forbidden' : error?.kind === 'unsupported' ? 'unsupported' : 'failed';
  return { reason, detail: error?.message ?? words.hidden(name) };
}

/** Names of the leaver's groups that nobody else who is active belongs to. */
async function emptied(
  { client, org }: Scope,
  leaver: string,
  groups: readonly Item[],
  signal?: AbortSignal,
): Promise<string[]> {
  const membership = { object: 'nbavs__GroupMember__c', field: 'nbavs__Group__c' };
  const kept = await othersOf(client, org, membership, groups, leaver, signal);
  return groups.filter(({ lock }) => !kept.has(lock)).map(({ title }) => title);
}

/** Which of the records that the items lock somebody else who is active has as well, by the rows that say so. */
async function othersOf(
  client: Client,
  org: OrgModel,
  { object, field }: NonNullable<Source['sharedBy']>,
  items: readonly Item[],
  leaver: string,
  signal?: AbortSignal,
): Promise<Set<string>> {
  const active = org.has(object, 'nbavs__User__r.nbavs__Enabled__c')
    ? ' AND nbavs__User__r.nbavs__Enabled__c = true'
    : '';
  const others = await Promise.all(
    chunks([...new Set(items.map(({ lock }) => lock))]).map((ids) =>
      client.query(
        `SELECT ${field}, COUNT(Id) others FROM ${object} WHERE ${field} IN ${listOf(ids)} AND nbavs__User__c != ${literal(leaver)}${active} GROUP BY ${field}`,
        signal,
      ),
    ),
  );
  return new Set(others.flat().map((row) => idAt(row, field)));
}

function blockers({ org, origins, viewer }: Scope, { leaver, row }: Counted): Run['blockers'] {
  const found: Run['blockers'] = [];
  const linked = org.has(natterboxUser, 'nbavs__User__c') ? lookupAt(row, 'nbavs__User__c') : undefined;
  const natterboxPage = recordPage(origins, natterboxUser, leaver.id);
  const active = at(row, 'nbavs__User__r.IsActive');
  if (!org.has(natterboxUser, 'nbavs__User__c'))
    found.push({ message: words.linkHidden, remedy: words.linkHiddenRemedy, link: natterboxPage });
  else if (linked === undefined)
    found.push({ message: words.notLinked(leaver.name), remedy: words.notLinkedRemedy, link: natterboxPage });
  else if (active !== true)
    found.push({
      ...(active === false
        ? {
            message: words.linkedInactive(textAt(row, 'nbavs__User__r.Name') ?? linked),
            remedy: words.linkedInactiveRemedy,
          }
        : { message: words.linkedUnseen, remedy: words.linkedUnseenRemedy }),
      link: recordPage(origins, 'User', linked),
    });
  if (linked !== undefined && linked === viewer)
    found.push({ message: words.self, remedy: words.selfRemedy });
  if (!org.object(natterboxUser)?.fields.get('nbavs__Enabled__c')?.updateable)
    found.push({ message: words.activeHidden, remedy: words.activeHiddenRemedy });
  return found;
}

function notes(
  { org, categories, usage }: Scope,
  empty: readonly string[],
  shared: readonly string[],
): Note[] {
  const found: Note[] = [];
  if (empty.length > 0)
    found.push({ tone: 'warning', message: words.emptyGroups(empty), category: 'groups' });
  if (shared.length > 0)
    found.push({ tone: 'info', message: words.sharedDevices(shared), category: 'devices' });
  found.push({ tone: 'warning', message: words.backEnd });
  found.push({ tone: 'info', message: words.namesStay });
  found.push({
    tone: 'info',
    message: org.version === undefined ? words.versionUnread : words.version(org.version),
  });
  if (org.version === undefined || deactivatesItself(org.version))
    found.push({ tone: 'info', message: words.ownDeactivation });
  for (const one of categories)
    if (isGap(one) && one.importance !== 'step')
      found.push({ tone: 'info', message: words.skipped(one.category.name ?? one.category.id) });
  const { missing, readOnly, unknown } = licencesOf(org);
  const about = { category: 'licences' } as const;
  if (missing.length > 0) found.push({ tone: 'info', message: words.skippedLicences(missing), ...about });
  if (readOnly.length > 0)
    found.push({
      tone: 'warning',
      message: words.readOnlyLicences(readOnly.map(({ label }) => label)),
      ...about,
    });
  if (unknown.length > 0)
    found.push({ tone: 'info', message: words.unknownFlags(unknown.map(({ label }) => label)), ...about });
  if (usage && usage.used >= usage.allowed * 0.9)
    found.push({ tone: 'warning', message: words.callsUsed(usage.used, usage.allowed) });
  return found;
}

/** Where a scan over several readings is: the reading's key, and the next page in it (null: the first). */
const placeSchema = z.tuple([z.string(), z.string().nullable()]);

/** One page of the items of these categories; categories on the same rows come together. */
export async function scan(
  scope: Scope,
  leaver: string,
  wanted: readonly string[],
  cursor?: string,
  signal?: AbortSignal,
): Promise<Page<Item>> {
  if (!isRecordId(leaver)) throw new WorkspaceError('gone', words.memberGone);
  const { client, categories } = scope;
  const sources = categories.filter((one): one is Source => !isGap(one) && wanted.includes(one.category.id));
  const keys = [...new Set(sources.map(({ reading }) => reading.key))];
  const [key, next] = cursor === undefined ? [keys[0], null] : placeOf(cursor, keys);
  if (key === undefined) return { items: [], total: 0 };
  const here = sources.filter(({ reading }) => reading.key === key);
  const page = await client.page(
    next === null ? { soql: queryOf(here, leaver) } : { next: checkNext(next) },
    signal,
  );
  const found = await Promise.all(
    here.map((source) => {
      const items = itemsIn(source, page.rows, leaver);
      return ownOf(scope, source, items, leaver, signal);
    }),
  );
  const items = found.flat();
  const following = page.next === undefined ? keys[keys.indexOf(key) + 1] : key;
  return {
    items,
    ...(following !== undefined && { cursor: JSON.stringify([following, page.next ?? null]) }),
  };
}

function placeOf(cursor: string, keys: readonly string[]): z.infer<typeof placeSchema> {
  try {
    const place = placeSchema.parse(JSON.parse(cursor));
    if (keys.includes(place[0])) return place;
  } catch {
    // Told below, like a reading that is not among those asked for.
  }
  throw new WorkspaceError('invalid', 'Expected a place in this scan, got another cursor.');
}
