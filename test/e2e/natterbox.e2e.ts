import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ElementHandle, Frame, Page } from 'puppeteer-core';
import { licenceFields } from '../sandbox/natterbox/metadata.ts';
import { natterboxUserId, people, salesforceUserId } from '../sandbox/natterbox/seed.ts';
import { type NatterboxSandbox, startNatterboxSandbox } from '../sandbox/natterbox/server.ts';
import { type HttpsFront, startHttpsFront } from '../tools/https-front.ts';
import { type Chromium, launchChromium } from './chromium.ts';
import { pause, until } from './overlay-tools.ts';
import { acknowledgeAll, click, goOn, see, start } from './wizard-steps.ts';

/** A Natterbox org on its real host names: users are deactivated from their row, from their page, and not at all. */

const lightning = 'https://acme.lightning.force.com';
const usersTab = `${lightning}/lightning/o/nbavs__User__c/list`;
const userPage = (number: number): string =>
  `${lightning}/lightning/r/nbavs__User__c/${natterboxUserId(number)}/view`;

let org: NatterboxSandbox;
let front: HttpsFront;
let chromium: Chromium;
let page: Page;

before(async () => {
  org = await startNatterboxSandbox();
  front = await startHttpsFront({
    '*.my.salesforce.com': org.url,
    '*.lightning.force.com': org.url,
    '*.vf.force.com': org.url,
  });
  chromium = await launchChromium({ args: front.chromium });
  page = await chromium.browser.newPage();
  await page.goto(usersTab);
  await page.select('select[name=user]', salesforceUserId(people.admin));
  await Promise.all([page.waitForNavigation(), page.click('button.main')]);
});
after(async () => {
  await chromium?.close();
  await front?.close();
  await org?.close();
});

/** The package's own page, in its frame on the Visualforce host. */
async function frameOf(path: string): Promise<Frame> {
  return page.waitForFrame((each) => each.url().startsWith(`https://acme--nbavs.vf.force.com/apex/${path}`), {
    timeout: 15_000,
  });
}

/** Something with this role and name in the frame, in a closed root of ours too. */
const inFrame = (frame: Frame, role: string, name: string): Promise<ElementHandle | null> =>
  frame.waitForSelector(`::-p-aria([name="${name}"][role="${role}"])`, { timeout: 15_000 });

interface Left {
  enabled: number;
  profile: string | null;
  groups: number;
  licences: string[];
}

/** What the org keeps of a user. */
function leftOf(number: number): Left {
  const id = natterboxUserId(number);
  const row = org.database.get<Record<string, string | number | null>>(
    'SELECT * FROM "nbavs__User__c" WHERE "Id" = ?',
    id,
  );
  assert.ok(row, `user ${number} is never deleted`);
  const groups = org.database.get<{ n: number }>(
    'SELECT count(*) AS n FROM "nbavs__GroupMember__c" WHERE "nbavs__User__c" = ?',
    id,
  );
  return {
    enabled: Number(row.nbavs__Enabled__c),
    profile: row.nbavs__AvailabilityProfile__c as string | null,
    groups: groups?.n ?? 0,
    licences: licenceFields.map(({ name }) => name).filter((name) => row[name] === 1),
  };
}
/** The name of a user, as the org has it. */
const leftName = (number: number): string =>
  org.database.get<{ Name: string }>(
    'SELECT "Name" FROM "nbavs__User__c" WHERE "Id" = ?',
    natterboxUserId(number),
  )?.Name ?? '';

const nothing: Left = { enabled: 0, profile: null, groups: 0, licences: [] };

/** Ours in the row of a user: a closed root, last in the first cell. */
const oursIn = (frame: Frame, number: number): Promise<ElementHandle | null> =>
  frame.waitForSelector(`tr[data-id="${natterboxUserId(number)}"] td:first-child > div:last-child`, {
    timeout: 15_000,
  });

/**
 * Presses ours until the panel is about whom it is for. A press sooner than the browser has told that the button can be
 * seen counts for nothing, and what is said of it then stays for six seconds.
 */
async function press(button: ElementHandle | null, name: string): Promise<Page> {
  let panel: Page | undefined;
  await until(
    `the wizard for ${name}`,
    async () => {
      await button?.scrollIntoView().catch(() => {});
      await pause(300);
      await button?.click().catch(() => {});
      panel = await chromium.panel();
      return see(panel, name, 7_000).then(
        () => true,
        () => false,
      );
    },
    30_000,
  );
  assert.ok(panel);
  return panel;
}

/** Ticks what has to be seen, and nothing that the run would do besides. */
async function tickSeen(panel: Page): Promise<void> {
  await see(panel, 'Future impact');
  for (const label of await panel.$$('main label')) {
    if (!/^I have seen/.test((await label.evaluate((each) => each.textContent)) ?? '')) continue;
    await label.evaluate((each) => each.scrollIntoView({ block: 'center' }));
    await label.click();
  }
}

const version = (minor: number): void => {
  org.org.settings.packageVersion = { major: 1, minor };
};

test('issue 5 N1 N3 N4: from the row, by the package’s own link: asked first, then step by step', async () => {
  version(252);
  await page.goto(usersTab);
  const frame = await frameOf('users');
  assert.equal(
    (await frame.$$('td:first-child > div')).length,
    0,
    'where the package has its own controls, ours stay away',
  );
  const row = await frame.waitForSelector(
    `tr[data-id="${natterboxUserId(people.leaver)}"] a[href*="deactivate"]`,
  );
  await row?.click();
  await inFrame(frame, 'heading', 'Dana Ruiz still has 22 entries here.');
  await (await inFrame(frame, 'button', 'Open the wizard'))?.click();
  const panel = await chromium.panel();
  await see(panel, /Scanned (just now|\d)/);
  await see(panel, 'Night Desk');
  await see(panel, 'version 1.252');
  await click(panel, 'button', 'Continue');
  // Nothing is handed to anybody: no step asks who receives it. All that can be ticked is done by the run.
  await acknowledgeAll(panel);
  await goOn(panel);
  await see(panel, 'Before Start');
  // What is not a matter of ticks is said once more before anything is written.
  for (const note of [
    'That they have reached the Natterbox service itself cannot be read from there',
    'The user is deactivated, never deleted',
    'One group has no other active member: Night Desk.',
    'The installed Natterbox package is version 1.252.',
  ])
    await see(panel, note);
  await start(panel);
  await see(panel, /Dana Ruiz is (inactive|deactivated)/, 60_000);
  assert.deepEqual(leftOf(people.leaver), nothing);
  const id = natterboxUserId(people.leaver);
  const left = (sql: string): number => org.database.get<{ n: number }>(sql, id)?.n ?? -1;
  assert.equal(left('SELECT count(*) AS n FROM "nbavs__PhoneNumber__c" WHERE "nbavs__User__c" = ?'), 0);
  assert.equal(
    left('SELECT count(*) AS n FROM "nbavs__DeviceMapping__c" WHERE "nbavs__User__c" = ?'),
    1,
    'the webphone is nobody’s concern',
  );
});

test('issue 5 N4: from the user’s page, in its frame: by the package’s own button, by ours where it has none', async () => {
  version(252);
  await page.goto(userPage(people.otherColleague));
  const guarded = await frameOf('useredit');
  await (await guarded.waitForSelector('.pbButton a[href*="deactivate"]'))?.click();
  const wizard = await press(
    await inFrame(guarded, 'button', 'Open the wizard'),
    `${leftName(people.otherColleague)}\n`,
  );
  await see(wizard, /Scanned (just now|\d)/);
  assert.equal((await guarded.$$('.pbButton > div')).length, 0, 'ours stays away here too');
  assert.match(guarded.url(), /useredit/, 'the page has heard of nothing');
  assert.equal(leftOf(people.otherColleague).enabled, 1);

  version(240);
  await page.goto(userPage(people.colleague));
  const frame = await frameOf('useredit');
  const button = await frame.waitForSelector('.pbButton > div', { timeout: 15_000 });
  assert.equal((await frame.$$('.pbButton > div')).length, 1);
  const name = leftName(people.colleague);
  const panel = await press(button, `${name}\n`);
  await see(panel, /Scanned (just now|\d)/);
  await click(panel, 'button', 'Continue');
  await tickSeen(panel);
  await goOn(panel);
  await see(panel, 'Before Start');
  await start(panel);
  await see(panel, new RegExp(`${name} is (inactive|deactivated)`), 60_000);
  assert.deepEqual(leftOf(people.colleague), nothing);
  // What was seen and not ticked stays.
  const user = org.database.get<{ CallCenterId: string | null }>(
    'SELECT "CallCenterId" FROM "User" WHERE "Id" = ?',
    salesforceUserId(people.colleague),
  );
  assert.ok(user?.CallCenterId);
  await page.goto(userPage(people.admin));
  const self = await frameOf('useredit');
  await self.waitForSelector('.pbButton');
  await until('it was looked at', async () => (await self.$$('.pbButton > div')).length === 0);
});

test('issue 5 N2: two who are blocked, with the reason and the remedy, and nothing is written', async () => {
  version(240);
  await page.goto(usersTab);
  const frame = await frameOf('users');
  const before = org.writes();
  for (const [number, reason, remedy] of [
    [
      people.inactiveSalesforceUser,
      /The linked Salesforce user .+ is inactive/,
      'offboard in Natterbox first',
    ],
    [people.noSalesforceUser, /is linked to no Salesforce user/, 'Link them to an active Salesforce user'],
  ] as const) {
    const had = leftOf(number);
    const panel = await press(await oursIn(frame, number), leftName(number));
    await see(panel, reason);
    await see(panel, remedy);
    const refused = await panel.$$eval('button', (all) =>
      all.some(
        (each) =>
          each.textContent === 'Continue' && each.getAttribute('aria-disabled') !== 'true' && !each.disabled,
      ),
    );
    assert.equal(refused, false, 'there is no way on');
    assert.deepEqual(leftOf(number), had);
  }
  assert.equal(org.writes(), before);
});

const choiceTab = () =>
  chromium.browser.targets().find((each) => each.url().includes('/sidepanel.html?bulk'));

/** Presses until it was heard: a press before the button could be seen, or so soon that nobody can have read it, counts for nothing. */
async function pressUntil(
  what: string,
  button: ElementHandle | null,
  heard: () => boolean | Promise<boolean>,
) {
  await until(
    what,
    async () => {
      // In a tab behind another one nothing can be pressed.
      await page.bringToFront();
      await button?.click().catch(() => {});
      return until(what, heard, 1_500).then(
        () => true,
        () => false,
      );
    },
    15_000,
  );
}

/** The choice of several users, in the tab that has opened for it; closes it again. */
async function seeChoice(): Promise<void> {
  const tab = await choiceTab()?.asPage();
  assert.ok(tab);
  await see(tab, 'Deactivate Users');
  await see(tab, 'Paste a list');
  // The tab knows whose page led to it.
  assert.equal(
    new URL(tab.url()).searchParams.get('user')?.slice(0, 15),
    salesforceUserId(people.admin).slice(0, 15),
  );
  await tab.close();
  await page.bringToFront();
}

test('issue 5 N4 N5: several at once from the Natterbox Users tab: by ours, or asked at the package’s own', async () => {
  version(240);
  await page.goto(usersTab);
  const plain = await frameOf('users');
  const ours = await plain.waitForSelector('.pbButton > div', { timeout: 15_000 });
  await pressUntil('the choice of several users', ours, () => choiceTab() !== undefined);
  await seeChoice();

  version(252);
  await page.goto(usersTab);
  const frame = await frameOf('users');
  const native = await frame.waitForSelector('.pbButton a[href*="deactivateusers"]');
  /** Uses the package's own control, and answers the question. */
  const answer = async (name: string, heard: () => boolean | Promise<boolean>): Promise<void> => {
    await native?.click();
    await inFrame(frame, 'heading', 'Deactivate several users?');
    await pressUntil(`“${name}” is heard`, await inFrame(frame, 'button', name), heard);
  };
  await answer('Cancel', async () => (await frame.$('::-p-aria([name="Cancel"][role="button"])')) === null);
  assert.equal((await frame.$$('.pbButton > div')).length, 0, 'ours stays away');
  assert.match(frame.url(), /\/apex\/users$/, 'the page has heard of nothing');
  await answer('Open the wizard', () => choiceTab() !== undefined);
  await seeChoice();
  assert.match(frame.url(), /\/apex\/users$/);
  const isOwn = (each: Frame): boolean => each.url().endsWith('/apex/deactivateusers');
  await answer('Use this page’s own', () => page.frames().some(isOwn));
});

test('issue 5: "Login As": a page of somebody else’s session opens nothing', async () => {
  version(240);
  await page.goto(usersTab);
  const frame = await frameOf('users');
  const button = await oursIn(frame, 9);
  await chromium.browser.setCookie({
    name: 'sid',
    value: encodeURIComponent(org.session(people.otherAdmin, 'api')),
    domain: 'acme.my.salesforce.com',
    path: '/',
    httpOnly: true,
    secure: true,
    sameSite: 'None',
  });
  const panel = await press(button, 'This page belongs to somebody else.');
  await see(panel, 'Log out as the other user and reload the page');
});
