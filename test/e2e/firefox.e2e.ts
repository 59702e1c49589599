import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { buildPackage } from '../shape/packages.ts';
import { type Firefox, launchFirefox } from './firefox.ts';
import { dana, leftOver, priya, startWorkspace, type Workspace } from './workspace.ts';

/** The main job in a real Firefox: the wizard opens in a tab, since a click in a page may not open the sidebar. */

const enter = '\uE007';
const packages = mkdtempSync(join(tmpdir(), 'offboarding-firefox-package-'));
let firefox: Firefox;
let workspace: Workspace;

before(async () => {
  firefox = await launchFirefox();
});
beforeEach(async () => {
  workspace = await startWorkspace();
});
afterEach(async () => {
  await workspace.close();
});
after(async () => {
  await firefox?.close();
  rmSync(packages, { recursive: true, force: true });
});

const button = (name: string): string => `//button[normalize-space()='${name}']`;
const pressable = (name: string): string => `${button(name)}[not(@aria-disabled='true') and not(@disabled)]`;

async function isFocused(role: string): Promise<boolean> {
  return firefox.evaluate(`return document.activeElement?.getAttribute('role') === arguments[0]`, role);
}

/** Ticks every box of the step, one after the other, each with a click of its own. */
async function tickAll(): Promise<void> {
  const unticked = 'main input[type=checkbox]:not(:checked)';
  const count = (): Promise<number> =>
    firefox.evaluate('return document.querySelectorAll(arguments[0]).length', unticked);
  for (let left = await count(), clicks = 0; left > 0; clicks += 1) {
    assert.ok(clicks < 30, 'there is always one more to tick');
    await firefox.evaluate("document.querySelector(arguments[0]).dataset.next = ''", unticked);
    await firefox.click("//input[@data-next='']");
    const before = left;
    // Cards that count again may move under the pointer; then the next turn tries once more.
    await firefox.until('one more tick', async () => (await count()) < before, 3_000).catch(() => {});
    left = await count();
    await firefox.evaluate(
      "for (const box of document.querySelectorAll('[data-next]')) delete box.dataset.next",
    );
  }
}

/** From the button on Dana's page through all five steps; the run is executing at the end. */
async function startRun(): Promise<void> {
  await firefox.open(workspace.memberPage(dana), workspace.cookie(priya));
  await firefox.clickInOverlay('Offboard User');
  await firefox.switchTo(firefox.extensionOrigin);
  await firefox.see(/Scanned (just now|\d)/);
  await firefox.click(pressable('Continue'));
  await firefox.see('Who receives what');
  await firefox.click("(//button[contains(., 'Choose a member')])[1]");
  await firefox.until('the search to have the focus', () => isFocused('combobox'));
  await firefox.type('Tom Okafor');
  await firefox.until('Tom Okafor alone', () =>
    firefox.evaluate(`
      const options = [...document.querySelectorAll('[role=option]')];
      return options.length < 6 && options.some((option) => option.textContent.includes('Tom Okafor'));`),
  );
  await firefox.type(enter);
  await firefox.click(pressable('Continue'));
  await firefox.see('Future impact');
  await tickAll();
  await firefox.click(pressable('Continue'));
  await firefox.see('Before Start');
  await tickAll();
  await firefox.click(pressable('Start'));
  await firefox.see('Deactivation happens only if every step completes.');
  // The button arms a moment after it appears.
  await new Promise((resolve) => setTimeout(resolve, 600));
  await firefox.click(button('Move 280 and deactivate'));
}

async function assertAllDone(): Promise<void> {
  await firefox.see('Dana Ruiz is inactive and owns nothing we can read.', 90_000);
  const owned = await workspace.owned(dana);
  assert.equal(owned.active, false);
  assert.deepEqual(leftOver(owned), []);
  const writes = await workspace.writes();
  assert.deepEqual([writes.total, writes.doubled], [280 + 1, 0]);
  await firefox.closeTab();
}

test('W1.1 W6.5 offboards a teammate in Firefox, in a tab', async () => {
  await startRun();
  await assertAllDone();
});

test('R1.1 goes on by itself after Firefox stopped the background in the middle', async () => {
  workspace.faults([{ match: { path: '/reassignments' }, fault: { kind: 'slow', milliseconds: 400 } }]);
  await startRun();
  for (let kill = 1; kill <= 2; kill += 1) {
    const before = (await workspace.writes()).total;
    await firefox.until('the run to write', async () => (await workspace.writes()).total > before);
    await firefox.killBackground();
  }
  assert.ok((await workspace.writes()).total < 281, 'it was stopped in the middle');
  await assertAllDone();
});

test('U5 asks for one site in one click, and shows the button there without a reload', async () => {
  const extension = buildPackage(packages, 'firefox', 'production');
  const published = await launchFirefox({ extension, allowSites: true });
  try {
    await published.open(workspace.memberPage(dana), workspace.cookie(priya));
    await published.until('the page', () =>
      published.evaluate<boolean>("return document.body.innerText.includes('Dana Ruiz')"),
    );
    await published.openTab();
    await published.open(`${published.extensionOrigin}sidepanel.html`);
    await published.see('Connect a workspace');
    const granted = (): Promise<string[]> =>
      published.evaluate('return browser.permissions.getAll().then(({ origins }) => origins)');
    assert.deepEqual(await granted(), [], 'nothing is granted at install');

    await published.click("//input[@type='url']");
    await published.type(workspace.sandbox.url);
    await published.click(pressable('Allow this site'));
    await published.until('the site to be granted', async () => (await granted()).length > 0);
    assert.deepEqual(await granted(), ['http://127.0.0.1/*']);
    await published.switchTo(workspace.sandbox.url);
    await published.until('one button', async () => (await published.countInOverlay('Offboard User')) === 1);
  } finally {
    await published.close();
  }
});
