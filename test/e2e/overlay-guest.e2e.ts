import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'puppeteer-core';
import { buildWeb } from '../sandbox/build-web.ts';
import { type Sandbox, startSandbox } from '../sandbox/server.ts';
import { buildForSandbox } from '../tools/build.ts';
import { clickRole, waitForRole } from './accessibility.ts';
import { type Chromium, launchChromium } from './chromium.ts';
import { count, pause, settled, until } from './overlay-tools.ts';
import { click, see } from './wizard-steps.ts';

/** What the page is like with us in it: how much later, how much moved, and what stays when we are gone. */
const pauper = 'mem_40';
let chromium: Chromium;
let sandbox: Sandbox;
before(async () => {
  await buildWeb();
  sandbox = await startSandbox({ control: true });
  chromium = await launchChromium();
});
after(async () => {
  await chromium?.close();
  await sandbox?.close();
});

const open = (path: string): Promise<Page> =>
  chromium.open(`${sandbox.url}${path}`, sandbox.session('mem_01').cookie);

/** Milliseconds from the click to the page's own question, the median of some. */
async function delayOf(page: Page, hovering: number): Promise<number> {
  const times: number[] = [];
  for (let turn = 0; turn < 9; turn += 1) {
    await page.mouse.move(5, 5);
    await page.waitForSelector(`#active-${pauper}`);
    await page.evaluate((id) => {
      document.getElementById(id)?.scrollIntoView({ block: 'center' });
      const timed = window as unknown as { took: Promise<number> };
      timed.took = new Promise((resolve) => {
        let from = 0;
        addEventListener('pointerdown', (event) => (from = event.timeStamp), { capture: true, once: true });
        const seen = new MutationObserver(() => {
          if (!document.querySelector('dialog[open]')) return;
          seen.disconnect();
          resolve(performance.now() - from);
        });
        seen.observe(document, { subtree: true, childList: true, attributes: true });
      });
    }, `active-${pauper}`);
    await page.hover(`#active-${pauper}`);
    await pause(hovering);
    const box = await (await page.$(`#active-${pauper}`))?.boundingBox();
    assert.ok(box);
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2, { delay: 60 });
    times.push(await page.evaluate(() => (window as unknown as { took: Promise<number> }).took));
    await page.keyboard.press('Escape');
    await until('the question goes', () => page.evaluate(() => !document.querySelector('dialog[open]')));
  }
  return times.toSorted((a, b) => a - b)[4] ?? Number.NaN;
}

/** How far the page's own content jumped while it was loading, as the browser counts it. */
const shiftOf = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let sum = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) sum += (entry as unknown as { value: number }).value;
        }).observe({ type: 'layout-shift', buffered: true });
        setTimeout(() => resolve(sum), 300);
      }),
  );

/** Where everything that the page itself draws lies, in whole pixels: its innermost elements, without ours. */
const placesOf = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    await document.fonts.ready;
    return (
      [...document.querySelectorAll<HTMLElement>('body *')]
        .filter((element) => element.childElementCount === 0 && element.getClientRects().length > 0)
        // Our own resets everything that the page's rules could do to it.
        .filter((element) => !/\binitial\b/.test(element.getAttribute('style') ?? ''))
        .map((element) => {
          const { x, y, width, height } = element.getBoundingClientRect();
          return `${element.tagName} ${[x, y, width, height].map(Math.round).join(' ')}`;
        })
    );
  });

/** Every listener on window and document, in the page's own world and in ours, and every node. */
async function left(page: Page): Promise<{ page: number; ours: number; nodes: number }> {
  const session = await page.createCDPSession();
  const worlds: { id: number; origin: string }[] = [];
  session.on('Runtime.executionContextCreated', ({ context }) => worlds.push(context));
  await session.send('Runtime.enable');
  const sums = { page: 0, ours: 0 };
  for (const { id, origin } of worlds)
    for (const expression of [
      'window',
      'document',
      'document.documentElement',
      'document.body',
      'navigation',
    ]) {
      const { result } = await session.send('Runtime.evaluate', { expression, contextId: id });
      const found = await session.send('DOMDebugger.getEventListeners', { objectId: result.objectId ?? '' });
      sums[origin.startsWith('chrome-extension:') ? 'ours' : 'page'] += found.listeners.length;
    }
  const nodes = await page.evaluate(() => document.querySelectorAll('*').length);
  await session.detach();
  return { ...sums, nodes };
}

/** How many nodes the page itself has: ours reset everything that the page's rules could do to them. */
const pageNodes = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      [...document.querySelectorAll('*')].filter(
        (element) => !/\binitial\b/.test(element.getAttribute('style') ?? ''),
      ).length,
  );

test('W1.4 a page to which the application goes by itself: a press that is quicker than our script waits for it', async () => {
  const page = await open('/tasks');
  await page.waitForSelector('table');
  await until('the script waits for another address', async () => (await left(page)).ours > 1);
  // The script of that page can only come once the background was started again.
  await chromium.killWorker();
  await page.evaluate((address) => {
    history.pushState(null, '', address);
    dispatchEvent(new PopStateEvent('popstate'));
  }, '/settings/users/mem_03');
  await page.waitForSelector('#set-inactive');
  await page.click('#set-inactive');
  await waitForRole(page, 'button', 'Deactivate anyway');
  assert.equal(await count(page, 'heading', /inactive\?$/), 0);
  await clickRole(page, 'button', 'Cancel');
  await waitForRole(page, 'button', 'Offboard User');
  assert.equal(await count(page, 'heading', /inactive\?$/), 0);
  await page.goBack();
  await page.waitForSelector('table');
  assert.equal(await count(page, 'button', 'Offboard User'), 0);
});

test('W1.8 routes, back and forward, a page out of the cache, and a page that draws itself anew: one button', async () => {
  const ours = 'Offboard User';
  const page = await open('/settings/users');
  await page.waitForSelector('a[href="/settings/users/mem_03"]');
  await page.click('a[href="/settings/users/mem_03"]');
  await waitForRole(page, 'button', ours);
  await page.goBack();
  await page.waitForSelector('#active-mem_03');
  await until('the button goes', async () => (await count(page, 'button', ours)) === 0);
  await page.goForward();
  await waitForRole(page, 'button', ours);
  for (let turn = 0; turn < 20; turn += 1)
    await page.evaluate(() => {
      const actions = document.querySelector('[data-testid="member-actions"]');
      actions?.replaceWith(actions.cloneNode(true));
    });
  // A page that changes without end is looked at ever so often: the last change may wait for that.
  await until('one button', async () => (await count(page, 'button', ours)) === 1);
  await pause(300);
  assert.equal(await count(page, 'button', ours), 1);
  await page.goto('about:blank');
  await page.goBack();
  await waitForRole(page, 'button', ours);
  // A page that comes back is looked at again, and may move what is on it under the pointer.
  await settled(page, '#set-inactive');
  await clickRole(page, 'button', 'Set inactive');
  await waitForRole(page, 'button', 'Deactivate anyway');
});

test('W1.4 and W1.8: what we add to a click and to the page, against a browser without us', async (context) => {
  const memberPage = await open('/settings/users/mem_07');
  await waitForRole(memberPage, 'button', 'Offboard User');
  const shift = await shiftOf(memberPage);
  const places = await placesOf(memberPage);
  const list = await open('/settings/users');
  const with_ = await delayOf(list, 250);
  const hasty = await delayOf(list, 0);
  const listShift = await shiftOf(list);
  await list.close();

  await chromium.browser.uninstallExtension(chromium.extensionId);
  const bare = await open('/settings/users/mem_07');
  await bare.waitForSelector('#set-inactive');
  const bareShift = await shiftOf(bare);
  const barePlaces = await placesOf(bare);
  const bareList = await open('/settings/users');
  const without = await delayOf(bareList, 250);
  const bareListShift = await shiftOf(bareList);
  context.diagnostic(
    JSON.stringify({
      delay: { with: with_, hasty, without },
      shift: { shift, bareShift, listShift, bareListShift },
    }),
  );
  // The page's own fonts and placeholders shift it a little, now more and now less; what counts is that nothing of it
  // lies elsewhere because of us, and that it does not jump on its way there.
  assert.deepEqual(places, barePlaces);
  assert.ok(shift - bareShift < 0.05, `The member's page jumps by ${shift - bareShift} more.`);
  assert.ok(listShift - bareListShift < 0.05, `The list jumps by ${listShift - bareListShift} more.`);
  assert.ok(with_ - without < 50, `A click takes ${with_ - without} ms longer.`);
  // Nothing was known beforehand here: the workspace itself has to answer first.
  assert.ok(hasty - without < 250, `A click at once takes ${hasty - without} ms longer.`);
});

test('W1.4 a page that was open when the extension went: the modal says so; nothing of ours stays but the guard', async () => {
  const other = await launchChromium();
  try {
    const page = await other.open(`${sandbox.url}/settings/users/mem_03`, sandbox.session('mem_01').cookie);
    await waitForRole(page, 'button', 'Offboard User');
    await other.browser.uninstallExtension(other.extensionId);
    await clickRole(page, 'button', 'Set inactive');
    await waitForRole(page, 'heading', 'This page was open when the extension was updated.');
    await pause(450);
    await clickRole(page, 'button', 'Deactivate anyway');
    await waitForRole(page, 'heading', /^Deactivate .* without a check\?$/);
    assert.ok((await count(page, 'StaticText', /cannot be recorded/)) > 0);
    await clickRole(page, 'button', 'Back');
    await clickRole(page, 'button', 'Cancel');
    assert.equal(await count(page, 'heading', /^Set Dana Ruiz inactive\?$/), 0);
    await page.evaluate(() => document.body.append(document.createElement('p')));
    await until('the button goes', async () => (await count(page, 'button', 'Offboard User')) === 0);
    await clickRole(page, 'button', 'Set inactive');
    await Promise.all([page.waitForNavigation(), clickRole(page, 'button', 'Reload page')]);
  } finally {
    await other.close();
  }
});

/** One button, and one modal that the living background has filled. */
async function guards(page: Page): Promise<void> {
  await waitForRole(page, 'button', 'Offboard User');
  await clickRole(page, 'button', 'Set inactive');
  await waitForRole(page, 'heading', 'Dana Ruiz still owns 295 items.');
  assert.equal(await count(page, 'button', 'Deactivate anyway'), 1);
  await clickRole(page, 'button', 'Cancel');
  await until('the modal goes', async () => (await count(page, 'button', 'Cancel')) === 0);
  assert.equal(await count(page, 'heading', /inactive\?$/), 0);
}

test('W1.8 tabs that were open before the install, and the extension updated under them: one living script in each', async (context) => {
  const other = await launchChromium();
  try {
    const cookie = sandbox.session('mem_01').cookie;
    await other.browser.uninstallExtension(other.extensionId);
    const page = await other.open(`${sandbox.url}/settings/users/mem_03`, cookie);
    await page.waitForSelector('#set-inactive');
    assert.equal(await count(page, 'button', 'Offboard User'), 0);
    const id = await other.browser.installExtension(buildForSandbox('chrome'));
    assert.equal(id, other.extensionId);
    await guards(page);
    const first = await left(page);

    for (let updates = 1; updates <= 2; updates += 1) {
      const worker = () => other.browser.targets().find((target) => target.type() === 'service_worker');
      const old = worker();
      await page.evaluate(() => {
        for (const each of document.querySelectorAll('div'))
          if (/\binitial\b/.test(each.getAttribute('style') ?? '')) each.dataset.old = '';
      });
      // The browser takes the package in again: the page's script loses its extension in this moment.
      await other.browser.installExtension(buildForSandbox('chrome'));
      await until('the new background', () => worker() !== undefined && worker() !== old, 20_000);
      await until('the old script’s button goes', () =>
        page.evaluate(() => document.querySelector('[data-old]') === null),
      );
      await guards(page);
    }
    const last = await left(page);
    context.diagnostic(JSON.stringify({ afterInstall: first, afterUpdates: last }));
    assert.deepEqual(last, first);
  } finally {
    await other.close();
  }
});

test('W1.8 nothing stays behind: a new life of the script takes all of the old one away', async (context) => {
  const other = await launchChromium();
  try {
    const cookie = sandbox.session('mem_01').cookie;
    const page = await other.open(`${sandbox.url}/settings/users/mem_03`, cookie);
    await waitForRole(page, 'button', 'Offboard User');
    const first = await left(page);
    assert.ok(first.ours > 10, `Only ${first.ours} listeners of ours were found.`);
    const worker = await (await other.browser.waitForTarget((t) => t.type() === 'service_worker')).worker();
    for (let turn = 0; turn < 5; turn += 1) {
      await worker?.evaluate(async () => {
        const { chrome } = globalThis as unknown as {
          chrome: {
            tabs: { query(q: object): Promise<{ id: number }[]> };
            scripting: { executeScript(o: object): Promise<unknown> };
          };
        };
        for (const { id } of await chrome.tabs.query({ url: 'http://127.0.0.1/*' }))
          await chrome.scripting.executeScript({ target: { tabId: id }, files: ['/overlay.js'] });
      });
      await waitForRole(page, 'button', 'Offboard User');
    }
    await pause(300);
    assert.deepEqual(await left(page), first);
    // The connection is removed while two of its pages are open: the last life in each ends as well.
    const list = await other.open(`${sandbox.url}/settings/users`, cookie);
    await list.waitForSelector(`#active-${pauper}`);
    await until('the script is in the list', async () => (await left(list)).ours > 10);
    const pages = [page, list];
    const own = await Promise.all(pages.map(pageNodes));
    const options = await other.browser.newPage();
    await options.goto(`chrome-extension://${other.extensionId}/options.html`);
    await click(options, 'button', 'Remove Acme Success');
    await see(options, 'Nothing changes in the workspace itself.');
    await pause(450);
    await click(options, 'button', 'Remove connection');
    await see(options, 'No workspace is connected in this browser.');
    for (const [index, each] of pages.entries()) {
      await until('all listeners go', async () => (await left(each)).ours === 0);
      const rest = await left(each);
      context.diagnostic(JSON.stringify({ alive: first, afterRemoval: rest }));
      assert.equal(rest.nodes, own[index], 'Only what the page itself has drawn is left.');
    }
    // And nothing stands in anybody's way any more.
    await page.bringToFront();
    await page.click('#set-inactive');
    await until(
      'the page asks',
      async () => (await count(page, 'heading', /^Set Dana Ruiz inactive\?$/)) === 1,
    );
  } finally {
    await other.close();
  }
});
