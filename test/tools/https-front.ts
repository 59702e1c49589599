import { request as forward, type OutgoingHttpHeaders } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { makeCertificate } from './certificate.ts';

/** Real host names on loopback: what serves them over HTTPS, and how a Chromium finds them there. */
export interface HttpsFront {
  port: number;
  /** Command line of a Chromium for which these names are this front, and any certificate will do. */
  chromium: string[];
  close(): Promise<void>;
}

/**
 * Serves host names (`*.example.com` too) over HTTPS on 127.0.0.1, each from a plain server on loopback that is given
 * by its origin. That server learns the name and the scheme from X-Forwarded-Host and X-Forwarded-Proto.
 */
export async function startHttpsFront(hosts: Readonly<Record<string, string>>): Promise<HttpsFront> {
  const names = Object.keys(hosts);
  const serverOf = (host: string): string | undefined => {
    const name = names.find(
      (each) => each === host || (each.startsWith('*.') && host.endsWith(each.slice(1))),
    );
    return name === undefined ? undefined : hosts[name];
  };
  const server = createServer(makeCertificate(names), (request, response) => {
    const host = request.headers.host ?? '';
    const behind = serverOf(host.replace(/:\d+$/, ''));
    if (behind === undefined) {
      response.writeHead(421).end(`Nobody serves ${host} here.`);
      return;
    }
    const headers: OutgoingHttpHeaders = {
      ...request.headers,
      'x-forwarded-host': host,
      'x-forwarded-proto': 'https',
    };
    const onward = forward(
      new URL(request.url ?? '/', behind),
      { method: request.method, headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
        // A server that cuts its answer off does the same to the browser.
        answer.on('error', () => response.destroy());
      },
    );
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    chromium: [
      `--host-resolver-rules=${names.map((name) => `MAP ${name} 127.0.0.1:${port}`).join(',')}`,
      '--ignore-certificate-errors',
    ],
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
