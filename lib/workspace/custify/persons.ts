import { z } from 'zod';
import type { ConnectorMemory } from '../memory.ts';

/**
 * Who there is, gathered from whatever names somebody: there is no list of users. Somebody may be named by id, by
 * email address, by both, or by name alone; a name alone is never taken for anybody else of that name.
 */

/** What one field says of a user. */
export interface Mention {
  id?: string;
  email?: string;
  name?: string;
}

/** In which form a field says it: what has to be written in its place. `other`: in none that is understood. */
export type Form = 'none' | 'id' | 'email' | 'object' | 'name' | 'other';

export interface Said {
  form: Form;
  mention?: Mention;
}

export interface Person {
  /** What this connector calls them: their id, else their email address, as first seen; never changed afterwards. */
  key: string;
  id?: string;
  email?: string;
  name?: string;
  /** Keys that turned out to be the same person. */
  also?: string[];
}

export interface Persons {
  /** Takes these in, and stores what is new before it resolves. */
  learn(mentions: readonly Mention[]): Promise<void>;
  /**
   * The same with everybody whom a whole reading names. Where none of them is known from before, the key is another
   * account's by now, and those of the one before are forgotten.
   */
  meet(mentions: readonly Mention[]): Promise<void>;
  find(key: string): Person | undefined;
  /** Whom a mention means; undefined when nobody of that id or address is known. */
  of(mention: Mention): Person | undefined;
  all(): Person[];
}

const storedSchema = z.array(
  z.object({
    key: z.string(),
    id: z.string().optional(),
    email: z.string().optional(),
    name: z.string().optional(),
    also: z.array(z.string()).optional(),
  }),
);
const memoryName = 'people';

/** Begins with whom an earlier process has met: who was handed over may be named by nothing any more. */
export async function openPersons(memory: ConnectorMemory): Promise<Persons> {
  const persons = new Map<string, Person>();
  const also = new Map<string, string>();
  const byId = new Map<string, Person>();
  const byEmail = new Map<string, Person>();
  /** Addresses that two ids share name nobody. */
  const shared = new Set<string>();

  const index = (person: Person): void => {
    persons.set(person.key, person);
    for (const key of person.also ?? []) also.set(key, person.key);
    if (person.id !== undefined) byId.set(person.id, person);
    if (person.email !== undefined && !shared.has(person.email)) byEmail.set(person.email, person);
  };
  for (const stored of storedSchema.safeParse(await memory.get(memoryName)).data ?? [])
    index(withoutUndefined(stored));

  const find = (key: string): Person | undefined => persons.get(key) ?? persons.get(also.get(key) ?? '');
  const of = ({ id, email, name }: Mention): Person | undefined => {
    if (id !== undefined) return byId.get(id);
    if (email !== undefined) return shared.has(email) ? undefined : byEmail.get(email);
    return name === undefined ? undefined : persons.get(nameKey(name));
  };

  const merge = (kept: Person, gone: Person): void => {
    persons.delete(gone.key);
    index({ ...gone, ...kept, also: [...(kept.also ?? []), gone.key, ...(gone.also ?? [])] });
  };

  const learnOne = ({ id, email, name }: Mention): boolean => {
    if (id === undefined && email === undefined) {
      if (name === undefined || persons.has(nameKey(name))) return false;
      index({ key: nameKey(name), name });
      return true;
    }
    const a = id === undefined ? undefined : byId.get(id);
    const b = email === undefined ? undefined : byEmail.get(email);
    if (a && b && a !== b) {
      if (b.id !== undefined) {
        shared.add(email ?? '');
        byEmail.delete(email ?? '');
        return false;
      }
      merge(a, b);
      return true;
    }
    const known = a ?? b;
    const key = known?.key ?? id ?? email ?? '';
    // Who has an address keeps it: another one for the same id is rather a typing error than a new person.
    const next = withoutUndefined({
      ...known,
      key,
      id: known?.id ?? id,
      email: known?.email ?? email,
      name: name ?? known?.name,
    });
    if (known && same(known, next)) return false;
    index(next);
    return true;
  };

  async function learn(mentions: readonly Mention[]): Promise<void> {
    // Those that say an id first, so that whoever has one is called by it.
    const ordered = [
      ...mentions.filter(({ id, email }) => id !== undefined && email !== undefined),
      ...mentions.filter(({ id, email }) => id !== undefined && email === undefined),
      ...mentions.filter(({ id }) => id === undefined),
    ];
    let changed = false;
    for (const mention of ordered) changed = learnOne(mention) || changed;
    if (changed) await memory.set(memoryName, [...persons.values()]);
  }

  return {
    find,
    of,
    all: () => [...persons.values()],
    learn,
    async meet(mentions) {
      const certain = mentions.filter((mention) => !isNameAlone(mention));
      const before = [...persons.values()].some((person) => !isNameAlone(person));
      if (before && certain.length > 0 && !certain.some((mention) => of(mention) !== undefined))
        for (const known of [persons, also, byId, byEmail, shared]) known.clear();
      await learn(mentions);
    },
  };
}

const nameKey = (name: string): string => `name:${name}`;

/** Whether nothing but a name is known of somebody: nobody can tell who that is. */
export const isNameAlone = ({ id, email }: Pick<Person, 'id' | 'email'>): boolean =>
  id === undefined && email === undefined;

/** What to call somebody. */
export const nameOf = ({ name, email, key }: Person): string => name ?? email ?? key;

const same = (a: Person, b: Person): boolean => a.id === b.id && a.email === b.email && a.name === b.name;

function withoutUndefined<T extends object>(value: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as never;
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
const address = (value: unknown): string | undefined => {
  const said = text(value);
  return said !== undefined && /^[^\s@]+@[^\s@]+$/.test(said) ? said.toLowerCase() : undefined;
};
/** An id has no spaces and at least one digit; ObjectIds are what was seen, others are not ruled out. */
const isId = (value: string): boolean => /^(?=.*\d)[\w-]{6,64}$/.test(value);

/**
 * What a field says: a bare string (id, email address or name), or an object with some of them. `name` and `email`:
 * what stands beside it in fields of their own.
 */
export function readUser(value: unknown, beside: { name?: unknown; email?: unknown } = {}): Said {
  const name = text(beside.name);
  const email = address(beside.email);
  const mention = (found: Mention): Mention =>
    withoutUndefined({ ...found, email: found.email ?? email, name: found.name ?? name }) as Mention;
  const said = typeof value === 'number' ? String(value) : value;
  if (said === null || said === undefined || said === '') {
    // Whose name stands beside an empty field: what has to be written there is not known.
    if (email !== undefined) return { form: 'other', mention: mention({}) };
    return name === undefined ? { form: 'none' } : { form: 'name', mention: { name } };
  }
  if (typeof said === 'string') {
    const mail = address(said);
    if (mail !== undefined) return { form: 'email', mention: mention({ email: mail }) };
    if (isId(said.trim())) return { form: 'id', mention: mention({ id: said.trim() }) };
    // A name with an address beside it is somebody; what to write in its place is not known.
    return {
      form: 'name',
      mention: email === undefined ? { name: said.trim() } : mention({ name: said.trim() }),
    };
  }
  if (typeof said !== 'object' || Array.isArray(said)) return { form: 'other' };
  const fields = said as Record<string, unknown>;
  const id = text(fields.id) ?? text(fields._id) ?? text(fields.entity);
  const found = withoutUndefined({
    id: id !== undefined && isId(id) ? id : undefined,
    email: address(fields.email),
    name: text(fields.name),
  }) as Mention;
  if (found.id === undefined && found.email === undefined && found.name === undefined)
    return { form: 'other' };
  return { form: isNameAlone(found) ? 'name' : 'object', mention: mention(found) };
}

/** How somebody has to be written where a field says users in this form; undefined when that is not known of them. */
export function writeUser(person: Person, form: Form): string | undefined {
  if (form === 'id') return person.id;
  if (form === 'email') return person.email;
  return form === 'object' ? (person.id ?? person.email) : undefined;
}
