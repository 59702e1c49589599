import type { PageProfile } from '../workspace/page-profile.ts';
import type { Checks } from './checks.ts';
import { type Control, controlOf, findAgain, type Whose } from './controls.ts';
import { clicksByKey, type Early, gestureLasts, isUse, passOn, pressing } from './early.ts';
import { pointing } from './pointing.ts';

/** An event that was kept from the page, and where it was meant to arrive. */
interface Kept {
  event: Event;
  place: EventTarget | undefined;
}

/** A use of a control that the page has not heard of. */
export interface Held extends Control {
  /** What was kept from the page so far, in its order. */
  events: Kept[];
  end: 'click' | 'key' | 'submit';
  submitter: HTMLElement | null;
}

export interface InterceptParts {
  /** The profile as it is on the page at that moment, and whom the page is about, where it says so by what it shows. */
  profile(): PageProfile;
  about(): Whose | undefined;
  checks: Checks;
  signal: AbortSignal;
  /** Decides about a held use: resolves true when it shall happen after all. Never called twice at a time. */
  decide(held: Held, given: AbortSignal): Promise<boolean>;
  /** The control is not there any more: nothing was done. */
  lost(held: Held): void;
  /** A use of a control is about to reach the page. */
  used(control: Control): void;
}

const reaching = ['pointerover', 'focusin'];

/** What the pointer only crosses is not asked about: it has to rest there for so long, milliseconds. */
const rests = 60;

/**
 * Stands before the page's own handlers (capture on the window) and keeps from them what would set a member inactive
 * who still owns something. The check begins when the pointer or the focus reaches the control: where the answer is
 * there in time, and nothing is owned, the page's events pass as they are. Where it comes later they are kept back,
 * and happen once the answer is there, in their order and once. Only a person's own events are looked at.
 * Nothing happens with what the page does by itself, for it needs no click for that. `early`: what was kept back before
 * this could be said; it is decided about now, and what is no use of a control reaches the page.
 */
export function interceptDeactivation(parts: InterceptParts, early: readonly Early[] = []): void {
  const { profile, about, checks, signal, decide, lost, used } = parts;
  let gesture: (Control & { pass: boolean; events: Kept[]; at: number }) | undefined;
  let resting: ReturnType<typeof setTimeout> | undefined;
  let deciding: { member: string; given: AbortController } | undefined;
  let releasing = false;

  const handle = (event: Event): void => {
    if (!event.isTrusted || releasing || pointing()) return;
    const { type } = event;
    const path = event.composedPath();
    const reaches = reaching.includes(type);
    const control = controlOf(path, profile(), location, reaches ? 'reach' : type, about());
    if (reaches) {
      clearTimeout(resting);
      if (control) resting = setTimeout(() => checks.begin(control.member), rests);
      return;
    }
    if (control && isUse(event)) use(event, path, control);
  };

  const use = (event: Event, path: EventTarget[], control: Control): void => {
    const { type } = event;
    if (deciding) {
      // A second click while the first is being decided changes nothing; one on another member replaces it.
      if (deciding.member === control.member) {
        keep(event, true);
        return;
      }
      deciding.given.abort();
    }
    const starts = type === 'pointerdown' || (type === 'keydown' && !(event as KeyboardEvent).repeat);
    // An element may have become another member's by now.
    const same =
      gesture?.element === control.element &&
      gesture.member === control.member &&
      event.timeStamp - gesture.at < gestureLasts;
    if (starts || !gesture || !same) {
      checks.begin(control.member, true);
      gesture = {
        ...control,
        pass: checks.ownsNothing(control.member),
        events: [],
        at: event.timeStamp,
      };
    }
    const { pass, events } = gesture;
    const end = endOf(event, control.element);
    if (end) gesture = undefined;
    if (pass) {
      if (end) used(control);
      return;
    }
    if (!end) {
      // The browser's own click follows from the key only where the control is the browser's.
      keep(event, event instanceof KeyboardEvent && !clicksByKey(control.element, event.key));
      if (type !== 'keypress' && !(event as KeyboardEvent).repeat) events.push({ event, place: path[0] });
      return;
    }
    if (end === 'click' && checks.ownsNothing(control.member)) {
      // Known just now: what was kept back comes first, then the person's own click.
      used(control);
      release(() => void replay(events, control.element));
      return;
    }
    keep(event, true);
    if (end === 'key') events.push({ event, place: path[0] });
    const submitter = end === 'submit' ? (event as SubmitEvent).submitter : null;
    void settle({ ...control, events, end, submitter });
  };

  const settle = async (held: Held): Promise<void> => {
    const given = new AbortController();
    deciding = { member: held.member, given };
    const own = deciding;
    let go = false;
    try {
      go = await decide(held, AbortSignal.any([given.signal, signal]));
    } finally {
      if (deciding === own) deciding = undefined;
    }
    if (!go || signal.aborted || given.signal.aborted) return;
    const element = findAgain(held, profile(), location, about());
    if (!element) {
      lost(held);
      return;
    }
    used({ member: held.member, element });
    release(() => repeat(held, element));
  };

  const release = (act: () => void): void => {
    releasing = true;
    try {
      act();
    } finally {
      releasing = false;
    }
  };

  signal.addEventListener('abort', () => clearTimeout(resting));
  for (const type of [...reaching, ...pressing])
    window.addEventListener(type, handle, { capture: true, signal });
  for (const { event, path } of early) {
    // What a click has changed was taken back with it: the control is as it was when it was pressed.
    const type = event.type === 'click' ? 'pointerdown' : event.type;
    const control = controlOf(path, profile(), location, type, about());
    if (control) use(event, path, control);
    // It may set off the use of a control, as a click submits a form: that is decided about like any other.
    else passOn({ event, path });
  }
}

function keep(event: Event, whole: boolean): void {
  event.stopImmediatePropagation();
  if (whole) event.preventDefault();
}

/** The page's turn: what was kept back, and then the use itself, once. */
function repeat(held: Held, element: HTMLElement): void {
  // Where another element took its place, what was pressed before may be somebody else's by now.
  const moved = element !== held.element;
  const events = moved ? held.events.map(({ event }) => ({ event, place: element })) : held.events;
  const clicks = replay(events, element);
  if (held.end === 'submit') {
    const { submitter } = held;
    (element as HTMLFormElement).requestSubmit(submitter?.isConnected ? submitter : null);
  } else if (held.end === 'click' && clicks) element.click();
}

/** Gives the page copies of events; false when it forbade the click that would follow a key. */
function replay(events: readonly Kept[], element: HTMLElement): boolean {
  let clicks = true;
  for (const { event, place } of events) {
    const target = place instanceof Node && place.isConnected ? place : element;
    const Kind = event.constructor as new (type: string, init: Event) => Event;
    const allowed = target.dispatchEvent(new Kind(event.type, event));
    if (!allowed && event instanceof KeyboardEvent) clicks = false;
  }
  return clicks;
}

/** Whether this event is the one that the use ends with, and how it is to be repeated then. */
function endOf(event: Event, element: HTMLElement): Held['end'] | undefined {
  if (event.type === 'submit') return 'submit';
  if (event.type === 'click') return 'click';
  if (event.type === 'keyup' && !clicksByKey(element, (event as KeyboardEvent).key)) return 'key';
  return undefined;
}
