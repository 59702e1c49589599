import type { Answer, Call, Caller } from './api.ts';
import { ApiError } from './errors.ts';
import { visibleTo } from './org.ts';

/** At most so many records in one call. */
const most = 200;

interface Result {
  id?: string;
  success: boolean;
  errors: ApiError['entry'][];
}

/**
 * PATCH and DELETE of /composite/sobjects: one result for each record, in the order asked. With allOrNone nothing
 * stays when one fails. Throws ApiError for a malformed request.
 */
export function collections(caller: Caller, call: Call, url: URL): NonNullable<Answer['body']> {
  const { org, user, write } = caller;
  if (call.method === 'DELETE') {
    const ids = (url.searchParams.get('ids') ?? '').split(',').filter((id) => id !== '');
    const allOrNone = url.searchParams.get('allOrNone') === 'true';
    return perform(caller, ids, allOrNone, (id) => {
      org.records.remove(write, id);
      return id;
    });
  }
  const body = call.body as { allOrNone?: unknown; records?: unknown } | undefined;
  if (!Array.isArray(body?.records))
    throw new ApiError(400, 'JSON_PARSER_ERROR', 'Expected a list of records.');
  return perform(caller, body.records as Record<string, unknown>[], body.allOrNone === true, (record) => {
    const { attributes, id, Id, ...changes } = record as {
      attributes?: { type?: string };
      id?: string;
      Id?: string;
    };
    const object = visibleTo(org, user, attributes?.type ?? '');
    if (!object)
      throw new ApiError(400, 'INVALID_TYPE', `sObject type '${attributes?.type}' is not supported.`);
    const key = id ?? Id;
    if (!key) throw new ApiError(400, 'MISSING_ARGUMENT', 'Id not specified in an update call');
    org.records.update(write, object, key, changes);
    return key;
  });
}

class RolledBack extends Error {}

function perform<T>(
  { org }: Caller,
  entries: readonly T[],
  allOrNone: boolean,
  work: (entry: T) => string,
): Result[] {
  if (entries.length > most)
    throw new ApiError(
      400,
      'EXCEEDED_ID_LIMIT',
      `record limit reached. cannot submit more than ${most} records into this call`,
    );
  let results: Result[] = [];
  try {
    return org.database.transaction(() => {
      results = entries.map((entry) => {
        try {
          return { id: work(entry), success: true, errors: [] };
        } catch (error) {
          if (error instanceof ApiError) return { success: false, errors: [error.entry] };
          throw error;
        }
      });
      if (allOrNone && results.some(({ success }) => !success)) throw new RolledBack();
      return results;
    });
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error;
    const victim = new ApiError(
      400,
      'ALL_OR_NONE_OPERATION_ROLLED_BACK',
      'Record rolled back because not all records were valid and the request was using AllOrNone header',
    ).entry;
    return results.map((result) => (result.success ? { success: false, errors: [victim] } : result));
  }
}
