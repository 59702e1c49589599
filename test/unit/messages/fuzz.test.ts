import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { pageRuntime } from '../../../lib/browser/page-runtime.ts';
import { createLiveClient } from '../../../lib/messages/live-client.ts';
import { createLiveHub, type LivePort } from '../../../lib/messages/live-hub.ts';
import { type CommandName, commands, type LiveMessage } from '../../../lib/messages/protocol.ts';
import { createServer, type Handlers, type MessageSender } from '../../../lib/messages/server.ts';

const self = { id: 'our-extension', origin: 'chrome-extension://our-extension' };
const names = Object.keys(commands) as CommandName[];

/** Anything that a message may be: noise, and commands whose requests are wrong in some way. */
const noise = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  maxDepth: 3,
});
const request = fc.oneof(
  noise,
  fc.record(
    {
      member: fc.oneof(fc.string({ minLength: 1, maxLength: 600 }), noise),
      run: fc.oneof(fc.string({ minLength: 1, maxLength: 600 }), noise),
      connection: fc.oneof(fc.string(), noise),
      rev: fc.oneof(fc.integer(), fc.double(), noise),
      edit: noise,
      counts: fc.oneof(fc.dictionary(fc.string(), fc.oneof(fc.integer(), fc.constant(null))), noise),
      origin: fc.oneof(fc.webUrl(), noise),
      text: fc.oneof(fc.string({ maxLength: 300 }), noise),
      window: fc.oneof(fc.integer(), noise),
    },
    { requiredKeys: [] },
  ),
);
const name = fc.oneof(
  fc.constantFrom(...names),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', ''),
  fc.string(),
);
const message = fc.oneof(
  { weight: 1, arbitrary: noise },
  { weight: 4, arbitrary: fc.record({ command: name, request }, { requiredKeys: [] }) },
);
const url = fc.oneof(
  fc.constantFrom(
    `${self.origin}/sidepanel.html`,
    `${self.origin}.evil.example/sidepanel.html`,
    'https://app.example.com/settings/users/1',
    'http://127.0.0.1:8080/',
    'file:///etc/passwd',
    'about:blank',
    'null',
    '',
  ),
  fc.webUrl(),
);
const anySender = fc.record(
  {
    id: fc.constantFrom(self.id, 'another-extension', undefined),
    url: fc.oneof(url, fc.constant(undefined)),
    frameId: fc.constantFrom(0, 1, 7, undefined),
    tab: fc.oneof(fc.constant(undefined), fc.record({ id: fc.integer(), windowId: fc.integer() })),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<MessageSender>;
/** Half of them are who they should be, so that what they say gets as far as the schema. */
const sender = fc.oneof(
  anySender,
  fc.constantFrom<MessageSender>(
    { id: self.id, url: `${self.origin}/sidepanel.html` },
    { id: self.id, url: 'https://app.example.com/settings', frameId: 0, tab: { id: 1, windowId: 1 } },
  ),
);

describe('R6 fuzzed messages', () => {
  it('12,000 to the background: only commands of their shape, from who may send them, reach a handler', async () => {
    let reached: { command: CommandName; request: unknown }[] = [];
    const handlers = Object.fromEntries(
      names.map((command) => [
        command,
        async (given: unknown) => {
          reached.push({ command, request: given });
          return {};
        },
      ]),
    ) as unknown as Handlers;
    const told: string[] = [];
    const serve = createServer(handlers, self, (refused) => void told.push(refused));
    let served = 0;
    await fc.assert(
      fc.asyncProperty(message, sender, async (said, by) => {
        reached = [];
        const reply = await serve(said, by);
        if (reply === null) {
          expect(reached).toEqual([]);
          return;
        }
        expect(typeof reply.ok).toBe('boolean');
        expect(reached.length).toBe(reply.ok ? 1 : 0);
        const [call] = reached;
        if (!call) return;
        served += 1;
        expect(by.id).toBe(self.id);
        const { from, request: schema } = commands[call.command];
        expect(schema.safeParse(call.request).success).toBe(true);
        if (from.includes('page' as never)) expect(by.url?.startsWith(`${self.origin}/`)).toBe(true);
        else {
          expect(by.frameId).toBe(0);
          expect(by.tab).toBeDefined();
          expect(by.url).toMatch(/^https?:/);
        }
      }),
      { numRuns: 12_000 },
    );
    console.log(`Fuzzed: 12,000 messages to the background, ${told.length} refused aloud, ${served} served.`);
    expect(served).toBeGreaterThan(20);
    expect(told.length).toBeGreaterThan(1_000);
    expect(told.every((line) => names.some((each) => line.startsWith(each)))).toBe(true);
  }, 112_000);

  it('10,000 on the live connection: nothing is thrown, and nothing but runs that exist is sent', async () => {
    const hub = createLiveHub(async () => undefined);
    const sent: unknown[] = [];
    let hear: (message: unknown) => void = () => {};
    const port: LivePort = {
      postMessage: (each) => void sent.push(each),
      onMessage: (listener) => {
        hear = listener;
      },
      onDisconnect: () => {},
    };
    hub.connect(port);
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(noise, fc.record({ kind: name, run: noise, window: noise })),
        async (said) => {
          hear(said);
          await Promise.resolve();
          expect(sent).toEqual([{ kind: 'hello' }]);
        },
      ),
      { numRuns: 10_000 },
    );
    console.log(`Fuzzed: 10,000 messages on the live connection, ${sent.length} answered.`);
  }, 112_000);

  it('10,000 to the overlay: only our own background is heard, and all that it can say is to look again', async () => {
    const listeners = new Set<(message: unknown, sender: { id?: string }) => void>();
    vi.stubGlobal('chrome', {
      runtime: {
        id: self.id,
        sendMessage: async () => undefined,
        onMessage: {
          addListener: (listener: () => void) => listeners.add(listener),
          removeListener: (listener: () => void) => listeners.delete(listener),
        },
      },
    });
    const end = new AbortController();
    let heard = 0;
    pageRuntime().listen(() => {
      heard += 1;
    }, end.signal);
    let foreign = 0;
    await fc.assert(
      fc.asyncProperty(fc.oneof(noise, message), anySender, async (said, by) => {
        const before = heard;
        for (const listener of listeners) listener(said, by);
        const ours = by.id === self.id;
        if (!ours) foreign += 1;
        expect(heard - before).toBe(ours ? 1 : 0);
      }),
      { numRuns: 10_000 },
    );
    end.abort();
    expect(listeners.size).toBe(0);
    vi.unstubAllGlobals();
    console.log(`Fuzzed: 10,000 messages to the overlay, ${foreign} from others, none of which was heard.`);
    expect(foreign).toBeGreaterThan(1_000);
  }, 112_000);

  it('10,000 to the panel: nothing is thrown, and only news of the run that is followed get through', async () => {
    let hear: (message: unknown) => void = () => {};
    const client = createLiveClient(
      () => ({
        postMessage: () => {},
        onMessage: (listener) => {
          hear = listener;
        },
        onDisconnect: () => {},
        disconnect: () => {},
      }),
      1,
    );
    const got: LiveMessage[] = [];
    client.subscribe('mine', { message: (each) => void got.push(each), up: () => {}, down: () => {} });
    const kind = fc.oneof(
      fc.constantFrom('snapshot', 'patch', 'waiting', 'trouble', 'target', 'news'),
      noise,
    );
    const run = fc.oneof(
      fc.constantFrom('mine', 'other'),
      fc.record({ id: fc.constantFrom('mine', 'other') }),
      noise,
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(noise, fc.record({ kind, run }, { requiredKeys: [] })), async (said) => {
        const before = got.length;
        hear(said);
        const about = (said as { run?: { id?: unknown } } | null | undefined)?.run;
        if (got.length > before) expect([about, about?.id]).toContain('mine');
      }),
      { numRuns: 10_000 },
    );
    console.log(`Fuzzed: 10,000 messages to the panel, ${got.length} about the run that it follows.`);
    expect(got.length).toBeGreaterThan(100);
  }, 112_000);
});
