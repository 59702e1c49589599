import { useCallback, useLayoutEffect, useRef } from 'preact/hooks';
import { MemberList, type MemberListProps } from './MemberList.tsx';
import { useAnchorName, usePopover } from './popover.ts';
import './popover.css';
import './MemberPopover.css';

export interface MemberPopoverProps extends Omit<MemberListProps, 'onCancel'> {
  /** What it hangs on, and what gets the focus back; null: closed. */
  anchor: HTMLElement | null;
  /** Left without a choice, or after one: the owner of `anchor` sets it to null. */
  onClose: () => void;
}

/** The member list in the top layer, hanging on any element: a button, or a row of a table. */
export function MemberPopover({ anchor, onClose, onChoose, ...list }: MemberPopoverProps) {
  const name = useAnchorName();
  const popover = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLElement | null>(anchor);
  opener.current = anchor;
  const close = useRef(onClose);
  close.current = onClose;
  const dismiss = useCallback(() => close.current(), []);
  useLayoutEffect(() => {
    if (!anchor) return;
    anchor.style.setProperty('anchor-name', name);
    return () => anchor.style.removeProperty('anchor-name');
  }, [anchor, name]);
  usePopover(popover, opener, anchor !== null, dismiss);
  if (!anchor) return null;
  const leave = () => {
    anchor.focus();
    onClose();
  };
  return (
    <div
      ref={popover}
      popover="manual"
      role="dialog"
      aria-label={list.label}
      class="ow-member-popover ow-popover"
      style={{ positionAnchor: name }}
    >
      <MemberList
        {...list}
        onCancel={leave}
        onChoose={(id, member) => {
          leave();
          onChoose(id, member);
        }}
      />
    </div>
  );
}
