import type { Category, Column, Item } from '../../offboarding/model.ts';
import type { WorkspaceError } from '../errors.ts';
import type { Person, Persons } from './persons.ts';
import type { Part, Reading } from './reading.ts';
import { isNameAlone, isNotUnderstood, type Said } from './said.ts';
import { words } from './words.ts';

/** One kind of thing, and what was found of it: items, or why nobody can tell. */
export interface Holding {
  category: Category;
  items: Item[];
  /** The name under which is kept whether its write works; only where it can be tried at all. */
  proof?: string;
  /** Why it could not be read, where something was refused or came spoiled. */
  error?: WorkspaceError;
}

export interface Scene {
  reading: Reading;
  persons: Persons;
  leaver: Person;
  /** What the caller calls the leaver. */
  key: string;
  app: string;
  /** There are too many tasks: these are the leaver's alone, and of the others nobody knows. */
  ownTasksOnly?: boolean;
}

export const column = (
  key: string,
  label: string,
  priority: 1 | 2 | 3,
  type: Column['type'] = 'text',
): Column => ({
  ...{ key, label, type, priority },
  align: 'start',
});

type Draft = Pick<Category, 'id' | 'kind' | 'order' | 'columns'> & Partial<Category>;

export const make = (app: string, draft: Draft): Category => ({
  action: 'manual',
  count: 0,
  after: [],
  selectable: false,
  batch: 1,
  condition: 'read',
  idempotent: false,
  link: `${app}/`,
  perCustomer: false,
  decidesCustomer: false,
  needsSender: false,
  outlives: false,
  ...draft,
});

const unreadOf = (error: WorkspaceError): NonNullable<Category['unread']> => ({
  reason: error.kind === 'forbidden' ? 'forbidden' : error.kind === 'unsupported' ? 'unsupported' : 'failed',
  detail: error.message,
});

export const found = (category: Category, items: Item[]): Holding => ({
  category: { ...category, count: items.length },
  items,
});
export const unread = (category: Category, reason: NonNullable<Category['unread']>): Holding => ({
  category: { ...category, count: null, unread: reason },
  items: [],
});
export const failed = (category: Category, error: WorkspaceError): Holding => ({
  ...unread(category, unreadOf(error)),
  error,
});
/** The part's items where it was read, else the reason. */
export const from = <T>(part: Part<T[]>, category: Category, items: (found: T[]) => Item[]): Holding =>
  'found' in part ? found(category, items(part.found)) : failed(category, part.unread);

/** Whether a field names the leaver for sure. */
export const isLeaver = ({ persons, key }: Scene, said: Said): boolean => {
  if (said.mention === undefined || isNameAlone(said.mention)) return false;
  const person = persons.of(said.mention);
  return person !== undefined && person === persons.find(key);
};

/** Whether it names the leaver by what others share: by no more than their name, or by an address of several. */
export const mayBeLeaver = ({ persons, leaver, key }: Scene, { mention }: Said): boolean => {
  if (mention === undefined) return false;
  if (isNameAlone(mention)) return mention.name !== undefined && mention.name === leaver.name;
  return persons.among(mention).some((person) => person === persons.find(key));
};

/** Named for sure, but in a form that nobody knows how to write. */
export const isUnclear = ({ form }: Said): boolean => form === 'name' || form === 'other';

/** Whether a field says users in no form that is known: of all that say anything there, nothing is understood. */
export const isForeign = (all: readonly Said[]): boolean => {
  const said = all.filter(({ form }) => form !== 'none');
  return said.length > 0 && said.every(isNotUnderstood);
};

/** Of a field in a form that is not known nobody can tell whom it names. */
export const notUnderstood = (category: Category): Holding =>
  unread(category, { reason: 'unsupported', detail: words.foreign });

/** Items that a person has to look at: those that name the leaver, or may; unread where some are not understood. */
export const lookedAt = <T>(
  scene: Scene,
  part: Part<T[]>,
  category: Category,
  saidBy: (record: T) => readonly Said[],
  toItem: (record: T) => Item,
): Holding => {
  if ('found' in part && part.found.flatMap(saidBy).some(isNotUnderstood)) return notUnderstood(category);
  return from(part, category, (all) =>
    all
      .filter((record) => saidBy(record).some((said) => isLeaver(scene, said) || mayBeLeaver(scene, said)))
      .map(toItem),
  );
};
