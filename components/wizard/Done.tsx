import type { WizardModel } from '../../lib/panel/wizard.ts';
import { Toast } from '../ui/Toast.tsx';
import { useWords } from './context.ts';

/** What was just done, with its undo: above the footer, or, where there is none, at the page's end (`apart`). */
export function Done({ wizard, apart = false }: { wizard: WizardModel; apart?: boolean }) {
  const { text } = useWords();
  const done = wizard.done.value;
  if (!done || wizard.run.value.phase !== 'draft') return null;
  return (
    <div class={`ow-toast-place${apart ? ' ow-toast-apart' : ''}`}>
      <Toast
        toast={{ id: done.id, text: done.text, undoLabel: text('undo'), onUndo: done.undo }}
        closeLabel={text('close')}
        onClose={() => {
          wizard.done.value = undefined;
        }}
      />
    </div>
  );
}
