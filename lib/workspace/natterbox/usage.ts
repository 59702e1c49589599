/**
 * Calls of the last 24 hours by the `Sforce-Limit-Info` header, such as `api-usage=10018/100000`; newer ones have
 * more parts (`; api-bursts=1/750`). undefined where the header is absent or says something else.
 */
export function readUsage(headers: Headers): { used: number; allowed: number } | undefined {
  const match = /(?:^|[;,\s])api-usage=(\d{1,12})\/(\d{1,12})/.exec(headers.get('sforce-limit-info') ?? '');
  return match ? { used: Number(match[1]), allowed: Number(match[2]) } : undefined;
}
