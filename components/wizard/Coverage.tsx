import type { Run, ScannedCategory } from '../../lib/offboarding/model.ts';
import { coverageOf } from '../../lib/panel/execution.ts';
import { categoryName } from '../../lib/panel/words.ts';
import { Icon } from '../ui/Icon.tsx';
import { useWords } from './context.ts';

/** For what exactly the hand-over is verified, and what nobody could look at. */
export function Coverage({ run }: { run: Pick<Run, 'categories' | 'plan' | 'steps'> }) {
  const { text, locale } = useWords();
  const { verified, unread } = coverageOf(run);
  const list = (categories: readonly ScannedCategory[]): string =>
    new Intl.ListFormat(locale, { type: 'conjunction' }).format(
      categories.map((each) => categoryName(text, each)),
    );
  return (
    <ul class="ow-end-manual">
      {verified.length > 0 && (
        <li>
          <Icon name="completed" />
          <span>{text('coverage_verified', { list: list(verified) })}</span>
        </li>
      )}
      {unread.length > 0 && (
        <li>
          <Icon name="unread" />
          <span>{text('coverage_unread', { list: list(unread) })}</span>
        </li>
      )}
    </ul>
  );
}
