import { useModel } from '@preact/signals';
import type { Run } from '../../lib/offboarding/model.ts';
import { progressOf } from '../../lib/panel/execution.ts';
import { ageOf } from '../../lib/panel/freshness.ts';
import { actorOf, ages, endOf, History, outcomes } from '../../lib/panel/history.ts';
import { formatAge, phaseName } from '../../lib/panel/words.ts';
import { BatchList } from '../batch/BatchList.tsx';
import { Avatar } from '../ui/Avatar.tsx';
import { Button } from '../ui/Button.tsx';
import { Chip, type Tone } from '../ui/Chip.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Menu } from '../ui/Menu.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Skeleton } from '../ui/Skeleton.tsx';
import { TextField } from '../ui/TextField.tsx';
import { useDependencies, useNavigation, useWords } from '../wizard/context.ts';
import { RefusalNotice } from '../wizard/RefusalNotice.tsx';
import { Page } from './Page.tsx';
import { PastTheWizard } from './PastTheWizard.tsx';

const tones: Partial<Record<Run['phase'], Tone>> = { succeeded: 'ok', partial: 'warn', failed: 'danger' };

/** Past runs with filters; each leads to its end, and from there to its review. */
export function HistoryScreen() {
  const dependencies = useDependencies();
  const { text } = useWords();
  const history = useModel(() => new History(dependencies));
  const past = history.past.value;
  const matching = history.matching.value;
  const shown = history.shown.value;
  return (
    <Page title={text('history_title')}>
      {history.failed.value !== undefined && (
        <Notice
          tone="danger"
          title={text('history_failed')}
          action={{ label: text('retry'), onClick: () => void history.retry() }}
        >
          {history.failed.value}
        </Notice>
      )}
      {!history.loaded.value && history.failed.value === undefined && (
        <Skeleton rows={6} height={52} text={text('history_loading')} />
      )}
      <OpenRuns history={history} />
      {history.loaded.value && past.length === 0 && history.batches.value.length === 0 && (
        <p>{text('history_none')}</p>
      )}
      <BatchList title={text('bulk_past_batches')} batches={history.batches.value} />
      {past.length > 0 && <Filters history={history} />}
      {past.length > 0 && (
        <p class="ow-meta" role="status">
          {text('history_count', { shown: matching.length, total: past.length })}
        </p>
      )}
      {past.length > 0 && matching.length === 0 && (
        <div class="ow-stack ow-tight">
          <p>{text('history_no_match')}</p>
          <div>
            <Button onClick={() => history.set({ outcome: 'all', by: '', age: 'any', query: '' })}>
              {text('history_clear')}
            </Button>
          </div>
        </div>
      )}
      {shown.length > 0 && (
        <ul class="ow-list" aria-label={text('history_title')}>
          {shown.map((run) => (
            <HistoryRow key={run.id} run={run} />
          ))}
        </ul>
      )}
      {shown.length < matching.length && (
        <div>
          <Button onClick={() => history.more()}>
            {text('history_more', { count: matching.length - shown.length })}
          </Button>
        </div>
      )}
      <PastTheWizard bypasses={history.bypasses.value} />
      <p class="ow-meta">
        {text((history.elsewhere.value ?? []).length > 0 ? 'history_here_open' : 'history_here')}
      </p>
    </Page>
  );
}

/** What other browsers are at, as far as the workspaces tell: each row leads to watching it. */
function OpenRuns({ history }: { history: InstanceType<typeof History> }) {
  const dependencies = useDependencies();
  const { text } = useWords();
  const navigation = useNavigation();
  const told = history.elsewhere.value;
  if (!told || told.length === 0) return null;
  const count = told.reduce((sum, { runs }) => sum + runs.length, 0);
  const now = dependencies.now();
  return (
    <section class="ow-stack ow-tight">
      <h2 class="ow-section">{text('history_elsewhere')}</h2>
      {told.map(
        ({ connection, refusal }) =>
          refusal && (
            <RefusalNotice
              key={connection.id}
              refusal={refusal}
              title={text('history_elsewhere_failed', { workspace: connection.workspace.name })}
              action={{ label: text('retry'), onClick: () => void history.retry() }}
            />
          ),
      )}
      {count === 0 && !told.some(({ refusal }) => refusal) && (
        <p class="ow-meta">{text('history_elsewhere_none')}</p>
      )}
      {count > 0 && (
        <ul class="ow-list" aria-label={text('history_elsewhere')}>
          {told.flatMap(({ connection, runs }) =>
            runs.map((run) => (
              <li key={run.id}>
                <button
                  type="button"
                  class="ow-row ow-row-button"
                  onClick={() => navigation.watch(connection.id, run.leaver.id)}
                >
                  <Avatar name={run.leaver.name} />
                  <span class="ow-row-text">
                    <span class="ow-runs-name">
                      <span class="ow-row-title" dir="auto">
                        {run.leaver.name}
                      </span>
                      <Chip>{phaseName(text, run.phase)}</Chip>
                    </span>
                    <span class="ow-row-meta" dir="auto">
                      {run.leaver.email}
                    </span>
                    <span class="ow-row-meta ow-wrap ow-runs-when">
                      {text(run.mine ? 'history_elsewhere_mine' : 'history_elsewhere_by', {
                        by: run.by.name,
                        age: formatAge(text, ageOf(run.seenAt, now)),
                      })}
                    </span>
                  </span>
                  <Icon name="chevronEnd" size={12} />
                </button>
              </li>
            )),
          )}
        </ul>
      )}
    </section>
  );
}

function Filters({ history }: { history: InstanceType<typeof History> }) {
  const { text } = useWords();
  const { outcome, by, age, query } = history.filter.value;
  const outcomeName = (value: (typeof outcomes)[number]) =>
    value === 'all' ? text('history_outcome_all') : phaseName(text, value);
  const anybody = text('history_by_all');
  return (
    <search class="ow-stack ow-tight">
      <TextField
        type="search"
        icon="search"
        label={text('history_search')}
        value={query}
        onInput={(value) => history.set({ query: value })}
        clearLabel={text('search_clear')}
      />
      <div class="ow-runs-filters">
        <Menu
          showLabel
          icon="chevronDown"
          label={text('history_outcome', { value: outcomeName(outcome) })}
          items={outcomes.map((value) => ({
            id: value,
            label: outcomeName(value),
            checked: value === outcome,
          }))}
          onSelect={(id) => history.set({ outcome: outcomes.find((value) => value === id) ?? 'all' })}
        />
        <Menu
          showLabel
          icon="chevronDown"
          label={text('history_by', { value: by === '' ? anybody : by })}
          items={['', ...history.actors.value].map((value) => ({
            id: value,
            label: value === '' ? anybody : value,
            checked: value === by,
          }))}
          onSelect={(id) => history.set({ by: id })}
        />
        <Menu
          showLabel
          icon="chevronDown"
          label={text('history_age', { value: text(`history_age_${age}`) })}
          items={ages.map((value) => ({
            id: value,
            label: text(`history_age_${value}`),
            checked: value === age,
          }))}
          onSelect={(id) => history.set({ age: ages.find((value) => value === id) ?? 'any' })}
        />
      </div>
    </search>
  );
}

function HistoryRow({ run }: { run: Run }) {
  const { text, time } = useWords();
  const navigation = useNavigation();
  const { moved, total } = progressOf(run);
  return (
    <li>
      <button type="button" class="ow-row ow-row-button" onClick={() => navigation.show(run.id)}>
        <Avatar name={run.leaver.name} />
        <span class="ow-row-text">
          <span class="ow-runs-name">
            <span class="ow-row-title" dir="auto">
              {run.leaver.name}
            </span>
            <Chip tone={tones[run.phase] ?? 'neutral'}>{phaseName(text, run.phase)}</Chip>
          </span>
          <span class="ow-row-meta" dir="auto">
            {run.leaver.email}
          </span>
          <span class="ow-row-meta ow-wrap ow-runs-when">
            {text('history_row', {
              mode: text(`mode_${run.mode}`),
              by: actorOf(run),
              when: time(endOf(run)),
            })}
            {total > 0 && ` · ${text('home_progress', { done: moved, total })}`}
          </span>
        </span>
        <Icon name="chevronEnd" size={12} />
      </button>
    </li>
  );
}
