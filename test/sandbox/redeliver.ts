import { request as plain } from 'node:http';
import { request as secure } from 'node:https';
import { TLSSocket } from 'node:tls';
import type { Request } from 'express';

/** What a server answered to one delivery of a request. */
export interface Delivered {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** They belong to one connection, or are made anew with the body. */
const ownHeaders = ['connection', 'content-length', 'expect', 'keep-alive', 'transfer-encoding'];

/**
 * Sends a request that a server has received to that server once more, as a network does that delivers it twice.
 * `mark` are headers for the second delivery. Rejects when the connection breaks.
 */
export function redeliver(request: Request, mark: Record<string, string>): Promise<Delivered> {
  const { headers, socket, method, originalUrl } = request;
  const { localAddress = '127.0.0.1', localPort = 0 } = socket;
  const body = bodyOf(request);
  const kept = Object.entries(headers).filter(([name]) => !ownHeaders.includes(name));
  const send = socket instanceof TLSSocket ? secure : plain;
  return new Promise((resolve, reject) => {
    const sent = send(
      {
        host: localAddress,
        port: localPort,
        method,
        path: originalUrl,
        headers: {
          ...Object.fromEntries(kept),
          ...mark,
          ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
        },
        agent: false,
        // The certificate is the server's own.
        rejectUnauthorized: false,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () => {
          const answered = Object.entries(response.headers).flatMap(([name, value]) =>
            value === undefined || ownHeaders.includes(name) ? [] : [[name, String(value)] as const],
          );
          resolve({
            status: response.statusCode ?? 0,
            headers: Object.fromEntries(answered),
            body: Buffer.concat(chunks).toString(),
          });
        });
      },
    );
    sent.once('error', reject);
    sent.end(body);
  });
}

/** The body as it was parsed, written again in its own type; undefined where there was none. */
function bodyOf(request: Request): string | undefined {
  if (request.body === undefined) return undefined;
  return request.is('urlencoded')
    ? new URLSearchParams(request.body as Record<string, string>).toString()
    : JSON.stringify(request.body);
}
