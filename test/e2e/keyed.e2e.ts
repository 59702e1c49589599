import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
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

  await page.bringToFront();
  await waitForRole(page, 'button', 'Show what was checked');
  await clickRole(page, 'switch', 'Active');
  await see(page, 'Inactive');
  assert.equal(isActive(), false);
  await see(panel, 'The page shows Dana Ruiz as inactive.', 30_000);
  await see(panel, /Reported by the page https:\/\/app\.custify\.com, not verified/);
  await panel.close();
  await page.close();
});
