import { useModel } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { Choose, type ChooseModel, unfit } from '../../lib/panel/batch/choose.ts';
import type { Member, PageIdentity } from '../../lib/panel/types.ts';
import { Page } from '../runs/Page.tsx';
import { Button } from '../ui/Button.tsx';
import { Checkbox } from '../ui/Checkbox.tsx';
import { Chip } from '../ui/Chip.tsx';
import { Disclosure } from '../ui/Disclosure.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Skeleton } from '../ui/Skeleton.tsx';
import { TextField } from '../ui/TextField.tsx';
import { useDependencies, useNavigation, useWords } from '../wizard/context.ts';
import { RefusalNotice } from '../wizard/RefusalNotice.tsx';
import { PastedReport } from './PastedReport.tsx';
import './batch.css';

/** Who shall be offboarded together: search and tick, or paste a list; then everybody is checked. */
export function ChooseScreen({ connection, page }: { connection: string; page?: PageIdentity | undefined }) {
  const dependencies = useDependencies();
  const { text } = useWords();
  const navigation = useNavigation();
  const choose = useModel(() => new Choose(dependencies, connection, page));
  const count = choose.chosen.value.size;
  const about = choose.connection.value;
  useEffect(() => {
    document.title = text('bulk_page_title');
  }, [text]);
  const go = async (): Promise<void> => {
    const batch = await choose.open();
    if (batch !== undefined) navigation.batch(batch);
  };
  return (
    <Page
      title={about?.bulk?.title ?? text('bulk_title')}
      footer={
        <footer class="ow-footer">
          <div class="ow-runs-column ow-runs-footer">
            <span class="ow-meta ow-number ow-grow" role="status">
              {text('bulk_chosen', { count, limit: choose.room.value + count })}
            </span>
            <Button
              id="primary"
              variant="primary"
              large
              disabled={count === 0}
              busy={choose.opening.value}
              onClick={() => void go()}
            >
              {text('bulk_check', { count })}
            </Button>
          </div>
        </footer>
      }
    >
      <p>{text('bulk_how', { workspace: about?.workspace.name ?? '' })}</p>
      {about && !about.bulk && <Notice tone="warn" title={text('bulk_not_here')} />}
      {choose.refusal.value && (
        <RefusalNotice
          refusal={choose.refusal.value}
          action={{ label: text('retry'), onClick: () => void choose.search() }}
        />
      )}
      <Search choose={choose} />
      <Paste choose={choose} />
      <Chosen choose={choose} />
      {about?.bulk && <p class="ow-meta">{about.bulk.why}</p>}
    </Page>
  );
}

function Search({ choose }: { choose: ChooseModel }) {
  const { text } = useWords();
  const results = choose.results.value;
  const query = choose.query.value;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when the words change
  useEffect(() => {
    if (choose.results.peek() === undefined && query === '') return;
    const timer = setTimeout(() => void choose.search(), 150);
    return () => clearTimeout(timer);
  }, [query]);
  return (
    <section class="ow-stack ow-tight" aria-label={text('bulk_search')}>
      <TextField
        type="search"
        icon="search"
        label={text('bulk_search')}
        value={query}
        onInput={(value) => {
          choose.query.value = value;
        }}
        clearLabel={text('search_clear')}
      />
      {!results && !choose.refusal.value && <Skeleton rows={6} height={52} text={text('bulk_loading')} />}
      {results?.length === 0 && <p class="ow-meta">{text('home_results_none', { query })}</p>}
      {results && results.length > 0 && (
        <>
          <Checkbox
            checked={choose.shown.value}
            label={text('bulk_all_shown', { count: results.filter((member) => !unfit(member)).length })}
            onChange={(wanted) => choose.choose(results, wanted)}
          />
          <ul class="ow-list ow-batch-list">
            {results.map((member) => (
              <MemberRow key={member.id} member={member} choose={choose} />
            ))}
          </ul>
        </>
      )}
      {choose.cursor.value !== undefined && (
        <div>
          <Button busy={choose.searching.value} onClick={() => void choose.search(true)}>
            {text('bulk_more')}
          </Button>
        </div>
      )}
    </section>
  );
}

function MemberRow({ member, choose }: { member: Member; choose: ChooseModel }) {
  const { text } = useWords();
  const why = unfit(member);
  return (
    <li class="ow-row ow-batch-choice">
      <Checkbox
        checked={choose.chosen.value.has(member.id)}
        disabled={why !== undefined}
        label={member.name}
        description={member.title === undefined ? member.email : `${member.email} · ${member.title}`}
        onChange={(wanted) => choose.choose([member], wanted)}
      />
      {why && <Chip>{text(`bulk_unfit_${why}`)}</Chip>}
    </li>
  );
}

function Paste({ choose }: { choose: ChooseModel }) {
  const { text } = useWords();
  const [words, setWords] = useState('');
  return (
    <Disclosure summary={text('bulk_paste')}>
      <div class="ow-stack">
        <TextField
          label={text('bulk_paste_label')}
          hint={text('bulk_paste_hint')}
          lines={6}
          value={words}
          onInput={setWords}
        />
        <div>
          <Button
            busy={choose.finding.value}
            disabled={words.trim() === ''}
            onClick={() => void choose.paste(words)}
          >
            {text('bulk_paste_find')}
          </Button>
        </div>
        {choose.pasted.value && <PastedReport choose={choose} lines={choose.pasted.value} />}
      </div>
    </Disclosure>
  );
}

function Chosen({ choose }: { choose: ChooseModel }) {
  const { text } = useWords();
  const chosen = [...choose.chosen.value.values()];
  if (chosen.length === 0) return null;
  return (
    <Disclosure summary={text('bulk_chosen_title', { count: chosen.length })}>
      <div class="ow-stack ow-tight">
        <ul class="ow-list ow-batch-list">
          {chosen.map((member) => (
            <li key={member.id} class="ow-row">
              <span class="ow-row-text">
                <span class="ow-row-title" dir="auto">
                  {member.name}
                </span>
                <span class="ow-row-meta" dir="auto">
                  {member.email}
                </span>
              </span>
              <IconButton
                icon="close"
                label={text('bulk_remove', { name: member.name })}
                onClick={() => choose.choose([member], false)}
              />
            </li>
          ))}
        </ul>
        <div>
          <Button variant="text" onClick={() => choose.clear()}>
            {text('bulk_clear')}
          </Button>
        </div>
      </div>
    </Disclosure>
  );
}
