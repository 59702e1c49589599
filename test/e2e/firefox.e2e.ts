import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { buildPackage } from '../shape/packages.ts';
import { type Firefox, launchFirefox } from './firefox.ts';
import { pause, registerRun } from './overlay-tools.ts';
import { profiles } from './pages/profiles.ts';
import { servePage } from './pages/server.ts';
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

/** Owns nothing. */
const ola = 'mem_40';
const wizards = async (): Promise<number> =>
  (await firefox.tabs()).filter((url) => url.startsWith(firefox.extensionOrigin)).length;
const isActive = async (member: string): Promise<boolean> => (await workspace.owned(member)).active;
const switchOf = (member: string): string => `//*[@id='active-${member}']`;
/** Clicks on a control that the page's own handlers heard of so far: trusted ones as true. */
const heard = (): Promise<boolean[]> =>
  firefox.evaluate(`return JSON.parse(document.documentElement.dataset.heard ?? '[]')`);
const listen = (id: string): Promise<void> =>
  firefox.evaluate(
    `document.addEventListener('click', (event) => {
      if (!event.target.closest?.('#' + arguments[0])) return;
      const { dataset } = document.documentElement;
      dataset.heard = JSON.stringify([...JSON.parse(dataset.heard ?? '[]'), event.isTrusted]);
    });`,
    id,
  );
const asks = (): Promise<boolean> =>
  firefox.evaluate(`return [...document.querySelectorAll('dialog[open]')].some((one) =>
    /^Set .* inactive/.test(one.textContent.trim()))`);

/** The page as Priya sees it, once the overlay stands before the control with this id. */
async function openBefore(path: string, id: string): Promise<void> {
  await firefox.open(`${workspace.sandbox.url}${path}`, workspace.cookie(priya));
  await firefox.until(`#${id}`, () =>
    firefox.evaluate<boolean>('return document.getElementById(arguments[0]) !== null', id),
  );
  await pause(500);
  await listen(id);
}

test('W1.4 in Firefox, in the list and by mouse: held for who owns something, anyway after two questions, and once', async () => {
  await openBefore('/settings/users', `active-${dana}`);
  await firefox.click(switchOf(dana));
  await firefox.seeInOverlay('Dana Ruiz still owns 295 items.');
  await firefox.clickInOverlay('Cancel');
  await firefox.until('the modal to go', async () => (await firefox.countInOverlay('Cancel')) === 0);
  assert.deepEqual([await heard(), await asks(), await isActive(dana)], [[], false, true]);

  await firefox.click(switchOf(dana));
  await firefox.placeInOverlay('Deactivate anyway');
  await pause(500);
  await firefox.clickInOverlay('Deactivate anyway');
  await firefox.seeInOverlay('Leave 295 items with an inactive owner?');
  await pause(500);
  await firefox.clickInOverlay('Deactivate Dana Ruiz anyway');
  await firefox.until('the page’s own question', asks);
  assert.deepEqual(await heard(), [false]);
  await firefox.click(button('Deactivate'));
  await firefox.until('Dana to be inactive', async () => !(await isActive(dana)));
});

test('W1.4 in Firefox, who owns nothing: the page hears the genuine click, once, without a modal', async () => {
  await openBefore('/settings/users', `active-${ola}`);
  await firefox.click(switchOf(ola));
  await firefox.until('the page’s own question', asks);
  assert.equal((await heard()).length, 1);
  assert.equal(await firefox.countInOverlay('Deactivate anyway'), 0);
  await firefox.click(button('Cancel'));
  // The answer is known by now: nothing stands between the second click and the page.
  await firefox.click(switchOf(ola));
  await firefox.until('the page’s own question', asks);
  assert.equal((await heard()).at(-1), true);
});

test('W1.4 in Firefox, on the member’s page and by keyboard: held, and Enter opens the wizard', async () => {
  for (const key of [enter, ' ']) {
    await openBefore(`/settings/users/${dana}`, 'set-inactive');
    await firefox.seeInOverlay(/Offboard User|Resume Offboarding/);
    await firefox.evaluate(`document.getElementById('set-inactive').focus()`);
    await firefox.type(key);
    await firefox.seeInOverlay('Dana Ruiz still owns 295 items.');
    assert.deepEqual([await heard(), await asks(), await isActive(dana)], [[], false, true]);
    await firefox.type(enter);
    await firefox.switchTo(firefox.extensionOrigin);
    await firefox.see('Dana Ruiz');
    await firefox.closeTab();
    await firefox.switchTo(workspace.sandbox.url);
  }
});

test('W1.5 W1.6 in Firefox the button resumes, and the banner leads to the review', async () => {
  registerRun(workspace.sandbox, 'run-elsewhere', 'mem_05', 'executing', true);
  const page = `${workspace.sandbox.url}/settings/users/mem_05`;
  await firefox.open(page, workspace.cookie(priya));
  await firefox.placeInOverlay('Resume Offboarding');
  assert.equal(await firefox.countInOverlay('Review'), 0);
  registerRun(workspace.sandbox, 'run-elsewhere', 'mem_05', 'partial', false);
  await firefox.open(page);
  await firefox.placeInOverlay('Offboard User');
  await firefox.seeInOverlay(/7 of 10 items moved, 3 did not/);
  await firefox.clickInOverlay('Review');
  await firefox.switchTo(`${firefox.extensionOrigin}sidepanel.html?run=run-elsewhere`);
  await firefox.see('Partial completion');
  await firefox.closeTab();
});

test('R6 clickjacking in Firefox: covered, transparent or distorted, neither button nor modal acts; and else they do', async () => {
  const site = await servePage('hostile.html', profiles['hostile.html'], workspace.sandbox.url);
  const layer = 'position:fixed;inset:0;background:#fff;pointer-events:none;z-index:2147483647;';
  const attacks: Record<string, string> = {
    'an opaque layer that lets clicks through': `attack.cover('')`,
    'a layer that is almost transparent': `attack.cover('opacity:0.2')`,
    'a layer that forbids what we try': `document.head.append(Object.assign(document.createElement('style'),
      { textContent: '#cover { pointer-events: none !important }' })); attack.cover('')`,
    'a layer without an element': `document.head.append(Object.assign(document.createElement('style'),
      { textContent: 'body::after { content: ""; ${layer} }' }))`,
    'a transparent page': `document.getElementById('bar').style.opacity = '0.02'`,
    'a page that mirrors it': `document.getElementById('bar').style.transform = 'scaleX(-1)'`,
  };
  try {
    for (const [name, attack] of Object.entries(attacks)) {
      await firefox.open(`${site.url}/settings/users/${dana}`, workspace.cookie(priya));
      await firefox.placeInOverlay('Offboard User');
      await firefox.evaluate(
        `window.wrappedJSObject ? window.wrappedJSObject.eval(arguments[0]) : eval(arguments[0])`,
        attack,
      );
      await pause(300);
      await firefox.clickInOverlay('Offboard User');
      await firefox.seeInOverlay(/covers this button/).catch(() => assert.fail(`${name} was not noticed`));
      assert.equal(await wizards(), 0, `${name}: nothing opens`);
      assert.equal(
        await firefox.evaluate(`return document.querySelectorAll("[style*='auto !important']").length`),
        0,
      );
    }
    await firefox.open(`${site.url}/settings/users/${dana}`);
    await firefox.placeInOverlay('Offboard User');
    await firefox.click("//*[@id='set']");
    await firefox.placeInOverlay('Deactivate anyway');
    await pause(500);
    await firefox.evaluate(`
      const cover = document.createElement('p');
      cover.popover = 'manual';
      cover.style.cssText = 'inset:0;width:100vw;height:100vh;pointer-events:none;background:#fff';
      document.body.append(cover);
      cover.showPopover();`);
    await pause(300);
    await firefox.clickInOverlay('Deactivate anyway');
    await firefox.seeInOverlay(/covers this button/);
    assert.equal(await firefox.countInOverlay('Back'), 0);
    await firefox.evaluate(`document.querySelector('p[popover]').remove()`);
    // With nothing above them, both do what they say.
    await firefox.clickInOverlay('Open the wizard');
    await firefox.switchTo(firefox.extensionOrigin);
    await firefox.closeTab();
    await firefox.switchTo(site.url);
    await firefox.clickInOverlay('Offboard User');
    await firefox.switchTo(firefox.extensionOrigin);
    await firefox.closeTab();
  } finally {
    await site.close();
  }
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
