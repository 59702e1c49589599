import { afterEach, expect, it } from 'vitest';
import { createMemoryStore } from '../crash/memory-store.ts';
import { natterboxUserId, salesforceUserId } from '../sandbox/natterbox/seed.ts';
import { createBatchEngine, membersOf } from './batch.fixture.ts';
import { connectOrg, type OrgConnection, orgOrigin } from './natterbox.fixture.ts';

let org: OrgConnection | undefined;
afterEach(() => org?.sandbox.close());

it('issue 5 N5: a batch writes in the name of who submitted it alone, also while somebody else is signed in', async () => {
  org = await connectOrg({ settings: { writeTime: 10 } });
  const { workspace, sandbox, browser } = org;
  const { engine, until, checked, rows, later } = createBatchEngine(createMemoryStore(), workspace);
  const users = Array.from({ length: 24 }, (_none, index) => 84 + index).filter((user) =>
    [17, 29, 41].every((held) => user % held !== 0),
  );
  const members = await membersOf(workspace, users.map(natterboxUserId));
  const { id } = await engine.batches.open('con', members);
  const ready = await until(id, checked);
  for (const category of new Set(
    ready.rows.flatMap(({ categories = [] }) =>
      categories.filter(({ action }) => action === 'manual').map((each) => each.id),
    ),
  ))
    await engine.batches.edit(id, { kind: 'acknowledge', category, ticked: true });
  await engine.batches.start(id, (await rows(id)).batch.rev, users.length);
  await until(id, () => sandbox.writes() > 10);

  // Somebody else signs in, and the panel of that moment asks who that is.
  browser.session = { instanceUrl: orgOrigin, sid: sandbox.session(2, 'api') };
  expect((await workspace.identify()).id).toBe(salesforceUserId(2));
  const standing = await until(id, ({ rows: all }) =>
    all.every(({ state }) => state !== 'running' && state !== 'checking'),
  );
  expect(standing.rows.some(({ state }) => state === 'paused')).toBe(true);
  expect(standing.rows.some(({ state }) => state === 'succeeded' || state === 'ready')).toBe(true);

  browser.session = { instanceUrl: orgOrigin, sid: sandbox.session(1, 'api') };
  const ended = await until(id, (state) => {
    void later(6_000);
    return state.batch.phase === 'ended';
  });
  expect(new Set(ended.rows.map(({ state }) => state))).toEqual(new Set(['succeeded']));
  expect(sandbox.database.all('SELECT DISTINCT actor FROM write_log')).toEqual([
    expect.objectContaining({ actor: salesforceUserId(1) }),
  ]);
}, 60_000);
