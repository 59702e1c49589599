import { createServer as createPlainServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';

/** Where a server is to be reached. */
export interface ListenOptions {
  /** 0, the default: any free port. */
  port?: number;
  /** Serves HTTPS with this key and certificate; the real host names are only ever reached that way. */
  tls?: { key: string; cert: string };
}

export interface Listening {
  /** Origin on loopback, without a trailing slash. */
  url: string;
  port: number;
  /** Ends every connection and resolves once the server is closed. */
  close(): Promise<void>;
}

/** Serves an application on 127.0.0.1 and resolves once it answers. Rejects when the port is taken. */
export async function listen(app: Express, { port = 0, tls }: ListenOptions): Promise<Listening> {
  const server = tls ? createSecureServer(tls, app) : createPlainServer(app);
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${address.port}`,
    port: address.port,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
