import type { Ref } from 'preact';
import { useId } from 'preact/hooks';
import { Icon, type IconName } from './Icon.tsx';
import { IconButton } from './IconButton.tsx';
import './TextField.css';

export interface TextFieldProps {
  label: string;
  hideLabel?: boolean;
  value: string;
  onInput: (value: string) => void;
  type?: 'text' | 'search' | 'url' | 'email' | 'date' | 'password';
  placeholder?: string;
  /** One line under the field. */
  hint?: string;
  /** Replaces the hint; the field is marked as invalid. */
  error?: string | undefined;
  maxLength?: number;
  icon?: IconName;
  /** Shows a button that empties the field while it holds something. */
  clearLabel?: string;
  disabled?: boolean;
  readOnly?: boolean;
  /** Several lines high. */
  lines?: number;
  /** The native `input`; not for `lines`. */
  inputRef?: Ref<HTMLInputElement>;
  id?: string;
  onKeyDown?: (event: KeyboardEvent) => void;
}

/** A labelled field for text. */
export function TextField(props: TextFieldProps) {
  const own = useId();
  const id = props.id ?? own;
  const note = props.error ?? props.hint;
  const shared = {
    id,
    class: 'ow-field-input',
    value: props.value,
    placeholder: props.placeholder,
    maxLength: props.maxLength,
    disabled: props.disabled,
    readOnly: props.readOnly,
    spellcheck: false,
    autocomplete: 'off' as const,
    'aria-invalid': props.error === undefined ? undefined : ('true' as const),
    'aria-describedby': note === undefined ? undefined : `${id}-note`,
    onInput: (event: { currentTarget: { value: string } }) => props.onInput(event.currentTarget.value),
    onKeyDown: (event: KeyboardEvent) => props.onKeyDown?.(event),
  };
  return (
    <div class="ow-field">
      <label for={id} class={props.hideLabel ? 'ow-hidden' : 'ow-field-label'}>
        {props.label}
      </label>
      <span class={`ow-field-frame${props.error === undefined ? '' : ' ow-field-invalid'}`}>
        {props.icon && <Icon name={props.icon} class="ow-field-icon" />}
        {props.lines === undefined ? (
          <input {...shared} ref={props.inputRef ?? null} type={(props.type ?? 'text') as 'text'} />
        ) : (
          <textarea {...shared} rows={props.lines} />
        )}
        {props.clearLabel !== undefined && props.value !== '' && !props.disabled && (
          <IconButton
            icon="close"
            size={24}
            label={props.clearLabel}
            onClick={(event) => {
              props.onInput('');
              event.currentTarget.parentElement?.querySelector<HTMLElement>('input, textarea')?.focus();
            }}
          />
        )}
      </span>
      {note !== undefined && (
        <span id={`${id}-note`} class={props.error === undefined ? 'ow-field-hint' : 'ow-field-error'}>
          {props.error !== undefined && <Icon name="warning" size={12} />}
          {note}
        </span>
      )}
    </div>
  );
}
