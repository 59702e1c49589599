import type { Run } from '../../lib/offboarding/model.ts';
import { Icon } from '../ui/Icon.tsx';
import { Link } from '../ui/Link.tsx';
import { useWords } from './context.ts';

/** What the workspace had to say besides: no obstacle, but good to know before Start. */
export function RunNotes({ run }: { run: Pick<Run, 'notes'> }) {
  const { text } = useWords();
  if (!run.notes || run.notes.length === 0) return null;
  return (
    <section class="ow-stack ow-tight" aria-label={text('notes_title')}>
      <h2 class="ow-section">{text('notes_title')}</h2>
      <ul class="ow-stack ow-tight">
        {run.notes.map((note) => (
          <li key={note.message} class={`ow-problem ow-note-${note.tone}`}>
            <Icon name={note.tone === 'warning' ? 'warning' : 'info'} />
            <p class="ow-grow" dir="auto">
              {note.message}{' '}
              {note.link !== undefined && (
                <Link href={note.link} newTabLabel={text('new_tab')}>
                  {new URL(note.link).host}
                </Link>
              )}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
