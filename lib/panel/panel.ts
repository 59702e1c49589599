import { createModel, effect, signal } from '@preact/signals';
import type { ConnectionView, PanelTarget, Refusal } from '../messages/protocol.ts';
import type { Member, Run } from '../offboarding/model.ts';
import { isOpen } from '../offboarding/transitions.ts';
import type { PanelDependencies } from './dependencies.ts';
import { maySee, permittedRuns } from './permitted.ts';

/** What the whole panel shows. */
export type View =
  | { kind: 'loading' }
  | { kind: 'home' }
  | { kind: 'connect' }
  | { kind: 'connections' }
  | { kind: 'history' }
  | { kind: 'run'; run: string }
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
  const results = signal<{ text: string; members: Member[]; refusal?: Refusal } | undefined>(undefined);
  const searching = signal(false);
  let asked = 0;
  /** All of them, those that cannot be used any more too. */
  let known: readonly ConnectionView[] = [];

  const refresh = async (): Promise<void> => {
    const [reply, stored] = await Promise.all([
      dependencies.send('connection.list', {}),
      dependencies.store.runs().catch((): Run[] => []),
    ]);
    if (reply.ok) known = reply.value.connections;
    connections.value = known.filter(({ broken }) => broken === undefined);
    runs.value = permittedRuns(stored, known)
      .filter((run) => run.phase !== 'discarded')
      .sort((a, b) => b.updatedAt.localeCompare(a.updatedAt));
    const now = view.peek();
    if (now.kind !== 'run' && now.kind !== 'review') return;
    const run = stored.find(({ id }) => id === now.run);
    if (run && !maySee(known, run.connection))
      view.value = { kind: 'refused', refusal: { code: 'notAdmin', detail: '' } };
  };
  const home = async (): Promise<void> => {
    await refresh();
    view.value = known.length === 0 ? { kind: 'connect' } : { kind: 'home' };
  };
  const open = async (connection: string, member: string): Promise<void> => {
    const reply = await dependencies.send('draft.open', { connection, member });
    if (!reply.ok && reply.refusal.code === 'notConnected') view.value = { kind: 'connect' };
    else if (!reply.ok && reply.refusal.code === 'openElsewhere')
      view.value = { kind: 'watch', connection, member };
    else
      view.value = reply.ok
        ? { kind: 'run', run: reply.value.run }
        : { kind: 'refused', refusal: reply.refusal, member: { connection, id: member } };
  };
  const turnTo = async (target: PanelTarget): Promise<void> => {
    if (target.kind === 'run') {
      view.value = { kind: 'run', run: target.run };
      void refresh();
    } else if (target.kind === 'member') {
      void refresh();
      await open(target.connection, target.member);
    } else await home();
  };
  const begin = async (): Promise<void> => {
    const { address } = dependencies;
    if (address?.kind === 'member' || address?.kind === 'home') return turnTo(address);
    if (address?.kind === 'connections') return refresh();
    if (address?.kind === 'review') {
      const { run, connection, member } = address;
      const here = await dependencies.store.run(run).catch(() => undefined);
      view.value = here ? { kind: 'review', run } : { kind: 'watch', connection, member };
      return refresh();
    }
    const reply = await dependencies.send('panel.hello', {
      window: dependencies.window,
      ...(address?.kind === 'run' ? { run: address.run } : {}),
    });
    if (!reply.ok) {
      await refresh();
      view.value =
        reply.refusal.code === 'notConnected'
          ? { kind: 'connect' }
          : { kind: 'refused', refusal: reply.refusal };
      return;
    }
    await turnTo(reply.value.target);
  };

  effect(() => {
    // What is stored is on the screen before the background has said a word.
    const { address } = dependencies;
    if (address?.kind === 'run' || address?.kind === 'connections') view.value = address;
    void begin();
    return dependencies.live.onTarget((target) => void turnTo(target));
  });

  return {
    view,
    connections,
    runs,
    results,
    searching,
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
