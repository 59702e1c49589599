import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { Icon, type IconName } from './Icon.tsx';
import './Card.css';

export interface CardProps {
  /** `danger` and `warn`: tinted, with a bar at the start edge. Default `plain`. */
  tone?: 'plain' | 'danger' | 'warn';
  /** Makes the card a named region of its own heading. */
  heading?: ComponentChildren;
  headingLevel?: 2 | 3 | 4;
  icon?: IconName;
  /** At the end of the heading's line: a count, a chip, a button. */
  aside?: ComponentChildren;
  children?: ComponentChildren;
  id?: string;
  /** Without inner spacing, for lists that reach the edges. */
  flush?: boolean;
}

/** A surface that holds one thing. */
export function Card({
  tone = 'plain',
  heading,
  headingLevel = 3,
  icon,
  aside,
  children,
  id,
  flush,
}: CardProps) {
  const headingId = useId();
  const Heading = `h${headingLevel}` as 'h3';
  return (
    <section
      id={id}
      class={`ow-card ow-card-${tone}${flush ? ' ow-card-flush' : ''}`}
      aria-labelledby={heading === undefined ? undefined : headingId}
    >
      {heading !== undefined && (
        <div class="ow-card-head">
          {icon && <Icon name={icon} class="ow-card-icon" />}
          <Heading id={headingId} class="ow-card-heading">
            {heading}
          </Heading>
          {aside !== undefined && <div class="ow-card-aside">{aside}</div>}
        </div>
      )}
      {children}
    </section>
  );
}
