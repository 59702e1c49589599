import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import type { Page } from 'puppeteer-core';
import { type Sandbox, startSandbox } from '../sandbox/server.ts';
import { clickRole, waitForRole } from './accessibility.ts';
import { type Chromium, launchChromium } from './chromium.ts';
import { count, pause, until } from './overlay-tools.ts';
import { profiles } from './pages/profiles.ts';
import { type StoredPages, servePage } from './pages/server.ts';

/** W1.8: pages of seven designs, each described by data alone. Dana owns things, Ola owns nothing. */
let chromium: Chromium;
let sandbox: Sandbox;
let site: StoredPages | undefined;
before(async () => {
  sandbox = await startSandbox({ control: true });
  chromium = await launchChromium();
});
afterEach(async () => {
  for (const page of await chromium.browser.pages()) if (page.url().startsWith('http://')) await page.close();
  await site?.close();
});
after(async () => {
  await chromium?.close();
  await sandbox?.close();
});

async function open(file: keyof typeof profiles, path = ''): Promise<Page> {
  site = await servePage(file, profiles[file], sandbox.url);
  const page = await chromium.open(`${site.url}/settings/users${path}`, sandbox.session('mem_01').cookie);
  await pause(700);
  return page;
}
const done = (page: Page): Promise<string[]> =>
  page.evaluate(() => (window as unknown as { done: string[] }).done);
const held = (page: Page): Promise<unknown> =>
  waitForRole(page, 'heading', 'Dana Ruiz still owns 295 items.');

/** Where a control is, in open roots too. */
async function press(page: Page, selector: string): Promise<void> {
  // A page that draws itself anew between press and release makes no click of it, with us or without.
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const app = document.getElementById('app');
        if (!app) resolve();
        else new MutationObserver(() => resolve()).observe(app, { childList: true });
      }),
  );
  const found = await page.waitForSelector(`>>> ${selector}`);
  const box = await found?.boundingBox();
  assert.ok(box);
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await pause(60);
  await page.mouse.up();
}

/** Who owns something is held back, who owns nothing passes once; both by mouse. */
async function tryList(page: Page, owner: string, pauper: string): Promise<void> {
  await press(page, owner);
  await held(page);
  assert.deepEqual(await done(page), []);
  await clickRole(page, 'button', 'Cancel');
  await until('the modal goes', async () => (await count(page, 'button', 'Cancel')) === 0);
  await press(page, pauper);
  await until('the page acts', async () => (await done(page)).length > 0);
  await pause(400);
  assert.deepEqual(await done(page), ['mem_40']);
}

/** Goes on to the end, and the page acts once. */
async function bypass(page: Page): Promise<void> {
  await pause(450);
  await clickRole(page, 'button', 'Deactivate anyway');
  await waitForRole(page, 'button', 'Back');
  await pause(450);
  await clickRole(page, 'button', 'Deactivate Dana Ruiz anyway');
  await until('the page acts', async () => (await done(page)).includes('mem_03'));
  await pause(300);
  assert.equal((await done(page)).filter((member) => member === 'mem_03').length, 1);
}

test('plain HTML: a checkbox by itself and by its label, setting active, and a form', async () => {
  const page = await open('plain.html');
  await tryList(page, '#a3', 'label[for=a40]');
  assert.equal(await page.evaluate(() => document.querySelector<HTMLInputElement>('#a3')?.checked), true);
  await press(page, 'label[for=a3]');
  await held(page);
  await bypass(page);
  assert.equal(await page.evaluate(() => document.querySelector<HTMLInputElement>('#a3')?.checked), false);
  await press(page, '#a38');
  await pause(300);
  assert.ok((await done(page)).includes('mem_38'), 'Setting active was held.');
});

test('plain HTML: a form, by Enter in a field and by its button; other changes pass', async () => {
  const page = await open('plain.html', '/mem_03');
  await waitForRole(page, 'button', 'Offboard User');
  await page.click('#save');
  assert.deepEqual(await done(page), ['mem_03'], 'A form that sets nobody inactive was held.');
  await page.evaluate(() => Object.assign(window, { done: [] }));
  await page.click('#active');
  await page.focus('#name');
  await page.keyboard.press('Enter');
  await held(page);
  await page.keyboard.press('Escape');
  await until('the modal goes', async () => (await count(page, 'button', 'Cancel')) === 0);
  await page.click('#save');
  await held(page);
  assert.deepEqual(await done(page), []);
  await bypass(page);
});

test('a list that is drawn anew all the time', async () => {
  const page = await open('re-rendering.html');
  await tryList(page, '#mem_03', '#mem_40');
  await press(page, '#mem_03');
  await held(page);
  await bypass(page);
});

test('web components with open roots: control, row, and the button’s place', async () => {
  const page = await open('components.html');
  await tryList(page, '#mem_03 >>> button', '#mem_40 >>> button');
  await site?.close();
  const member = await open('components.html', '/mem_03');
  await waitForRole(member, 'button', 'Offboard User');
});

test('a virtual table without roles, which acts on the press itself', async () => {
  const page = await open('virtual.html');
  await press(page, '#act-mem_03');
  await held(page);
  assert.deepEqual(await done(page), []);
  await bypass(page);
  await page.evaluate(() => document.querySelector('.grid')?.scrollTo(0, 1360));
  await pause(200);
  await press(page, '#act-mem_40');
  await until('the page acts', async () => (await done(page)).includes('mem_40'));
  await pause(400);
  assert.deepEqual(await done(page), ['mem_03', 'mem_40']);
});

test('issue 4: a virtual table that scrolls during the check: only the row that was meant, or nothing', async () => {
  sandbox.faults.add([{ match: { path: '/categories' }, fault: { kind: 'slow', milliseconds: 1_500 } }]);
  const page = await open('virtual.html');
  const scrollTo = (top: number): Promise<void> =>
    page.evaluate((at) => document.querySelector('.grid')?.scrollTo(0, at), top);
  for (const [top, expected] of [
    // The same row, one element further up.
    [1_400, ['mem_40']],
    // It is not drawn any more.
    [0, []],
  ] as const) {
    // Nothing is known of them yet in a page that is loaded anew.
    await page.reload();
    await pause(700);
    await scrollTo(1_360);
    await page.waitForSelector('#act-mem_40');
    await press(page, '#act-mem_40');
    await waitForRole(page, 'button', 'Cancel');
    await scrollTo(top);
    await until('the check is over', async () => (await count(page, 'button', 'Cancel')) === 0);
    await pause(500);
    assert.deepEqual(await done(page), expected);
  }
  sandbox.faults.clear();
});

test('a page from right to left', async () => {
  const page = await open('right-to-left.html');
  await tryList(page, '#mem_03', '#mem_40');
  await site?.close();
  const member = await open('right-to-left.html', '/mem_03');
  await waitForRole(member, 'button', 'Offboard User');
});

test('a dark page with switches of its own, by mouse and by keyboard', async () => {
  const page = await open('dark.html');
  await tryList(page, '#mem_03', '#mem_40');
  for (const key of ['Enter', 'Space'] as const) {
    await page.focus('#mem_03');
    await page.keyboard.press(key);
    await held(page);
    assert.deepEqual(await done(page), ['mem_40']);
    await page.keyboard.press('Escape');
    await until('the modal goes', async () => (await count(page, 'button', 'Cancel')) === 0);
  }
  await page.focus('#mem_40');
  await pause(300);
  await page.keyboard.press('Space');
  await until('the page acts', async () => (await done(page)).length === 2);
  await page.focus('#mem_03');
  await page.keyboard.press('Space');
  await held(page);
  await bypass(page);
});

test('a page with a focus trap: the modal keeps the focus, and the page hears no keys of it', async () => {
  const page = await open('focus-trap.html');
  await press(page, '#deactivate');
  await held(page);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  assert.notEqual(await page.evaluate(() => document.activeElement?.id), 'first');
  await page.keyboard.press('Escape');
  await until('the modal goes', async () => (await count(page, 'button', 'Cancel')) === 0);
  assert.equal(await page.evaluate(() => (window as unknown as { escapes: number }).escapes), 0);
  assert.equal(await page.evaluate(() => document.getElementById('box')?.hidden), false);
  await press(page, '#deactivate');
  await held(page);
  await bypass(page);
});
