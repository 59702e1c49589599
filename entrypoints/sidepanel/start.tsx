import { render } from 'preact';
import { createAnnouncer } from '../../components/ui/LiveRegion.tsx';
import { App } from '../../components/wizard/App.tsx';
import { StartFailed } from '../../components/wizard/StartFailed.tsx';
import { browserReading } from '../../lib/browser/texts.ts';
import type { PanelDependencies } from '../../lib/panel/dependencies.ts';
import type { First } from './first.ts';
import { wire } from './wire.ts';

/** So long a page stays empty at most while it waits for the first answer, milliseconds. */
const instant = 100;

/** Shows the wizard in a page of ours; `first` is what it has begun to find out. */
export async function start(first: First): Promise<void> {
  const root = document.getElementById('root');
  if (!root) return;
  const { text, locale, direction } = browserReading();
  // Before anything may fail: the page that says so is read in this language too.
  Object.assign(document.documentElement, { lang: locale, dir: direction });
  const announcer = createAnnouncer();
  try {
    const dependencies = await wire(announcer, first);
    makeReady(dependencies);
    // The first picture is the right one where that is known in an instant; a flash of another one only delays it.
    await Promise.race([first.hello, new Promise((resolve) => setTimeout(resolve, instant))]);
    render(<App dependencies={dependencies} announcer={announcer} />, root);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    render(<StartFailed text={text} detail={detail} onRetry={() => location.reload()} />, root);
  }
}

/**
 * While the first answer is on its way: the first styles of a page and its first plural take some milliseconds each,
 * and every screen needs them.
 */
function makeReady({ text }: Pick<PanelDependencies, 'text'>): void {
  document.documentElement.getBoundingClientRect();
  text('items', { count: 2 });
}
