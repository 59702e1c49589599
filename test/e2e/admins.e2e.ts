import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { Page } from 'puppeteer-core';
import { expectAccessible } from './axe.ts';
import { type Chromium, launchChromium } from './chromium.ts';
import { registerRun } from './overlay-tools.ts';
import { click, clickArmed, offboard, passScan, planFor, see, start } from './wizard-steps.ts';
import { dana, leftOver, priya, startWorkspace, type Workspace } from './workspace.ts';

/** Two admins, each in a browser of their own: Priya Shah and Alex Chen. */

const alex = 'mem_02';
const success = 'Dana Ruiz is inactive and owns nothing we can read.';

let workspace: Workspace;
let folder: string;
const browsers: Chromium[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'offboarding-admins-'));
});
afterEach(async () => {
  for (const browser of browsers.splice(0)) await browser.close();
  await workspace.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function browserOf(name: string): Promise<Chromium> {
  const browser = await launchChromium({ profile: join(folder, name) });
  browsers.push(browser);
  return browser;
}

/** Dana's page, signed in as this admin. */
const danaFor = (browser: Chromium, admin: string): Promise<Page> =>
  browser.open(workspace.memberPage(dana), workspace.cookie(admin));

const slowly = (milliseconds: number): void =>
  workspace.faults([
    { match: { path: '/reassignments' }, fault: { kind: 'slow', milliseconds, when: 'after' } },
  ]);

async function registry(): Promise<{ id: string; by: { name: string }; fence: number; open: boolean }[]> {
  const { url } = workspace.sandbox;
  const { api } = (await (await fetch(`${url}/.well-known/offboarding`)).json()).urls;
  const answer = await fetch(`${api}/runs?leaver=${dana}`, { headers: { cookie: workspace.cookie(priya) } });
  return (await answer.json()).runs;
}

const buttons = (page: Page): Promise<string[]> =>
  page.$$eval('button', (all) => all.map((button) => button.textContent?.trim() ?? ''));
const numberOf = async (page: Page): Promise<number> => {
  const shown = await page.evaluate(() => document.body.innerText);
  return Number(/(\d+) of 280/.exec(shown)?.[1] ?? -1);
};
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test('W6.3 the worker dies with the panel open: updates go on within 3 s and return to live', async () => {
  workspace = await startWorkspace();
  const browser = await browserOf('priya');
  const panel = await offboard(browser, await danaFor(browser, priya));
  await planFor(panel, 'Tom Okafor');
  // Slow enough that both kills come in the middle.
  slowly(900);
  await start(panel);
  await see(panel, 'Live');
  for (let kills = 0; kills < 2; kills += 1) {
    await pause(700);
    const before = await numberOf(panel);
    const killedAt = Date.now();
    await browser.killWorker();
    await panel.waitForFunction(
      (known) => Number(/(\d+) of 280/.exec(document.body.innerText)?.[1] ?? -1) > known,
      { timeout: 15_000, polling: 50 },
      before,
    );
    const took = Date.now() - killedAt;
    assert.ok(took < 3_000, `the screen went on after ${took} ms`);
    await see(panel, /\bLive\b/, 5_000);
  }
  await see(panel, success, 90_000);
});

test('W6.3 the workspace’s event stream drops while a run is watched: updates go on within 3 s and return to live', async () => {
  workspace = await startWorkspace();
  const { sandbox } = workspace;
  registerRun(sandbox, 'run-elsewhere', dana, 'executing', true, 1);
  const browser = await browserOf('priya');
  const watching = await offboard(browser, await danaFor(browser, priya), 'Resume Offboarding');
  const isLive = (patience: number) =>
    watching.waitForFunction(() => document.querySelector('main .ow-chip')?.textContent === 'Live', {
      timeout: patience,
    });
  await isLive(20_000);
  await see(watching, '4 of 10');
  // Told by the stream: long before anybody would ask.
  registerRun(sandbox, 'run-elsewhere', dana, 'executing', true, 2);
  sandbox.events.emit({ type: 'run', run: 'run-elsewhere' });
  await see(watching, '5 of 10', 1_500);

  sandbox.events.cut(4_000);
  await see(watching, 'Checking every 2 s', 3_000);
  for (const moved of [3, 4]) {
    registerRun(sandbox, 'run-elsewhere', dana, 'executing', true, moved);
    await see(watching, `${moved + 3} of 10`, 3_000);
  }
  await isLive(20_000);
  registerRun(sandbox, 'run-elsewhere', dana, 'executing', true, 6);
  sandbox.events.emit({ type: 'run', run: 'run-elsewhere' });
  await see(watching, '9 of 10', 1_500);
});

test('W7.2 a second admin sees the run in the other browser live, and can change nothing', async () => {
  workspace = await startWorkspace();
  const [first, second] = [await browserOf('alex'), await browserOf('priya')];
  const running = await offboard(first, await danaFor(first, alex));
  await planFor(running, 'Tom Okafor');
  slowly(900);
  await start(running);
  await see(running, 'Steps');

  const watching = await offboard(second, await danaFor(second, priya), 'Resume Offboarding');
  await see(watching, 'Alex Chen is running this. You are watching; nothing here can be changed.');
  await see(watching, 'Last sign of life');
  await see(watching, 'Customers by CSM');
  const shown = await buttons(watching);
  for (const name of ['Pause', 'Continue', 'End here', 'Take over', 'Discard draft'])
    assert.ok(!shown.includes(name), `no button ${name} for who watches`);
  await expectAccessible(watching, 'the run that is watched');
  const early = await numberOf(watching);
  assert.ok(early >= 0 && early < 280, `it is watched in the middle (${early})`);
  await see(watching, 'The run of Alex Chen has ended: Success.', 120_000);
  await see(running, success, 10_000);
  assert.equal((await registry()).length, 1);
  const { writes } = await workspace.writes();
  assert.deepEqual([...new Set(writes.map(({ actor }) => actor))], [alex]);
});

test('W7.2 R2 the executing browser is gone: its run is taken over, and finds itself superseded when it comes back', async () => {
  workspace = await startWorkspace({ lease: 5_000 });
  const first = await browserOf('alex');
  const second = await browserOf('priya');
  const running = await offboard(first, await danaFor(first, alex));
  await planFor(running, 'Tom Okafor');
  slowly(700);
  await start(running);
  await see(running, 'Steps');
  await pause(2_500);
  await first.kill();
  const before = (await workspace.writes()).total;
  assert.ok(before > 0 && before < 280, `it was in the middle (${before})`);

  const watching = await offboard(second, await danaFor(second, priya), 'Resume Offboarding');
  await see(watching, /No sign of Alex Chen’s browser for \d+ min/, 20_000);
  await click(watching, 'button', 'Take over');
  await clickArmed(watching, 'Take over and go on');
  await see(watching, success, 120_000);
  assert.deepEqual(leftOver(await workspace.owned(dana)), []);
  const writes = await workspace.writes();
  assert.equal(writes.doubled, 0);
  assert.equal(writes.total, 280 + 1);
  assert.deepEqual(new Set(writes.writes.map(({ actor }) => actor)), new Set([alex, priya]));
  await see(watching, /had left Dana Ruiz before this browser took the run over/);
  // What the other browser moved without a word counts too.
  await see(watching, '280 of 280');
  const [run] = await registry();
  assert.equal(run?.by.name, 'Priya Shah');
  assert.equal(run?.fence, 2);

  const back = await browserOf('alex');
  await danaFor(back, alex);
  const tab = await back.openWizardTab(`?run=${run?.id}`);
  await see(tab, 'Somebody else took this run over.', 60_000);
  await click(tab, 'button', 'Watch the run');
  await see(tab, 'The run of Priya Shah has ended: Success.');
  assert.equal((await workspace.writes()).total, 280 + 1);
});

test('W7.2 W7.1 two starts at once leave one draft; the other admin sees it and, confirmed, discards it', async () => {
  workspace = await startWorkspace();
  const [first, second] = [await browserOf('alex'), await browserOf('priya')];
  const pages = await Promise.all([danaFor(first, alex), danaFor(second, priya)]);
  // Whoever is the later of the two may be told already that there is a run to resume.
  const either = /^(Offboard User|Resume Offboarding)$/;
  const panels = await Promise.all([offboard(first, pages[0], either), offboard(second, pages[1], either)]);
  const words = await Promise.all(
    panels.map(async (panel) => {
      await see(panel, /You are watching|Scanned (just now|\d)/);
      return panel.evaluate(() => document.body.innerText);
    }),
  );
  const watchers = words.filter((shown) => shown.includes('You are watching'));
  assert.equal(watchers.length, 1, 'one of the two watches the other');
  assert.equal((await registry()).filter(({ open }) => open).length, 1);

  const loser = words[0]?.includes('You are watching') ? 0 : 1;
  const watching = panels[loser];
  const holding = panels[1 - loser];
  assert.ok(watching && holding);
  await see(
    watching,
    loser === 0 ? 'Priya Shah has a draft for Dana Ruiz.' : 'Alex Chen has a draft for Dana Ruiz.',
  );
  await click(watching, 'button', 'Discard draft');
  await clickArmed(watching, 'Discard and start over');
  await passScan(watching);
  // The other browser hears of it, and can start nothing any more.
  await holding.waitForFunction(
    () => ![...document.querySelectorAll('button')].some((button) => button.textContent === 'Continue'),
    { timeout: 15_000 },
  );
  const open = (await registry()).filter((run) => run.open);
  assert.equal(open.length, 1);
  assert.equal((await workspace.writes()).total, 0);
});
