import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from './Button.tsx';
import { Disclosure } from './Disclosure.tsx';
import { Icon, type IconName } from './Icon.tsx';
import { Link } from './Link.tsx';
import './Notice.css';

interface NoticeAction {
  label: string;
  /** A button, unless `href` makes it a link. */
  onClick?: () => void;
  href?: string;
  /** For a link that opens another tab: what is said about that. */
  newTabLabel?: string;
  busy?: boolean;
}

interface NoticeDetails {
  /** Label of the fold. */
  label: string;
  /** Code, request, time: shown as it is, copied as it is. */
  text: string;
  copyLabel: string;
  /** Shown on the button after a copy. */
  copiedLabel: string;
  /** Puts the text on the clipboard; rejects where the browser refuses. */
  copy: (text: string) => Promise<void>;
}

export interface NoticeProps {
  tone: 'info' | 'warn' | 'danger' | 'ok' | 'unknown';
  /** What happened. */
  title?: ComponentChildren;
  /** What it means, what to do. */
  children?: ComponentChildren;
  action?: NoticeAction;
  details?: NoticeDetails;
  icon?: IconName;
  /** Without frame and tint, for use inside a row or a card. */
  inline?: boolean;
  id?: string;
}

const icons: Record<NoticeProps['tone'], IconName> = {
  info: 'info',
  warn: 'warning',
  danger: 'failed',
  ok: 'completed',
  unknown: 'unknown',
};

/** A message at the place it concerns. Its announcement is the page's live region's business. */
export function Notice({ tone, title, children, action, details, icon, inline, id }: NoticeProps) {
  return (
    <div id={id} class={`ow-notice ow-notice-${tone}${inline ? ' ow-notice-inline' : ''}`}>
      <Icon name={icon ?? icons[tone]} class="ow-notice-icon" />
      <div class="ow-notice-body">
        {title !== undefined && <p class="ow-notice-title">{title}</p>}
        {children !== undefined && children !== null && <div class="ow-notice-text">{children}</div>}
        {action && <NoticeControl action={action} />}
        {details && <NoticeFold details={details} />}
      </div>
    </div>
  );
}

function NoticeControl({ action }: { action: NoticeAction }) {
  if (action.href !== undefined)
    return (
      <p>
        <Link href={action.href} newTabLabel={action.newTabLabel}>
          {action.label}
        </Link>
      </p>
    );
  return (
    <div>
      <Button small busy={action.busy ?? false} onClick={action.onClick}>
        {action.label}
      </Button>
    </div>
  );
}

function NoticeFold({ details }: { details: NoticeDetails }) {
  const [copied, setCopied] = useState(false);
  return (
    <Disclosure summary={details.label}>
      <pre class="ow-notice-code">{details.text}</pre>
      <Button
        small
        icon={copied ? 'check' : 'copy'}
        onClick={() => {
          details.copy(details.text).then(
            () => setCopied(true),
            () => setCopied(false),
          );
        }}
      >
        {copied ? details.copiedLabel : details.copyLabel}
      </Button>
    </Disclosure>
  );
}
