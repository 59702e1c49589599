import { z } from 'zod';
import type { ConnectorMemory } from '../memory.ts';
import { isNameAlone, type Mention, withoutUndefined } from './said.ts';

/**
 * Who there is, gathered from whatever names somebody: there is no list of users. Somebody may be named by id, by
 * email address, by both, or by name alone; a name alone is never taken for anybody else of that name, and an address
 * that two ids share is nobody's for sure.
 */

export interface Person {
  /** What this connector calls them: their id, else their email address, as first seen; never changed afterwards. */
  key: string;
  id?: string;
  email?: string;
  name?: string;
  /** Keys that turned out to be the same person. */
  also?: string[];
  /** Other addresses that were theirs, or that are said beside their id. */
  was?: string[];
}

export interface Persons {
  /** Takes these in, and stores what is new before it resolves. */
  learn(mentions: readonly Mention[]): Promise<void>;
  /**
   * The same with everybody whom a whole reading names: what it says of an id's address holds, whatever was known
   * before. Where none of them is known from before, the key is another account's by now, and those of the one before
   * are forgotten.
   */
  meet(mentions: readonly Mention[]): Promise<void>;
  find(key: string): Person | undefined;
  /** Whom a mention means; undefined when nobody of that id or address is known, or not one alone. */
  of(mention: Mention): Person | undefined;
  /** Those of whom nobody can tell which one a mention means: they share the address by which it names somebody. */
  among(mention: Mention): readonly Person[];
  all(): Person[];
}

const storedSchema = z.array(
  z.object({
    key: z.string(),
    id: z.string().optional(),
    email: z.string().optional(),
    name: z.string().optional(),
    also: z.array(z.string()).optional(),
    was: z.array(z.string()).optional(),
  }),
);
const memoryName = 'people';

/** Begins with whom an earlier process has met: who was handed over may be named by nothing any more. */
export async function openPersons(memory: ConnectorMemory): Promise<Persons> {
  const persons = new Map<string, Person>();
  for (const stored of storedSchema.safeParse(await memory.get(memoryName)).data ?? [])
    persons.set(stored.key, withoutUndefined(stored));

  let also = new Map<string, Person>();
  let byId = new Map<string, Person>();
  let byAddress = new Map<string, Person[]>();
  const index = (): void => {
    const all = [...persons.values()];
    also = new Map(all.flatMap((person) => (person.also ?? []).map((key) => [key, person])));
    byId = new Map(all.flatMap((person) => (person.id === undefined ? [] : [[person.id, person]])));
    byAddress = new Map();
    for (const person of all)
      for (const address of addressesOf(person))
        byAddress.set(address, [...(byAddress.get(address) ?? []), person]);
  };
  index();

  const find = (key: string): Person | undefined => persons.get(key) ?? also.get(key);
  const withEmail = (email: string): readonly Person[] => byAddress.get(email) ?? [];
  const only = (those: readonly Person[]): Person | undefined => (those.length === 1 ? those[0] : undefined);
  const of = ({ id, email, name }: Mention): Person | undefined => {
    if (id !== undefined) return byId.get(id);
    if (email !== undefined) return only(withEmail(email));
    return name === undefined ? undefined : persons.get(nameKey(name));
  };

  const put = (person: Person): void => {
    persons.set(person.key, withoutUndefined(person));
    index();
  };
  const merge = (kept: Person, gone: Person): Person => {
    persons.delete(gone.key);
    const merged: Person = { ...gone, ...kept, also: [...(kept.also ?? []), gone.key, ...(gone.also ?? [])] };
    const was = new Set([...addressesOf(kept), ...addressesOf(gone)]);
    was.delete(merged.email ?? '');
    put({ ...merged, ...(was.size > 0 && { was: [...was] }) });
    return persons.get(kept.key) ?? merged;
  };

  /** `shared`: addresses that several ids have, so that whom they named so far is none of them for sure. */
  const learnOne = ({ id, email, name }: Mention, shared: ReadonlySet<string>): void => {
    if (id === undefined && email === undefined) {
      if (name !== undefined && !persons.has(nameKey(name))) put({ key: nameKey(name), name });
      return;
    }
    if (id === undefined && withEmail(email ?? '').length > 1) return;
    const holder = email === undefined || shared.has(email) ? undefined : only(withEmail(email));
    let known = id === undefined ? holder : byId.get(id);
    // Of whom no id was known so far, it is now; who has another one shares the address with this one.
    if (id !== undefined && holder && holder.id === undefined && holder !== known)
      known = known ? merge(known, holder) : holder;
    const next = withoutUndefined({
      ...known,
      key: known?.key ?? id ?? email ?? '',
      id: known?.id ?? id,
      email: known?.email ?? email,
      name: name ?? known?.name,
    });
    if (!known || !same(known, next)) put(next);
  };

  /** Gives each id the address that a whole reading says beside it, and takes that one from whoever had it before. */
  const settle = (mentions: readonly Mention[]): void => {
    const said = mentions.filter(({ id, email }) => id !== undefined && email !== undefined);
    const saidOf = Map.groupBy(said, ({ id }) => id);
    const idsOf = Map.groupBy(said, ({ email }) => email);
    for (const person of persons.values()) {
      const { email, was: _was, ...rest } = person;
      if (person.id === undefined) continue;
      const isTheirs = (address: string): boolean =>
        idsOf.get(address)?.some(({ id }) => id === person.id) ?? true;
      const now = (saidOf.get(person.id) ?? []).map((each) => each.email as string);
      // The one that they had stays the first where it is said still.
      const all = [...(email !== undefined && now.includes(email) ? [email] : []), ...now];
      const [first, ...others] = new Set([...all, ...addressesOf(person)].filter(isTheirs));
      persons.set(person.key, {
        ...rest,
        ...(first !== undefined && { email: first }),
        ...(others.length > 0 && { was: others }),
      });
    }
    index();
  };

  const takeIn = (mentions: readonly Mention[], shared: ReadonlySet<string> = new Set()): void => {
    // Those that say an id first, so that whoever has one is called by it.
    const ordered = [
      ...mentions.filter(({ id, email }) => id !== undefined && email !== undefined),
      ...mentions.filter(({ id, email }) => id !== undefined && email === undefined),
      ...mentions.filter(({ id }) => id === undefined),
    ];
    for (const mention of ordered) learnOne(mention, shared);
  };
  async function storing(change: () => void): Promise<void> {
    const before = JSON.stringify([...persons.values()]);
    change();
    const after = [...persons.values()];
    if (JSON.stringify(after) !== before) await memory.set(memoryName, after);
  }

  return {
    find,
    of,
    among({ id, email }) {
      const those = id === undefined && email !== undefined ? withEmail(email) : [];
      return those.length > 1 ? those : [];
    },
    all: () => [...persons.values()],
    learn: (mentions) => storing(() => takeIn(mentions)),
    meet: (mentions) =>
      storing(() => {
        const certain = mentions.filter((mention) => !isNameAlone(mention));
        const before = [...persons.values()].some((person) => !isNameAlone(person));
        if (before && certain.length > 0 && !certain.some((mention) => of(mention) !== undefined)) {
          persons.clear();
          index();
        }
        const withId = certain.filter(({ id }) => id !== undefined);
        const idsOf = Map.groupBy(withId, ({ email }) => email ?? '');
        const isShared = ([, those]: [string, Mention[]]): boolean =>
          new Set(those.map(({ id }) => id)).size > 1;
        takeIn(withId, new Set([...idsOf].filter(isShared).map(([address]) => address)));
        settle(withId);
        takeIn(mentions.filter(({ id }) => id === undefined));
      }),
  };
}

/** The addresses of somebody, the one that holds first. */
export const addressesOf = ({ email, was = [] }: Person): string[] =>
  email === undefined ? was : [email, ...was];

const nameKey = (name: string): string => `name:${name}`;

/** What to call somebody. */
export const nameOf = ({ name, email, key }: Person): string => name ?? email ?? key;

const same = (a: Person, b: Person): boolean => a.id === b.id && a.email === b.email && a.name === b.name;
