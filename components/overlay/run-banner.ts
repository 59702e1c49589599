import { element, icon } from './element.ts';
import { theme, themeStyles } from './theme.ts';

/** One line above a member's page, with a way on. It cannot be closed while what it says holds. */
export function runBanner(view: {
  text: string;
  link: string;
  /** `ok`: nothing is wrong; it says what is safe to do now. */
  tone?: 'ok' | undefined;
  dark: boolean;
  onPress(event: MouseEvent): void;
}): HTMLElement {
  return element(
    'div',
    { class: `banner ${view.tone ?? ''} ${theme(view.dark)}`, role: 'status' },
    icon(
      view.tone === 'ok'
        ? 'M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0M5.2 8.2l2 2 3.6-4'
        : 'M8 2.5 14 13H2zM8 6.5v3M8 11.4v.1',
    ),
    element('span', {}, view.text),
    element('button', { type: 'button', onclick: view.onPress }, view.link),
  );
}

/** Its style sheet. */
export const runBannerStyles = `${themeStyles}
.banner {
  display: flex; align-items: center; gap: 8px; min-height: 40px; margin: 0 0 12px; padding: 8px 12px;
  font: 400 var(--size, 14px) / 20px var(--font, system-ui); color: var(--text); background: var(--warn-tint);
  border-radius: var(--radius, 6px);
}
.banner svg { color: var(--warn); }
.banner.ok { background: var(--ok-tint); }
.banner.ok svg { color: var(--ok); }
span { overflow-wrap: anywhere; }
button {
  all: unset; min-height: 24px; margin-inline-start: 4px; white-space: nowrap; font-weight: 500; cursor: pointer;
  color: var(--accent); text-decoration: underline; text-underline-offset: 2px; border-radius: 4px;
}
button:hover { color: var(--accent-hover); }
@media (forced-colors: active) { .banner { border: 1px solid CanvasText; } button { color: LinkText; } }
`;
