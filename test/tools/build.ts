import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pseudoCatalogue } from './pseudo.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const sources = ['entrypoints', 'components', 'lib', 'public', 'wxt.config.ts', 'package-lock.json'];

/**
 * Builds the extension as it is tried against the demo workspace: allowed on loopback from the start, and otherwise
 * the package that is published. Resolves to its folder; does nothing when no source is newer than the last build.
 * What the environment names in SANDBOX_BUILD ends the folder's name, so that two can build at the same time.
 */
export function buildForSandbox(browser: 'chrome' | 'firefox'): string {
  const folder = join(root, '.output', `${browser}-mv3-sandbox${process.env.SANDBOX_BUILD ?? ''}`);
  const manifest = join(folder, 'manifest.json');
  if (existsSync(manifest) && statSync(manifest).mtimeMs > newest(sources.map((name) => join(root, name))))
    return folder;
  const built = spawnSync('wxt', ['build', '-b', browser, '--mv3', '--mode', 'sandbox'], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (built.status !== 0)
    throw new Error(`The extension could not be built.\n${built.stdout}\n${built.stderr}`);
  return folder;
}

/**
 * A copy of a built extension that speaks the pseudo-locale besides, for a browser in Arabic; resolves to its folder.
 * What is published never holds it: a store would offer it as a language.
 */
export function withPseudoLocale(built: string): string {
  const folder = `${built}-pseudo`;
  rmSync(folder, { recursive: true, force: true });
  cpSync(built, folder, { recursive: true });
  const english = JSON.parse(readFileSync(join(built, '_locales', 'en', 'messages.json'), 'utf8'));
  mkdirSync(join(folder, '_locales', 'ar'));
  writeFileSync(join(folder, '_locales', 'ar', 'messages.json'), JSON.stringify(pseudoCatalogue(english)));
  return folder;
}

/** Milliseconds of the newest change under these paths. */
function newest(paths: string[]): number {
  return Math.max(
    0,
    ...paths.map((path) => {
      const facts = statSync(path);
      if (!facts.isDirectory()) return facts.mtimeMs;
      return Math.max(facts.mtimeMs, newest(readdirSync(path).map((name) => join(path, name))));
    }),
  );
}
