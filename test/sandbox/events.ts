import type { RequestHandler, Response } from 'express';
import type { WorkspaceEvent } from './context.ts';

export interface EventHub {
  emit(event: WorkspaceEvent): void;
  readonly middleware: RequestHandler;
  /** Cuts every connection; refuses new ones with 503 for so many milliseconds. */
  cut(refuseFor?: number): void;
  readonly listeners: number;
  close(): void;
}

/** How many events a client that comes back with Last-Event-ID can catch up. */
const kept = 1_000;
/** A client that lets more bytes than this pile up is dropped. */
const backlog = 1_000_000;

/** Server-sent events for any number of clients. `heartbeat`: milliseconds between comments that keep a line open. */
export function createEventHub(heartbeat = 15_000): EventHub {
  const clients = new Set<Response>();
  const recent: { id: number; frame: string }[] = [];
  let next = 1;
  let refusedUntil = 0;

  const write = (client: Response, frame: string) => {
    client.write(frame);
    if (client.writableLength > backlog) client.destroy();
  };
  const timer = setInterval(() => {
    for (const client of clients) write(client, ': heartbeat\n\n');
  }, heartbeat);
  timer.unref();

  return {
    emit(event) {
      const id = next;
      next += 1;
      const frame = `id: ${id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
      recent.push({ id, frame });
      if (recent.length > kept) recent.shift();
      for (const client of clients) write(client, frame);
    },
    middleware: (request, response) => {
      if (performance.now() < refusedUntil) {
        response.status(503).end();
        return;
      }
      response.writeHead(200, {
        'Content-Type': 'text/event-stream',
        'Cache-Control': 'no-store',
        Connection: 'keep-alive',
        'X-Accel-Buffering': 'no',
      });
      const last = Number(request.get('Last-Event-ID'));
      const missed = last > 0 ? recent.filter(({ id }) => id > last) : [];
      response.write(`retry: 1000\n: welcome\n\n${missed.map(({ frame }) => frame).join('')}`);
      clients.add(response);
      response.on('close', () => clients.delete(response));
    },
    cut(refuseFor = 0) {
      refusedUntil = performance.now() + refuseFor;
      for (const client of clients) client.destroy();
      clients.clear();
    },
    get listeners() {
      return clients.size;
    },
    close() {
      clearInterval(timer);
      for (const client of clients) client.destroy();
      clients.clear();
    },
  };
}
