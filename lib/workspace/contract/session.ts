import type { z } from 'zod';
import { WorkspaceError } from '../errors.ts';
import type { HttpClient, HttpRequest } from '../http.ts';
import { meSchema } from './wire.ts';

type Me = z.infer<typeof meSchema>;

export type SessionRequest<T> = HttpRequest<T> & {
  /** Id of the only person in whose session this may be sent. */
  by?: string | undefined;
};

/** The admin's own session at the workspace; its CSRF token lives here and nowhere else. */
export interface Session {
  /** Who the session belongs to, asked now. */
  me(signal?: AbortSignal): Promise<Me>;
  /**
   * Sends a call, with the token where it is no GET. A refusal may mean that the token is old: it is asked for
   * again once, and when it changed, so is the call. Throws `auth` when the session is somebody else's by then, or
   * was from the beginning: nothing is sent in their name.
   */
  send<T>(request: SessionRequest<T>): Promise<T>;
}

/** The session of the browser's cookies at `api`, the base of the contract's own calls. */
export function createSession(http: HttpClient, api: string): Session {
  let known: Me | undefined;
  let asking: Promise<Me> | undefined;

  async function me(signal?: AbortSignal): Promise<Me> {
    known = await http.send({ method: 'GET', url: `${api}/me`, write: false, schema: meSchema, signal });
    return known;
  }

  /** Several calls that need the token at once share one question. */
  const refresh = (): Promise<Me> => {
    asking ??= me().finally(() => {
      asking = undefined;
    });
    return asking;
  };

  async function send<T>({ by, ...request }: SessionRequest<T>): Promise<T> {
    if (request.method === 'GET') return http.send(request);
    let before = known ?? (await refresh());
    // Whoever asked last who is signed in may have found somebody else, and they may be gone again.
    if (by !== undefined && before.id !== by) before = await refresh();
    if (by !== undefined && before.id !== by) throw somebodyElse();
    try {
      return await http.send(withToken(request, before));
    } catch (error) {
      if (!(error instanceof WorkspaceError) || error.kind !== 'forbidden') throw error;
      const after = await refresh();
      if (after.id !== before.id) throw somebodyElse(error);
      if (after.csrf === before.csrf) throw error;
      return http.send(withToken(request, after));
    }
  }

  return { me, send };
}

const somebodyElse = (cause?: unknown): WorkspaceError =>
  new WorkspaceError('auth', 'Somebody else is signed in at the workspace now.', { cause });

const withToken = <T>(request: HttpRequest<T>, me: Me): HttpRequest<T> => ({
  ...request,
  headers: { ...request.headers, 'x-csrf-token': me.csrf },
});
