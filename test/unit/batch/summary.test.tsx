// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { expect, it } from 'vitest';
import { BatchSummary } from '../../../components/batch/BatchSummary.tsx';
import {
  DependenciesProvider,
  type Navigation,
  NavigationProvider,
} from '../../../components/wizard/context.ts';
import { BatchModel } from '../../../lib/panel/batch/batch.ts';
import { batchStates } from '../../e2e/wizard/batches.ts';
import { createWorld } from '../panel/world.ts';

/** N5: what can be done about a batch before it starts. */

const at = new Date('2026-11-22T10:00:00.000Z');

async function show(age: number) {
  const { batch, batchRuns = [] } = batchStates['bulk-summary']?.(at) ?? {};
  if (!batch) throw new Error('There is no such batch.');
  const acknowledgements = batch.acknowledgements;
  const world = createWorld(new Date(at.getTime() + age));
  world.batches.set(batch.id, { ...batch, acknowledgements });
  for (const run of batchRuns) world.stored.set(run.id, { ...run, batch: batch.id });
  world.answer('connection.list', () => ({ ok: true, value: { connections: [] } }));
  world.answer('batch.check', () => ({ ok: true, value: { rev: 9 } }));
  world.answer('batch.edit', () => ({ ok: true, value: { rev: 9 } }));
  const model = new BatchModel(world.dependencies, batch.id);
  await world.settle();
  document.body.innerHTML = '<div id="root"></div>';
  const root = document.getElementById('root') as HTMLElement;
  const navigation = new Proxy({}, { get: () => () => {} }) as Navigation;
  await act(() =>
    render(
      <DependenciesProvider value={world.dependencies}>
        <NavigationProvider value={navigation}>
          <BatchSummary model={model} />
        </NavigationProvider>
      </DependenciesProvider>,
      root,
    ),
  );
  const buttons = (words: string): HTMLButtonElement[] =>
    [...root.querySelectorAll('button')].filter((button) =>
      `${button.textContent} ${button.getAttribute('aria-label')}`.includes(words),
    );
  return { world, model, root, batch, buttons };
}

it('W7.1 a check that is not from today is said before Submit, and made again with one press', async () => {
  const { world, root, batch, buttons } = await show(25 * 60 * 60_000);
  expect(root.querySelector('.ow-gap')?.textContent).toBe('bulk_gap_old');
  expect(root.querySelector('#primary')?.getAttribute('disabled')).not.toBeNull();
  const again = root.querySelector<HTMLButtonElement>('#check-again');
  await act(() => again?.click());
  expect(world.sent.at(-1)).toEqual({ command: 'batch.check', request: { batch: batch.id } });
  expect(buttons('bulk_check_again').length).toBeGreaterThan(0);
});

it('W7.1 one of today wants nothing of the kind', async () => {
  const { root } = await show(60_000);
  expect(root.querySelector('.ow-gap')?.textContent).not.toBe('bulk_gap_old');
  expect(root.querySelector('#check-again')).toBeNull();
});

it('N5 a user is left out of the batch from their row', async () => {
  const { world, batch, buttons } = await show(60_000);
  const member = batch.members[3];
  const [button] = buttons(`bulk_remove ${JSON.stringify({ name: member?.member.name })}`);
  await act(() => button?.click());
  expect(world.sent.at(-1)).toEqual({
    command: 'batch.edit',
    request: { batch: batch.id, edit: { kind: 'leaveOut', runs: [member?.run] } },
  });
});
