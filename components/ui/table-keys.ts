/** What a key does in a grid whose rows take the focus; null: the grid leaves the key alone. */
export type GridAction =
  | { kind: 'move'; to: number; extend: boolean }
  | { kind: 'toggle' }
  | { kind: 'all' }
  | { kind: 'activate' }
  | { kind: 'delete' }
  | { kind: 'search' }
  | { kind: 'into' }
  | { kind: 'out' };

export interface GridKey {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

/**
 * Reads a key press. `at` is the focused position of `count` rows, `page` how many rows fit the view; `inside` says
 * that a control within the row has the focus, `rtl` that the text runs from right to left.
 */
export function gridAction(
  event: GridKey,
  at: number,
  count: number,
  page: number,
  inside: boolean,
  rtl: boolean,
): GridAction | null {
  if (event.altKey) return null;
  const command = event.ctrlKey || event.metaKey;
  const move = (to: number): GridAction => ({
    kind: 'move',
    to: Math.max(0, Math.min(count - 1, to)),
    extend: event.shiftKey,
  });
  switch (event.key) {
    case 'ArrowDown':
      return move(at + 1);
    case 'ArrowUp':
      return move(at - 1);
    case 'PageDown':
      return move(at + Math.max(1, page - 1));
    case 'PageUp':
      return move(at - Math.max(1, page - 1));
    case 'Home':
      return inside && !command ? { kind: 'out' } : move(0);
    case 'End':
      return inside && !command ? null : move(count - 1);
    case 'ArrowRight':
    case 'ArrowLeft':
      return { kind: (event.key === 'ArrowRight') === rtl ? 'out' : 'into' };
    case 'Escape':
      return inside ? { kind: 'out' } : null;
    case 'a':
    case 'A':
      return command ? { kind: 'all' } : null;
  }
  // A control within the row keeps Space, Enter and the rest for itself.
  if (inside || command) return null;
  if (event.key === ' ') return { kind: 'toggle' };
  if (event.key === 'Enter') return { kind: 'activate' };
  if (event.key === 'Delete') return { kind: 'delete' };
  return event.key === '/' ? { kind: 'search' } : null;
}
