/**
 * How a field says a user: a bare id, email address or name, or an object with some of them; which of these an account
 * uses is publicly unknown, so each is read, and what is none of them is told apart from nobody.
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

/** Whether nothing but a name is known of somebody: nobody can tell who that is. */
export const isNameAlone = ({ id, email }: Pick<Mention, 'id' | 'email'>): boolean =>
  id === undefined && email === undefined;

/** Whether a field says something of which nobody can tell whom it means: it may be anybody. */
export const isNotUnderstood = ({ form, mention }: Said): boolean =>
  form === 'other' && mention === undefined;

export function withoutUndefined<T extends object>(
  value: T,
): { [Key in keyof T]: Exclude<T[Key], undefined> } {
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
  if (Array.isArray(said) && said.length === 0) return { form: 'none' };
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
export function writeUser(person: Pick<Mention, 'id' | 'email'>, form: Form): string | undefined {
  if (form === 'id') return person.id;
  if (form === 'email') return person.email;
  return form === 'object' ? (person.id ?? person.email) : undefined;
}

/** What a field says that names several users: each of a list, or the one that stands there instead of a list. */
export const readUsers = (value: unknown): Said[] =>
  Array.isArray(value) ? value.map((each) => readUser(each)) : [readUser(value)];
