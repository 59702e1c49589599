import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'puppeteer-core';
import { type Chromium, launchChromium } from '../e2e/chromium.ts';
import { root } from '../tools/build.ts';
import { launchPlainChromium } from './browser.ts';
import { type Group, median, row } from './rows.ts';
import { type BenchSandbox, startBenchSandbox } from './sandbox.ts';
import { people } from './workspace.ts';

/** Rows about what the extension costs a workspace's own pages. */

const names = {
  size: 'content script, compressed',
  users: '… with the script that pages about users load besides',
  thread: 'main-thread time on a page without the anchor',
  button: 'button visible after its anchor appears',
  check: 'deactivating a member who owns nothing, beside the plain click',
} as const;

/** Ends the name of the folder: a build beside this one must not replace what is measured. */
const folder = '-bench';

/** The published package's content script, as a server would compress it. */
export const sizeGroup: Group = {
  name: 'size',
  rows: [names.size, names.users],
  async run(tell) {
    const built = spawnSync('npm', ['run', 'build', '--silent'], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, SANDBOX_BUILD: folder },
    });
    if (built.status !== 0)
      throw new Error(`The extension could not be built.\n${built.stdout}${built.stderr}`);
    const weigh = (file: string): number => {
      const script = readFileSync(join(root, '.output', `chrome-mv3${folder}`, file));
      const compressed = gzipSync(script, { level: 9 }).length;
      tell(`${file}: ${script.length} bytes, ${compressed} compressed`);
      return compressed / 1000;
    };
    const [overlay, users] = [weigh('overlay.js'), weigh('users.js')];
    return [row(names.size, overlay, 'kB', { most: 12 }), row(names.users, overlay + users, 'kB', null)];
  },
};

const rounds = 5;
/** Of what takes few milliseconds, one is often far from the next. */
const threadRounds = 7;

/** What pages feel of the extension, each measured several times in a real Chromium with the extension in it. */
export const pageGroup: Group = {
  name: 'page',
  rows: [names.thread, names.button, names.check],
  async run(tell) {
    const sandbox = await startBenchSandbox('demo', []);
    const chromium = await launchChromium();
    try {
      const { cookie } = await sandbox.session(people.admin);
      // The first page lets the background find out what the site is; what counts is every page after it.
      const page = await chromium.open(`${sandbox.url}/settings/users/${people.leaver}`, cookie);
      await page.waitForSelector('[data-testid="member-actions"]');
      await pause(2_000);
      const thread = await repeated(() => mainThread(chromium, sandbox), threadRounds);
      tell(`main thread: ${thread.map((each) => each.toFixed(2)).join(', ')} ms`);
      const button = await repeated(() => buttonDelay(chromium, sandbox));
      tell(`button: ${button.map((each) => each.toFixed(0)).join(', ')} ms`);
      const checked = await repeated(() => questionDelay(page, sandbox));
      const plain = await plainQuestion(sandbox, cookie);
      tell(
        `deactivation: ${median(checked).toFixed(0)} ms, without the extension ${median(plain).toFixed(0)} ms`,
      );
      return [
        row(names.thread, median(thread), 'ms', { most: 5 }),
        row(names.button, median(button), 'ms', { most: 100 }),
        row(names.check, median(checked) - median(plain), 'ms', { most: 300 }),
      ];
    } finally {
      await chromium.close();
      await sandbox.close();
    }
  },
};

async function repeated(measure: () => Promise<number>, times = rounds): Promise<number[]> {
  const values: number[] = [];
  for (let round = 0; round < times; round += 1) values.push(await measure());
  return values;
}

interface TraceEvent {
  name: string;
  ph: string;
  ts: number;
  /** Microseconds that passed, and that the thread was busy. */
  dur?: number;
  tdur?: number;
  pid: number;
  tid: number;
  args: {
    data?: { url?: string; scriptName?: string };
    fileName?: string;
    chrome_mojo_event_info?: { mojo_interface_tag?: string };
  };
}

/** For so long after it has loaded a page is watched, milliseconds. */
const watched = 3_000;
/** What an answer sets off begins within so long after it came, microseconds. */
const follows = 1_500;

/**
 * Milliseconds that a page's main thread was busy with the extension, over loading and three seconds after: with all of
 * its scripts, with taking in what the background answers, and with what that sets off.
 */
async function mainThread(chromium: Chromium, sandbox: BenchSandbox): Promise<number> {
  const page = await chromium.browser.newPage();
  await page.bringToFront();
  await page.tracing.start({ categories: ['devtools.timeline', 'v8', 'v8.execute', 'mojom'] });
  await page.goto(`${sandbox.url}/tasks`);
  await page.waitForSelector('table');
  await pause(watched);
  const trace = await page.tracing.stop();
  await page.close();
  const { traceEvents } = JSON.parse(Buffer.from(trace ?? []).toString('utf8')) as {
    traceEvents: TraceEvent[];
  };
  const whole = traceEvents.filter(({ ph }) => ph === 'X').sort((a, b) => a.ts - b.ts);
  const isOurs = ({ args }: TraceEvent): boolean =>
    [args.data?.url, args.data?.scriptName, args.fileName].some((url) =>
      url?.startsWith(`chrome-extension://${chromium.extensionId}/`),
    );
  const first = whole.find((event) => isOurs(event) && event.name === 'EvaluateScript');
  if (!first) throw new Error('Expected the content script in the trace, found nothing of it.');
  const thread = whole.filter(({ pid, tid }) => pid === first.pid && tid === first.tid);
  // What an answer sets off runs without a name, as soon as the task is over that brought it.
  const answers = thread.filter(
    ({ args }) => args.chrome_mojo_event_info?.mojo_interface_tag === 'extensions.mojom.MessagePort',
  );
  if (answers.length === 0) throw new Error('Expected an answer of the background, found none.');
  const setOff = answers.map(({ ts, dur = 0 }) =>
    thread.find(
      (event) => event.name === 'RunMicrotasks' && event.ts >= ts + dur && event.ts - ts - dur < follows,
    ),
  );
  // What runs within another event of ours is counted with that one.
  let until = 0;
  let busy = 0;
  for (const event of thread) {
    const { ts, dur = 0, tdur } = event;
    if (ts < until || !(isOurs(event) || [...answers, ...setOff].includes(event))) continue;
    until = ts + dur;
    busy += tdur ?? dur;
  }
  return busy / 1000;
}

interface Seen {
  anchor?: number;
  button?: number;
}

/** Milliseconds from the anchor's arrival in a page that loads to the frame that shows the button. */
async function buttonDelay(chromium: Chromium, sandbox: BenchSandbox): Promise<number> {
  const page = await chromium.browser.newPage();
  await page.bringToFront();
  await page.evaluateOnNewDocument(() => {
    const seen: Seen = {};
    (globalThis as { seen?: Seen }).seen = seen;
    const look = (): void => {
      const anchor = document.querySelector('[data-testid="member-actions"]');
      if (!anchor) return;
      seen.anchor ??= performance.now();
      // Its inside is closed to the page, but not that it is there and takes room among the actions.
      const host = [...(anchor.parentElement ?? anchor).querySelectorAll('div')].find(
        (element) => element.style.display === 'inline-flex' && element.childElementCount === 0,
      );
      if (!host || host.getBoundingClientRect().width === 0 || seen.button !== undefined) return;
      requestAnimationFrame(() => {
        seen.button ??= performance.now();
      });
    };
    new MutationObserver(look).observe(document, { childList: true, subtree: true });
    const frames = (): void => {
      look();
      requestAnimationFrame(frames);
    };
    requestAnimationFrame(frames);
  });
  await page.goto(`${sandbox.url}/settings/users/${people.leaver}`);
  await page.waitForFunction(() => (globalThis as { seen?: Seen }).seen?.button !== undefined, {
    polling: 50,
  });
  const { anchor = 0, button = 0 } = (await page.evaluate(() => (globalThis as { seen?: Seen }).seen)) ?? {};
  await page.close();
  return button - anchor;
}

/** Milliseconds from the click on an idle member's switch to the page's own question. */
async function questionDelay(page: Page, sandbox: BenchSandbox): Promise<number> {
  await page.bringToFront();
  await page.goto(`${sandbox.url}/settings/users`);
  const control = await page.waitForSelector(`#active-${people.receiver}`);
  if (!control) throw new Error('The switch of the member who owns nothing is not there.');
  await control.evaluate((element) => element.scrollIntoView({ block: 'center' }));
  await pause(1_000);
  const box = await control.boundingBox();
  if (!box) throw new Error('The switch of the member who owns nothing is not to be seen.');
  const asked = page.waitForFunction(
    () =>
      document.querySelector('dialog[open], [role="dialog"], [role="alertdialog"]') &&
      performance.timeOrigin + performance.now(),
    { polling: 'mutation' },
  );
  await pause(50);
  const start = Date.now();
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  const shown = Number(await (await asked).jsonValue());
  // Away from the switch again, so that the next check begins with the next click.
  await page.mouse.move(5, 5);
  return shown - start;
}

async function plainQuestion(sandbox: BenchSandbox, cookie: string): Promise<number[]> {
  const browser = await launchPlainChromium();
  try {
    const [name = '', value = ''] = cookie.split('=');
    await browser.setCookie({
      name,
      value,
      domain: new URL(sandbox.url).hostname,
      path: '/',
      httpOnly: true,
    });
    const page = await browser.newPage();
    return await repeated(() => questionDelay(page, sandbox));
  } finally {
    await browser.close();
  }
}

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
