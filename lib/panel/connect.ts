import { createModel, effect, signal } from '@preact/signals';
import type { ConnectionView, Refusal } from '../messages/protocol.ts';
import type { PanelDependencies } from './dependencies.ts';

/** `declined`: the browser's question was answered with no. */
export type ConnectState = 'looking' | 'ready' | 'asking' | 'declined' | 'refused' | 'done';

/** The origin of an address as somebody types it: with or without its scheme; undefined when it is none. */
function originOf(typed: string): string | undefined {
  const address = /^[a-z][a-z0-9+.-]*:\/\//iu.test(typed.trim()) ? typed.trim() : `https://${typed.trim()}`;
  if (typed.trim() === '' || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.origin : undefined;
}

/** Connecting a workspace: one click, the browser's own question, and the workspace's answer (U5). */
export const Connect = createModel(
  (dependencies: PanelDependencies, connected: (connection: ConnectionView) => void) => {
    const state = signal<ConnectState>('looking');
    const origin = signal<string | undefined>(undefined);
    const preview = signal<{ workspace: string | undefined; viewer: string | undefined }>({
      workspace: undefined,
      viewer: undefined,
    });
    const refusal = signal<Refusal | undefined>(undefined);

    const look = async (): Promise<void> => {
      const site = await dependencies.siteOrigin().catch(() => undefined);
      if (origin.peek() === undefined) origin.value = site;
      state.value = 'ready';
      if (site === undefined) return;
      const reply = await dependencies.send('connection.preview', { origin: site });
      if (reply.ok && origin.peek() === site)
        preview.value = { workspace: reply.value.workspace?.name, viewer: reply.value.viewer?.name };
    };
    effect(() => {
      void look();
    });

    return {
      state,
      origin,
      preview,
      refusal,
      /** Another address, typed. */
      choose(typed: string): void {
        origin.value = originOf(typed);
        preview.value = { workspace: undefined, viewer: undefined };
        refusal.value = undefined;
        state.value = 'ready';
      },
      /** Straight from the click: the browser asks only then. */
      async allow(): Promise<void> {
        const site = origin.peek();
        if (site === undefined || state.peek() === 'asking') return;
        state.value = 'asking';
        refusal.value = undefined;
        if (!(await dependencies.requestOrigin(site))) {
          state.value = 'declined';
          return;
        }
        const reply = await dependencies.send('connection.add', { origin: site });
        if (!reply.ok) {
          refusal.value = reply.refusal;
          state.value = 'refused';
          return;
        }
        state.value = 'done';
        connected(reply.value.connection);
      },
    };
  },
);
