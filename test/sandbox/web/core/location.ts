import { signal } from '@preact/signals';

/** The address that the application shows now. */
export const location = signal(read());

export interface Address {
  pathname: string;
  query: URLSearchParams;
  /** Without the number sign. */
  anchor: string;
}

function read(): Address {
  const { pathname, search, hash } = window.location;
  return { pathname, query: new URLSearchParams(search), anchor: decodeURIComponent(hash.slice(1)) };
}

/** Goes to another address of the application, with an entry in the history unless `replace` is set. */
export function navigate(address: string, replace = false): void {
  const before = location.value.pathname;
  if (replace) history.replaceState(null, '', address);
  else history.pushState(null, '', address);
  location.value = read();
  if (location.value.pathname !== before && !location.value.anchor) window.scrollTo(0, 0);
}

/** The current path with some query parameters changed; empty and undefined ones go. Other filters stay, the page number does not. */
export function withQuery(changes: Record<string, string | undefined>): string {
  const query = new URLSearchParams(location.value.query);
  query.delete('page');
  for (const [key, value] of Object.entries(changes)) {
    if (value) query.set(key, value);
    else query.delete(key);
  }
  const text = query.toString();
  return location.value.pathname + (text ? `?${text}` : '');
}

/** Follows the browser's back and forward, and turns clicks on the application's own links into navigation. */
export function followLocation(): void {
  const update = () => {
    location.value = read();
  };
  window.addEventListener('popstate', update);
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link || link.target || link.origin !== window.location.origin) return;
    event.preventDefault();
    const fragment = link.getAttribute('href');
    if (fragment?.startsWith('#')) document.getElementById(fragment.slice(1))?.focus();
    else navigate(link.pathname + link.search + link.hash);
  });
}
