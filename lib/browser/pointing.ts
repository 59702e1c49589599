import { browser } from 'wxt/browser';
import type { ScriptPublicPath } from 'wxt/utils/inject-script';
import type { PointingTask } from '../overlay/pointing.ts';
import { patternOf } from './permissions.ts';

type World = typeof globalThis & { __offboardingPointing?: PointingTask };

/**
 * Leaves a task in the page of a site that the admin looked at last, brings its tab to the front, and resolves with
 * what came of it; undefined where no tab shows that site. Afterwards the admin is back where they were.
 */
export async function inPageOf(
  origin: string,
  task: Pick<PointingTask, 'mode' | 'text' | 'controls'>,
): Promise<unknown> {
  const tabs = await browser.tabs.query({ url: patternOf(origin) });
  const tab = tabs.sort((a, b) => (b.lastAccessed ?? 0) - (a.lastAccessed ?? 0))[0];
  if (tab?.id === undefined) return undefined;
  const own = await browser.tabs.getCurrent();
  // A page that is gone meanwhile, or an error page, takes no script.
  const answer = await run(tab, task).catch(() => undefined);
  if (task.mode === 'point' && own?.id !== undefined) await browser.tabs.update(own.id, { active: true });
  return answer;
}

async function run(
  tab: { id?: number | undefined; active: boolean },
  task: Pick<PointingTask, 'mode' | 'text' | 'controls'>,
): Promise<unknown> {
  if (tab.id === undefined) return undefined;
  const target = { tabId: tab.id };
  if (!tab.active) await browser.tabs.update(tab.id, { active: true });
  await browser.scripting.executeScript({
    target,
    func: (left: PointingTask) => {
      (globalThis as World).__offboardingPointing = left;
    },
    args: [task],
  });
  await browser.scripting.executeScript({ target, files: ['/pointer.js' as ScriptPublicPath] });
  const [answer] = await browser.scripting.executeScript({
    target,
    func: () => (globalThis as World).__offboardingPointing?.result,
  });
  return answer?.result ?? null;
}
