import type { Clock } from '../dispatcher.ts';
import type { Fetch } from '../http.ts';
import type { NewsListener } from '../port.ts';
import { eventSchema } from './wire.ts';

/** Waits before connecting again, milliseconds. */
const waits = [1_000, 2_000, 3_000, 5_000, 10_000, 30_000];
/** A line that says nothing for so long, not even a heartbeat, is dead. */
const silence = 45_000;
/** A single event is no longer than this, characters. */
const longest = 100_000;

/**
 * Follows the workspace's server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) with
 * the admin's own session, and connects again by itself. Events that do not fit the contract are passed over.
 * Returns how to stop. Never throws.
 */
export function listenToEvents(url: string, fetch: Fetch, clock: Clock, listener: NewsListener): () => void {
  const stopped = new AbortController();
  void follow();
  return () => stopped.abort();

  async function follow(): Promise<void> {
    let lastId = '';
    for (let tries = 0; !stopped.signal.aborted; tries += 1) {
      const line = new AbortController();
      const signal = AbortSignal.any([stopped.signal, line.signal]);
      let heardAt = clock.now().getTime();
      const watch = setInterval(() => {
        if (clock.now().getTime() - heardAt > silence) line.abort();
      }, silence / 3);
      let stood = false;
      try {
        const headers: Record<string, string> = { accept: 'text/event-stream' };
        if (lastId !== '') headers['last-event-id'] = lastId;
        const response = await fetch(url, { headers, credentials: 'include', cache: 'no-store', signal });
        if (!response.ok || !response.body) throw new Error('No stream.');
        stood = true;
        tries = 0;
        listener.up();
        for await (const { id, data } of eventsOf(response.body, () => {
          heardAt = clock.now().getTime();
        })) {
          if (id !== undefined) lastId = id;
          const news = parse(data);
          if (news) listener.news(news);
        }
      } catch {
        // Gone, refused or called off: all the same, it is tried again.
      } finally {
        clearInterval(watch);
        line.abort();
      }
      if (stopped.signal.aborted) return;
      if (stood || tries === 0) listener.down();
      const wait = waits[Math.min(tries, waits.length - 1)] ?? 30_000;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

function parse(data: string) {
  try {
    const parsed = eventSchema.safeParse(JSON.parse(data));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** The events of a stream, as far as this contract uses them: their data and their id. */
async function* eventsOf(
  body: ReadableStream<Uint8Array>,
  heard: () => void,
): AsyncGenerator<{ id?: string; data: string }> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  let id: string | undefined;
  let data: string[] = [];
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      heard();
      rest += decoder.decode(value, { stream: true });
      const lines = rest.split(/\r\n|\n|\r/);
      rest = lines.pop() ?? '';
      if (rest.length > longest || data.join('').length > longest) throw new Error('An endless event.');
      for (const line of lines) {
        if (line === '') {
          if (data.length > 0) yield { ...(id === undefined ? {} : { id }), data: data.join('\n') };
          data = [];
        } else if (line.startsWith('data:')) data.push(line.slice(5).trimStart());
        else if (line.startsWith('id:')) id = line.slice(3).trim();
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
