import type { GuardModal, OverlaySetup } from '../messages/overlay-views.ts';

export interface LastResort {
  setup: OverlaySetup;
  signal: AbortSignal;
  /** Whether the site is still a connected workspace, as far as is known by now. */
  isConnected(): boolean;
}

/** The overlay has it, and gives it to the scripts beside it: they carry none of their own. */
export type AskByBrowser = typeof askByBrowser;

/**
 * Asks by the browser itself, in a modal's words, where the script that would ask cannot be brought in: nothing passes
 * silently. Resolves to whether the use shall happen; nothing is recorded.
 */
export async function askByBrowser(
  { setup: { texts }, signal, isConnected }: LastResort,
  { title, body, confirm: second }: GuardModal,
): Promise<boolean> {
  // Nobody is asked any more where nothing is connected.
  if (!isConnected()) return true;
  // A checkbox is as it was only once the event that is held back has ended.
  await new Promise((resolve) => setTimeout(resolve));
  if (signal.aborted) return false;
  const last = second ? [second.title, second.body] : [texts.own];
  const words = [title, body, ...last].filter((each) => each).join('\n\n');
  return confirm(words.replaceAll('{name}', texts.someone));
}
