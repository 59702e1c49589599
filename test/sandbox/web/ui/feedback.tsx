import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { dismiss, notices, type Question, question } from '../core/notices.ts';
import { Icon, type IconName } from './icon.tsx';

/** The messages at the lower edge. */
export function Notices() {
  return (
    <div class="notices" role="status" aria-live="polite">
      {notices.value.map((notice) => (
        <div key={notice.id} class="notice" data-tone={notice.tone}>
          <Icon name={notice.tone === 'bad' ? 'warn' : 'check'} size={18} />
          <p>{notice.text}</p>
          <button type="button" class="icon-button" aria-label="Dismiss" onClick={() => dismiss(notice.id)}>
            <Icon name="close" size={16} />
          </button>
        </div>
      ))}
    </div>
  );
}

/** The confirmation that is open, in the browser's own modal dialog. */
export function QuestionDialog() {
  const asked = question.value;
  return asked ? <Asked key={asked.title} asked={asked} /> : null;
}

function Asked({ asked }: { asked: Question }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby="question-title"
      aria-describedby="question-body"
      onClose={() => asked.answer(false)}
    >
      <h2 id="question-title">{asked.title}</h2>
      <p id="question-body">{asked.body}</p>
      <div class="dialog-actions">
        <button type="button" class="button" onClick={() => asked.answer(false)}>
          Cancel
        </button>
        <button
          type="button"
          class="button"
          data-kind={asked.danger ? 'danger' : 'primary'}
          onClick={() => asked.answer(true)}
        >
          {asked.confirm}
        </button>
      </div>
    </dialog>
  );
}

/** Grey bars in the shape of what is loading. */
export function Skeleton({ rows = 8, label }: { rows?: number; label: string }) {
  return (
    <div class="skeleton" role="status" aria-label={`Loading ${label}`}>
      {Array.from({ length: rows }, (_, index) => (
        <span key={index} class="skeleton-row" data-width={index % 4} />
      ))}
    </div>
  );
}

/** Says why something could not be shown, and offers another try. */
export function Failure({ message, retry }: { message: string; retry(): void }) {
  return (
    <div class="failure" role="alert">
      <Icon name="warn" />
      <p>{message}</p>
      <button type="button" class="button" onClick={retry}>
        Try again
      </button>
    </div>
  );
}

/** What stands where a list has nothing. */
export function Empty({ icon, children }: { icon: IconName; children: ComponentChildren }) {
  return (
    <div class="empty">
      <Icon name={icon} size={28} />
      <p>{children}</p>
    </div>
  );
}
