import { element, icon } from './element.ts';
import { theme, themeStyles } from './theme.ts';

/** The button in a workspace's page; `onPress` decides what a click is worth. */
export function offboardButton(view: {
  label: string;
  title: string;
  dark: boolean;
  onPress(event: MouseEvent): void;
}): HTMLElement {
  const { label, title, dark, onPress } = view;
  return element(
    'button',
    { type: 'button', class: theme(dark), title, onclick: onPress },
    icon('M6.5 2.75h-3v10.5h3M10 5l3 3-3 3M13 8H6'),
    label,
  );
}

/** Its style sheet; font and corners come from the page by custom properties. */
export const offboardButtonStyles = `${themeStyles}
button {
  all: initial; box-sizing: border-box; display: inline-flex; align-items: center; gap: 6px;
  height: 32px; padding: 0 12px; white-space: nowrap; cursor: pointer;
  font: 500 var(--size, 14px) / 1 var(--font, system-ui); border: 1px solid var(--control);
  border-radius: var(--radius, 6px); color: var(--text); background: var(--surface);
  transition: background-color 120ms ease-out;
}
button:dir(rtl) svg { scale: -1 1; }
button:hover { background: var(--hover); }
@media (prefers-reduced-motion: reduce) { button { transition: none; } }
@media (forced-colors: active) { button { color: ButtonText; background: ButtonFace; border-color: ButtonText; } }
`;
