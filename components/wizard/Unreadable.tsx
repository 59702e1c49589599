import { Notice } from '../ui/Notice.tsx';
import { useWords } from './context.ts';

/** This browser's own store could not be read: nothing is lost, and nothing is shown in its place. */
export function Unreadable({
  title,
  detail,
  onRetry,
}: {
  title: string;
  /** The browser's own words. */
  detail: string;
  onRetry: () => void;
}) {
  const { text } = useWords();
  return (
    <Notice tone="danger" title={title} action={{ label: text('try_again'), onClick: onRetry }}>
      {text('unreadable_body', { detail })}
    </Notice>
  );
}

/** How many customers there are, or who receives how much, could not be counted. */
export function Uncounted({
  tallies,
}: {
  tallies: { failed: { value: string | undefined }; retry(): void };
}) {
  const { text } = useWords();
  const detail = tallies.failed.value;
  if (detail === undefined) return null;
  return <Unreadable title={text('unreadable_counts')} detail={detail} onRetry={() => tallies.retry()} />;
}
