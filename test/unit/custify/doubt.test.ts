import { expect, it } from 'vitest';
import type { RunItem } from '../../../lib/offboarding/model.ts';
import { settleByReading } from '../../../lib/offboarding/outcome.ts';
import { pages } from '../../../lib/workspace/custify/pages.ts';
import { objectId } from '../../sandbox/custify/ids.ts';
import { startCustifySandbox } from '../../sandbox/custify/server.ts';
import { leaverId } from '../../sandbox/seed.ts';

const item: RunItem = {
  ...{ category: 'customers.csm', ref: 'c1', title: 'Acme', lock: 'c1', columns: {} },
  ...{ value: { member: 'dana@ex.test' }, run: 'r', state: 'unknown' },
} as never;
const isDana = (a: string, b: string): boolean =>
  a === b || [a, b].every((each) => ['dana@ex.test', '64b01'].includes(each));

it('R2 an item in doubt that still names the leaver, under the id that is known by now, is planned again', () => {
  const set = { member: 'kim' };
  expect(settleByReading(item, set, { member: '64b01' }, isDana).state).toBe('planned');
  expect(settleByReading(item, set, { member: '64b01' })).toMatchObject({
    state: 'skipped',
    heldBy: { member: '64b01' },
  });
  expect(settleByReading(item, set, { member: 'kim' }, isDana)).toMatchObject({ state: 'moved' });
  expect(settleByReading(item, set, { member: 'lee' }, isDana)).toMatchObject({ state: 'skipped' });
});

it('issue 6: the product’s own button for offboarding is known for what it is, where there is one', async () => {
  const sandbox = await startCustifySandbox({ small: true });
  const buttons = async (native: boolean): Promise<string[]> => {
    sandbox.variants.native = native;
    const headers = { cookie: sandbox.session('mem_01') };
    const answer = await fetch(`${sandbox.url}/settings/users/${objectId(leaverId)}`, { headers });
    const html = await answer.text();
    expect(html).toContain('<h1>Dana Ruiz</h1>');
    const names = [...html.matchAll(/<button type="button">([^<]*)<\/button>/g)].map(
      ([, name]) => name ?? '',
    );
    return names.filter((each) =>
      pages.member.native.some(
        (anchor) =>
          'role' in anchor && anchor.role === 'button' && new RegExp(anchor.name ?? '', 'i').test(each),
      ),
    );
  };
  expect(await buttons(true)).toEqual(['Offboard user']);
  expect(await buttons(false)).toEqual([]);
  await sandbox.close();
});
