// @vitest-environment happy-dom
import { act } from 'preact/test-utils';
import { expect, it, vi } from 'vitest';
import { start } from '../../../entrypoints/sidepanel/start.tsx';

vi.mock('../../../entrypoints/sidepanel/wire.ts', () => ({
  wire: () => Promise.reject(new Error('No current window')),
}));
vi.mock('../../../lib/browser/texts.ts', () => ({
  browserReading: () => ({ text: (key: string) => key, locale: 'de-AT', direction: 'ltr' }),
}));

it('issue 3: a page that cannot be built says why and how to try again, and rejects nothing', async () => {
  document.body.innerHTML = '<div id="root"></div>';
  Object.assign(document.documentElement, { lang: 'en', dir: '' });
  await act(() =>
    start({
      address: { kind: 'home' },
      surface: Promise.resolve({ surface: 'tab', window: 1 }),
      hello: undefined,
    }),
  );
  const root = document.getElementById('root');
  expect(root?.querySelector('h1')?.textContent).toBe('start_failed_title');
  expect(root?.textContent).toContain('No current window');
  expect(root?.querySelector('button')?.textContent).toBe('try_again');
  expect([document.documentElement.lang, document.documentElement.dir]).toEqual(['de-AT', 'ltr']);
});
