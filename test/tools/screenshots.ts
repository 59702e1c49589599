import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'puppeteer-core';
import { type Chromium, launchChromium } from '../e2e/chromium.ts';
import {
  acknowledgeAll,
  anyOf,
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
import { read } from './reading.ts';

/**
 * `npm run screenshots -- [--out FOLDER] [--language TAG]`: drives the extension against the demo workspace in a real Chromium and
 * photographs every step, in the side panel and in the tab, light and dark. Pictures of the README go to
 * `.github/images`; with `--out` all of them go to that folder too. In another language than English (`de`, `fr`, `es`,
 * or `ar-XB` for the pseudo-locale) they go to that folder alone.
 */
const { values } = parseArgs({
  options: { out: { type: 'string' }, language: { type: 'string', default: 'en' } },
});
const { language } = values;
const { text } = read(language);
if (language !== 'en' && !values.out)
  throw new Error('Pictures in another language need a folder: --out FOLDER.');
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
    for (const folder of [
      ...(published.has(name) && language === 'en' ? [gallery] : []),
      ...(values.out ? [values.out] : []),
    ])
      await page.screenshot({ path: `${folder}/${name}-${scheme}.png` });
  }
  console.log(name);
}

/** The run of the panel in a tab of its own, at its full width. */
async function openTab(chromium: Chromium, panel: Page): Promise<Page> {
  await click(panel, 'button', text('menu_open_tab'));
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
  const panel = await offboard(chromium, page, text('overlay_offboard'));
  await see(panel, anyOf(text, 'scan_age', 'age'));
  await photograph(panel, 'scan');
  const tab = await openTab(chromium, panel);
  await see(tab, anyOf(text, 'scan_age', 'age'));
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
  await passScan(panel, text);
  await photograph(panel, 'reassignments-empty');
  await fillWith(panel, 'Tom Okafor', text);
  await overrideSome(panel);
  // What was just done lies over the cards for some seconds.
  await see(panel, /Tom Okafor\D*59\D+Mei Tanaka\D*3/);
  await (await panel.$('.ow-toast button:last-child'))?.click();
  await both('reassignments', 'Mei Tanaka');
  await photographSheet(panel, 'customers.csm', 'reassignments-detail');
  await click(
    panel,
    'button',
    `${text('reassign_pick', { category: text('category_playbooks_senders') })}: Tom Okafor`,
  );
  await panel.waitForSelector('[role="option"]');
  await photograph(panel, 'picker');
  await panel.keyboard.press('Escape');
  await goOn(panel, text);
  await both('future', text('future_title'));
  await acknowledgeAll(panel, text);
  await photograph(panel, 'future-ticked');
  await goOn(panel, text);
  await both('review', text('review_boxes'));
  await panel.evaluate(() => document.querySelector('#review-box-recipients')?.scrollIntoView());
  await photograph(panel, 'review-end');
  workspace.faults([{ match: { path: '/reassignments' }, fault: { kind: 'slow', milliseconds: 1_500 } }]);
  for (const box of await panel.$$('main input[type="checkbox"]:not(:checked)')) await box.click();
  await click(panel, 'button', text('review_start'));
  await panel.waitForSelector('dialog[open]');
  await photograph(panel, 'confirmation');
  await clickArmed(panel, text('confirm_action_executeAndDeactivate', { count: 280 }));
  await see(panel, text('run_title_executing'));
  await new Promise((resolve) => setTimeout(resolve, 11_000));
  await photograph(panel, 'execution');
  await photograph(tab, 'tab-execution');
  await click(panel, 'button', text('run_pause'));
  await see(panel, text('pause_admin_title'));
  await photograph(panel, 'paused');
  workspace.sandbox.faults.clear();
  await click(panel, 'button', text('run_continue'));
  await see(panel, text('end_success_title', { name: 'Dana Ruiz' }), 120_000);
  await both('end', text('end_success_title', { name: 'Dana Ruiz' }));
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
  await click(panel, 'button', text('give_to'));
  await panel.waitForSelector('[role="combobox"]:focus');
  await panel.keyboard.type('Mei Tanaka');
  await panel.waitForFunction(() => document.querySelectorAll('[role="option"]').length === 1);
  await panel.keyboard.press('Enter');
  await see(panel, text('changes', { count: 1 }));
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
  const panel = await offboard(chromium, page, text('overlay_offboard'));
  await planFor(panel, 'Tom Okafor', text);
  await start(panel, text);
  await see(panel, text('end_partial_title', { moved: 275, total: 280, left: 5 }), 120_000);
  await photograph(panel, 'end-partial');
  const tab = await openTab(chromium, panel);
  await see(tab, text('end_partial_title', { moved: 275, total: 280, left: 5 }));
  await photograph(tab, 'tab-end-partial');
  await panel.locator('[data-opens="failed"]').click();
  await photograph(panel, 'outcomes-failed');
  await panel.close();
  await tab.close();
  await page.close();
}

/** What one meets instead of a wizard: nothing connected yet, and no admin. */
async function besides(workspace: Workspace): Promise<void> {
  const fresh = await launchChromium({ language });
  try {
    const empty = await fresh.openWizardTab('');
    await empty.setViewport({ width: 360, height: 800 });
    await see(empty, text('connect_action'));
    await photograph(empty, 'connect');
    await empty.close();
    const page = await fresh.open(workspace.memberPage(dana), workspace.cookie(priya));
    const panel = await offboard(fresh, page, text('overlay_offboard'));
    await see(panel, anyOf(text, 'scan_age', 'age'));
    const nobody = await fresh.open(workspace.memberPage(dana), workspace.cookie('mem_05'));
    const refused = await fresh.openWizardTab('');
    await refused.setViewport({ width: 360, height: 800 });
    await see(refused, text('home_title'));
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
  const chromium = await launchChromium({ language });
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
