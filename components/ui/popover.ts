import { useId, useLayoutEffect } from 'preact/hooks';

/** A name for CSS anchor positioning that no other component on the page has. */
export function useAnchorName(): string {
  return `--ow-anchor-${useId().replaceAll(/[^a-zA-Z0-9-]/gu, '-')}`;
}

/**
 * Keeps a `popover="manual"` element in the top layer while `open`, and calls `onClose` at a press outside of it and
 * of its opener, and when the page loses focus to another element outside both.
 */
export function usePopover(
  popover: { current: HTMLElement | null },
  opener: { current: HTMLElement | null },
  open: boolean,
  onClose: () => void,
): void {
  useLayoutEffect(() => {
    const element = popover.current;
    if (!open || !element) return;
    element.showPopover?.();
    const inside = (target: EventTarget | null): boolean =>
      target instanceof Node && (element.contains(target) || (opener.current?.contains(target) ?? false));
    const onPress = (event: Event) => {
      if (!inside(event.composedPath()[0] ?? event.target)) onClose();
    };
    const onFocus = (event: FocusEvent) => {
      if (!inside(event.target)) onClose();
    };
    document.addEventListener('pointerdown', onPress, true);
    document.addEventListener('focusin', onFocus);
    return () => {
      document.removeEventListener('pointerdown', onPress, true);
      document.removeEventListener('focusin', onFocus);
      if (element.isConnected && element.matches(':popover-open')) element.hidePopover();
    };
  }, [open, onClose, opener, popover]);
}
