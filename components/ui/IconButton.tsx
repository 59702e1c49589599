import type { ButtonHTMLAttributes, Ref } from 'preact';
import { Icon, type IconName } from './Icon.tsx';
import './IconButton.css';

export interface IconButtonProps
  extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'icon' | 'label' | 'size'> {
  icon: IconName;
  /** What it does: accessible name and tooltip. */
  label: string;
  /** Edge length in pixels. Default 32. */
  size?: 24 | 32 | 36;
  buttonRef?: Ref<HTMLButtonElement>;
}

/** A square button that shows only an icon. Every attribute of the native element passes through. */
export function IconButton({ icon, label, size = 32, buttonRef, class: extra, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      ref={buttonRef}
      class={`ow-icon-button ow-icon-button-${size}${extra ? ` ${extra}` : ''}`}
    >
      <Icon name={icon} />
    </button>
  );
}
