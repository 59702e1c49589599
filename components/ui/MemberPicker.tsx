import type { ComponentChildren } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import { Avatar } from './Avatar.tsx';
import { Icon } from './Icon.tsx';
import { MemberPopover } from './MemberPopover.tsx';
import type { MemberListTexts, MemberSearch, PickerMember, PickerSpecial } from './members.ts';
import './Button.css';
import './MemberPicker.css';

export type { MemberSearch, PickerMember, PickerSpecial } from './members.ts';

export interface MemberPickerTexts extends MemberListTexts {
  /** On the button while nobody is chosen. */
  placeholder: string;
}

export interface MemberPickerProps {
  /** What is being chosen: accessible name of the button and of the list. */
  label: string;
  /** Who is chosen, with what the button shows of them; null: nobody yet. */
  value: PickerMember | PickerSpecial | null;
  search: MemberSearch;
  /** Those who receive something in this plan already: the first group. */
  used?: readonly PickerMember[];
  specials?: readonly PickerSpecial[];
  /** `member` is undefined for a special. */
  onChange: (id: string, member: PickerMember | undefined) => void;
  /** Shows the two checks of a sender. */
  showSender?: boolean;
  /** Under the field, always (what does not move along). */
  note?: ComponentChildren;
  /** Under the field: the choice is not possible any more. */
  error?: ComponentChildren;
  /** Nobody can be chosen: takes the place of the list. */
  nobody?: ComponentChildren;
  /** `field`: as a form field with avatar. `button`: a plain button whose text is the label ("Give to…"). */
  form?: 'field' | 'button';
  disabled?: boolean;
  /** Controlled opening, so that a key in a table can open it. Without it the picker keeps its own state. */
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  /** For jumping to it from elsewhere. */
  id?: string;
  texts: MemberPickerTexts;
}

/** A button that shows who is chosen and opens a searchable list of members (combobox with listbox, in a popover). */
export function MemberPicker(props: MemberPickerProps) {
  const { label, value, texts, form = 'field' } = props;
  const own = useId();
  const id = props.id ?? own;
  const button = useRef<HTMLButtonElement>(null);
  const [ownOpen, setOwnOpen] = useState(false);
  const open = (props.open ?? ownOpen) && !props.disabled;
  const setOpen = (next: boolean) => {
    setOwnOpen(next);
    props.onOpenChange?.(next);
  };
  const name = value === null ? undefined : 'label' in value ? value.label : value.name;
  const described = [props.note !== undefined && `${id}-note`, props.error !== undefined && `${id}-error`]
    .filter(Boolean)
    .join(' ');
  return (
    <div class={`ow-picker`}>
      <button
        ref={button}
        id={id}
        type="button"
        class={
          form === 'field'
            ? `ow-picker-button${props.error === undefined ? '' : ' ow-picker-invalid'}`
            : 'ow-button ow-button-primary'
        }
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-describedby={described || undefined}
        disabled={props.disabled}
        onClick={() => setOpen(!open)}
        onKeyDown={(event) => {
          if (form !== 'field' || open || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return;
          event.preventDefault();
          setOpen(true);
        }}
      >
        {form === 'button' ? (
          label
        ) : (
          <>
            {value !== null &&
              ('label' in value ? <Icon name="same" /> : <Avatar name={value.name} size={24} />)}
            <span class="ow-hidden">{label}: </span>
            <span class={`ow-ellipsis ow-grow${value === null ? ' ow-picker-empty' : ''}`}>
              {name ?? texts.placeholder}
            </span>
            <Icon name="chevronDown" size={12} />
          </>
        )}
      </button>
      {props.note !== undefined && (
        <p id={`${id}-note`} class="ow-meta">
          {props.note}
        </p>
      )}
      {props.error !== undefined && (
        <p id={`${id}-error`} class="ow-picker-error">
          <Icon name="warning" size={12} /> {props.error}
        </p>
      )}
      <MemberPopover
        anchor={open ? button.current : null}
        onClose={() => setOpen(false)}
        label={label}
        selected={value?.id}
        search={props.search}
        used={props.used}
        specials={props.specials}
        showSender={props.showSender}
        nobody={props.nobody}
        texts={texts}
        onChoose={props.onChange}
      />
    </div>
  );
}
