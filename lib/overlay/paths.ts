import type { PageProfile } from '../workspace/page-profile.ts';

/** Whether a profile has something to do on the page at this path. */
export const isAboutUsers = (
  { member: { path, paths = [] }, deactivation, rows = [], bulk = [] }: PageProfile,
  pathname: string,
): boolean =>
  [path, ...paths, ...[...deactivation, ...rows, ...bulk].map((each) => each.path)].some(
    (each) => matchPath(each, pathname) !== null,
  );

/**
 * Matches a path against a pattern such as `/settings/users/:member`; a trailing slash makes no difference, and a last
 * part `*` stands for any rest, and for none.
 * Resolves to the named parts, decoded, or null when the path is another one.
 */
export function matchPath(pattern: string, path: string): Record<string, string> | null {
  const wanted = parts(pattern);
  const given = parts(path);
  if (wanted.at(-1) === '*') {
    wanted.pop();
    given.length = Math.min(given.length, wanted.length);
  }
  if (wanted.length !== given.length) return null;
  const named: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    if (!part.startsWith(':')) {
      if (part !== value) return null;
    } else if (value === '') return null;
    else named[part.slice(1)] = decode(value);
  }
  return named;
}

const parts = (path: string): string[] => path.replace(/\/+$/, '').split('/');

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
