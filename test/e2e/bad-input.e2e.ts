import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import type { Page } from 'puppeteer-core';
import { type Chromium, launchChromium } from './chromium.ts';
import { click, offboard, planFor, see, start } from './wizard-steps.ts';
import { dana, leftOver, priya, startWorkspace, type Workspace } from './workspace.ts';

/** R4, R5: what a workspace can do wrong, where the admin looks when it does, and that nothing is lost by it. */

const alex = 'mem_02';
let chromium: Chromium;
let workspace: Workspace;
let panel: Page;

before(async () => {
  chromium = await launchChromium();
});
after(() => chromium.close());
beforeEach(async () => {
  workspace = await startWorkspace();
});
afterEach(async () => {
  for (const page of await chromium.browser.pages()) if (page.url().startsWith('http')) await page.close();
  await panel?.close().catch(() => {});
  await workspace.close();
});

async function openPanel(): Promise<Page> {
  const page = await chromium.open(workspace.memberPage(dana), workspace.cookie(priya));
  panel = await offboard(chromium, page);
  return page;
}

const sql = (statement: string): void => {
  workspace.sandbox.database.run(statement);
};

test('R5 an answer that makes no sense is named, and nothing is changed by it', async () => {
  workspace.faults([{ match: { path: '/categories' }, fault: { kind: 'wrongType', field: 'categories' } }]);
  await openPanel();
  await see(panel, 'The scan did not finish.');
  await see(panel, /Expected .*categories/);
  workspace.sandbox.faults.clear();
  await click(panel, 'button', 'Scan again');
  await see(panel, 'Dana Ruiz is named by 280 items');
  assert.equal((await workspace.writes()).total, 0);
});

test('R5 a member who has vanished', async () => {
  workspace.faults([{ match: { path: '/scim/v2/Users/mem_03' }, fault: { kind: 'status', status: 404 } }]);
  await openPanel();
  await see(panel, 'This member is no longer in this workspace.');
});

test('W3.3 a replacement who was deactivated between plan and Start holds Start back', async () => {
  await openPanel();
  await planFor(panel, 'Tom Okafor');
  sql("UPDATE member SET active = 0 WHERE email = 'tom.okafor@acme.example'");
  for (const box of await panel.$$('main input[type="checkbox"]:not(:checked)')) await box.click();
  await click(panel, 'button', 'Start');
  await see(panel, 'Tom Okafor is inactive and cannot receive');
  assert.equal((await workspace.writes()).total, 0);
});

test('R3 an item whose owner changed since the scan is skipped, and never overwritten', async () => {
  await openPanel();
  await planFor(panel, 'Tom Okafor');
  sql(
    "UPDATE task SET assignee = 'mem_06' WHERE id = (SELECT id FROM task WHERE assignee = 'mem_03' AND status = 'open' LIMIT 1)",
  );
  await start(panel);
  await see(panel, 'Dana Ruiz is inactive and owns nothing we can read.', 90_000);
  await see(panel, /1\s+skipped/);
  const writes = await workspace.writes();
  assert.equal(writes.writes.filter(({ category }) => category === 'tasks.open').length, 109);
});

test('R4 a session that ends in the middle pauses the run, which goes on once the same person is back', async () => {
  await openPanel();
  await planFor(panel, 'Tom Okafor');
  workspace.faults([{ match: { path: '/reassignments', nth: 3, times: 1 }, fault: { kind: 'session' } }]);
  await start(panel);
  await see(panel, 'Your session has ended.');
  assert.ok((await workspace.writes()).total < 280);
  await chromium.open(workspace.memberPage(dana), workspace.cookie(priya));
  await see(panel, 'Dana Ruiz is inactive and owns nothing we can read.', 90_000);
  const writes = await workspace.writes();
  assert.deepEqual([writes.total, writes.doubled, leftOver(await workspace.owned(dana))], [281, 0, []]);
});

test('R4 a session that is somebody else’s now writes nothing in their name', async () => {
  await openPanel();
  await planFor(panel, 'Tom Okafor');
  workspace.faults([{ match: { path: '/reassignments', nth: 3, times: 1 }, fault: { kind: 'session' } }]);
  await start(panel);
  await see(panel, 'Your session has ended.');
  const page = await chromium.open(workspace.memberPage(dana), workspace.cookie(alex));
  const before = (await workspace.writes()).total;
  await new Promise((resolve) => setTimeout(resolve, 12_000));
  const writes = await workspace.writes();
  assert.equal(writes.total, before);
  assert.ok(writes.writes.every(({ actor }) => actor === priya));
  await page.close();
  await chromium.open(workspace.memberPage(dana), workspace.cookie(priya));
  await see(panel, 'Dana Ruiz is inactive and owns nothing we can read.', 90_000);
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
    panel = await fresh.openWizardTab('');
    await see(panel, 'Connect a workspace');
    const other = await panel.$('details summary, button[aria-expanded="false"]');
    if (other && !(await panel.$('input[type="url"]'))) await other.click();
    await panel.type('input[type="url"]', origin);
    await click(panel, 'button', 'Allow this site');
    await see(panel, `${origin} was not connected.`);
    await see(panel, 'No workspace was found');
  } finally {
    await fresh.close();
    server.close();
  }
});
