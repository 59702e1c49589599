import { openRoots } from './anchors.ts';

/**
 * Whether something makes an element other than a person would have to see it before they click it, at a point of the
 * window: for browsers that do not say so themselves. Transparent, filtered, cut or distorted by what is around it, by
 * the rules of https://www.w3.org/TR/intersection-observer/#calculate-visibility-algo, or below something that lets
 * clicks through. `element` may be in a closed root of `host`.
 */
export function isObscured(element: Element, host: HTMLElement, x: number, y: number): boolean {
  // What stands above the whole page takes nothing from what is around it.
  if (element.matches('dialog:modal'))
    return [...document.querySelectorAll(':popover-open')].some((each) => holds(boxOf(each), x, y));
  return isAltered(host) || isBelow(host, x, y);
}

function isAltered(host: HTMLElement): boolean {
  for (let current: Element | null = host; current; current = around(current)) {
    const { opacity, filter, clipPath, maskImage, mixBlendMode, transform } = getComputedStyle(current);
    const { a, b, c, d, is2D } = new DOMMatrix(transform === 'none' ? undefined : transform);
    if (
      opacity !== '1' ||
      `${filter} ${clipPath} ${maskImage} ${mixBlendMode}` !== 'none none none normal' ||
      !(is2D && b === 0 && c === 0 && a === d && a >= 1)
    )
      return true;
  }
  return false;
}

const around = (element: Element): Element | null =>
  element.assignedSlot ?? element.parentElement ?? (element.getRootNode() as ShadowRoot).host ?? null;

/** Lets everything at the point that clicks fall through be met by them for a moment, and looks who is met. */
function isBelow(host: HTMLElement, x: number, y: number): boolean {
  const restore: (() => void)[] = [];
  let below = false;
  for (const root of openRoots(document))
    for (const element of root.querySelectorAll<HTMLElement>('*')) {
      below ||= hasLayerAt(element, x, y);
      if (getComputedStyle(element).pointerEvents !== 'none' || !holds(boxOf(element), x, y)) continue;
      const { style } = element;
      const had = element.hasAttribute('style');
      const [name, value, priority] = [
        'pointer-events',
        style.getPropertyValue('pointer-events'),
        style.getPropertyPriority('pointer-events'),
      ];
      style.setProperty(name, 'auto', 'important');
      restore.push(() => {
        if (had) style.setProperty(name, value, priority);
        else element.removeAttribute('style');
      });
    }
  below ||= (host.getRootNode() as Document | ShadowRoot).elementFromPoint(x, y) !== host;
  for (const back of restore) back();
  return below;
}

/** Whether an element's `::before` or `::after` lies there, out of the flow and letting clicks through. */
function hasLayerAt(element: HTMLElement, x: number, y: number): boolean {
  return ['::before', '::after'].some((pseudo) => {
    const style = getComputedStyle(element, pseudo);
    const { content, pointerEvents, position, zIndex } = style;
    if (content === 'none' || content === 'normal' || pointerEvents !== 'none' || zIndex.startsWith('-'))
      return false;
    if (position !== 'fixed' && position !== 'absolute') return false;
    const holder = getComputedStyle(element).position === 'static' ? element.offsetParent : element;
    const { left, top } = position === 'absolute' && holder ? boxOf(holder) : { left: 0, top: 0 };
    const pixels = (value: string): number => Number.parseFloat(value) || 0;
    const at = { left: left + pixels(style.left), top: top + pixels(style.top) };
    return holds(
      { ...at, right: at.left + pixels(style.width), bottom: at.top + pixels(style.height) },
      x,
      y,
    );
  });
}

type Box = Pick<DOMRect, 'left' | 'top' | 'right' | 'bottom'>;

const boxOf = (element: Element): Box => element.getBoundingClientRect();

const holds = ({ left, top, right, bottom }: Box, x: number, y: number): boolean =>
  left <= x && x <= right && top <= y && y <= bottom;
