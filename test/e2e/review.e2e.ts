import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import type { Page } from 'puppeteer-core';
import { expectAccessible } from './axe.ts';
import { type Chromium, launchChromium } from './chromium.ts';
import { click, offboard, pick, planFor, see, start } from './wizard-steps.ts';
import { dana, leftOver, priya, startWorkspace, type Workspace } from './workspace.ts';

/** Past runs, the review of one, taking it up again, and what the browser keeps of a workspace. */

const refusal = 'Dashboards are locked by their workspace policy.';

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

/** A run of Dana's in which the five dashboards are refused; resolves at its end. */
async function endPartially(): Promise<void> {
  workspace.faults([
    {
      match: { path: '/reassignments', contains: '"dashboards.personal"' },
      fault: { kind: 'status', status: 403, detail: refusal },
    },
  ]);
  const page = await chromium.open(workspace.memberPage(dana), workspace.cookie(priya));
  panel = await offboard(chromium, page);
  await planFor(panel, 'Tom Okafor');
  await start(panel);
  await see(panel, '275 of 280 items moved.', 90_000);
}

const dashboards = async (): Promise<string[]> =>
  (await workspace.writes()).writes
    .filter(({ category }) => category === 'dashboards.personal')
    .map(({ ref }) => ref);

test('W7.3 the review groups failures by message; another replacement takes the same run to its end', async () => {
  await endPartially();
  await click(panel, 'button', 'Review 5 failures');
  await see(panel, 'Partial completion: 275 of 280 items moved, 5 did not.');
  await see(panel, 'Steps that did not complete');
  await see(panel, 'Deactivation');
  await expectAccessible(panel, 'the review');
  const groups = await panel.$$eval('main section section h3', (all) => all.map((each) => each.textContent));
  assert.deepEqual(groups, [refusal]);
  const rows = await panel.$$eval(`main ul[aria-label="${refusal}"] li`, (all) => all.length);
  assert.equal(rows, 5);
  await see(panel, /Dashboards.*0 moved, 5 failed/);

  const runs = async () =>
    (
      await panel.evaluate(
        () =>
          new Promise<{ id: string; phase: string }[]>((resolve) => {
            const opening = indexedDB.open('offboarding');
            opening.onsuccess = () => {
              const asking = opening.result.transaction('runs').objectStore('runs').getAll();
              asking.onsuccess = () => {
                opening.result.close();
                resolve(asking.result);
              };
            };
          }),
      )
    ).map(({ id, phase }) => ({ id, phase }));
  const before = await runs();
  assert.equal((await dashboards()).length, 0);
  workspace.sandbox.faults.clear();
  await pick(panel, 'Who receives these next time: As planned', 'Mei Tanaka');
  await click(panel, 'button', 'Retry 5 items');
  await see(panel, 'is set inactive at the end');
  await panel.waitForSelector('dialog[open]');
  await new Promise((resolve) => setTimeout(resolve, 600));
  await (await panel.$('dialog[open] .ow-dialog-actions button:last-child'))?.click();
  await see(panel, 'Dana Ruiz is inactive and owns nothing we can read.', 60_000);

  const owned = await workspace.owned(dana);
  assert.equal(owned.active, false);
  assert.deepEqual(leftOver(owned), []);
  assert.equal((await dashboards()).length, 5);
  const writes = await workspace.writes();
  assert.equal(writes.doubled, 0);
  assert.equal(writes.total, 280 + 1);
  assert.deepEqual(
    await runs(),
    before.map(({ id }) => ({ id, phase: 'succeeded' })),
    'it is the same run',
  );
  await see(panel, '280 of 280');
});

test('W7.3 a retry that meets the same refusal ends as before, and says so twice', async () => {
  await endPartially();
  await click(panel, 'button', 'Review 5 failures');
  await click(panel, 'button', 'Retry 5 items');
  await panel.waitForSelector('dialog[open]');
  await new Promise((resolve) => setTimeout(resolve, 600));
  await (await panel.$('dialog[open] .ow-dialog-actions button:last-child'))?.click();
  await see(panel, '275 of 280 items moved.', 60_000);
  await click(panel, 'button', 'Review 5 failures');
  await see(panel, 'Taken up again, 5 failed items.');
  assert.equal((await workspace.owned(dana)).active, true);
});

test('W7.3 the history lists past runs, filters them, and leads to one', async () => {
  await endPartially();
  await click(panel, 'button', 'More');
  await click(panel, 'menuitem', 'History');
  await see(panel, /\d+ of \d+ past run/);
  await expectAccessible(panel, 'the history');
  await panel.locator('input[type="search"]').fill('dana');
  await see(panel, 'Partial completion');
  await panel.locator('input[type="search"]').fill('nobody of that name');
  await see(panel, 'No past run matches these filters.');
  await click(panel, 'button', 'Clear filters');
  await click(panel, 'button', 'Outcome: All');
  await click(panel, 'menuitemradio', 'Partial completion');
  const chips = await panel.$$eval('main .ow-chip', (all) => all.map((chip) => chip.textContent));
  assert.ok(chips.length > 0);
  assert.deepEqual(new Set(chips), new Set(['Partial completion']));
  await (await panel.$('main ul li button'))?.click();
  await see(panel, '275 of 280 items moved.');
});

test('U5 a connection says who acts, can be tested, and is removed with everything stored for it', async () => {
  await endPartially();
  for (const page of await chromium.browser.pages()) if (page.url().startsWith('http')) await page.close();
  const options = await chromium.browser.newPage();
  await options.goto(`chrome-extension://${chromium.extensionId}/options.html`);
  await see(options, 'Admin: may offboard teammates');
  await see(options, 'Priya Shah (');
  await see(options, /The answer took \d+ ms\./);
  const counts = () =>
    options.evaluate(
      () =>
        new Promise<Record<string, number>>((resolve) => {
          const opening = indexedDB.open('offboarding');
          opening.onsuccess = () => {
            const names = [...opening.result.objectStoreNames];
            const transaction = opening.result.transaction(names);
            const found: Record<string, number> = {};
            for (const name of names) {
              const asking = transaction.objectStore(name).count();
              asking.onsuccess = () => {
                found[name] = asking.result;
              };
            }
            transaction.oncomplete = () => {
              opening.result.close();
              resolve(found);
            };
          };
        }),
    );
  await expectAccessible(options, 'the connections');
  const before = await counts();
  assert.ok((before.items ?? 0) > 0 && (before.journal ?? 0) > 0);
  const names = await options.$$eval('main section h2', (all) => all.map((each) => each.textContent));
  // Other tests left connections of their own: each has to go by itself.
  for (let left = names.length; left > 0; left -= 1) {
    await (await options.$('main section .ow-button-dangerText'))?.click();
    await see(options, 'Nothing changes in the workspace itself.');
    await new Promise((resolve) => setTimeout(resolve, 600));
    await (await options.$('dialog[open] .ow-dialog-actions button:last-child'))?.click();
    await options.waitForFunction(
      (count) => document.querySelectorAll('main section h2').length < count,
      { timeout: 10_000 },
      left,
    );
  }
  await see(options, 'No workspace is connected in this browser.');
  for (const [name, count] of Object.entries(await counts()))
    assert.equal(count, 0, `nothing is left of ${name}`);
  await options.close();
});
