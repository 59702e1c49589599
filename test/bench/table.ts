import type { CDPSession, Page } from 'puppeteer-core';
import { type Chromium, launchChromium } from '../e2e/chromium.ts';
import { offboard, see } from '../e2e/wizard-steps.ts';
import { extensionProcess, privateMemory } from './memory.ts';
import { pause } from './overlay.ts';
import { type Group, median, row } from './rows.ts';
import { startBenchSandbox } from './sandbox.ts';
import { onlyTasks, people } from './workspace.ts';

const names = {
  first: 'table of 100,000 items: first row, from the click that opens it',
  again: 'table of 100,000 items: first row when it is opened again',
  search: 'table of 100,000 items: search, from the question to the last row drawn',
  sort: 'table of 100,000 items: sort, from the question to the last row drawn',
  frames: 'table of 100,000 items: frames over 50 ms while scrolling, beyond those of an empty area',
  heap: 'table of 100,000 items: JavaScript heaps of its page and worker',
  memory: 'table of 100,000 items: private memory of its process, which is the background’s too',
  empty: 'the same with an empty page, before the scan',
} as const;

const items = 100_000;
/** So many fresh pages open the table for the first time. */
const pages = 3;
const queries = ['renewal', 'call', 'atlas', 'review', 'health', 'deck', 'prep'];

/** The table in the real panel, over a category of 100,000 items that the extension scanned itself. */
export const tableGroup: Group = {
  name: 'table',
  rows: [
    names.first,
    names.again,
    names.search,
    names.sort,
    names.frames,
    names.heap,
    names.memory,
    names.empty,
  ],
  async run(tell) {
    const sandbox = await startBenchSandbox('large', []);
    const chromium = await launchChromium({ size: [1400, 1000] });
    try {
      await onlyTasks(sandbox, items);
      const { cookie } = await sandbox.session(people.admin);
      const empty = await emptyPage(chromium);
      const page = await chromium.open(`${sandbox.url}/settings/users/${people.leaver}`, cookie);
      const panel = await offboard(chromium, page);
      await see(panel, /Scanned (just now|\d)/, 240_000);
      const first: number[] = [];
      const all: number[] = [];
      for (let page = 0; page < pages; page += 1) {
        if (page > 0) await freshPage(panel);
        first.push(await openTable(panel));
        const from = performance.now();
        await see(panel, `${items.toLocaleString('en')} items`, 120_000);
        all.push(performance.now() - from);
        await panel.keyboard.press('Escape');
        await panel.waitForFunction(() => !document.querySelector('.ow-table'));
      }
      const list = (times: number[]): string => times.map((each) => each.toFixed(0)).join(', ');
      tell(`first row after ${list(first)} ms, all rows ${list(all)} ms later`);
      await watchViews(panel);
      const again = await openTable(panel);
      tell(`opened again: first row after ${again.toFixed(0)} ms`);
      // Columns are ranked in the background once the rows are there.
      await pause(5_000);

      const search: number[] = [];
      for (const query of queries) search.push(await searchTime(panel, query));
      tell(`search: ${search.map((each) => each.toFixed(0)).join(', ')} ms`);
      await clearSearch(panel);
      const sort: number[] = [];
      for (const option of [1, 2, 3, 4, 5, 6]) sort.push(await sortTime(panel, option));
      tell(`sort: ${sort.map((each) => each.toFixed(0)).join(', ')} ms`);
      const control = [await scroll(panel, '.bench-empty')];
      const rows = await scroll(panel, '.ow-grid');
      control.push(await scroll(panel, '.bench-empty'));
      const bare = control.flat();
      const share = (frames: number[]): number => (frames.filter(isLong).length / frames.length) * 100;
      tell(
        `scrolling: ${rows.filter(isLong).length} of ${rows.length} frames over 50 ms, longest ${Math.max(...rows).toFixed(0)} ms; ` +
          `an empty area: ${bare.filter(isLong).length} of ${bare.length}, longest ${Math.max(...bare).toFixed(0)} ms`,
      );
      const heaps = await heap(panel);
      await collectBackground(chromium);
      const memory = privateMemory(await extensionProcess(chromium));
      return [
        row(names.first, median(first), 'ms', { most: 300 }),
        row(names.again, again, 'ms', { most: 300 }),
        row(names.search, median(search), 'ms', { most: 100 }),
        row(names.sort, median(sort), 'ms', { most: 100 }),
        row(names.frames, Math.max(0, share(rows) - share(bare)), '%', { most: 1 }),
        row(names.heap, heaps / 1_000_000, 'MB', { most: 150 }),
        row(names.memory, memory / 1_000_000, 'MB', { most: 150 }),
        row(names.empty, empty / 1_000_000, 'MB', null),
      ];
    } finally {
      await chromium.close();
      await sandbox.close();
    }
  },
};

/** Lets the background forget what nobody needs of the scan: it lives in the same process. */
async function collectBackground({ browser }: Chromium): Promise<void> {
  const target = browser.targets().find((each) => each.type() === 'service_worker');
  const worker = await target?.worker();
  await worker?.client.send('HeapProfiler.collectGarbage');
}

/** Bytes that the extension's process takes while it shows a file without a script beside its background. */
async function emptyPage(chromium: Chromium): Promise<number> {
  const page = await chromium.browser.newPage();
  await page.goto(`chrome-extension://${chromium.extensionId}/manifest.json`);
  await pause(1_000);
  const bytes = privateMemory(await extensionProcess(chromium));
  await page.close();
  return bytes;
}

/** Loads the panel anew, and lets it come to rest: its page knows nothing of the table then. */
async function freshPage(panel: Page): Promise<void> {
  await panel.reload();
  await see(panel, /Scanned (just now|\d)/, 60_000);
  await pause(1_000);
}

interface Watched {
  asked: number;
  drawn: number;
}
type Global = { benchViews?: Watched };

/** Notes when the table's worker is asked for a view, and when rows were last drawn. */
async function watchViews(panel: Page): Promise<void> {
  await panel.evaluate(() => {
    const watched: Watched = { asked: 0, drawn: 0 };
    (globalThis as Global).benchViews = watched;
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (this: Worker, message: { method?: string }, ...rest: never[]) {
      if (message.method === 'view') watched.asked = performance.now();
      post.call(this, message, ...rest);
    };
    const inRows = ({ target }: MutationRecord): boolean =>
      (target instanceof Element ? target : target.parentElement)?.closest('.ow-table') !== null;
    new MutationObserver((records) => {
      if (records.some(inRows)) watched.drawn = performance.now();
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
  });
}

/** Does something that changes the view; milliseconds from the question to the last row that was drawn for it. */
async function viewTime(panel: Page, act: () => Promise<void>): Promise<number> {
  await panel.evaluate(() => Object.assign((globalThis as Global).benchViews ?? {}, { asked: 0, drawn: 0 }));
  await act();
  await panel.waitForFunction(
    () => {
      const { asked, drawn } = (globalThis as Global).benchViews ?? { asked: 0, drawn: 0 };
      return asked > 0 && drawn > asked && performance.now() - drawn > 400;
    },
    { polling: 50 },
  );
  const { asked, drawn } = (await panel.evaluate(() => (globalThis as Global).benchViews)) ?? {
    asked: 0,
    drawn: 0,
  };
  return drawn - asked;
}

async function clearSearch(panel: Page): Promise<void> {
  await viewTime(panel, async () => {
    await panel.focus('.ow-table input[type="search"]');
    await panel.keyboard.press('Escape');
  });
}

async function searchTime(panel: Page, query: string): Promise<number> {
  const filled = await panel.$eval(
    '.ow-table input[type="search"]',
    (input) => (input as HTMLInputElement).value,
  );
  if (filled !== '') await clearSearch(panel);
  return viewTime(panel, async () => {
    await panel.focus('.ow-table input[type="search"]');
    await panel.keyboard.type(query);
  });
}

/** Chooses one of the sort menu's options, by its place. */
async function sortTime(panel: Page, option: number): Promise<number> {
  await panel.click('.ow-table-tools button[aria-haspopup]');
  await panel.waitForSelector('[role^="menuitem"]');
  const options = await panel.$$('[role^="menuitem"]');
  const chosen = options[option];
  if (!chosen) throw new Error(`The sort menu has no option ${option}.`);
  return viewTime(panel, () => chosen.click());
}

const isLong = (frame: number): boolean => frame > 50;

/** Opens the open tasks; milliseconds from the click to the first row that can be read. */
async function openTable(panel: Page): Promise<number> {
  await panel.evaluate(() => {
    const opening = { clicked: 0, row: 0 };
    (globalThis as { opening?: typeof opening }).opening = opening;
    const opened = (): void => {
      opening.clicked = performance.now();
      const observer = new MutationObserver(() => {
        if (!document.querySelector('.ow-table .ow-grid-title')) return;
        observer.disconnect();
        opening.row = performance.now();
      });
      observer.observe(document.body, { childList: true, subtree: true });
    };
    document.addEventListener('click', opened, { capture: true, once: true });
  });
  await panel.click('[data-opens="tasks.open"]');
  const opened = await panel.waitForFunction(
    () => {
      const { clicked = 0, row = 0 } =
        (globalThis as { opening?: { clicked: number; row: number } }).opening ?? {};
      return row > 0 && row - clicked;
    },
    { timeout: 120_000, polling: 50 },
  );
  return Number(await opened.jsonValue());
}

/**
 * Milliseconds of each frame while something passes by, at first slowly, then in leaps: the rows, or beside them an
 * empty area of the same size and length, which tells what the machine itself makes of it.
 */
async function scroll(panel: Page, selector: '.ow-grid' | '.bench-empty'): Promise<number[]> {
  await panel.bringToFront();
  return panel.evaluate(
    (wanted) =>
      new Promise<number[]>((resolve) => {
        const grid = document.querySelector<HTMLElement>('.ow-grid');
        let element = grid;
        let remove = (): void => {};
        if (grid && wanted === '.bench-empty') {
          const { top, left, width, height } = grid.getBoundingClientRect();
          const area = document.createElement('div');
          area.style.cssText = `position: fixed; inset: ${top}px auto auto ${left}px; z-index: 99; overflow: auto; background: Canvas; width: ${width}px; height: ${height}px`;
          const inside = document.createElement('div');
          inside.style.height = `${grid.scrollHeight}px`;
          area.append(inside);
          document.body.append(area);
          element = area;
          remove = () => area.remove();
        }
        if (element) element.scrollTop = 0;
        const frames: number[] = [];
        let last = 0;
        const step = (now: number): void => {
          if (last > 0) frames.push(now - last);
          last = now;
          if (!element || frames.length >= 360) {
            remove();
            resolve(frames);
            return;
          }
          element.scrollTop += frames.length < 240 ? 40 + frames.length * 4 : 12_000;
          requestAnimationFrame(step);
        };
        requestAnimationFrame(step);
      }),
    selector,
  );
}

/** Bytes on the heaps of the panel's page and its workers, after collecting what nobody needs. */
async function heap(panel: Page): Promise<number> {
  const of = async (session: Pick<CDPSession, 'send'>): Promise<number> => {
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize, backingStorageSize, embedderHeapUsedSize } = await session.send('Runtime.getHeapUsage');
    return usedSize + backingStorageSize + embedderHeapUsedSize;
  };
  const page = await panel.createCDPSession();
  let bytes = await of(page);
  await page.detach();
  if (panel.workers().length === 0) throw new Error('Expected the table’s worker, found none.');
  for (const worker of panel.workers()) bytes += await of(worker.client);
  return bytes;
}
