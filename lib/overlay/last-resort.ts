import type { Send } from '../messages/client.ts';
import type { GuardModal, OverlaySetup } from '../messages/overlay-views.ts';
import { unknownMember } from './controls.ts';

export interface LastResort {
  setup: OverlaySetup;
  send: Send;
  signal: AbortSignal;
  /** Whether this script still belongs to a living extension. */
  alive(): boolean;
  /** Whether the site is still a connected workspace, as far as is known by now. */
  isConnected(): boolean;
}

/**
 * Asks by the browser itself where the script that would ask cannot be brought in, so that nothing passes, and nothing
 * is lost, silently.
 */
export interface ByBrowser {
  /** In the modal's words; `record` is called where the answer is yes. Whether the use shall happen. */
  ask(parts: LastResort, modal: GuardModal, record: () => Promise<boolean>): Promise<boolean>;
  /** The same of the use of a control of which nobody could say what its member owns. */
  decide(parts: LastResort, member?: string): Promise<boolean>;
}

/** The overlay has it, and gives it to the scripts beside it: they carry none of their own. */
export const byBrowser: ByBrowser = { ask, decide };

async function ask(
  { setup: { texts }, signal, isConnected }: LastResort,
  modal: GuardModal,
  record: () => Promise<boolean>,
): Promise<boolean> {
  // Nobody is asked any more where nothing is connected.
  if (!isConnected()) return true;
  // A checkbox is as it was only once the event that is held back has ended.
  await new Promise((resolve) => setTimeout(resolve));
  if (signal.aborted) return false;
  const { title, body, confirm: second } = modal;
  const last = second ? [second.title, second.body] : [texts.own];
  const words = [title, body, ...last].filter((each) => each).join('\n\n');
  if (!confirm(words.replaceAll('{name}', texts.someone))) return false;
  if (await record()) return true;
  alert(texts.unrecorded);
  return false;
}

function decide(parts: LastResort, member = unknownMember): Promise<boolean> {
  const { setup, send, alive } = parts;
  return ask(parts, setup.failures[alive() ? 'other' : 'outdated'], async () => {
    // What outlived its extension can tell nobody, and has said so.
    if (!alive()) return true;
    const reply = await send('overlay.bypass', { member });
    return reply.ok || reply.refusal.code === 'notConnected';
  });
}
