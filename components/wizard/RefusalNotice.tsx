import type { Refusal } from '../../lib/panel/types.ts';
import { refusalWords } from '../../lib/panel/words.ts';
import { Button } from '../ui/Button.tsx';
import { Notice } from '../ui/Notice.tsx';
import { useDependencies, useWords } from './context.ts';

export interface RefusalNoticeProps {
  refusal: Refusal;
  /** Instead of the refusal's own heading. */
  title?: string;
  action?: { label: string; onClick: () => void };
  id?: string;
}

/** A refusal at the place it concerns: what happened, what it means, one thing to do, and the details folded away. */
export function RefusalNotice({ refusal, title, action, id }: RefusalNoticeProps) {
  const { text, locale } = useWords();
  const { copy, now } = useDependencies();
  const words = refusalWords({ text, locale }, refusal);
  return (
    <Notice
      id={id}
      tone="danger"
      title={title ?? words.title}
      action={action}
      details={{
        label: text('details'),
        text: text('refusal_details', {
          code: refusal.code,
          time: now().toISOString(),
          detail: refusal.detail,
        }),
        copyLabel: text('details_copy'),
        copiedLabel: text('copied'),
        copy,
      }}
    >
      {words.body}
    </Notice>
  );
}

/** A whole page that says why there is no wizard here. */
export function RefusalPage({
  refusal,
  onRetry,
  onHome,
}: {
  refusal: Refusal;
  onRetry: () => void;
  onHome: (() => void) | undefined;
}) {
  const { text, locale } = useWords();
  const { copy, now } = useDependencies();
  const words = refusalWords({ text, locale }, refusal);
  const retryable = !['notAdmin', 'self', 'memberGone'].includes(refusal.code);
  return (
    <main class="ow-page ow-gutter">
      <h1 id="step-title" class="ow-title" tabIndex={-1}>
        {words.title}
      </h1>
      <Notice
        tone={refusal.code === 'self' || refusal.code === 'openElsewhere' ? 'info' : 'warn'}
        details={{
          label: text('details'),
          text: text('refusal_details', {
            code: refusal.code,
            time: now().toISOString(),
            detail: refusal.detail,
          }),
          copyLabel: text('details_copy'),
          copiedLabel: text('copied'),
          copy,
        }}
      >
        {words.body}
      </Notice>
      <div class="ow-line">
        {retryable && (
          <Button variant="primary" onClick={onRetry}>
            {text('retry')}
          </Button>
        )}
        {onHome && refusal.code !== 'notAdmin' && <Button onClick={onHome}>{text('refusal_home')}</Button>}
      </div>
    </main>
  );
}
