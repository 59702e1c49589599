/** The parts that the calls of the OpenAPI document are put together from. */

export type Json = Record<string, unknown>;

/** A reference to a component. */
export const ref = (kind: string, name: string): Json => ({ $ref: `#/components/${kind}/${name}` });
/** A reference to a named schema. */
export const schema = (name: string): Json => ref('schemas', name);

/** An error as SCIM words it. */
export const scimError: Json = {
  type: 'object',
  description: 'RFC 7644, section 3.12.',
  properties: {
    schemas: { type: 'array', items: { type: 'string' } },
    status: { type: 'string' },
    detail: { type: 'string' },
  },
  required: ['status'],
};
/** The one PATCH that the contract uses. */
export const scimPatch: Json = {
  type: 'object',
  description: 'RFC 7644, section 3.5.2, as far as the contract uses it.',
  properties: {
    schemas: {
      type: 'array',
      items: { type: 'string', const: 'urn:ietf:params:scim:api:messages:2.0:PatchOp' },
    },
    Operations: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        properties: {
          op: { type: 'string', const: 'replace' },
          path: { type: 'string', const: 'active' },
          value: { type: 'boolean' },
        },
        required: ['op', 'path', 'value'],
      },
    },
  },
  required: ['schemas', 'Operations'],
};

/** Any text. */
export const text = { type: 'string' };
/** A whole number from `minimum` on. */
export const number = (minimum: number): Json => ({ type: 'integer', minimum });

/** A query parameter. */
export const query = (name: string, description: string, of: Json, required = false): Json => ({
  ...{ name, in: 'query', description, required },
  schema: of,
});
const header = (name: string, description: string, of: Json, required = false): Json => ({
  ...{ name, in: 'header', description, required },
  schema: of,
});

/** Parameters that several calls share. */
export const parameters: Record<string, Json> = {
  Member: query('member', 'Id of the member.', text, true),
  RunId: {
    name: 'id',
    in: 'path',
    required: true,
    description: 'Id of the run, made by the client.',
    schema: text,
  },
  UserId: { name: 'id', in: 'path', required: true, description: 'Id of the member.', schema: text },
  IdempotencyKey: header(
    'Idempotency-Key',
    'The same key with the same body is answered as the first time, without a second effect (draft-ietf-httpapi-idempotency-key-header); with another body, 422.',
    text,
    true,
  ),
  OffboardingRun: header(
    'Offboarding-Run',
    'The run in whose name this is done; with Offboarding-Fence.',
    text,
  ),
  OffboardingFence: header(
    'Offboarding-Fence',
    'The fencing number of that run as its holder knows it; a stale one is refused with 409.',
    number(0),
  ),
};

/** Header fields of every answer that counts against a limit. */
export const limitHeaders: Json = {
  RateLimit: ref('headers', 'RateLimit'),
  'RateLimit-Policy': ref('headers', 'RateLimitPolicy'),
};
/** Header fields by component name. */
export const headers: Json = {
  RateLimit: {
    description: 'What is left of the limit (draft-ietf-httpapi-ratelimit-headers).',
    schema: text,
    example: '"default";r=49;t=1',
  },
  RateLimitPolicy: {
    description: 'The limit itself (draft-ietf-httpapi-ratelimit-headers).',
    schema: text,
    example: '"default";q=50;w=1',
  },
  RetryAfter: { description: 'Seconds to wait, or an HTTP date (RFC 9110).', schema: text, example: '7' },
};

/** An answer of problem details (RFC 9457). */
export const problem = (description: string, more: Json = {}): Json => ({
  description,
  headers: { ...limitHeaders, ...more },
  content: { 'application/problem+json': { schema: schema('Problem') } },
});
const retryAfter = { 'Retry-After': ref('headers', 'RetryAfter') };
/** Such answers by component name. */
export const problems: Record<string, Json> = {
  BadRequest: problem('The request does not fit its schema. Nothing was changed.'),
  SignedOut: problem('No session, or one that has ended. Nothing was changed.'),
  Forbidden: problem('Not for this member, or without a valid X-CSRF-Token. Nothing was changed.'),
  Unknown: problem('There is nothing of this name.'),
  Conflict: problem(
    'The fence is stale, the run or its lease is somebody else’s, or another run is open: `run` says which.',
  ),
  KeyReused: problem('The Idempotency-Key was used for another request. Nothing was changed.'),
  TooMany: problem('Too many requests. Nothing was changed.', retryAfter),
  Unavailable: problem('Not now. Nothing was changed.', retryAfter),
};
/** Responses by status; each call names those beyond the ones that any call may have. */
const problemOf: Record<number, string> = {
  400: 'BadRequest',
  401: 'SignedOut',
  403: 'Forbidden',
  404: 'Unknown',
  409: 'Conflict',
  422: 'KeyReused',
  429: 'TooMany',
  503: 'Unavailable',
};
/** The faults that any call may meet, and those of these statuses besides. */
export const faults = (...statuses: number[]): Json =>
  Object.fromEntries(
    [401, 403, 429, 503, ...statuses].map((status) => [status, ref('responses', problemOf[status] ?? '')]),
  );

/** A success with a body of this schema. */
export const answer = (description: string, name: string, type = 'application/json'): Json => ({
  description,
  headers: limitHeaders,
  content: { [type]: { schema: schema(name) } },
});
/** A body that has to be there. */
export const body = (name: string, type = 'application/json'): Json => ({
  required: true,
  content: { [type]: { schema: schema(name) } },
});
