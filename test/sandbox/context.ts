import type { Request } from 'express';
import type { z } from 'zod';
import type { eventSchema } from '../../lib/workspace/contract/wire.ts';
import type { Database } from './database.ts';

/** What {events} sends. */
export type WorkspaceEvent = z.infer<typeof eventSchema>;

/** A row of `member`. */
export interface MemberRow {
  id: string;
  name: string;
  email: string;
  title: string;
  role: 'admin' | 'manager' | 'csm';
  /** 1 or 0. */
  active: number;
  mailbox: 'yes' | 'no';
  signature: 'yes' | 'no';
}

/** Who a request belongs to. */
export interface Session {
  /** The cookie's value, or `token:<id>` for a bearer. */
  id: string;
  member: MemberRow;
  /** What every write has to send as X-CSRF-Token; a bearer needs none. */
  csrf: string;
  bearer: boolean;
}

/** What the parts of the sandbox share; the web application's own API is built from it. */
export interface SandboxContext {
  readonly database: Database;
  /** Tells every listener of {events}; call it after the commit. */
  emit(event: WorkspaceEvent): void;
  /** The session of a request by its cookie or bearer token; undefined when signed out. */
  sessionOf(request: Request): Session | undefined;
  /** Now, ISO 8601 in UTC. */
  now(): string;
  /**
   * Sets a member active or inactive in one transaction and emits `member`. Who became inactive loses their sessions.
   * Returns false when there is no such member.
   */
  setActive(member: string, active: boolean): boolean;
  /**
   * Sets the owner of one thing as `actor`, with timeline and write log, and emits `owner`. `category` is a
   * category's id of the contract (say `customers.csm`, `tasks.open`, `attributes.user:renewal_lead`).
   * Returns false when there is no such thing.
   */
  setOwner(actor: string, category: string, ref: string, to: string | null): boolean;
}
