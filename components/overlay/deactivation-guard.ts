import { element } from './element.ts';
import { theme, themeStyles } from './theme.ts';

/** The words of the modal; see the messages' GuardModal. */
interface Words {
  title: string;
  body: string;
  rows: { label: string; value: string }[];
  notes: string[];
  first?: { label: string };
  cancel: string;
  anyway: string;
  confirm?: { title: string; body: string; back: string; go: string };
}

interface Look {
  dark: boolean;
  direction: 'ltr' | 'rtl';
}

/** Presses come with their event, so that the caller can tell a person's own from others. */
interface GuardView extends Look {
  words: Words;
  /** The second question is asked. */
  confirming: boolean;
  /** The answer is being recorded: it can still be called off. */
  busy: boolean;
  alert: string | undefined;
  onFirst(event: MouseEvent): void;
  onCancel(event: Event): void;
  onAnyway(event: MouseEvent): void;
  onBack(event: MouseEvent): void;
  onGo(event: MouseEvent): void;
}

/**
 * Shows the modal before a deactivation in `place`, which is in the page already, or changes the one that is there.
 * The browser puts it above everything, and takes the page below out of reach.
 */
export function showDeactivationGuard(place: HTMLElement, view: GuardView): void {
  const there = place.querySelector('dialog');
  const dialog =
    there ??
    element('dialog', { 'aria-labelledby': 'title', 'aria-describedby': 'body', onkeydown: heldKeys });
  dialog.className = theme(view.dark);
  dialog.oncancel = (event) => {
    event.preventDefault();
    view.onCancel(event);
  };
  const { words, confirming, alert } = view;
  const second = confirming ? words.confirm : undefined;
  const { title, body } = second ?? words;
  const { buttons, focused } = second ? confirmButtons(second, view) : warnButtons(view);
  dialog.replaceChildren(
    element('h1', { id: 'title' }, title),
    element('p', { id: 'body' }, body),
    ...(alert === undefined ? [] : [element('p', { class: 'alert', role: 'alert' }, alert)]),
    ...(confirming ? [] : detailsOf(words)),
    element('footer', {}, ...buttons),
  );
  if (!there) place.replaceChildren(dialog);
  if (!dialog.open) dialog.showModal();
  focused.focus();
}

/** A key that is held down since before the modal opened chooses nothing. */
function heldKeys(event: KeyboardEvent): void {
  if (event.repeat && event.key !== 'Tab') event.preventDefault();
}

function detailsOf({ rows, notes }: Words): HTMLElement[] {
  const list = element(
    'dl',
    // What can scroll can be reached by keyboard.
    { tabindex: rows.length > 8 && '0' },
    ...rows.map(({ label, value }) => element('div', {}, element('dt', {}, label), element('dd', {}, value))),
  );
  return [...(rows.length > 0 ? [list] : []), ...notes.map((note) => element('p', { class: 'note' }, note))];
}

interface Buttons {
  buttons: HTMLElement[];
  focused: HTMLElement;
}

function warnButtons({ words, onAnyway, onCancel, onFirst }: GuardView): Buttons {
  // What can still be taken back is not dangerous.
  const anyway = button(words.anyway, words.confirm ? 'text danger arming' : 'text', onAnyway);
  const cancel = button(words.cancel, '', onCancel);
  const first = words.first && button(words.first.label, 'fill', onFirst);
  return { buttons: [anyway, cancel, ...(first ? [first] : [])], focused: first ?? cancel };
}

function confirmButtons(words: { back: string; go: string }, { busy, onGo, onBack }: GuardView): Buttons {
  const back = button(words.back, '', onBack);
  const go = button(words.go, 'fill danger arming', onGo);
  if (busy) {
    go.setAttribute('disabled', '');
    go.setAttribute('aria-busy', 'true');
  }
  return { buttons: [go, back], focused: back };
}

const button = (label: string, look: string, onPress: (event: MouseEvent) => void): HTMLElement =>
  element('button', { type: 'button', class: look, onclick: onPress }, label);

/**
 * Shows beside a control that its member is being checked, with a ring on the control, or one sentence; `at` in the
 * window's own coordinates.
 */
export function showControlNote(
  place: HTMLElement,
  view: Look & {
    at: { left: number; top: number; bottom: number; width: number; height: number };
    text: string;
    cancel?: { label: string; onPress(event: Event): void };
  },
): void {
  const { at, cancel } = view;
  const look = theme(view.dark);
  const words = element('span', { role: 'status' });
  const tip = element('div', { class: `tip ${look}`, popover: 'manual' }, words);
  tip.style.left = `${Math.max(8, Math.min(at.left, innerWidth - 328))}px`;
  if (at.bottom < innerHeight - 80) tip.style.top = `${at.bottom + 6}px`;
  else tip.style.bottom = `${innerHeight - at.top + 6}px`;
  const shown: HTMLElement[] = [tip];
  if (cancel) {
    tip.append(button(cancel.label, 'text', cancel.onPress));
    const ring = element('div', { class: `ring ${look}`, popover: 'manual' });
    // At the end of a wide control, so that its words stay readable.
    const end = view.direction === 'rtl' ? at.left + 3 : at.left + at.width - 15;
    ring.style.left = `${at.width > 60 ? end : at.left + at.width / 2 - 6}px`;
    ring.style.top = `${at.top + at.height / 2 - 6}px`;
    shown.push(ring);
  }
  place.replaceChildren(...shown);
  for (const each of shown) each.showPopover();
  // A status that changes once it is there is what gets read out.
  words.textContent = view.text;
}

/** The style sheet of both. */
export const deactivationGuardStyles = `${themeStyles}
dialog, .tip { font: 400 14px / 20px system-ui, "Segoe UI", Roboto, sans-serif; }
dialog {
  width: min(440px, calc(100vw - 24px)); max-height: calc(100dvh - 24px); padding: 24px; overflow: auto;
  color: var(--text); background: var(--surface); border: 1px solid var(--border); border-radius: 12px;
  box-shadow: 0 8px 24px rgb(0 0 0 / .18); font-variant-numeric: tabular-nums;
}
dialog::backdrop { background: var(--scrim); }
h1 { margin: 0 0 8px; font-size: 16px; line-height: 24px; font-weight: 600; overflow-wrap: anywhere; }
p { margin: 0 0 12px; color: var(--text-2); overflow-wrap: anywhere; }
dl {
  max-height: 296px; margin: 0 0 12px; overflow: auto; font-size: 13px; line-height: 18px;
  border-block: 1px solid var(--border);
}
dl:focus-visible { outline: 2px solid var(--accent); outline-offset: -2px; }
dl div { display: flex; gap: 12px; justify-content: space-between; padding: 6px 0; }
dl div + div { border-block-start: 1px solid var(--border); }
dt { overflow-wrap: anywhere; }
dd { margin: 0; text-align: end; font-weight: 500; flex: none; max-width: 60%; }
.note, .alert { padding: 8px 12px; color: var(--text); background: var(--danger-tint); border-radius: 6px; }
footer {
  display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin-block-start: 20px; padding-block-start: 16px;
  border-block-start: 1px solid var(--border);
}
button {
  min-height: 36px; padding: 6px 14px; font: inherit; font-weight: 500;
  color: var(--text); background: var(--surface); border: 1px solid var(--control); border-radius: 6px; cursor: pointer;
}
button:hover { background: var(--hover); }
footer button:first-child { margin-inline-end: auto; }
.fill { color: var(--on-accent); background: var(--accent); border-color: transparent; }
.fill:hover { background: var(--accent-hover); }
.text { padding-inline: 8px; border-color: transparent; background: none; color: var(--accent); }
.text.danger { color: var(--danger); margin-inline-start: -8px; }
.fill.danger { color: var(--on-danger); background: var(--danger); }
.fill.danger:hover { background: var(--danger-hover); }
button:disabled { opacity: .45; cursor: default; }
.arming { animation: arm 400ms step-end; }
@keyframes arm { from { opacity: .45; cursor: default; } }
.tip {
  display: flex; align-items: center; gap: 4px; position: fixed; inset: auto; max-width: 320px; margin: 0;
  padding: 6px 12px; color: var(--text); background: var(--surface); border: 1px solid var(--border); border-radius: 8px;
}
/* It would lie above our own button, which counts as covered then. */
.tip::backdrop, .ring::backdrop { display: none; }
.tip .text { min-height: 28px; padding-block: 2px; }
.ring {
  position: fixed; inset: auto; width: 12px; height: 12px; margin: 0; padding: 0; overflow: visible; background: none;
  border: 2px solid var(--accent); border-inline-start-color: transparent; border-radius: 50%; pointer-events: none;
  animation: turn 900ms linear infinite;
}
@keyframes turn { to { rotate: 360deg; } }
@media (prefers-reduced-motion: reduce) { .ring { animation: none; } }
@media (forced-colors: active) { button { border-color: ButtonText; } .ring { border-color: CanvasText; } }
`;
