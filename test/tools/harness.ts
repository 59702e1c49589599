import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import preact from '@preact/preset-vite';
import { build, preview } from 'vite';

/**
 * Builds a folder of test pages (an index.html and what it loads) once and serves it on a free port of loopback.
 * Bundled, since a hundred single modules for each of some hundred page loads would be most of a test's time.
 * Resolves with the address, ending in a slash, and with what ends it. Throws when the pages do not build.
 */
export async function servePages(root: string): Promise<{ address: string; close(): Promise<void> }> {
  const outDir = mkdtempSync(join(tmpdir(), 'offboarding-pages-'));
  const shared = { root, configFile: false, logLevel: 'error' } as const;
  await build({
    ...shared,
    base: './',
    plugins: [preact()],
    build: { outDir, emptyOutDir: true, minify: false, target: 'esnext', modulePreload: false },
  });
  const server = await preview({ ...shared, build: { outDir }, preview: { host: '127.0.0.1', port: 0 } });
  return {
    address: server.resolvedUrls?.local[0] ?? '',
    async close() {
      await server.close();
      rmSync(outDir, { recursive: true, force: true });
    },
  };
}
