import { randomBytes } from 'node:crypto';
import type { Request } from 'express';
import type { Database } from '../database.ts';

/** The three hosts of an org. A session of the Visualforce or the Lightning host opens no API. */
export type HostKind = 'api' | 'lightning' | 'visualforce';

export interface OrgSession {
  id: string;
  user: string;
  /** `any`: made for loopback, where one host serves all. */
  host: HostKind | 'any';
}

/** Which of the org's hosts a request is for; `any` for loopback names. */
export function hostOf(request: Request): HostKind | 'any' {
  const host = request.hostname.toLowerCase();
  if (host.endsWith('.lightning.force.com')) return 'lightning';
  if (host.endsWith('.vf.force.com')) return 'visualforce';
  return host.endsWith('.my.salesforce.com') ? 'api' : 'any';
}

/** Makes a session: its id starts with the org's, as Salesforce's do. */
export function createOrgSession(
  database: Database,
  org: string,
  user: string,
  host: HostKind | 'any',
): string {
  const id = `${org.slice(0, 15)}!${randomBytes(30).toString('base64url')}`;
  database.run('INSERT INTO session (id, member, host) VALUES (?, ?, ?)', id, user, host);
  return id;
}

/** The session that a request carries as a bearer token, else as the cookie `sid`. */
export function orgSessionOf(database: Database, request: Request): OrgSession | undefined {
  const { authorization, cookie } = request.headers;
  const bearer = /^(?:Bearer|OAuth)\s+(.+)$/i.exec(authorization ?? '')?.[1];
  const id = bearer ?? /(?:^|;\s*)sid=([^;]+)/.exec(cookie ?? '')?.[1];
  if (!id) return undefined;
  return database.get<OrgSession>(
    'SELECT s.id, s.member AS "user", s.host FROM session s JOIN "User" u ON u."Id" = s.member WHERE s.id = ? AND u."IsActive" = 1',
    decodeURIComponent(id.trim()),
  );
}
