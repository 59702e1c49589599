import { rowOf } from './ids.ts';
import { type Account, ApiError, memberOf, pageOf, sayUser, withId } from './wire.ts';

/** Playbooks, lifecycles and objectives: read only, and of playbooks and lifecycles nobody knows how far. */

interface StepRow {
  id: string;
  kind: 'task' | 'email';
  title: string;
  assignee: string | null;
  sender: string | null;
}

/** GET /playbook */
export function listPlaybooks(account: Account, query: Record<string, unknown>): unknown {
  const { database, variants } = account;
  const rows = database.all<{ id: string; name: string; trigger: string; running: number }>(
    'SELECT * FROM playbook ORDER BY id',
  );
  const actionsOf = (playbook: string) => [
    ...database
      .all<StepRow>('SELECT * FROM playbook_step WHERE playbook = ? ORDER BY position', playbook)
      .map(({ id, kind, title, assignee, sender }) =>
        kind === 'task'
          ? withId(account, id, {
              type: 'create_task',
              title,
              assignee: sayUser(memberOf(database, assignee), 'id'),
            })
          : withId(account, id, {
              type: 'send_email',
              subject: title,
              from: sayUser(memberOf(database, sender), 'id'),
            }),
      ),
    ...database
      .all<{ member: string | null }>('SELECT member FROM assigns_csm WHERE playbook = ?', playbook)
      .map(({ member }) => ({
        type: 'update_attribute',
        field: 'owners_csm',
        ...(member && { value: sayUser(memberOf(database, member), 'id') }),
      })),
  ];
  const { items, total } = pageOf(account, query, rows, 100);
  return {
    ...total,
    playbooks: items.map(({ id, name, trigger, running }) =>
      withId(account, id, {
        name,
        type: 'companies',
        status: running > 0 ? 'active' : 'inactive',
        ...(variants.automations === 'named' && { trigger: { type: trigger }, actions: actionsOf(id) }),
      }),
    ),
  };
}

/** GET /lifecycle */
export function listLifecycles(account: Account, query: Record<string, unknown>): unknown {
  const { database, variants } = account;
  const rows = database.all<{ id: string; name: string }>('SELECT * FROM lifecycle ORDER BY id');
  const goalsOf = (lifecycle: string) => {
    const tasks = database.all<{ id: string; stage: string; title: string; assignee: string | null }>(
      'SELECT * FROM lifecycle_task WHERE lifecycle = ? ORDER BY id',
      lifecycle,
    );
    return [...Map.groupBy(tasks, ({ stage }) => stage)].map(([stage, own]) => ({
      id: stage,
      name: stage,
      tasks: own.map(({ id, title, assignee }) =>
        withId(account, id, {
          name: title,
          ...(variants.automations === 'named' && {
            assignedTo: sayUser(memberOf(database, assignee), 'id'),
          }),
        }),
      ),
    }));
  };
  const { items, total } = pageOf(account, query, rows, 100);
  return {
    ...total,
    lifecycles: items.map(({ id, name }) =>
      withId(account, id, {
        name,
        status: 'active',
        goals: goalsOf(id),
        tasks: [],
        settings: {},
        created_by: sayUser(memberOf(database, 'mem_01'), 'id'),
      }),
    ),
  };
}

interface ObjectiveRow {
  id: string;
  customer: string;
  title: string;
  status: string;
  assignee: string | null;
  collaborator: string | null;
}

/** GET /objective */
export function listObjectives(account: Account, query: Record<string, unknown>): unknown {
  const { database, variants } = account;
  const company = query.company ?? query.company_id;
  if (company === undefined && variants.objectives === 'company')
    throw new ApiError(400, 'company is required');
  const rows = database.all<ObjectiveRow>(
    'SELECT * FROM objective WHERE ? IS NULL OR customer = ? ORDER BY rowid',
    ...[company === undefined ? null : rowOf(company), company === undefined ? null : rowOf(company)],
  );
  const { items, total } = pageOf(account, query, rows, 50);
  return {
    ...total,
    objectives: items.map(({ id, title, status, assignee, collaborator }) =>
      withId(account, id, {
        name: title,
        status,
        assignedTo: sayUser(memberOf(database, assignee), 'id'),
        assignedToName: memberOf(database, assignee)?.name ?? null,
        collaborators: collaborator
          ? [
              {
                name: memberOf(database, collaborator)?.name,
                entity: sayUser(memberOf(database, collaborator), 'id'),
              },
            ]
          : [],
      }),
    ),
  };
}
