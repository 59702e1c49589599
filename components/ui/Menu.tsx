import { useCallback, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Icon, type IconName } from './Icon.tsx';
import { useAnchorName, usePopover } from './popover.ts';
import './popover.css';
import './IconButton.css';
import './Button.css';
import './Menu.css';

export interface MenuItem {
  id: string;
  label: string;
  icon?: IconName;
  /** One line beneath the label, for example why it is disabled. */
  description?: string;
  danger?: boolean;
  disabled?: boolean;
  /** Makes it one of a set of which one is chosen (sort orders). */
  checked?: boolean;
  /** A line above it. */
  divided?: boolean;
}

export interface MenuProps {
  /** Accessible name of the button, and its text where `showLabel` is set. */
  label: string;
  items: readonly MenuItem[];
  onSelect: (id: string) => void;
  /** Default `more` (⋯). */
  icon?: IconName;
  showLabel?: boolean;
  disabled?: boolean;
}

/** A button that opens a menu (ARIA menu button): arrows, Home, End, first letters, Enter, Esc. */
export function Menu({ label, items, onSelect, icon = 'more', showLabel, disabled }: MenuProps) {
  const id = useId();
  const anchor = useAnchorName();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<false | 'first' | 'last'>(false);
  const close = useCallback(() => setOpen(false), []);
  usePopover(list, button, open !== false, close);

  const entries = () => [...(list.current?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? [])];
  const focusAt = (index: number) => {
    const all = entries();
    all[(index + all.length) % all.length]?.focus();
  };
  useLayoutEffect(() => {
    if (!open) return;
    const all = [...(list.current?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? [])];
    (open === 'last' ? all.at(-1) : (all.find((item) => item.ariaChecked === 'true') ?? all[0]))?.focus();
  }, [open]);

  const leave = () => {
    close();
    button.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const all = entries();
    const at = all.indexOf(document.activeElement as HTMLElement);
    if (event.key === 'ArrowDown') focusAt(at + 1);
    else if (event.key === 'ArrowUp') focusAt(at - 1);
    else if (event.key === 'Home') focusAt(0);
    else if (event.key === 'End') focusAt(-1);
    else if (event.key === 'Escape') leave();
    else if (event.key === 'Tab') {
      close();
      return;
    } else if (event.key.length === 1 && event.key !== ' ' && !event.ctrlKey && !event.metaKey) {
      const letter = event.key.toLowerCase();
      const order = [...all.slice(at + 1), ...all.slice(0, at + 1)];
      order.find((item) => item.textContent?.trim().toLowerCase().startsWith(letter))?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <span class="ow-menu">
      <button
        ref={button}
        type="button"
        class={showLabel ? 'ow-button ow-button-secondary' : 'ow-icon-button'}
        style={{ anchorName: anchor }}
        aria-haspopup="menu"
        aria-expanded={open !== false}
        aria-controls={open ? id : undefined}
        aria-label={showLabel ? undefined : label}
        title={showLabel ? undefined : label}
        disabled={disabled}
        onClick={() => setOpen(open ? false : 'first')}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
          event.preventDefault();
          setOpen(event.key === 'ArrowDown' ? 'first' : 'last');
        }}
      >
        <Icon name={icon} />
        {showLabel && <span>{label}</span>}
      </button>
      {open && (
        <div
          ref={list}
          id={id}
          popover="manual"
          role="menu"
          tabIndex={-1}
          aria-label={label}
          class="ow-menu-list ow-popover"
          style={{ positionAnchor: anchor }}
          onKeyDown={onKeyDown}
        >
          {items.map((item) => (
            // biome-ignore lint/a11y/useAriaPropsSupportedByRole: the role is one of two, and only the radio is checked
            <button
              key={item.id}
              type="button"
              role={item.checked === undefined ? 'menuitem' : 'menuitemradio'}
              aria-checked={item.checked}
              aria-disabled={item.disabled ? 'true' : undefined}
              tabIndex={-1}
              class={`ow-menu-item${item.danger ? ' ow-menu-item-danger' : ''}${item.divided ? ' ow-menu-item-divided' : ''}`}
              onClick={() => {
                if (item.disabled) return;
                leave();
                onSelect(item.id);
              }}
            >
              {item.checked === undefined ? (
                item.icon && <Icon name={item.icon} />
              ) : item.checked ? (
                <Icon name="check" />
              ) : (
                <span class="ow-menu-gap" />
              )}
              <span class="ow-menu-text">
                {item.label}
                {item.description !== undefined && (
                  <span class="ow-menu-description">{item.description}</span>
                )}
              </span>
            </button>
          ))}
        </div>
      )}
    </span>
  );
}
