import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { candidates, openRoots } from '../../lib/overlay/anchors.ts';
import { controlAt, describe } from '../../lib/overlay/describe.ts';
import { matchPath } from '../../lib/overlay/paths.ts';
import { type PointingTask, pointingTask } from '../../lib/overlay/pointing.ts';
import { anchorOf } from '../../lib/workspace/own-controls.ts';

/** Nobody points for longer than so many milliseconds. */
const patience = 120_000;
/** What was found is shown for so long, milliseconds. */
const shownFor = 6_000;
const kept =
  'pointerdown pointerup mousedown mouseup click auxclick dblclick contextmenu keydown keyup keypress submit'.split(
    ' ',
  );

/** Goes into a page while an admin points at a control there, or wants to see what a description finds. */
export default defineUnlistedScript(() => {
  const task = pointingTask();
  if (task) task.result = task.mode === 'show' ? show(task) : point(task);
});

/** Lets the admin choose an element; the page hears nothing of it. Resolves null when they leave it. */
function point(task: PointingTask): Promise<unknown> {
  const frame = createFrame(task.text);
  const life = new AbortController();
  task.busy = true;
  return new Promise((resolve) => {
    const end = (result: unknown): void => {
      life.abort();
      clearTimeout(timer);
      frame.remove();
      resolve(result);
      // The last events of the press that ended it are still to come, and are none of the page's either.
      setTimeout(() => {
        task.busy = false;
        late.abort();
      }, 300);
    };
    const late = new AbortController();
    const timer = setTimeout(() => end(null), patience);
    const choose = (target: EventTarget | undefined): void => {
      if (target instanceof Element) end(describe(controlAt(target), location.pathname));
    };
    const keep = (event: Event): void => {
      if (!event.isTrusted) return;
      const key = event instanceof KeyboardEvent ? event.key : '';
      // One finds the way to a control by Tab as well.
      if (key === 'Tab' || key === 'Shift') return;
      event.stopImmediatePropagation();
      event.preventDefault();
      if (life.signal.aborted) return;
      if (event.type === 'click') choose(event.composedPath()[0]);
      if (event.type !== 'keydown') return;
      if (key === 'Escape') end(null);
      if (key === 'Enter') choose(document.activeElement ?? undefined);
    };
    for (const type of kept)
      window.addEventListener(type, keep, { capture: true, passive: false, signal: late.signal });
    const follow = (event: Event): void => {
      const target = event.composedPath()[0];
      if (target instanceof Element) frame.around([controlAt(target)]);
    };
    for (const type of ['pointermove', 'focusin'])
      window.addEventListener(type, follow, { capture: true, signal: life.signal });
  });
}

/** Frames what descriptions find on this page, and tells how many that are. */
async function show(task: PointingTask): Promise<unknown> {
  const frame = createFrame(task.text);
  const found = new Set<HTMLElement>();
  let here = false;
  for (const { path, found: ways } of task.controls) {
    if (!matchPath(path, location.pathname)) continue;
    here = true;
    // The first way that leads anywhere is the one that counts.
    const all = ways.map((each) => candidates(openRoots(document), anchorOf(each)));
    for (const element of all.find((each) => each.length > 0) ?? []) found.add(element);
  }
  frame.around([...found]);
  setTimeout(() => frame.remove(), shownFor);
  return { here, count: found.size };
}

/** Boxes around elements and one line of text, out of the page's reach. */
function createFrame(words: string) {
  const host = document.createElement('div');
  host.style.cssText = 'all: initial; position: fixed; inset: 0; z-index: 2147483647; pointer-events: none;';
  const root = host.attachShadow({ mode: 'closed' });
  const line = document.createElement('div');
  line.textContent = words;
  line.setAttribute('role', 'status');
  line.style.cssText =
    'position: fixed; top: 12px; left: 50%; transform: translateX(-50%); max-width: 90%; padding: 10px 16px; font: 500 14px/20px system-ui, sans-serif; color: #fff; background: #171b24; border: 1px solid #fff; border-radius: 8px;';
  const boxes = document.createElement('div');
  root.append(line, boxes);
  document.documentElement.append(host);
  return {
    around(elements: readonly Element[]): void {
      boxes.replaceChildren(
        ...elements.slice(0, 500).map((element) => {
          const { left, top, width, height } = element.getBoundingClientRect();
          const box = document.createElement('div');
          box.style.cssText = `position: fixed; left: ${left - 4}px; top: ${top - 4}px; width: ${width + 8}px; height: ${height + 8}px; box-sizing: border-box; border: 3px solid #2253cc; outline: 2px solid #fff; border-radius: 6px;`;
          return box;
        }),
      );
    },
    remove: () => host.remove(),
  };
}
