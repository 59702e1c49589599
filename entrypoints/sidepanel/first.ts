import { browser } from 'wxt/browser';
import { type Surface, surfaceOfPage } from '../../lib/browser/surface.ts';
import { createClient } from '../../lib/messages/client.ts';
import type { PanelDependencies } from '../../lib/panel/dependencies.ts';

/** What a page finds out while the rest of its code is still being loaded. */
export interface First {
  address: PanelDependencies['address'];
  surface: Promise<Surface>;
  hello: PanelDependencies['hello'];
}

/** Asks what the page's first screen is drawn from. Waits for nothing, and nothing that it returns rejects unheard. */
export function askFirst(address: PanelDependencies['address']): First {
  const send = createClient((message) => browser.runtime.sendMessage(message));
  const surface = surfaceOfPage();
  // Who waits for it later hears of it then.
  surface.catch(() => {});
  if (address?.kind === 'run' || address?.kind === 'review')
    return { address, surface, hello: send('panel.hello', { run: address.run }) };
  if (address) return { address, surface, hello: undefined };
  // What a panel is about, its window knows; a tab is about what its address says.
  const hello = surface.then(({ surface, window }) =>
    surface === 'panel' ? send('panel.hello', { window }) : undefined,
  );
  hello.catch(() => {});
  return { address, surface, hello };
}
