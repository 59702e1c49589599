import type { LiveMessage } from '../../../lib/messages/live.ts';
import type { News } from '../../../lib/messages/live-client.ts';
import type { CommandName, Reply, Request } from '../../../lib/messages/protocol.ts';
import type { JournalEntry } from '../../../lib/offboarding/attempt.ts';
import type { Batch } from '../../../lib/offboarding/batch-model.ts';
import type { Run, RunItem } from '../../../lib/offboarding/model.ts';
import type { LiveListener, PanelDependencies } from '../../../lib/panel/dependencies.ts';
import { createProjections } from '../../../lib/panel/table/engine.ts';
import type { ItemReader } from '../../../lib/store/store.ts';
import { countsOf } from '../../crash/counts.ts';

/** A world in memory for view models: time that is moved by hand, a store, a port that can be cut. */
export interface TestWorld {
  dependencies: PanelDependencies;
  /** Moves time on; due timers fire in their order, and what they set off is awaited. */
  advance(milliseconds: number): Promise<void>;
  settle(): Promise<void>;
  /** What the store holds. */
  stored: Map<string, Run>;
  batches: Map<string, Batch>;
  items: Map<string, RunItem[]>;
  /** By their names; a run's is empty unless told. */
  journals: Map<string, JournalEntry[]>;
  /** Who listens on the port. */
  listeners: Set<LiveListener>;
  /** Who listens to what the workspaces tell, and what was offered as a file. */
  newsListeners: Set<(news: News | 'down') => void>;
  saved: { name: string; content: string }[];
  say(message: LiveMessage): void;
  answer<C extends CommandName>(
    command: C,
    give: (request: Request<C>) => Reply<C> | Promise<Reply<C>>,
  ): void;
  sent: { command: CommandName; request: unknown }[];
  spoken: { polite: string[]; alert: string[] };
  comeBack(): void;
}

/** Makes one. Texts are keys with their parameters, so that a test says which text is meant. */
export function createWorld(start = new Date('2026-11-22T10:00:00.000Z')): TestWorld {
  let now = start.getTime();
  let timers: { at: number; callback: () => void }[] = [];
  const stored = new Map<string, Run>();
  const batches = new Map<string, Batch>();
  const items = new Map<string, RunItem[]>();
  const journals = new Map<string, JournalEntry[]>();
  const listeners = new Set<LiveListener>();
  const returns = new Set<() => void>();
  const newsListeners: TestWorld['newsListeners'] = new Set();
  const saved: TestWorld['saved'] = [];
  const answers = new Map<CommandName, (request: never) => unknown>();
  const sent: TestWorld['sent'] = [];
  const spoken: TestWorld['spoken'] = { polite: [], alert: [] };
  const of = (category: string): RunItem[] => items.get(category) ?? [];
  const reader: ItemReader = {
    category: async (_run, category) => of(category),
    page: async (_run, category, limit, after) => {
      const from = after === undefined ? 0 : of(category).findIndex(({ ref }) => ref === after) + 1;
      return of(category).slice(from, from + limit);
    },
    byRef: async (_run, category, refs) => refs.map((ref) => of(category).find((item) => item.ref === ref)),
    inState: async (_run, category, state, limit) =>
      of(category)
        .filter((item) => item.state === state)
        .slice(0, limit),
    counts: async (_run, category) => countsOf(of(category)),
  };
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
  };

  return {
    stored,
    batches,
    items,
    journals,
    listeners,
    newsListeners,
    saved,
    sent,
    spoken,
    settle,
    say(message) {
      for (const listener of listeners) listener.message(message);
    },
    answer(command, give) {
      answers.set(command, give as (request: never) => unknown);
    },
    comeBack() {
      for (const callback of returns) callback();
    },
    async advance(milliseconds) {
      const end = now + milliseconds;
      for (;;) {
        await settle();
        const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        timers = timers.filter((timer) => timer !== next);
        now = Math.max(now, next.at);
        next.callback();
      }
      now = end;
      await settle();
    },
    dependencies: {
      async send(command, request) {
        sent.push({ command, request });
        const give = answers.get(command);
        if (!give) return { ok: false, refusal: { code: 'internal', detail: `Nobody answers ${command}.` } };
        return (await give(request as never)) as Reply<typeof command>;
      },
      live: {
        subscribe(_run, listener) {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
        follow(_batch, listener) {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
        onTarget: () => () => {},
        onNews(listener) {
          newsListeners.add(listener);
          return () => newsListeners.delete(listener);
        },
      },
      store: {
        items: reader,
        run: async (id) => stored.get(id),
        runs: async () => [...stored.values()],
        runsById: async (ids) => ids.map((id) => stored.get(id)),
        batch: async (id) => batches.get(id),
        batches: async () => [...batches.values()],
        journal: async (name) => journals.get(name) ?? [],
        journalHead: async () => '',
        openAttempts: async () => [],
      },
      voice: { polite: (text) => spoken.polite.push(text), alert: (text) => spoken.alert.push(text) },
      tables: createProjections(reader, settle),
      text: (key, parameters) => (parameters ? `${key} ${JSON.stringify(parameters)}` : key),
      locale: 'en',
      now: () => new Date(now),
      painted: (callback) => callback(),
      after(milliseconds, callback) {
        const timer = { at: now + milliseconds, callback };
        timers.push(timer);
        return () => {
          timers = timers.filter((each) => each !== timer);
        };
      },
      onReturn(callback) {
        returns.add(callback);
        return () => returns.delete(callback);
      },
      window: 1,
      surface: 'panel',
      address: undefined,
      onActivePage: () => () => {},
      siteOrigin: async () => undefined,
      requestAccess: async () => true,
      inPage: async () => undefined,
      openTab: () => {},
      openWizardTab: () => {},
      openBulkTab: () => {},
      save: (name, content) => void saved.push({ name, content }),
      copy: async () => {},
    },
  };
}
