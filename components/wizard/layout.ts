import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';

/** Widths of the page: below 560, below 960, below 1200 (no room for an inspector), and from there on. */
export type Layout = 'narrow' | 'medium' | 'wide' | 'full';

function layoutOf(width: number): Layout {
  if (width < 560) return 'narrow';
  if (width < 960) return 'medium';
  return width < 1200 ? 'wide' : 'full';
}

const Current = createContext<Layout>('narrow');
export const LayoutProvider = Current.Provider;

/** The layout of the page that this component is on. */
export function useLayout(): Layout {
  return useContext(Current);
}

/** Watches the root element's width; the root's own class, not the viewport, decides. */
export function useRootLayout(): Layout {
  const [layout, setLayout] = useState<Layout>(() => layoutOf(document.documentElement.clientWidth));
  useEffect(() => {
    const root = document.querySelector('.ow-root');
    if (!root) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setLayout(layoutOf(entry.contentRect.width));
    });
    observer.observe(root);
    return () => observer.disconnect();
  }, []);
  return layout;
}

/** Moves the focus to an element by id, and brings it into view; headings take it too. */
export function focusOn(id: string): void {
  const element = document.getElementById(id);
  if (!element) return;
  element.scrollIntoView({ block: 'center' });
  element.focus({ preventScroll: true });
  if (document.activeElement !== element)
    element.querySelector<HTMLElement>('button, input, a[href], [tabindex]')?.focus({ preventScroll: true });
}
