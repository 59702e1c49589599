import { createModel, signal } from '@preact/signals';
import type { PanelDependencies } from './dependencies.ts';

/** At most one polite message in so many milliseconds; the latest one wins. */
const spacing = 5_000;

/** What screen readers hear: polite messages spaced out, alerts at once, the same text never twice in a row. */
export const Announcer = createModel((dependencies: Pick<PanelDependencies, 'now' | 'after'>) => {
  const polite = signal('');
  const alert = signal('');
  let spokenAt = Number.NEGATIVE_INFINITY;
  let next: string | undefined;

  const speak = (): void => {
    if (next === undefined) return;
    spokenAt = dependencies.now().getTime();
    polite.value = next;
    next = undefined;
  };
  return {
    polite,
    alert,
    say(text: string): void {
      if (text === (next ?? polite.peek())) return;
      const pending = next !== undefined;
      next = text;
      const wait = spokenAt + spacing - dependencies.now().getTime();
      if (wait <= 0) speak();
      else if (!pending) dependencies.after(wait, speak);
    },
    warn(text: string): void {
      alert.value = text;
    },
  };
});

export type AnnouncerModel = InstanceType<typeof Announcer>;
