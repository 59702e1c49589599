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

/** What happens between press and click belongs together for so long, milliseconds. */
export const gestureLasts = 2_000;

/** Presses that are kept from the page. */
export interface EarlyPresses {
  /** What is kept by now, which is given to whoever calls. */
  take(): Early[];
  /** Gives the page what was kept; what that sets off reaches it too. */
  giveBack(events: readonly Early[]): void;
  /** Keeps nothing any more. Returns what is kept by now. */
  end(): Early[];
}

/**
 * Keeps from the page what a person presses on anything that these selectors match, while `holds`; `ended` is told
 * when a use is over. Only for as long as it takes until somebody can say which of it is to be kept. A press that comes
 * to nothing, for it went on elsewhere or nothing follows, goes back to the page.
 */
export function keepEarly(
  selectors: readonly string[],
  holds: () => boolean,
  ended: () => void,
): EarlyPresses {
  const listening = new AbortController();
  const kept: Early[] = [];
  /** So many of them belong to uses that are over. */
  let whole = 0;
  let releasing = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const take = (from = 0): Early[] => {
    clearTimeout(timer);
    whole = Math.min(whole, from);
    return kept.splice(from);
  };
  const giveBack = (events: readonly Early[]): void => {
    releasing = true;
    try {
      for (const each of events) passOn(each);
    } finally {
      releasing = false;
    }
  };
  const keep = (event: Event): void => {
    if (!event.isTrusted || releasing || pointing() || !isUse(event)) return;
    const path = event.composedPath();
    const isHeld = holds();
    // A form is used when it is submitted, whatever is pressed in it; anything else when it is pressed.
    const at = path.findIndex(
      (each) =>
        each instanceof HTMLElement &&
        (event.type === 'submit') === each instanceof HTMLFormElement &&
        selectors.some((one) => fits(each, one)),
    );
    if (!isHeld || at < 0) {
      giveBack(take(isHeld ? whole : 0));
      return;
    }
    event.stopImmediatePropagation();
    kept.push({ event, path });
    clearTimeout(timer);
    if (isEnd(event, path.slice(0, at + 1))) {
      event.preventDefault();
      whole = kept.length;
      ended();
    } else timer = setTimeout(() => giveBack(take(whole)), gestureLasts);
  };
  for (const type of pressing)
    window.addEventListener(type, keep, { capture: true, signal: listening.signal });
  return {
    take: () => take(),
    giveBack,
    end() {
      listening.abort();
      return take();
    },
  };
}

/** Gives the page what was kept from it: a copy, of which a click does what a person's own does. */
export function passOn({ event, path: [target] }: Early): void {
  if (!(target instanceof Element) || !target.isConnected) return;
  const Kind = event.constructor as new (type: string, init: Event) => Event;
  if (event.type === 'submit') {
    const { submitter } = event as SubmitEvent;
    (target as HTMLFormElement).requestSubmit(submitter?.isConnected ? submitter : null);
  } else target.dispatchEvent(new Kind(event.type, event));
}

/** Whether the event is one by which a control is used: the first button of a pointer, Enter, or Space. */
export function isUse(event: Event): boolean {
  if (event instanceof KeyboardEvent)
    return !event.isComposing && (event.key === 'Enter' || event.key === ' ');
  return !(event instanceof MouseEvent) || event.button === 0;
}

/** Whether the browser itself makes a click of this key on this element. */
export function clicksByKey(element: Element, key: string): boolean {
  if (element.matches('button,summary,input[type=button],input[type=submit],input[type=reset]')) return true;
  return key === ' ' ? element.matches('input[type=checkbox]') : element.matches('a[href]');
}

/** Whether the use of a control is over with this event; `path` from what was pressed to the control. */
const isEnd = (event: Event, path: readonly EventTarget[]): boolean =>
  event.type === 'keyup'
    ? !path.some((each) => each instanceof Element && clicksByKey(each, (event as KeyboardEvent).key))
    : event.type === 'click' || event.type === 'submit';

function fits(element: Element, selector: string): boolean {
  try {
    return element.matches(selector);
  } catch {
    return false;
  }
}
