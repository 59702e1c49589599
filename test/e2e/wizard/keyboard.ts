import type { Page } from 'puppeteer-core';

/**
 * Goes from the scan to a paused and continued run by keyboard alone: Tab, Enter, Space and letters. Throws an error
 * that says where it got stuck, or which focus was not where the design wants it.
 */
export async function walkByKeyboard(page: Page): Promise<void> {
  const focused = (): Promise<string> =>
    page.evaluate(() => {
      const { activeElement: element } = document;
      return element ? `${element.tagName}#${element.id}.${element.className}` : 'nothing';
    });
  const tabTo = async (selector: string): Promise<void> => {
    for (let presses = 0; presses < 120; presses += 1) {
      if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`Tab never reached ${selector}; it stopped at ${await focused()}.`);
  };
  const until = async (what: string, test: () => boolean): Promise<void> => {
    await page.waitForFunction(test, { timeout: 8_000 }).catch(() => {
      throw new Error(`${what} did not happen.`);
    });
  };
  const press = async (selector: string, key: 'Enter' | 'Space'): Promise<void> => {
    await tabTo(selector);
    await page.keyboard.press(key);
  };
  const heading = (): Promise<void> =>
    until('The new step taking the focus on its heading', () => document.activeElement?.id === 'step-title');
  const enabled = (): boolean => document.querySelector('#primary:not(:disabled)') !== null;

  await until('The scan being complete', enabled);
  await press('#primary', 'Enter');
  await heading();
  await press('.ow-gap', 'Enter');
  await until(
    'The gap line leading to the first gap',
    () => document.activeElement?.id.startsWith('reassignments-') === true,
  );
  await page.keyboard.press('Enter');
  await until('The picker opening', () => document.activeElement?.getAttribute('role') === 'combobox');
  await page.keyboard.press('Escape');
  await until(
    'The focus going back to the picker',
    () => document.activeElement?.id.startsWith('reassignments-') === true,
  );
  await page.evaluate(() => document.getElementById('step-title')?.focus());
  await press('.ow-fill .ow-picker-button', 'Enter');
  await until('The picker opening', () => document.activeElement?.getAttribute('role') === 'combobox');
  await page.keyboard.type('Tom');
  await until(
    'The picker finding somebody',
    () => document.querySelector('[role="option"]')?.textContent?.includes('Tom') === true,
  );
  await page.keyboard.press('Enter');
  await until('Every category having a default', enabled);
  await press('#primary', 'Enter');
  await heading();
  for (let open = 5; open > 0; open -= 1) {
    await page.evaluate(() => document.getElementById('step-title')?.focus());
    await press('.ow-cards input[type="checkbox"]:not(:checked)', 'Space');
    await page.waitForFunction(
      (left) => document.querySelectorAll('.ow-cards input[type="checkbox"]:not(:checked)').length < left,
      { timeout: 8_000 },
      open,
    );
  }
  await press('#primary', 'Enter');
  await heading();
  for (const box of ['recipients', 'manual', 'access']) await press(`#review-box-${box}`, 'Space');
  await until('Start being possible', enabled);
  await press('#primary', 'Enter');
  await until('The confirmation starting on Cancel', () => document.activeElement?.id === 'confirm-cancel');
  await page.keyboard.press('Tab');
  await new Promise((resolve) => setTimeout(resolve, 500));
  await page.keyboard.press('Enter');
  await heading();
  await press('.ow-footer button', 'Enter');
  await until('The run being paused', () => document.querySelector('#pause-reason') !== null);
  await press('#primary', 'Enter');
  await until('The run going on', () => document.querySelector('#pause-reason') === null);
}
