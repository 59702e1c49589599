import assert from 'node:assert/strict';
import type { Page } from 'puppeteer-core';
import type { Check } from './checks.ts';
import { focused, press, settles, textOf } from './keyboard.ts';

const options = (page: Page) =>
  page.$$eval('[role="option"] .ow-members-name', (all) => all.map((each) => each.textContent ?? ''));

/** Name of the option that the field points to. */
const active = (page: Page) =>
  page.evaluate(() => {
    const id = document.activeElement?.getAttribute('aria-activedescendant');
    return (id && document.getElementById(id)?.querySelector('.ow-members-name')?.textContent) || '';
  });

async function openPicker(page: Page, id: string): Promise<void> {
  await page.focus(`#${id}`);
  await press(page, 'ArrowDown');
  await page.waitForSelector('[role="combobox"]');
}

export const pickerChecks: Check[] = [
  {
    name: 'W3.1 the picker groups, searches, shows the ineligible only when searched for, and takes by Enter',
    async run(gallery) {
      const page = await gallery.open('picker');
      await openPicker(page, 'typical');
      await settles(
        () => options(page),
        [
          'Same as the customer’s new CSM',
          'Tom Okafor',
          'Mei Tanaka',
          'Lea Brandt',
          'Maximiliane-Friederike von Hohenlohe-Langenburg',
        ],
        'the special, those used, then everyone who can be chosen',
      );
      assert.deepEqual(
        await page.$$eval('.ow-members-heading', (all) => all.map((each) => each.textContent)),
        ['Used in this plan', 'Everyone'],
      );
      await page.keyboard.type('omar');
      await settles(() => options(page), ['Omar Said'], 'an inactive member is found');
      assert.match(await textOf(page, '[role="option"]'), /Inactive/u);
      await press(page, 'Enter');
      assert.ok(await page.$('[role="combobox"]'), 'an ineligible member cannot be taken');
      assert.equal(await page.$eval('[role="option"] mark', (mark) => mark.textContent), 'Omar');
      await press(page, 'Backspace', 'Backspace', 'Backspace', 'Backspace');
      await page.keyboard.type('mei');
      await settles(() => active(page), 'Mei Tanaka', 'the first hit is active');
      await press(page, 'Enter');
      await settles(
        () => focused(page),
        'Replacement for Open tasks: Mei Tanaka',
        'chosen, focus on the button',
      );
      assert.equal(await page.$('[role="listbox"]'), null);
      await page.close();
    },
  },
  {
    name: 'U1 the picker moves by arrows, Home and End, leaves by Esc unchanged, and by a press elsewhere',
    async run(gallery) {
      const page = await gallery.open('picker');
      await openPicker(page, 'typical');
      await settles(() => active(page), 'Same as the customer’s new CSM', 'first');
      await press(page, 'ArrowDown', 'ArrowDown');
      assert.equal(await active(page), 'Mei Tanaka');
      await press(page, 'End');
      assert.match(await active(page), /^Maximiliane/u);
      await press(page, 'ArrowDown');
      assert.match(await active(page), /^Same as/u);
      await press(page, 'ArrowUp', 'Home');
      assert.match(await active(page), /^Same as/u);
      await press(page, 'Escape');
      await settles(() => focused(page), 'Replacement for Open tasks: Choose a member', 'unchanged');
      await press(page, 'Enter');
      await page.waitForSelector('[role="listbox"]');
      await page.mouse.click(5, 5);
      await settles(
        async () => (await page.$('[role="listbox"]')) === null,
        true,
        'closed by a press elsewhere',
      );
      await page.close();
    },
  },
  {
    name: 'W3.1 a member who leaves too is asked about once before they are taken',
    async run(gallery) {
      const page = await gallery.open('picker');
      await openPicker(page, 'senders');
      await page.keyboard.type('lea');
      await settles(() => active(page), 'Lea Brandt', 'found');
      await press(page, 'Enter');
      await settles(() => focused(page), 'Cancel', 'the question starts on Cancel');
      await press(page, 'Tab', 'Enter');
      await settles(() => focused(page), 'Replacement for Email senders: Lea Brandt', 'chosen');
      await page.close();
    },
  },
  {
    name: 'W3.4 the picker shows the two checks of a sender as words',
    async run(gallery) {
      const page = await gallery.open('picker');
      await openPicker(page, 'senders');
      await page.keyboard.type('mei');
      await settles(() => options(page), ['Mei Tanaka'], 'found');
      const checks = await page.$$eval('[role="option"] .ow-members-sender', (all) =>
        all.map((each) => each.textContent),
      );
      assert.deepEqual(checks, ['Mailbox connected', 'No signature']);
      await page.close();
    },
  },
  {
    name: 'an answer that a later question overtook is not shown',
    async run(gallery) {
      const page = await gallery.open('picker');
      await openPicker(page, 'typical');
      await page.keyboard.type('t');
      await new Promise((resolve) => setTimeout(resolve, 200));
      await press(page, 'Backspace');
      await page.keyboard.type('mei');
      await settles(() => options(page), ['Mei Tanaka'], 'the later answer');
      await new Promise((resolve) => setTimeout(resolve, 500));
      assert.deepEqual(await options(page), ['Mei Tanaka']);
      await page.close();
    },
  },
  {
    name: 'a list above 100 members keeps only those in sight in the document, and the active one in sight',
    async run(gallery) {
      const page = await gallery.open('picker');
      await openPicker(page, 'crowd');
      await settles(() => active(page), 'Member 000', 'first');
      const mounted = async () => (await page.$$('[role="option"]')).length;
      assert.ok((await mounted()) < 40, `${await mounted()} options are in the document`);
      await press(page, 'End');
      await settles(() => active(page), 'Member 299', 'last');
      const visible = await page.evaluate(() => {
        const id = document.activeElement?.getAttribute('aria-activedescendant') ?? '';
        const option = document.getElementById(id)?.getBoundingClientRect();
        const list = document.querySelector('[role="listbox"]')?.getBoundingClientRect();
        return !!option && !!list && option.top >= list.top - 1 && option.bottom <= list.bottom + 1;
      });
      assert.ok(visible, 'the active option is out of sight');
      assert.equal(
        await page.$eval('[aria-posinset="300"]', (each) => each.getAttribute('aria-setsize')),
        '300',
      );
      await page.close();
    },
  },
  {
    name: 'a search that cannot be made says so and can be made again; nobody eligible says what to do',
    async run(gallery) {
      const page = await gallery.open('picker');
      await openPicker(page, 'broken');
      await settles(
        () => textOf(page, '.ow-members [role="status"]'),
        'The members could not be read.',
        'failed',
      );
      await press(page, 'Escape');
      // Closing gives the focus back to its opener; only then is it ours to move.
      await settles(async () => (await page.$('[role="dialog"]')) === null, true, 'closed by Esc');
      await page.focus('#nobody');
      await press(page, 'Enter');
      await settles(
        () => textOf(page, '[role="dialog"]'),
        'No active member can receive this. Activate or invite somebody, then scan again.',
        'nobody',
      );
      await press(page, 'Escape');
      await settles(async () => (await page.$('[role="dialog"]')) === null, true, 'left by Esc');
      await page.close();
    },
  },
];
