/** What the web application's own API (test/sandbox/app-api.ts) answers; types only, shared by both sides. */

export type Role = 'admin' | 'manager' | 'csm';

export interface Member {
  id: string;
  name: string;
  email: string;
  title: string;
  role: Role;
  active: boolean;
  mailbox: boolean;
  signature: boolean;
}

export interface SessionInfo {
  member: Member;
  csrf: string;
  workspace: string;
}

/** One page of a longer list; `page` counts from 1. */
export interface Paged<Row> {
  rows: Row[];
  total: number;
  page: number;
  pages: number;
}

export interface UserDetail extends Member {
  customers: number;
  openTasks: number;
}

export interface Customer {
  id: string;
  name: string;
  segment: string;
  plan: string;
  region: string;
  /** Annual recurring revenue in whole dollars. */
  arr: number;
  /** 0 to 100. */
  health: number;
  renewalOn: string;
  csm: string | null;
  accountManager: string | null;
}

export interface CustomerList extends Paged<Customer> {
  segments: string[];
  /** The saved view that was asked for, with what it shows. */
  view?: { id: string; name: string; shows: string };
  attribute?: { key: string; name: string };
}

interface Attribute {
  key: string;
  name: string;
  type: 'text' | 'number' | 'date' | 'user';
}

export interface AttributeValue extends Attribute {
  value: string | null;
}

export interface TimelineEntry {
  seq: number;
  at: string;
  actor: string;
  kind: string;
  summary: string;
}

export interface CustomerDetail extends Customer {
  attributes: AttributeValue[];
  tasks: Task[];
}

export interface Timeline {
  entries: TimelineEntry[];
  /** Give it as `before` to get older entries; absent when these are the last. */
  before?: number;
}

export interface Task {
  id: string;
  title: string;
  customer: { id: string; name: string } | null;
  assignee: string | null;
  status: 'open' | 'done' | 'not relevant';
  dueOn: string | null;
  snoozedUntil: string | null;
  priority: string;
}

export interface TaskList extends Paged<Task> {
  counts: { open: number; snoozed: number; done: number };
}

export interface PlaybookSummary {
  id: string;
  name: string;
  trigger: string;
  /** Customers who are in it now. */
  running: number;
  taskSteps: number;
  emailSteps: number;
}

export interface PlaybookStep {
  id: string;
  position: number;
  kind: 'task' | 'email';
  title: string;
  assignee: string | null;
  sender: string | null;
}

export interface PlaybookDetail extends PlaybookSummary {
  steps: PlaybookStep[];
}

export interface LifecycleSummary {
  id: string;
  name: string;
  stages: number;
  tasks: number;
}

export interface LifecycleTask {
  id: string;
  stage: string;
  title: string;
  assignee: string | null;
}

export interface LifecycleDetail extends LifecycleSummary {
  items: LifecycleTask[];
}

export interface Dashboard {
  id: string;
  name: string;
  owner: string | null;
  personal: boolean;
  sharedWith: number;
}

export interface DashboardDetail extends Dashboard {
  customers: number;
  arr: number;
  openTasks: number;
  /** Annual recurring revenue by segment. */
  bySegment: { label: string; value: number }[];
  /** Customers by health band. */
  byHealth: { label: string; value: number }[];
}

export interface SavedView {
  id: string;
  area: 'customers' | 'insights';
  name: string;
  owner: string | null;
  sharedWith: number;
}

export interface Approval {
  id: string;
  subject: string;
  customer: { id: string; name: string };
  approver: string;
  requestedOn: string;
}

export interface ScheduledEmail {
  id: string;
  subject: string;
  customer: { id: string; name: string };
  sender: string;
  sendOn: string;
}

export interface Mailbox {
  id: string;
  address: string;
  provider: string;
  member: string;
  connected: boolean;
}

export interface Signature {
  id: string;
  name: string;
  member: string;
}

export interface ApiToken {
  id: string;
  name: string;
  member: string;
  scope: string;
  createdOn: string;
  lastUsedOn: string | null;
  revoked: boolean;
}

export interface AttributeSummary extends Attribute {
  /** Companies that have a value. */
  used: number;
}
