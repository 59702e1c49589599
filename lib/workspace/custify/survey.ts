import { z } from 'zod';
import type { Category, Item, Member, Note, Run } from '../../offboarding/model.ts';
import { WorkspaceError } from '../errors.ts';
import type { Guard, Page, Survey } from '../port.ts';
import { assigningPlaybooks, saysActions } from './automations.ts';
import { holdingsOf } from './categories.ts';
import type { Holding, Scene } from './holding.ts';
import { addressesOf, nameOf, type Person } from './persons.ts';
import type { Proofs } from './proofs.ts';
import { type Company, foundIn, type Reading } from './reading.ts';
import { isNameAlone, type Said } from './said.ts';
import { words } from './words.ts';

/** What names a leaver, as the wizard wants it, out of one reading. */

export interface Viewpoint {
  scene: Scene;
  proofs: Proofs;
  /** Who acts, by their own word. */
  actor: { name: string; email: string } | undefined;
}

/** Everything that names the leaver, and what cannot be known of it. */
export async function survey(viewpoint: Viewpoint): Promise<Survey> {
  const { scene } = viewpoint;
  const holdings = await withProofs(viewpoint);
  return {
    leaver: { ...toMember(scene.leaver, formsOf(scene.reading)), id: scene.key },
    blockers: blockers(viewpoint),
    completion: 'page',
    categories: holdings.map(({ category }) => category),
    notes: await notes(viewpoint, holdings),
  };
}

/** The intercept's question. What cannot be checked is never nothing. */
export async function guard(viewpoint: Viewpoint): Promise<Guard> {
  const categories = (await withProofs(viewpoint)).map(({ category }) => category);
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

/** Categories of which the write was seen to do nothing are for a person. */
async function withProofs({ scene, proofs }: Viewpoint): Promise<Holding[]> {
  return Promise.all(
    holdingsOf(scene).map(async (holding) => {
      const proof = holding.proof === undefined ? undefined : await proofs.get(holding.proof);
      if (proof?.state !== 'refused') return holding;
      const category: Category = { ...holding.category, action: 'manual', why: proof.detail };
      return { ...holding, category };
    }),
  );
}

function blockers({ scene, actor }: Viewpoint): Run['blockers'] {
  const { leaver } = scene;
  // What names nobody for sure names this one nowhere, and nothing would be found.
  if (isNameAlone(leaver)) return [{ message: words.nameAlone(nameOf(leaver)) }];
  const own = actor?.email.trim().toLowerCase();
  return own !== undefined && addressesOf(leaver).includes(own)
    ? [{ message: words.self, remedy: words.selfRemedy }]
    : [];
}

async function notes({ scene, proofs }: Viewpoint, holdings: readonly Holding[]): Promise<Note[]> {
  const { reading, leaver } = scene;
  const found: Note[] = [
    { tone: 'warning', message: words.keyOwner(nameOf(leaver)), category: 'tokens.api' },
  ];
  const assigning = assigningPlaybooks(foundIn(reading.playbooks), leaver);
  const backTo = assigning.filter(({ toLeaver }) => toLeaver).map(({ name }) => name);
  const others = assigning.filter(({ toLeaver }) => !toLeaver).map(({ name }) => name);
  const about = { category: 'customers.csm' } as const;
  if (backTo.length > 0)
    found.push({ tone: 'warning', message: words.givesBack(nameOf(leaver), backTo), ...about });
  if (others.length > 0) found.push({ tone: 'warning', message: words.mayGiveBack(others), ...about });
  if (!saysActions(reading.playbooks)) found.push({ tone: 'info', message: words.playbooksUnread, ...about });
  const untried = holdings.filter(
    ({ category: { action, count } }) => action === 'reassign' && (count ?? 0) > 0,
  );
  const states = await Promise.all(untried.map(({ proof }) => proofs.get(proof ?? '')));
  if (states.some(({ state }) => state !== 'works')) found.push({ tone: 'info', message: words.trial });
  found.push({ tone: 'info', message: words.activeUnknown });
  return found;
}

/** A person as a member. Whether they are active, or an admin, the API says of nobody. */
export function toMember(person: Person, forms: FieldForms = {}): Member {
  const cannot = cannotReceive(person, forms);
  return {
    id: person.key,
    name: nameOf(person),
    email: person.email ?? '',
    active: true,
    admin: 'unknown',
    ...(isNameAlone(person) && { title: words.nameAloneTitle, nameAlone: true }),
    ...(cannot.length > 0 && { cannotReceive: cannot }),
  };
}

/** In which forms each field that can be written says users, by category; kept, so that a restart knows them. */
export const fieldFormsSchema = z.record(z.string(), z.array(z.string()));
export type FieldForms = z.infer<typeof fieldFormsSchema>;

/** The forms that a reading has shown. */
export function formsOf({ companies }: Pick<Reading, 'companies'>): FieldForms {
  const all = foundIn(companies);
  const keys = new Set(all.flatMap(({ attributes }) => [...attributes.keys()]));
  const forms = (field: (company: Company) => Said | undefined): string[] => [
    ...new Set(all.map((company) => field(company)?.form ?? 'none')),
  ];
  return {
    'customers.csm': forms(({ csm }) => csm),
    'customers.accountManager': forms(({ accountManager }) => accountManager),
    ...Object.fromEntries(
      [...keys].map((key) => [`attributes.user:${key}`, forms(({ attributes }) => attributes.get(key))]),
    ),
  };
}

function cannotReceive(person: Person, forms: FieldForms): NonNullable<Member['cannotReceive']> {
  const name = nameOf(person);
  if (isNameAlone(person)) return [{ category: '*', reason: words.nameAlone(name) }];
  // Of tasks only ids are known to be taken.
  return Object.entries({ 'tasks.open': ['id'], ...forms }).flatMap(([category, needed]) => {
    if (person.id === undefined && needed.includes('id') && !needed.includes('email'))
      return [{ category, reason: words.cannotReceive(name, 'id') }];
    if (person.email === undefined && needed.includes('email') && !needed.includes('id'))
      return [{ category, reason: words.cannotReceive(name, 'email') }];
    return [];
  });
}

const pageSize = 500;
/** Where a scan is: the category, and the ref after which it goes on. */
const placeSchema = z.tuple([z.string(), z.string()]);

/** One page of the items of these categories, in the order of their refs. Throws why one of them was not read. */
export function scan(scene: Scene, wanted: readonly string[], cursor?: string): Page<Item> {
  const holdings = holdingsOf(scene).filter(({ category }) => wanted.includes(category.id));
  for (const { error } of holdings) if (error) throw error;
  const items = holdings
    .flatMap((holding) => holding.items)
    .sort((a, b) => compare(a.category, b.category) || compare(a.ref, b.ref));
  const place = cursor === undefined ? undefined : placeOf(cursor, wanted);
  const rest = place
    ? items.filter(({ category, ref }) => (compare(category, place[0]) || compare(ref, place[1])) > 0)
    : items;
  const page = rest.slice(0, pageSize);
  const last = page.at(-1);
  return {
    items: page,
    total: items.length,
    ...(rest.length > pageSize && last && { cursor: JSON.stringify([last.category, last.ref]) }),
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function placeOf(cursor: string, wanted: readonly string[]): z.infer<typeof placeSchema> {
  try {
    const place = placeSchema.parse(JSON.parse(cursor));
    if (wanted.includes(place[0])) return place;
  } catch {
    // Told below, like a place in a category that was not asked for.
  }
  throw new WorkspaceError('invalid', 'Expected a place in this scan, got another cursor.');
}
