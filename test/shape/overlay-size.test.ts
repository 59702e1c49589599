import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { expect, it } from 'vitest';

/** Bytes after gzip -9. */
const limit = 12_000;
/** The same of both together, which pages about users load. */
const limitOfBoth = 13_000;

/** Builds the script of an entry point as it is delivered. */
async function built(name: string): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'overlay-'));
  try {
    await build({
      configFile: false,
      logLevel: 'silent',
      build: {
        outDir: folder,
        target: ['chrome120', 'firefox142'],
        lib: { entry: `entrypoints/${name}/index.ts`, formats: ['iife'], name, fileName: () => 'built.js' },
      },
    });
    return readFileSync(join(folder, 'built.js'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

it('what goes into a workspace’s page weighs little, and carries no framework', async () => {
  let sum = 0;
  for (const { name, least, most, says } of [
    // Every page of a workspace loads it: it only waits there.
    { name: 'overlay', least: 1_500, most: 4_000, says: 'overlay.users' },
    // Pages about users load it besides.
    { name: 'users', least: 4_000, most: limit, says: 'overlay.guard' },
  ]) {
    const script = await built(name);
    const weight = gzipSync(script, { level: 9 }).length;
    expect(weight, name).toBeGreaterThan(least);
    expect(weight, name).toBeLessThanOrEqual(most);
    expect(script.includes(says), name).toBe(true);
    expect(/content-script-started|webextension-polyfill|__H\b/u.test(script.toString()), name).toBe(false);
    sum += weight;
  }
  expect(sum).toBeLessThanOrEqual(limitOfBoth);
});
