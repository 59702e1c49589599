import { signal } from '@preact/signals';

const topics = ['member', 'owner'] as const;
export type Topic = (typeof topics)[number];

/** Whether the server's events reach this page. */
export const live = signal(false);

const listeners = new Set<(topic: Topic) => void>();

/** Calls back when something of a topic changed on the server; returns how to stop. */
export function listen(listener: (topic: Topic) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * Follows the stream of server-sent events that the workspace's discovery document names; returns how to stop.
 * A page that is hidden in the browser's back-forward cache lets go of its connection: a browser has only six for
 * one host.
 */
export function openEvents(): () => void {
  let source: EventSource | undefined;
  let address: Promise<string> | undefined;
  let closed = false;
  let hidden = false;
  let lost = false;
  const announce = throttled();

  const close = () => {
    source?.close();
    source = undefined;
    live.value = false;
  };
  const open = async () => {
    address ??= eventsAddress();
    const url = await address;
    if (closed || hidden || source) return;
    source = new EventSource(url);
    source.addEventListener('open', () => {
      live.value = true;
      // What happened while the stream was down is unknown: read everything again.
      if (lost) for (const topic of topics) announce(topic);
      lost = false;
    });
    source.addEventListener('error', () => {
      live.value = false;
      lost = true;
      // The browser tries again by itself, unless the server refused.
      if (source?.readyState !== EventSource.CLOSED) return;
      source = undefined;
      window.setTimeout(start, 3_000);
    });
    for (const topic of topics) source.addEventListener(topic, () => announce(topic));
  };
  const start = () => {
    open().catch(() => {
      address = undefined;
      live.value = false;
      if (!closed) window.setTimeout(start, 3_000);
    });
  };
  const hide = () => {
    hidden = true;
    lost = true;
    close();
  };
  const show = (event: PageTransitionEvent) => {
    hidden = false;
    if (event.persisted) start();
  };

  start();
  window.addEventListener('pagehide', hide);
  window.addEventListener('pageshow', show);
  return () => {
    closed = true;
    close();
    window.removeEventListener('pagehide', hide);
    window.removeEventListener('pageshow', show);
  };
}

/** A run changes hundreds of owners: listeners hear of each topic at most four times a second. */
function throttled(): (topic: Topic) => void {
  const waiting = new Set<Topic>();
  const tell = () => {
    const now = [...waiting];
    waiting.clear();
    for (const topic of now) for (const listener of [...listeners]) listener(topic);
  };
  return (topic) => {
    if (waiting.size === 0) window.setTimeout(tell, 250);
    waiting.add(topic);
  };
}

async function eventsAddress(): Promise<string> {
  const response = await fetch('/.well-known/offboarding');
  const { urls } = (await response.json()) as { urls: { events: string } };
  const { pathname, search } = new URL(urls.events, window.location.href);
  return pathname + search;
}
