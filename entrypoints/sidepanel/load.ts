import { browser } from 'wxt/browser';
import type { PanelDependencies } from '../../lib/panel/dependencies.ts';
import { askFirst } from './first.ts';

/**
 * Asks what the first screen is drawn from, and brings in the code that draws it meanwhile. Where that cannot be
 * loaded the page says so in words of its own, with what the browser said and a way to try again.
 */
export async function load(address: PanelDependencies['address']): Promise<void> {
  const first = askFirst(address);
  try {
    const [{ start }] = await Promise.all([import('./start.tsx'), documentIsThere()]);
    await start(first);
  } catch (error) {
    // What failed may have failed before there was a place to say so.
    await documentIsThere();
    Object.assign(document.documentElement, {
      lang: browser.i18n.getMessage('language') || 'en',
      dir: browser.i18n.getMessage('direction') === 'rtl' ? 'rtl' : 'ltr',
    });
    const title = document.createElement('h1');
    title.className = 'ow-title';
    title.textContent = browser.i18n.getMessage('start_failed_title');
    const detail = document.createElement('p');
    detail.textContent = error instanceof Error ? error.message : String(error);
    const again = document.createElement('button');
    again.className = 'ow-button ow-button-primary';
    again.textContent = browser.i18n.getMessage('try_again');
    again.addEventListener('click', () => location.reload());
    const page = document.createElement('main');
    page.className = 'ow-page ow-gutter';
    page.append(title, detail, again);
    document.getElementById('root')?.replaceChildren(page);
  }
}

/** This script does not wait for the rest of the page to be read. */
function documentIsThere(): Promise<void> {
  if (document.readyState !== 'loading') return Promise.resolve();
  return new Promise((resolve) => {
    document.addEventListener('DOMContentLoaded', () => resolve(), { once: true });
  });
}
