import type { z } from 'zod';
import { errorOfAnswer, type FaultyAnswer } from './answers.ts';
import type { Clock, Dispatcher, Priority } from './dispatcher.ts';
import { WorkspaceError } from './errors.ts';
import { describeMismatch } from './expected.ts';

/** The Fetch standard's function, as far as it is used here. */
export type Fetch = (input: string, init: RequestInit) => Promise<Response>;

/** The browser's own fetch: with the cookies of the site, so that it acts as who is signed in there. */
export const browserFetch: Fetch = (input, init) => fetch(input, init);

export interface HttpRequest<T> {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: string;
  /** True when it changes something at the workspace: decides what a fault means, and its turn in the queue. */
  write: boolean;
  /** Told of a good answer's JSON before that is validated, for what can begin meanwhile. */
  glance?: (value: unknown) => void;
  /** What a good answer is; answers without a body are given to it as undefined. */
  schema: z.ZodType<T>;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  /** `content-type` of the body and `accept` of the answer; application/json unless told. */
  mediaType?: string;
  /** Never two writes in flight with one of these. */
  lock?: readonly string[];
  /** Requests of one flow (a run) take turns with those of others. */
  flow?: string;
  /** Goes although the workspace asks everybody to wait (dispatcher.ts). */
  signOfLife?: boolean;
  signal?: AbortSignal | undefined;
  /** Hears the headers of every answer, the bad ones too. */
  hears?: (headers: Headers) => void;
}

export interface HttpClient {
  /**
   * Sends it when the dispatcher lets it and resolves with the validated answer. Throws WorkspaceError; a read
   * that its caller called off rejects with the signal's reason instead.
   */
  send<T>(request: HttpRequest<T>): Promise<T>;
}

export interface HttpDependencies {
  fetch: Fetch;
  dispatcher: Dispatcher;
  clock: Clock;
  /** Milliseconds for one request, its answer's body included; at most and by default 20 s. */
  timeout?: number;
  /** What an answer that is no success means, where the workspace has words of its own; by status unless told. */
  errorOf?: (answer: FaultyAnswer) => WorkspaceError;
  /** Bytes of the largest answer that is read; 16 MiB by default. */
  maximumBytes?: number;
  /** The site's cookies go with every request unless told; an API with a key of its own gets none. */
  credentials?: 'include' | 'omit';
}

const longestTimeout = 20_000;
const defaultMaximumBytes = 16 * 1024 * 1024;

/**
 * The client that every connector uses: the admin's own session, a time limit, a size limit, a validated answer,
 * and each fault as a WorkspaceError that says whether the request may have landed.
 */
export function createHttpClient(dependencies: HttpDependencies): HttpClient {
  // Called by itself and not as a method: a browser's own fetch refuses to be anybody's.
  const { fetch } = dependencies;
  const timeout = Math.min(dependencies.timeout ?? longestTimeout, longestTimeout);
  const maximumBytes = dependencies.maximumBytes ?? defaultMaximumBytes;

  async function send<T>(request: HttpRequest<T>): Promise<T> {
    const priority: Priority = request.write ? 'write' : 'read';
    const { lock, flow, signal, signOfLife } = request;
    let sent = false;
    try {
      return await dependencies.dispatcher.dispatch(
        { lock, flow, signal, signOfLife, priority },
        (report) => {
          sent = true;
          return exchange(request, report);
        },
      );
    } catch (error) {
      if (error instanceof WorkspaceError || !request.write) throw error;
      // Called off by the caller: whoever keeps the books must still learn whether it may have landed.
      throw new WorkspaceError('transient', 'The request was called off.', {
        applied: sent ? 'maybe' : 'no',
        cause: error,
      });
    }
  }

  async function exchange<T>(
    request: HttpRequest<T>,
    report: (answer: { status: number; headers: Headers }) => void,
  ): Promise<T> {
    const limit = AbortSignal.timeout(timeout);
    const signal = request.signal ? AbortSignal.any([limit, request.signal]) : limit;
    const applied = request.write ? 'maybe' : 'no';
    let response: Response;
    let text: string;
    try {
      response = await fetch(request.url, init(request, signal, dependencies.credentials));
      report({ status: response.status, headers: response.headers });
      request.hears?.(response.headers);
      text = await readText(response, maximumBytes, applied);
    } catch (error) {
      if (error instanceof WorkspaceError) throw error;
      if (request.signal?.aborted) throw request.signal.reason;
      const detail = limit.aborted
        ? `The workspace did not answer within ${timeout / 1000} s.`
        : 'The connection to the workspace failed.';
      throw new WorkspaceError('transient', detail, { applied, cause: error });
    }
    const errorOf = dependencies.errorOf ?? errorOfAnswer;
    return understand(request, response, text, dependencies.clock.now().getTime(), errorOf);
  }

  return { send };
}

function init<T>(
  request: HttpRequest<T>,
  signal: AbortSignal,
  credentials: HttpDependencies['credentials'] = 'include',
): RequestInit {
  const mediaType = request.mediaType ?? 'application/json';
  const headers: Record<string, string> = {
    accept: `${mediaType}, application/problem+json`,
    ...request.headers,
  };
  if (request.body !== undefined) headers['content-type'] = mediaType;
  return {
    method: request.method,
    headers,
    signal,
    credentials,
    cache: 'no-store',
    // A redirected write would come back as somebody else's page: see it instead of following it.
    redirect: 'manual',
    ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
  };
}

/** Reads a body as UTF-8; throws `invalid` once it is larger than `maximumBytes`. */
async function readText(response: Response, maximumBytes: number, applied: 'no' | 'maybe'): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return '';
  const decoder = new TextDecoder();
  let text = '';
  for (let size = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.byteLength;
    if (size > maximumBytes) {
      await reader.cancel().catch(() => undefined);
      const detail = `Expected an answer of at most ${maximumBytes} bytes, got a larger one.`;
      throw new WorkspaceError('invalid', detail, { applied, status: response.status });
    }
    text += decoder.decode(value, { stream: true });
  }
}

/** The validated value of an answer; throws what the answer means otherwise. */
function understand<T>(
  request: HttpRequest<T>,
  response: Response,
  text: string,
  now: number,
  errorOf: (answer: FaultyAnswer) => WorkspaceError,
): T {
  const { status } = response;
  const facts = { applied: request.write ? 'maybe' : 'no', status } as const;
  if (response.type === 'opaqueredirect' || (status >= 300 && status < 400))
    throw new WorkspaceError(
      'auth',
      'The workspace sent the request elsewhere, most likely to its sign-in page.',
      facts,
    );
  const page = isPage(response, text);
  const body = page ? undefined : parse(text);
  if (!response.ok)
    throw errorOf({ status, headers: response.headers, body: body?.value, write: request.write, now });
  if (page && /<input[^>]+type\s*=\s*["']?password/i.test(text))
    throw new WorkspaceError('auth', 'The workspace answered with its sign-in page.', facts);
  if (page) throw new WorkspaceError('invalid', 'Expected JSON, got a web page.', facts);
  if (!body)
    throw new WorkspaceError(
      'invalid',
      `Expected JSON, got ${text === '' ? 'nothing' : 'other text'}.`,
      facts,
    );
  request.glance?.(body.value);
  const parsed = request.schema.safeParse(body.value);
  if (!parsed.success) throw new WorkspaceError('invalid', describeMismatch(parsed.error, body.value), facts);
  return parsed.data;

  function parse(json: string): { value: unknown } | undefined {
    if (json === '' && (status === 204 || status === 205)) return { value: undefined };
    try {
      return { value: JSON.parse(json) };
    } catch {
      return undefined;
    }
  }
}

const isPage = (response: Response, text: string): boolean =>
  /\bhtml\b/i.test(response.headers.get('content-type') ?? '') ||
  /^\s*<(!doctype|html|head|body)\b/i.test(text);
