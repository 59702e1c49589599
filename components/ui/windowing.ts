/** Rows kept mounted beyond each edge of what is visible. */
export const overscan = 8;

export interface Window {
  /** First mounted row and the one after the last. */
  from: number;
  to: number;
}

/**
 * Which rows of a fixed height have to be mounted.
 * `scrollTop` and `height` in pixels, `count` rows of `rowHeight` pixels each.
 */
export function visibleWindow(scrollTop: number, height: number, rowHeight: number, count: number): Window {
  const first = Math.floor(Math.max(0, scrollTop) / rowHeight);
  const last = Math.ceil((Math.max(0, scrollTop) + height) / rowHeight);
  const from = Math.max(0, Math.min(first, count) - overscan);
  return { from, to: Math.min(count, Math.max(last, first + 1) + overscan) };
}

/** The window widened to whole steps, so that it changes only once in so many rows while somebody scrolls. */
export function snapped(window: Window, step: number, count: number): Window {
  return {
    from: Math.floor(window.from / step) * step,
    to: Math.min(count, Math.ceil(window.to / step) * step),
  };
}
