import { buildWeb } from '../sandbox/build-web.ts';
import type { FaultRule } from '../sandbox/faults.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../sandbox/server.ts';

export const priya = 'mem_01';
export const dana = 'mem_03';
/** Inactive, and owns things. */
export const ruth = 'mem_38';

export interface Owned {
  active: boolean;
  total: number;
  counts: Record<string, number>;
}

/** The demo workspace with its pages, and what tests ask the server itself. */
export interface Workspace {
  readonly sandbox: Sandbox;
  memberPage(member: string): string;
  cookie(member: string): string;
  owned(member: string): Promise<Owned>;
  writes(): Promise<{
    total: number;
    doubled: number;
    writes: { actor: string; category: string; ref: string; run: string | null }[];
  }>;
  faults(rules: FaultRule[]): void;
  close(): Promise<void>;
}

/** Starts it with pages and control calls. */
export async function startWorkspace(options: SandboxOptions = {}): Promise<Workspace> {
  await buildWeb();
  const sandbox = await startSandbox({ control: true, settle: 300, ...options });
  const ask = async <T>(path: string): Promise<T> =>
    (await (await fetch(`${sandbox.url}/__sandbox/${path}`)).json()) as T;
  return {
    sandbox,
    memberPage: (member) => `${sandbox.url}/settings/users/${member}`,
    cookie: (member) => sandbox.session(member).cookie,
    owned: (member) => ask(`owned?member=${member}`),
    writes: () => ask('writes'),
    faults: (rules) => sandbox.faults.add(rules),
    close: () => sandbox.close(),
  };
}

/** Categories that no run hands over. */
export const manualCategories = [
  'approvals.pending',
  'emails.scheduled',
  'mailboxes.connected',
  'signatures',
  'tokens.api',
];

/** What of these counts a run should have brought to nothing. */
export function leftOver(owned: Owned): [string, number][] {
  return Object.entries(owned.counts).filter(
    ([category, count]) => count > 0 && !manualCategories.includes(category),
  );
}
