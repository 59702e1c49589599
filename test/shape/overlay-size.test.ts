import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { expect, it } from 'vitest';

/** Every page of a workspace loads it; bytes after gzip -9. */
const limit = 12_000;

it('what goes into a workspace’s page weighs at most 12 kB, and carries no framework', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'overlay-'));
  try {
    await build({
      configFile: false,
      logLevel: 'silent',
      build: {
        outDir: folder,
        target: ['chrome120', 'firefox142'],
        lib: {
          entry: 'entrypoints/overlay/index.ts',
          formats: ['iife'],
          name: 'overlay',
          fileName: () => 'overlay.js',
        },
      },
    });
    const script = readFileSync(join(folder, 'overlay.js'));
    const weight = gzipSync(script, { level: 9 }).length;
    expect(weight).toBeGreaterThan(4_000);
    expect(weight).toBeLessThanOrEqual(limit);
    expect(script.includes('overlay.guard')).toBe(true);
    expect(/content-script-started|webextension-polyfill|__H\b/u.test(script.toString())).toBe(false);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
