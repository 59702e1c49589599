import { mkdir } from 'node:fs/promises';
import { type Gallery, openGallery, show, type View, violations } from './browser.ts';
import { chartChecks, dialogChecks, menuChecks, stepperChecks } from './keyboard.ts';
import { pickerChecks } from './keyboard-picker.ts';
import { tableChecks } from './keyboard-table.ts';

export interface GalleryReport {
  passed: string[];
  failed: { name: string; reason: string }[];
}

/** One check: throws when what it says is not so. */
export interface Check {
  name: string;
  run(gallery: Gallery): Promise<void>;
}

const sections = [
  'controls',
  'states',
  'messages',
  'progress',
  'overlays',
  'picker',
  'table',
  'small-table',
  'table-states',
  'chart',
];

const looks: { name: string; view: View }[] = [
  { name: 'light', view: {} },
  { name: 'dark', view: { theme: 'dark' } },
  { name: 'forced', view: { forced: true } },
];

/** What is opened before a section is looked at, so that what floats is looked at too. */
const openers: Record<string, string> = {
  overlays: '#open-alert',
  picker: '#typical',
};

/**
 * Looks at every component in a real Chromium: axe at four widths in light, dark and forced colours, nothing wider
 * than the page, and the keyboard. `pictures` is a folder for screenshots; without it none are taken. `only`
 * picks checks by name, `widths` are those of the page in pixels.
 */
export async function runGalleryChecks(
  pictures?: string,
  only = /./u,
  widths: readonly number[] = [320, 360, 500, 1280],
): Promise<GalleryReport> {
  if (pictures !== undefined) await mkdir(pictures, { recursive: true });
  const gallery = await openGallery();
  const report: GalleryReport = { passed: [], failed: [] };
  try {
    const checks = [
      ...lookChecks(pictures, widths),
      ...stepperChecks,
      ...menuChecks,
      ...dialogChecks,
      ...chartChecks,
      ...pickerChecks,
      ...tableChecks,
    ];
    for (const check of checks.filter(({ name }) => only.test(name))) {
      gallery.errors.length = 0;
      try {
        await check.run(gallery);
        if (gallery.errors.length > 0) throw new Error(gallery.errors.join('; '));
        report.passed.push(check.name);
      } catch (error) {
        report.failed.push({
          name: check.name,
          reason: error instanceof Error ? error.message : String(error),
        });
      }
    }
  } finally {
    await gallery.close();
  }
  return report;
}

function lookChecks(pictures: string | undefined, widths: readonly number[]): Check[] {
  return sections.map((section) => ({
    name: `U1 ${section}: no axe violation, nothing cut off, in light, dark and forced colours`,
    async run(gallery) {
      const found: string[] = [];
      for (const opener of openers[section] === undefined ? [undefined] : [undefined, openers[section]]) {
        const page = await gallery.open(section);
        const session = await page.createCDPSession();
        await page.waitForFunction(() => !document.querySelector('.ow-grid-row-wait'));
        if (opener !== undefined) {
          await page.click(opener);
          await page.waitForSelector('dialog[open], [role="option"]');
        }
        for (const width of widths)
          for (const { name, view } of looks) {
            await show(page, session, { ...view, width });
            // The table measures itself after the width has changed.
            await page.evaluate(
              () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 50))),
            );
            const where = `${opener === undefined ? '' : 'open, '}${width}, ${name}`;
            if (pictures !== undefined)
              await page.screenshot({
                path: `${pictures}/${section}${opener ? '-open' : ''}-${width}-${name}.png`,
              });
            // In another light only what depends on colours can differ.
            for (const violation of await violations(page, name !== 'light'))
              found.push(`${where}: ${violation}`);
            const wide = await page.evaluate(() => {
              const main = document.querySelector('main');
              return main ? main.scrollWidth - main.clientWidth : 0;
            });
            if (wide > 0) found.push(`${where}: ${wide} pixels wider than the page`);
          }
        await page.close();
      }
      if (found.length > 0) throw new Error(found.join('\n'));
    },
  }));
}
