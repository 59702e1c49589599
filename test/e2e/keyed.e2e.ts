import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'puppeteer-core';
import { objectId } from '../sandbox/custify/ids.ts';
import { type CustifySandbox, startCustifySandbox } from '../sandbox/custify/server.ts';
import { type HttpsFront, startHttpsFront } from '../tools/https-front.ts';
import { clickRole, waitForRole } from './accessibility.ts';
import { type Chromium, launchChromium } from './chromium.ts';
import { click, offboard, planFor, see, start } from './wizard-steps.ts';

/** A workspace that is reached by key, on its real host names, from connecting to the click on its own page. */

const app = 'https://app.custify.com';
const dana = 'mem_03';
const memberPage = `${app}/settings/users/${objectId(dana)}`;

let sandbox: CustifySandbox;
let front: HttpsFront;
let chromium: Chromium;

before(async () => {
  sandbox = await startCustifySandbox({ control: true });
  front = await startHttpsFront({ 'app.custify.com': sandbox.url, 'api.custify.com': sandbox.url });
  chromium = await launchChromium({ args: front.chromium });
});
after(async () => {
  await chromium.close();
  await front.close();
  await sandbox.close();
});

/** Puts words into the field with this label. */
async function fill(page: Page, label: string, words: string): Promise<void> {
  const field = await page.waitForSelector(`::-p-aria([name="${label}"][role="textbox"])`, {
    timeout: 20_000,
  });
  await field?.click({ count: 3 });
  await field?.type(words);
}
const isActive = (): boolean =>
  sandbox.database.get<{ active: number }>('SELECT active FROM member WHERE id = ?', dana)?.active === 1;
const customersOf = (member: string): number =>
  sandbox.database.get<{ n: number }>('SELECT count(*) AS n FROM customer WHERE csm = ?', member)?.n ?? 0;

test('issue 6: connects by key, hands over, waits for the page, and lets the one click through', async () => {
  const page = await chromium.open(memberPage, sandbox.session('mem_01'));
  const tab = await chromium.openWizardTab('');
  await click(tab, 'button', 'Connect Custify by key');
  await fill(tab, 'API key', 'ck_not_this_one');
  await fill(tab, 'Your name', 'Priya Shah');
  await fill(tab, 'Your email address', 'priya.shah@acme.example');
  await click(tab, 'button', 'Try this key');
  await see(tab, 'The key does not open Custify.');
  await fill(tab, 'API key', sandbox.key);
  await click(tab, 'button', 'Try this key');
  await see(tab, 'What this key opens');
  await see(tab, 'Reads customers');
  await click(tab, 'button', 'Connect');
  await see(tab, 'Custify');
  await tab.close();

  // The page says whose it is by its heading alone; the button stands there.
  assert.ok(customersOf(dana) > 0);
  const panel = await offboard(chromium, page);
  await planFor(panel, 'Tom Okafor');
  assert.equal(sandbox.writes(), 0);
  await start(panel);
  await see(panel, 'Waiting for you', 120_000);
  await see(panel, 'Not checked:');
  assert.equal(customersOf(dana), 0);
  assert.equal(isActive(), true);

  // The page shows it as done, asks, and takes it back: that is no end of the run.
  sandbox.variants.asks = true;
  await page.bringToFront();
  await page.reload();
  await waitForRole(page, 'button', 'Show what was checked');
  await clickRole(page, 'switch', 'Active');
  await waitForRole(page, 'button', 'Keep them');
  await delay(3_000);
  await clickRole(page, 'button', 'Keep them');
  await page.waitForSelector('[role=switch][aria-checked=true]', { timeout: 20_000 });
  await delay(3_000);
  assert.equal(isActive(), true);
  assert.equal((await panel.$$('::-p-text(Waiting for you)')).length > 0, true);

  await clickRole(page, 'switch', 'Active');
  await clickRole(page, 'button', 'Go on');
  await see(page, 'Inactive');
  assert.equal(isActive(), false);
  await see(panel, 'The page shows Dana Ruiz as inactive.', 30_000);
  await see(panel, /Reported by the page https:\/\/app\.custify\.com, not verified/);
  await panel.close();
  await page.close();
});

test('issue 6: where nothing is found on the page, everything goes by the panel, and the admin says that it is done', async () => {
  sandbox.variants.asks = false;
  const leaver = sandbox.database.get<{ id: string; name: string }>(
    `SELECT m.id, m.name FROM customer c JOIN member m ON m.id = c.csm
     WHERE m.active = 1 AND m.id NOT IN ('mem_01', 'mem_03') AND m.name <> 'Tom Okafor' GROUP BY m.id
     ORDER BY count(*) LIMIT 1 OFFSET 1`,
  );
  assert.ok(leaver);
  // A page of the workspace on which there is nothing of a member at all.
  const page = await chromium.open(`${app}/customers`);
  const tab = await chromium.openWizardTab('');
  await fillSearch(tab, leaver.name);
  await planFor(tab, 'Tom Okafor');
  await start(tab);
  await see(tab, 'Waiting for you', 120_000);
  await click(tab, 'button', 'I have set them inactive');
  await see(tab, /not verified/u, 30_000);
  assert.equal(customersOf(leaver.id), 0);
  await tab.close();
  await page.close();
});

test('issue 6: a control that is not found is pointed at, taken along as a file, and lets its click through', async () => {
  sandbox.variants.control = 'button';
  const leaver = sandbox.database.get<{ id: string; name: string; n: number }>(
    `SELECT m.id, m.name, count(*) AS n FROM customer c JOIN member m ON m.id = c.csm
     WHERE m.active = 1 AND m.id NOT IN ('mem_01', 'mem_03') AND m.name <> 'Tom Okafor' GROUP BY m.id ORDER BY n`,
  );
  assert.ok(leaver);
  const stillActive = (): boolean =>
    sandbox.database.get<{ active: number }>('SELECT active FROM member WHERE id = ?', leaver.id)?.active ===
    1;
  const page = await chromium.open(`${app}/settings/users/${objectId(leaver.id)}`);
  const options = await chromium.browser.newPage();
  await options.goto(`chrome-extension://${chromium.extensionId}/options.html`);
  await options.waitForSelector('::-p-text(Point at the control that sets somebody inactive)', {
    timeout: 20_000,
  });
  await (await options.$('::-p-text(Point at the control that sets somebody inactive)'))?.click();

  // The page hears nothing of the click by which it is pointed at.
  await click(options, 'button', 'Point at the control');
  await page.bringToFront();
  await waitForRole(
    page,
    'StaticText',
    'Click the control that sets somebody inactive. The page hears nothing of that click. Escape ends it.',
  );
  await page.click('button[name=access]');
  await options.bringToFront();
  await see(options, 'It finds one control');
  await see(options, '“Access of *” on a member’s page');
  assert.equal(stillActive(), true);
  // What was found is framed in the page, whose tab came to the front for it.
  await options.bringToFront();

  const folder = mkdtempSync(join(tmpdir(), 'controls-'));
  const browser = await chromium.browser.target().createCDPSession();
  await browser.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder });
  await click(options, 'button', 'Export as a file');
  const file = join(folder, 'offboarding-controls.json');
  for (let turn = 0; turn < 100 && !existsSync(file); turn += 1) await delay(100);
  const exported = readFileSync(file, 'utf8');
  assert.ok(!exported.includes(leaver.name), 'nobody is named in it');
  await click(options, 'button', 'Remove “Access of *”');
  await options.waitForFunction(() => !document.body.innerText.includes('Access of *'), { timeout: 20_000 });
  await (await options.$('input[type=file]'))?.uploadFile(file);
  await see(options, '“Access of *” on a member’s page');
  rmSync(folder, { recursive: true, force: true });

  // Now the wizard steps in, although nothing else there says what the button does.
  await page.bringToFront();
  await page.reload();
  await waitForRole(page, 'button', 'Offboard User');
  await page.click('button[name=access]');
  await clickRole(page, 'button', 'Cancel');
  assert.equal(stillActive(), true);

  // From the toolbar icon alone: search the member, and go.
  await options.close();
  const tab = await chromium.openWizardTab('');
  await fillSearch(tab, leaver.name);
  await planFor(tab, 'Tom Okafor');
  await start(tab);
  await see(tab, 'Waiting for you', 120_000);
  await page.bringToFront();
  await waitForRole(page, 'button', 'Show what was checked');
  await page.click('button[name=access]');
  await see(page, 'Inactive');
  assert.equal(stillActive(), false);
  await tab.bringToFront();
  await see(tab, `The page shows ${leaver.name} as inactive.`, 30_000);
  assert.equal(customersOf(leaver.id), 0);
});

/** Looks for a member on the home screen and opens the wizard for them. */
async function fillSearch(tab: Page, name: string): Promise<void> {
  const field = await tab.waitForSelector('input[type=search]', { timeout: 20_000 });
  await field?.type(name);
  const row = await tab.waitForSelector(`li button ::-p-text(${name})`, { timeout: 20_000 });
  await row?.click();
}
