import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { pageRuntime } from '../../lib/browser/page-runtime.ts';
import { createClient } from '../../lib/messages/client.ts';
import type { OverlaySetup } from '../../lib/messages/overlay-views.ts';
import { takeOver } from '../../lib/overlay/life.ts';
import { startOverlay } from '../../lib/overlay/overlay.ts';
import { forgetUsers } from '../../lib/overlay/users.ts';

/**
 * Goes into the pages of connected workspaces alone, registered at run time. It is a plain script rather than a content
 * script of the framework: that one lets any page end it by an event, and it carries what is not needed here.
 */
export default defineUnlistedScript(() => {
  const { alive, sendMessage, listen } = pageRuntime();
  const life = takeOver(alive);
  const { signal } = life;
  forgetUsers();
  const send = createClient(sendMessage);

  const start = async (): Promise<void> => {
    const hello = await send('overlay.hello', {});
    if (signal.aborted) return;
    if (hello.ok && hello.value) run(hello.value);
    else if (hello.ok) life.end();
    // Signed out or offline: the page will be looked at again.
    else addEventListener('focus', () => void start(), { signal, once: true });
  };

  const run = (setup: OverlaySetup): void => {
    const overlay = startOverlay(setup, { send, signal, alive, ended: life.end });
    listen((message) => {
      if ((message as { refresh?: unknown } | null)?.refresh === 'overlay.refresh') overlay.refresh();
    }, signal);
  };

  void start();
});
