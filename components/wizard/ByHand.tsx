import type { Run } from '../../lib/offboarding/model.ts';
import { stillByHand } from '../../lib/panel/execution.ts';
import { isUnread } from '../../lib/panel/scan.ts';
import { manualEntry } from '../../lib/panel/words.ts';
import { Icon } from '../ui/Icon.tsx';
import { Link } from '../ui/Link.tsx';
import { useWords } from './context.ts';

/** What a run leaves to a person, each with the page where it is done; nothing where there is none of it. */
export function ByHand({ run }: { run: Pick<Run, 'categories' | 'plan'> }) {
  const { text } = useWords();
  const byHand = stillByHand(run);
  if (byHand.length === 0) return null;
  return (
    <div>
      <p class="ow-strong">{text('end_manual_title')}</p>
      <ul class="ow-end-manual" aria-label={text('end_manual_title')}>
        {byHand.map((category) => {
          const label = manualEntry(text, category);
          return (
            <li key={category.id}>
              <Icon name={isUnread(category) ? 'unread' : category.kind} />
              {category.link === undefined ? (
                <span>{label}</span>
              ) : (
                <Link href={category.link} newTabLabel={text('new_tab')}>
                  {label}
                </Link>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
