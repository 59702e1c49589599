import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import puppeteer, { type Browser, type Frame, type Page } from 'puppeteer-core';
import { browserPath } from '../../tools/browsers.ts';
import { servePages } from '../../tools/harness.ts';
import { walkByKeyboard } from './keyboard.ts';
import { keyboardWalks } from './keyboard-pages.ts';
import { overflowing } from './languages.ts';
import { states } from './states.ts';

/** Names of what held and of what did not, each with its reason. */
export interface Report {
  passed: string[];
  failed: string[];
}

interface Options {
  /** Only states whose name holds this. */
  only?: string;
  /** Folder for a picture of each state; none are taken without it. */
  shots?: string;
  widths?: readonly number[];
  schemes?: readonly ('light' | 'dark')[];
  /** Names of the states that are looked at in the tab too; all by default. */
  inTab?: RegExp;
  /** Names of the states on which axe runs; all by default. */
  withAxe?: RegExp;
  /** Names of the states that are looked at in a panel at 200 % zoom too; none by default. */
  zoomed?: RegExp;
}

/** One state of each screen, for what is looked at more than once. */
export const eachScreen =
  /^(scan-typical|scan-error|reassign-planned|future|review|executing|partial|bulk-choose|bulk-summary|bulk-running)$/u;

/** The source of axe, to be run in a page. */
export function axeScript(): Promise<string> {
  return readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
}

/** A Chromium, the address at which the states of the wizard are served, and what ends both. */
export async function openStates(): Promise<{ browser: Browser; base: string; close(): Promise<void> }> {
  const server = await servePages(fileURLToPath(new URL('.', import.meta.url)));
  const browser = await puppeteer.launch({
    executablePath: browserPath('chromium'),
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
  return {
    browser,
    base: server.address,
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

/**
 * Opens every state of the wizard at every width, light and dark, in Chromium; runs axe on each and looks for anything
 * that sticks out at the side and for errors of the page. Rejects only when it cannot be made at all.
 */
export async function runWizardChecks(options: Options = {}): Promise<Report> {
  const {
    widths = [320, 360, 500, 1280],
    schemes = ['light', 'dark'],
    inTab = /./u,
    withAxe = /./u,
    zoomed = /^\b$/u,
  } = options;
  const report: Report = { passed: [], failed: [] };
  const { browser, base, close } = await openStates();
  try {
    if (options.shots) await mkdir(options.shots, { recursive: true });
    // One page for all: loading it anew for each state would be most of the time that this takes.
    const page = await browser.newPage();
    await page.bringToFront();
    await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }]);
    await page.goto(base);
    await page.evaluate(await axeScript());
    for (const state of Object.keys(states)) {
      if (options.only && !state.includes(options.only)) continue;
      for (const { name, problems } of await look(page, {
        axe: withAxe.test(state),
        state,
        widths: inTab.test(state) ? widths : widths.filter((width) => width < tabFrom),
        schemes,
        shots: options.shots,
        zoomed: zoomed.test(state),
      }))
        if (problems.length === 0) report.passed.push(name);
        else report.failed.push(`${name}: ${problems.join('; ')}`);
    }
    await page.close();
    if (!options.only) {
      await check(
        browser,
        base,
        report,
        'scan-typical',
        'U1 the whole run by keyboard alone',
        walkByKeyboard,
      );
      for (const screen of ['reassignments', 'future', 'review'])
        await check(
          browser,
          base,
          report,
          `gone-${screen}`,
          `W7.1 nothing can be changed in step ${screen} once the leaver has vanished`,
          unchangeable,
        );
      for (const [state, walk] of Object.entries(keyboardWalks))
        await check(browser, base, report, state, `U1 ${state} by keyboard alone`, walk);
      await check(
        browser,
        base,
        report,
        'save-failed',
        'W7.1 a draft that cannot be saved says so, and can be sent again',
        saveAgain,
      );
      await check(
        browser,
        base,
        report,
        'reassign',
        'W3.2 a bulk change is taken back where it was made',
        takeBack,
      );
    }
  } finally {
    await close();
  }
  return report;
}

/** One check on a page of its own, in one state. */
async function check(
  browser: Browser,
  base: string,
  report: Report,
  state: string,
  name: string,
  run: (page: Page) => Promise<void>,
): Promise<void> {
  const page = await browser.newPage();
  try {
    await page.setViewport({ width: 360, height: 720 });
    await page.goto(`${base}?state=${state}`);
    await page.waitForSelector('#step-title', { timeout: 15_000 });
    await run(page);
    report.passed.push(name);
  } catch (error) {
    report.failed.push(`${name}: ${String(error)}`);
  } finally {
    await page.close();
  }
}

/** Fills all empty defaults with one member. */
async function fill(page: Page): Promise<void> {
  await page.locator('.ow-fill .ow-picker-button').setTimeout(10_000).click();
  await page.waitForSelector('[role="combobox"]:focus');
  await page.keyboard.type('Tom');
  await page.waitForFunction(() => document.querySelectorAll('[role="option"]').length === 1);
  await page.keyboard.press('Enter');
}

async function saveAgain(page: Page): Promise<void> {
  await fill(page);
  await page.waitForSelector('.ow-footer-danger #save-failed', { timeout: 5_000 });
  if (!(await page.$('#primary:disabled'))) throw new Error('Continue is not held.');
  await page.evaluate(() => {
    (globalThis as unknown as { world: { refuse: object } }).world.refuse = {};
  });
  await page.locator('#save-failed .ow-notice-body > div > button').click();
  await page.waitForSelector('#primary:not(:disabled)', { timeout: 5_000 });
  if (await page.$('.ow-footer-danger')) throw new Error('The footer still says that it failed.');
}

async function unchangeable(page: Page): Promise<void> {
  await page.waitForSelector('#gone', { timeout: 5_000 });
  const open = await page.$$eval(
    'main .ow-picker-button:not(:disabled), main input:not(:disabled):not([type="search"])',
    (all) => all.map((each) => each.outerHTML.slice(0, 100)),
  );
  if (open.length > 0) throw new Error(`These can still be used: ${open.slice(0, 3).join(' ')}`);
}

async function takeBack(page: Page): Promise<void> {
  await fill(page);
  await page.waitForSelector('#primary:not(:disabled)', { timeout: 5_000 });
  await page.locator('.ow-toast button').click();
  await page.waitForSelector('#primary:disabled', { timeout: 5_000 });
  if (await page.$('.ow-toast')) throw new Error('The word about what was done is still there.');
}

/** From this width on the wizard is a tab's. */
const tabFrom = 960;

interface Look {
  /** Whether it runs. */
  axe: boolean;
  state: string;
  widths: readonly number[];
  schemes: readonly ('light' | 'dark')[];
  shots: string | undefined;
  zoomed: boolean;
}

/** A window of 1280 by 720 at 200 %. */
const zoomed = { width: 640, height: 360, deviceScaleFactor: 2 };

/** One state at every width and in both colours; it is shown once as a panel and once as a tab. */
async function look(page: Page, at: Look): Promise<{ name: string; problems: string[] }[]> {
  const results: { name: string; problems: string[] }[] = [];
  for (const tab of [false, true]) {
    const widths = at.widths.filter((width) => width >= tabFrom === tab);
    if (widths.length === 0) continue;
    const errors: string[] = [];
    const listen = (error: unknown): void => void errors.push(`page error: ${String(error)}`);
    page.on('pageerror', listen);
    try {
      await page.setViewport({ width: widths[0] ?? 360, height: tab ? 800 : 720 });
      await show(page, `?state=${at.state}${tab ? '&tab' : ''}`);
      await settle(page);
      for (const width of widths)
        for (const scheme of at.schemes) {
          await page.setViewport({ width, height: tab ? 800 : 720 });
          await page.emulateMediaFeatures([
            { name: 'prefers-color-scheme', value: scheme },
            { name: 'prefers-reduced-motion', value: 'reduce' },
          ]);
          await pause(40);
          const problems = [
            ...(await overflowing(page)),
            ...(at.axe ? await violations(page, scheme === 'dark') : []),
          ];
          results.push({ name: `${at.state} ${width} ${scheme}`, problems });
          if (at.shots)
            await page.screenshot({
              path: `${at.shots}/${at.state}-${width}-${scheme}.png` as `${string}.png`,
            });
        }
      if (at.zoomed && !tab) {
        await page.setViewport(zoomed);
        await pause(40);
        results.push({
          name: `${at.state} 200 %`,
          problems: [...(await overflowing(page)), ...(await covered(page))],
        });
        if (at.shots) await page.screenshot({ path: `${at.shots}/${at.state}-zoom.png` as `${string}.png` });
      }
    } catch (error) {
      errors.push(String(error));
    } finally {
      page.off('pageerror', listen);
    }
    if (errors.length > 0) results.push({ name: `${at.state} ${tab ? 'tab' : 'panel'}`, problems: errors });
  }
  return results;
}

/** Shows the state that a search string names, in place of the one before. */
export async function show(page: Page | Frame, search: string): Promise<void> {
  await page.evaluate(
    (wanted) => (globalThis as unknown as { show(search: string): void }).show(wanted),
    search,
  );
  await page.waitForSelector('#step-title', { timeout: 60_000 });
}

/** Waits until the words on the screen have stood still for a sixth of a second; states that never do, for 2 s. */
export function settle(page: Page | Frame): Promise<void> {
  return page.evaluate(async () => {
    const end = performance.now() + 2_000;
    let words: string | null = '';
    let since = performance.now();
    while (performance.now() < end && performance.now() - since < 165) {
      if (document.body.textContent !== words) {
        words = document.body.textContent;
        since = performance.now();
      }
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  });
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Controls that take the focus and cannot be seen then, since a bar that sticks to an edge lies above them. */
function covered(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const within = document.querySelector('dialog[open]') ?? document;
    for (const control of within.querySelectorAll<HTMLElement>('button, a[href], input')) {
      if (control.getClientRects().length === 0 || control.closest('.ow-hidden')) continue;
      control.focus();
      if (document.activeElement !== control) continue;
      const { left, top, width, height } = control.getBoundingClientRect();
      const on = document.elementFromPoint(left + width / 2, top + height / 2);
      if (!on || !(control.contains(on) || on.contains(control)))
        found.push(
          `${control.className} “${control.textContent?.slice(0, 40)}” is covered when it has the focus`,
        );
    }
    return found.slice(0, 3);
  });
}

/** In the dark only what depends on colours can differ. */
export function violations(page: Page | Frame, coloursOnly: boolean): Promise<string[]> {
  return page.evaluate(async (only) => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(
          context: Document,
          options: object,
        ): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
      };
    };
    const { violations: found } = await axe.run(document, {
      // Of what holds axe would describe every element.
      resultTypes: ['violations'],
      ...(only && { runOnly: ['color-contrast'] }),
    });
    return found.map(
      ({ id, nodes }) =>
        `axe ${id}: ${nodes
          .map(({ html }) => html.slice(0, 160))
          .slice(0, 2)
          .join(' | ')}`,
    );
  }, coloursOnly);
}
