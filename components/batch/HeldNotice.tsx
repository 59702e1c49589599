import type { BatchScreenModel } from '../../lib/panel/batch/batch.ts';
import { Notice } from '../ui/Notice.tsx';
import { useWords } from '../wizard/context.ts';

/** Why nobody goes on, in one message for all. */
export function HeldNotice({ model }: { model: BatchScreenModel }) {
  const { text, time } = useWords();
  const held = model.held.value;
  if (!held) return null;
  const { detail = '', count = 0, resumeAt } = held;
  // Nobody can sign in to a token or a key: the workspace's own words say what helps.
  const kind = held.typed ? 'other' : held.kind;
  return (
    <div id="pause-reason" tabIndex={-1}>
      <Notice
        tone={kind === 'admin' ? 'info' : 'warn'}
        icon="paused"
        title={text('bulk_held_title', { kind, count })}
      >
        {text('bulk_held_body', { kind, detail })}{' '}
        {resumeAt !== undefined && text('bulk_held_until', { time: time(resumeAt) })}
      </Notice>
    </div>
  );
}
