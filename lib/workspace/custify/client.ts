import { z } from 'zod';
import { errorOfAnswer, type FaultyAnswer } from '../answers.ts';
import type { Clock } from '../dispatcher.ts';
import { WorkspaceError } from '../errors.ts';
import type { HttpClient } from '../http.ts';
import { words } from './words.ts';

export type Parameters = Readonly<Record<string, string | number>>;

/** Calls of one workspace's API, with its key. All throw WorkspaceError. */
export interface Client {
  get<T>(path: string, schema: z.ZodType<T>, parameters?: Parameters, signal?: AbortSignal): Promise<T>;
  /** Resolves after so many milliseconds; rejects once it is called off. */
  wait(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** `lock`: never two writes in flight with it; `flow`: the run whose turn it takes. */
  write<T>(
    method: 'POST' | 'PUT',
    path: string,
    body: unknown,
    schema: z.ZodType<T>,
    options: { lock: string; flow: string; signal: AbortSignal },
  ): Promise<T>;
}

export function createClient(
  http: HttpClient,
  { api, key, clock }: { api: string; key: string | null; clock: Clock },
): Client {
  const headers = (): Record<string, string> => {
    if (!key) throw new WorkspaceError('auth', words.noKey, { typed: true });
    return { authorization: `Bearer ${key}` };
  };
  return {
    wait: (milliseconds, signal) => clock.sleep(milliseconds, signal ?? new AbortController().signal),
    async get(path, schema, parameters, signal) {
      const query = new URLSearchParams();
      for (const [name, value] of Object.entries(parameters ?? {})) query.set(name, String(value));
      const url = `${api}${path}${query.size > 0 ? `?${query}` : ''}`;
      return http.send({ method: 'GET', url, write: false, schema, headers: headers(), signal });
    },
    async write(method, path, body, schema, { lock, flow, signal }) {
      return http.send({
        ...{ method, url: `${api}${path}`, write: true, schema, body, signal, flow },
        headers: headers(),
        lock: [lock],
      });
    },
  };
}

/** Bodies of refusals: three shapes are sourced, none of them surely (C2, mocks), so each is only a hint. */
const refusalSchema = z.looseObject({
  message: z.string().optional().catch(undefined),
  error: z.string().optional().catch(undefined),
  errors: z
    .array(z.union([z.string(), z.looseObject({ message: z.string() })]))
    .optional()
    .catch(undefined),
});

/** An answer that is no success as the port's error: the status decides, the body adds its words. */
export function errorOf(answer: FaultyAnswer): WorkspaceError {
  const error = errorOfAnswer(answer);
  const said = saidBy(answer.body);
  const detail = detailOf(error, said);
  return new WorkspaceError(error.kind, detail, {
    applied: error.applied,
    retryAfter: error.retryAfter,
    status: error.status,
    typed: error.kind === 'auth',
    cause: error.cause,
  });
}

function detailOf(error: WorkspaceError, said: string | undefined): string {
  if (error.kind === 'auth') return words.badKey;
  if (error.kind === 'forbidden') return said === undefined ? words.refused : `${said} ${words.refused}`;
  return said ?? error.message;
}

function saidBy(body: unknown): string | undefined {
  const refusal = refusalSchema.safeParse(body).data;
  const first = refusal?.errors?.[0];
  const text = refusal?.message ?? refusal?.error ?? (typeof first === 'string' ? first : first?.message);
  const line = text?.replace(/\s+/g, ' ').trim();
  if (!line) return undefined;
  const short = line.length > 300 ? `${line.slice(0, 299)}…` : line;
  return /[.!?…]$/.test(short) ? short : `${short}.`;
}
