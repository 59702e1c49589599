import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'puppeteer-core';
import { type Chromium, launchChromium } from '../e2e/chromium.ts';
import {
  acknowledgeAll,
  click,
  clickArmed,
  fillWith,
  goOn,
  offboard,
  passScan,
  planFor,
  see,
  start,
} from '../e2e/wizard-steps.ts';
import { dana, priya, startWorkspace, type Workspace } from '../e2e/workspace.ts';
import { root } from './build.ts';

/**
 * `npm run screenshots -- [--out FOLDER]`: drives the extension against the demo workspace in a real Chromium and
 * photographs every step, in the side panel and in the tab, light and dark. Pictures of the README go to
 * `.github/images`; with `--out` all of them go to that folder too.
 */
const { values } = parseArgs({ options: { out: { type: 'string' } } });
const gallery = join(root, '.github', 'images');

/** What the README shows. */
const published = new Set([
  'button',
  'scan',
  'reassignments',
  'future',
  'review',
  'confirmation',
  'execution',
  'end',
  'end-partial',
  'tab-reassignments',
]);

/** Photographs a page as it is, light and dark, once it has come to rest. */
async function photograph(page: Page, name: string): Promise<void> {
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMediaFeatures([
      { name: 'prefers-color-scheme', value: scheme },
      { name: 'prefers-reduced-motion', value: 'reduce' },
    ]);
    await new Promise((resolve) => setTimeout(resolve, 250));
    for (const folder of [...(published.has(name) ? [gallery] : []), ...(values.out ? [values.out] : [])])
      await page.screenshot({ path: `${folder}/${name}-${scheme}.png` });
  }
  console.log(name);
}

/** The run of the panel in a tab of its own, at its full width. */
async function openTab(chromium: Chromium, panel: Page): Promise<Page> {
  await click(panel, 'button', 'Open in tab');
  const target = await chromium.browser.waitForTarget((each) => each.url().includes('sidepanel.html?run='));
  const page = await target.asPage();
  await page.setViewport({ width: 1280, height: 800 });
  return page;
}

/** Opens the rows of a category, whose row is marked with its id, and closes them again after the pictures. */
async function photographSheet(page: Page, category: string, name: string): Promise<void> {
  await page.locator(`[data-opens="${category}"]`).click();
  await page.waitForSelector('[role="grid"] [role="row"]', { timeout: 20_000 });
  await photograph(page, name);
  await page.keyboard.press('Escape');
  await page.waitForSelector(`[data-opens="${category}"]`);
}

async function mainJob(chromium: Chromium, workspace: Workspace): Promise<void> {
  const page = await chromium.open(workspace.memberPage(dana), workspace.cookie(priya));
  await see(page, 'Dana Ruiz');
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await photograph(page, 'button');
  const panel = await offboard(chromium, page);
  await see(panel, /Scanned (just now|\d)/);
  await photograph(panel, 'scan');
  const tab = await openTab(chromium, panel);
  await see(tab, /Scanned (just now|\d)/);
  await photograph(tab, 'tab-scan');
  await photographSheet(panel, 'tasks.open', 'scan-detail');
  await photographSheet(tab, 'tasks.open', 'tab-scan-detail');

  const both = async (name: string, words: string | RegExp): Promise<void> => {
    await see(panel, words);
    await photograph(panel, name);
    await tab.reload();
    await see(tab, words);
    await photograph(tab, `tab-${name}`);
  };
  await passScan(panel);
  await photograph(panel, 'reassignments-empty');
  await fillWith(panel, 'Tom Okafor');
  await overrideSome(panel);
  // What was just done lies over the cards for some seconds.
  await see(panel, 'Goes to Tom Okafor 59, Mei Tanaka 3');
  await (await panel.$('.ow-toast button:last-child'))?.click();
  await both('reassignments', 'Mei Tanaka');
  await photographSheet(panel, 'customers.csm', 'reassignments-detail');
  await click(panel, 'button', 'Default replacement for Playbook email senders: Tom Okafor');
  await panel.waitForSelector('[role="option"]');
  await photograph(panel, 'picker');
  await panel.keyboard.press('Escape');
  await goOn(panel);
  await both('future', 'Future impact');
  await acknowledgeAll(panel);
  await photograph(panel, 'future-ticked');
  await goOn(panel);
  await both('review', 'Before Start');
  await panel.evaluate(() => document.querySelector('#review-box-recipients')?.scrollIntoView());
  await photograph(panel, 'review-end');
  workspace.faults([{ match: { path: '/reassignments' }, fault: { kind: 'slow', milliseconds: 1_500 } }]);
  for (const box of await panel.$$('main input[type="checkbox"]:not(:checked)')) await box.click();
  await click(panel, 'button', 'Start');
  await panel.waitForSelector('dialog[open]');
  await photograph(panel, 'confirmation');
  await clickArmed(panel, 'Move 280 and deactivate');
  await see(panel, 'Handing over');
  await new Promise((resolve) => setTimeout(resolve, 11_000));
  await photograph(panel, 'execution');
  await photograph(tab, 'tab-execution');
  await click(panel, 'button', 'Pause');
  await see(panel, 'Nothing more is written until you continue.');
  await photograph(panel, 'paused');
  workspace.sandbox.faults.clear();
  await click(panel, 'button', 'Continue');
  await see(panel, 'Dana Ruiz is inactive and owns nothing we can read.', 120_000);
  await both('end', 'Dana Ruiz is inactive');
  await panel.locator('[data-opens="moved"]').click();
  await panel.waitForSelector('.ow-grid-title');
  await photograph(panel, 'outcomes');
  await panel.close();
  await tab.close();
  await page.close();
}

/** Gives two customers to somebody else, so that there is something to see. */
async function overrideSome(panel: Page): Promise<void> {
  await panel.locator('[data-opens="customers.csm"]').click();
  await panel.waitForSelector('[role="grid"] [role="row"] input[type="checkbox"]');
  for (const box of (await panel.$$('[role="grid"] [role="row"] input[type="checkbox"]')).slice(1, 4))
    await box.click();
  await click(panel, 'button', 'Give to…');
  await panel.waitForSelector('[role="combobox"]:focus');
  await panel.keyboard.type('Mei Tanaka');
  await panel.waitForFunction(() => document.querySelectorAll('[role="option"]').length === 1);
  await panel.keyboard.press('Enter');
  await see(panel, 'Changes · 1');
  await photograph(panel, 'reassignments-selected');
  await panel.keyboard.press('Escape');
}

async function partial(chromium: Chromium, workspace: Workspace): Promise<void> {
  workspace.faults([
    {
      match: { path: '/reassignments', contains: '"dashboards.personal"' },
      fault: { kind: 'status', status: 403, detail: 'Dashboards are locked by their workspace policy.' },
    },
  ]);
  const page = await chromium.open(workspace.memberPage(dana), workspace.cookie(priya));
  const panel = await offboard(chromium, page);
  await planFor(panel, 'Tom Okafor');
  await start(panel);
  await see(panel, '275 of 280 items moved.', 120_000);
  await photograph(panel, 'end-partial');
  const tab = await openTab(chromium, panel);
  await see(tab, '275 of 280 items moved.');
  await photograph(tab, 'tab-end-partial');
  await panel.locator('[data-opens="failed"]').click();
  await photograph(panel, 'outcomes-failed');
  await panel.close();
  await tab.close();
  await page.close();
}

/** What one meets instead of a wizard: nothing connected yet, and no admin. */
async function besides(workspace: Workspace): Promise<void> {
  const fresh = await launchChromium();
  try {
    const empty = await fresh.openWizardTab('');
    await empty.setViewport({ width: 360, height: 800 });
    await see(empty, 'Allow this site');
    await photograph(empty, 'connect');
    await empty.close();
    const page = await fresh.open(workspace.memberPage(dana), workspace.cookie(priya));
    const panel = await offboard(fresh, page);
    await see(panel, /Scanned (just now|\d)/);
    const nobody = await fresh.open(workspace.memberPage(dana), workspace.cookie('mem_05'));
    const refused = await fresh.openWizardTab('');
    await refused.setViewport({ width: 360, height: 800 });
    await see(refused, 'Offboard a teammate');
    await photograph(refused, 'home');
    await refused.type('input[type="search"]', 'Mei');
    await refused.waitForSelector('.ow-row-button .ow-row-title, .ow-notice', { timeout: 10_000 });
    await photograph(refused, 'refusal');
    await nobody.close();
  } finally {
    await fresh.close();
  }
}

await mkdir(gallery, { recursive: true });
if (values.out) await mkdir(values.out, { recursive: true });
for (const job of [mainJob, partial]) {
  const workspace = await startWorkspace();
  const chromium = await launchChromium();
  try {
    await job(chromium, workspace);
  } finally {
    await chromium.close();
    await workspace.close();
  }
}
const workspace = await startWorkspace();
try {
  await besides(workspace);
} finally {
  await workspace.close();
}
