import 'fake-indexeddb/auto';
import { afterEach, expect, it } from 'vitest';
import type { Run } from '../../lib/offboarding/model.ts';
import { openStore } from '../../lib/store/index.ts';
import { groupId, natterboxUserId, people } from '../sandbox/natterbox/seed.ts';
import { createBackground } from './engine.fixture.ts';
import { connectOrg, type OrgConnection } from './natterbox.fixture.ts';

/** The engine over the demo org: one user from survey to deactivation, and what holds it up. */

let org: OrgConnection | undefined;
afterEach(() => org?.sandbox.close());

async function start(database: string) {
  org = await connectOrg();
  const { workspace, sandbox } = org;
  const store = openStore(database);
  const { engine, until, scan, begin } = createBackground(store, workspace, { hurry: 50 });
  const prepare = async (member: string): Promise<Run> => {
    const { run } = await engine.openDraft('con', member);
    return scan(run.id);
  };
  const writesTo = (object: string) =>
    sandbox.database.all<{ changes: string }>(
      'SELECT changes FROM write_log WHERE object = ? ORDER BY seq',
      object,
    );
  return { engine, sandbox, workspace, until, prepare, begin, store, writesTo };
}

const leaver = natterboxUserId(people.leaver);
const ended = ({ phase }: Run) => ['succeeded', 'partial', 'failed'].includes(phase);

it('N1 N3 deactivates one user: numbers as ticked, then groups, profile, licences, Active', async () => {
  const { engine, sandbox, store, until, prepare, begin } = await start('natterbox-one');
  // What an undo would need, as the org has it before anything is written.
  const memberships = sandbox.database.all<
    Record<'ref' | 'lock', string> & Record<'primary' | 'priority' | 'ringOrder', number>
  >(
    `SELECT "Id" AS ref, "nbavs__Group__c" AS lock, "nbavs__Primary__c" AS "primary", "nbavs__Priority__c" AS priority,
       "nbavs__RingOrder__c" AS ringOrder
     FROM "nbavs__GroupMember__c" WHERE "nbavs__User__c" = ? ORDER BY "Id"`,
    leaver,
  );
  const user = sandbox.database.get<Record<string, string | number | null>>(
    'SELECT * FROM "nbavs__User__c" WHERE "Id" = ?',
    leaver,
  );
  const draft = await prepare(leaver);
  await engine.edit(draft.id, { kind: 'select', category: 'numbers', selected: true });
  for (const { id, action } of draft.categories)
    if (action === 'manual' && id !== 'numbers')
      await engine.edit(draft.id, { kind: 'acknowledge', category: id, ticked: true });
  await begin(draft.id);
  const run = await until(draft.id, ended);
  expect(run.steps.map(({ id, state, moved, failed }) => [id, state, moved, failed])).toEqual([
    ['numbers', 'completed', 2, 0],
    ['groups', 'completed', 6, 0],
    ['profile', 'completed', 1, 0],
    ['licences', 'completed', 6, 0],
    ['rescan', 'completed', 0, 0],
    ['deactivate', 'completed', 1, 0],
  ]);
  expect(run.phase).toBe('succeeded');
  const log = sandbox.database.all<{ object: string; kind: string; changes: string }>(
    'SELECT object, kind, changes FROM write_log ORDER BY seq',
  );
  expect(log.map(({ object, kind }) => `${kind} ${object}`)).toEqual([
    ...Array(2).fill('update nbavs__PhoneNumber__c'),
    ...Array(6).fill('delete nbavs__GroupMember__c'),
    ...Array(3).fill('update nbavs__User__c'),
  ]);
  const [profile, licences, active] = log.slice(-3).map(({ changes }) => Object.keys(JSON.parse(changes)));
  expect(profile).toEqual(['nbavs__AvailabilityProfile__c']);
  expect(licences).toHaveLength(6);
  expect(active).toEqual(['nbavs__Enabled__c']);

  // Issue 5, undo data: the memberships with their order, the profile, the licences, and that the user was active.
  const kept = async (category: string) => await store.items.page(run.id, category, 100);
  const groups = await kept('groups');
  expect(groups.map(({ ref }) => ref).sort()).toEqual(memberships.map(({ ref }) => ref));
  for (const { ref, lock, primary, priority, ringOrder } of memberships)
    expect(groups.find((each) => each.ref === ref)).toMatchObject({
      state: 'moved',
      before: { member: leaver },
      after: { absent: true },
      lock,
      columns: { primary: primary === 1 ? 'Yes' : 'No', priority, ringOrder },
    });
  expect(memberships.map(({ ringOrder }) => ringOrder).sort()).toEqual([1, 2, 3, 4, 5, 6]);
  const state = user?.nbavs__AvailabilityProfileState__c;
  expect(state).toMatch(/^a0S/);
  expect(await kept('profile')).toMatchObject([
    {
      ref: `${leaver}.${user?.nbavs__AvailabilityProfile__c}`,
      state: 'moved',
      after: { none: true },
      columns: { state },
    },
  ]);
  const flags = (await kept('licences')).map(({ before, columns }) => [columns.field, before]);
  const held = Object.keys(user ?? {}).filter(
    (name) => (licences ?? []).includes(name) && user?.[name] === 1,
  );
  expect(held).toHaveLength(6);
  expect(flags.sort()).toEqual(held.sort().map((name) => [name, { flag: true }]));
  expect([draft.leaver.active, user?.nbavs__Enabled__c, run.leaver.active]).toEqual([true, 1, false]);
  // That this run switched them off, and did not find them so.
  expect(await store.journal(run.id)).toContainEqual(
    expect.objectContaining({
      kind: 'attempt',
      data: expect.objectContaining({ category: 'deactivate', outcome: 'moved' }),
    }),
  );
});

it('N1 when a group cannot be left, the later steps for that user are not run', async () => {
  const { engine, sandbox, until, prepare, begin, writesTo } = await start('natterbox-held');
  const draft = await prepare(leaver);
  for (const { id, action } of draft.categories)
    if (action === 'manual') await engine.edit(draft.id, { kind: 'acknowledge', category: id, ticked: true });
  sandbox.org.locks.hold(groupId(1));
  await begin(draft.id);
  const run = await until(draft.id, ended);
  expect(run.steps.map(({ id, state, moved, failed }) => [id, state, moved, failed])).toEqual([
    ['groups', 'failed', 5, 1],
    ['profile', 'notRun', 0, 0],
    ['licences', 'notRun', 0, 0],
    ['rescan', 'failed', 0, 0],
    ['deactivate', 'notRun', 0, 0],
  ]);
  expect(run.phase).toBe('partial');
  expect(writesTo('nbavs__User__c')).toEqual([]);
});

it('N2 a blocked user cannot be started', async () => {
  const { engine, sandbox, store, prepare } = await start('natterbox-blocked');
  const draft = await prepare(natterboxUserId(people.inactiveSalesforceUser));
  expect(draft.blockers).toHaveLength(1);
  const rev = (await store.run(draft.id))?.rev ?? 0;
  await expect(engine.start(draft.id, rev)).rejects.toMatchObject({
    message: expect.stringContaining('inactive'),
  });
  expect(sandbox.writes()).toBe(0);
});
