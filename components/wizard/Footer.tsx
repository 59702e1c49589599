import type { ComponentChildren } from 'preact';
import type { WizardModel } from '../../lib/panel/wizard.ts';
import { Button } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { useWords } from './context.ts';
import { Done } from './Done.tsx';
import { focusOn, useLayout } from './layout.ts';
import { RefusalNotice } from './RefusalNotice.tsx';

export interface FooterProps {
  wizard: WizardModel;
  /** Why the primary button is disabled, and which element to go to. */
  gap?: { text: string; target: string } | undefined;
  back?: boolean;
  primary?: { label: string; onClick: () => void; busy?: boolean; danger?: boolean } | undefined;
  children?: ComponentChildren;
}

/** Sticky at the end: Back, how far the saving is, one primary button, and above it what is still missing. */
export function Footer({ wizard, gap, back = true, primary, children }: FooterProps) {
  const layout = useLayout();
  const { text } = useWords();
  const save = wizard.edits.save.value;
  const refused = wizard.edits.refused.value;
  const held = gap !== undefined || save.kind === 'failed';
  const steps = wizard.steps.value;
  return (
    <footer class={`ow-footer${save.kind === 'failed' ? ' ow-footer-danger' : ''}`}>
      <Done wizard={wizard} />
      {save.kind === 'failed' && (
        <RefusalNotice
          id="save-failed"
          refusal={save.refusal}
          title={text('save_failed')}
          action={{ label: text('retry'), onClick: () => wizard.edits.retry() }}
        />
      )}
      {refused && <p class="ow-footer-refused">{text('edit_refused', { detail: refused.detail })}</p>}
      {gap && save.kind !== 'failed' && (
        <button type="button" class="ow-gap" onClick={() => focusOn(gap.target)}>
          <Icon name="info" />
          <span>{gap.text}</span>
        </button>
      )}
      <div class="ow-footer-line">
        {back && steps.indexOf(wizard.screen.value) > 0 && (
          <Button variant="text" onClick={() => wizard.back()}>
            {text('back')}
          </Button>
        )}
        <span class="ow-footer-save">
          {(layout === 'narrow' || layout === 'medium') && <SaveStateLine wizard={wizard} />}
        </span>
        {children}
        {primary && (
          <Button
            id="primary"
            variant={primary.danger ? 'danger' : 'primary'}
            large
            busy={primary.busy ?? false}
            disabled={held}
            onClick={primary.onClick}
          >
            {primary.label}
          </Button>
        )}
      </div>
    </footer>
  );
}

/** "Saved 14:02", "Saving…", "Not saved". */
export function SaveStateLine({ wizard }: { wizard: WizardModel }) {
  const { text, time } = useWords();
  const save = wizard.edits.save.value;
  const run = wizard.run.value;
  if (run.phase !== 'draft') return null;
  if (save.kind === 'failed') return <span class="ow-save ow-save-failed">{text('save_failed')}</span>;
  if (save.kind === 'saving') return <span class="ow-save">{text('save_saving')}</span>;
  return (
    <span class="ow-save">
      {text('save_saved', { time: time(save.kind === 'saved' ? save.at : run.updatedAt) })}
    </span>
  );
}
