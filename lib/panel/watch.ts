import { computed, createModel, effect, signal } from '@preact/signals';
import type { WatchedRun } from '../messages/elsewhere.ts';
import type { Refusal } from '../messages/protocol.ts';
import type { Member } from '../offboarding/model.ts';
import { isOpen } from '../offboarding/transitions.ts';
import type { PanelDependencies } from './dependencies.ts';

/** Milliseconds between two looks while nobody tells what changes, and while somebody does. */
const pollInterval = 2_000;
const quietInterval = 10_000;
/** A draft that nobody touched for so long can be given up without a word to whose it is. */
const forgottenAfter = 7 * 24 * 60 * 60_000;

/** A run in another browser, from the workspace's registry: as it is told, or every 2 s. Nothing here changes it. */
export const Watch = createModel((dependencies: PanelDependencies, connection: string, member: string) => {
  const run = signal<WatchedRun | undefined>(undefined);
  const leaver = signal<Member | undefined>(undefined);
  /** Why the last look showed nothing; the next one tells anew. */
  const refusal = signal<Refusal | undefined>(undefined);
  /** Why the last command was refused, until somebody asks for another. */
  const refused = signal<Refusal | undefined>(undefined);
  const loaded = signal(false);
  const live = signal(false);
  const now = signal(dependencies.now());
  const asked = signal<'takeOver' | 'discard' | undefined>(undefined);
  const busy = signal(false);
  let looking = false;
  let again = false;
  let stopped = false;

  const look = async (): Promise<void> => {
    if (looking) {
      again = true;
      return;
    }
    looking = true;
    do {
      again = false;
      const reply = await dependencies.send('run.watch', { connection, member });
      if (stopped) return;
      loaded.value = true;
      now.value = dependencies.now();
      if (reply.ok) {
        refusal.value = undefined;
        run.value = reply.value.run ?? undefined;
        leaver.value = reply.value.leaver ?? leaver.peek();
        live.value = reply.value.live;
      } else {
        refusal.value = reply.refusal;
        live.value = false;
      }
    } while (again);
    looking = false;
  };

  effect(() => {
    let cancel = (): void => {};
    let lookedAt = Number.NEGATIVE_INFINITY;
    const tick = (): void => {
      const at = dependencies.now().getTime();
      now.value = dependencies.now();
      if (at - lookedAt >= (live.peek() ? quietInterval : pollInterval)) {
        lookedAt = at;
        void look();
      }
      cancel = dependencies.after(1_000, tick);
    };
    tick();
    const unsubscribe = dependencies.live.onNews((news) => {
      if (news === 'down') live.value = false;
      else if (news.connection === connection) {
        live.value = news.live;
        if (news.run === undefined || news.run === run.peek()?.id) void look();
      }
    });
    return () => {
      stopped = true;
      cancel();
      unsubscribe();
    };
  });

  let spoken: boolean | undefined;
  effect(() => {
    const standing = live.value;
    if (!loaded.value) return;
    if (spoken === true && !standing) dependencies.voice.polite(dependencies.text('live_lost'));
    if (spoken === false && standing) dependencies.voice.polite(dependencies.text('live_again'));
    spoken = standing;
  });

  const command = async (name: 'run.takeOver' | 'run.discardElsewhere'): Promise<boolean> => {
    const about = run.peek();
    if (!about) return false;
    busy.value = true;
    refused.value = undefined;
    const reply = await dependencies.send(name, { connection, member, run: about.id });
    busy.value = false;
    asked.value = undefined;
    if (!reply.ok) {
      refused.value = reply.refusal;
      void look();
    }
    return reply.ok;
  };

  return {
    run,
    leaver,
    refusal,
    refused,
    loaded,
    live,
    now,
    asked,
    busy,
    /** True once the other browser no longer counts as present. */
    gone: computed(() => {
      const about = run.value;
      return about?.open === true && Date.parse(about.leaseUntil) <= now.value.getTime();
    }),
    /** Somebody else worked on it within the last seven days: worth asking them before it is given up. */
    recent: computed(() => {
      const about = run.value;
      return (
        about !== undefined && !about.mine && now.value.getTime() - Date.parse(about.seenAt) < forgottenAfter
      );
    }),
    /** Whether the run over there still goes on. */
    going: computed(() => run.value?.open === true && isOpen(run.value.record.phase)),
    retry: look,
    ask(question: 'takeOver' | 'discard'): void {
      asked.value = question;
      refused.value = undefined;
    },
    keep(): void {
      asked.value = undefined;
    },
    /** Resolves true when the run is this browser's. */
    takeOver: () => command('run.takeOver'),
    /** Resolves true when the draft is gone. */
    discard: () => command('run.discardElsewhere'),
  };
});

export type WatchModel = InstanceType<typeof Watch>;
