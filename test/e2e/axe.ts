import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'puppeteer-core';

const source = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Fails when axe finds anything against WCAG 2.2 AA on this page, or when something sticks out at its side. */
export async function expectAccessible(page: Page, name: string): Promise<void> {
  await page.evaluate(await readFile(source, 'utf8'));
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const { violations } = await axe.run({
      resultTypes: ['violations'],
      runOnly: { type: 'tag', values: tags },
    });
    const wide = document.documentElement.scrollWidth > document.documentElement.clientWidth + 1;
    return [
      ...violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`),
      ...(wide ? ['sticks out at the side'] : []),
    ];
  });
  assert.deepEqual(found, [], `${name} is accessible`);
}
