import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useStage } from './stage.ts';
import { click, clickArmed, fillWith, offboard, passScan, planFor, see, start } from './wizard-steps.ts';
import { dana, leftOver, priya, ruth } from './workspace.ts';

/** The main job in a real Chromium: from the button on a member's page to the state of the server. */

const stage = useStage();

test('W1.1 W6.5 B2.2 offboards a teammate from the button on their page to the last item', async () => {
  const before = await stage.workspace.owned(dana);
  assert.ok(before.total > 250, 'Dana owns hundreds of things');
  const page = await stage.openPanel(dana);
  await planFor(stage.panel, 'Tom Okafor');
  await start(stage.panel);
  await see(stage.panel, 'Dana Ruiz is inactive and owns nothing we can read.', 90_000);

  const owned = await stage.workspace.owned(dana);
  assert.equal(owned.active, false);
  assert.deepEqual(leftOver(owned), []);
  const writes = await stage.workspace.writes();
  assert.equal(writes.doubled, 0);
  assert.equal(writes.total, 280 + 1);
  assert.deepEqual([...new Set(writes.writes.map(({ actor }) => actor))], [priya]);

  // The product's own page says so too, and names the acting admin in the timeline.
  await page.bringToFront();
  await see(page, 'Inactive');
  const { ref } =
    writes.writes.find(({ category }) => category === 'customers.csm') ??
    assert.fail('no customer was moved');
  await page.goto(`${stage.workspace.sandbox.url}/customers/${ref}`);
  await see(page, /Priya Shah.*Tom Okafor/);
});

test('W2.2 offers execute only for a member who is inactive already, and says that they still are', async () => {
  await stage.openPanel(ruth);
  await see(stage.panel, /Scanned (just now|\d)/);
  const shown = await stage.panel.evaluate(() => document.body.innerText);
  assert.ok(!shown.includes('then sets Ruth Calder inactive'), 'execute and deactivate is not offered');
  await planFor(stage.panel, 'Tom Okafor');
  await start(stage.panel);
  await see(stage.panel, 'Everything is handed over. Ruth Calder was inactive before and still is.', 60_000);
  assert.deepEqual(leftOver(await stage.workspace.owned(ruth)), []);
});

test('W7.1 W1.5 closing the panel in the middle of a draft loses nothing', async () => {
  const page = await stage.openPanel(dana);
  await passScan(stage.panel);
  await fillWith(stage.panel, 'Mei Tanaka');
  await stage.panel.close();
  stage.panel = await offboard(stage.chromium, page, 'Resume Offboarding');
  await see(stage.panel, 'Who receives what');
  // Every category still goes to her; the names come a moment after the rows.
  await see(stage.panel, /(?:Mei Tanaka.*){11}/);
  assert.equal((await stage.workspace.writes()).total, 0);
});

test('W6.2 W6.4 a category that fails stops neither the others nor goes unseen: the member stays active', async () => {
  const refuses = { status: 403, detail: 'Dashboards are locked by their workspace policy.' } as const;
  stage.workspace.faults([
    {
      match: { path: '/reassignments', contains: '"dashboards.personal"' },
      fault: { kind: 'status', ...refuses },
    },
  ]);
  await stage.openPanel(dana);
  await planFor(stage.panel, 'Tom Okafor');
  await start(stage.panel);
  await see(stage.panel, '275 of 280 items moved.', 90_000);
  await see(stage.panel, refuses.detail);
  await see(stage.panel, /Deactivation\s+not run/i);
  const owned = await stage.workspace.owned(dana);
  assert.equal(owned.active, true);
  assert.deepEqual(leftOver(owned), [['dashboards.personal', 5]]);
});

test('W6.7 pauses, continues, and ends here', async () => {
  // One request at a time, slowly, so that there is something to pause.
  stage.workspace.faults([{ match: { path: '/reassignments' }, fault: { kind: 'slow', milliseconds: 700 } }]);
  await stage.openPanel(dana);
  await planFor(stage.panel, 'Tom Okafor');
  await start(stage.panel);
  await click(stage.panel, 'button', 'Pause');
  await see(stage.panel, 'Nothing more is written until you continue.');
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const paused = (await stage.workspace.writes()).total;
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  assert.equal((await stage.workspace.writes()).total, paused, 'a paused run writes nothing');
  assert.ok(paused < 280);

  await click(stage.panel, 'button', 'Continue');
  await click(stage.panel, 'button', 'Pause');
  await see(stage.panel, 'Nothing more is written until you continue.');
  await click(stage.panel, 'button', 'End here');
  await clickArmed(stage.panel, 'End run here');
  await see(stage.panel, 'This run has ended', 30_000);
  const owned = await stage.workspace.owned(dana);
  assert.equal(owned.active, true);
  assert.ok(leftOver(owned).length > 0);
  assert.equal((await stage.workspace.writes()).doubled, 0);
});
