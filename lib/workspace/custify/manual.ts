import type { Category, Item } from '../../offboarding/model.ts';
import { type Found, inLifecycles, inPlaybooks, type Named } from './automations.ts';
import { column, failed, found, type Holding, lookedAt, make, type Scene, unread } from './holding.ts';
import { keyPage } from './hosts.ts';
import type { Part } from './reading.ts';
import { attributeOf, inObjective } from './reading.ts';
import type { Said } from './said.ts';
import { idOf, type NamedRecord } from './wire.ts';
import { words } from './words.ts';

/** What names a leaver and only a person can change, and what the API shows nothing of. */

export function automations(scene: Scene): Holding[] {
  const { reading, persons, leaver, app } = scene;
  const columns = (of: string) => [column('title', 'Step', 1), column('of', of, 2)];
  const holding = (
    draft: Pick<Category, 'id' | 'kind' | 'order'>,
    of: string,
    part: Part<NamedRecord[]>,
    look: (records: NamedRecord[]) => Named,
  ): Holding => {
    const category = make(app, { ...draft, columns: columns(of), pass: draft.id, why: words.templates });
    if ('unread' in part) return failed(category, part.unread);
    const { found: named, readable } = look(part.found);
    if (part.found.length > 0 && !readable)
      return unread(category, { reason: 'unsupported', detail: words.silent(of.toLowerCase()) });
    return found(
      category,
      named.map((each) => toItem(category.id, each)),
    );
  };
  const toItem = (category: string, { ref, title, of }: Found): Item => ({
    ...{ category, ref, title, lock: `${category} ${ref}` },
    columns: { title, of },
    value: { member: scene.key },
  });
  return [
    holding(
      { id: 'playbooks.tasks', kind: 'playbooks.tasks', order: 10 },
      'Playbook',
      reading.playbooks,
      (all) => inPlaybooks(all, persons, leaver).tasks,
    ),
    holding(
      { id: 'lifecycles.tasks', kind: 'lifecycles.tasks', order: 11 },
      'Lifecycle',
      reading.lifecycles,
      (all) => inLifecycles(all, persons, leaver),
    ),
    holding(
      { id: 'playbooks.senders', kind: 'playbooks.senders', order: 12 },
      'Playbook',
      reading.playbooks,
      (all) => inPlaybooks(all, persons, leaver).senders,
    ),
  ];
}

/** Attributes of people of customers: they name users too, and the native wizard leaves them out. */
export function peopleAttributes(scene: Scene): Holding[] {
  const { reading, app } = scene;
  const category = (key: string, name: string) =>
    make(app, {
      ...{ id: `people.user:${key}`, kind: 'other', name: words.peopleAttribute(name), order: 50 },
      ...{ columns: [column('name', 'Person', 1), column('email', 'Email', 2)] },
      ...{ pass: 'people', why: words.noWrite },
    });
  const known = reading.peopleAttributes;
  if ('unread' in known) return [failed(category('*', words.allAttributes), known.unread)];
  return known.found.map(({ key, name }) => {
    const own = category(key, name);
    return lookedAt(
      scene,
      reading.people,
      own,
      (person) => [attributeOf(person, key)],
      (person) => {
        const { email } = person as { email?: unknown };
        const address = typeof email === 'string' ? email : null;
        const title = person.name ?? address ?? words.unnamed;
        return {
          ...{ category: own.id, ref: idOf(person) ?? '', title, lock: `person ${idOf(person)}` },
          columns: { name: title, email: address },
          value: { member: scene.key },
        };
      },
    );
  });
}

export function objectives(scene: Scene): Holding[] {
  const { reading, app } = scene;
  const holding = (id: string, name: string, order: number, saidBy: (of: NamedRecord) => Said[]): Holding => {
    const columns = [column('title', 'Objective', 1), column('status', 'Status', 2)];
    const category = make(app, {
      ...{ id, kind: 'other', name, order, columns, pass: 'objectives', why: words.noWrite },
    });
    return lookedAt(scene, reading.objectives, category, saidBy, (objective): Item => {
      const { status } = objective as { status?: unknown };
      const title = objective.name ?? objective.title ?? words.unnamed;
      return {
        ...{ category: id, ref: idOf(objective) ?? '', title, lock: `objective ${idOf(objective)}` },
        columns: { title, status: typeof status === 'string' ? status : null },
        value: { member: scene.key },
      };
    });
  };
  return [
    holding('objectives.assigned', words.objectives, 51, (each) => inObjective(each).slice(0, 1)),
    holding('objectives.collaborators', words.objectiveCollaborators, 52, (each) =>
      inObjective(each).slice(1),
    ),
  ];
}

/** What the API shows nothing of: for a person to look at, each with the page where it is, as far as that is known. */
export function unseen({ app }: Scene): Holding[] {
  const none = (
    draft: Pick<Category, 'id' | 'kind' | 'order'> & Partial<Category>,
    detail: string,
  ): Holding => unread(make(app, { columns: [], ...draft }), { reason: 'unsupported', detail });
  return [
    none({ id: 'dashboards.personal', kind: 'dashboards.personal', order: 60 }, words.unseen.dashboards),
    none({ id: 'views.customers', kind: 'views.customers', order: 61 }, words.unseen.views),
    none({ id: 'views.insights', kind: 'views.insights', order: 62 }, words.unseen.views),
    none({ id: 'approvals.pending', kind: 'approvals.pending', order: 70 }, words.unseen.approvals),
    none({ id: 'emails.scheduled', kind: 'emails.scheduled', order: 71 }, words.unseen.emails),
    none(
      { id: 'mailboxes.connected', kind: 'mailboxes.connected', order: 72, outlives: true },
      words.unseen.mailboxes,
    ),
    none({ id: 'signatures', kind: 'signatures', order: 73 }, words.unseen.signatures),
    none(
      { id: 'tokens.api', kind: 'tokens.api', order: 74, outlives: true, link: keyPage(app) },
      words.unseen.tokens,
    ),
  ];
}
