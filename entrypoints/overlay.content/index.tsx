import { render } from 'preact';
import { browser } from 'wxt/browser';
import { defineContentScript } from 'wxt/utils/define-content-script';
import { OffboardButton, offboardButtonStyles } from '../../components/overlay/OffboardButton.tsx';
import { createClient } from '../../lib/messages/client.ts';
import type { OverlayView } from '../../lib/messages/protocol.ts';
import { createButtonHost } from '../../lib/overlay/button-host.ts';
import { startOverlay } from '../../lib/overlay/overlay.ts';

/** Registered at run time for connected workspaces alone; it has no matches of its own, or they would be asked for at install. */
export default defineContentScript({
  registration: 'runtime',
  async main(ctx) {
    const send = createClient((message) => browser.runtime.sendMessage(message));
    const hello = await send('overlay.hello', {});
    if (!hello.ok || !hello.value || ctx.isInvalid) return;
    const overlay = await startOverlay(hello.value, {
      send,
      signal: ctx.signal,
      createButton(open) {
        let shown: NonNullable<OverlayView['button']> | undefined;
        const host = createButtonHost(
          offboardButtonStyles,
          (place, { dark, fontFamily, fontSize, radius }) => {
            const { style } = place;
            style.setProperty('--font', fontFamily);
            style.setProperty('--size', fontSize);
            style.setProperty('--radius', radius);
            if (!shown) return;
            const { label, title } = shown;
            const openIfAlive = (): void => {
              // A script that outlived an update of its extension reaches nobody: better no button than a dead one.
              if (ctx.isValid) open();
              else host.remove();
            };
            render(<OffboardButton label={label} title={title} dark={dark} onOpen={openIfAlive} />, place);
          },
        );
        return {
          ...host,
          show(button) {
            shown = button;
            host.redraw();
          },
        };
      },
    });
    const listen = (message: unknown): undefined => {
      if ((message as { refresh?: unknown })?.refresh === 'overlay.refresh') overlay.refresh();
    };
    browser.runtime.onMessage.addListener(listen);
    ctx.onInvalidated(() => browser.runtime?.onMessage?.removeListener(listen));
  },
});
