import type { ButtonHTMLAttributes, ComponentChildren, Ref } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Icon, type IconName } from './Icon.tsx';
import './Button.css';

export interface ButtonProps
  extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'icon' | 'size' | 'loading'> {
  /** `danger` is filled; `dangerText` looks like a text button in the danger colour. Default `secondary`. */
  variant?: 'primary' | 'secondary' | 'text' | 'danger' | 'dangerText';
  /** Work is under way: a ring before the label, clicks do nothing, focus stays. */
  busy?: boolean;
  /** Clicks count only so many milliseconds after the button appeared, so that a double click cannot reach it. */
  armAfter?: number;
  /** 40 px high, for the footer. Default 36. */
  large?: boolean;
  /** 28 px high, for use inside a line of text or a row. */
  small?: boolean;
  /** As wide as its container. */
  block?: boolean;
  icon?: IconName;
  buttonRef?: Ref<HTMLButtonElement>;
  children?: ComponentChildren;
}

/** A button. Every attribute of the native element passes through; its type is `button` unless said. */
export function Button({
  variant = 'secondary',
  busy = false,
  armAfter = 0,
  large,
  small,
  block,
  icon,
  buttonRef,
  children,
  class: extra,
  onClick,
  disabled,
  ...rest
}: ButtonProps) {
  const [armed, setArmed] = useState(armAfter <= 0);
  useEffect(() => {
    if (armAfter <= 0) return;
    const timer = setTimeout(() => setArmed(true), armAfter);
    return () => clearTimeout(timer);
  }, [armAfter]);
  const held = busy || !armed;
  const classes = ['ow-button', `ow-button-${variant}`];
  if (large) classes.push('ow-button-large');
  if (small) classes.push('ow-button-small');
  if (block) classes.push('ow-button-block');
  if (extra) classes.push(String(extra));
  return (
    <button
      type="button"
      {...rest}
      ref={buttonRef}
      class={classes.join(' ')}
      disabled={disabled}
      aria-busy={busy ? 'true' : undefined}
      aria-disabled={held ? 'true' : rest['aria-disabled']}
      onClick={(event) => {
        if (held) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {busy ? <Icon name="running" spin /> : icon && <Icon name={icon} />}
      <span class="ow-button-label">{children}</span>
    </button>
  );
}
