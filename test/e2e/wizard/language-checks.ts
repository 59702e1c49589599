import { mkdir } from 'node:fs/promises';
import type { Frame, Page } from 'puppeteer-core';
import { pseudoLanguage } from '../../tools/pseudo.ts';
import { axeScript, openStates, type Report, settle, show, violations } from './checks.ts';
import { cutOff, overflowing, unmarked } from './languages.ts';
import { states } from './states.ts';

interface Options {
  /** What the wizard speaks, side by side (BCP 47). */
  languages: readonly string[];
  /** Whether axe runs on a state in a language. */
  withAxe(state: string, language: string): boolean;
  /** Only states whose name holds this. */
  only?: string;
  /** Folder for a picture of each state; none are taken without it. */
  shots?: string;
}

interface Result {
  name: string;
  problems: string[];
}

/**
 * Opens every state of the wizard beside a page, 320 pixels wide, in all languages side by side, so that they wait at
 * the same time; looks for what sticks out, is cut off, or comes from no catalogue. Rejects only when it cannot be
 * made at all.
 */
export async function runLanguageChecks(options: Options): Promise<Report> {
  const report: Report = { passed: [], failed: [] };
  if (options.shots) await mkdir(options.shots, { recursive: true });
  const { browser, base, close } = await openStates();
  try {
    const page = await browser.newPage();
    await page.emulateMediaFeatures([
      { name: 'prefers-color-scheme', value: 'light' },
      { name: 'prefers-reduced-motion', value: 'reduce' },
    ]);
    await page.setViewport({ width: 320 * options.languages.length, height: 720 });
    await page.goto(base);
    const frames = await framesOf(page, options.languages);
    const axe = await axeScript();
    for (const frame of frames.values()) await frame.evaluate(axe);
    for (const state of Object.keys(states).filter((name) => name.includes(options.only ?? '')))
      for (const { name, problems } of await look(page, frames, state, options))
        if (problems.length === 0) report.passed.push(name);
        else report.failed.push(`${name}: ${problems.join('; ')}`);
  } finally {
    await close();
  }
  return report;
}

/** A panel for each language, in place of the one on the page. */
async function framesOf(page: Page, languages: readonly string[]): Promise<Map<string, Frame>> {
  await page.evaluate((all) => {
    document.body.replaceChildren(
      ...all.map((language) => {
        const frame = document.createElement('iframe');
        frame.src = `?language=${language}`;
        frame.style.cssText = 'float: left; border: 0; width: 320px; height: 720px';
        return frame;
      }),
    );
  }, languages);
  const frames = new Map<string, Frame>();
  const places = await page.$$('iframe');
  for (const [index, language] of languages.entries()) {
    const frame = await places[index]?.contentFrame();
    if (!frame) throw new Error(`There is no panel in ${language}.`);
    await frame.waitForSelector('#step-title', { timeout: 60_000 });
    frames.set(language, frame);
  }
  return frames;
}

/** One state in all languages. */
async function look(
  page: Page,
  frames: ReadonlyMap<string, Frame>,
  state: string,
  { withAxe, shots }: Options,
): Promise<Result[]> {
  const errors: string[] = [];
  const listen = (error: unknown): void => void errors.push(`page error: ${String(error)}`);
  page.on('pageerror', listen);
  const results = await Promise.all(
    [...frames].map(async ([language, frame]): Promise<Result> => {
      const name = `${state} 320 light ${language}`;
      try {
        await show(frame, `?state=${state}&language=${language}`);
        await settle(frame);
        const problems = [
          ...(await overflowing(frame)),
          ...(await cutOff(frame)),
          ...(language === pseudoLanguage ? await unmarked(frame) : []),
          ...(withAxe(state, language) ? await violations(frame, false) : []),
        ];
        return { name, problems };
      } catch (error) {
        return { name, problems: [String(error)] };
      }
    }),
  );
  page.off('pageerror', listen);
  if (shots) await page.screenshot({ path: `${shots}/${state}.png` });
  return errors.length > 0 ? [...results, { name: `${state} in a language`, problems: errors }] : results;
}
