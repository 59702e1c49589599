/** One published limit: `quota` requests in `window` milliseconds; some may be left, until `resetsIn` has passed. */
export interface Advertised {
  name: string;
  quota?: number;
  window?: number;
  remaining?: number;
  /** Milliseconds from the answer. The field counts whole seconds. */
  resetsIn?: number;
}

/**
 * Reads the `RateLimit-Policy` and `RateLimit` fields of draft-ietf-httpapi-ratelimit-headers (version 8 and
 * later: lists of `"name";q=100;w=60` and `"name";r=50;t=30`). Policies that count anything but requests, and
 * whatever cannot be read, are left out.
 */
export function readRateLimit(headers: Headers): Advertised[] {
  const found = new Map<string, Advertised>();
  const ignored = new Set<string>();
  for (const { name, parameters } of readList(headers.get('ratelimit-policy'))) {
    if (parameters.qu !== undefined && parameters.qu !== 'requests') {
      ignored.add(name);
      continue;
    }
    const quota = whole(parameters.q);
    const window = whole(parameters.w);
    if (!quota) continue;
    found.set(name, { name, quota, ...(window && { window: window * 1000 }) });
  }
  for (const { name, parameters } of readList(headers.get('ratelimit'))) {
    const remaining = whole(parameters.r);
    const resetsIn = whole(parameters.t);
    if (remaining === undefined || ignored.has(name)) continue;
    found.set(name, {
      ...(found.get(name) ?? { name }),
      remaining,
      ...(resetsIn !== undefined && { resetsIn: resetsIn * 1000 }),
    });
  }
  return [...found.values()];
}

/** Members of a structured-field list (RFC 9651) whose items are strings or tokens with parameters. */
function readList(field: string | null): { name: string; parameters: Record<string, string> }[] {
  return (field?.match(/(?:"[^"]*"|[^,"])+/g) ?? []).flatMap((member) => {
    const [name, ...rest] = (member.match(/(?:"[^"]*"|[^;"])+/g) ?? []).map((part) => part.trim());
    if (!name || name.includes('=')) return [];
    const parameters: Record<string, string> = {};
    for (const part of rest) {
      const [key, value] = part.split('=');
      if (key && value) parameters[key.trim()] = unquote(value.trim());
    }
    return [{ name: unquote(name), parameters }];
  });
}

const unquote = (text: string): string => text.replace(/^"(.*)"$/, '$1');
const whole = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
