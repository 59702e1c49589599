import { useEffect, useState } from 'preact/hooks';
import type { WizardModel } from '../../lib/panel/wizard.ts';
import { TextField } from '../ui/TextField.tsx';
import { useWords } from './context.ts';

const longest = 200;

/** Ticket or reason: typed freely, stored half a second after the last key. */
export function NoteField({ wizard }: { wizard: WizardModel }) {
  const { text } = useWords();
  const [note, setNote] = useState(wizard.run.peek().note ?? '');
  useEffect(() => {
    if (note === (wizard.run.peek().note ?? '')) return;
    const timer = setTimeout(() => void wizard.edits.edit({ kind: 'note', note }), 500);
    return () => clearTimeout(timer);
  }, [note, wizard]);
  return (
    <TextField
      label={text('review_note')}
      value={note}
      maxLength={longest}
      disabled={wizard.gone.value}
      hint={text('review_note_help', { left: longest - note.length })}
      onInput={setNote}
    />
  );
}
