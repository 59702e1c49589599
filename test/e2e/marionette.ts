import { connect, type Socket } from 'node:net';

/** An element of a page, as Marionette hands it around. */
export type ElementReference = Record<string, string>;

/** A conversation with a Firefox that was started with `-marionette`. */
export interface Marionette {
  /** Sends a command and resolves with its result; rejects with the browser's words. */
  send<T = unknown>(command: string, parameters?: Record<string, unknown>): Promise<T>;
  close(): void;
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/**
 * Connects to Firefox's own remote protocol. Frames are `length:JSON`, with the length in bytes; a command is
 * `[0, id, name, parameters]`, an answer `[1, id, error, result]`.
 * https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html
 */
export async function connectMarionette(port: number): Promise<Marionette> {
  const socket = await open(port);
  const waiting = new Map<number, Waiting>();
  let buffer = Buffer.alloc(0);
  let last = 0;

  const receive = (frame: unknown): void => {
    if (!Array.isArray(frame)) return;
    const [, id, error, result] = frame as [
      number,
      number,
      { error: string; message: string } | null,
      unknown,
    ];
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error) asked?.reject(new Error(`${error.error}: ${error.message}`));
    else asked?.resolve(result);
  };
  socket.on('data', (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const colon = buffer.indexOf(':');
      if (colon < 0) return;
      const end = colon + 1 + Number(buffer.subarray(0, colon).toString());
      if (buffer.length < end) return;
      receive(JSON.parse(buffer.subarray(colon + 1, end).toString()));
      buffer = buffer.subarray(end);
    }
  });
  socket.on('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('Firefox closed the connection.'));
    waiting.clear();
  });
  socket.on('error', () => {});

  return {
    send: <T>(command: string, parameters: Record<string, unknown> = {}) =>
      new Promise<T>((resolve, reject) => {
        if (socket.destroyed) return reject(new Error('The connection to Firefox is closed.'));
        last += 1;
        waiting.set(last, { resolve: resolve as (result: unknown) => void, reject });
        const body = Buffer.from(JSON.stringify([0, last, command, parameters]));
        socket.write(Buffer.concat([Buffer.from(`${body.length}:`), body]));
      }),
    close: () => socket.destroy(),
  };
}

/** Firefox listens some seconds after its start; asks until it does. */
async function open(port: number): Promise<Socket> {
  const end = Date.now() + 60_000;
  for (;;) {
    const socket = await new Promise<Socket | null>((resolve) => {
      const tried = connect(port, '127.0.0.1');
      tried.once('connect', () => resolve(tried));
      tried.once('error', () => resolve(null));
    });
    if (socket) return socket;
    if (Date.now() > end) throw new Error('Firefox did not open its remote port within a minute.');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
