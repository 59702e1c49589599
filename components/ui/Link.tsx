import type { ComponentChildren } from 'preact';
import { Icon } from './Icon.tsx';
import './Link.css';

export interface LinkProps {
  href: string;
  children: ComponentChildren;
  /** Opens another tab, marked by ↗; this says so to those who do not see the mark ("opens a new tab"). */
  newTabLabel?: string | undefined;
  onClick?: (event: MouseEvent) => void;
}

/** A link in text. Anything but http and https becomes plain text, since addresses come from the workspace. */
export function Link({ href, children, newTabLabel, onClick }: LinkProps) {
  if (!/^(https?:\/\/|[#?/.])/iu.test(href)) return <span>{children}</span>;
  if (newTabLabel === undefined)
    return (
      <a class="ow-link" href={href} onClick={onClick}>
        {children}
      </a>
    );
  return (
    <a class="ow-link" href={href} target="_blank" rel="noopener noreferrer" onClick={onClick}>
      {children}
      <Icon name="external" size={12} class="ow-link-mark" />
      <span class="ow-hidden"> ({newTabLabel})</span>
    </a>
  );
}
