// @vitest-environment happy-dom
import { signal } from '@preact/signals';
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { expect, it } from 'vitest';
import { DependenciesProvider } from '../../../components/wizard/context.ts';
import { WaitingNotice } from '../../../components/wizard/WaitingNotice.tsx';
import type { Run } from '../../../lib/offboarding/model.ts';
import { createText } from '../../../lib/text/text.ts';
import en from '../../../public/_locales/en/messages.json' with { type: 'json' };
import { draft, started } from '../../e2e/wizard/data.ts';
import { createWorld } from './world.ts';

const at = new Date('2026-11-22T09:58:00.000Z');
const text = createText((key) => (en as Record<string, { message: string }>)[key]?.message ?? '', 'en');

async function shown(change: (run: Run) => Run): Promise<string> {
  const run = change({
    ...started(draft(at), 1, at),
    phase: 'waiting',
    waiting: { since: at.toISOString() },
  });
  const parts = {
    wizard: { run: signal(run), connection: signal(undefined) },
    execution: { asked: signal(undefined) },
  };
  const root = document.createElement('div');
  await act(() =>
    render(
      <DependenciesProvider value={{ ...createWorld().dependencies, text }}>
        <WaitingNotice {...(parts as unknown as Parameters<typeof WaitingNotice>[0])} />
      </DependenciesProvider>,
      root,
    ),
  );
  return root.textContent ?? '';
}

const withoutManual = (run: Run): Run => ({
  ...run,
  categories: run.categories.filter(({ action, count }) => action !== 'manual' && count !== null),
});

it('issue 6: what is left by hand is said where a run waits, and not that all is handed over', async () => {
  expect(await shown(withoutManual)).toContain('The hand-over is verified.');
  const left = await shown((run) => {
    const all = withoutManual(run);
    const categories = all.categories.map((each) =>
      each.id === 'tasks.open' ? { ...each, action: 'manual' as const, count: 58 } : each,
    );
    return { ...all, categories };
  });
  expect(left).toContain('58 items are left to you to do by hand.');
  expect(left).toContain('Still to do by hand');
  expect(left).not.toContain('is verified');
});
