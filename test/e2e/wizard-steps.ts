import type { Page } from 'puppeteer-core';
import type { MessageKey, Text } from '../../lib/text/text.ts';
import { read } from '../tools/reading.ts';
import { clickRole, waitForRole } from './accessibility.ts';
import type { Chromium } from './chromium.ts';

/**
 * What an admin does in the wizard, as a person does it: by names that are on the screen, with real clicks and keys.
 * `text` is what the browser speaks, English by default.
 */

const english = read('en').text;

/** A text of the catalogue as a pattern: anything where its one parameter stands. */
export function anyOf(text: Text, key: MessageKey, parameter: string): RegExp {
  const [before = '', after = ''] = text(key, { [parameter]: '\0' })
    .split('\0')
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/gu, '\\$&'));
  return new RegExp(`${before}.+${after}`, 'u');
}

/** Escapes a name for puppeteer's ARIA selector. */
const named = (role: string, name: string): string =>
  `::-p-aria([name="${name.replaceAll('"', '\\"')}"][role="${role}"])`;

/** Clicks the one element of that role and name, wherever it has to be scrolled to. */
export async function click(page: Page, role: string, name: string): Promise<void> {
  await page.locator(named(role, name)).setTimeout(20_000).click();
}

/** A button that cannot be taken back arms a moment after it appears, so that a double click cannot reach it. */
export async function clickArmed(page: Page, name: string): Promise<void> {
  await page.waitForSelector(named('button', name), { timeout: 20_000 });
  await new Promise((resolve) => setTimeout(resolve, 600));
  await click(page, 'button', name);
}

/** Waits until these words are on the screen. */
export async function see(page: Page, words: string | RegExp, patience = 30_000): Promise<void> {
  const source = typeof words === 'string' ? words : words.source;
  try {
    await page.waitForFunction(
      (text, isPattern) => {
        const shown = document.body.innerText;
        return isPattern ? new RegExp(text, 's').test(shown) : shown.includes(text);
      },
      { timeout: patience, polling: 100 },
      source,
      typeof words !== 'string',
    );
  } catch {
    const shown = await page.evaluate(() => document.body.innerText).catch(() => '(the page is gone)');
    throw new Error(`Expected to see ${words} within ${patience} ms; the screen says:\n${shown}`);
  }
}

/** Clicks the button on the member's page, and resolves with the side panel that opens beside it. */
export async function offboard(
  chromium: Chromium,
  page: Page,
  button: string | RegExp = english('overlay_offboard'),
): Promise<Page> {
  await page.bringToFront();
  for (let tries = 1; ; tries += 1) {
    // A person sees a button before they press it. What is pressed sooner than the browser can tell that it is to be
    // seen counts for nothing, and says so; then they press again.
    await waitForRole(page, 'button', button);
    await new Promise((resolve) => setTimeout(resolve, 500));
    await clickRole(page, 'button', button);
    try {
      return await chromium.panel(5_000);
    } catch (error) {
      if (tries === 3) throw error;
    }
  }
}

/** Step 1: waits for the scan and goes on. */
export async function passScan(panel: Page, text = english): Promise<void> {
  await see(panel, anyOf(text, 'scan_age', 'age'));
  await click(panel, 'button', text('continue'));
  await see(panel, text('reassign_fill'));
}

/** Step 2: fills all missing defaults with one member, and goes on. */
export async function fillWith(panel: Page, member: string, text = english): Promise<void> {
  await pick(panel, `${text('reassign_fill_label')}: ${text('choose_member')}`, member);
  await see(panel, text('reassign_filled'), 20_000);
}

/** Opens a member picker by its name, types, and takes the one that is found. */
export async function pick(panel: Page, picker: string, member: string): Promise<void> {
  await click(panel, 'button', picker);
  await panel.waitForSelector('[role="combobox"]:focus', { timeout: 20_000 });
  await panel.keyboard.type(member);
  await panel.waitForFunction(
    (name) =>
      [...document.querySelectorAll('[role="option"]')].some((option) =>
        option.textContent?.includes(name),
      ) && document.querySelectorAll('[role="option"]').length < 6,
    { timeout: 20_000 },
    member,
  );
  await panel.keyboard.press('Enter');
}

/** Step 3: ticks every card, and goes on. */
export async function acknowledgeAll(panel: Page, text = english): Promise<void> {
  await see(panel, text('future_title'));
  for (let turn = 0; turn < 60; turn += 1) {
    const open = await panel.$$(
      'main input[type="checkbox"]:not(:checked), [role="checkbox"][aria-checked="false"]',
    );
    const box = open[0];
    if (!box) return;
    await box.evaluate((element) => element.scrollIntoView({ block: 'center' }));
    const before = open.length;
    await box.click();
    await panel
      .waitForFunction(
        (count) => document.querySelectorAll('main input[type="checkbox"]:not(:checked)').length < count,
        { timeout: 5_000 },
        before,
      )
      .catch(() => {});
  }
  throw new Error('There is always one more to tick.');
}

/** Continue, from step 2 or 3. */
export async function goOn(panel: Page, text = english): Promise<void> {
  await click(panel, 'button', text('continue'));
}

/** From a fresh panel to the review, everything going to one member. */
export async function planFor(panel: Page, member: string, text = english): Promise<void> {
  await passScan(panel, text);
  await fillWith(panel, member, text);
  await goOn(panel, text);
  await acknowledgeAll(panel, text);
  await goOn(panel, text);
  await see(panel, text('review_boxes'));
}

/** Step 4: ticks the boxes, presses Start and confirms. */
export async function start(panel: Page, text = english): Promise<void> {
  for (const box of await panel.$$('main input[type="checkbox"]:not(:checked)')) {
    await box.evaluate((element) => element.scrollIntoView({ block: 'center' }));
    await box.click();
  }
  await click(panel, 'button', text('review_start'));
  const confirm = await panel.waitForSelector('dialog[open]', { timeout: 20_000 });
  const name = await confirm?.$$eval(
    'button',
    (buttons, cancel) =>
      buttons.map((button) => button.textContent?.trim() ?? '').find((label) => label !== cancel),
    text('cancel'),
  );
  if (!name) throw new Error('The final confirmation has no button but Cancel.');
  await clickArmed(panel, name);
}
