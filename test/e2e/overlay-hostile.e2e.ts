import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Page } from 'puppeteer-core';
import { commands } from '../../lib/messages/protocol.ts';
import { type Sandbox, startSandbox } from '../sandbox/server.ts';
import { clickRole, findByRole, waitForRole } from './accessibility.ts';
import { type Chromium, launchChromium } from './chromium.ts';
import { count, pause, until } from './overlay-tools.ts';
import { profiles } from './pages/profiles.ts';
import { type StoredPages, servePage } from './pages/server.ts';

/** R6: a workspace's page that wants to make us do something, to hear what we know, or to be rid of us. */
let chromium: Chromium;
let sandbox: Sandbox;
let site: StoredPages;
let page: Page;
const button = /^(Offboard User|Resume Offboarding)$/;

before(async () => {
  sandbox = await startSandbox({ control: true });
  chromium = await launchChromium();
  site = await servePage('hostile.html', profiles['hostile.html'], sandbox.url);
});
beforeEach(async () => {
  for (const old of await chromium.browser.pages()) if (old.url().startsWith('http://')) await old.close();
  page = await chromium.open(`${site.url}/settings/users/mem_03`, sandbox.session('mem_01').cookie);
  await waitForRole(page, 'button', button);
  await pause(300);
});
after(async () => {
  await chromium?.close();
  await site?.close();
  await sandbox?.close();
});

/** Calls one of the page's own attacks. */
const attack = <T>(name: string, argument: string | number = ''): Promise<T> =>
  page.evaluate(
    (which, given) =>
      (window as unknown as { attack: Record<string, (given: unknown) => unknown> }).attack[which]?.(given),
    name,
    argument,
  ) as Promise<T>;
const panels = (): number =>
  chromium.browser.targets().filter((target) => target.url().includes('sidepanel.html')).length;
/** Nothing was opened or recorded, and no run was made. */
async function nothingStarted(): Promise<void> {
  await pause(500);
  assert.equal(panels(), 0);
  assert.equal(await count(page, 'button', 'Deactivate anyway'), 0);
  assert.equal(sandbox.database.get<{ n: number }>('SELECT count(*) AS n FROM run')?.n, 0);
  assert.equal(
    sandbox.database.get<{ active: number }>('SELECT active FROM member WHERE id = ?', 'mem_03')?.active,
    1,
  );
}
/** We are still there, and a person's own click is held as before. */
async function stillGuards(): Promise<void> {
  await page.evaluate(() => Object.assign(window, { done: [] }));
  await clickRole(page, 'button', 'Set inactive');
  await waitForRole(page, 'heading', 'Dana Ruiz still owns 295 items.');
  assert.deepEqual(await page.evaluate(() => (window as unknown as { done: string[] }).done), []);
}

test('R6 events that a page makes start nothing', async () => {
  await attack('events');
  await nothingStarted();
  await stillGuards();
  await attack('events');
  assert.equal(await count(page, 'button', 'Deactivate anyway'), 1);
  assert.equal(panels(), 0);
});

test('R6 forged messages reach nobody, and no event of the page ends our script', async () => {
  assert.equal(await attack('messages', chromium.extensionId), 'closed');
  await nothingStarted();
  assert.equal(await count(page, 'button', button), 1);
  await stillGuards();
});

test('R6 a page that wraps what it can hears nothing of us', async () => {
  await stillGuards();
  const seen = JSON.stringify(await page.evaluate(() => (window as unknown as { seen: unknown[] }).seen));
  assert.equal(seen, '[]');
  assert.equal(
    await page.evaluate(() => document.documentElement.outerHTML.includes('295')),
    false,
    'What Dana owns can be read in the page.',
  );
});

test('R6 a page that takes our nodes out again and again: it goes on, and so do we', async () => {
  await attack('remove');
  await pause(1_000);
  const removed = await page.evaluate(() => (window as unknown as { removed: number }).removed);
  assert.ok(removed < 60, `The page took ${removed} in a second.`);
  await page.evaluate(() => (window as unknown as { stop: MutationObserver }).stop.disconnect());
  await page.evaluate(() => document.body.append('x'));
  await page.evaluate(() => document.body.append(document.createElement('i')));
  await waitForRole(page, 'button', button);
  await stillGuards();
});

test('R6 a modal that the page takes away counts as Cancel; the next click is held again', async () => {
  await stillGuards();
  await page.evaluate(() => {
    for (const each of document.querySelectorAll('html > div')) each.remove();
  });
  await until('the modal is gone', async () => (await count(page, 'button', 'Deactivate anyway')) === 0);
  await pause(300);
  await stillGuards();
});

test('R6 copies of our nodes are empty', async () => {
  assert.equal(await attack('copy'), true);
  await pause(300);
  assert.equal((await findByRole(page, 'button', button)).length, 1);
  await stillGuards();
});

test('R6 a flood of changes leaves the main thread usable', async (context) => {
  const flooded = await attack<{ worst: number; turns: number }>('flood', 3_000);
  context.diagnostic(JSON.stringify(flooded));
  assert.ok(flooded.worst < 500, `The page stood still for ${flooded.worst} ms.`);
  await page.evaluate(() => {
    for (const each of document.querySelectorAll('body > p'))
      if (!each.querySelector('button')) each.remove();
  });
  await waitForRole(page, 'button', button);
  await stillGuards();
});

for (const [name, look] of Object.entries({
  'an opaque layer that lets clicks through': '',
  'a layer that is almost transparent': 'opacity:0.2',
}))
  test(`R6 clickjacking by ${name}: the click does nothing, and says so`, async () => {
    const { x, y } = await waitForRole(page, 'button', button);
    await attack('cover', look);
    await pause(400);
    await page.mouse.click(x, y);
    await until('we say so', async () => (await count(page, 'StaticText', /covers this button/)) === 1);
    await nothingStarted();
    // What we say must not cover it in its turn.
    await page.evaluate(() => document.getElementById('cover')?.remove());
    await pause(400);
    assert.equal(await count(page, 'StaticText', /covers this button/), 1);
    await page.mouse.click(x, y);
    await (await chromium.panel()).close();
  });

test('R6 clickjacking by a transparent page: the click does nothing', async () => {
  const { x, y } = await waitForRole(page, 'button', button);
  await page.evaluate(() => {
    const bar = document.getElementById('bar');
    if (bar) bar.style.opacity = '0.02';
  });
  await pause(400);
  await page.mouse.click(x, y);
  await nothingStarted();
});

test('R6 clickjacking of the modal: nothing passes below a layer of the page', async () => {
  await stillGuards();
  await pause(450);
  const anyway = await waitForRole(page, 'button', 'Deactivate anyway');
  await page.evaluate(() => {
    const cover = document.createElement('p');
    cover.popover = 'manual';
    cover.style.cssText = 'inset:0;width:100vw;height:100vh;pointer-events:none;background:#fff';
    document.body.append(cover);
    cover.showPopover();
  });
  await pause(400);
  await page.mouse.click(anyway.x, anyway.y);
  await pause(300);
  assert.equal(await count(page, 'button', 'Back'), 0);
  assert.equal(panels(), 0);
  // Once nothing lies above it any more, it does what it says.
  await page.evaluate(() => document.querySelector('p[popover]')?.remove());
  await pause(600);
  await clickRole(page, 'button', 'Deactivate anyway');
  await waitForRole(page, 'button', 'Back');
});

test('R6 two hundred forged messages to the background change nothing in the real browser', async () => {
  // A page has no way to the background. A page whose process was taken over may have: that of our script in it.
  const session = await page.createCDPSession();
  const worlds: { id: number; origin: string }[] = [];
  session.on('Runtime.executionContextCreated', ({ context }) => worlds.push(context));
  await session.send('Runtime.enable');
  const world = worlds.find(({ origin }) => origin.startsWith('chrome-extension:'));
  assert.ok(world, 'Our script is in the page.');
  const forge = async (extension: string, names: string[]): Promise<Record<string, number>> => {
    const { chrome } = globalThis as unknown as {
      chrome: { runtime: { sendMessage(to: string, message: unknown): Promise<unknown> } };
    };
    const answers: Record<string, number> = {};
    for (let turn = 0; turn < 200; turn += 1) {
      const command = names[turn % names.length];
      const request = { run: 'x', rev: turn, connection: 'x', member: 'mem_03', batch: 'x', users: 1 };
      const answer = await chrome.runtime.sendMessage(extension, { command, request }).catch(() => null);
      const { refusal } = (answer ?? {}) as { refusal?: { code: string } };
      const kind = refusal?.code ?? (answer === null || answer === undefined ? 'unheard' : 'served');
      answers[kind] = (answers[kind] ?? 0) + 1;
    }
    return answers;
  };
  const forOurPages = Object.entries(commands).flatMap(([name, { from }]) =>
    (from as readonly string[]).includes('overlay') ? [] : [name],
  );
  const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
    expression: `(${forge})(${JSON.stringify(chromium.extensionId)}, ${JSON.stringify([...forOurPages, 'no.such'])})`,
    contextId: world.id,
    awaitPromise: true,
    returnByValue: true,
  });
  await session.detach();
  assert.equal(exceptionDetails, undefined);
  const { forbidden = 0, unheard = 0, ...others } = result.value as Record<string, number>;
  assert.deepEqual(others, {});
  assert.equal(forbidden + unheard, 200);
  assert.ok(forbidden > 150, `${forbidden} were refused aloud.`);
  await nothingStarted();
  await stillGuards();
});
