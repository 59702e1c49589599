/**
 * Every page of the demo workspace's web application, as data. All of them can be loaded directly by URL, each
 * filter is a query parameter, and an anchor (`#id`) scrolls to one row and marks it. The server answers each of
 * these paths with the same document; the contract's `link` fields are made with `categoryPath` and `itemPath`.
 *
 * | path                        | filters                                              | anchors             |
 * | --------------------------- | ---------------------------------------------------- | ------------------- |
 * | /sign-in                    | next                                                 |                     |
 * | /customers                  | q, segment, csm, accountManager, attribute + member, view |                |
 * | /customers/views            | owner                                                | saved view          |
 * | /customers/:customer        | tab                                                  | task, timeline seq  |
 * | /tasks                      | q, status (open, snoozed, done), assignee            | task                |
 * | /tasks/:task                |                                                      |                     |
 * | /playbooks                  | assignee, sender                                     | playbook            |
 * | /playbooks/:playbook        |                                                      | step                |
 * | /lifecycles                 | assignee                                             | lifecycle           |
 * | /lifecycles/:lifecycle      |                                                      | task                |
 * | /insights                   | owner                                                | dashboard           |
 * | /insights/views             | owner                                                | saved view          |
 * | /insights/dashboards/:dashboard |                                                  |                     |
 * | /touchpoints/approvals      | approver                                             | approval            |
 * | /touchpoints/scheduled      | sender                                               | scheduled email     |
 * | /settings/users             | q, status                                            | member              |
 * | /settings/users/:member     |                                                      |                     |
 * | /settings/email             | member (mailboxes)                                   | mailbox             |
 * | /settings/email/signatures  | member                                               | signature           |
 * | /settings/developer         | member                                               | API token           |
 * | /settings/attributes        |                                                      | attribute key       |
 */
export const routes = [
  { name: 'signIn', path: '/sign-in', title: 'Sign in', area: '' },
  {
    name: 'customers',
    path: '/customers',
    title: 'Customers',
    area: 'customers',
  },
  {
    name: 'customerViews',
    path: '/customers/views',
    title: 'Saved views',
    area: 'customers',
  },
  {
    name: 'customer',
    path: '/customers/:customer',
    title: 'Customer',
    area: 'customers',
  },
  { name: 'tasks', path: '/tasks', title: 'Tasks', area: 'tasks' },
  { name: 'task', path: '/tasks/:task', title: 'Task', area: 'tasks' },
  {
    name: 'playbooks',
    path: '/playbooks',
    title: 'Playbooks',
    area: 'playbooks',
  },
  {
    name: 'playbook',
    path: '/playbooks/:playbook',
    title: 'Playbook',
    area: 'playbooks',
  },
  {
    name: 'lifecycles',
    path: '/lifecycles',
    title: 'Lifecycles',
    area: 'lifecycles',
  },
  {
    name: 'lifecycle',
    path: '/lifecycles/:lifecycle',
    title: 'Lifecycle',
    area: 'lifecycles',
  },
  { name: 'insights', path: '/insights', title: 'Insights', area: 'insights' },
  {
    name: 'insightViews',
    path: '/insights/views',
    title: 'Saved views',
    area: 'insights',
  },
  {
    name: 'dashboard',
    path: '/insights/dashboards/:dashboard',
    title: 'Dashboard',
    area: 'insights',
  },
  {
    name: 'approvals',
    path: '/touchpoints/approvals',
    title: 'Pending approvals',
    area: 'touchpoints',
  },
  {
    name: 'scheduled',
    path: '/touchpoints/scheduled',
    title: 'Scheduled emails',
    area: 'touchpoints',
  },
  { name: 'users', path: '/settings/users', title: 'Users', area: 'settings' },
  {
    name: 'user',
    path: '/settings/users/:member',
    title: 'User',
    area: 'settings',
  },
  {
    name: 'mailboxes',
    path: '/settings/email',
    title: 'Mailboxes',
    area: 'settings',
  },
  {
    name: 'signatures',
    path: '/settings/email/signatures',
    title: 'Signatures',
    area: 'settings',
  },
  {
    name: 'developer',
    path: '/settings/developer',
    title: 'Developer',
    area: 'settings',
  },
  {
    name: 'attributes',
    path: '/settings/attributes',
    title: 'Custom attributes',
    area: 'settings',
  },
] as const;

export type RouteName = (typeof routes)[number]['name'];

export interface Match {
  name: RouteName;
  title: string;
  area: string;
  params: Record<string, string>;
}

/**
 * Finds the page of a path.
 * @param pathname path of the address, without query and anchor; a trailing slash does not matter
 * @returns the route with its decoded parameters, or undefined when no page has this path
 */
export function matchRoute(pathname: string): Match | undefined {
  const parts = segments(pathname);
  for (const route of routes) {
    const pattern = segments(route.path);
    if (pattern.length !== parts.length) continue;
    if (!pattern.every((part, index) => part.startsWith(':') || part === parts[index])) continue;
    const params: Record<string, string> = {};
    pattern.forEach((part, index) => {
      if (part.startsWith(':')) params[part.slice(1)] = decode(parts[index] ?? '');
    });
    return { name: route.name, title: route.title, area: route.area, params };
  }
  return undefined;
}

/**
 * The page where a person does by hand what a category of the contract lists, filtered to one member.
 * @param category the category's id, for example `tasks.open` or `attributes.user:renewal_lead`
 * @param member the member's id
 * @returns path and query, without an origin
 * @throws when the category is not one of the demo workspace's
 */
export function categoryPath(category: string, member: string): string {
  const id = encodeURIComponent(member);
  if (category.startsWith('attributes.user:')) {
    const key = encodeURIComponent(category.slice('attributes.user:'.length));
    return `/customers?attribute=${key}&member=${id}`;
  }
  const paths: Record<string, string> = {
    'customers.csm': `/customers?csm=${id}`,
    'customers.accountManager': `/customers?accountManager=${id}`,
    'tasks.open': `/tasks?assignee=${id}`,
    'playbooks.tasks': `/playbooks?assignee=${id}`,
    'playbooks.senders': `/playbooks?sender=${id}`,
    'lifecycles.tasks': `/lifecycles?assignee=${id}`,
    'dashboards.personal': `/insights?owner=${id}`,
    'views.customers': `/customers/views?owner=${id}`,
    'views.insights': `/insights/views?owner=${id}`,
    'approvals.pending': `/touchpoints/approvals?approver=${id}`,
    'emails.scheduled': `/touchpoints/scheduled?sender=${id}`,
    'mailboxes.connected': `/settings/email?member=${id}`,
    signatures: `/settings/email/signatures?member=${id}`,
    'tokens.api': `/settings/developer?member=${id}`,
  };
  const path = paths[category];
  if (!path) throw new Error(`No page for the category "${category}".`);
  return path;
}

/**
 * The page that shows one item of a category.
 * @param category as for `categoryPath`
 * @param id the row's id (customer, task, step, …); for attributes the customer's id
 * @param parent the playbook or lifecycle that a step belongs to
 * @returns path and anchor, without an origin
 * @throws when the category is not one of the demo workspace's
 */
export function itemPath(category: string, id: string, parent = ''): string {
  const ref = encodeURIComponent(id);
  const within = encodeURIComponent(parent);
  if (category.startsWith('attributes.user:')) return `/customers/${ref}`;
  const paths: Record<string, string> = {
    'customers.csm': `/customers/${ref}`,
    'customers.accountManager': `/customers/${ref}`,
    'tasks.open': `/tasks/${ref}`,
    'playbooks.tasks': `/playbooks/${within}#${ref}`,
    'playbooks.senders': `/playbooks/${within}#${ref}`,
    'lifecycles.tasks': `/lifecycles/${within}#${ref}`,
    'dashboards.personal': `/insights/dashboards/${ref}`,
    'views.customers': `/customers/views#${ref}`,
    'views.insights': `/insights/views#${ref}`,
    'approvals.pending': `/touchpoints/approvals#${ref}`,
    'emails.scheduled': `/touchpoints/scheduled#${ref}`,
    'mailboxes.connected': `/settings/email#${ref}`,
    signatures: `/settings/email/signatures#${ref}`,
    'tokens.api': `/settings/developer#${ref}`,
  };
  const path = paths[category];
  if (!path) throw new Error(`No page for the category "${category}".`);
  return path;
}

function segments(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
