/** What the fields of runs and batches may say. Apart from their schemas: a panel's first screen needs this alone. */

/** The kinds that have texts and an icon of their own; a connector may use `other` and bring its own name. */
export const categoryKinds = [
  'customers.csm',
  'customers.accountManager',
  'tasks.open',
  'playbooks.tasks',
  'lifecycles.tasks',
  'playbooks.senders',
  'dashboards.personal',
  'views.customers',
  'views.insights',
  'attributes.user',
  'approvals.pending',
  'emails.scheduled',
  'mailboxes.connected',
  'signatures',
  'tokens.api',
  'other',
] as const;

export const itemStates = ['planned', 'unknown', 'moved', 'failed', 'skipped'] as const;

export const modes = ['executeAndDeactivate', 'executeOnly'] as const;

export const screens = ['scan', 'reassignments', 'future', 'review', 'execution'] as const;

export const stepStates = ['queued', 'running', 'completed', 'failed', 'notRun'] as const;

export const phases = [
  'draft',
  'discarded',
  'executing',
  'paused',
  'waiting',
  'stopping',
  'succeeded',
  'partial',
  'failed',
  'superseded',
] as const;

/** So many users fit into one batch. */
export const batchLimit = 500;
