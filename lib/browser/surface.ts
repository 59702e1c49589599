import { browser } from 'wxt/browser';

/** Where a page of ours is shown, and in which browser window. */
export interface Surface {
  surface: 'panel' | 'tab';
  window: number;
}

/** Finds out where this page is. Rejects when the browser does not say. */
export async function surfaceOfPage(): Promise<Surface> {
  const [tab, current] = await Promise.all([browser.tabs.getCurrent(), browser.windows.getCurrent()]);
  return {
    surface: tab === undefined ? 'panel' : 'tab',
    window: current.id ?? browser.windows.WINDOW_ID_CURRENT,
  };
}
