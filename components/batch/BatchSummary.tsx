import type { BatchScreenModel } from '../../lib/panel/batch/batch.ts';
import { reasonText } from '../../lib/panel/batch/csv.ts';
import { categoryName } from '../../lib/panel/words.ts';
import { Page } from '../runs/Page.tsx';
import { Button } from '../ui/Button.tsx';
import { Card } from '../ui/Card.tsx';
import { Checkbox } from '../ui/Checkbox.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Disclosure } from '../ui/Disclosure.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Link } from '../ui/Link.tsx';
import { Notice } from '../ui/Notice.tsx';
import { ProgressBar } from '../ui/ProgressBar.tsx';
import { useNavigation, useWords } from '../wizard/context.ts';
import { focusOn } from '../wizard/layout.ts';
import { RefusalNotice } from '../wizard/RefusalNotice.tsx';
import { BatchTable } from './BatchTable.tsx';
import { HeldNotice } from './HeldNotice.tsx';

type Category = NonNullable<BatchScreenModel['summary']['value']>['categories'][number];

/** What will happen to all of them, who is held back and why, what needs a tick; and one question at the end. */
export function BatchSummary({ model }: { model: BatchScreenModel }) {
  const { text } = useWords();
  const rows = model.rows.value;
  const summary = model.summary.value;
  const checked = model.checked.value;
  const whole = checked === rows.length;
  if (!summary) return null;
  return (
    <Page
      title={text('bulk_summary_title', { count: rows.length })}
      footer={<SubmitFooter model={model} whole={whole} />}
    >
      {!whole && (
        <div class="ow-stack ow-tight">
          <ProgressBar
            value={rows.length === 0 ? 0 : checked / rows.length}
            label={text('bulk_checking')}
            valueText={text('bulk_checked', { checked, total: rows.length })}
          />
          <p class="ow-number" role="status">
            {text('bulk_checked', { checked, total: rows.length })}
          </p>
        </div>
      )}
      <HeldNotice model={model} />
      {model.refusal.value && <RefusalNotice refusal={model.refusal.value} />}
      {whole && (
        <p class="ow-lead">
          {text('bulk_summary', {
            users: summary.users,
            items: summary.items,
            back: rows.length - summary.users,
          })}
        </p>
      )}
      {model.connection.value?.bulk && <p class="ow-meta">{model.connection.value.bulk.why}</p>}
      {summary.warnings.map((note) => (
        <Notice
          key={note.message}
          tone="warn"
          title={note.users > 0 ? text('bulk_note_users', { count: note.users }) : undefined}
        >
          {note.message}{' '}
          {note.link !== undefined && (
            <Link href={note.link} newTabLabel={text('new_tab')}>
              {text('bulk_open')}
            </Link>
          )}
        </Notice>
      ))}
      <HeldBack model={model} whole={whole} />
      <Removed categories={summary.categories.filter(({ executed, count }) => executed && count > 0)} />
      {summary.categories
        .filter(({ manual, selectable, count }) => manual || (selectable && count > 0))
        .map((category) => (
          <ManualCard key={category.id} category={category} model={model} />
        ))}
      {summary.infos.length > 0 && (
        <Disclosure summary={text('bulk_notes', { count: summary.infos.length })}>
          <ul class="ow-stack ow-tight">
            {summary.infos.map(({ message }) => (
              <li key={message}>{message}</li>
            ))}
          </ul>
        </Disclosure>
      )}
      <BatchTable model={model} />
      <Questions model={model} />
    </Page>
  );
}

/** Who cannot be offboarded now: they hold nobody else up. */
function HeldBack({ model, whole }: { model: BatchScreenModel; whole: boolean }) {
  const { text } = useWords();
  const rows = model.rows.value.filter(({ state }) => ['blocked', 'unchecked', 'refused'].includes(state));
  if (rows.length === 0) return null;
  return (
    <Card
      tone="warn"
      icon="warning"
      heading={text('bulk_held_back', { count: rows.length })}
      headingLevel={2}
      aside={
        whole ? (
          <Button small busy={model.asked.value === 'check'} onClick={() => void model.command('check')}>
            {text('bulk_check_again')}
          </Button>
        ) : undefined
      }
    >
      <p>{text('bulk_held_back_body')}</p>
      <ul class="ow-facts">
        {rows.slice(0, 50).map((row) => (
          <li key={row.run}>
            <span class="ow-strong ow-wrap">{row.member.name}</span>{' '}
            <span class="ow-meta ow-block ow-wrap">
              {reasonText(text, row) || text(`bulk_state_${row.state}`)}{' '}
              {row.reason && 'link' in row.reason && row.reason.link !== undefined && (
                <Link href={row.reason.link} newTabLabel={text('new_tab')}>
                  {text('bulk_open')}
                </Link>
              )}
            </span>
          </li>
        ))}
      </ul>
      {rows.length > 50 && <p class="ow-meta">{text('bulk_held_back_more', { count: rows.length - 50 })}</p>}
    </Card>
  );
}

function Removed({ categories }: { categories: readonly Category[] }) {
  const { text, number } = useWords();
  if (categories.length === 0) return null;
  return (
    <section class="ow-stack ow-tight">
      <h2 class="ow-section">{text('bulk_removed')}</h2>
      <ul class="ow-list">
        {categories.map((category) => (
          <li key={category.id} class="ow-row">
            <Icon name={category.kind} />
            <span class="ow-row-text">
              <span class="ow-row-title">{categoryName(text, category)}</span>
              <span class="ow-row-meta">{text('bulk_of_users', { count: category.users })}</span>
            </span>
            <span class="ow-number ow-strong">{number(category.count)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A group that needs a person, for all users at once: one tick, recorded for each; or removed for all. */
function ManualCard({ category, model }: { category: Category; model: BatchScreenModel }) {
  const { text, number } = useWords();
  const { id, count, users, unread, selectable, selected, manual, acknowledged, outdated, link } = category;
  const name = categoryName(text, category);
  return (
    <Card
      heading={name}
      headingLevel={2}
      icon={unread > 0 ? 'unread' : category.kind}
      aside={<span class="ow-strong ow-number">{number(count)}</span>}
    >
      <p>
        {count > 0 && text('bulk_manual', { users })}{' '}
        {unread > 0 && text('bulk_manual_unread', { count: unread })}
      </p>
      {link !== undefined && (
        <p>
          <Link href={link} newTabLabel={text('new_tab')}>
            {text('future_open', { category: name })}
          </Link>
        </p>
      )}
      {outdated && (
        <p class="ow-warn-line">
          <Icon name="warning" size={12} />
          {text('bulk_tick_outdated')}
        </p>
      )}
      {selectable && count > 0 && (
        <Checkbox
          checked={selected}
          label={text('bulk_select', { count, users })}
          description={text(selected ? 'select_remove_on' : 'select_remove_off')}
          onChange={(wanted) => void model.edit({ kind: 'select', category: id, selected: wanted })}
        />
      )}
      {manual && (
        <Checkbox
          id={`tick-${id}`}
          checked={acknowledged}
          label={text('bulk_tick', { count, users: users + unread })}
          onChange={(ticked) => void model.edit({ kind: 'acknowledge', category: id, ticked })}
        />
      )}
    </Card>
  );
}

function SubmitFooter({ model, whole }: { model: BatchScreenModel; whole: boolean }) {
  const { text } = useWords();
  const summary = model.summary.value;
  const missing = summary?.unacknowledged ?? [];
  const nobody = (summary?.users ?? 0) === 0;
  const outdated = model.outdated.value;
  const gap = !whole
    ? text('bulk_gap_checking')
    : outdated
      ? text('bulk_gap_old')
      : nobody
        ? text('bulk_gap_nobody')
        : missing.length > 0
          ? text('bulk_gap_ticks', { count: missing.length })
          : undefined;
  return (
    <footer class="ow-footer">
      {gap !== undefined && (
        <div class="ow-runs-column">
          <button
            type="button"
            class="ow-gap"
            onClick={() => focusOn(whole && outdated ? 'check-again' : `tick-${missing[0] ?? ''}`)}
          >
            <Icon name="info" />
            <span>{gap}</span>
          </button>
        </div>
      )}
      <div class="ow-runs-column ow-runs-footer">
        <Button
          variant="text"
          large
          onClick={() => {
            model.question.value = 'discard';
          }}
        >
          {text('bulk_discard')}
        </Button>
        {(model.batch.value?.pause || (whole && outdated)) && (
          <Button
            id="check-again"
            large
            busy={model.asked.value === 'check'}
            onClick={() => void model.command('check')}
          >
            {text('bulk_check_again')}
          </Button>
        )}
        <Button
          id="primary"
          variant="primary"
          large
          disabled={gap !== undefined}
          onClick={() => {
            model.question.value = 'start';
          }}
        >
          {model.connection.value?.bulk?.submit ?? text('bulk_submit')}
        </Button>
      </div>
    </footer>
  );
}

function Questions({ model }: { model: BatchScreenModel }) {
  const { text } = useWords();
  const navigation = useNavigation();
  const summary = model.summary.value;
  const close = () => {
    model.question.value = undefined;
  };
  const users = summary?.users ?? 0;
  return (
    <>
      <Dialog
        open={model.question.value === 'start'}
        alert
        title={text('bulk_confirm_title', { count: users })}
        onClose={close}
        actions={
          <>
            <Button id="confirm-cancel" onClick={close}>
              {text('cancel')}
            </Button>
            <Button
              id="confirm-start"
              variant="danger"
              armAfter={400}
              busy={model.asked.value === 'start'}
              onClick={() => void model.start()}
            >
              {text('bulk_confirm_action', { count: users })}
            </Button>
          </>
        }
      >
        <p>{text('bulk_confirm_body', { count: users, items: summary?.items ?? 0 })}</p>
        {model.connection.value?.bulk && <p>{model.connection.value.bulk.why}</p>}
      </Dialog>
      <Dialog
        open={model.question.value === 'discard'}
        alert
        title={text('bulk_discard_title')}
        onClose={close}
        actions={
          <>
            <Button onClick={close}>{text('discard_keep')}</Button>
            <Button
              variant="danger"
              armAfter={400}
              busy={model.asked.value === 'discard'}
              onClick={() =>
                void model.command('discard').then((discarded) => {
                  close();
                  if (discarded) navigation.home();
                })
              }
            >
              {text('discard_action')}
            </Button>
          </>
        }
      >
        <p>{text('bulk_discard_body')}</p>
      </Dialog>
    </>
  );
}
