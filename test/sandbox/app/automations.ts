import { z } from 'zod';
import type { SandboxContext } from '../context.ts';
import type {
  LifecycleDetail,
  LifecycleSummary,
  LifecycleTask,
  PlaybookDetail,
  PlaybookStep,
  PlaybookSummary,
} from '../web/types.ts';
import { assign, conditions, found } from './common.ts';
import type { AppRouter } from './http.ts';

const owner = z.strictObject({ owner: z.string().nullable() });

/** Playbooks and lifecycles: templates that make tasks and send email, and who these go to or come from. */
export function automations(app: AppRouter, context: SandboxContext): void {
  const { database } = context;

  const playbookSelect = `SELECT playbook.id, playbook.name, playbook.trigger, playbook.running,
    (SELECT count(*) FROM playbook_step WHERE playbook_step.playbook = playbook.id AND kind = 'task') AS taskSteps,
    (SELECT count(*) FROM playbook_step WHERE playbook_step.playbook = playbook.id AND kind = 'email') AS emailSteps
    FROM playbook`;

  app.on('get', '/playbooks', (call): PlaybookSummary[] => {
    const where = conditions();
    for (const column of ['assignee', 'sender'] as const) {
      const member = call.query(column);
      const steps = `SELECT playbook FROM playbook_step WHERE ${column} = ?`;
      if (member) where.add(`playbook.id IN (${steps})`, member);
    }
    return database.all(`${playbookSelect} ${where.sql} ORDER BY playbook.name`, ...where.parameters);
  });

  app.on('get', '/playbooks/:playbook', (call): PlaybookDetail => {
    const id = call.param('playbook');
    const row = found(
      database.get<PlaybookSummary>(`${playbookSelect} WHERE playbook.id = ?`, id),
      'playbook',
    );
    const steps = database.all<PlaybookStep>(
      'SELECT id, position, kind, title, assignee, sender FROM playbook_step WHERE playbook = ? ORDER BY position',
      id,
    );
    return { ...row, steps };
  });

  app.on('patch', '/playbooks/:playbook/steps/:step', (call) => {
    const step = found(
      database.get<PlaybookStep>(
        'SELECT * FROM playbook_step WHERE playbook = ? AND id = ?',
        call.param('playbook'),
        call.param('step'),
      ),
      'step',
    );
    const { owner: to } = call.body(owner);
    const email = step.kind === 'email';
    assign(context, call, {
      category: email ? 'playbooks.senders' : 'playbooks.tasks',
      ref: step.id,
      from: email ? step.sender : step.assignee,
      to,
      what: 'step',
    });
  });

  const lifecycleSelect = `SELECT lifecycle.id, lifecycle.name,
    (SELECT count(DISTINCT stage) FROM lifecycle_task WHERE lifecycle_task.lifecycle = lifecycle.id) AS stages,
    (SELECT count(*) FROM lifecycle_task WHERE lifecycle_task.lifecycle = lifecycle.id) AS tasks
    FROM lifecycle`;

  app.on('get', '/lifecycles', (call): LifecycleSummary[] => {
    const where = conditions();
    const assignee = call.query('assignee');
    if (assignee)
      where.add('lifecycle.id IN (SELECT lifecycle FROM lifecycle_task WHERE assignee = ?)', assignee);
    return database.all(`${lifecycleSelect} ${where.sql} ORDER BY lifecycle.name`, ...where.parameters);
  });

  app.on('get', '/lifecycles/:lifecycle', (call): LifecycleDetail => {
    const id = call.param('lifecycle');
    const row = found(
      database.get<LifecycleSummary>(`${lifecycleSelect} WHERE lifecycle.id = ?`, id),
      'lifecycle',
    );
    const items = database.all<LifecycleTask>(
      'SELECT id, stage, title, assignee FROM lifecycle_task WHERE lifecycle = ? ORDER BY id',
      id,
    );
    return { ...row, items };
  });

  app.on('patch', '/lifecycles/:lifecycle/tasks/:task', (call) => {
    const task = found(
      database.get<LifecycleTask>(
        'SELECT * FROM lifecycle_task WHERE lifecycle = ? AND id = ?',
        call.param('lifecycle'),
        call.param('task'),
      ),
      'task',
    );
    const { owner: to } = call.body(owner);
    assign(context, call, {
      category: 'lifecycles.tasks',
      ref: task.id,
      from: task.assignee,
      to,
      what: 'task',
    });
  });
}
