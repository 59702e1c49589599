import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('web', import.meta.url));
/** Where the built pages are: index.html and assets/, to be served under /. */
export const webOutput = fileURLToPath(new URL('../../.output/sandbox-web', import.meta.url));
const stamp = join(webOutput, 'inputs.sha256');

/**
 * Builds the demo workspace's pages (test/sandbox/web) into `webOutput`, unless they were built from the very same
 * files before. Every script and style is a file of its own, so a Content-Security-Policy of 'self' holds.
 * Throws when the sources do not compile.
 */
export async function buildWeb(): Promise<void> {
  const digest = digestOfInputs();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    base: '/',
    // Its own, because the project's extends a file that only a prepared checkout has.
    tsconfig: join(root, 'tsconfig.json'),
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      outDir: webOutput,
      emptyOutDir: true,
      target: 'es2024',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
  });
  writeFileSync(stamp, digest);
}

function digestOfInputs(): string {
  const hash = createHash('sha256');
  const lock = fileURLToPath(new URL('../../package-lock.json', import.meta.url));
  const sources = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of [...sources, lock, fileURLToPath(import.meta.url)]) {
    hash
      .update(`${file.slice(root.length)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}
