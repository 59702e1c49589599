import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import browsers from './browsers.json' with { type: 'json' };

/** The path of an installed browser. Throws with what to do when there is none. */
export function browserPath(name: keyof typeof browsers): string {
  const { variable, names } = browsers[name];
  const named = process.env[variable];
  if (named) return named;
  for (const folder of (process.env.PATH ?? '').split(delimiter))
    for (const file of names) if (existsSync(join(folder, file))) return join(folder, file);
  throw new Error(`${names[0]} was not found. Install it, or set ${variable} to its path.`);
}
