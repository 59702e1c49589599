import { render } from 'preact';
import { createAnnouncer } from '../../components/ui/LiveRegion.tsx';
import { App } from '../../components/wizard/App.tsx';
import type { PanelDependencies } from '../../lib/panel/dependencies.ts';
import { wire } from './wire.ts';

/** The wizard, beside a page or in a tab of its own. */
async function start(root: HTMLElement): Promise<void> {
  const announcer = createAnnouncer();
  const dependencies = await wire(announcer, addressOf(new URLSearchParams(location.search)));
  render(<App dependencies={dependencies} announcer={announcer} />, root);
}

/**
 * What the page's address names: a run (`?run=ID`), a member (`?connection=ID&member=ID`), or with all three the review
 * of a member's last run, in whichever browser that was.
 */
function addressOf(address: URLSearchParams): PanelDependencies['address'] {
  const run = address.get('run');
  const connection = address.get('connection');
  const member = address.get('member');
  if (run !== null && connection !== null && member !== null)
    return { kind: 'review', run, connection, member };
  if (run !== null) return { kind: 'run', run };
  return connection !== null && member !== null ? { kind: 'member', connection, member } : undefined;
}

const root = document.getElementById('root');
if (root) void start(root);
