import type { Category, Item } from '../../offboarding/model.ts';
import {
  column,
  failed,
  found,
  from,
  type Holding,
  isForeign,
  isLeaver,
  isUnclear,
  lookedAt,
  make,
  mayBeLeaver,
  notUnderstood,
  type Scene,
  unread,
} from './holding.ts';
import { automations, objectives, peopleAttributes, unseen } from './manual.ts';
import type { Company, Part, Task } from './reading.ts';
import { foundIn, ownerFields } from './reading.ts';
import { isNotUnderstood, type Said } from './said.ts';
import { words } from './words.ts';

/** Everything of Custify that can name somebody, with the items of one leaver. The README beside has it as a table. */

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

/** The customers whose field names the leaver in a form that can be written; unread where none is understood. */
function ofField(scene: Scene, category: Category, field: (company: Company) => Said): Holding {
  const { companies } = scene.reading;
  if (isForeign(foundIn(companies).map(field))) return notUnderstood(category);
  return from(companies, category, (all) =>
    all
      .filter((company) => isLeaver(scene, field(company)) && !isUnclear(field(company)))
      .map((company) => ofCompany(scene, category.id, company)),
  );
}

function customers(scene: Scene): Holding[] {
  const { app } = scene;
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
    const holding = ofField(scene, category, (company) => company[owner]);
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
  const companies = foundIn(reading.companies);
  const keys = foundIn(reading.attributes).map(({ key }) => key);
  const all: [string, (company: Company) => Said][] = [
    ['CSM', ({ csm }) => csm],
    ['Account manager', ({ accountManager }) => accountManager],
    ...keys.map((key): [string, (company: Company) => Said] => [
      key,
      ({ attributes }) => attributes.get(key) ?? { form: 'none' },
    ]),
  ];
  // A field of which nothing is understood is a category that could not be read.
  const read = all.filter(([, field]) => !isForeign(companies.map(field)));
  const isOpen = (said: Said): boolean =>
    mayBeLeaver(scene, said) || isNotUnderstood(said) || (isUnclear(said) && isLeaver(scene, said));
  const items = companies.flatMap((company) => {
    const fields = read.filter(([, field]) => isOpen(field(company)));
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
    const holding = ofField(scene, own, ({ attributes }) => attributes.get(key) ?? { form: 'none' });
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
  const openTasks: Part<Task[]> =
    'found' in reading.tasks ? { found: reading.tasks.found.filter(({ open }) => open) } : reading.tasks;
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
    from(openTasks, make(app, { columns: taskColumns, pass: 'tasks', ...draft }), (all) =>
      all.filter(wanted).map((task) => toItem(draft.id, task)),
    );
  const open = ofTasks(
    { id: 'tasks.open', kind: 'tasks.open', order: 40, action: 'reassign', perCustomer: true },
    (task) => task.toUser && isLeaver(scene, task.assignee) && !isUnclear(task.assignee),
  );
  const foreign = isForeign(foundIn(openTasks).map(({ assignee }) => assignee));
  const collaborating = make(app, {
    ...{ id: 'tasks.collaborators', kind: 'other', order: 41, columns: taskColumns, pass: 'tasks' },
    name: words.collaborators,
    why: words.noWrite,
  });
  const others = ofTasks(
    { ...{ id: 'tasks.unclear', kind: 'other', order: 42 }, name: words.otherTasks, why: words.otherModel },
    ({ assignee, toUser }) =>
      mayBeLeaver(scene, assignee) ||
      (isNotUnderstood(assignee) && !foreign) ||
      (isLeaver(scene, assignee) && (!toUser || isUnclear(assignee))),
  );
  const collaborators = scene.ownTasksOnly
    ? unread(collaborating, { reason: 'unsupported', detail: words.onlyOwnTasks })
    : lookedAt(
        scene,
        openTasks,
        collaborating,
        (task) => task.collaborators,
        (task) => toItem(collaborating.id, task),
      );
  return [
    { ...(foreign ? notUnderstood(open.category) : open), proof: 'task assignee' },
    collaborators,
    ...(others.items.length > 0 ? [others] : []),
  ];
}
