import type { Router } from 'express';
import { automations } from './app/automations.ts';
import { customers } from './app/customers.ts';
import { createRouter } from './app/http.ts';
import { insights } from './app/insights.ts';
import { people } from './app/people.ts';
import { settings } from './app/settings.ts';
import { tasks } from './app/tasks.ts';
import { touchpoints } from './app/touchpoints.ts';
import type { SandboxContext } from './context.ts';

/**
 * The JSON API behind the demo workspace's own pages, to be mounted at /app (beside /app/sign-in and /app/sign-out).
 * Every call but GET /sign-in-options needs the session; every write needs X-CSRF-Token too. Owners change through
 * `context.setOwner`, members through `context.setActive`, so timeline, write log and events are the contract's own.
 */
export function createAppApi(context: SandboxContext): Router {
  const app = createRouter(context);
  for (const part of [people, customers, tasks, automations, insights, touchpoints, settings])
    part(app, context);
  return app.router;
}
