import { render } from 'preact';
import { createAnnouncer } from '../../components/ui/LiveRegion.tsx';
import { App } from '../../components/wizard/App.tsx';
import { StartFailed } from '../../components/wizard/StartFailed.tsx';
import { browserReading } from '../../lib/browser/texts.ts';
import type { PanelDependencies } from '../../lib/panel/dependencies.ts';
import { wire } from './wire.ts';

/** Shows the wizard in a page of ours; `address` is what it is about from the start. */
export async function start(address: PanelDependencies['address']): Promise<void> {
  const root = document.getElementById('root');
  if (!root) return;
  const announcer = createAnnouncer();
  try {
    const dependencies = await wire(announcer, address);
    render(<App dependencies={dependencies} announcer={announcer} />, root);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    render(
      <StartFailed text={browserReading().text} detail={detail} onRetry={() => location.reload()} />,
      root,
    );
  }
}
