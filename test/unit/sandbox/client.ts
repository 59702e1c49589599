import { type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox/server.ts';

export const api = '/api/v1';
/** The least that the registry takes as a run's record. */
export const record = { mode: 'executeAndDeactivate', phase: 'executing', planHash: 'p', journalHead: 'j' };
export const patchActive = (active: boolean) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: [{ op: 'replace', path: 'active', value: active }],
});

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes and check them by expectation
  json: any;
}

/** A sandbox for tests: no rate limit unless asked for, with the control API. */
export function sandboxForTests(options: SandboxOptions = {}): Promise<Sandbox> {
  return startSandbox({ control: true, ...options, limit: { rate: 0, ...options.limit } });
}

/** Calls the sandbox over HTTP as a member, with cookie and CSRF token. */
export const as = (sandbox: Sandbox, member: string) => clientOf(sandbox, sandbox.session(member));

/** The same in a session that is there already. */
export function clientOf(sandbox: Pick<Sandbox, 'url'>, { cookie, csrf }: { cookie: string; csrf: string }) {
  const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    request(sandbox, method, path, body, {
      Cookie: cookie,
      ...(method === 'GET' ? {} : { 'X-CSRF-Token': csrf }),
      ...headers,
    });
  return {
    cookie,
    csrf,
    get: (path: string, headers?: Record<string, string>) => call('GET', path, undefined, headers),
    post: (path: string, body?: unknown, headers?: Record<string, string>) =>
      call('POST', path, body, headers),
    put: (path: string, body?: unknown, headers?: Record<string, string>) => call('PUT', path, body, headers),
    patch: (path: string, body?: unknown, headers?: Record<string, string>) =>
      call('PATCH', path, body, headers),
  };
}
export type Client = ReturnType<typeof clientOf>;

/** One request with exactly these headers. Rejects when the connection breaks. */
export async function request(
  sandbox: Pick<Sandbox, 'url'>,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(sandbox.url + path, {
    method,
    headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { status: response.status, headers: response.headers, text, json };
}

/** Opens a run for a leaver and answers its id; the fence of a new run is 1. */
export async function openRun(client: Client, id: string, leaver = 'mem_03'): Promise<string> {
  const answer = await client.post(`${api}/runs`, { id, leaver, record });
  if (answer.status !== 201) throw new Error(answer.text);
  return id;
}

/** A reassignment of these refs from Dana Ruiz to somebody. */
export function moves(run: string, category: string, refs: string[], to: string, fence = 1) {
  const changes = refs.map((ref) => ({ ref, expect: { member: 'mem_03' }, set: { member: to } }));
  return { run, fence, category, changes };
}
