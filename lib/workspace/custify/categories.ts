import type { Category, Column, Item } from '../../offboarding/model.ts';
import type { WorkspaceError } from '../errors.ts';
import { type Found, inLifecycles, inPlaybooks, type Named } from './automations.ts';
import { keyPage } from './hosts.ts';
import { isNameAlone, type Person, type Persons, type Said } from './persons.ts';
import type { Company, Part, Reading, Task } from './reading.ts';
import { attributeOf, foundIn, inObjective, ownerFields } from './reading.ts';
import { idOf, type NamedRecord } from './wire.ts';
import { words } from './words.ts';

/** Everything of Custify that can name somebody, with the items of one leaver. The README beside has it as a table. */

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

const column = (key: string, label: string, priority: 1 | 2 | 3, type: Column['type'] = 'text'): Column => ({
  ...{ key, label, type, priority },
  align: 'start',
});

type Draft = Pick<Category, 'id' | 'kind' | 'order' | 'columns'> & Partial<Category>;

const make = (app: string, draft: Draft): Category => ({
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

const found = (category: Category, items: Item[]): Holding => ({
  category: { ...category, count: items.length },
  items,
});
const unread = (category: Category, reason: NonNullable<Category['unread']>): Holding => ({
  category: { ...category, count: null, unread: reason },
  items: [],
});
const failed = (category: Category, error: WorkspaceError): Holding => ({
  ...unread(category, unreadOf(error)),
  error,
});
/** The part's items where it was read, else the reason. */
const from = <T>(part: Part<T[]>, category: Category, items: (found: T[]) => Item[]): Holding =>
  'found' in part ? found(category, items(part.found)) : failed(category, part.unread);

/** Every category for one leaver. */
export function holdingsOf(scene: Scene): Holding[] {
  return [
    ...automations(scene),
    ...attributes(scene),
    ...customers(scene),
    ...tasks(scene),
    ...peopleAttributes(scene),
    ...objectives(scene),
    ...unseen(scene),
  ];
}

/** Whether a field names the leaver for sure. */
const isLeaver = ({ persons, leaver }: Scene, said: Said): boolean =>
  said.mention !== undefined && !isNameAlone(said.mention) && persons.of(said.mention) === leaver;

/** Whether it says no more than the leaver's name. */
const saysName = ({ leaver }: Scene, { mention }: Said): boolean =>
  mention !== undefined && isNameAlone(mention) && mention.name !== undefined && mention.name === leaver.name;

/** Named for sure, but in a form that nobody knows how to write. */
const isUnclear = ({ form }: Said): boolean => form === 'name' || form === 'other';

const customerOf = ({ persons }: Scene, { id, name, csm }: Company): NonNullable<Item['customer']> => ({
  ref: id,
  name,
  owner: (csm.mention && persons.of(csm.mention)?.key) ?? null,
});

const customerColumns = [
  column('name', 'Customer', 1),
  column('industry', 'Industry', 2),
  column('plan', 'Plan', 2),
];

const ofCompany = (scene: Scene, category: string, company: Company): Item => ({
  category,
  ref: company.id,
  title: company.name,
  customer: customerOf(scene, company),
  columns: { name: company.name, industry: company.industry, plan: company.plan },
  value: { member: scene.key },
  lock: `company ${company.id}`,
});

function customers(scene: Scene): Holding[] {
  const { reading, app } = scene;
  const owned = (
    id: 'customers.csm' | 'customers.accountManager',
    order: number,
    owner: keyof typeof ownerFields,
    flags: Partial<Category>,
  ): Holding => {
    const category = make(app, {
      ...{ id, kind: id, order, columns: customerColumns, pass: 'companies', action: 'reassign' as const },
      ...flags,
    });
    const holding = from(reading.companies, category, (companies) =>
      companies
        .filter((company) => isLeaver(scene, company[owner]) && !isUnclear(company[owner]))
        .map((company) => ofCompany(scene, id, company)),
    );
    return { ...holding, proof: ownerFields[owner] };
  };
  return [
    owned('customers.csm', 30, 'csm', { decidesCustomer: true }),
    owned('customers.accountManager', 31, 'accountManager', { perCustomer: true }),
    ...unclear(scene),
  ];
}

/** Customers that name the leaver in a way that leaves open who is meant, or how it would be changed. */
function unclear(scene: Scene): Holding[] {
  const { reading, app } = scene;
  const id = 'customers.unclear';
  const fieldsOf = (company: Company): [string, Said][] => [
    ['CSM', company.csm],
    ['Account manager', company.accountManager],
    ...[...company.attributes].map(([key, said]): [string, Said] => [key, said]),
  ];
  const items = foundIn(reading.companies).flatMap((company) => {
    const fields = fieldsOf(company).filter(
      ([, said]) => saysName(scene, said) || (isUnclear(said) && isLeaver(scene, said)),
    );
    if (fields.length === 0) return [];
    const item = ofCompany(scene, id, company);
    return [{ ...item, columns: { ...item.columns, field: fields.map(([name]) => name).join(', ') } }];
  });
  if (items.length === 0) return [];
  const columns = [...customerColumns, column('field', 'Field', 2)];
  const name = words.unclearName;
  return [
    found(
      make(app, { id, kind: 'other', name, order: 32, columns, why: words.unclear, pass: 'companies' }),
      items,
    ),
  ];
}

function attributes(scene: Scene): Holding[] {
  const { reading, app } = scene;
  const category = (key: string, name: string, order: number): Category =>
    make(app, {
      ...{ id: `attributes.user:${key}`, kind: 'attributes.user', name, order, columns: customerColumns },
      ...{ action: 'reassign', perCustomer: true, pass: 'companies' },
    });
  const known = reading.attributes;
  if ('unread' in known) return [failed(category('*', words.allAttributes, 20), known.unread)];
  return known.found.map(({ key, name }, index) => {
    const own = category(key, name, 20 + index / 1_000);
    const holding = from(reading.companies, own, (companies) =>
      companies
        .filter((company) => {
          const said = company.attributes.get(key);
          return said !== undefined && isLeaver(scene, said) && !isUnclear(said);
        })
        .map((company) => ofCompany(scene, own.id, company)),
    );
    return { ...holding, proof: `attribute ${key}` };
  });
}

const taskColumns = [
  column('title', 'Task', 1),
  column('customer', 'Customer', 2),
  column('due', 'Due', 2, 'date'),
  column('snoozed', 'Snoozed until', 3, 'date'),
  column('priority', 'Priority', 3),
];

function tasks(scene: Scene): Holding[] {
  const { reading, app } = scene;
  const companies = new Map(foundIn(reading.companies).map((company) => [company.id, company]));
  const toItem = (category: string, task: Task): Item => {
    const company = companies.get(task.company ?? '');
    return {
      category,
      ref: task.id,
      title: task.title,
      ...(company && { customer: customerOf(scene, company) }),
      columns: {
        title: task.title,
        customer: company?.name ?? null,
        due: task.due,
        snoozed: task.snoozed,
        priority: task.priority,
      },
      value: { member: scene.key },
      lock: `task ${task.id}`,
    };
  };
  const ofTasks = (
    draft: Partial<Category> & Pick<Category, 'id' | 'kind' | 'order'>,
    wanted: (task: Task) => boolean,
  ) =>
    from(reading.tasks, make(app, { columns: taskColumns, pass: 'tasks', ...draft }), (all) =>
      all.filter((task) => task.open && wanted(task)).map((task) => toItem(draft.id, task)),
    );
  const open = ofTasks(
    { id: 'tasks.open', kind: 'tasks.open', order: 40, action: 'reassign', perCustomer: true },
    (task) => task.toUser && isLeaver(scene, task.assignee) && !isUnclear(task.assignee),
  );
  const collaborating = ofTasks(
    {
      ...{ id: 'tasks.collaborators', kind: 'other', order: 41 },
      name: words.collaborators,
      why: words.noWrite,
    },
    (task) => task.collaborators.some((said) => isLeaver(scene, said)),
  );
  const others = ofTasks(
    { ...{ id: 'tasks.unclear', kind: 'other', order: 42 }, name: words.otherTasks, why: words.otherModel },
    (task) =>
      (!task.toUser && isLeaver(scene, task.assignee)) ||
      (isUnclear(task.assignee) && (isLeaver(scene, task.assignee) || saysName(scene, task.assignee))),
  );
  const collaborators = scene.ownTasksOnly
    ? unread(collaborating.category, { reason: 'unsupported', detail: words.onlyOwnTasks })
    : collaborating;
  return [{ ...open, proof: 'task assignee' }, collaborators, ...(others.items.length > 0 ? [others] : [])];
}

function automations(scene: Scene): Holding[] {
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
function peopleAttributes(scene: Scene): Holding[] {
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
    return from(reading.people, own, (people) =>
      people
        .filter((person) => isLeaver(scene, attributeOf(person, key)))
        .map((person) => {
          const { email } = person as { email?: unknown };
          const address = typeof email === 'string' ? email : null;
          const title = person.name ?? address ?? words.unnamed;
          return {
            ...{ category: own.id, ref: idOf(person) ?? '', title, lock: `person ${idOf(person)}` },
            columns: { name: title, email: address },
            value: { member: scene.key },
          };
        }),
    );
  });
}

function objectives(scene: Scene): Holding[] {
  const { reading, app } = scene;
  const holding = (id: string, name: string, order: number, wanted: (said: Said[]) => boolean): Holding => {
    const columns = [column('title', 'Objective', 1), column('status', 'Status', 2)];
    const category = make(app, {
      ...{ id, kind: 'other', name, order, columns, pass: 'objectives', why: words.noWrite },
    });
    return from(reading.objectives, category, (all) =>
      all
        .filter((objective) => wanted(inObjective(objective)))
        .map((objective) => {
          const { status } = objective as { status?: unknown };
          const title = objective.name ?? objective.title ?? words.unnamed;
          return {
            ...{ category: id, ref: idOf(objective) ?? '', title, lock: `objective ${idOf(objective)}` },
            columns: { title, status: typeof status === 'string' ? status : null },
            value: { member: scene.key },
          };
        }),
    );
  };
  return [
    holding(
      'objectives.assigned',
      words.objectives,
      51,
      ([assignee]) => assignee !== undefined && isLeaver(scene, assignee),
    ),
    holding('objectives.collaborators', words.objectiveCollaborators, 52, ([, ...others]) =>
      others.some((said) => isLeaver(scene, said)),
    ),
  ];
}

/** What the API shows nothing of: for a person to look at, each with the page where it is, as far as that is known. */
function unseen({ app }: Scene): Holding[] {
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
