import { computed, createModel, effect, signal } from '@preact/signals';
import type { ConnectionView, Refusal, Replies } from '../messages/protocol.ts';
import { originOf } from './connect.ts';
import type { PanelDependencies } from './dependencies.ts';

/** A kind of workspace that a key opens, as the form knows it. */
export type KeyedKindView = Replies['connection.kinds']['kinds'][number];
export type Findings = Extract<Replies['connection.tryKey'], { findings: unknown }>['findings'];
/** `tried`: it is known what the key opens; `declined`: the browser's question was answered with no. */
type KeyState = 'ready' | 'trying' | 'declined' | 'refused' | 'tried' | 'connecting';

/** What one starts from: the kind, and of a connection whose key is replaced its addresses and who acts. */
export interface KeyStart {
  kind: KeyedKindView;
  origin?: string;
  api?: string;
  actor?: { name: string; email: string };
}

/** Connecting by key: two addresses, the key, who acts; one click that asks and tries, another one that connects. */
export const ConnectKey = createModel(
  (dependencies: PanelDependencies, start: KeyStart, connected: (connection: ConnectionView) => void) => {
    const state = signal<KeyState>('ready');
    const fields = {
      page: signal(start.origin ?? start.kind.pages[0] ?? ''),
      api: signal(start.api ?? start.kind.apis[0] ?? ''),
      key: signal(''),
      name: signal(start.actor?.name ?? ''),
      email: signal(start.actor?.email ?? ''),
    };
    const findings = signal<Findings | undefined>(undefined);
    const refusal = signal<Refusal | undefined>(undefined);
    const page = computed(() => originOf(fields.page.value));
    const api = computed(() => originOf(fields.api.value));
    const complete = computed(
      () => page.value !== undefined && api.value !== undefined && fields.key.value.trim() !== '',
    );

    const asked = () => ({
      kind: start.kind.kind,
      origin: page.peek() ?? '',
      api: api.peek() ?? '',
      key: fields.key.peek().trim(),
      actor: { name: fields.name.peek().trim(), email: fields.email.peek().trim() },
    });
    const refuse = (why: Refusal): void => {
      refusal.value = why;
      state.value = 'refused';
    };
    // What was found out holds for what was typed then.
    let typed = '';
    effect(() => {
      const now = JSON.stringify(Object.values(fields).map(({ value }) => value));
      if (typed !== '' && typed !== now && state.peek() !== 'connecting') {
        findings.value = undefined;
        refusal.value = undefined;
        if (state.peek() !== 'trying') state.value = 'ready';
      }
      typed = now;
    });

    return {
      state,
      fields,
      findings,
      refusal,
      page,
      api,
      complete,
      /** Straight from the click: the browser is asked for exactly these two sites, then the key is tried. */
      async tryKey(): Promise<void> {
        if (!complete.peek() || state.peek() === 'trying') return;
        const input = asked();
        state.value = 'trying';
        refusal.value = undefined;
        const origins = [...new Set([input.origin, input.api])];
        if (!(await dependencies.requestAccess({ origins, permissions: [] }))) {
          state.value = 'declined';
          return;
        }
        const reply = await dependencies.send('connection.tryKey', input);
        // What was typed meanwhile was not tried.
        if (JSON.stringify(asked()) !== JSON.stringify(input)) state.value = 'ready';
        else if (!reply.ok) refuse(reply.refusal);
        else if ('missing' in reply.value) state.value = 'declined';
        else {
          findings.value = reply.value.findings;
          state.value = 'tried';
        }
      },
      /** Keeps the connection; the key is not held here any longer than that. */
      async connect(): Promise<void> {
        if (state.peek() !== 'tried') return;
        state.value = 'connecting';
        const reply = await dependencies.send('connection.addByKey', asked());
        if (!reply.ok) refuse(reply.refusal);
        else if ('missing' in reply.value) state.value = 'declined';
        else {
          fields.key.value = '';
          connected(reply.value.connection);
        }
      },
    };
  },
);

export type ConnectKeyModel = InstanceType<typeof ConnectKey>;

/** The kinds of workspaces that a key opens; empty until they are known. */
export const KeyedKinds = createModel((dependencies: PanelDependencies) => {
  const kinds = signal<readonly KeyedKindView[]>([]);
  effect(() => {
    void dependencies.send('connection.kinds', {}).then((reply) => {
      if (reply.ok) kinds.value = reply.value.kinds;
    });
  });
  return { kinds };
});
