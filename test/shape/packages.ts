import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './source.ts';

const script = `
  import { build } from 'wxt';
  const [outDir, browser, mode] = process.argv.slice(1);
  await build({ root: process.cwd(), outDir, browser, mode });
`;

/**
 * Builds one package into a folder below `into` and returns that folder. In a process of its own: the test runner's
 * environment would make it another build. Throws with the builder's words.
 */
export function buildPackage(
  into: string,
  browser: 'chrome' | 'firefox',
  mode: 'production' | 'sandbox',
): string {
  const { NODE_ENV: _, SANDBOX_BUILD: __, VITEST: ___, ...env } = process.env;
  const built = spawnSync(process.execPath, ['--input-type=module', '-e', script, into, browser, mode], {
    cwd: root,
    encoding: 'utf8',
    env,
  });
  if (built.status !== 0)
    throw new Error(`${browser} ${mode} could not be built.\n${built.stdout}\n${built.stderr}`);
  return join(into, `${browser}-mv3${mode === 'production' ? '' : `-${mode}`}`);
}

/** The contents of every file of a folder, by path from there. */
export function readFolder(folder: string): Map<string, Buffer> {
  return new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => statSync(join(folder, file)).isFile())
      .toSorted()
      .map((file) => [file.replaceAll('\\', '/'), readFileSync(join(folder, file))]),
  );
}
