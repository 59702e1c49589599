import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { createRandom } from '../crash/random.ts';
import { type Chromium, launchChromium } from './chromium.ts';
import { offboard, planFor, see, start } from './wizard-steps.ts';
import { dana, leftOver, priya, startWorkspace, type Workspace } from './workspace.ts';

/** R1 in a real Chromium: whatever dies in the middle, the run ends the same, and nothing is written twice. */

let profile: string;
let chromium: Chromium;
let workspace: Workspace;

beforeEach(async () => {
  profile = mkdtempSync(join(tmpdir(), 'offboarding-survival-'));
  workspace = await startWorkspace();
  chromium = await launchChromium({ profile });
});
afterEach(async () => {
  await chromium.close();
  await workspace.close();
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
});

/** Starts Dana's run, slowly enough to be in the middle of it for some seconds; resolves with its panel. */
async function startSlowly(milliseconds: number) {
  const page = await chromium.open(workspace.memberPage(dana), workspace.cookie(priya));
  const panel = await offboard(chromium, page);
  await planFor(panel, 'Tom Okafor');
  workspace.faults([
    { match: { path: '/reassignments' }, fault: { kind: 'slow', milliseconds, when: 'after' } },
  ]);
  await start(panel);
  await see(panel, 'Steps');
  return panel;
}

async function expectTheSameEnd(): Promise<void> {
  const owned = await workspace.owned(dana);
  assert.equal(owned.active, false);
  assert.deepEqual(leftOver(owned), []);
  const writes = await workspace.writes();
  assert.equal(writes.doubled, 0);
  assert.equal(writes.total, 280 + 1);
}

/** Asks the server, since nothing of ours may be there to ask. */
async function untilInactive(patience: number): Promise<void> {
  const end = Date.now() + patience;
  while ((await workspace.owned(dana)).active) {
    if (Date.now() > end)
      assert.fail(
        `Dana is still active after ${patience} ms: ${JSON.stringify(leftOver(await workspace.owned(dana)))}`,
      );
    await pause(200);
  }
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test('R1 the service worker is killed at 20 random times in one run, while the panel watches', async (context) => {
  const seed = Number(process.env.SEED ?? Date.now() % 100_000);
  context.diagnostic(`SEED=${seed}`);
  const random = createRandom(seed);
  const panel = await startSlowly(1_500);
  let kills = 0;
  while (kills < 20) {
    await pause(100 + random() * 800);
    assert.equal((await workspace.owned(dana)).active, true, `still in the middle after ${kills} kills`);
    if (await chromium.killWorker()) kills += 1;
  }
  await see(panel, 'Dana Ruiz is inactive and owns nothing we can read.', 120_000);
  await expectTheSameEnd();
});

test('R1 W6.1 the panel is closed, the service worker dies: the alarm brings the run back', async () => {
  const panel = await startSlowly(600);
  await pause(500);
  await panel.close();
  await chromium.killWorker();
  await untilInactive(120_000);
  await expectTheSameEnd();
});

test('R1 the whole browser is killed 5 times in one run; after each restart and sign-in the run goes on by itself', async () => {
  await startSlowly(1_500);
  for (let kills = 0; kills < 5; kills += 1) {
    const before = (await workspace.writes()).total;
    await untilWritten(before + 1, 60_000);
    assert.equal((await workspace.owned(dana)).active, true, `in the middle after ${kills} kills`);
    await chromium.kill();
    chromium = await launchChromium({ profile });
    // The session ended with the browser; the run waits for the same person and then goes on without a click.
    await chromium.open(workspace.memberPage(dana), workspace.cookie(priya));
  }
  await untilInactive(120_000);
  await expectTheSameEnd();
});

/** Until the server has seen so many writes. */
async function untilWritten(total: number, patience: number): Promise<void> {
  const end = Date.now() + patience;
  while ((await workspace.writes()).total < total) {
    if (Date.now() > end)
      assert.fail(`The run does not go on: ${(await workspace.writes()).total} of ${total} writes.`);
    await pause(100);
  }
}
