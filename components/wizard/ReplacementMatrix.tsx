import type { Card as CardData } from '../../lib/panel/reassignments.ts';
import { categoryName } from '../../lib/panel/words.ts';
import { Icon } from '../ui/Icon.tsx';
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

/** Who receives what, in the tab: categories as rows; default, overrides, and how the items fall. */
export function ReplacementMatrix({
  wizard,
  reassignments,
  cards,
}: Omit<ReplacementProps, 'card'> & { cards: readonly CardData[] }) {
  const { text } = useWords();
  const sheet = wizard.sheet.value;
  return (
    <table class="ow-matrix">
      <thead>
        <tr>
          {(['matrix_category', 'matrix_default', 'matrix_overrides', 'matrix_share'] as const).map((key) => (
            <th key={key} scope="col">
              {text(key)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {cards.map((card) => (
          <tr
            key={card.category.id}
            class={
              sheet?.kind === 'category' && sheet.category === card.category.id ? 'ow-matrix-open' : undefined
            }
          >
            <th scope="row">
              <span class="ow-matrix-name">
                <Icon name={card.category.kind} />
                <span class="ow-grow">{categoryName(text, card.category)}</span>
                <CountLink wizard={wizard} card={card} />
              </span>
            </th>
            <td>
              <div class="ow-stack ow-tight">
                <DefaultPicker wizard={wizard} reassignments={reassignments} card={card} />
                <Warnings wizard={wizard} card={card} />
              </div>
            </td>
            <td>
              <OverridesLink wizard={wizard} card={card} />
              <Uncovered card={card} />
            </td>
            <td>
              <ShareBar card={card} />
              <span class="ow-meta ow-block">
                <Shares wizard={wizard} card={card} />
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The shares as one bar, the largest first; what nobody receives stays hollow. The words beside it say the same. */
function ShareBar({ card }: { card: CardData }) {
  const shares = Object.entries(card.shares).sort(([, a], [, b]) => b - a);
  const total = card.category.count ?? 0;
  if (total === 0) return null;
  return (
    <span class="ow-share" aria-hidden="true">
      {shares.map(([id, count]) => (
        <span key={id} class="ow-share-part" style={{ flexGrow: count }} />
      ))}
      {(card.unassigned ?? 0) > 0 && (
        <span class="ow-share-none" style={{ flexGrow: card.unassigned ?? 0 }} />
      )}
    </span>
  );
}
