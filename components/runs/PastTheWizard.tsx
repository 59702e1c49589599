import type { Bypass } from '../../lib/panel/types.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Disclosure } from '../ui/Disclosure.tsx';
import { useWords } from '../wizard/context.ts';

/**
 * Deactivations that somebody let pass on the page after the wizard had asked, whatever the page made of it; folded, and nothing
 * where there is none.
 */
export function PastTheWizard({ bypasses }: { bypasses: readonly Bypass[] }) {
  const { text, time } = useWords();
  if (bypasses.length === 0) return null;
  return (
    <section class="ow-stack ow-tight">
      <h2 class="ow-section">{text('history_past')}</h2>
      <Disclosure summary={text('history_past_count', { count: bypasses.length })}>
        <ul class="ow-list" aria-label={text('history_past')}>
          {bypasses.map(({ at, who, by, left }) => (
            <li key={`${at} ${who}`} class="ow-row">
              <Avatar name={who} />
              <span class="ow-row-text">
                <span class="ow-row-title ow-wrap" dir="auto">
                  {who}
                </span>
                <span class="ow-row-meta ow-wrap">
                  {by === undefined
                    ? text('history_past_nobody', { when: time(at) })
                    : text('history_past_by', { by, when: time(at) })}
                </span>
                <span class="ow-row-meta ow-wrap">
                  {left
                    ? text('history_past_left', { count: left.items, unknown: left.unknown })
                    : text('history_past_unchecked')}
                </span>
              </span>
            </li>
          ))}
        </ul>
      </Disclosure>
    </section>
  );
}
