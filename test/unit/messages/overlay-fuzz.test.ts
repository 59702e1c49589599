// @vitest-environment happy-dom
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { failureModals, overlayTexts } from '../../../entrypoints/background/overlay-words.ts';
import overlay from '../../../entrypoints/overlay/index.ts';
import usersScript from '../../../entrypoints/users/index.ts';
import { pageProfile } from '../../sandbox/page-profile.ts';
import { read } from '../../tools/reading.ts';
import { anySender, message, noise, self } from './arbitraries.ts';

type Listener = (message: unknown, sender: { id?: string }) => unknown;
type Said = { command: string; request: unknown };

/** What the overlay may be told: noise, other contexts' messages, and its own one, or nearly. */
const told = fc.oneof(
  noise,
  message,
  fc.record({ refresh: fc.oneof(fc.constantFrom('overlay.refresh', 'refresh', true), noise) }),
);

it('R6 10,000 fuzzed messages to the overlay: our own background alone is heard, and all that it can say is to look again', async () => {
  const { happyDOM } = window as unknown as { happyDOM: { setURL(url: string): void } };
  happyDOM.setURL('https://app.example.com/settings/users/mem_03');
  document.body.innerHTML = '<main><h1>Dana Ruiz</h1></main>';
  const listeners = new Set<Listener>();
  const sent: Said[] = [];
  const { text } = read('en');
  const setup = {
    ...{
      pages: pageProfile,
      controls: ['button'],
      language: 'en',
      direction: 'ltr',
      bulk: failureModals(text).other,
    },
    ...{ failures: failureModals(text), texts: overlayTexts(text) },
  };
  vi.stubGlobal('chrome', {
    runtime: {
      id: self.id,
      sendMessage: async (said: Said) => {
        sent.push(said);
        // The page is about users: their script is there before the answer.
        if (said.command === 'overlay.hello') usersScript.main();
        return { ok: true, value: said.command === 'overlay.hello' ? setup : { button: null } };
      },
      onMessage: {
        addListener: (listener: Listener) => listeners.add(listener),
        removeListener: (listener: Listener) => listeners.delete(listener),
      },
    },
  });
  const thrown: unknown[] = [];
  const note = (event: { reason?: unknown; error?: unknown }): void =>
    void thrown.push(event.reason ?? event.error);
  process.on('unhandledRejection', note);
  window.addEventListener('error', note as never);
  const settle = () => new Promise((resolve) => setTimeout(resolve));
  overlay.main();
  await vi.waitFor(() => expect(listeners.size).toBe(1));
  await settle();
  const looks = (): number => sent.filter(({ command }) => command === 'overlay.member').length;
  expect(looks()).toBe(1);
  let foreign = 0;
  let heard = 0;
  await fc.assert(
    fc.asyncProperty(told, anySender, async (said, by) => {
      const before = looks();
      // The overlay answers nobody.
      for (const listener of listeners) expect(listener(said, by)).toBeUndefined();
      await Promise.resolve();
      const ours = by.id === self.id && Object(said).refresh === 'overlay.refresh';
      if (by.id !== self.id) foreign += 1;
      if (ours) heard += 1;
      expect(looks() - before).toBe(ours ? 1 : 0);
    }),
    { numRuns: 10_000 },
  );
  await settle();
  process.off('unhandledRejection', note);
  expect(thrown).toEqual([]);
  // It asked about the member of its page, and about nothing else; what the page takes besides, it asked for once.
  expect(new Set(sent.map(({ command }) => command))).toEqual(
    new Set(['overlay.hello', 'overlay.arm', 'overlay.member']),
  );
  expect(sent.filter(({ command }) => command === 'overlay.arm')).toHaveLength(1);
  const asked = sent.filter(({ command }) => command === 'overlay.member');
  expect(asked.every(({ request }) => JSON.stringify(request) === '{"member":"mem_03"}')).toBe(true);
  console.log(`Fuzzed: 10,000 messages to the overlay, ${foreign} from others; ${heard} let it look again.`);
  expect(foreign).toBeGreaterThan(1_000);
  expect(heard).toBeGreaterThan(20);
  // Whoever comes after it ends it, and nothing listens any more.
  vi.unstubAllGlobals();
}, 112_000);
