import assert from 'node:assert/strict';
import type { Page } from 'puppeteer-core';
import type { Check } from './checks.ts';

/** What has the focus: its accessible label, else its text without what is hidden from the accessibility tree. */
export function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    const label = element?.getAttribute('aria-label');
    if (label || !element) return label ?? '';
    const copy = element.cloneNode(true) as Element;
    for (const hidden of copy.querySelectorAll('[aria-hidden]')) hidden.remove();
    return copy.textContent?.replaceAll(/\s+/gu, ' ').trim() ?? '';
  });
}

export function textOf(page: Page, selector: string): Promise<string> {
  return page.evaluate((wanted) => document.querySelector(wanted)?.textContent ?? '', selector);
}

export async function press(page: Page, ...keys: Parameters<Page['keyboard']['press']>[0][]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

/** Waits until a reading is as wanted, and says the last one when it never is. */
export async function settles<T>(read: () => Promise<T>, wanted: T, what: string): Promise<void> {
  const end = Date.now() + 10_000;
  let last = await read();
  while (Date.now() < end) {
    try {
      assert.deepEqual(last, wanted);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 30));
      last = await read();
    }
  }
  assert.deepEqual(last, wanted, what);
}

export const stepperChecks: Check[] = [
  {
    name: 'U1 the stepper is one tab stop; arrows move, Enter and Space choose, steps ahead are no links',
    async run(gallery) {
      const page = await gallery.open('progress');
      await page.focus('#stepper button[tabindex="0"]');
      assert.match(await focused(page), /^Future impact/u);
      await press(page, 'ArrowRight');
      assert.match(await focused(page), /^Impact scan/u);
      await press(page, 'End', 'ArrowLeft');
      assert.match(await focused(page), /^Reassignments/u);
      await press(page, 'Enter');
      await settles(() => textOf(page, '#chosen'), 'Reassignments', 'chosen by Enter');
      await press(page, 'Home', 'Space');
      await settles(() => textOf(page, '#chosen'), 'Impact scan', 'chosen by Space');
      assert.equal(await page.$$eval('#stepper button', (all) => all.length), 3);
      await page.close();
    },
  },
];

export const menuChecks: Check[] = [
  {
    name: 'U1 a menu opens by key, moves by arrows and letters, leaves by Esc, and gives the focus back',
    async run(gallery) {
      const page = await gallery.open('overlays');
      await page.focus('#menu button');
      await press(page, 'ArrowDown');
      await settles(() => focused(page), 'Open in tab', 'first item');
      await press(page, 'ArrowUp');
      assert.equal(await focused(page), 'Discard draft');
      await press(page, 'h');
      assert.equal(await focused(page), 'History');
      await press(page, 'Escape');
      await settles(() => focused(page), 'More', 'back on the button');
      assert.equal(await page.$('[role="menu"]'), null);
      await press(page, 'Enter');
      await settles(() => focused(page), 'Open in tab', 'open again');
      await press(page, 'ArrowDown', 'ArrowDown', 'Enter');
      assert.equal(await textOf(page, '#chosen'), 'nothing', 'a disabled item does nothing');
      await press(page, 'End', 'Enter');
      await settles(() => textOf(page, '#chosen'), 'discard', 'chosen');
      assert.equal(await focused(page), 'More');
      await page.close();
    },
  },
];

export const dialogChecks: Check[] = [
  {
    name: 'U1 a dialog starts where it is told, holds the focus, closes by Esc, and gives the focus back',
    async run(gallery) {
      const page = await gallery.open('overlays');
      await page.focus('#open-alert');
      await press(page, 'Enter');
      await settles(() => focused(page), 'Cancel', 'initial focus');
      await press(page, 'Tab');
      assert.equal(await focused(page), 'Move 1,284 and deactivate');
      for (let time = 0; time < 5; time += 1) {
        await press(page, 'Tab');
        const outside = await page.evaluate(
          () => document.activeElement !== document.body && !document.activeElement?.closest('dialog'),
        );
        assert.equal(outside, false, 'the focus left the dialog');
      }
      await press(page, 'Escape');
      await settles(() => focused(page), 'Open a question', 'back on its opener');
      assert.equal(await page.$('dialog'), null);
      await page.close();
    },
  },
  {
    name: 'a danger button is deaf for 400 ms after it appeared, so that a double click cannot reach it',
    async run(gallery) {
      const page = await gallery.open('overlays');
      await page.focus('#open-dialog');
      await press(page, 'Enter');
      await settles(() => focused(page), 'Cancel', 'initial focus');
      // At once, in the page itself: the way through the browser's protocol could take too long.
      await page.evaluate(() => document.querySelector<HTMLElement>('.ow-dialog .ow-button-danger')?.click());
      assert.equal(await textOf(page, '#chosen'), 'nothing');
      await new Promise((resolve) => setTimeout(resolve, 500));
      await page.click('.ow-dialog .ow-button-danger');
      await settles(() => textOf(page, '#chosen'), 'discarded', 'armed');
      await page.close();
    },
  },
];

export const chartChecks: Check[] = [
  {
    name: 'the book chart has its figures as a table, shown or not, and a row filters to its person',
    async run(gallery) {
      const page = await gallery.open('chart');
      const first = await page.$eval('.ow-book-table tbody tr', (row) =>
        [...row.children].map((each) => each.textContent),
      );
      assert.deepEqual(first, ['Tom Okafor', '62', '212', '274']);
      assert.equal(await page.$eval('.ow-book', (book) => book.querySelectorAll('.ow-book-row').length), 6);
      await page.focus('.ow-book-row');
      await press(page, 'Enter');
      await settles(() => textOf(page, '#chosen'), 'tom', 'filtered');
      await page.close();
    },
  },
];
