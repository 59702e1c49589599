import type { LiveMessage } from '../../../lib/messages/live.ts';
import type { CommandName, Reply, Request } from '../../../lib/messages/protocol.ts';
import { rowOf } from '../../../lib/offboarding/batch.ts';
import { applyEdit } from '../../../lib/offboarding/edit.ts';
import type { Run, RunItem } from '../../../lib/offboarding/model.ts';
import { done, endOfRun, stepsOf } from '../../../lib/offboarding/steps.ts';
import { toPhase, toStepState } from '../../../lib/offboarding/transitions.ts';
import type { LiveListener, PanelDependencies } from '../../../lib/panel/dependencies.ts';
import { createProjections } from '../../../lib/panel/table/engine.ts';
import type { ItemReader } from '../../../lib/store/store.ts';
import type { Reading } from '../../../lib/text/text.ts';
import { countsOf } from '../../crash/counts.ts';
import { foundByName } from './batches.ts';
import { itemsOf, members } from './data.ts';
import { answerOnPage, refusals } from './pages.ts';
import { problemsOf } from './problems.ts';
import type { World } from './states.ts';

/** What the browser says where its storage cannot be read. */
export const unreadable = 'The database could not be opened.';

export const connection = {
  id: 'con_1',
  origin: 'https://app.example.com',
  kind: 'contract',
  workspace: { id: 'acme', name: 'Acme Success' },
  usersLink: 'https://app.example.com/settings/users',
  memberLink: 'https://app.example.com/settings/users/{member}',
  localOnly: false,
  admin: 'yes' as const,
  bulk: {
    title: 'Deactivate Users',
    submit: 'Submit Request',
    why: 'The user is deactivated, never deleted, so that their name stays in historical reports.',
  },
};

const keyedKind = {
  kind: 'keyed',
  name: 'Custify',
  pages: ['https://app.custify.com'],
  apis: ['https://api.custify.com'],
  keyPage: 'https://app.custify.com/settings/developer/api-key',
};
const keyFindings = {
  owner: { known: false, detail: 'Whose key this is cannot be read with it.' },
  reads: [
    { id: 'companies', name: 'customers', answer: 'yes' },
    { id: 'tasks', name: 'tasks', answer: 'yes' },
    { id: 'playbooks', name: 'playbooks', answer: 'forbidden' },
    { id: 'objectives', name: 'objectives', answer: 'failed', detail: 'The address did not answer.' },
  ],
  writes: { known: false, detail: 'Whether it may write is found out with the first item of a run.' },
  warnings: ['Playbooks cannot be read with this key.'],
};

const siteNeeds = { origins: [connection.origin], permissions: [], secret: 'none' };

/**
 * A background, a store and a browser in memory: edits and transitions are the domain's own functions, only time and
 * network are played. `surface` says whether the page pretends to be a panel or a tab; it speaks as the `Reading` says.
 */
export function createFake(
  world: World,
  surface: 'panel' | 'tab',
  voice: PanelDependencies['voice'],
  { text, locale }: Pick<Reading, 'text' | 'locale'>,
): PanelDependencies {
  let run = world.run;
  const listeners = new Set<LiveListener>();
  const items = new Map<string, RunItem[]>();
  const rows = (category: string): RunItem[] => {
    const given = run?.categories.find(({ id }) => id === category);
    if (!run || !given) return [];
    const known = items.get(category);
    if (known?.length === given.count) return known;
    const made = itemsOf(run.id, given);
    items.set(category, made);
    return made;
  };
  /** Items as their step has settled them: first those that moved, then the others. */
  const settled = (category: string): RunItem[] => {
    const step = run?.steps.find((each) => each.category === category);
    if (!step) return rows(category);
    return rows(category).map((item, index): RunItem => {
      if (index < step.failed)
        return {
          ...item,
          state: 'failed',
          reason: { code: 'other', message: refusals[category] ?? refusals.other },
        };
      if (index < step.failed + step.skipped)
        return {
          ...item,
          state: 'skipped',
          reason: { code: 'ownerChanged', message: '' },
          heldBy: { member: 'mem_ines' },
        };
      if (index < step.failed + step.skipped + step.unknown) return { ...item, state: 'unknown' };
      if (index < done(step) + step.unknown) return { ...item, state: 'moved', after: { member: 'mem_tom' } };
      return item;
    });
  };
  const reader: ItemReader = {
    category: async (_run, category) => settled(category),
    page: async (_run, category, limit, after) => {
      const all = settled(category);
      const from = after === undefined ? 0 : all.findIndex(({ ref }) => ref === after) + 1;
      return all.slice(from, from + limit);
    },
    byRef: async (_run, category, refs) => {
      const byRef = new Map(settled(category).map((item) => [item.ref, item]));
      return refs.map((ref) => byRef.get(ref));
    },
    inState: async (_run, category, state, limit) => {
      if (world.broken) throw new Error(unreadable);
      return settled(category)
        .filter((item) => item.state === state)
        .slice(0, limit);
    },
    counts: async (_run, category) => countsOf(settled(category)),
  };

  const tell = (message: LiveMessage): void => {
    if (!world.offline) for (const listener of listeners) setTimeout(() => listener.message(message));
  };
  const publish = (next: Run): number => {
    const before = run;
    run = { ...next, rev: (before?.rev ?? 0) + 1, updatedAt: new Date().toISOString() };
    const keys = new Set([...Object.keys(before ?? {}), ...Object.keys(run)] as (keyof Run)[]);
    const changed = [...keys].filter((key) => before?.[key] !== run?.[key]);
    tell({
      kind: 'patch',
      run: run.id,
      from: run.rev - 1,
      rev: run.rev,
      fields: Object.fromEntries(
        changed.filter((key) => run && key in run).map((key) => [key, run?.[key]]),
      ) as Partial<Run>,
      cleared: changed.filter((key) => run && !(key in run)),
    });
    return run.rev;
  };

  /** Moves some more items of the step at hand, as long as the run is executing. */
  const advance = (): void => {
    if (run?.phase !== 'executing') return;
    const at = new Date().toISOString();
    const index = run.steps.findIndex(({ state }) => state === 'running' || state === 'queued');
    const step = run.steps[index];
    if (!step) {
      publish(toPhase(run, endOfRun(run.steps), at));
      return;
    }
    let next = step.state === 'queued' ? toStepState(step, 'running', at) : step;
    if (next.kind === 'category') next = { ...next, moved: Math.min(next.total, next.moved + 7) };
    if (next.kind !== 'category' || done(next) === next.total) next = toStepState(next, 'completed', at);
    publish({ ...run, steps: run.steps.map((each, position) => (position === index ? next : each)) });
    setTimeout(advance, 500);
  };
  if (world.moving) setTimeout(advance, 500);

  const scan = (): void => {
    if (!run) return;
    const before = run;
    const at = new Date().toISOString();
    publish({ ...run, scan: { state: 'running', startedAt: at, changes: [] } });
    setTimeout(() => {
      if (run)
        publish({
          ...run,
          categories: before.categories,
          scan: { state: 'done', startedAt: at, endedAt: new Date().toISOString(), changes: [] },
        });
    }, 1_200);
  };

  const answer = (command: CommandName, request: unknown): unknown => {
    const wanted = (request as { text?: string }).text ?? '';
    const onPage = answerOnPage(world, command);
    if (onPage !== undefined) return onPage;
    switch (command) {
      case 'panel.hello':
        return run && !location.search.includes('home')
          ? { target: { kind: 'run', run: run.id }, admin: 'yes', run }
          : { target: { kind: 'home' } };
      case 'connection.list':
        return { connections: world.connected ? [connection] : [] };
      case 'connection.needs':
        return siteNeeds;
      case 'connection.kinds':
        return { kinds: [keyedKind] };
      case 'control.list':
      case 'control.add':
      case 'control.remove':
      case 'control.import':
        return { controls: [] };
      case 'connection.tryKey':
        return { findings: keyFindings };
      case 'connection.addByKey':
        world.connected = true;
        return { connection };
      case 'connection.preview':
        return {
          workspace: { id: 'acme', name: 'Acme Success' },
          viewer: { name: 'Priya Shah', admin: 'yes' },
          needs: siteNeeds,
        };
      case 'connection.add':
        world.connected = true;
        return { connection };
      case 'member.search':
        return {
          members: members.filter(({ name, email }) =>
            `${name} ${email}`.toLowerCase().includes(wanted.toLowerCase()),
          ),
        };
      case 'member.find': {
        const { names } = request as Request<'member.find'>;
        return { found: names.map((name) => ({ name, members: foundByName(name) })) };
      }
      case 'batch.open':
        return { batch: 'bat_1' };
      case 'batch.edit': {
        const { edit } = request as Request<'batch.edit'>;
        const { batch } = world;
        if (batch && edit.kind === 'select')
          world.batch = {
            ...batch,
            rev: batch.rev + 1,
            selected: edit.selected ? [...batch.selected, edit.category] : [],
          };
        return { rev: world.batch?.rev };
      }
      case 'run.check':
        return { problems: run ? problemsOf(run) : [] };
      case 'draft.open':
        return { run: run?.id ?? '', resumed: true };
      case 'draft.edit':
        return (
          run && {
            rev: publish(
              applyEdit(
                run,
                (request as Request<'draft.edit'>).edit,
                new Date().toISOString(),
                `chg_${run.rev}`,
                'Priya Shah',
              ),
            ),
          }
        );
      case 'draft.scan':
        scan();
        return { rev: run?.rev };
      case 'draft.recount':
        return run && { rev: publish(world.recount ? world.recount(run) : run) };
      case 'draft.discard':
        return run && { rev: publish(toPhase(run, 'discarded', new Date().toISOString())) };
      case 'run.start':
      case 'run.continue': {
        if (!run) return undefined;
        const steps = command === 'run.start' ? stepsOf(run) : run.steps;
        setTimeout(advance, 500);
        return { rev: publish(toPhase({ ...run, steps }, 'executing', new Date().toISOString())) };
      }
      case 'run.pause':
        return run && { rev: publish(toPhase(run, 'paused', new Date().toISOString(), { kind: 'admin' })) };
      case 'run.stop': {
        if (!run) return undefined;
        const at = new Date().toISOString();
        const steps = run.steps.map((step) =>
          step.state === 'completed'
            ? step
            : step.state === 'running'
              ? toStepState(step, 'failed', at)
              : toStepState(step, 'notRun', at),
        );
        return { rev: publish(toPhase(toPhase({ ...run, steps }, 'stopping', at), 'partial', at)) };
      }
      default:
        return {};
    }
  };

  return {
    send: async <C extends CommandName>(command: C, request: Request<C>): Promise<Reply<C>> => {
      await new Promise((resolve) => setTimeout(resolve, 60));
      if (world.hang || world.silent?.includes(command)) await new Promise(() => {});
      if (command === 'panel.hello' && world.refusal) return { ok: false, refusal: world.refusal };
      const refusal = world.refuse[command];
      if (refusal) return { ok: false, refusal };
      return { ok: true, value: answer(command, request) } as Reply<C>;
    },
    live: {
      subscribe(_id, listener) {
        listeners.add(listener);
        setTimeout(() => {
          if (world.offline || !run) return;
          listener.up();
          listener.message({ kind: 'snapshot', run });
        }, 30);
        return () => listeners.delete(listener);
      },
      follow(_id, listener) {
        setTimeout(() => {
          const { batch, batchRuns = [] } = world;
          if (!batch) return;
          listener.up();
          const rows = batch.members.map((member) =>
            rowOf(
              member,
              batchRuns.find(({ id }) => id === member.run),
            ),
          );
          listener.message({ kind: 'batch', batch, rows, whole: true });
        }, 30);
        return () => {};
      },
      onTarget: () => () => {},
      onNews: () => () => {},
    },
    store: {
      items: reader,
      run: async () => run,
      runs: async () => {
        if (world.hang) await new Promise(() => {});
        if (world.broken) throw new Error(unreadable);
        return [...(world.runs ?? (run ? [run] : []))];
      },
      runsById: async (ids) => ids.map((id) => world.batchRuns?.find((each) => each.id === id)),
      batch: async () => world.batch,
      batches: async () => (world.batch ? [world.batch] : []),
      journal: async (name) => [...((name.startsWith('bypass:') ? world.bypasses : world.journal) ?? [])],
      journalHead: async () => '',
      openAttempts: async () => [],
    },
    voice,
    tables: createProjections(reader, () => new Promise((resolve) => setTimeout(resolve))),
    text,
    locale,
    now: () => new Date(),
    painted: (callback) => void setTimeout(callback),
    after(milliseconds, callback) {
      const timer = setTimeout(callback, milliseconds);
      return () => clearTimeout(timer);
    },
    onReturn(callback) {
      window.addEventListener('focus', callback);
      return () => window.removeEventListener('focus', callback);
    },
    window: 1,
    surface,
    address: world.address,
    onActivePage(callback) {
      setTimeout(() => callback(world.page));
      return () => {};
    },
    inPage: async () => undefined,
    siteOrigin: async () => new URL(world.page ?? 'https://app.example.com').origin,
    requestAccess: async () => !location.search.includes('declined'),
    openTab: () => {},
    openWizardTab: () => {},
    openBulkTab: () => {},
    save: () => {},
    copy: async () => {},
  };
}
