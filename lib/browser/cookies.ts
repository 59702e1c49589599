import { browser } from 'wxt/browser';
import { patternOf } from './permissions.ts';

/**
 * The value of a cookie as requests to this origin would carry it; null when there is none, undefined where the
 * browser does not let us look: `cookies` is an optional permission, and the site's own is needed too.
 */
export async function readCookie(origin: string, name: string): Promise<string | null | undefined> {
  const allowed = await browser.permissions.contains({
    permissions: ['cookies'],
    origins: [patternOf(origin)],
  });
  if (!allowed) return undefined;
  return (await browser.cookies.get({ url: `${origin}/`, name }))?.value ?? null;
}
