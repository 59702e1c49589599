import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLiveClient } from '../../../lib/messages/live-client.ts';
import { createLiveHub, type LivePort } from '../../../lib/messages/live-hub.ts';
import { type CommandName, commands, type PanelTarget } from '../../../lib/messages/protocol.ts';
import {
  createServer,
  type Handlers,
  type MessageSender,
  type Origin,
} from '../../../lib/messages/server.ts';
import { BatchFeed } from '../../../lib/panel/batch/feed.ts';
import { RunFeed } from '../../../lib/panel/run-feed.ts';
import { draft, started } from '../../e2e/wizard/data.ts';
import { createWorld } from '../panel/world.ts';
import { anySender, message, name, names, noise, self } from './arbitraries.ts';

const inTab = { id: 1, windowId: 1, url: 'https://app.example.com/settings' };
/** Half of them are who they should be, so that what they say gets as far as the schema. */
const sender = fc.oneof(
  anySender,
  fc.constantFrom<MessageSender>(
    { id: self.id, url: `${self.origin}/sidepanel.html` },
    { id: self.id, url: 'https://app.example.com/settings', frameId: 0, tab: { id: 1, windowId: 1 } },
    { id: self.id, url: 'https://app.example.com/frame', frameId: 4, tab: inTab },
  ),
);

/** What the background might say, in its right shape or nearly. */
const which = fc.constantFrom('mine', 'other');
const oftenRight = <T>(right: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 7, arbitrary: right as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: noise });
const revision = oftenRight(fc.integer({ min: 0, max: 60 }));
const someone = oftenRight(fc.record({ id: which, name: fc.string(), email: fc.string() }));
const panelMessage = fc.record(
  {
    kind: oftenRight(
      fc.constantFrom('hello', 'snapshot', 'patch', 'trouble', 'batch', 'target', 'news', 'waiting'),
    ),
    run: oftenRight(
      fc.oneof(
        which,
        fc.record({ id: which, rev: revision, phase: oftenRight(fc.constantFrom('executing', 'partial')) }),
      ),
    ),
    from: revision,
    rev: revision,
    fields: oftenRight(fc.record({ note: fc.string() }, { requiredKeys: [] })),
    cleared: oftenRight(fc.array(fc.constantFrom('note', 'pause'))),
    batch: oftenRight(
      fc.record({
        id: which,
        rev: revision,
        members: oftenRight(
          fc.array(oftenRight(fc.record({ run: which, member: someone })), { maxLength: 2 }),
        ),
      }),
    ),
    rows: oftenRight(
      fc.array(oftenRight(fc.record({ run: which, rev: revision, state: fc.constant('ready') })), {
        maxLength: 2,
      }),
    ),
    whole: oftenRight(fc.boolean()),
    target: oftenRight(
      fc.oneof(
        fc.constant({ kind: 'home' }),
        fc.record({ kind: fc.constantFrom('run', 'member'), run: which, connection: which, member: which }),
      ),
    ),
    mark: oftenRight(fc.string({ minLength: 1 })),
    connection: oftenRight(which),
    live: oftenRight(fc.boolean()),
  },
  { requiredKeys: ['kind'] },
);

describe('R6 fuzzed messages', () => {
  it('12,000 to the background: only commands of their shape, from who may send them, reach a handler', async () => {
    let reached: { command: CommandName; request: unknown; origin: Origin }[] = [];
    const handlers = Object.fromEntries(
      names.map((command) => [
        command,
        async (given: unknown, origin: Origin) => {
          reached.push({ command, request: given, origin });
          return {};
        },
      ]),
    ) as unknown as Handlers;
    const told: string[] = [];
    const serve = createServer(handlers, self, (refused) => void told.push(refused));
    let served = 0;
    let framed = 0;
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
          expect(by.tab).toBeDefined();
          // Only a frame is told from the page around it, by what the browser says of both.
          if (call.origin.frame) framed += 1;
          expect(call.origin.frame).toEqual(
            by.frameId === 0 ? undefined : { id: by.frameId, top: by.tab?.url },
          );
          expect(by.frameId === 0 || URL.canParse(by.tab?.url ?? '')).toBe(true);
          expect(by.url).toMatch(/^https?:/);
        }
      }),
      { numRuns: 12_000 },
    );
    console.log(
      `Fuzzed: 12,000 messages to the background, ${told.length} refused aloud, ${served} served, ${framed} of a frame.`,
    );
    expect(served).toBeGreaterThan(20);
    expect(framed).toBeGreaterThan(5);
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

  it('10,000 to the panel: nothing is thrown, and only news of the run and the batch that are followed get through', async () => {
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
    const world = createWorld();
    const dependencies = { ...world.dependencies, live: client };
    const run = { ...started(draft(new Date()), 0.3, new Date()), id: 'mine', rev: 5 };
    const begin = () =>
      [new RunFeed(dependencies, 'mine', run), new BatchFeed(dependencies, 'mine')] as const;
    let [feed, batchFeed] = begin();
    const end = (): void => {
      feed[Symbol.dispose]();
      batchFeed[Symbol.dispose]();
    };
    const targets: PanelTarget[] = [];
    const news: unknown[] = [];
    client.onTarget(({ target }) => void targets.push(target));
    client.onNews((each) => void news.push(each));
    let heard = 0;
    let patched = 0;
    let rows = 0;
    await fc.assert(
      fc.asyncProperty(fc.oneof(noise, panelMessage), async (said) => {
        // Only what is newer changes anything: now and then all begins anew.
        if (heard++ % 20 === 0) {
          end();
          [feed, batchFeed] = begin();
        }
        const before = [feed.run.value, batchFeed.batch.value, targets.length];
        hear(said);
        await Promise.resolve();
        const { kind, run: about, batch } = Object(said) as Record<string, unknown>;
        if (feed.run.value !== before[0]) {
          patched += 1;
          expect([about, (about as { id?: unknown }).id]).toContain('mine');
        }
        if (batchFeed.batch.value !== before[1]) {
          rows += 1;
          expect((batch as { id: unknown }).id).toBe('mine');
        }
        if (targets.length !== before[2]) expect(kind).toBe('target');
        expect(feed.run.value?.id).toBe('mine');
      }),
      { numRuns: 10_000 },
    );
    for (const target of targets) expect(['home', 'run', 'member']).toContain(target.kind);
    end();
    console.log(
      `Fuzzed: 10,000 messages to the panel; of its own run ${patched}, of its batch ${rows}, targets ${targets.length}, news ${news.length}.`,
    );
    expect(patched).toBeGreaterThan(20);
    expect(rows).toBeGreaterThan(20);
    expect(targets.length).toBeGreaterThan(20);
    expect(news.length).toBeGreaterThan(20);
  }, 112_000);
});
