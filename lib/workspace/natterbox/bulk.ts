import type { Member, Note } from '../../offboarding/model.ts';
import { type Client, countAt, idAt, type Row, textAt } from './client.ts';
import { memberFields, toMember } from './people.ts';
import { natterboxUser, type OrgModel } from './schema.ts';
import { chunks, listOf } from './soql.ts';
import { words } from './words.ts';

/** Many users at once: found by name, and what follows from offboarding all of them. */

/** What a user can be named by in a list. */
const namedBy = ['nbavs__Username__c', 'nbavs__User__r.Username', 'nbavs__User__r.Email'];
/** So many names in one query: each stands in it three times, and its address is limited to 16,384 bytes. */
const namesPerCall = 40;
/** No username or email address of the platform is longer than 80. */
const longestName = 80;

const membership = 'nbavs__GroupMember__c';

/** Natterbox users whose username, or whose Salesforce user's username or email address, is one of these. */
export async function findNamed(
  client: Client,
  org: OrgModel,
  names: readonly string[],
  viewer?: string,
  signal?: AbortSignal,
): Promise<{ name: string; members: Member[] }[]> {
  const fields = ['Id', ...org.present(natterboxUser, memberFields)];
  const searched = org.present(natterboxUser, namedBy);
  const possible = names.filter((name) => name.length <= longestName);
  const pages = await Promise.all(
    chunks(possible, namesPerCall).map((part) =>
      client.query(
        `SELECT ${fields.join(', ')} FROM ${natterboxUser} WHERE ${searched
          .map((field) => `${field} IN ${listOf(part)}`)
          .join(' OR ')} ORDER BY Name, Id`,
        signal,
      ),
    ),
  );
  const rows = new Map<string, Row[]>();
  for (const row of new Map(pages.flat().map((row) => [idAt(row, 'Id'), row])).values())
    for (const name of new Set(searched.flatMap((field) => textAt(row, field)?.toLowerCase() ?? [])))
      rows.set(name, [...(rows.get(name) ?? []), row]);
  return names.map((name) => ({
    name,
    members: (rows.get(name.toLowerCase()) ?? []).map((row) => toMember(org, row, viewer)),
  }));
}

/** Groups of which no active member would be left: a warning on them all, or nothing. */
export async function emptiedTogether(
  client: Client,
  org: OrgModel,
  leavers: readonly string[],
  signal?: AbortSignal,
): Promise<Note[]> {
  if (!org.has(membership, 'nbavs__User__c') || !org.has(membership, 'nbavs__Group__c')) return [];
  const active = org.has(membership, 'nbavs__User__r.nbavs__Enabled__c')
    ? ' AND nbavs__User__r.nbavs__Enabled__c = true'
    : '';
  const count = async (field: string, ids: readonly string[]): Promise<Map<string, number>> => {
    const counts = new Map<string, number>();
    for (const part of chunks(ids)) {
      const rows = await client.query(
        `SELECT nbavs__Group__c, COUNT(Id) members FROM ${membership} WHERE ${field} IN ${listOf(part)}${active} GROUP BY nbavs__Group__c`,
        signal,
      );
      for (const row of rows) {
        const group = idAt(row, 'nbavs__Group__c');
        counts.set(group, (counts.get(group) ?? 0) + countAt(row, 'members'));
      }
    }
    return counts;
  };
  const leaving = await count('nbavs__User__c', leavers);
  const all = await count('nbavs__Group__c', [...leaving.keys()]);
  const empty = [...leaving].filter(([group, members]) => members >= (all.get(group) ?? 0));
  if (empty.length === 0) return [];
  const named = await Promise.all(
    chunks(empty.map(([group]) => group)).map((part) =>
      client.query(`SELECT Id, Name FROM nbavs__Group__c WHERE Id IN ${listOf(part)} ORDER BY Name`, signal),
    ),
  );
  const names = named.flat().map((row) => textAt(row, 'Name') ?? idAt(row, 'Id'));
  return [{ tone: 'warning', message: words.emptiedTogether(names), category: 'groups' }];
}
