import express, { type Request, type Response, type Router } from 'express';
import { deactivate } from './deactivation.ts';
import { isId, toLongId } from './ids.ts';
import type { Org } from './org.ts';
import { html } from './pages/html.ts';
import { shell, visualforce } from './pages/layout.ts';
import { lists } from './pages/lists.ts';
import {
  bulkPage,
  confirmPage,
  type UserRow,
  userPage,
  usersOf,
  usersPage,
  type Visit,
} from './pages/users.ts';
import { createOrgSession, type HostKind, hostOf, type OrgSession, orgSessionOf } from './sessions.ts';

const suffixes: Record<HostKind, string> = {
  api: '.my.salesforce.com',
  lightning: '.lightning.force.com',
  visualforce: '.vf.force.com',
};
const usersTab = '/lightning/o/nbavs__User__c/list';

/**
 * The web pages of the org. On the real host names the application is on the Lightning host, the package's own pages
 * on the Visualforce host in its frames, and each has a session cookie of its own; on loopback one host serves all.
 */
export function orgPages(org: Org): Router {
  const { database } = org;
  const router = express.Router();
  const send = (response: Response, text: string): void => {
    response.setHeader('Cache-Control', 'no-store').type('html').send(text);
  };
  const nameOf = (user: string): string =>
    database.get<{ Name: string }>('SELECT "Name" FROM "User" WHERE "Id" = ?', user)?.Name ?? user;
  const userOf = (request: Request): UserRow | undefined => {
    const { id } = request.query;
    return typeof id === 'string' && isId(id) ? usersOf(database, 'n."Id" = ?', toLongId(id))[0] : undefined;
  };
  const missing = (response: Response): void => {
    response.status(404);
    send(
      response,
      visualforce('Not found', undefined, html`<section><h1>This user does not exist.</h1></section>`),
    );
  };

  router.get('/sandbox/sign-in', (request, response) => {
    const admins = usersOf(database, 'u."Id" IS NOT NULL AND u."IsActive" = 1 AND n."nbavs__Id__c" <= 50010');
    const next = typeof request.query.next === 'string' ? request.query.next : '/';
    send(
      response,
      visualforce(
        'Sign in',
        undefined,
        html`<section><h1>Sign in to ${org.name}</h1><form method="post" action="/sandbox/sign-in">
<input type="hidden" name="next" value="${next}"><p><label>User <select name="user">${admins.map(
          ({ linkedId, Name }) =>
            html`<option value="${linkedId}">${Name}${org.admins.has(linkedId ?? '') ? ' (admin)' : ''}</option>`,
        )}</select></label> <button class="main">Sign in</button></p></form></section>`,
      ),
    );
  });
  router.post('/sandbox/sign-in', (request, response) => {
    const { user, next } = request.body as { user?: string; next?: string };
    const known = user && database.get('SELECT 1 FROM "User" WHERE "Id" = ? AND "IsActive" = 1', user);
    if (!known) return missing(response);
    const page = new URL(localPath(next), originOf(request, 'lightning')).href;
    const hosts: HostKind[] = hostOf(request) === 'any' ? [] : ['api', 'lightning', 'visualforce'];
    // From host to host, since each can only set its own cookie.
    const last = hosts.reduceRight((target, host) => {
      const sid = createOrgSession(database, org.id, user, host);
      return `${originOf(request, host)}/sandbox/join?${new URLSearchParams({ sid, next: target })}`;
    }, page);
    if (hosts.length === 0) setSession(request, response, createOrgSession(database, org.id, user, 'any'));
    response.redirect(303, last);
  });
  router.get('/sandbox/join', (request, response) => {
    const { sid, next } = request.query;
    if (typeof sid === 'string') setSession(request, response, sid);
    const target = typeof next === 'string' && URL.canParse(next) ? new URL(next) : undefined;
    const own =
      target &&
      (['api', 'lightning', 'visualforce'] as const).some(
        (host) => originOf(request, host) === target.origin,
      );
    response.redirect(303, own ? target.href : '/');
  });

  router.use((request, response, next) => {
    const session = orgSessionOf(database, request);
    if (!session) {
      response.redirect(303, `/sandbox/sign-in?${new URLSearchParams({ next: request.originalUrl })}`);
      return;
    }
    response.locals.session = session;
    next();
  });
  const viewerOf = (response: Response): string => (response.locals.session as OrgSession).user;
  /** The package has its own ways to deactivate from version 1.250 on. */
  const visitOf = (response: Response): Visit => {
    const { major = 1, minor = 250 } = org.settings.packageVersion ?? {};
    return { viewer: viewerOf(response), deactivates: major > 1 || minor >= 250 };
  };

  router.get('/', (_request, response) => response.redirect(303, usersTab));
  /** A page of the package in a frame of the application. */
  const framed = (request: Request, response: Response, title: string, path: string): void => {
    const frame = html`<iframe title="${title}" src="${originOf(request, 'visualforce')}${path}"></iframe>`;
    const viewer = nameOf(viewerOf(response));
    send(response, shell({ title, tab: usersTab, viewer, content: frame, framed: true }));
  };
  router.get(usersTab, (request, response) => framed(request, response, 'Natterbox Users', '/apex/users'));
  router.get('/lightning/r/nbavs__User__c/:id/view', (request, response) => {
    const [user] = usersOf(database, 'n."Id" = ?', toLongId(request.params.id));
    if (user) framed(request, response, user.Name, `/apex/useredit?id=${user.Id}`);
    else missing(response);
  });
  for (const [path, { title, content }] of Object.entries(lists))
    router.get(path, (_request, response) => {
      const viewer = nameOf(viewerOf(response));
      send(response, shell({ title, tab: path, viewer, content: content(database) }));
    });

  router.get('/apex/users', (request, response) => {
    const { notice } = request.query;
    send(
      response,
      usersPage(
        database,
        originOf(request, 'lightning'),
        typeof notice === 'string' ? notice : undefined,
        visitOf(response),
      ),
    );
  });
  router.get('/apex/useredit', (request, response) => {
    const user = userOf(request);
    if (user) send(response, userPage(database, user, visitOf(response)));
    else missing(response);
  });
  router.get('/apex/deactivate', (request, response) => {
    const user = userOf(request);
    if (user) send(response, confirmPage(user, viewerOf(response)));
    else missing(response);
  });
  router.get('/apex/deactivateusers', (request, response) => {
    const { text } = request.query;
    send(response, bulkPage(database, typeof text === 'string' ? text.trim() : '', viewerOf(response)));
  });
  router.post('/apex/deactivate', (request, response) => {
    const { id } = request.body as { id?: string | string[] };
    const ids = [id ?? []].flat().filter(isId).map(toLongId);
    const problems = ids.flatMap((each) => deactivate(org, viewerOf(response), each) ?? []);
    const done = ids.length - problems.length;
    const notice = [`${done} of ${ids.length} deactivated.`, ...problems].join(' ');
    response.redirect(303, `/apex/users?${new URLSearchParams({ notice })}`);
  });
  router.use((_request, response) => {
    response.status(404);
    send(response, visualforce('Not found', undefined, html`<section><h1>Page not found</h1></section>`));
  });
  return router;
}

/** The origin of one of the org's hosts, seen from the host of a request. */
function originOf(request: Request, kind: HostKind): string {
  const host = request.get('x-forwarded-host') ?? request.headers.host ?? '';
  const suffix = Object.values(suffixes).find((each) => request.hostname.endsWith(each));
  const origin = `${request.protocol}://${host}`;
  if (!suffix) return origin;
  const [first = '', ...rest] = request.hostname.slice(0, -suffix.length).split('.');
  const domain = first.replace(/--nbavs$/, '') + (kind === 'visualforce' ? '--nbavs' : '');
  const port = /:\d+$/.exec(host)?.[0] ?? '';
  return `${request.protocol}://${[domain, ...rest].join('.')}${suffixes[kind]}${port}`;
}

const localPath = (path: string | undefined): string => (path && /^\/(?!\/)/.test(path) ? path : '/');

function setSession(request: Request, response: Response, sid: string): void {
  // Frames of another site of the org need it too, which takes Secure; over plain loopback that cannot be.
  const cross = request.secure ? '; Secure; SameSite=None' : '';
  response.append('Set-Cookie', `sid=${encodeURIComponent(sid)}; Path=/; HttpOnly${cross}`);
}
