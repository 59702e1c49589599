import { z } from 'zod';
import { categorySchema, columnSchema, itemSchema, valueSchema } from '../../lib/offboarding/model.ts';
import * as wire from '../../lib/workspace/contract/wire.ts';
import { pageProfileSchema } from '../../lib/workspace/page-profile.ts';
import {
  answer,
  body,
  faults,
  headers,
  type Json,
  limitHeaders,
  number,
  parameters,
  problem,
  problems,
  query,
  ref,
  schema,
  scimError,
  scimPatch,
  text,
} from './openapi-components.ts';

/** Schemas that stand in components under a name, beside those of wire.ts that name themselves. */
const named: Record<string, z.ZodType> = {
  Value: valueSchema,
  Column: columnSchema,
  Category: categorySchema,
  Item: itemSchema,
  PageProfile: pageProfileSchema,
  Event: wire.eventSchema,
};

/** JSON Schema (2020-12) of every named schema: what may be sent, so defaults are optional and fields may be added. */
function schemas(): Json {
  const registry = z.registry<{ id: string }>();
  for (const [id, one] of Object.entries(named)) registry.add(one, { id });
  for (const one of Object.values(wire)) {
    const id = one instanceof z.ZodType ? z.globalRegistry.get(one)?.id : undefined;
    if (one instanceof z.ZodType && id) registry.add(one, { id });
  }
  const made = z.toJSONSchema(registry, {
    io: 'input',
    uri: (id) => `#/components/schemas/${id}`,
    override({ jsonSchema }) {
      // What JSON's own numbers and `format` say already.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
    },
  });
  const sorted = Object.entries(made.schemas).sort(([a], [b]) => (a < b ? -1 : 1));
  const components = sorted.map(([id, { $schema: _, $id: __, ...rest }]) => [id, rest]);
  return { ...Object.fromEntries(components), ScimError: scimError, ScimPatch: scimPatch };
}

const reading = [{ session: [] }, { bearer: [] }];
const writing = [{ session: [], csrf: [] }, { bearer: [] }];
const scimType = 'application/scim+json';
const withParameters = (...names: string[]): Json[] => names.map((name) => ref('parameters', name));

const at = (base: 'api' | 'scim', operations: Json): Json => ({ servers: [servers[base]], ...operations });
const servers: Record<'site' | 'api' | 'scim', Json> = {
  site: {
    url: '{site}',
    description: 'The workspace’s own origin.',
    variables: { site: { default: 'https://workspace.test' } },
  },
  api: {
    url: '{api}',
    description: '`urls.api` of the discovery document.',
    variables: { api: { default: 'https://workspace.test/api/v1' } },
  },
  scim: {
    url: '{scim}',
    description: '`urls.scim` of the discovery document.',
    variables: { scim: { default: 'https://workspace.test/scim/v2' } },
  },
};

const operation = (tag: string, operationId: string, summary: string, rest: Json): Json => ({
  ...{ tags: [tag], operationId, summary },
  ...rest,
});

const paths: Json = {
  '/.well-known/offboarding': {
    get: operation('Discovery', 'discover', 'Say that this site is a workspace, and where its calls are', {
      security: [],
      responses: {
        200: {
          description: 'The discovery document.',
          content: { 'application/json': { schema: schema('Discovery') } },
        },
        404: problem('This site is no workspace.'),
      },
    }),
  },
  '/me': at('api', {
    get: operation('People', 'me', 'Say who the session or token belongs to', {
      security: reading,
      responses: { 200: answer('The member who acts, and their CSRF token.', 'Me'), ...faults() },
    }),
  }),
  '/Users': at('scim', {
    get: operation('People', 'listUsers', 'Find members (SCIM 2.0)', {
      security: reading,
      parameters: [
        query(
          'filter',
          'RFC 7644, section 3.4.2.2: `co` on displayName, userName and emails.value, and `or`.',
          text,
        ),
        query('startIndex', 'First one of the page, from 1.', number(1)),
        query('count', 'So many at most.', number(0)),
        query('sortBy', 'displayName.', text),
      ],
      responses: { 200: answer('A page of members.', 'ScimList', scimType), ...faults(400) },
    }),
  }),
  '/Users/{id}': at('scim', {
    parameters: withParameters('UserId'),
    get: operation('People', 'getUser', 'Read one member (SCIM 2.0)', {
      security: reading,
      responses: {
        200: answer('The member.', 'ScimUser', scimType),
        ...faults(),
        404: ref('responses', 'UnknownUser'),
      },
    }),
    patch: operation('People', 'setActive', 'Set a member active or inactive (SCIM 2.0)', {
      security: writing,
      parameters: withParameters('IdempotencyKey', 'OffboardingRun', 'OffboardingFence'),
      requestBody: body('ScimPatch', scimType),
      responses: {
        200: answer('The member as it is now.', 'ScimUser', scimType),
        204: { description: 'Done.', headers: limitHeaders },
        ...faults(400, 409, 422),
        404: ref('responses', 'UnknownUser'),
      },
    }),
  }),
  '/categories': at('api', {
    get: operation('Ownership', 'listCategories', 'Say what can name a member, and how much does', {
      security: reading,
      parameters: withParameters('Member'),
      responses: { 200: answer('Every category, with its count.', 'Categories'), ...faults(400, 404) },
    }),
  }),
  '/items': at('api', {
    get: operation('Ownership', 'listItems', 'List what names a member in one category', {
      security: reading,
      parameters: [
        ...withParameters('Member'),
        query('category', 'Id of the category.', text, true),
        query('cursor', '`cursor` of the page before.', text),
        query('limit', 'So many at most; no more than `limits.pageSize`.', number(1)),
      ],
      responses: {
        200: answer('A page, in an order that changes elsewhere do not upset.', 'Items'),
        ...faults(400, 404),
      },
    }),
  }),
  '/reassignments': at('api', {
    post: operation('Ownership', 'reassign', 'Change owners where they are still as expected', {
      description:
        'Compare-and-set for each change; one outcome for each, in one transaction with the stored answer.',
      security: writing,
      parameters: withParameters('IdempotencyKey'),
      requestBody: body('ReassignmentsRequest'),
      responses: {
        200: answer('One outcome for each change.', 'Reassignments'),
        ...faults(400, 404, 409, 422),
      },
    }),
  }),
  '/owners': at('api', {
    post: operation('Ownership', 'readOwners', 'Read what items say now', {
      description: 'Changes nothing; a POST because of the length of its list.',
      security: writing,
      requestBody: body('OwnersRequest'),
      responses: { 200: answer('One answer for each item.', 'Owners'), ...faults(400, 404) },
    }),
  }),
  '/runs': at('api', {
    get: operation('Runs', 'listRuns', 'List runs, open ones or those of a leaver', {
      security: reading,
      parameters: [
        query('leaver', 'Only runs for this member.', text),
        query('open', 'Only open or only ended runs.', { type: 'string', enum: ['true', 'false'] }),
      ],
      responses: { 200: answer('The runs.', 'Runs'), ...faults(400) },
    }),
    post: operation('Runs', 'openRun', 'Open a run, with a lease and a fencing number', {
      security: writing,
      requestBody: body('OpenRunRequest'),
      responses: {
        200: answer('The run of this id, which stood already.', 'RegisteredRun'),
        201: answer('The new run.', 'RegisteredRun'),
        ...faults(400, 409),
      },
    }),
  }),
  '/runs/{id}': at('api', {
    parameters: withParameters('RunId'),
    put: operation('Runs', 'updateRun', 'Store a run’s record and renew its lease', {
      description: '`open: false` ends the run.',
      security: writing,
      requestBody: body('UpdateRunRequest'),
      responses: { 200: answer('The run.', 'RegisteredRun'), ...faults(400, 404, 409) },
    }),
  }),
  '/runs/{id}/lease': at('api', {
    parameters: withParameters('RunId'),
    post: operation('Runs', 'takeOverRun', 'Take a run over, with a new fencing number', {
      description: 'Refused with 409 while somebody else’s lease lasts.',
      security: writing,
      responses: { 200: answer('The run.', 'RegisteredRun'), ...faults(404, 409) },
    }),
  }),
  '/events': {
    servers: [
      {
        url: '{events}',
        description: '`urls.events` of the discovery document, without its last segment `/events`.',
        variables: { events: { default: 'https://workspace.test/api/v1' } },
      },
    ],
    get: operation('Events', 'listen', 'Hear of changes as they happen', {
      description: 'Server-sent events; each one’s name is its `type` and its data an Event.',
      security: reading,
      responses: {
        200: { description: 'A stream.', content: { 'text/event-stream': { schema: schema('Event') } } },
        ...faults(),
      },
    }),
  },
};

/** The OpenAPI 3.1 document of the open contract, made from the schemas that connector and workspaces parse with. */
function openapiDocument(): Json {
  return {
    openapi: '3.1.1',
    info: {
      title: 'Open offboarding contract',
      version: '1',
      summary: 'What a workspace answers so that a member can be offboarded.',
      description:
        'A site that answers these calls can be administered by the offboarding wizard. Unknown fields are no error. Times are ISO 8601 in UTC. An answer of 4xx or 503 says that nothing was changed.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [servers.site],
    tags: [
      { name: 'Discovery', description: 'Where everything is.' },
      { name: 'People', description: 'Members, by SCIM 2.0 (RFC 7643, RFC 7644).' },
      { name: 'Ownership', description: 'What names a member, and handing it over.' },
      { name: 'Runs', description: 'One open run for a leaver, one holder at a time.' },
      { name: 'Events', description: 'Changes as they happen.' },
    ],
    paths,
    components: {
      schemas: schemas(),
      parameters,
      headers,
      responses: {
        ...problems,
        UnknownUser: {
          description: 'There is no such member.',
          headers: limitHeaders,
          content: { [scimType]: { schema: schema('ScimError') } },
        },
      },
      securitySchemes: {
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'session',
          description: 'The member’s own session. The workspace chooses the cookie’s name.',
        },
        csrf: {
          type: 'apiKey',
          in: 'header',
          name: 'X-CSRF-Token',
          description: '`csrf` of GET me; with every call of a session that is no GET.',
        },
        bearer: { type: 'http', scheme: 'bearer', description: 'A token instead of a session.' },
      },
    },
  };
}

/** The document as the file holds it. */
export const openapiText = (): string => `${JSON.stringify(openapiDocument(), null, 2)}\n`;

/** Where it is kept. */
export const openapiFile = new URL('../../lib/workspace/contract/openapi.json', import.meta.url);
