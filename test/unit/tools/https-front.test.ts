import { X509Certificate } from 'node:crypto';
import { createServer } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { makeCertificate } from '../../tools/certificate.ts';
import { startHttpsFront } from '../../tools/https-front.ts';

describe('the certificate of the tests', () => {
  it('is one that Node takes, for these names and signed by its own key', () => {
    const { cert } = makeCertificate(['app.example.com', '*.vf.example.com']);
    const read = new X509Certificate(cert);
    expect(read.checkHost('app.example.com')).toBe('app.example.com');
    expect(read.checkHost('a.vf.example.com')).toBe('*.vf.example.com');
    expect(read.checkHost('example.com')).toBeUndefined();
    expect(read.verify(read.publicKey)).toBe(true);
    expect(new Date(read.validFrom).getTime()).toBeLessThan(Date.now());
    expect(new Date(read.validTo).getTime()).toBeGreaterThan(Date.now());
  });
});

describe('the HTTPS front', () => {
  it('serves a real host name from a server on loopback, which is told the name', async () => {
    const behind = createServer((asked, answer) => {
      const { 'x-forwarded-host': host, 'x-forwarded-proto': scheme } = asked.headers;
      asked.pipe(answer.writeHead(201, { 'content-type': 'text/plain' }), { end: false });
      asked.on('end', () => answer.end(` ${asked.method} ${scheme}://${host}${asked.url}`));
    });
    await new Promise<void>((resolve) => {
      behind.listen(0, '127.0.0.1', resolve);
    });
    const front = await startHttpsFront({
      '*.example.com': `http://127.0.0.1:${(behind.address() as AddressInfo).port}`,
    });
    const ask = (host: string): Promise<{ status: number | undefined; text: string }> =>
      new Promise((resolve, reject) => {
        const options = { port: front.port, host: '127.0.0.1', path: '/x?y=1', method: 'PATCH' };
        const sent = request({ ...options, headers: { host }, rejectUnauthorized: false }, (answer) => {
          let text = '';
          answer.on('data', (part) => {
            text += part;
          });
          answer.on('end', () => resolve({ status: answer.statusCode, text }));
        });
        sent.on('error', reject);
        sent.end('body');
      });
    try {
      expect(await ask('api.example.com')).toEqual({
        status: 201,
        text: 'body PATCH https://api.example.com/x?y=1',
      });
      expect((await ask('example.org')).status).toBe(421);
    } finally {
      await front.close();
      behind.close();
    }
  });
});
