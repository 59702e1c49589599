import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer, { type Browser, type Page, type Target } from 'puppeteer-core';
import { browserPath } from '../tools/browsers.ts';
import { buildForSandbox, withPseudoLocale } from '../tools/build.ts';
import { pseudoLanguage } from '../tools/pseudo.ts';

const quiet = [
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--disable-gpu',
];

export interface ChromiumOptions {
  headless?: boolean;
  /** A profile folder that outlives the browser; a new one that is removed at the end by default. */
  profile?: string;
  /** Width and height of the window, in CSS pixels. */
  size?: [number, number];
  dark?: boolean;
  /** More of the command line, such as that of an HTTPS front for real host names. */
  args?: readonly string[];
  /** What the browser speaks (BCP 47), English by default; `ar-XB` is the pseudo-locale. */
  language?: string;
}

/** A real Chromium with the extension in it. */
export interface Chromium {
  readonly browser: Browser;
  readonly profile: string;
  readonly extensionId: string;
  /** A page signed in by this cookie ("name=value"), at this address. */
  open(url: string, cookie?: string): Promise<Page>;
  /** The side panel beside the page, once it is there. */
  panel(timeout?: number): Promise<Page>;
  /** The wizard in a tab of its own. */
  openWizardTab(query: string): Promise<Page>;
  /** Stops the service worker, as the browser itself would; false when there was none to stop. */
  killWorker(): Promise<boolean>;
  /** Ends the whole browser without a goodbye; the profile stays. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

/** Starts it; rejects when the browser or the extension cannot be started. */
export async function launchChromium(options: ChromiumOptions = {}): Promise<Chromium> {
  const { headless = true, size = [1400, 900], language = 'en-US' } = options;
  const profile = options.profile ?? mkdtempSync(join(tmpdir(), 'offboarding-'));
  const pseudo = language === pseudoLanguage;
  const built = buildForSandbox('chrome');
  const extension = pseudo ? withPseudoLocale(built) : built;
  const spoken = pseudo ? 'ar' : language;
  const browser = await puppeteer.launch({
    executablePath: browserPath('chromium'),
    headless,
    // Extensions can be loaded over a pipe only.
    pipe: true,
    enableExtensions: [extension],
    userDataDir: profile,
    defaultViewport: null,
    // Chromium on Linux takes its language from the environment, elsewhere from the argument.
    env: { ...process.env, LANGUAGE: spoken },
    args: [
      ...quiet,
      `--lang=${spoken}`,
      `--window-size=${size.join(',')}`,
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...(options.dark ? ['--force-dark-mode', '--enable-features=WebUIDarkMode'] : []),
      ...(options.args ?? []),
    ],
  });
  const worker = await browser.waitForTarget(isWorker, { timeout: 20_000 });
  const extensionId = new URL(worker.url()).host;
  const child = browser.process();

  return {
    browser,
    profile,
    extensionId,
    async open(url, cookie) {
      if (cookie) {
        const [name = '', value = ''] = cookie.split(/=(.*)/s);
        await browser.setCookie({
          name,
          value,
          domain: new URL(url).hostname,
          path: '/',
          httpOnly: true,
          sameSite: 'Strict',
        });
      }
      const page = await browser.newPage();
      await page.goto(url);
      return page;
    },
    async panel(timeout = 15_000) {
      const target = await browser.waitForTarget((each) => each.url().endsWith('/sidepanel.html'), {
        timeout,
      });
      return target.asPage();
    },
    async openWizardTab(query) {
      const page = await browser.newPage();
      await page.goto(`chrome-extension://${extensionId}/sidepanel.html${query}`);
      return page;
    },
    async killWorker() {
      const target = browser.targets().find(isWorker);
      if (!target) return false;
      try {
        await (await target.worker())?.close();
        void letRun(browser);
        return true;
      } catch {
        // It was gone before the answer to this was back.
        return false;
      }
    },
    async kill() {
      const ended = new Promise<void>((resolve) => child?.once('exit', () => resolve()));
      child?.kill('SIGKILL');
      await ended;
      await browser.disconnect().catch(() => {});
    },
    async close() {
      await browser.close().catch(() => {});
      if (!options.profile) rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/**
 * A worker that starts while the one before it is still being taken leave of may be left waiting for a debugger that
 * never comes, which no browser without a test does to it: lets whatever waits go on, for some seconds.
 */
async function letRun(browser: Browser): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    for (const target of browser.targets().filter(isWorker)) {
      const session = await target.createCDPSession().catch(() => undefined);
      await session?.send('Runtime.runIfWaitingForDebugger').catch(() => {});
      await session?.detach().catch(() => {});
    }
  }
}

function isWorker(target: Target): boolean {
  return target.type() === 'service_worker' && target.url().startsWith('chrome-extension://');
}
