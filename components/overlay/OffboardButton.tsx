/** The button in a workspace's page. Only a person's own click counts: a page can make events, but not trusted ones. */
export function OffboardButton(props: { label: string; title: string; dark: boolean; onOpen(): void }) {
  return (
    <button
      type="button"
      class={props.dark ? 'dark' : 'light'}
      title={props.title}
      onClick={(event) => {
        event.stopPropagation();
        if (event.isTrusted) props.onOpen();
      }}
    >
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        <path d="M6.5 2.75h-3v10.5h3M10 5l3 3-3 3M13 8H6" />
      </svg>
      {props.label}
    </button>
  );
}

/** Its style sheet; font and corners come from the page by custom properties. */
export const offboardButtonStyles = `
button {
  all: initial; box-sizing: border-box; display: inline-flex; align-items: center; gap: 6px;
  height: 32px; padding: 0 12px; white-space: nowrap; cursor: pointer;
  font: 500 var(--size, 14px) / 1 var(--font, system-ui); border: 1px solid; border-radius: var(--radius, 6px);
  transition: background-color 120ms ease-out;
}
.light { color: #171b24; background: #fff; border-color: #7c8596; }
.light:hover { background: #f1f3f7; }
.dark { color: #e9ecf2; background: #191d24; border-color: #76808f; }
.dark:hover { background: #222833; }
button:focus-visible { outline: 2px solid #2253cc; outline-offset: 2px; box-shadow: 0 0 0 6px #fff; }
.dark:focus-visible { outline-color: #93b4ff; box-shadow: 0 0 0 6px #000; }
svg { fill: none; stroke: currentColor; stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round; flex: none; }
@media (prefers-reduced-motion: reduce) { button { transition: none; } }
@media (forced-colors: active) { button { color: ButtonText; background: ButtonFace; border-color: ButtonText; } }
`;
