import { pointing } from './pointing.ts';

/** An event that was kept from the page before anybody could say what it reaches. */
export interface Early {
  event: Event;
  /** As it was when it came: innermost first. */
  path: EventTarget[];
}

/** By what a control is used, from the press to the event that it ends with. */
export const pressing = [
  'pointerdown',
  'mousedown',
  'pointerup',
  'mouseup',
  'keydown',
  'keypress',
  'keyup',
  'click',
  'submit',
];

/**
 * Keeps from the page what a person presses on anything that these selectors match, until `signal`; `ended` is told
 * when a use is over. Only for as long as it takes until somebody can say which of it is to be kept.
 */
export function keepEarly(selectors: readonly string[], signal: AbortSignal, ended: () => void): Early[] {
  const kept: Early[] = [];
  const keep = (event: Event): void => {
    if (!event.isTrusted || pointing() || !isUse(event)) return;
    const path = event.composedPath();
    if (!path.some((each) => each instanceof Element && selectors.some((one) => fits(each, one)))) return;
    event.stopImmediatePropagation();
    kept.push({ event, path });
    if (!isEnd(event)) return;
    event.preventDefault();
    ended();
  };
  for (const type of pressing) window.addEventListener(type, keep, { capture: true, signal });
  return kept;
}

/** Gives the page what was kept from it. */
export function passOn({ event, path: [target] }: Early): void {
  if (!(target instanceof Element) || !target.isConnected) return;
  const Kind = event.constructor as new (type: string, init: Event) => Event;
  if (event.type === 'submit') {
    const { submitter } = event as SubmitEvent;
    (target as HTMLFormElement).requestSubmit(submitter?.isConnected ? submitter : null);
  } else if (event.type === 'click' && target instanceof HTMLElement) target.click();
  else target.dispatchEvent(new Kind(event.type, event));
}

/** Whether the event is one by which a control is used: the first button of a pointer, Enter, or Space. */
export function isUse(event: Event): boolean {
  if (event instanceof KeyboardEvent)
    return !event.isComposing && (event.key === 'Enter' || event.key === ' ');
  return !(event instanceof MouseEvent) || event.button === 0;
}

export const isEnd = ({ type }: Event): boolean => type === 'click' || type === 'submit';

function fits(element: Element, selector: string): boolean {
  try {
    return element.matches(selector);
  } catch {
    return false;
  }
}
