import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { expect, it } from 'vitest';

/** Bytes after gzip -9. */
const limit = 12_000;

it.each([
  // Every page of a workspace loads it: it only waits there.
  ['overlay', { least: 1_500, most: 4_000, says: 'overlay.users' }],
  // Pages about users load it besides.
  ['users', { least: 4_000, most: limit, says: 'overlay.guard' }],
])('what goes into a workspace’s page weighs little, and carries no framework: %s', async (name, facts) => {
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
    const script = readFileSync(join(folder, 'built.js'));
    const weight = gzipSync(script, { level: 9 }).length;
    expect(weight).toBeGreaterThan(facts.least);
    expect(weight).toBeLessThanOrEqual(facts.most);
    expect(script.includes(facts.says)).toBe(true);
    expect(/content-script-started|webextension-polyfill|__H\b/u.test(script.toString())).toBe(false);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
