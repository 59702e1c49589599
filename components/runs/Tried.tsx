import { useState } from 'preact/hooks';
import type { JournalEntry } from '../../lib/offboarding/attempt.ts';
import type { Run } from '../../lib/offboarding/model.ts';
import { nameOfCategory, phaseName, stepName } from '../../lib/panel/words.ts';
import { Button } from '../ui/Button.tsx';
import { useDependencies, useWords } from '../wizard/context.ts';

const page = 20;

/** What was tried and when, newest first, from the run's journal. */
export function Tried({ run, entries }: { run: Run; entries: readonly JournalEntry[] }) {
  const { text } = useWords();
  const { locale } = useDependencies();
  const [shown, setShown] = useState(page);
  if (entries.length === 0) return null;
  const when = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' });
  return (
    <section class="ow-stack ow-tight">
      <h2 class="ow-section">{text('review_tried')}</h2>
      <ul class="ow-list ow-runs-tried">
        {entries.slice(0, shown).map((entry) => (
          <li key={entry.seq}>
            <time class="ow-meta ow-runs-when" dateTime={entry.at}>
              {when.format(new Date(entry.at))}
            </time>
            <span>{wordsOf(entry, run, text)}</span>
          </li>
        ))}
      </ul>
      {entries.length > shown && (
        <div>
          <Button small onClick={() => setShown(shown + page)}>
            {text('history_more', { count: entries.length - shown })}
          </Button>
        </div>
      )}
    </section>
  );
}

/** One line of a journal in words; what it holds is data, so each field is looked at before it is believed. */
function wordsOf({ kind, data }: JournalEntry, run: Run, text: ReturnType<typeof useWords>['text']): string {
  const word = (key: string): string => (typeof data[key] === 'string' ? data[key] : '');
  const count = (key: string): number => (typeof data[key] === 'number' ? data[key] : 0);
  if (kind === 'created') return text('tried_created');
  if (kind === 'phase') {
    if (data.retried !== undefined) return text('tried_retry', { count: count('retried') });
    if (data.endedHere === true) return text('tried_ended_here');
    return text('tried_phase', { phase: phaseName(text, word('phase')) });
  }
  if (kind === 'step') {
    const step = run.steps.find(({ id }) => id === word('step'));
    const state = word('state') === 'notRun' ? 'notRun' : 'failed';
    return text('tried_step', {
      step: step ? stepName(text, run, step) : word('step'),
      state: text(`state_${state}`),
    });
  }
  if (data.outcome !== undefined) return text('tried_deactivation');
  return text('tried_attempt', {
    category: nameOfCategory(text, run, word('category')),
    moved: count('moved'),
    failed: count('failed'),
    skipped: count('skipped'),
    how: word('how') === 'read back' ? 'read' : 'answered',
  });
}
