import type { ComponentChildren } from 'preact';
import { Icon } from './Icon.tsx';
import './Disclosure.css';

export interface DisclosureProps {
  summary: ComponentChildren;
  children: ComponentChildren;
  open?: boolean;
  onToggle?: (open: boolean) => void;
}

/** Something folded away behind one line (native `details`). */
export function Disclosure({ summary, children, open, onToggle }: DisclosureProps) {
  return (
    <details class="ow-disclosure" open={open} onToggle={(event) => onToggle?.(event.currentTarget.open)}>
      <summary class="ow-disclosure-summary">
        <Icon name="chevronEnd" size={12} class="ow-disclosure-arrow" />
        <span>{summary}</span>
      </summary>
      <div class="ow-disclosure-body">{children}</div>
    </details>
  );
}
