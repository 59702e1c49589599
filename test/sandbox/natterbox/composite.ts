import type { Answer, Call, Caller } from './api.ts';
import { ApiError } from './errors.ts';

interface Subrequest {
  method: string;
  url: string;
  referenceId: string;
  body?: unknown;
}

class Halted extends Error {}

/**
 * A composite request: at most 25 subrequests in order, at most 5 of them queries or collections, which may name
 * what earlier ones answered (`@{reference.path}`). With allOrNone the first failure takes everything back.
 */
export function composite(caller: Caller, body: unknown, answer: (call: Call) => Answer): unknown {
  const { allOrNone, compositeRequest } = (body ?? {}) as { allOrNone?: boolean; compositeRequest?: unknown };
  if (!Array.isArray(compositeRequest))
    throw new ApiError(400, 'JSON_PARSER_ERROR', 'Expected a list at compositeRequest.');
  const requests = compositeRequest as Subrequest[];
  const heavy = requests.filter(({ url }) => /\/(query|queryAll|composite\/sobjects)\b/.test(url)).length;
  if (requests.length > 25 || heavy > 5)
    throw new ApiError(
      400,
      'LIMIT_EXCEEDED',
      'Limit of 25 reached for operations, or of 5 for queries and collections.',
    );
  const answers = new Map<string, unknown>();
  const responses: { body: unknown; httpHeaders: object; httpStatusCode: number; referenceId: string }[] = [];
  const one = (request: Subrequest): Answer => {
    try {
      const resolved = substitute({ url: request.url, body: request.body }, answers) as Omit<Call, 'method'>;
      return answer({ method: request.method, ...resolved });
    } catch (error) {
      if (error instanceof ApiError) return { status: error.status, body: error.body };
      throw error;
    }
  };
  const all = (): void => {
    for (const request of requests) {
      const { status, body: result } = one(request);
      answers.set(request.referenceId, result);
      responses.push({
        body: result ?? null,
        httpHeaders: {},
        httpStatusCode: status,
        referenceId: request.referenceId,
      });
      if (allOrNone && status >= 400) throw new Halted();
    }
  };
  try {
    if (allOrNone) caller.org.database.transaction(all);
    else all();
    return { compositeResponse: responses };
  } catch (error) {
    if (!(error instanceof Halted)) throw error;
    const failed = responses.at(-1);
    const { body: halted } = new ApiError(
      400,
      'PROCESSING_HALTED',
      'The transaction was rolled back since another operation in the same transaction failed.',
    );
    return {
      compositeResponse: requests.map(({ referenceId }) =>
        referenceId === failed?.referenceId
          ? failed
          : { body: halted, httpHeaders: {}, httpStatusCode: 400, referenceId },
      ),
    };
  }
}

/** Replaces `@{reference.path}` in every text of a value. Throws ApiError for what no earlier answer holds. */
function substitute(value: unknown, answers: ReadonlyMap<string, unknown>): unknown {
  if (typeof value === 'string')
    return value.replace(/@\{(\w+)\.([\w.[\]]+)\}/g, (_all, reference: string, path: string) => {
      let here = answers.get(reference);
      for (const key of path.split(/[.[\]]+/).filter((step) => step !== ''))
        here = (here as Record<string, unknown> | null | undefined)?.[key];
      if (here === undefined || here === null || typeof here === 'object')
        throw new ApiError(
          400,
          'PROCESSING_HALTED',
          `Invalid reference specified. No value for ${path} found in ${reference}.`,
        );
      return String(here);
    });
  if (Array.isArray(value)) return value.map((each) => substitute(each, answers));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, substitute(each, answers)]));
}
