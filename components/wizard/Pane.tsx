import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import type { WizardModel } from '../../lib/panel/wizard.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { useWords } from './context.ts';

export interface PaneProps {
  wizard: WizardModel;
  title: string;
  count: number;
  children: ComponentChildren;
}

/** Rows beside or beneath a step, in the tab. Esc, or the cross, closes it. */
export function Pane({ wizard, title, count, children }: PaneProps) {
  const { text, number } = useWords();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !event.defaultPrevented && !document.querySelector('dialog[open]'))
        wizard.sheet.value = undefined;
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [wizard]);
  return (
    <section class="ow-pane" aria-labelledby="pane-title">
      <div class="ow-sheet-head">
        <h2 id="pane-title" class="ow-section ow-grow">
          {title} · <span class="ow-number">{number(count)}</span>
        </h2>
        <IconButton
          icon="close"
          label={text('detail_close', { category: title })}
          onClick={() => {
            wizard.sheet.value = undefined;
          }}
        />
      </div>
      {children}
    </section>
  );
}
