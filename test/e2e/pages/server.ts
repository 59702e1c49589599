import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PageProfile } from '../../../lib/workspace/page-profile.ts';

export interface StoredPages {
  url: string;
  close(): Promise<void>;
}

/**
 * A workspace of another make: its pages are the stored file, whatever their path below Settings > Users, and are
 * described by `pages`; everything else is the demo workspace's at `upstream`.
 */
export async function servePage(file: string, pages: PageProfile, upstream: string): Promise<StoredPages> {
  const html = readFileSync(new URL(file, import.meta.url));
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    if (path.startsWith('/settings/users')) {
      response.setHeader('Content-Type', 'text/html; charset=utf-8').end(html);
      return;
    }
    const headers = { cookie: request.headers.cookie ?? '', accept: 'application/json' };
    void fetch(upstream + path, { headers })
      .then(async (answer) => {
        const text = await answer.text();
        response.statusCode = answer.status;
        response.setHeader('Content-Type', answer.headers.get('content-type') ?? 'text/plain');
        if (path !== '/.well-known/offboarding') response.end(text);
        else {
          const own = `http://${request.headers.host}`;
          response.end(JSON.stringify({ ...JSON.parse(text.replaceAll(upstream, own)), pages }));
        }
      })
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
