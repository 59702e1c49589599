import type { ScannedCategory } from '../../lib/offboarding/model.ts';
import { isPending, isUnread } from '../../lib/panel/scan.ts';
import type { WizardModel } from '../../lib/panel/wizard.ts';
import { categoryName } from '../../lib/panel/words.ts';
import { Button } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Link } from '../ui/Link.tsx';
import { ProgressBar } from '../ui/ProgressBar.tsx';
import { useWords } from './context.ts';

/** One category of the scan: its count leads to its rows; while it is read the count climbs. */
export function CategoryRow({ wizard, category }: { wizard: WizardModel; category: ScannedCategory }) {
  const { text, number } = useWords();
  const name = categoryName(text, category);
  if (isUnread(category)) return <UnreadRow wizard={wizard} category={category} />;
  const sheet = wizard.sheet.value;
  const running = category.state === 'running';
  const inner = (
    <>
      <Icon name={category.kind} />
      <span class="ow-row-text">
        <span class="ow-row-title">{name}</span>
      </span>
      <span class="ow-number ow-row-count">
        {number(isPending(category) ? category.found : (category.count ?? category.found))}
      </span>
    </>
  );
  if (isPending(category))
    return (
      <li class="ow-row ow-row-pending">
        {inner}
        {running && (
          <span class="ow-row-bar">
            <ProgressBar
              thin
              decorative
              label={name}
              value={category.count ? category.found / category.count : null}
            />
          </span>
        )}
      </li>
    );
  return (
    <li>
      <button
        type="button"
        class="ow-row ow-row-button"
        data-opens={category.id}
        aria-current={sheet?.kind === 'category' && sheet.category === category.id ? 'true' : undefined}
        onClick={() => {
          wizard.sheet.value = { kind: 'category', category: category.id };
        }}
      >
        {inner}
        <span class="ow-hidden"> {text('row_items', { count: category.count ?? 0 })}</span>
        <Icon name="chevronEnd" size={12} />
      </button>
    </li>
  );
}

/** Could not be checked: a dash, never a zero; the reason, a link, and another try. */
function UnreadRow({ wizard, category }: { wizard: WizardModel; category: ScannedCategory }) {
  const { text } = useWords();
  const name = categoryName(text, category);
  const reason = category.unread?.reason ?? 'failed';
  return (
    <li class="ow-row ow-row-unread">
      <Icon name="unread" />
      <span class="ow-row-text">
        <span class="ow-row-title">{name}</span>
        <span class="ow-row-meta ow-wrap">
          <span class="ow-warn-word">{text('scan_unread')}.</span> {text(`scan_unread_${reason}`)}{' '}
          {category.unread?.detail}
        </span>
        <span class="ow-line ow-row-links">
          {category.link !== undefined && (
            <Link href={category.link} newTabLabel={text('new_tab')}>
              {text('scan_open_page', { category: name })}
            </Link>
          )}
          {reason !== 'unsupported' && wizard.run.value.phase === 'draft' && (
            <Button variant="text" small onClick={() => void wizard.scan()}>
              {text('scan_try_again')}
            </Button>
          )}
        </span>
      </span>
      <span class="ow-number ow-row-count" role="img" aria-label={text('unknown_count')}>
        –
      </span>
    </li>
  );
}
