import { categoryName } from '../../lib/panel/words.ts';
import { Card } from '../ui/Card.tsx';
import { useWords } from './context.ts';
import {
  CountLink,
  DefaultPicker,
  OverridesLink,
  type ReplacementProps,
  Shares,
  Uncovered,
  Warnings,
} from './ReplacementParts.tsx';

/** Who receives one category, in one column: its default, what the overrides do, and what to look out for. */
export function ReplacementCard({ wizard, reassignments, card }: ReplacementProps) {
  const { text } = useWords();
  const { category } = card;
  return (
    <Card
      heading={categoryName(text, category)}
      headingLevel={2}
      icon={category.kind}
      aside={<CountLink wizard={wizard} card={card} />}
    >
      <DefaultPicker wizard={wizard} reassignments={reassignments} card={card} />
      <Uncovered card={card} />
      <p class="ow-line ow-meta ow-fold-empty">
        <OverridesLink wizard={wizard} card={card} />
        <Shares wizard={wizard} card={card} />
      </p>
      <Warnings wizard={wizard} card={card} />
    </Card>
  );
}
