import { createModel, effect, signal } from '@preact/signals';
import type { ConnectionView, PanelTarget, Refusal } from '../messages/protocol.ts';
import type { Batch } from '../offboarding/batch-model.ts';
import type { Member, Run } from '../offboarding/model.ts';
import { isOpen } from '../offboarding/transitions.ts';
import type { PageIdentity } from '../workspace/port.ts';
import type { PanelDependencies } from './dependencies.ts';
import { maySee, permittedBatches, permittedRuns } from './permitted.ts';
import { wordsOf } from './words-of.ts';

/** What the whole panel shows. */
export type View =
  | { kind: 'loading' }
  | { kind: 'home' }
  | { kind: 'connect' }
  | { kind: 'connections' }
  | { kind: 'history' }
  /** Choosing several members at once. */
  | { kind: 'bulk'; connection: string; page?: PageIdentity }
  | { kind: 'batch'; batch: string }
  /** `known`: what the background told of it a moment ago. */
  | { kind: 'run'; run: string; known?: Run }
  /** The failures of a run that has ended. */
  | { kind: 'review'; run: string }
  /** A run in another browser. */
  | { kind: 'watch'; connection: string; member: string }
  /** A page-level refusal, and for whom it was. */
  | { kind: 'refused'; refusal: Refusal; member?: { connection: string; id: string } };

/** The outermost model: which run, or why none; the connections; members to begin with. */
export const Panel = createModel((dependencies: PanelDependencies) => {
  const view = signal<View>({ kind: 'loading' });
  const connections = signal<ConnectionView[]>([]);
  const runs = signal<Run[]>([]);
  const batches = signal<Batch[]>([]);
  const results = signal<{ text: string; members: Member[]; refusal?: Refusal } | undefined>(undefined);
  const searching = signal(false);
  /** Why the runs of this browser could not be read, in the browser's words, until they can be. */
  const unreadable = signal<string | undefined>(undefined);
  let asked = 0;
  let turn = 0;
  /** The first question was asked while this page was being loaded; it is asked once. */
  let { hello } = dependencies;
  /** Which request of its window this panel has turned to last, by its mark. */
  let heard: string | undefined;
  /** All of them, those that cannot be used any more too. */
  let known: readonly ConnectionView[] = [];

  const readRuns = async (): Promise<readonly Run[] | undefined> => {
    try {
      const read = await dependencies.store.runs();
      unreadable.value = undefined;
      return read;
    } catch (error) {
      unreadable.value = wordsOf(error);
      return undefined;
    }
  };
  const refresh = async (): Promise<void> => {
    const [reply, stored, several] = await Promise.all([
      dependencies.send('connection.list', {}),
      readRuns(),
      dependencies.store.batches().catch((): Batch[] => []),
    ]);
    if (reply.ok) known = reply.value.connections;
    connections.value = known.filter(({ broken }) => broken === undefined);
    if (!stored) return;
    // A run of a batch is found there.
    runs.value = permittedRuns(stored, known)
      .filter((run) => run.phase !== 'discarded' && run.batch === undefined)
      .sort((a, b) => b.updatedAt.localeCompare(a.updatedAt));
    batches.value = permittedBatches(several, known);
    const now = view.peek();
    if (now.kind === 'batch') {
      const batch = several.find(({ id }) => id === now.batch);
      if (batch && !maySee(known, batch.connection))
        view.value = { kind: 'refused', refusal: { code: 'notAdmin', detail: '' } };
    }
    if (now.kind !== 'run' && now.kind !== 'review') return;
    const run = stored.find(({ id }) => id === now.run);
    if (run && !maySee(known, run.connection))
      view.value = { kind: 'refused', refusal: { code: 'notAdmin', detail: '' } };
  };
  const home = async (): Promise<void> => {
    turn += 1;
    const mine = turn;
    await refresh();
    if (mine !== turn) return;
    view.value = known.length === 0 ? { kind: 'connect' } : { kind: 'home' };
  };
  const open = async (connection: string, member: string): Promise<void> => {
    turn += 1;
    const mine = turn;
    const reply = await dependencies.send('draft.open', { connection, member });
    // Somebody else was asked for meanwhile.
    if (mine !== turn) return;
    if (!reply.ok && reply.refusal.code === 'notConnected') view.value = { kind: 'connect' };
    else if (!reply.ok && reply.refusal.code === 'openElsewhere')
      view.value = { kind: 'watch', connection, member };
    else
      view.value = reply.ok
        ? { kind: 'run', run: reply.value.run }
        : { kind: 'refused', refusal: reply.refusal, member: { connection, id: member } };
  };
  /**
   * Shows what is asked for where that is a run, once it is known that who is signed in may see it; otherwise turns to
   * what the window is about instead.
   */
  const admit = async (
    run: string | undefined,
    show: (run: string, known: Run | undefined) => View = shown,
  ): Promise<void> => {
    turn += 1;
    const mine = turn;
    const asked = hello;
    hello = undefined;
    const reply =
      (await asked) ??
      (await dependencies.send('panel.hello', {
        window: dependencies.window,
        ...(run === undefined ? {} : { run }),
      }));
    // Something else was asked for meanwhile.
    if (mine !== turn) return;
    if (!reply.ok) {
      await refresh();
      if (mine !== turn) return;
      view.value =
        reply.refusal.code === 'notConnected'
          ? { kind: 'connect' }
          : { kind: 'refused', refusal: reply.refusal };
      return;
    }
    const { target, mark, admin, run: known } = reply.value;
    if (run === undefined) heard = mark;
    if (target.kind !== 'run') return turnTo(target);
    view.value =
      admin === 'no'
        ? { kind: 'refused', refusal: { code: 'notAdmin', detail: '' } }
        : show(target.run, known);
    dependencies.painted(() => void refresh());
  };
  const turnTo = async (target: PanelTarget): Promise<void> => {
    if (target.kind === 'run') await admit(target.run);
    else if (target.kind === 'member') {
      void refresh();
      await open(target.connection, target.member);
    } else await home();
  };
  const begin = async (): Promise<void> => {
    const { address } = dependencies;
    if (address?.kind === 'member' || address?.kind === 'home') return turnTo(address);
    if (address?.kind === 'connections' || address?.kind === 'bulk') return refresh();
    if (address?.kind === 'batch') {
      // Nothing of it is shown before it is known who is signed in.
      const batch = await dependencies.store.batch(address.batch).catch(() => undefined);
      await refresh();
      view.value =
        batch && !maySee(known, batch.connection)
          ? { kind: 'refused', refusal: { code: 'notAdmin', detail: '' } }
          : address;
      return;
    }
    if (address?.kind === 'review') {
      const { run, connection, member } = address;
      await admit(run, (id, known) =>
        known ? { kind: 'review', run: id } : { kind: 'watch', connection, member },
      );
      return;
    }
    await admit(address?.run);
  };

  effect(() => {
    const { address } = dependencies;
    if (address?.kind === 'connections' || address?.kind === 'bulk') view.value = address;
    void begin();
    return dependencies.live.onTarget(({ target, mark }) => {
      // Told again; the admin may have gone elsewhere from there.
      if (mark === heard) return;
      heard = mark;
      void turnTo(target);
    });
  });

  return {
    view,
    connections,
    runs,
    batches,
    results,
    searching,
    unreadable,
    refresh,
    home,
    open,
    retry: begin,
    connect(): void {
      view.value = { kind: 'connect' };
    },
    show(run: string): void {
      view.value = { kind: 'run', run };
    },
    review(run: string): void {
      view.value = { kind: 'review', run };
    },
    watch(connection: string, member: string): void {
      view.value = { kind: 'watch', connection, member };
    },
    history(): void {
      view.value = { kind: 'history' };
    },
    bulk(connection: string): void {
      view.value = { kind: 'bulk', connection };
    },
    batch(batch: string): void {
      view.value = { kind: 'batch', batch };
    },
    manage(): void {
      view.value = { kind: 'connections' };
    },
    /** Looks for members to offboard; the latest question wins. */
    async search(connection: string, text: string): Promise<void> {
      const question = ++asked;
      searching.value = true;
      const reply = await dependencies.send('member.search', { connection, text });
      if (question !== asked) return;
      searching.value = false;
      results.value = reply.ok
        ? { text, members: reply.value.members }
        : { text, members: [], refusal: reply.refusal };
    },
  };
});

export type PanelModel = InstanceType<typeof Panel>;

/** Runs that go on, or wait for an admin: what the home screen lists first. */
export function openRuns(runs: readonly Run[]): Run[] {
  return runs.filter((run) => isOpen(run.phase));
}

const shown = (run: string, known: Run | undefined): View => ({
  kind: 'run',
  run,
  ...(known ? { known } : {}),
});
