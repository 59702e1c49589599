import type { KeyedKind } from '../keyed.ts';

/** Where Custify's pages and its API are. Marks as in the README beside: C1, C2 sourced; NF found nowhere. */

/** Host of the pages (C2). Regional hosts of pages: NF. */
const app = 'https://app.custify.com';
/** Host of the API (C1). It differs by region and is then some other https host of custify.com (C2). */
const api = 'https://api.custify.com';

/** The page where keys are made and listed: one of the two routes that are publicly known (C2). */
const keyRoute = '/settings/developer/api-key';

/** Whether a key may be sent there: to https hosts of custify.com, and to this machine itself. */
export function isApiOrigin(origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, hostname, origin: own } = new URL(origin);
  if (own !== origin) return false;
  if (hostname === '127.0.0.1' || hostname === 'localhost') return true;
  return protocol === 'https:' && /(^|\.)custify\.com$/.test(hostname);
}

export const keyPage = (origin: string): string => `${origin}${keyRoute}`;

/** Custify, for whoever offers to connect a workspace by key. */
export const keyedCustify: KeyedKind = {
  kind: 'custify',
  name: 'Custify',
  pages: [app],
  apis: [api],
  isApi: isApiOrigin,
  keyPage,
};

/** Pages for a person. The routes of users are publicly unknown, so both lead to the application's start. */
export const linksOfApp = (origin: string): { users: string; member: string } => ({
  users: `${origin}/`,
  member: `${origin}/`,
});
