import { nameOf } from '../../lib/panel/members.ts';
import type { ReviewModel } from '../../lib/panel/review.ts';
import type { WizardModel } from '../../lib/panel/wizard.ts';
import { formatLength } from '../../lib/panel/words.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { useWords } from './context.ts';

interface ConfirmationProps {
  wizard: WizardModel;
  review: ReviewModel;
}

/** The last question. It names the leaver with their address, everybody who receives something, and the number. */
export function Confirmation({ wizard, review }: ConfirmationProps) {
  return review.confirming.value ? <Question wizard={wizard} review={review} /> : null;
}

function Question({ wizard, review }: ConfirmationProps) {
  const { text, locale } = useWords();
  const run = wizard.run.value;
  const { name, email, active } = run.leaver;
  const count = review.items.value;
  const deactivates = run.mode === 'executeAndDeactivate';
  const kind = count > 0 ? run.mode : deactivates ? 'nothing' : 'check';
  const members = wizard.members.byId.value;
  const recipients = [...review.recipients.value].map(([id, items], index) =>
    text(index === 0 ? 'confirm_receives_first' : 'share', { name: nameOf(members, id), count: items }),
  );
  const length = review.length.value;
  return (
    <Dialog
      open
      alert
      title={text(`confirm_title_${kind}`, { count, name, email })}
      onClose={() => review.cancel()}
      actions={
        <>
          <Button id="confirm-cancel" onClick={() => review.cancel()}>
            {text('cancel')}
          </Button>
          <Button
            id="confirm-start"
            variant={deactivates ? 'danger' : 'primary'}
            armAfter={400}
            busy={review.starting.value}
            onClick={() => void review.start()}
          >
            {text(`confirm_action_${kind}`, { count, name })}
          </Button>
        </>
      }
    >
      {recipients.length > 0 && (
        <p class="ow-number">
          {text('confirm_receives', {
            list: new Intl.ListFormat(locale, { type: 'unit', style: 'short' }).format(recipients),
          })}
        </p>
      )}
      <p>
        {deactivates
          ? text('confirm_deactivation')
          : text('confirm_stays', {
              name,
              status: text(active ? 'status_active' : 'status_inactive').toLowerCase(),
            })}{' '}
        {length && count > 0 && text('confirm_length', { length: formatLength(text, length.milliseconds) })}
      </p>
      <p>{text('confirm_final')}</p>
    </Dialog>
  );
}
