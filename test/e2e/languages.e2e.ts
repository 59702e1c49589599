import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'puppeteer-core';
import type { Text } from '../../lib/text/text.ts';
import english from '../../public/_locales/en/messages.json' with { type: 'json' };
import type { Catalogue } from '../tools/pseudo.ts';
import { catalogueOf, read } from '../tools/reading.ts';
import { waitForRole } from './accessibility.ts';
import { type Chromium, launchChromium } from './chromium.ts';
import { cutOff, overflowing, spokenIn } from './wizard/languages.ts';
import { acknowledgeAll, anyOf, click, fillWith, goOn, offboard, passScan, see } from './wizard-steps.ts';
import { dana, priya, startWorkspace, type Workspace } from './workspace.ts';

/** The extension in browsers that speak something else than English, from the button in the page to the last question. */

/** English phrases that this language says otherwise, and that it uses for nothing else. */
function englishPhrases(catalogue: Catalogue): string[] {
  const own = new Set(Object.values(catalogue).map(({ message }) => message));
  return Object.values(english as Catalogue)
    .map(({ message }) => message)
    .filter((message) => message.length > 3 && !message.includes('{') && !own.has(message));
}

/** Looks at a screen as it is, in a narrow panel. */
async function look(page: Page, language: string, where: string): Promise<void> {
  const problems = [
    ...(await overflowing(page)),
    ...(await cutOff(page)),
    ...(await spokenIn(page, englishPhrases(catalogueOf(language)))),
  ];
  assert.deepEqual(problems, [], where);
}

/** The language and the direction of what the extension put into the page's closed roots, for the node with this text. */
async function spokenAround(page: Page, words: string): Promise<{ lang?: string; dir?: string }> {
  const session = await page.createCDPSession();
  interface Node {
    nodeValue?: string;
    attributes?: string[];
    children?: Node[];
    shadowRoots?: Node[];
  }
  const { root } = await session.send('DOM.getDocument', { depth: -1, pierce: true });
  await session.detach();
  const walk = (node: Node, above: Record<string, string>): Record<string, string> | undefined => {
    const own = { ...above };
    for (let at = 0; at < (node.attributes?.length ?? 0); at += 2)
      own[node.attributes?.[at] ?? ''] = node.attributes?.[at + 1] ?? '';
    if (node.nodeValue === words) return own;
    for (const child of [...(node.shadowRoots ?? []), ...(node.children ?? [])]) {
      const found = walk(child, own);
      if (found) return found;
    }
    return undefined;
  };
  const { lang, dir } = walk(root as Node, {}) ?? {};
  return { ...(lang === undefined ? {} : { lang }), ...(dir === undefined ? {} : { dir }) };
}

async function walkThrough(chromium: Chromium, workspace: Workspace, language: string, text: Text) {
  const page = await chromium.open(workspace.memberPage(dana), workspace.cookie(priya));
  const label = text('overlay_offboard');
  await waitForRole(page, 'button', label);
  const around = await spokenAround(page, label);
  const panel = await offboard(chromium, page, label);
  await panel.setViewport({ width: 320, height: 720 });
  await see(panel, anyOf(text, 'scan_age', 'age'));
  const page1 = await panel.evaluate(() => {
    const { lang, dir } = document.documentElement;
    return { lang, dir };
  });
  assert.deepEqual(page1, around, 'The overlay speaks as the panel does.');
  await look(panel, language, 'scan');
  await click(panel, 'button', text('menu'));
  await look(panel, language, 'menu');
  await panel.keyboard.press('Escape');
  await panel.locator('[data-opens="tasks.open"]').click();
  await panel.waitForSelector('[role="grid"] [role="row"]', { timeout: 20_000 });
  await look(panel, language, 'rows of a category');
  await panel.keyboard.press('Escape');
  await panel.waitForSelector('[data-opens="tasks.open"]');
  await passScan(panel, text);
  await look(panel, language, 'reassignments');
  await fillWith(panel, 'Tom Okafor', text);
  await look(panel, language, 'reassignments, filled');
  await goOn(panel, text);
  await acknowledgeAll(panel, text);
  await look(panel, language, 'future impact');
  await goOn(panel, text);
  await see(panel, text('review_boxes'));
  await look(panel, language, 'review');
  for (const box of await panel.$$('main input[type="checkbox"]:not(:checked)')) await box.click();
  await click(panel, 'button', text('review_start'));
  await panel.waitForSelector('dialog[open]', { timeout: 20_000 });
  await look(panel, language, 'final question');
  await click(panel, 'button', text('cancel'));
  await panel.close();
  await page.close();
  return around;
}

for (const { language, lang, dir } of [
  { language: 'de', lang: 'de', dir: 'ltr' },
  { language: 'ar-XB', lang: 'ar-XB', dir: 'rtl' },
])
  test(`U4 a browser in ${language}: overlay and panel speak it, nothing is cut off at 320 pixels`, async () => {
    const { text } = read(language);
    const workspace = await startWorkspace();
    const chromium = await launchChromium({ language });
    try {
      const around = await walkThrough(chromium, workspace, language, text);
      assert.deepEqual(around, { lang, dir });

      // The question before a deactivation.
      const users = await chromium.open(`${workspace.sandbox.url}/settings/users`, workspace.cookie(priya));
      await users.waitForSelector(`#active-${dana}`);
      await users.click(`#active-${dana}`);
      await waitForRole(users, 'button', text('overlay_anyway'));
      assert.deepEqual(await spokenAround(users, text('overlay_anyway')), { lang, dir });

      const history = await chromium.openWizardTab('');
      await history.setViewport({ width: 320, height: 720 });
      await click(history, 'button', text('menu_history'));
      await see(history, text('history_none'));
      await look(history, language, 'history');
      const connections = await chromium.open(`chrome-extension://${chromium.extensionId}/options.html`);
      await connections.setViewport({ width: 320, height: 720 });
      await see(connections, text('connections_test'));
      await look(connections, language, 'connections');
    } finally {
      await chromium.close();
      await workspace.close();
    }
  });
