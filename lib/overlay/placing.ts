import type { Host } from './host.ts';

/**
 * Puts the button into its anchor: last, or first where the anchor's own content would have to move for that (a row
 * of buttons at the end of its line). Does nothing while it is there.
 */
export function placeButton(host: Host, anchor: HTMLElement): void {
  const { element } = host;
  if (element.parentNode === anchor) return;
  const neighbours = [...anchor.children].filter((child) => child !== element);
  const before = neighbours.map(placeOf);
  const moved = (): boolean => neighbours.some((child, index) => placeOf(child) !== before[index]);
  host.place(anchor, () => anchor.append(element));
  if (!moved()) return;
  anchor.prepend(element);
  if (moved()) anchor.append(element);
}

/** Puts the banner before its anchor; does nothing while it is there. */
export function placeBanner(host: Host, anchor: HTMLElement): void {
  if (host.element.nextElementSibling !== anchor)
    host.place(anchor.parentElement ?? anchor, () => anchor.before(host.element));
}

function placeOf(element: Element): string {
  const { left, top } = element.getBoundingClientRect();
  return `${left},${top}`;
}
