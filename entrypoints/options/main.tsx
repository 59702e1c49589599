import { render } from 'preact';
import { createAnnouncer } from '../../components/ui/LiveRegion.tsx';
import { App } from '../../components/wizard/App.tsx';
import { wire } from '../sidepanel/wire.ts';

/** The options page: the connections, and from there all of the wizard. */
async function start(root: HTMLElement): Promise<void> {
  const announcer = createAnnouncer();
  const dependencies = await wire(announcer, { kind: 'connections' });
  render(<App dependencies={dependencies} announcer={announcer} />, root);
}

const root = document.getElementById('root');
if (root) void start(root);
