import { isOpen } from '../../lib/offboarding/transitions.ts';
import { WorkspaceError } from '../../lib/workspace/errors.ts';
import type { RegisteredRun, RunRegistry } from '../../lib/workspace/port.ts';

/** Milliseconds for which a holder counts as present after each call. */
export const lease = 180_000;

/** The registry of the demo workspace: one open run a leaver, a lease, and a fence that every take-over raises. */
export function createRegistry(now: () => Date, signedIn: () => string | null) {
  const runs = new Map<string, RegisteredRun>();
  const until = (): string => new Date(now().getTime() + lease).toISOString();
  const conflict = (detail: string): WorkspaceError =>
    new WorkspaceError('conflict', detail, { status: 409 });
  const existing = (id: string): RegisteredRun => {
    const run = runs.get(id);
    if (!run) throw new WorkspaceError('gone', 'There is no such run.', { status: 404 });
    return run;
  };
  const put = (run: RegisteredRun): RegisteredRun => {
    runs.set(run.id, run);
    return run;
  };
  type Person = { id: string; name: string };
  const me = (): Person => {
    const id = signedIn();
    if (id === null) throw new WorkspaceError('auth', 'Nobody is signed in.', { status: 401 });
    return { id, name: id };
  };

  const open = (by: Person, ...[id, leaver, record]: Parameters<RunRegistry['open']>) => {
    const own = runs.get(id);
    if (own?.open) return { registered: own };
    const other = [...runs.values()].find((run) => run.leaver === leaver && run.open);
    if (other) return { conflict: other };
    const fence = (own?.fence ?? 0) + 1;
    const facts = { id, leaver, by, fence, record, open: true };
    return { registered: put({ ...facts, leaseUntil: until(), updatedAt: now().toISOString() }) };
  };
  const update = (...[id, fence, record]: Parameters<RunRegistry['update']>) => {
    const run = existing(id);
    if (run.fence !== fence) throw conflict(`The fence is ${run.fence} now; this request carries ${fence}.`);
    const isStillOpen = isOpen(record.phase);
    return put({
      ...run,
      record,
      open: isStillOpen,
      leaseUntil: until(),
      updatedAt: now().toISOString(),
    });
  };
  const takeOver = (by: Person, id: string) => {
    const run = existing(id);
    if (!run.open) throw conflict('This run has ended.');
    if (run.by.id !== by.id && run.leaseUntil > now().toISOString())
      throw conflict('The lease of its browser lasts.');
    return put({ ...run, by, fence: run.fence + 1, leaseUntil: until() });
  };

  /** The requests, ready to land: called at once, later, or never. They are sent by whoever is signed in now. */
  const requests = {
    open(...parameters: Parameters<RunRegistry['open']>) {
      const by = me();
      return () => open(by, ...parameters);
    },
    update(...parameters: Parameters<RunRegistry['update']>) {
      me();
      return () => update(...parameters);
    },
    takeOver(id: string) {
      const by = me();
      return () => takeOver(by, id);
    },
  };

  const port: RunRegistry = {
    open: async (...parameters) => requests.open(...parameters)(),
    update: async (...parameters) => requests.update(...parameters)(),
    takeOver: async (id) => requests.takeOver(id)(),
    async find(leaver) {
      me();
      const all = [...runs.values()].filter((run) => run.leaver === leaver);
      return all.find((run) => run.open) ?? all.at(-1);
    },
    async listOpen() {
      me();
      return [...runs.values()].filter((run) => run.open);
    },
  };

  return {
    runs,
    port,
    requests,
    /** Throws `conflict` unless the run is open and its fence is this one. */
    check(id: string, fence: number | undefined): void {
      const run = runs.get(id);
      if (!run?.open) throw conflict('This run has ended.');
      if (run.fence !== fence)
        throw conflict(`The fence is ${run.fence} now; this request carries ${fence}.`);
    },
  };
}
