import { useModel, useSignalEffect } from '@preact/signals';
import { BatchModel } from '../../lib/panel/batch/batch.ts';
import { Page } from '../runs/Page.tsx';
import { Skeleton } from '../ui/Skeleton.tsx';
import { useDependencies, useWords } from '../wizard/context.ts';
import { BatchProgress } from './BatchProgress.tsx';
import { BatchSummary } from './BatchSummary.tsx';
import './batch.css';

/** One batch: the check and the summary before it starts, the progress and the end after. */
export function BatchScreen({ batch: id }: { batch: string }) {
  const dependencies = useDependencies();
  const { text } = useWords();
  const model = useModel(() => new BatchModel(dependencies, id));
  useSignalEffect(() => {
    const { length } = model.rows.value;
    document.title = text('bulk_batch_page_title', { count: length });
  });
  const batch = model.batch.value;
  if (!batch)
    return (
      <Page title={text('bulk_title')}>
        {model.feed.missing.value ? (
          <p>{text('bulk_missing')}</p>
        ) : (
          <Skeleton rows={6} height={52} text={text('bulk_loading')} />
        )}
      </Page>
    );
  return batch.phase === 'draft' ? <BatchSummary model={model} /> : <BatchProgress model={model} />;
}
