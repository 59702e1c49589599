import { expect, it, vi } from 'vitest';
import { addScripts } from '../../../lib/browser/content-scripts.ts';

const executeScript = vi.hoisted(() => vi.fn(async (_injection: object) => []));
vi.mock('wxt/browser', () => ({ browser: { scripting: { executeScript } } }));

it('issue 4: what a held control waits for does not wait itself until the whole page is there', async () => {
  await addScripts(['recognition', 'guard'], 7, 3);
  expect(executeScript.mock.lastCall?.[0]).toEqual({
    target: { tabId: 7, frameIds: [3] },
    files: ['/recognition.js', '/guard.js'],
    injectImmediately: true,
  });
});
