import { createModel, effect, signal } from '@preact/signals';
import type { ConnectionTest, ConnectionView, Refusal } from '../messages/protocol.ts';
import { bypassesOf, bypassJournal } from '../offboarding/bypass.ts';
import type { KeyedKindView } from './connect-key.ts';
import type { PanelDependencies } from './dependencies.ts';
import { wordsOf } from './words-of.ts';

export type Tested = 'asking' | ({ ok: true } & ConnectionTest) | { ok: false; refusal: Refusal };

/** Everything that this browser keeps of a connection: runs with journals and items, batches, what went past the wizard. */
export async function exportOf(
  { store, now }: Pick<PanelDependencies, 'store' | 'now'>,
  connection: ConnectionView,
): Promise<string> {
  const runs = (await store.runs()).filter((run) => run.connection === connection.id);
  const entries = [];
  for (const run of runs) {
    const items = [];
    for (const { id } of run.categories) items.push(await store.items.category(run.id, id));
    entries.push({ run, journal: await store.journal(run.id), items: items.flat() });
  }
  const { id, origin, workspace } = connection;
  const all = {
    exportedAt: now().toISOString(),
    connection: { id, origin, workspace },
    runs: entries,
    batches: (await store.batches()).filter((batch) => batch.connection === id),
    deactivatedAnyway: await store.journal(bypassJournal(workspace.id)),
  };
  return `${JSON.stringify(all, null, 1)}\n`;
}

/** What is connected, as whom and with which rights; how to test it and how to take it away. */
export const Connections = createModel((dependencies: PanelDependencies) => {
  const list = signal<readonly ConnectionView[] | undefined>(undefined);
  const tested = signal<ReadonlyMap<string, Tested>>(new Map());
  const runs = signal<ReadonlyMap<string, number>>(new Map());
  /** How many deactivations went past the wizard, by connection. */
  const bypasses = signal<ReadonlyMap<string, number>>(new Map());
  const refusal = signal<Refusal | undefined>(undefined);
  const removing = signal<string | undefined>(undefined);
  const exported = signal(false);
  /** Why runs could not be read or exported, in the browser's words. */
  const unreadable = signal<string | undefined>(undefined);
  const busy = signal(false);

  const put = (id: string, result: Tested): void => {
    tested.value = new Map(tested.peek()).set(id, result);
  };
  const test = async (id: string): Promise<void> => {
    put(id, 'asking');
    const reply = await dependencies.send('connection.test', { connection: id });
    put(id, reply.ok ? { ok: true, ...reply.value } : { ok: false, refusal: reply.refusal });
  };
  const count = async (connections: readonly ConnectionView[]): Promise<void> => {
    try {
      const counts = new Map<string, number>();
      for (const { connection } of await dependencies.store.runs())
        counts.set(connection, (counts.get(connection) ?? 0) + 1);
      const past = new Map<string, number>();
      for (const { id, workspace } of connections)
        past.set(id, bypassesOf(await dependencies.store.journal(bypassJournal(workspace.id))).length);
      runs.value = counts;
      bypasses.value = past;
      unreadable.value = undefined;
    } catch (error) {
      unreadable.value = wordsOf(error);
    }
  };
  const load = async (): Promise<void> => {
    const reply = await dependencies.send('connection.list', {});
    if (!reply.ok) {
      refusal.value = reply.refusal;
      return;
    }
    refusal.value = undefined;
    await count(reply.value.connections);
    list.value = reply.value.connections;
    for (const { id } of reply.value.connections) if (!tested.peek().has(id)) void test(id);
  };
  const kinds = signal<readonly KeyedKindView[]>([]);
  effect(() => {
    void load();
    void dependencies.send('connection.kinds', {}).then((reply) => {
      if (reply.ok) kinds.value = reply.value.kinds;
    });
  });

  return {
    list,
    kinds,
    tested,
    runs,
    bypasses,
    refusal,
    removing,
    exported,
    unreadable,
    busy,
    test,
    retry: load,
    askRemove(id: string): void {
      removing.value = id;
      exported.value = false;
      refusal.value = undefined;
    },
    keep(): void {
      removing.value = undefined;
    },
    /** Offers all that is kept of a connection as one file. */
    async export(connection: ConnectionView): Promise<void> {
      busy.value = true;
      const day = dependencies.now().toISOString().slice(0, 10);
      try {
        dependencies.save(`offboarding-runs-${day}.json`, await exportOf(dependencies, connection));
        exported.value = true;
      } catch (error) {
        unreadable.value = wordsOf(error);
      } finally {
        busy.value = false;
      }
    },
    /** Takes a connection away with everything stored for it. */
    async remove(id: string): Promise<void> {
      busy.value = true;
      const reply = await dependencies.send('connection.remove', { connection: id });
      busy.value = false;
      removing.value = undefined;
      if (reply.ok) await load();
      else refusal.value = reply.refusal;
    },
  };
});
