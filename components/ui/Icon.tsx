import { directed, type IconName, shapes } from './icons.ts';
import './Icon.css';

export type { IconName } from './icons.ts';

export interface IconProps {
  /** A state, the kind of a category (such as `tasks.open`), or the mark of a control. */
  name: IconName;
  /** Edge length in pixels. Default 16. */
  size?: 12 | 16 | 20 | 24;
  /** Turns once in 1.2 s; stands still where the reader asks for less motion. */
  spin?: boolean;
  class?: string;
}

/** One drawing in the colour of the text around it. Decoration: the word beside it says what it means. */
export function Icon({ name, size = 16, spin, class: extra }: IconProps) {
  const shape: { stroke?: string; fill?: string; cut?: string; dashed?: string } = shapes[name];
  return (
    <svg
      class={`ow-icon${spin ? ' ow-icon-spin' : ''}${directed.has(name) ? ' ow-icon-directed' : ''}${extra ? ` ${extra}` : ''}`}
      viewBox="0 0 16 16"
      width={size}
      height={size}
      aria-hidden="true"
      focusable="false"
    >
      {shape.fill && <path class="ow-icon-fill" d={shape.fill} />}
      {shape.cut && <path class="ow-icon-cut" d={shape.cut} />}
      {shape.dashed && <path class="ow-icon-stroke ow-icon-dashed" d={shape.dashed} />}
      {shape.stroke && <path class="ow-icon-stroke" d={shape.stroke} />}
    </svg>
  );
}
