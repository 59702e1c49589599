import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { launchChromium } from './chromium.ts';
import { useStage } from './stage.ts';
import { click, planFor, see, start } from './wizard-steps.ts';
import { dana, leftOver, priya } from './workspace.ts';

/** R4, R5: what a workspace can do wrong, where the admin looks when it does, and that nothing is lost by it. */

const alex = 'mem_02';
const stage = useStage();

const sql = (statement: string): void => {
  stage.workspace.sandbox.database.run(statement);
};

test('R5 an answer that makes no sense is named, and nothing is changed by it', async () => {
  stage.workspace.faults([
    { match: { path: '/categories' }, fault: { kind: 'wrongType', field: 'categories' } },
  ]);
  await stage.openPanel(dana);
  await see(stage.panel, 'The scan did not finish.');
  await see(stage.panel, /Expected .*categories/);
  stage.workspace.sandbox.faults.clear();
  await click(stage.panel, 'button', 'Scan again');
  await see(stage.panel, 'Dana Ruiz is named by 280 items');
  assert.equal((await stage.workspace.writes()).total, 0);
});

test('R5 a member who has vanished', async () => {
  stage.workspace.faults([
    { match: { path: '/scim/v2/Users/mem_03' }, fault: { kind: 'status', status: 404 } },
  ]);
  await stage.openPanel(dana);
  await see(stage.panel, 'This member is no longer in this workspace.');
});

test('W3.3 a replacement who was deactivated between plan and Start holds Start back', async () => {
  await stage.openPanel(dana);
  await planFor(stage.panel, 'Tom Okafor');
  for (const box of await stage.panel.$$('main input[type="checkbox"]:not(:checked)')) await box.click();
  // The review's own check is over: what changes now is found at Start, or not at all.
  await stage.panel.waitForFunction(
    () =>
      [...document.querySelectorAll('footer button')].some(
        (button) =>
          button.textContent === 'Start' && button.matches(':not([disabled], [aria-disabled="true"])'),
      ),
    { timeout: 20_000 },
  );
  sql("UPDATE member SET active = 0 WHERE email = 'tom.okafor@acme.example'");
  await click(stage.panel, 'button', 'Start');
  await see(stage.panel, 'Tom Okafor is inactive and cannot receive');
  assert.equal((await stage.workspace.writes()).total, 0);
});

test('R3 an item whose owner changed since the scan is skipped, and never overwritten', async () => {
  await stage.openPanel(dana);
  await planFor(stage.panel, 'Tom Okafor');
  sql(
    "UPDATE task SET assignee = 'mem_06' WHERE id = (SELECT id FROM task WHERE assignee = 'mem_03' AND status = 'open' LIMIT 1)",
  );
  await start(stage.panel);
  await see(stage.panel, 'Dana Ruiz is inactive and owns nothing we can read.', 90_000);
  await see(stage.panel, /1\s+skipped/);
  const writes = await stage.workspace.writes();
  assert.equal(writes.writes.filter(({ category }) => category === 'tasks.open').length, 109);
});

/** A run for Dana whose session ends at its third write. */
async function endSession(): Promise<void> {
  await stage.openPanel(dana);
  await planFor(stage.panel, 'Tom Okafor');
  stage.workspace.faults([
    { match: { path: '/reassignments', nth: 3, times: 1 }, fault: { kind: 'session' } },
  ]);
  await start(stage.panel);
  await see(stage.panel, 'Your session has ended.');
}

test('R4 a session that ends in the middle pauses the run, which goes on once the same person is back', async () => {
  await endSession();
  assert.ok((await stage.workspace.writes()).total < 280);
  await stage.chromium.open(stage.workspace.memberPage(dana), stage.workspace.cookie(priya));
  await see(stage.panel, 'Dana Ruiz is inactive and owns nothing we can read.', 90_000);
  const writes = await stage.workspace.writes();
  assert.deepEqual([writes.total, writes.doubled, leftOver(await stage.workspace.owned(dana))], [281, 0, []]);
});

test('R4 a session that is somebody else’s now writes nothing in their name', async () => {
  await endSession();
  const page = await stage.chromium.open(stage.workspace.memberPage(dana), stage.workspace.cookie(alex));
  const before = (await stage.workspace.writes()).total;
  await new Promise((resolve) => setTimeout(resolve, 12_000));
  const writes = await stage.workspace.writes();
  assert.equal(writes.total, before);
  assert.ok(writes.writes.every(({ actor }) => actor === priya));
  await page.close();
  await stage.chromium.open(stage.workspace.memberPage(dana), stage.workspace.cookie(priya));
  await see(stage.panel, 'Dana Ruiz is inactive and owns nothing we can read.', 90_000);
});

test('U5 a site that is no workspace says so', async () => {
  const server = createServer((_request, response) => {
    response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Nothing here</h1>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // One that knows no workspace yet.
  const fresh = await launchChromium();
  try {
    const page = await fresh.open(origin);
    assert.equal(await page.$('div'), null, 'nothing of ours is drawn on it');
    stage.panel = await fresh.openWizardTab('');
    await see(stage.panel, 'Connect a workspace');
    const other = await stage.panel.$('details summary, button[aria-expanded="false"]');
    if (other && !(await stage.panel.$('input[type="url"]'))) await other.click();
    await stage.panel.type('input[type="url"]', origin);
    await click(stage.panel, 'button', 'Allow this site');
    await see(stage.panel, `${origin} was not connected.`);
    await see(stage.panel, 'No workspace was found');
  } finally {
    await fresh.close();
    server.close();
  }
});
