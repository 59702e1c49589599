import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import './Dialog.css';

export interface DialogProps {
  open: boolean;
  title: ComponentChildren;
  children?: ComponentChildren;
  /** Buttons, the safe one first; one that starts at the far edge gets the class `ow-dialog-apart`. */
  actions?: ComponentChildren;
  /** Esc, or a press on the ground behind it (unless `alert`). The owner sets `open` to false. */
  onClose: () => void;
  /** Selector, within the dialog, of what has the focus first. Default: the first button of `actions`. */
  initialFocus?: string;
  /** A question that must be answered: role `alertdialog`, a press outside does nothing. */
  alert?: boolean;
}

/** A native modal dialog: focus is held inside and goes back to its opener. Enter acts on the focused button only. */
export function Dialog({ open, title, children, actions, onClose, initialFocus, alert }: DialogProps) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = dialog.current;
    if (!open || !element) return;
    const opener = document.activeElement;
    element.showModal();
    const first = element.querySelector<HTMLElement>(initialFocus ?? '.ow-dialog-actions button');
    (first ?? element).focus();
    return () => {
      if (element.open) element.close();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, [open, initialFocus]);
  if (!open) return null;
  return (
    <dialog
      ref={dialog}
      class="ow-dialog"
      role={alert ? 'alertdialog' : undefined}
      aria-labelledby={`${id}-title`}
      aria-describedby={children === undefined ? undefined : `${id}-body`}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onKeyDown={(event) => {
        // Chromium closes a dialog at the second Esc whatever `cancel` says; its owner decides here.
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        event.preventDefault();
        event.stopPropagation();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget && !alert) onClose();
      }}
    >
      <div class="ow-dialog-box">
        <h2 id={`${id}-title`} class="ow-section">
          {title}
        </h2>
        {children !== undefined && (
          <div id={`${id}-body`} class="ow-dialog-body">
            {children}
          </div>
        )}
        {actions !== undefined && <div class="ow-dialog-actions">{actions}</div>}
      </div>
    </dialog>
  );
}
