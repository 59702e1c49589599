import { type Chromium, launchChromium } from '../e2e/chromium.ts';
import { offboard, planFor, see, start } from '../e2e/wizard-steps.ts';
import { pause } from './overlay.ts';
import { type Group, median, row } from './rows.ts';
import { type BenchSandbox, startBenchSandbox } from './sandbox.ts';
import { keepOneIn, people } from './workspace.ts';

const names = {
  paint: 'first useful paint of the panel',
  empty: 'the same of a file of the extension without a script',
  open: 'resumed after the worker was killed, panel open',
  closed: 'resumed after the worker was killed, panel closed (its alarm is set 30 s ahead)',
} as const;

/** How often the panel is opened anew. */
const openings = 7;

/** How often the worker is killed under an open panel; once under a closed one, which takes half a minute. */
const kills = 3;

/** Rows about the panel and the background, in a real Chromium with the extension in it. */
export const panelGroup: Group = {
  name: 'panel',
  rows: [names.paint, names.empty, names.open, names.closed],
  async run(tell) {
    const sandbox = await startBenchSandbox('large', []);
    const chromium = await launchChromium();
    try {
      // Enough that the run outlasts its interruptions.
      await keepOneIn(10, sandbox);
      const { cookie } = await sandbox.session(people.admin);
      const page = await chromium.open(`${sandbox.url}/settings/users/${people.leaver}`, cookie);
      const panel = await offboard(chromium, page);
      await planFor(panel, 'Tom Okafor');
      const run = await panel.evaluate(newestRun);
      const paints: number[] = [];
      const empty: number[] = [];
      for (let opening = 0; opening < openings; opening += 1) {
        paints.push(
          await firstPaint(chromium, `sidepanel.html?${new URLSearchParams({ run })}`, 'Dana Ruiz'),
        );
        empty.push(await firstPaint(chromium, 'manifest.json', 'manifest_version'));
      }
      const list = (times: number[]): string => times.map((each) => each.toFixed(0)).join(', ');
      tell(`paints: ${list(paints)} ms; without a script: ${list(empty)} ms`);

      // Answers take their time, so that there is something to interrupt, and more of it once the run goes.
      await sandbox.limit({ latency: 200 });
      await start(panel);
      await see(panel, 'You can close this panel', 60_000);
      await sandbox.limit({ latency: 1_500 });
      await untilPassed(sandbox, (await sandbox.stats()).passed + 4);
      const open: number[] = [];
      for (let kill = 0; kill < kills; kill += 1) {
        open.push(await killAndWait(chromium, sandbox));
        await untilPassed(sandbox, (await sandbox.stats()).passed + 2);
      }
      tell(`panel open: back after ${list(open)} ms`);
      await pause(2_000);
      await panel.close();
      await page.goto('about:blank');
      await pause(1_000);
      const closed = await killAndWait(chromium, sandbox);
      tell(`panel closed: back after ${(closed / 1000).toFixed(1)} s`);
      return [
        row(names.paint, median(paints), 'ms', { most: 200 }),
        row(names.empty, median(empty), 'ms', null),
        row(names.open, median(open), 'ms', { most: 1_000 }),
        row(names.closed, closed / 1000, 's', { most: 31 }),
      ];
    } finally {
      await chromium.close();
      await sandbox.close();
    }
  },
};

/** The id of the only run, read from the extension's own database; runs in its page. */
function newestRun(): Promise<string> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('offboarding');
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const asked = opening.result.transaction('runs').objectStore('runs').getAllKeys();
      asked.onerror = () => reject(asked.error);
      asked.onsuccess = () => {
        opening.result.close();
        resolve(String(asked.result[0]));
      };
    };
  });
}

type Painted = { painted?: number };

/** Milliseconds from opening a file of the extension to the frame that shows these words, and whatever else it shows. */
async function firstPaint(chromium: Chromium, file: string, words: string): Promise<number> {
  const page = await chromium.browser.newPage();
  await page.bringToFront();
  await page.evaluateOnNewDocument((wanted) => {
    const observer = new MutationObserver(() => {
      const content = document.querySelector('main, pre');
      if (!content?.textContent?.trim() || !document.body.textContent?.includes(wanted)) return;
      observer.disconnect();
      // The frame that paints it is over when the next one begins.
      requestAnimationFrame(() =>
        requestAnimationFrame(() => {
          (globalThis as Painted).painted = performance.now();
        }),
      );
    });
    observer.observe(document, { childList: true, subtree: true, characterData: true });
  }, words);
  await page.goto(`chrome-extension://${chromium.extensionId}/${file}`);
  const painted = await page.waitForFunction(() => (globalThis as Painted).painted, { polling: 50 });
  const milliseconds = Number(await painted.jsonValue());
  await page.close();
  return milliseconds;
}

async function untilPassed(sandbox: BenchSandbox, count: number): Promise<void> {
  const end = performance.now() + 90_000;
  while ((await sandbox.stats()).passed < count) {
    if (performance.now() > end) throw new Error('The run did not go on within a minute and a half.');
    await pause(10);
  }
}

/** Kills the service worker; milliseconds until the workspace hears from the extension again. */
async function killAndWait(chromium: Chromium, sandbox: BenchSandbox): Promise<number> {
  await chromium.killWorker();
  const killed = performance.now();
  // What was on its way to the workspace arrives at once; the answers take 1.5 s and have nobody to hear them.
  const { passed } = await sandbox.stats();
  await untilPassed(sandbox, passed + 1);
  return performance.now() - killed;
}
