import type { Run } from '../../lib/offboarding/model.ts';
import type { FailureGroup, FailuresModel } from '../../lib/panel/failures.ts';
import type { Members } from '../../lib/panel/members.ts';
import { nameOfCategory } from '../../lib/panel/words.ts';
import { Button } from '../ui/Button.tsx';
import { Card } from '../ui/Card.tsx';
import { Link } from '../ui/Link.tsx';
import { MemberPicker, type PickerSpecial } from '../ui/MemberPicker.tsx';
import { useWords } from '../wizard/context.ts';
import { usePicker } from '../wizard/picker.ts';

/** Id of the choice "as planned"; no member can have it. */
const asPlanned = 'as-planned';

export interface FailureCardProps {
  run: Run;
  group: FailureGroup;
  failures: FailuresModel;
  members: InstanceType<typeof Members>;
  /** The run may be taken up again, so that another receiver can be chosen. */
  editable: boolean;
}

/** Items that failed for one reason: what the workspace said, which they are, and who receives them next time. */
export function FailureCard({ run, group, failures, members, editable }: FailureCardProps) {
  const { text, number } = useWords();
  const picker = usePicker({ members, run: { value: run } });
  const rows = failures.rows.value.get(group.failure) ?? [];
  const receiver = failures.receivers.value.get(group.failure);
  const planned: PickerSpecial = { id: asPlanned, label: text('review_same') };
  const words = group.message === '' ? text(`failure_${group.code}`) : group.message;
  const left = group.refs.length - rows.length;
  return (
    <Card
      heading={words}
      headingLevel={3}
      icon="failed"
      aside={<span class="ow-number">{number(group.refs.length)}</span>}
    >
      <p class="ow-meta">
        {[...group.counts]
          .map(([category, count]) => text('share', { name: nameOfCategory(text, run, category), count }))
          .join(' · ')}
      </p>
      <ul class="ow-list" aria-label={words}>
        {rows.map((item) => (
          <li key={`${item.category} ${item.ref}`} class="ow-row">
            <span class="ow-row-text">
              <span class="ow-row-title ow-wrap" dir="auto">
                {item.link === undefined ? (
                  item.title
                ) : (
                  <Link href={item.link} newTabLabel={text('new_tab')}>
                    {item.title}
                  </Link>
                )}
              </span>
              <span class="ow-row-meta">
                {nameOfCategory(text, run, item.category)}
                {item.customer && item.customer.name !== item.title && ` · ${item.customer.name}`}
              </span>
            </span>
          </li>
        ))}
      </ul>
      {left > 0 && (
        <div>
          <Button small onClick={() => void failures.more(group.failure)}>
            {text('history_more', { count: left })}
          </Button>
        </div>
      )}
      {editable && group.reassignable && (
        <div class="ow-stack ow-tight">
          <span class="ow-strong" aria-hidden="true">
            {text('review_receiver')}
          </span>
          <MemberPicker
            label={text('review_receiver')}
            value={receiver === undefined ? planned : picker.show(receiver)}
            search={picker.search}
            specials={[planned]}
            texts={picker.texts}
            onChange={(id) => failures.give(group.failure, id === asPlanned ? null : id)}
          />
        </div>
      )}
    </Card>
  );
}
