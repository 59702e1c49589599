import assert from 'node:assert/strict';
import type { Page } from 'puppeteer-core';
import type { Gallery, View } from './browser.ts';
import type { Check } from './checks.ts';
import { press, settles, textOf } from './keyboard.ts';

/** Position of the row that has the focus; -1: none. */
const position = (page: Page) =>
  page.evaluate(() => Number(document.activeElement?.getAttribute('data-position') ?? -1));
const selected = (page: Page) => textOf(page, '.ow-table-bar .ow-strong');
const polite = (page: Page) => textOf(page, 'output[aria-live="polite"]');

async function openTable(gallery: Gallery, view: View = {}): Promise<Page> {
  const page = await gallery.open('table', view);
  await page.waitForSelector('[data-position="0"] .ow-grid-title');
  await page.focus('[data-position="0"]');
  return page;
}

export const tableChecks: Check[] = [
  {
    name: 'U1 the grid is one tab stop; arrows, PgDn, Home and End move among 100,000 rows',
    async run(gallery) {
      const page = await openTable(gallery);
      assert.equal(await page.$eval('[role="grid"]', (grid) => grid.getAttribute('aria-rowcount')), '100000');
      assert.equal(await page.$$eval('[role="row"][tabindex="0"]', (all) => all.length), 1);
      await press(page, 'ArrowDown', 'ArrowDown', 'ArrowUp');
      await settles(() => position(page), 1, 'arrows');
      await press(page, 'PageDown');
      assert.ok((await position(page)) > 2, 'a page further');
      await press(page, 'End');
      await settles(() => position(page), 99_999, 'last row');
      await settles(
        () => textOf(page, '[data-position="99999"] .ow-grid-title').then((text) => text.includes('100000')),
        true,
        'its text',
      );
      assert.equal(
        await page.$eval('[data-position="99999"]', (row) => row.getAttribute('aria-rowindex')),
        '100000',
      );
      const mounted = await page.$$eval('[role="row"]', (all) => all.length);
      assert.ok(mounted < 60, `${mounted} rows are in the document`);
      await press(page, 'Home');
      await settles(() => position(page), 0, 'first row');
      await page.close();
    },
  },
  {
    name: 'U1 the focused row stays in the document, and keeps the focus, when it is scrolled away',
    async run(gallery) {
      const page = await openTable(gallery);
      await press(page, 'ArrowDown');
      await settles(() => position(page), 1, 'second row');
      await page.$eval('[role="grid"]', (grid) => grid.scrollTo(0, 2_000_000));
      await page.waitForFunction(
        () =>
          document.querySelectorAll('[role="row"]').length > 5 &&
          document.querySelector('[data-position="38462"]'),
      );
      assert.equal(await position(page), 1);
      await page.close();
    },
  },
  {
    name: 'W3.2 Space selects, Shift and arrows extend, Ctrl+A takes all that match, as a search',
    async run(gallery) {
      const page = await openTable(gallery);
      await press(page, 'Space');
      await settles(() => selected(page), '1 selected', 'one');
      await page.keyboard.down('Shift');
      await press(page, 'ArrowDown', 'ArrowDown');
      await page.keyboard.up('Shift');
      await settles(() => selected(page), '3 selected', 'three');
      await press(page, '/');
      await settles(
        () => page.evaluate(() => document.activeElement?.tagName),
        'INPUT',
        'the search has the focus',
      );
      await page.keyboard.type('qbr deck');
      await settles(() => textOf(page, '.ow-table-count .ow-meta'), '20,000 of 100,000 tasks.', 'found');
      await settles(() => selected(page), '3 selected, 2 not in view', 'the selection survives');
      assert.equal(await page.$eval('[role="row"] mark', (mark) => mark.textContent), 'QBR deck');
      await page.click('.ow-table-bar-close button');
      await page.focus('[data-position="0"]');
      await page.keyboard.down('Control');
      await press(page, 'a');
      await page.keyboard.up('Control');
      await settles(() => selected(page), '20,000 selected', 'all that match');
      await page.click('.ow-table-bar-actions button');
      await settles(
        () => textOf(page, '#log'),
        '{"query":"qbr deck","except":[]}',
        'a search, not 20,000 refs',
      );
      await page.close();
    },
  },
  {
    name: 'W3.2 Shift and click take a range, also over rows that were never in sight',
    async run(gallery) {
      const page = await openTable(gallery);
      await page.click('[data-position="2"] input');
      await page.$eval('[role="grid"]', (grid) => grid.scrollTo(0, 52 * 500));
      await page.waitForSelector('[data-position="503"] input');
      await page.keyboard.down('Shift');
      await page.click('[data-position="503"] input');
      await page.keyboard.up('Shift');
      await settles(() => selected(page), '502 selected', 'a range');
      const box = (position: number) =>
        page.$eval(`[data-position="${position}"] input`, (input) => (input as HTMLInputElement).checked);
      await settles(() => box(503), true, 'its last box is ticked');
      // Once more over what is selected already: the box must not go out.
      await page.keyboard.down('Shift');
      await page.click('[data-position="502"] input');
      await page.keyboard.up('Shift');
      await settles(() => selected(page), '502 selected', 'the same range');
      await settles(() => box(502), true, 'still ticked');
      await page.click('[data-position="502"] input');
      await settles(() => selected(page), '501 selected', 'one taken out');
      await settles(() => box(502), false, 'and its box is empty');
      // The first Home leaves the box for its row.
      await press(page, 'Home', 'Home', 'ArrowDown', 'ArrowDown', 'Space');
      await settles(() => selected(page), '500 selected', 'by key');
      await settles(() => box(2), false, 'and its box follows');
      await page.close();
    },
  },
  {
    name: 'W3.2 Enter opens the picker at the row and Esc comes back to it; Delete asks for the default',
    async run(gallery) {
      const page = await openTable(gallery);
      await press(page, 'ArrowDown', 'Enter');
      await page.waitForSelector('[role="combobox"]');
      assert.equal(await textOf(page, '#log'), 'open t000001');
      await press(page, 'Escape');
      await settles(() => position(page), 1, 'back on the row');
      await press(page, 'Delete');
      await settles(() => textOf(page, '#log'), 'default t000001', 'asked');
      await page.close();
    },
  },
  {
    name: 'U1 the controls within a row are reached by the arrow towards the end, and left by Esc',
    async run(gallery) {
      const page = await openTable(gallery);
      const name = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
      await press(page, 'ArrowRight');
      assert.match(await name(), /^Select Renewal call prep 1$/u);
      await press(page, 'ArrowRight', 'ArrowRight', 'ArrowRight');
      assert.match(await name(), /^More about/u);
      await press(page, 'Escape', 'Escape', 'Escape', 'Escape');
      await settles(() => position(page), 0, 'back on the row');
      await page.close();
    },
  },
  {
    name: 'W3.2 column heads sort, say so, and the first column stays while the rest scrolls',
    async run(gallery) {
      const page = await openTable(gallery, { width: 700 });
      const sortOf = (label: string) =>
        page.$$eval(
          '[role="columnheader"]',
          (heads, wanted) =>
            heads.find((head) => head.textContent?.trim() === wanted)?.getAttribute('aria-sort') ?? null,
          label,
        );
      const click = (label: string) =>
        page.$$eval(
          '[role="columnheader"] button',
          (buttons, wanted) => {
            const button = buttons.find((each) => each.textContent?.trim() === wanted);
            if (button instanceof HTMLElement) button.click();
          },
          label,
        );
      await click('ARR');
      await settles(() => sortOf('ARR'), 'ascending', 'up');
      await click('ARR');
      await settles(() => sortOf('ARR'), 'descending', 'down');
      await settles(() => polite(page), '100,000 tasks.', 'announced');
      // As test/e2e/gallery/tables.tsx makes them.
      const made = Array.from({ length: 100_000 }, (_, index) =>
        index % 7 === 0 ? 0 : (index * 7919) % 250_000,
      );
      const highest = Math.max(...made);
      const figures = await page.$$eval('[data-position="0"] .ow-grid-end', (all) =>
        all.map((each) => each.textContent),
      );
      assert.deepEqual(figures, [highest.toLocaleString('en')]);
      const before = await page.$eval(
        '[data-position="0"] .ow-grid-title',
        (title) => title.getBoundingClientRect().left,
      );
      await page.$eval('[role="grid"]', (grid) => grid.scrollTo(120, 0));
      const after = await page.$eval(
        '[data-position="0"] .ow-grid-title',
        (title) => title.getBoundingClientRect().left,
      );
      assert.equal(after, before);
      const wider = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      assert.equal(wider, 0, 'the page itself scrolls sideways');
      await page.close();
    },
  },
  {
    name: 'W3.2 filter chips and the Sort menu of the narrow layout change what is in view',
    async run(gallery) {
      const page = await openTable(gallery);
      const chip = (label: string) =>
        page.$$eval(
          '.ow-filter',
          (all, wanted) => {
            const button = all.find((each) => each.textContent?.startsWith(wanted));
            if (button instanceof HTMLElement) button.click();
          },
          label,
        );
      await chip('Overridden');
      await settles(() => textOf(page, '.ow-table-count .ow-meta'), '20,000 of 100,000 tasks.', 'filtered');
      await chip('Nobody yet');
      await settles(() => textOf(page, '.ow-table-empty p'), 'No task is in “Nobody yet”.', 'empty');
      await page.click('.ow-table-empty button');
      await settles(() => textOf(page, '.ow-table-count .ow-meta'), '100,000 tasks.', 'all again');
      await page.click('.ow-table-tools .ow-menu button');
      await page.waitForSelector('[role="menuitemradio"]');
      await page.$$eval('[role="menuitemradio"]', (all) => {
        const item = all.find((each) => each.textContent === 'Task, descending');
        if (item instanceof HTMLElement) item.click();
      });
      await settles(
        () =>
          textOf(page, '[data-position="0"] .ow-grid-title').then((text) =>
            text.startsWith('Renewal call prep 99996'),
          ),
        true,
        'sorted',
      );
      await page.close();
    },
  },
];
