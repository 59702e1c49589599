import { z } from 'zod';
import type { SandboxContext } from '../context.ts';
import type { Dashboard, DashboardDetail, SavedView } from '../web/types.ts';
import { assign, conditions, found } from './common.ts';
import { type AppRouter, Refusal } from './http.ts';

interface DashboardRow {
  id: string;
  name: string;
  owner: string | null;
  personal: number;
  shared_with: number;
}
interface ViewRow {
  id: string;
  area: SavedView['area'];
  name: string;
  owner: string | null;
  shared_with: number;
}

const dashboardOf = (row: DashboardRow): Dashboard => ({
  id: row.id,
  name: row.name,
  owner: row.owner,
  personal: row.personal === 1,
  sharedWith: row.shared_with,
});
const viewOf = (row: ViewRow): SavedView => ({
  id: row.id,
  area: row.area,
  name: row.name,
  owner: row.owner,
  sharedWith: row.shared_with,
});
const owner = z.strictObject({ owner: z.string() });

/** Dashboards with figures about their owner's customers, and saved views of customers and of insights. */
export function insights(app: AppRouter, context: SandboxContext): void {
  const { database } = context;
  const read = (id: string) =>
    found(database.get<DashboardRow>('SELECT * FROM dashboard WHERE id = ?', id), 'dashboard');

  app.on('get', '/dashboards', (call): Dashboard[] => {
    const where = conditions();
    const member = call.query('owner');
    if (member) where.add('owner = ?', member);
    return database
      .all<DashboardRow>(`SELECT * FROM dashboard ${where.sql} ORDER BY name, id`, ...where.parameters)
      .map(dashboardOf);
  });

  app.on('get', '/dashboards/:dashboard', (call): DashboardDetail => {
    const row = read(call.param('dashboard'));
    // A shared dashboard is about the whole workspace, a personal one about its owner's book.
    const where = conditions();
    if (row.personal === 1) where.add('customer.csm IS ?', row.owner);
    const sum = database.get<{ customers: number; arr: number }>(
      `SELECT count(*) AS customers, coalesce(sum(arr), 0) AS arr FROM customer ${where.sql}`,
      ...where.parameters,
    );
    const tasks = database.get<{ n: number }>(
      row.personal === 1
        ? "SELECT count(*) AS n FROM task WHERE status = 'open' AND assignee IS ?"
        : "SELECT count(*) AS n FROM task WHERE status = 'open'",
      ...(row.personal === 1 ? [row.owner] : []),
    );
    const bars = (label: string, value: string) =>
      database.all<{ label: string; value: number }>(
        `SELECT ${label} AS label, ${value} AS value FROM customer ${where.sql} GROUP BY 1 ORDER BY 1`,
        ...where.parameters,
      );
    return {
      ...dashboardOf(row),
      customers: sum?.customers ?? 0,
      arr: sum?.arr ?? 0,
      openTasks: tasks?.n ?? 0,
      bySegment: bars('segment', 'sum(arr)'),
      byHealth: bars(
        "CASE WHEN health < 50 THEN '0 to 49' WHEN health < 75 THEN '50 to 74' ELSE '75 to 100' END",
        'count(*)',
      ),
    };
  });

  app.on('patch', '/dashboards/:dashboard', (call): Dashboard => {
    const row = read(call.param('dashboard'));
    const { owner: to } = call.body(owner);
    if (row.personal !== 1) throw new Refusal(409, 'A dashboard of the workspace has no owner to change.');
    assign(context, call, {
      category: 'dashboards.personal',
      ref: row.id,
      from: row.owner,
      to,
      what: 'dashboard',
    });
    return dashboardOf(read(row.id));
  });

  app.on('get', '/views', (call): SavedView[] => {
    const where = conditions();
    const area = call.query('area');
    if (area) where.add('area = ?', area);
    const member = call.query('owner');
    if (member) where.add('owner = ?', member);
    return database
      .all<ViewRow>(`SELECT * FROM saved_view ${where.sql} ORDER BY name, id`, ...where.parameters)
      .map(viewOf);
  });

  app.on('patch', '/views/:view', (call): SavedView => {
    const id = call.param('view');
    const view = () => found(database.get<ViewRow>('SELECT * FROM saved_view WHERE id = ?', id), 'view');
    const row = view();
    const { owner: to } = call.body(owner);
    assign(context, call, { category: `views.${row.area}`, ref: row.id, from: row.owner, to, what: 'view' });
    return viewOf(view());
  });
}
