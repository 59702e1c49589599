import { createModel, effect, signal } from '@preact/signals';
import type { ConnectionView, Refusal, SiteNeeds } from '../messages/protocol.ts';
import type { Access } from '../workspace/port.ts';
import type { PanelDependencies } from './dependencies.ts';

/**
 * `declined`: the browser's question was answered with no. `more`: the workspace needs further sites, which only its
 * own answer told; the browser asks for them at another click.
 */
export type ConnectState = 'looking' | 'ready' | 'asking' | 'more' | 'declined' | 'refused' | 'done';

/** The origin of an address as somebody types it: with or without its scheme; undefined when it is none. */
export function originOf(typed: string): string | undefined {
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
    /** What this site takes, once the background has said it. */
    const needs = signal<SiteNeeds | undefined>(undefined);
    const missing = signal<Access | undefined>(undefined);
    const secret = signal('');

    /** What is known by now to be needed, all of it in one question. */
    const wanted = (site: string): Access => {
      const more = missing.peek();
      if (more) return more;
      const known = needs.peek();
      if (!known) return { origins: [site], permissions: [] };
      const byToken = known.secret === 'instead' && secret.peek() !== '';
      return { origins: known.origins, permissions: byToken ? [] : known.permissions };
    };
    const add = async (site: string): Promise<void> => {
      const typed = secret.peek();
      const reply = await dependencies.send('connection.add', {
        origin: site,
        ...(typed !== '' && { secret: typed }),
      });
      if (!reply.ok) {
        refusal.value = reply.refusal;
        state.value = 'refused';
      } else if ('missing' in reply.value) {
        missing.value = reply.value.missing;
        state.value = 'more';
      } else {
        state.value = 'done';
        secret.value = '';
        connected(reply.value.connection);
      }
    };
    const learn = async (site: string): Promise<void> => {
      const reply = await dependencies.send('connection.needs', { origin: site });
      if (reply.ok && origin.peek() === site) needs.value ??= reply.value;
    };
    const look = async (): Promise<void> => {
      const site = await dependencies.siteOrigin().catch(() => undefined);
      if (origin.peek() === undefined) origin.value = site;
      state.value = 'ready';
      if (site === undefined) return;
      await learn(site);
      const reply = await dependencies.send('connection.preview', { origin: site });
      if (!reply.ok || origin.peek() !== site) return;
      preview.value = { workspace: reply.value.workspace?.name, viewer: reply.value.viewer?.name };
      needs.value = reply.value.needs;
    };
    effect(() => {
      void look();
    });

    return {
      state,
      origin,
      preview,
      refusal,
      needs,
      missing,
      secret,
      /** Another address, typed. */
      choose(typed: string): void {
        const site = originOf(typed);
        if (site !== origin.peek()) needs.value = undefined;
        origin.value = site;
        missing.value = undefined;
        if (site !== undefined) void learn(site);
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
        if (!(await dependencies.requestAccess(wanted(site)))) {
          state.value = 'declined';
          return;
        }
        missing.value = undefined;
        await add(site);
      },
    };
  },
);
