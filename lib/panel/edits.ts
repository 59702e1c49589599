import { createModel, signal } from '@preact/signals';
import type { Refusal } from '../messages/protocol.ts';
import type { Edit } from '../offboarding/edit.ts';
import type { PanelDependencies } from './dependencies.ts';
import type { RunFeedModel } from './run-feed.ts';

export type SaveState =
  | { kind: 'idle' }
  | { kind: 'saving' }
  | { kind: 'saved'; at: Date }
  /** Kept and sent again on request, in order. */
  | { kind: 'failed'; refusal: Refusal };

/** Refusals after which sending the same edit again can help. */
const worthRetrying = new Set<Refusal['code']>([
  'storage',
  'unreachable',
  'throttled',
  'internal',
  'signedOut',
]);

/** Sends the draft's changes one after the other and says how far the saving is. Nothing is shown before it is stored. */
export const Edits = createModel((dependencies: PanelDependencies, feed: RunFeedModel, id: string) => {
  const save = signal<SaveState>({ kind: 'idle' });
  /** An edit that the background would not take; the plan is as it was. */
  const refused = signal<Refusal | undefined>(undefined);
  /** The leaver has vanished: nothing can be changed any more. */
  const gone = signal(false);
  const waiting: { edit: Edit; done: (stored: boolean) => void }[] = [];
  let sending = false;

  const drain = async (): Promise<void> => {
    if (sending) return;
    sending = true;
    save.value = { kind: 'saving' };
    for (;;) {
      const first = waiting[0];
      if (!first) {
        save.value = { kind: 'saved', at: dependencies.now() };
        break;
      }
      const reply = await dependencies.send('draft.edit', { run: id, edit: first.edit });
      if (reply.ok) {
        await feed.reach(reply.value.rev);
        refused.value = undefined;
      } else if (worthRetrying.has(reply.refusal.code)) {
        save.value = { kind: 'failed', refusal: reply.refusal };
        break;
      } else {
        refused.value = reply.refusal;
        if (reply.refusal.code === 'memberGone') gone.value = true;
      }
      waiting.shift();
      first.done(reply.ok);
    }
    sending = false;
  };

  return {
    save,
    refused,
    gone,
    /** Resolves once the edit is stored (true) or was refused for good (false). */
    edit(edit: Edit): Promise<boolean> {
      return new Promise((done) => {
        waiting.push({ edit, done });
        void drain();
      });
    },
    retry(): void {
      void drain();
    },
  };
});
