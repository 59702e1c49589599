import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import puppeteer, { type Browser, type CDPSession, type Page } from 'puppeteer-core';
import { browserPath } from '../../tools/browsers.ts';
import { servePages } from '../../tools/harness.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export interface Gallery {
  /** A page with one section, as the options say; its errors are collected in `errors`. */
  open(section: string, options?: View): Promise<Page>;
  readonly errors: string[];
  close(): Promise<void>;
}

export interface View {
  width?: number;
  height?: number;
  theme?: 'light' | 'dark';
  forced?: boolean;
  dir?: 'ltr' | 'rtl';
}

/** Serves the gallery on a free port of loopback and starts a headless Chromium. */
export async function openGallery(): Promise<Gallery> {
  const server = await servePages(fileURLToPath(new URL('.', import.meta.url)));
  let browser: Browser;
  try {
    browser = await puppeteer.launch({
      executablePath: browserPath('chromium'),
      headless: true,
      args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
    });
  } catch (error) {
    await server.close();
    throw error;
  }
  const errors: string[] = [];
  return {
    errors,
    async open(section, view = {}) {
      const page = await browser.newPage();
      page.on('pageerror', (error) =>
        errors.push(`${section}: ${error instanceof Error ? error.message : String(error)}`),
      );
      page.on('console', (message) => {
        if (message.type() === 'error') errors.push(`${section}: ${message.text()}`);
      });
      await show(page, await page.createCDPSession(), view);
      await page.goto(
        `${server.address}?section=${section}&theme=${view.theme ?? 'light'}&dir=${view.dir ?? 'ltr'}`,
      );
      await page.waitForSelector('main');
      return page;
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

/** Puts a page into another light, width and direction. Motion is reduced, so that pictures are the same each time. */
export async function show(page: Page, session: CDPSession, view: View): Promise<void> {
  await page.setViewport({ width: view.width ?? 360, height: view.height ?? 800 });
  await session.send('Emulation.setEmulatedMedia', {
    features: [
      { name: 'prefers-color-scheme', value: view.theme ?? 'light' },
      { name: 'forced-colors', value: view.forced ? 'active' : 'none' },
      { name: 'prefers-reduced-motion', value: 'reduce' },
    ],
  });
  await page.evaluate(
    (theme, dir) => {
      document.documentElement.dataset.theme = theme;
      document.documentElement.dir = dir;
    },
    view.theme ?? 'light',
    view.dir ?? 'ltr',
  );
}

/** The violations that axe finds on a page, one line each; `coloursOnly`: of its rule about contrast. */
export async function violations(page: Page, coloursOnly = false): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axeSource);
  return page.evaluate(async (only) => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(options: object): Promise<{
          violations: { id: string; nodes: { target: unknown[]; failureSummary?: string }[] }[];
        }>;
      };
    };
    const result = await axe.run({
      resultTypes: ['violations'],
      ...(only && { runOnly: ['color-contrast'] }),
    });
    return result.violations.flatMap(({ id, nodes }) =>
      nodes
        .slice(0, 5)
        .map(
          ({ target, failureSummary }) =>
            `${id}: ${target.join(' ')} ${failureSummary?.replaceAll(/\s+/gu, ' ') ?? ''}`,
        ),
    );
  }, coloursOnly);
}
