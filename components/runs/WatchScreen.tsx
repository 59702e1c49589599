import { useModel } from '@preact/signals';
import type { Run } from '../../lib/offboarding/model.ts';
import { progressOf } from '../../lib/panel/execution.ts';
import { ageOf } from '../../lib/panel/freshness.ts';
import { Members, nameOf } from '../../lib/panel/members.ts';
import type { WatchedRun } from '../../lib/panel/types.ts';
import { Watch, type WatchModel } from '../../lib/panel/watch.ts';
import { formatAge, nameOfCategory, phaseName } from '../../lib/panel/words.ts';
import { Button } from '../ui/Button.tsx';
import { Chip } from '../ui/Chip.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Notice } from '../ui/Notice.tsx';
import { ProgressBar } from '../ui/ProgressBar.tsx';
import { Skeleton } from '../ui/Skeleton.tsx';
import { useDependencies, useNavigation, useWords } from '../wizard/context.ts';
import { RefusalNotice } from '../wizard/RefusalNotice.tsx';
import { Steps } from '../wizard/StepList.tsx';
import { Page } from './Page.tsx';

export interface WatchScreenProps {
  connection: string;
  member: string;
}

/** A run in another browser, live and read-only; once that browser is gone, the way to take it over. */
export function WatchScreen({ connection, member }: WatchScreenProps) {
  const dependencies = useDependencies();
  const { text } = useWords();
  const navigation = useNavigation();
  const watch = useModel(() => new Watch(dependencies, connection, member));
  const run = watch.run.value;
  const known = watch.leaver.value ?? run?.record.leaver;
  const name = known?.name ?? '';
  const again = () => navigation.open(connection, member);
  const openLabel = name === '' ? text('watch_open_unknown') : text('watch_open', { name });
  return (
    <Page
      title={
        run ? text('watch_title', { phase: run.record.phase, by: run.by.name }) : text('watch_title_none')
      }
      leaver={known}
      aside={
        run?.open && (
          <Chip tone={watch.live.value ? 'neutral' : 'warn'} icon={watch.live.value ? 'ok' : 'retry'}>
            {text(watch.live.value ? 'live_live' : 'live_polling')}
          </Chip>
        )
      }
    >
      {watch.refusal.value && (
        <RefusalNotice
          refusal={watch.refusal.value}
          action={{ label: text('retry'), onClick: () => void watch.retry() }}
        />
      )}
      {watch.refused.value && <RefusalNotice refusal={watch.refused.value} />}
      {!watch.loaded.value && <Skeleton rows={6} height={48} text={text('loading_run')} />}
      {watch.loaded.value && !run && !watch.refusal.value && (
        <Notice tone="info" action={{ label: openLabel, onClick: again }}>
          {text('watch_none')}
        </Notice>
      )}
      {run && !watch.going.value && (
        <Notice
          tone={run.record.phase === 'succeeded' ? 'ok' : 'warn'}
          title={text('watch_over', { by: run.by.name, phase: phaseName(text, run.record.phase) })}
          action={{ label: openLabel, onClick: again }}
        >
          {text('watch_over_body')}
        </Notice>
      )}
      {run && watch.going.value && <Strip watch={watch} run={run} name={name} />}
      {run && <Recorded connection={connection} run={run} name={name} />}
      {run && <Questions watch={watch} run={run} name={name} again={again} />}
    </Page>
  );
}

/** Who runs it, that nothing here can be changed, the last sign of life, and what can be done about it. */
function Strip({ watch, run, name }: { watch: WatchModel; run: WatchedRun; name: string }) {
  const { text } = useWords();
  const draft = run.record.phase === 'draft';
  const who = { by: run.by.name, name };
  const gone = watch.gone.value;
  const minutes = Math.max(1, Math.floor((watch.now.value.getTime() - Date.parse(run.seenAt)) / 60_000));
  const title = run.mine ? text('watch_mine', who) : text(draft ? 'watch_strip_draft' : 'watch_strip', who);
  return (
    <>
      <Notice tone="info" title={title}>
        {text('watch_seen', { age: formatAge(text, ageOf(run.seenAt, watch.now.value)) })}
      </Notice>
      {gone && !run.mine && (
        <Notice tone="warn" title={text('watch_gone', { ...who, minutes })}>
          {text(
            draft
              ? 'watch_gone_draft'
              : run.record.phase === 'stopping'
                ? 'watch_gone_stopping'
                : 'watch_gone_body',
            who,
          )}
        </Notice>
      )}
      <div class="ow-line">
        {(gone || run.mine) && (
          <Button variant="primary" id="take-over" onClick={() => watch.ask('takeOver')}>
            {text(draft ? 'watch_take_draft' : 'watch_take')}
          </Button>
        )}
        {draft && (
          <Button variant="dangerText" onClick={() => watch.ask('discard')}>
            {text('menu_discard')}
          </Button>
        )}
      </div>
    </>
  );
}

function Questions({
  watch,
  run,
  name,
  again,
}: {
  watch: WatchModel;
  run: WatchedRun;
  name: string;
  again: () => void;
}) {
  const { text } = useWords();
  const navigation = useNavigation();
  const asked = watch.asked.value;
  const draft = run.record.phase === 'draft';
  const taken = draft
    ? 'watch_take_draft'
    : run.record.phase === 'stopping'
      ? 'watch_take_stopping'
      : 'watch_take';
  const who = { by: run.by.name, name };
  const confirm = async (): Promise<void> => {
    if (asked === 'takeOver') {
      if (await watch.takeOver()) navigation.show(run.id);
    } else if (await watch.discard()) again();
  };
  return (
    <Dialog
      open={asked !== undefined}
      alert
      title={text(
        asked === 'discard' ? 'watch_discard_title' : draft ? 'watch_take_draft_title' : 'watch_take_title',
        who,
      )}
      onClose={() => watch.keep()}
      actions={
        <>
          <Button onClick={() => watch.keep()}>{text('cancel')}</Button>
          <Button
            variant={asked === 'discard' ? 'danger' : 'primary'}
            armAfter={400}
            busy={watch.busy.value}
            onClick={() => void confirm()}
          >
            {text(asked === 'discard' ? 'watch_discard_action' : `${taken}_action`)}
          </Button>
        </>
      }
    >
      <p>
        {text(asked === 'discard' ? 'watch_discard_body' : `${taken}_body`, {
          ...who,
          mode: run.record.mode,
        })}
      </p>
      {asked === 'discard' && watch.recent.value && (
        <p>
          {text('watch_discard_recent', {
            ...who,
            age: formatAge(text, ageOf(run.seenAt, watch.now.value)),
          })}
        </p>
      )}
    </Dialog>
  );
}

/** What the registry keeps of it: how far it is, its steps, who receives what, what was acknowledged. */
function Recorded({ connection, run, name }: { connection: string; run: WatchedRun; name: string }) {
  const dependencies = useDependencies();
  const { text, time, number } = useWords();
  const members = useModel(() => new Members(dependencies, connection));
  const { record } = run;
  const { categories = [], steps } = record;
  const { settled, total } = progressOf({ steps });
  const shown = categories.filter(({ count }) => count !== 0);
  return (
    <>
      <dl class="ow-runs-facts">
        <dt>{text('watch_phase')}</dt>
        <dd>{phaseName(text, record.phase)}</dd>
        <dt>{text('watch_mode')}</dt>
        <dd>{text(`mode_${record.mode}`)}</dd>
        {record.startedAt !== undefined && (
          <>
            <dt>{text('watch_started')}</dt>
            <dd>{time(record.startedAt)}</dd>
          </>
        )}
        {record.note && (
          <>
            <dt>{text('watch_note')}</dt>
            <dd>{record.note}</dd>
          </>
        )}
      </dl>
      {steps.length > 0 && (
        <div class="ow-stack ow-tight">
          <ProgressBar
            value={total === 0 ? 0 : settled / total}
            label={text('run_progress_label')}
            valueText={text('run_progress', { done: settled, total })}
          />
          <p class="ow-number ow-strong">{text('run_progress', { done: settled, total })}</p>
        </div>
      )}
      {record.phase === 'paused' && record.pause && (
        <Notice tone="warn" icon="paused" title={text('watch_paused', { by: run.by.name })}>
          {record.pause.detail}
        </Notice>
      )}
      {steps.length > 0 && (
        <Steps title={text('run_steps')} run={{ categories, leaver: { name }, steps }} steps={steps} />
      )}
      {shown.length > 0 && (
        <section class="ow-stack ow-tight">
          <h2 class="ow-section">{text('watch_plan')}</h2>
          <ul class="ow-list">
            {shown.map((category) => (
              <li key={category.id} class="ow-row">
                <span class="ow-row-text">
                  <span class="ow-row-title">{nameOfCategory(text, { categories }, category.id)}</span>
                  <span class="ow-row-meta ow-wrap">
                    {receiverOf(record.plan, category, text, (id) => nameOf(members.byId.value, id))}
                  </span>
                </span>
                <span class="ow-number">{category.count === null ? '–' : number(category.count)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {record.acknowledgements.length > 0 && (
        <section class="ow-stack ow-tight">
          <h2 class="ow-section">{text('watch_acknowledged')}</h2>
          <ul class="ow-list">
            {record.acknowledgements.map(({ category, by, at, count }) => (
              <li key={category} class="ow-row">
                <span class="ow-row-text">
                  <span class="ow-row-title">{nameOfCategory(text, { categories }, category)}</span>
                  <span class="ow-row-meta">{text('watch_acknowledged_by', { by, when: time(at) })}</span>
                </span>
                <span class="ow-number">{count === null ? '–' : number(count)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

/** Who receives a category, as far as the plan's default says; overrides are counted. */
function receiverOf(
  plan: Run['plan'],
  category: Pick<Run['categories'][number], 'id' | 'action'>,
  text: ReturnType<typeof useWords>['text'],
  name: (id: string) => string,
): string {
  if (category.action === 'manual' && !plan.selected.includes(category.id)) return text('watch_by_hand');
  if (category.action !== 'reassign') return '';
  const target = plan.defaults[category.id];
  const overrides = plan.changes.filter(
    (change) => change.kind === 'override' && change.category === category.id,
  ).length;
  const parts = [
    !target
      ? text('watch_nobody')
      : 'member' in target
        ? text('watch_receives', { name: name(target.member) })
        : text('target_same'),
  ];
  if (overrides > 0) parts.push(text('watch_overrides', { count: overrides }));
  return parts.join(' · ');
}
