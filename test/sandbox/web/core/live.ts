import { signal } from '@preact/signals';

export type Topic = 'member' | 'owner';

/** Whether the server's events reach this page. */
export const live = signal(false);

const listeners = new Set<(topic: Topic) => void>();

/** Calls back when something of a topic changed on the server; returns how to stop. */
export function listen(listener: (topic: Topic) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Opens the stream of server-sent events that the workspace's discovery document names; returns how to close it. */
export function openEvents(): () => void {
  let source: EventSource | undefined;
  let closed = false;
  const waiting = new Set<Topic>();
  let timer: number | undefined;
  // A run changes hundreds of owners: at most four refreshes a second.
  const announce = (topic: Topic) => {
    waiting.add(topic);
    timer ??= window.setTimeout(() => {
      timer = undefined;
      const topics = [...waiting];
      waiting.clear();
      for (const each of topics) for (const listener of [...listeners]) listener(each);
    }, 250);
  };
  const open = async () => {
    const response = await fetch('/.well-known/offboarding');
    const discovery = (await response.json()) as { urls: { events: string } };
    if (closed) return;
    const { pathname, search } = new URL(discovery.urls.events, window.location.href);
    source = new EventSource(pathname + search);
    let lost = false;
    source.addEventListener('open', () => {
      live.value = true;
      // What happened while the stream was down is unknown: read everything again.
      if (lost) for (const topic of ['member', 'owner'] as const) announce(topic);
      lost = false;
    });
    source.addEventListener('error', () => {
      live.value = false;
      lost = true;
    });
    for (const topic of ['member', 'owner'] as const) source.addEventListener(topic, () => announce(topic));
    source.addEventListener('message', (event) => {
      const type = topicOf(event.data);
      if (type) announce(type);
    });
  };
  open().catch(() => {
    live.value = false;
  });
  return () => {
    closed = true;
    source?.close();
    window.clearTimeout(timer);
    live.value = false;
  };
}

function topicOf(data: unknown): Topic | undefined {
  try {
    const { type } = JSON.parse(String(data)) as { type?: unknown };
    return type === 'member' || type === 'owner' ? type : undefined;
  } catch {
    return undefined;
  }
}
