import type { Page } from 'puppeteer-core';

/** The pages besides the five steps, by keyboard alone. Each throws an error that says where it got stuck. */
export const keyboardWalks: Record<string, (page: Page) => Promise<void>> = {
  async history(page) {
    const keys = keyboard(page);
    await keys.focused('the heading', '#step-title');
    await keys.tabTo('main input[type="search"]');
    await page.keyboard.type('no such name');
    await keys.until(
      'the empty result',
      () => document.querySelector('ul.ow-list[aria-label="History"]') === null,
    );
    await keys.press('main p + div > .ow-button', 'Enter');
    await keys.until(
      'the rows again',
      () => document.querySelectorAll('ul.ow-list[aria-label="History"] li').length > 3,
    );
    await keys.tabTo('.ow-runs-filters button');
    await page.keyboard.press('Enter');
    await keys.focused('the menu', '[role="menuitemradio"]');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await keys.until('the filter', () => /Outcome: Success/u.test(document.body.innerText));
    await keys.press('ul.ow-list[aria-label="History"] button', 'Enter');
    await keys.until(
      'the run',
      () => !/^History$/mu.test(document.querySelector('#step-title')?.textContent ?? ''),
    );
  },
  async failures(page) {
    const keys = keyboard(page);
    await keys.focused('the heading', '#step-title');
    await keys.press('main .ow-picker-button', 'Enter');
    await keys.focused('the search for a member', '[role="combobox"]');
    await page.keyboard.type('Ines');
    await keys.until('one member', () =>
      /Ines/u.test(document.querySelector('[role="option"]')?.textContent ?? ''),
    );
    await page.keyboard.press('Enter');
    await keys.focused('the picker again', '.ow-picker-button');
    await keys.press('#primary', 'Enter');
    await keys.focused('the question', 'dialog[open] button');
    await page.keyboard.press('Escape');
    await keys.focused('the button that asked', '#primary');
  },
  async 'watch-gone'(page) {
    const keys = keyboard(page);
    await keys.focused('the heading', '#step-title');
    await keys.press('#take-over', 'Enter');
    await keys.focused('the question', 'dialog[open] button');
    await page.keyboard.press('Escape');
    await keys.focused('the button that asked', '#take-over');
  },
  async connections(page) {
    const keys = keyboard(page);
    await keys.focused('the heading', '#step-title');
    await keys.press('main section .ow-line > .ow-button:not(.ow-button-dangerText)', 'Enter');
    await keys.press('main section .ow-button-dangerText', 'Enter');
    await keys.focused('the question', 'dialog[open] button');
    await page.keyboard.press('Escape');
    await keys.focused('the button that asked', '.ow-button-dangerText');
  },
};

function keyboard(page: Page) {
  const until = async (what: string, test: () => boolean): Promise<void> => {
    await page.waitForFunction(test, { timeout: 8_000 }).catch(() => {
      throw new Error(`${what} did not come.`);
    });
  };
  const focused = async (what: string, selector: string): Promise<void> => {
    await page
      .waitForFunction(
        (wanted) => document.activeElement?.matches(wanted) ?? false,
        { timeout: 8_000 },
        selector,
      )
      .catch(async () => {
        const on = await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 120));
        throw new Error(`The focus is not on ${what} but on ${on}.`);
      });
  };
  const tabTo = async (selector: string): Promise<void> => {
    for (let presses = 0; presses < 120; presses += 1) {
      if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`Tab never reached ${selector}.`);
  };
  const press = async (selector: string, key: 'Enter' | 'Space'): Promise<void> => {
    await tabTo(selector);
    await page.keyboard.press(key);
  };
  return { until, focused, tabTo, press };
}
