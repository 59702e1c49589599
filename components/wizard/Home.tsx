import { useEffect, useState } from 'preact/hooks';
import type { Run } from '../../lib/offboarding/model.ts';
import { progressOf } from '../../lib/panel/execution.ts';
import { openRuns, type PanelModel } from '../../lib/panel/panel.ts';
import type { ConnectionView } from '../../lib/panel/types.ts';
import { phaseName } from '../../lib/panel/words.ts';
import { BatchList } from '../batch/BatchList.tsx';
import { Avatar } from '../ui/Avatar.tsx';
import { Button } from '../ui/Button.tsx';
import { Chip, type Tone } from '../ui/Chip.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Link } from '../ui/Link.tsx';
import { TextField } from '../ui/TextField.tsx';
import { useNavigation, useWords } from './context.ts';
import { RefusalNotice } from './RefusalNotice.tsx';
import { Unreadable } from './Unreadable.tsx';

const tones: Partial<Record<Run['phase'], Tone>> = {
  succeeded: 'ok',
  partial: 'warn',
  failed: 'danger',
  executing: 'info',
  paused: 'warn',
};

/** Without a member in view: look for one, or go on with what is open. */
export function Home({ panel }: { panel: PanelModel }) {
  const { text } = useWords();
  const open = openRuns(panel.runs.value);
  const past = panel.runs.value.filter((run) => !open.includes(run)).slice(0, 10);
  return (
    <main class="ow-page ow-gutter">
      <h1 id="step-title" class="ow-title" tabIndex={-1}>
        {text('home_title')}
      </h1>
      <p>{text('home_how')}</p>
      {panel.connections.value.map((connection) => (
        <MemberSearch key={connection.id} panel={panel} connection={connection} />
      ))}
      {panel.unreadable.value !== undefined && (
        <Unreadable
          title={text('unreadable_runs')}
          detail={panel.unreadable.value}
          onRetry={() => void panel.refresh()}
        />
      )}
      <BatchList
        title={text('bulk_open_batches')}
        batches={panel.batches.value.filter(({ phase }) => phase !== 'ended')}
      />
      {(panel.unreadable.value === undefined || open.length > 0) && (
        <RunList title={text('home_open_runs')} runs={open} panel={panel} empty={text('home_open_none')} />
      )}
      <BatchList
        title={text('bulk_past_batches')}
        batches={panel.batches.value.filter(({ phase }) => phase === 'ended').slice(0, 5)}
      />
      {past.length > 0 && <RunList title={text('home_past')} runs={past} panel={panel} />}
      <div>
        <Button variant="text" icon="history" onClick={() => panel.history()}>
          {text('menu_history')}
        </Button>
        <Button variant="text" icon="plug" onClick={() => panel.manage()}>
          {text('menu_connections')}
        </Button>
      </div>
    </main>
  );
}

function MemberSearch({ panel, connection }: { panel: PanelModel; connection: ConnectionView }) {
  const { text } = useWords();
  const navigation = useNavigation();
  const [query, setQuery] = useState('');
  useEffect(() => {
    if (query.trim() === '') return;
    const timer = setTimeout(() => void panel.search(connection.id, query.trim()), 150);
    return () => clearTimeout(timer);
  }, [query, connection.id, panel]);
  const results = query.trim() === '' ? undefined : panel.results.value;
  return (
    <section class="ow-stack" aria-label={connection.workspace.name}>
      <TextField
        type="search"
        icon="search"
        label={text('home_search', { workspace: connection.workspace.name })}
        value={query}
        onInput={setQuery}
        clearLabel={text('search_clear')}
      />
      {results?.refusal && <RefusalNotice refusal={results.refusal} />}
      {results && !results.refusal && results.members.length === 0 && (
        <p class="ow-meta">{text('home_results_none', { query: results.text })}</p>
      )}
      {results && results.members.length > 0 && (
        <ul class="ow-list">
          {results.members.slice(0, 8).map((member) => (
            <li key={member.id}>
              <button
                type="button"
                class="ow-row ow-row-button"
                onClick={() => void panel.open(connection.id, member.id)}
              >
                <Avatar name={member.name} />
                <span class="ow-row-text">
                  <span class="ow-row-title" dir="auto">
                    {member.name}
                  </span>
                  <span class="ow-row-meta" dir="auto">
                    {member.email}
                  </span>
                </span>
                {!member.active && <Chip>{text('status_inactive')}</Chip>}
                <Icon name="chevronEnd" size={12} />
              </button>
            </li>
          ))}
        </ul>
      )}
      {connection.bulk && (
        <div>
          <Button icon="table" onClick={() => navigation.bulk(connection.id)}>
            {connection.bulk.title}
          </Button>
        </div>
      )}
      <p class="ow-meta">
        <Link href={connection.usersLink} newTabLabel={text('new_tab')}>
          {text('home_users')}
        </Link>
        {connection.localOnly && <span class="ow-block">{text('local_only')}</span>}
      </p>
    </section>
  );
}

function RunList({
  title,
  runs,
  panel,
  empty,
}: {
  title: string;
  runs: readonly Run[];
  panel: PanelModel;
  empty?: string;
}) {
  const { text, time } = useWords();
  return (
    <section class="ow-stack ow-tight">
      <h2 class="ow-section">{title}</h2>
      {runs.length === 0 && <p class="ow-meta">{empty}</p>}
      {runs.length > 0 && (
        <ul class="ow-list">
          {runs.map((run) => {
            const progress = progressOf(run);
            return (
              <li key={run.id}>
                <button type="button" class="ow-row ow-row-button" onClick={() => panel.show(run.id)}>
                  <Avatar name={run.leaver.name} />
                  <span class="ow-row-text">
                    <span class="ow-row-title" dir="auto">
                      {run.leaver.name}
                    </span>
                    <span class="ow-row-meta" dir="auto">
                      {run.leaver.email}
                    </span>
                    <span class="ow-row-meta">
                      {progress.total > 0 &&
                        `${text('home_progress', { done: progress.moved, total: progress.total })} · `}
                      {run.by.name ?? run.by.email} · {time(run.updatedAt)}
                    </span>
                  </span>
                  <Chip tone={tones[run.phase] ?? 'neutral'}>{phaseName(text, run.phase)}</Chip>
                  <Icon name="chevronEnd" size={12} />
                </button>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
