/**
 * The member whose page an address is, by a connection's link to a member's page (`{member}` stands for the id);
 * undefined when it is another page. Query and fragment make no difference.
 */
export function memberOnPage(address: string | undefined, memberLink: string): string | undefined {
  if (address === undefined || !URL.canParse(address)) return undefined;
  const { origin, pathname } = new URL(address);
  const [before = '', after] = memberLink.split('{member}');
  if (after === undefined) return undefined;
  const page = `${origin}${pathname}`.replace(/\/+$/u, '');
  const end = after.replace(/[?#].*$/u, '').replace(/\/+$/u, '');
  if (!page.startsWith(before) || !page.endsWith(end) || page.length <= before.length + end.length)
    return undefined;
  const id = page.slice(before.length, page.length - end.length);
  if (id.includes('/')) return undefined;
  try {
    return decodeURIComponent(id);
  } catch {
    return undefined;
  }
}
