import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { expectAccessible } from './axe.ts';
import { until } from './overlay-tools.ts';
import { useStage } from './stage.ts';
import { click, offboard, pick, planFor, see, start } from './wizard-steps.ts';
import { dana, leftOver, priya } from './workspace.ts';

/** Past runs, the review of one, taking it up again, and what the browser keeps of a workspace. */

const refusal = 'Dashboards are locked by their workspace policy.';

const stage = useStage();

/** A run of Dana's in which the five dashboards are refused; resolves at its end. */
async function endPartially(): Promise<void> {
  stage.workspace.faults([
    {
      match: { path: '/reassignments', contains: '"dashboards.personal"' },
      fault: { kind: 'status', status: 403, detail: refusal },
    },
  ]);
  const page = await stage.chromium.open(stage.workspace.memberPage(dana), stage.workspace.cookie(priya));
  stage.panel = await offboard(stage.chromium, page);
  await planFor(stage.panel, 'Tom Okafor');
  await start(stage.panel);
  await see(stage.panel, '275 of 280 items moved.', 90_000);
}

const dashboards = async (): Promise<string[]> =>
  (await stage.workspace.writes()).writes
    .filter(({ category }) => category === 'dashboards.personal')
    .map(({ ref }) => ref);

test('W7.3 the review groups failures by message; another replacement takes the same run to its end', async () => {
  await endPartially();
  await click(stage.panel, 'button', 'Review 5 failures');
  await see(stage.panel, 'Partial completion: 275 of 280 items moved, 5 did not.');
  await see(stage.panel, 'Steps that did not complete');
  await see(stage.panel, 'Deactivation');
  await expectAccessible(stage.panel, 'the review');
  const groups = await stage.panel.$$eval('main section section h3', (all) =>
    all.map((each) => each.textContent),
  );
  assert.deepEqual(groups, [refusal]);
  const rows = await stage.panel.$$eval(`main ul[aria-label="${refusal}"] li`, (all) => all.length);
  assert.equal(rows, 5);
  await see(stage.panel, /Dashboards.*0 moved, 5 failed/);

  const runs = async () =>
    (
      await stage.panel.evaluate(
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
  stage.workspace.sandbox.faults.clear();
  await pick(stage.panel, 'Who receives these next time: As planned', 'Mei Tanaka');
  await click(stage.panel, 'button', 'Retry 5 items');
  await see(stage.panel, 'is set inactive at the end');
  await stage.panel.waitForSelector('dialog[open]');
  await new Promise((resolve) => setTimeout(resolve, 600));
  await (await stage.panel.$('dialog[open] .ow-dialog-actions button:last-child'))?.click();
  await see(stage.panel, 'Dana Ruiz is inactive and owns nothing we can read.', 60_000);

  const owned = await stage.workspace.owned(dana);
  assert.equal(owned.active, false);
  assert.deepEqual(leftOver(owned), []);
  assert.equal((await dashboards()).length, 5);
  const writes = await stage.workspace.writes();
  assert.equal(writes.doubled, 0);
  assert.equal(writes.total, 280 + 1);
  assert.deepEqual(
    await runs(),
    before.map(({ id }) => ({ id, phase: 'succeeded' })),
    'it is the same run',
  );
  await see(stage.panel, '280 of 280');
});

test('W7.3 a retry that meets the same refusal ends as before, and says so twice', async () => {
  await endPartially();
  await click(stage.panel, 'button', 'Review 5 failures');
  await click(stage.panel, 'button', 'Retry 5 items');
  await stage.panel.waitForSelector('dialog[open]');
  await new Promise((resolve) => setTimeout(resolve, 600));
  await (await stage.panel.$('dialog[open] .ow-dialog-actions button:last-child'))?.click();
  await see(stage.panel, '275 of 280 items moved.', 60_000);
  await click(stage.panel, 'button', 'Review 5 failures');
  await see(stage.panel, 'Taken up again, 5 failed items.');
  assert.equal((await stage.workspace.owned(dana)).active, true);
});

test('W7.3 the history lists past runs, filters them, and leads to one', async () => {
  await endPartially();
  await click(stage.panel, 'button', 'More');
  await click(stage.panel, 'menuitem', 'History');
  await see(stage.panel, /\d+ of \d+ past run/);
  await expectAccessible(stage.panel, 'the history');
  await stage.panel.locator('input[type="search"]').fill('dana');
  await see(stage.panel, 'Partial completion');
  await stage.panel.locator('input[type="search"]').fill('nobody of that name');
  await see(stage.panel, 'No past run matches these filters.');
  await click(stage.panel, 'button', 'Clear filters');
  await click(stage.panel, 'button', 'Outcome: All');
  await click(stage.panel, 'menuitemradio', 'Partial completion');
  const chips = await stage.panel.$$eval('main .ow-chip', (all) => all.map((chip) => chip.textContent));
  assert.ok(chips.length > 0);
  assert.deepEqual(new Set(chips), new Set(['Partial completion']));
  await (await stage.panel.$('main ul li button'))?.click();
  await see(stage.panel, '275 of 280 items moved.');
});

test('U5 a connection says who acts, can be tested, and is removed with everything stored for it', async () => {
  await endPartially();
  for (const page of await stage.chromium.browser.pages())
    if (page.url().startsWith('http')) await page.close();
  const options = await stage.chromium.browser.newPage();
  await options.goto(`chrome-extension://${stage.chromium.extensionId}/options.html`);
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
  // Before all goes there is a file with all of it.
  const folder = mkdtempSync(join(tmpdir(), 'offboarding-export-'));
  const session = await options.createCDPSession();
  await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder });
  const heldBefore = await counts();
  // Other tests left connections of their own.
  const { host } = new URL(stage.workspace.sandbox.url);
  const mine = `//main//section[contains(., "${host}")]//button[contains(@class, "ow-button-dangerText")]`;
  await (await options.waitForSelector(`::-p-xpath(${mine})`))?.click();
  const exporting = await options.waitForSelector('dialog[open] p button');
  await exporting?.click();
  await see(options, 'Exported');
  await until('the file is there', () => readdirSync(folder).some((name) => name.endsWith('.json')));
  const [file = ''] = readdirSync(folder);
  assert.match(file, /^offboarding-runs-\d{4}-\d\d-\d\d\.json$/u);
  const saved = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  rmSync(folder, { recursive: true, force: true });
  assert.equal(saved.connection.origin, stage.workspace.sandbox.url);
  assert.deepEqual(
    saved.runs.map((each: { run: { phase: string }; items: unknown[] }) => [
      each.run.phase,
      each.items.length,
    ]),
    [['partial', 295]],
  );
  assert.ok(saved.runs[0].journal.length > 5);
  await click(options, 'button', 'Keep connected');
  assert.deepEqual(await counts(), heldBefore, 'an export takes nothing away');
  const before = await counts();
  assert.ok((before.items ?? 0) > 0 && (before.journal ?? 0) > 0);
  const names = await options.$$eval('main section h2', (all) => all.map((each) => each.textContent));
  // Each has to go by itself.
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
