import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './Icon.tsx';
import './Chip.css';

/** What a colour means; see the design's palette. `neutral` means nothing. */
export type Tone = 'neutral' | 'info' | 'ok' | 'warn' | 'danger' | 'unknown';

export interface ChipProps {
  tone?: Tone;
  icon?: IconName;
  children: ComponentChildren;
  title?: string;
}

/** A short fact in a small frame: a status, an age, a count. Not a control. */
export function Chip({ tone = 'neutral', icon, children, title }: ChipProps) {
  return (
    <span class={`ow-chip ow-chip-${tone}`} title={title}>
      {icon && <Icon name={icon} size={12} />}
      <span class="ow-ellipsis">{children}</span>
    </span>
  );
}
