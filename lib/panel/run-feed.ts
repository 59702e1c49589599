import { computed, createModel, effect, signal } from '@preact/signals';
import type { LiveMessage } from '../messages/live.ts';
import type { Phase, Run } from '../offboarding/model.ts';
import type { PanelDependencies } from './dependencies.ts';
import { wordsOf } from './words-of.ts';

/** Milliseconds between two looks at the store while the live connection is gone. */
const pollInterval = 2_000;
/** A connection that comes back so soon was never worth a word. */
const grace = 800;

export type FeedState = 'connecting' | 'live' | 'polling';
type Patch = Extract<LiveMessage, { kind: 'patch' }>;
type Trouble = Extract<LiveMessage, { kind: 'trouble' }>;

/** The run after a patch; 'gap' when patches before it are missing, the run itself when it is older news. */
export function applyPatch(run: Run, patch: Patch): Run | 'gap' {
  if (patch.rev <= run.rev) return run;
  if (patch.from > run.rev) return 'gap';
  const next: Run = { ...run, ...patch.fields, rev: patch.rev };
  for (const key of patch.cleared) delete next[key];
  return next;
}

/** Phases in which a run changes by itself. */
export function isMoving(phase: Phase): boolean {
  return phase === 'executing' || phase === 'stopping' || phase === 'waiting' || phase === 'paused';
}

/**
 * One run as the background sees it: live over the port, from the store every 2 s while the port is gone, and live
 * again by itself. A port that stands but has fallen silent is found out by comparing with the store.
 */
export const RunFeed = createModel((dependencies: PanelDependencies, id: string, known?: Run) => {
  /** The run as it is stored, as far as that came here; `known` was read before. */
  const stored = signal(known);
  const trouble = signal<Trouble | undefined>(undefined);
  /** With what could not be stored, until a later revision shows that storing works again. */
  const run = computed((): Run | undefined => {
    const { value } = stored;
    const shown = trouble.value;
    return value && shown && value.rev <= shown.rev ? { ...value, ...shown.fields } : value;
  });
  const state = signal<FeedState>('connecting');
  /** True once the store was asked and had no such run. */
  const missing = signal(false);
  /** Why the store could not be read, in the browser's words, until it can be. */
  const unreadable = signal<string | undefined>(undefined);
  let heardAt = 0;

  const take = (next: Run): void => {
    missing.value = false;
    unreadable.value = undefined;
    // A revision that is here already says nothing new, and drawing it again would cost a frame.
    if (next.rev > (stored.peek()?.rev ?? -1)) stored.value = next;
  };
  const readStore = async (): Promise<void> => {
    try {
      const read = await dependencies.store.run(id);
      if (read) take(read);
      else {
        unreadable.value = undefined;
        if (!run.peek()) missing.value = true;
      }
    } catch (error) {
      unreadable.value = wordsOf(error);
    }
  };

  effect(() => {
    let stopped = false;
    let unsubscribe = (): void => {};
    let cancelGrace = (): void => {};
    let cancelTick = (): void => {};

    const lost = (): void => {
      if (stopped || state.peek() === 'polling') return;
      state.value = 'polling';
      void readStore();
    };
    const heard = (): void => {
      heardAt = dependencies.now().getTime();
      cancelGrace();
      state.value = 'live';
    };
    const message = (news: LiveMessage): void => {
      if (stopped) return;
      if (news.kind === 'snapshot' && news.run.id === id) {
        heard();
        take(news.run);
      } else if (news.kind === 'patch' && news.run === id) {
        heard();
        const current = stored.peek();
        const next = current ? applyPatch(current, news) : 'gap';
        if (next === 'gap') subscribe();
        else stored.value = next;
      } else if (news.kind === 'trouble' && news.run === id) {
        heard();
        trouble.value = news;
      }
    };
    const subscribe = (): void => {
      unsubscribe();
      unsubscribe = dependencies.live.subscribe(id, {
        message,
        up: () => {},
        down: () => {
          cancelGrace();
          cancelGrace = dependencies.after(grace, lost);
        },
      });
    };
    const tick = async (): Promise<void> => {
      const before = run.peek()?.rev ?? -1;
      if (state.peek() !== 'live') await readStore();
      else if (
        isMoving(run.peek()?.phase ?? 'draft') &&
        dependencies.now().getTime() - heardAt > pollInterval
      ) {
        await readStore();
        if ((run.peek()?.rev ?? -1) > before) {
          lost();
          subscribe();
        }
      }
      if (!stopped) cancelTick = dependencies.after(pollInterval, () => void tick());
    };

    if (!known) void readStore();
    subscribe();
    cancelGrace = dependencies.after(grace, lost);
    cancelTick = dependencies.after(pollInterval, () => void tick());
    return () => {
      stopped = true;
      unsubscribe();
      cancelGrace();
      cancelTick();
    };
  });

  return {
    run,
    state,
    missing,
    unreadable,
    /** Asks the store once more. */
    retry: readStore,
    /** Resolves once the run here is at least at that revision, or the store has been asked for it. */
    async reach(rev: number): Promise<void> {
      if ((run.peek()?.rev ?? -1) < rev) await readStore();
    },
  };
});

export type RunFeedModel = InstanceType<typeof RunFeed>;
