import express, { type Request, type Response, type Router } from 'express';
import { type Answer, answer, versions } from './api.ts';
import { ApiError } from './errors.ts';
import { type Org, visibleTo } from './org.ts';
import { hostOf, orgSessionOf } from './sessions.ts';

/** Everything under /services: the REST API and the identity of the caller. */
export function restApi(org: Org): Router {
  const router = express.Router();
  router.use('/services', (request, response, next) => {
    // The Lightning host has no API: it sends callers on, and their Authorization is lost on the way.
    if (hostOf(request) !== 'lightning') return next();
    const host = (request.get('x-forwarded-host') ?? request.headers.host ?? '').replace(
      '.lightning.force.com',
      '.my.salesforce.com',
    );
    response.redirect(302, `${request.protocol}://${host}${request.originalUrl}`);
  });
  router.get('/services/data', (_request, response) => send(response, { status: 200, body: versions }));
  router.use(['/services', '/id'], async (request, response) => {
    try {
      await serve(org, request, response);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      send(response, { status: error.status, body: error.body });
    }
  });
  return router;
}

async function serve(org: Org, request: Request, response: Response): Promise<void> {
  const session = request.headers.authorization ? orgSessionOf(org.database, request) : undefined;
  if (!session) throw new ApiError(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
  if (!org.settings.apiAccess || (session.host !== 'api' && session.host !== 'any'))
    throw new ApiError(401, 'INVALID_SESSION_ID', 'This session is not valid for use with the REST API');
  const { calls } = org.settings;
  if (calls.used >= calls.allowed) {
    response.setHeader('Sforce-Limit-Info', `api-usage=${calls.used}/${calls.allowed}`);
    throw new ApiError(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.');
  }
  calls.used += 1;
  response.setHeader('Sforce-Limit-Info', `api-usage=${calls.used}/${calls.allowed}`);
  const path = request.originalUrl;
  if (/^\/services\/oauth2\/userinfo(?:\?|$)/.test(path) || /^\/id\//.test(path)) {
    send(response, { status: 200, body: identityOf(org, session.user, request) });
    return;
  }
  const locks = org.locks.begin();
  try {
    const catalogue = (name: string) => visibleTo(org, session.user, name);
    const write = { actor: session.user, catalogue, locks };
    const call = { method: request.method, url: path, body: request.body };
    const result = answer({ org, user: session.user, write }, call);
    if (request.method !== 'GET' && org.settings.writeTime > 0)
      await new Promise((resolve) => setTimeout(resolve, org.settings.writeTime));
    send(response, result);
  } finally {
    locks.release();
  }
}

function identityOf(org: Org, user: string, request: Request): Record<string, unknown> {
  const row = org.database.get<{ Name: string; Email: string; Username: string }>(
    'SELECT "Name", "Email", "Username" FROM "User" WHERE "Id" = ?',
    user,
  );
  const origin = `${request.protocol}://${request.headers.host}`;
  return {
    sub: `${origin}/id/${org.id}/${user}`,
    id: `${origin}/id/${org.id}/${user}`,
    user_id: user,
    organization_id: org.id,
    preferred_username: row?.Username,
    username: row?.Username,
    name: row?.Name,
    display_name: row?.Name,
    email: row?.Email,
    active: true,
    urls: {},
  };
}

function send(response: Response, { status, body }: Answer): void {
  response.status(status).setHeader('Cache-Control', 'no-store');
  if (body === undefined) response.end();
  else response.setHeader('Content-Type', 'application/json;charset=UTF-8').end(JSON.stringify(body));
}
