import { leftByHand } from '../../lib/panel/execution.ts';
import type { WizardModel } from '../../lib/panel/wizard.ts';
import { categoryName } from '../../lib/panel/words.ts';
import { Card } from '../ui/Card.tsx';
import { Checkbox } from '../ui/Checkbox.tsx';
import { Link } from '../ui/Link.tsx';
import { useWords } from './context.ts';

/** A category that turned out to be for a person while the run was under way: why, where, and the tick. */
export function LeftByHand({ wizard }: { wizard: WizardModel }) {
  const { text, number } = useWords();
  const run = wizard.run.value;
  const left = leftByHand(run);
  if (!left) return null;
  const { category, acknowledged } = left;
  const name = categoryName(text, category);
  const count = category.count ?? 0;
  return (
    <Card
      tone="warn"
      heading={name}
      headingLevel={2}
      icon={category.kind}
      aside={<span class="ow-strong">{number(count)}</span>}
    >
      <p>{category.why}</p>
      {category.link !== undefined && (
        <p>
          <Link href={category.link} newTabLabel={text('new_tab')}>
            {text('future_open', { category: name })}
          </Link>
        </p>
      )}
      <Checkbox
        id="left-by-hand"
        checked={acknowledged}
        label={text('future_tick', { count })}
        onChange={(ticked) => void wizard.edits.edit({ kind: 'acknowledge', category: category.id, ticked })}
      />
    </Card>
  );
}
