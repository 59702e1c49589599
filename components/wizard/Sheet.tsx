import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { nameOfScreen } from '../../lib/panel/words.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { useWords } from './context.ts';
import type { StepProps } from './ImpactScanStep.tsx';
import { Shell } from './Shell.tsx';

export interface SheetProps extends StepProps {
  title: string;
  count: number;
  children: ComponentChildren;
}

/** Rows in the place of a step. Esc, or the arrow, leads back to where one came from. */
export function Sheet({ wizard, title, count, children, ...ways }: SheetProps) {
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
    <Shell wizard={wizard} sheet {...ways}>
      <div class="ow-sheet-head">
        <IconButton
          icon="back"
          label={text('sheet_back', { place: nameOfScreen(text, wizard.screen.value) })}
          onClick={() => {
            wizard.sheet.value = undefined;
          }}
        />
        <h1 id="step-title" class="ow-section" tabIndex={-1}>
          {title} · <span class="ow-number">{number(count)}</span>
        </h1>
      </div>
      {children}
    </Shell>
  );
}
