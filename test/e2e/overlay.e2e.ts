import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import type { Page } from 'puppeteer-core';
import { buildWeb } from '../sandbox/build-web.ts';
import { type Sandbox, startSandbox } from '../sandbox/server.ts';
import { clickRole, findByRole, waitForRole } from './accessibility.ts';
import { type Chromium, launchChromium } from './chromium.ts';
import { bypasses, count, listenToClicks, pause, registerRun, unread, until } from './overlay-tools.ts';

/** Dana owns 295 items, Ola owns nothing, mem_38 is inactive and owns some; mem_01 is the admin at the keyboard. */
const owner = 'mem_03';
const pauper = 'mem_40';
const gone = 'mem_38';

let chromium: Chromium;
let sandbox: Sandbox;
before(async () => {
  await buildWeb();
  sandbox = await startSandbox({ control: true });
  chromium = await launchChromium();
});
afterEach(async () => {
  sandbox.faults.clear();
  for (const page of await chromium.browser.pages())
    if (page.url().startsWith(sandbox.url)) await page.close();
});
after(async () => {
  await chromium?.close();
  await sandbox?.close();
});

const open = (path: string, member = 'mem_01'): Promise<Page> =>
  chromium.open(`${sandbox.url}${path}`, sandbox.session(member).cookie);
const isActive = (member: string): boolean =>
  sandbox.database.get<{ active: number }>('SELECT active FROM member WHERE id = ?', member)?.active === 1;
const activate = (member: string): void => void sandbox.context.setActive(member, true);
const patches = (): number =>
  sandbox.faults.state.find(({ rule }) => rule.match?.method === 'PATCH')?.matched ?? 0;
/** Counts the application's own calls, and lets them pass. */
const countPatches = (): void =>
  sandbox.faults.add([
    { match: { method: 'PATCH', path: '/app/users/', nth: 1_000_000 }, fault: { kind: 'hang' } },
  ]);
const switchOf = (member: string): string => `#active-${member}`;
/** The page's own question, in its own words. */
const asks = (page: Page): Promise<number> => count(page, 'heading', /^Set .* inactive\?$/);
/** Our button; a draft that another test left makes it say Resume. */
const ours = /^(Offboard User|Resume Offboarding)$/;
const ready = (page: Page): Promise<unknown> => waitForRole(page, 'button', ours);

test('W1.4 in the list, by mouse: the modal counts, and Cancel leaves everything as it was', async () => {
  countPatches();
  const page = await open('/settings/users');
  await page.waitForSelector(switchOf(owner));
  await pause(300);
  const heard = await listenToClicks(page, switchOf(owner));
  await page.click(switchOf(owner));
  await waitForRole(page, 'heading', 'Dana Ruiz still owns 295 items.');
  for (const words of ['Customers by CSM', 'Open tasks', /API tokens keep working/])
    assert.ok((await count(page, 'StaticText', words)) > 0, `The modal does not say ${words}.`);
  await clickRole(page, 'button', 'Cancel');
  await until('the modal goes', async () => (await count(page, 'button', 'Cancel')) === 0);
  assert.deepEqual(await heard(), []);
  assert.equal(await asks(page), 0);
  assert.equal(patches(), 0);
  assert.ok(isActive(owner));
  assert.equal(await page.evaluate(() => document.activeElement?.id), `active-${owner}`);
});

/** Presses "Deactivate anyway" in the modal that stands there, and confirms it. */
async function insist(page: Page, second: string | RegExp): Promise<void> {
  await waitForRole(page, 'button', 'Deactivate anyway');
  await pause(450);
  await clickRole(page, 'button', 'Deactivate anyway');
  await waitForRole(page, 'heading', second);
  await pause(450);
  await clickRole(page, 'button', /^Deactivate .+ anyway$/);
}

test('W1.4 "Deactivate anyway" asks twice, is recorded, and lets the page act once, as it would without us', async () => {
  // The application's own call fails the first time.
  const refusal = 'Dana Ruiz is being synchronised.';
  sandbox.faults.add([
    {
      match: { method: 'PATCH', path: '/app/users/', times: 1 },
      fault: { kind: 'status', status: 409, detail: refusal },
    },
  ]);
  const page = await open('/settings/users');
  await page.waitForSelector(switchOf(owner));
  await pause(300);
  const heard = await listenToClicks(page, switchOf(owner));
  const switched = await page.evaluateHandle((selector) => {
    const states: (string | null)[] = [];
    const place = document.querySelector(selector);
    const note = (): void => void states.push(place?.getAttribute('aria-checked') ?? null);
    if (place) new MutationObserver(note).observe(place, { attributeFilter: ['aria-checked'] });
    return states;
  }, switchOf(owner));
  await page.click(switchOf(owner));
  await insist(page, 'Leave 295 items with an inactive owner?');
  await until('the page asks', async () => (await asks(page)) === 1);
  assert.deepEqual(await heard(), [false]);
  await clickRole(page, 'button', 'Deactivate');
  await until('the page says why not', async () => (await count(page, 'StaticText', refusal)) === 1);
  assert.deepEqual(await switched.jsonValue(), ['false', 'true'], 'It was switched at once, and taken back.');
  assert.ok(isActive(owner));
  assert.equal(patches(), 1);

  await page.click(switchOf(owner));
  await insist(page, 'Leave 295 items with an inactive owner?');
  await until('the page asks', async () => (await asks(page)) === 1);
  await clickRole(page, 'button', 'Deactivate');
  await until('Dana is inactive', () => !isActive(owner));
  assert.deepEqual(await heard(), [false, false]);
  assert.equal(patches(), 2);
  const record = await bypasses(chromium);
  assert.equal(record.length, 2);
  const [{ data, at }] = record as [
    { data: { member: string; name: string; by: { id: string }; counts: object }; at: string },
  ];
  assert.equal(data.member, owner);
  assert.equal(data.name, 'Dana Ruiz');
  assert.equal(data.by.id, 'mem_01');
  assert.equal(
    Object.values(data.counts).reduce((sum: number, each: number) => sum + each, 0),
    295,
  );
  assert.ok(Math.abs(Date.now() - Date.parse(at)) < 60_000);
  activate(owner);
});

test('W1.4 a double click reaches no dangerous button, and opens one modal', async () => {
  const page = await open(`/settings/users/${owner}`);
  await ready(page);
  const { x, y } = await waitForRole(page, 'button', 'Set inactive');
  await page.mouse.click(x, y, { count: 2 });
  const anyway = await waitForRole(page, 'button', 'Deactivate anyway');
  await page.mouse.click(anyway.x, anyway.y, { count: 2 });
  await pause(100);
  assert.equal(await count(page, 'button', 'Deactivate anyway'), 1, 'It was armed at once.');
  assert.equal(await asks(page), 0);
});

for (const key of ['Enter', 'Space'] as const)
  test(`W1.4 on the member's page, by keyboard (${key}): held for who owns something, and the wizard opens`, async () => {
    const page = await open(`/settings/users/${owner}`);
    await ready(page);
    await page.focus('#set-inactive');
    await page.keyboard.press(key);
    await waitForRole(page, 'heading', 'Dana Ruiz still owns 295 items.');
    assert.equal(await asks(page), 0);
    await page.keyboard.press('Enter');
    const panel = await chromium.panel();
    await panel.waitForFunction(() => document.body.innerText.includes('Dana Ruiz'), { timeout: 15_000 });
    assert.equal(await count(page, 'button', 'Deactivate anyway'), 0);
    assert.ok(isActive(owner));
    await panel.close().catch(() => {});
  });

test('W1.4 who owns nothing: the page hears the genuine event, once, without a modal', async () => {
  countPatches();
  const page = await open('/settings/users');
  await page.waitForSelector(switchOf(pauper));
  await pause(300);
  const heard = await listenToClicks(page, switchOf(pauper));
  await page.hover(switchOf(pauper));
  await pause(250);
  await page.click(switchOf(pauper));
  await until('the page asks', async () => (await asks(page)) === 1);
  assert.deepEqual(await heard(), [true]);
  await clickRole(page, 'button', 'Deactivate');
  await until('it is done', () => !isActive(pauper));
  assert.equal(patches(), 1);
  activate(pauper);
});

for (const key of ['Enter', 'Space'] as const)
  test(`W1.4 who owns nothing, by keyboard (${key}), with an answer that comes late: the page acts once`, async () => {
    sandbox.faults.add([{ match: { path: '/categories' }, fault: { kind: 'slow', milliseconds: 700 } }]);
    const page = await open(`/settings/users/${pauper}`);
    await ready(page);
    const heard = await listenToClicks(page, '#set-inactive');
    await page.focus('#set-inactive');
    await page.keyboard.press(key);
    await waitForRole(page, 'button', 'Cancel');
    assert.equal(await count(page, 'StaticText', /^Checking what .* owns…$/), 1);
    await page.keyboard.press(key);
    await until('the page asks', async () => (await asks(page)) === 1);
    await pause(300);
    assert.deepEqual(await heard(), [false]);
  });

test('W1.4 a check that takes long says so after 150 ms and can be called off', async () => {
  sandbox.faults.add([{ match: { path: '/categories' }, fault: { kind: 'slow', milliseconds: 1_500 } }]);
  const page = await open('/settings/users');
  await page.waitForSelector(switchOf(pauper));
  await pause(300);
  await page.click(switchOf(pauper));
  await clickRole(page, 'button', 'Cancel');
  await pause(1_800);
  assert.equal(await asks(page), 0);
  assert.equal(await count(page, 'button', 'Cancel'), 0);
  assert.ok(isActive(pauper));
});

test('W1.4 no answer within 3 s: the modal says so; Retry checks again, and what is deactivated anyway is recorded', async () => {
  sandbox.faults.add([{ match: { path: '/categories' }, fault: { kind: 'hang' } }]);
  const page = await open('/settings/users');
  await page.waitForSelector(switchOf(pauper));
  await pause(300);
  const from = Date.now();
  await page.click(switchOf(pauper));
  await waitForRole(page, 'heading', /^We could not check what .* owns\.$/);
  const took = Date.now() - from;
  assert.ok(took > 2_500 && took < 4_500, `It took ${took} ms.`);
  assert.ok((await count(page, 'StaticText', /no answer within 3 seconds/)) > 0);
  const before = (await bypasses(chromium)).length;
  await page.bringToFront();
  await insist(page, /^Deactivate .+ without a check\?$/);
  await until('the page asks', async () => (await asks(page)) === 1);
  const record = (await bypasses(chromium)) as { data: { member: string; counts: unknown } }[];
  assert.equal(record.length, before + 1);
  assert.deepEqual([record.at(-1)?.data.member, record.at(-1)?.data.counts], [pauper, null]);
  await page.bringToFront();
  await page.keyboard.press('Escape');
  await until('the question goes', async () => (await asks(page)) === 0);
  assert.ok(isActive(pauper));

  await page.click(switchOf(pauper));
  await waitForRole(page, 'heading', /^We could not check what .* owns\.$/);
  sandbox.faults.clear();
  await clickRole(page, 'button', 'Retry');
  await until('the page asks', async () => (await asks(page)) === 1);
});

test('W1.4 signed out: the modal says so, and nothing passes', async () => {
  const page = await open(`/settings/users/${owner}`);
  await ready(page);
  sandbox.faults.add([{ match: { path: '/categories' }, fault: { kind: 'status', status: 401 } }]);
  await clickRole(page, 'button', 'Set inactive');
  await waitForRole(page, 'heading', 'We could not check what Dana Ruiz owns.');
  assert.ok((await count(page, 'StaticText', /Your session has ended/)) > 0);
  await page.keyboard.press('Escape');
  await until('the modal goes', async () => (await count(page, 'button', 'Retry')) === 0);
  assert.equal(await asks(page), 0);
});

test('W1.4 a category that cannot be read is named; it does not count as nothing', async () => {
  sandbox.faults.add([
    { match: { path: '/categories' }, fault: { kind: 'answer', body: JSON.stringify(unread(pauper)) } },
  ]);
  const page = await open(`/settings/users/${pauper}`);
  await ready(page);
  await clickRole(page, 'button', 'Set inactive');
  await waitForRole(page, 'heading', /^We could not check everything that .* owns\.$/);
  assert.equal(await count(page, 'StaticText', 'Could not be checked'), 1);
  assert.equal(await asks(page), 0);
});

test('W1.4 setting active is not touched', async () => {
  const page = await open('/settings/users?status=inactive');
  await page.waitForSelector(switchOf(gone));
  await pause(300);
  const heard = await listenToClicks(page, switchOf(gone));
  await page.click(switchOf(gone));
  await until('it is done', () => isActive(gone));
  assert.deepEqual(await heard(), [true]);
  sandbox.context.setActive(gone, false);
});

test('W1.2 on one’s own row there is a warning and no wizard, and no button on one’s own page', async () => {
  const page = await open('/settings/users');
  await page.waitForSelector(switchOf('mem_01'));
  await pause(300);
  await page.click(switchOf('mem_01'));
  await waitForRole(page, 'button', 'Deactivate anyway');
  assert.equal(await count(page, 'button', 'Open the wizard'), 0);
  assert.ok((await count(page, 'StaticText', /Nobody can offboard themselves/)) > 0);
  const own = await open('/settings/users/mem_01');
  await own.waitForSelector('#set-inactive');
  await pause(700);
  assert.equal(await count(own, 'button', 'Offboard User'), 0);
});

test('W1.3 who is no admin sees nothing of ours', async () => {
  const page = await open(`/settings/users/${owner}`, owner);
  await page.waitForSelector('#set-inactive');
  await pause(700);
  assert.equal(await count(page, 'button', /Offboard/), 0);
});

test('W1.4 found afterwards: inactive outside the wizard and still an owner; the link opens the wizard', async () => {
  const page = await open(`/settings/users/${gone}`);
  await until(
    'the banner',
    async () => (await count(page, 'StaticText', /outside the wizard and still owns \d+/)) === 1,
  );
  await clickRole(page, 'button', 'Open the wizard');
  await chromium.panel();
});

test('W1.4 found afterwards: at once when it happened on this page', async () => {
  const page = await open(`/settings/users/${owner}`);
  await ready(page);
  await clickRole(page, 'button', 'Set inactive');
  await waitForRole(page, 'button', 'Deactivate anyway');
  await pause(450);
  await clickRole(page, 'button', 'Deactivate anyway');
  await waitForRole(page, 'button', 'Back');
  await pause(450);
  await clickRole(page, 'button', 'Deactivate Dana Ruiz anyway');
  await clickRole(page, 'button', 'Deactivate');
  await until(
    'the banner',
    async () => (await count(page, 'StaticText', /outside the wizard and still owns 295/)) === 1,
  );
  activate(owner);
});

test('W1.5 and W1.6 the button resumes, the banner leads to the review, whatever browser the run was started in', async () => {
  const page = await open('/settings/users/mem_05');
  await waitForRole(page, 'button', 'Offboard User');
  registerRun(sandbox, 'run-elsewhere', 'mem_05', 'executing', true);
  await page.reload();
  await waitForRole(page, 'button', 'Resume Offboarding');
  assert.equal(await count(page, 'button', 'Review'), 0);
  registerRun(sandbox, 'run-elsewhere', 'mem_05', 'partial', false);
  await page.reload();
  await waitForRole(page, 'button', 'Offboard User');
  await waitForRole(page, 'button', 'Review');
  assert.equal(await count(page, 'StaticText', /7 of 10 items moved, 3 did not/), 1);
  await clickRole(page, 'button', 'Review');
  const wizard = await chromium.browser.waitForTarget((target) => target.url().includes('run=run-elsewhere'));
  await (await wizard.page())?.close();
  registerRun(sandbox, 'run-elsewhere', 'mem_05', 'failed', false);
  await page.reload();
  await until(
    'the banner',
    async () => (await count(page, 'StaticText', /^The offboarding of .* failed/)) === 1,
  );
  registerRun(sandbox, 'run-elsewhere', 'mem_05', 'succeeded', false);
  await page.reload();
  await waitForRole(page, 'button', 'Offboard User');
  await pause(700);
  assert.equal(await count(page, 'button', 'Review'), 0);
});

test('W1.8 several tabs: each has its own, about its own member', async () => {
  const members = [owner, 'mem_06'];
  const pages = await Promise.all(members.map((member) => open(`/settings/users/${member}`)));
  for (const page of pages) {
    await page.bringToFront();
    await ready(page);
  }
  for (const page of pages) assert.equal((await findByRole(page, 'button', ours)).length, 1);
  // The last first: what one tab asks and is told changes nothing in the other.
  for (const page of pages.toReversed()) {
    await page.bringToFront();
    const name = await page.$eval('main h1', (heading) => heading.textContent);
    await clickRole(page, 'button', 'Set inactive');
    await until(
      'the modal names them',
      async () => (await count(page, 'heading', new RegExp(`^${name} still owns \\d+ items`))) === 1,
    );
  }
  for (const page of pages) assert.equal(await count(page, 'button', 'Deactivate anyway'), 1);
});
