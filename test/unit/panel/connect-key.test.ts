import { expect, it } from 'vitest';
import { ConnectKey } from '../../../lib/panel/connect-key.ts';
import { createWorld } from './world.ts';

it('issue 6: what was found out with one key is shown beside no other one', async () => {
  const world = createWorld();
  const kind = {
    ...{ kind: 'keyed', name: 'Keyed', keyPage: 'https://app.example.com/keys' },
    ...{ pages: ['https://app.example.com'], apis: ['https://api.example.com'] },
  };
  const findings = {
    ...{ owner: { known: false, detail: '' }, reads: [], writes: { known: false, detail: '' } },
    warnings: [],
  } as const;
  let answer = (): void => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const dependencies = {
    ...world.dependencies,
    requestAccess: async () => {
      await answered;
      return true;
    },
  };
  world.answer('connection.tryKey', () => ({ ok: true, value: { findings: { ...findings } } as never }));
  const form = new ConnectKey(dependencies, { kind }, () => {});
  form.fields.key.value = 'first';
  const trying = form.tryKey();
  form.fields.key.value = 'second';
  answer();
  await trying;
  expect([form.state.value, form.findings.value]).toEqual(['ready', undefined]);
  await form.tryKey();
  expect([form.state.value, form.findings.value]).toEqual(['tried', findings]);
  expect(world.sent.filter(({ command }) => command === 'connection.tryKey')).toHaveLength(2);
});
