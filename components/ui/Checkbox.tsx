import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from './Icon.tsx';
import './Checkbox.css';

export interface CheckboxProps {
  /** `mixed`: some, not all, of what it stands for. */
  checked: boolean | 'mixed';
  onChange: (checked: boolean) => void;
  label: ComponentChildren;
  /** Only for those who do not see the table or list around it. */
  hideLabel?: boolean;
  description?: ComponentChildren;
  disabled?: boolean;
  id?: string;
}

/** A native checkbox, 18 px in a target of 32. */
export function Checkbox({ checked, onChange, label, hideLabel, description, disabled, id }: CheckboxProps) {
  const own = useId();
  const inputId = id ?? own;
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    if (input.current) input.current.indeterminate = checked === 'mixed';
  }, [checked]);
  return (
    <span class={`ow-checkbox${disabled ? ' ow-checkbox-disabled' : ''}`}>
      <span class="ow-checkbox-target">
        <input
          ref={input}
          id={inputId}
          type="checkbox"
          class="ow-checkbox-input"
          checked={checked === true}
          disabled={disabled}
          aria-describedby={description === undefined ? undefined : `${inputId}-description`}
          onChange={(event) => {
            const wanted = event.currentTarget.checked;
            // The owner of the state decides; until it does, the box shows the old one.
            event.currentTarget.checked = checked === true;
            event.currentTarget.indeterminate = checked === 'mixed';
            onChange(wanted);
          }}
        />
        <Icon name="check" size={12} class="ow-checkbox-mark" />
      </span>
      <span class={hideLabel ? 'ow-hidden' : 'ow-checkbox-text'}>
        <label for={inputId}>{label}</label>
        {description !== undefined && (
          <span id={`${inputId}-description`} class="ow-checkbox-description">
            {description}
          </span>
        )}
      </span>
    </span>
  );
}
