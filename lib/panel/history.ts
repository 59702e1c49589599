import { computed, createModel, effect, signal } from '@preact/signals';
import type { OpenElsewhere } from '../messages/elsewhere.ts';
import type { ConnectionView, Refusal } from '../messages/protocol.ts';
import type { Batch } from '../offboarding/batch-model.ts';
import { type Bypass, bypassesOf, bypassJournal } from '../offboarding/bypass.ts';
import type { Run } from '../offboarding/model.ts';
import { isOpen } from '../offboarding/transitions.ts';
import type { PanelDependencies } from './dependencies.ts';
import { maySee, permittedBatches, permittedRuns } from './permitted.ts';
import { wordsOf } from './words-of.ts';

export const outcomes = ['all', 'succeeded', 'partial', 'failed', 'discarded', 'superseded'] as const;
export type OutcomeFilter = (typeof outcomes)[number];
export const ages = ['any', 'week', 'month', 'year'] as const;
export type AgeFilter = (typeof ages)[number];

const day = 24 * 60 * 60_000;
const lengths: Record<AgeFilter, number> = {
  any: Number.POSITIVE_INFINITY,
  week: 7 * day,
  month: 31 * day,
  year: 366 * day,
};
/** So many rows are drawn at first, and with each "show more". */
const page = 50;

export interface HistoryFilter {
  outcome: OutcomeFilter;
  /** Name of who ran it; '' for anybody. */
  by: string;
  age: AgeFilter;
  query: string;
}

/** Runs that are over and match, latest first. `query` looks into leaver, note and who ran it. Pure. */
export function matchingRuns(runs: readonly Run[], filter: HistoryFilter, now: Date): Run[] {
  const words = filter.query.toLowerCase().split(/\s+/u).filter(Boolean);
  return runs
    .filter((run) => {
      if (isOpen(run.phase)) return false;
      if (filter.outcome !== 'all' && run.phase !== filter.outcome) return false;
      if (filter.by !== '' && actorOf(run) !== filter.by) return false;
      if (now.getTime() - Date.parse(endOf(run)) > lengths[filter.age]) return false;
      const text = `${run.leaver.name} ${run.leaver.email} ${run.note ?? ''} ${actorOf(run)}`.toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .sort((a, b) => endOf(b).localeCompare(endOf(a)));
}

/** When a run ended; for one that never did, when it changed last. ISO 8601. */
export function endOf(run: Pick<Run, 'endedAt' | 'updatedAt'>): string {
  return run.endedAt ?? run.updatedAt;
}

/** Who ran it, as a name. */
export function actorOf(run: Pick<Run, 'by'>): string {
  return run.by.name ?? run.by.email ?? '';
}

/** What a workspace tells of the open runs of other browsers; a workspace without a registry tells nothing. */
export interface Elsewhere {
  connection: ConnectionView;
  runs: readonly OpenElsewhere[];
  refusal?: Refusal;
}

/** The runs of this browser that are over, with filters, what is open in others, and what went past the wizard. */
export const History = createModel((dependencies: PanelDependencies) => {
  const runs = signal<readonly Run[] | undefined>(undefined);
  const batches = signal<readonly Batch[]>([]);
  const bypasses = signal<readonly Bypass[]>([]);
  const failed = signal<string | undefined>(undefined);
  const filter = signal<HistoryFilter>({ outcome: 'all', by: '', age: 'any', query: '' });
  const limit = signal(page);
  const elsewhere = signal<readonly Elsewhere[] | undefined>(undefined);

  /** Asks each workspace that can tell; one that does not answer hides none of the others. */
  const ask = async (connections: readonly ConnectionView[]): Promise<void> => {
    const usable = connections.filter(({ broken }) => broken === undefined);
    elsewhere.value = await Promise.all(
      usable
        .filter(({ id, localOnly }) => !localOnly && maySee(usable, id))
        .map(async (connection): Promise<Elsewhere> => {
          const reply = await dependencies.send('run.listElsewhere', { connection: connection.id });
          return reply.ok
            ? { connection, runs: reply.value.runs }
            : { connection, runs: [], refusal: reply.refusal };
        }),
    );
  };

  /** Two sites of one workspace share their journal. */
  const readBypasses = async (connections: readonly ConnectionView[]): Promise<Bypass[]> => {
    const seen = connections.filter(({ id }) => maySee(connections, id));
    const names = new Set(seen.map(({ workspace }) => bypassJournal(workspace.id)));
    const journals = await Promise.all([...names].map((name) => dependencies.store.journal(name)));
    return bypassesOf(journals.flat());
  };

  const load = async (): Promise<void> => {
    try {
      const [reply, stored, several] = await Promise.all([
        dependencies.send('connection.list', {}),
        dependencies.store.runs(),
        dependencies.store.batches(),
      ]);
      const known = reply.ok ? reply.value.connections : [];
      // A user of a batch is found there.
      runs.value = permittedRuns(stored, known).filter(({ batch }) => batch === undefined);
      batches.value = permittedBatches(several, known).filter(({ phase }) => phase === 'ended');
      bypasses.value = await readBypasses(known);
      failed.value = undefined;
      if (reply.ok) await ask(known);
    } catch (error) {
      failed.value = wordsOf(error);
    }
  };
  effect(() => {
    void load();
    return dependencies.onReturn(() => void load());
  });

  const past = computed(() => (runs.value ?? []).filter(({ phase }) => !isOpen(phase)));
  const matching = computed(() => matchingRuns(runs.value ?? [], filter.value, dependencies.now()));
  return {
    loaded: computed(() => runs.value !== undefined),
    failed,
    elsewhere,
    filter,
    batches,
    bypasses,
    past,
    matching,
    shown: computed(() => matching.value.slice(0, limit.value)),
    actors: computed(() =>
      [...new Set(past.value.map(actorOf))].sort(new Intl.Collator(dependencies.locale).compare),
    ),
    retry: load,
    set(change: Partial<HistoryFilter>): void {
      filter.value = { ...filter.peek(), ...change };
      limit.value = page;
    },
    more(): void {
      limit.value += page;
    },
  };
});
