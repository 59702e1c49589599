import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from './Button.tsx';
import { IconButton } from './IconButton.tsx';
import './Toast.css';

export interface ToastContent {
  /** A new id starts the time anew. */
  id: string;
  text: string;
  /** Label of the button that takes it back; without it there is none. */
  undoLabel?: string;
  onUndo?: () => void;
}

export interface ToastProps {
  /** Null: nothing is shown. The page announces it itself, through its live region. */
  toast: ToastContent | null;
  closeLabel: string;
  onClose: () => void;
  /** Milliseconds that it stays; the clock stands while pointer or focus is on it. Default 8000. */
  duration?: number;
}

/** A short word about what was just done, with its undo. Only a shortcut: the undo is found elsewhere too. */
export function Toast({ toast, closeLabel, onClose, duration = 8000 }: ToastProps) {
  const [held, setHeld] = useState(false);
  const close = useRef(onClose);
  close.current = onClose;
  const id = toast?.id;
  useEffect(() => {
    if (id === undefined || held) return;
    const timer = setTimeout(() => close.current(), duration);
    return () => clearTimeout(timer);
  }, [id, held, duration]);
  if (!toast) return null;
  return (
    <div
      class="ow-toast"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocusIn={() => setHeld(true)}
      onFocusOut={() => setHeld(false)}
    >
      <span class="ow-toast-text">{toast.text}</span>
      {toast.undoLabel !== undefined && (
        <Button
          small
          icon="undo"
          onClick={() => {
            toast.onUndo?.();
            onClose();
          }}
        >
          {toast.undoLabel}
        </Button>
      )}
      <IconButton icon="close" size={24} label={closeLabel} onClick={onClose} />
    </div>
  );
}
