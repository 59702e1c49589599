import { signal } from '@preact/signals';
import type { SessionInfo } from '../types.ts';

/** Who is signed in: undefined until the server said so, null when nobody is. */
export const session = signal<SessionInfo | null | undefined>(undefined);

/** What went wrong, in a sentence for the person at the page. */
class RequestError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Reads from the application's own API; `path` starts behind /app. Throws RequestError. */
export function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return send<T>('GET', path, undefined, signal);
}

/** Writes to the application's own API; `path` starts behind /app. Throws RequestError. */
export function write<T = void>(
  method: 'POST' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<T> {
  return send<T>(method, path, body);
}

async function send<T>(method: string, path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (method !== 'GET' && session.value) headers['X-CSRF-Token'] = session.value.csrf;
  let response: Response;
  try {
    response = await fetch(`/app${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new RequestError(0, 'Mooring cannot be reached. Check your connection and try again.');
  }
  if (response.status === 204) return undefined as T;
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok) return answer as T;
  if (response.status === 401) session.value = null;
  throw new RequestError(response.status, detailOf(answer) ?? `The server answered ${response.status}.`);
}

/** The sentence of a problem document (RFC 9457). */
function detailOf(answer: unknown): string | undefined {
  if (typeof answer !== 'object' || answer === null || !('detail' in answer)) return undefined;
  return typeof answer.detail === 'string' ? answer.detail : undefined;
}

/** Asks who is signed in and stores it. */
export async function loadSession(): Promise<void> {
  try {
    session.value = await get<SessionInfo>('/session');
  } catch {
    session.value = null;
  }
}

/** Signs in as a member. Throws RequestError. */
export async function signIn(member: string): Promise<void> {
  await write('POST', '/sign-in', { member });
  await loadSession();
}

/** Signs out; the sign-in page follows. */
export async function signOut(): Promise<void> {
  await write('POST', '/sign-out', {}).catch(() => undefined);
  session.value = null;
}
