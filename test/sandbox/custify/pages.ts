import express, { type Request, type Response, type Router } from 'express';
import type { MemberRow } from '../context.ts';
import { Html, html } from '../natterbox/pages/html.ts';
import { createSession, sessionOf, storeActive } from '../sessions.ts';
import { objectId, rowOf } from './ids.ts';
import type { Account } from './wire.ts';

/**
 * The web pages of the account: plain paths, and markup that says what it is to a person and to nobody else (no ids,
 * no classes). Nothing is publicly known of the real ones; these are one of many ways in which they may be made.
 */
const style = `body{margin:0;font:15px/1.5 system-ui,sans-serif;color:#1c2430;background:#f6f7f9}
header{display:flex;gap:1.5rem;align-items:center;background:#fff;border-bottom:1px solid #d9dee6;padding:.7rem 1.5rem}
header span{margin-left:auto}nav{display:flex;gap:1.2rem}main{max-width:60rem;padding:1rem 1.5rem}
table{border-collapse:collapse;width:100%;background:#fff}td,th{text-align:left;padding:.5rem .8rem;border-bottom:1px solid #e3e7ee}
button{font:inherit;padding:.35rem .8rem;border:1px solid #9aa5b5;border-radius:6px;background:#fff;cursor:pointer}
[role=switch][aria-checked=true]{background:#1f7a4d;border-color:#1f7a4d;color:#fff}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1.2rem;background:#fff;padding:1rem}dd{margin:0}`;

/** Switches are changed in place, without leaving the page. */
const script = `document.addEventListener('click', async (event) => {
  const control = event.target.closest('[role=switch],[name=access]');
  if (!control) return;
  const active = (control.getAttribute('aria-checked') ?? control.value) !== 'true';
  const show = (shown) => {
    if (control.value) control.value = String(shown);
    else control.setAttribute('aria-checked', String(shown));
    const state = control.parentElement.querySelector('span') ?? control.closest('tr').querySelector('td span');
    if (state) state.textContent = shown ? 'Active' : 'Inactive';
  };
  if (!active && 'asks' in document.body.dataset) {
    show(false);
    if (!(await asks())) return show(true);
  }
  const answer = await fetch(control.getAttribute('formaction'), {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ active }),
  });
  if (answer.ok) show(active);
});
async function asks() {
  const dialog = document.createElement('dialog');
  dialog.innerHTML = '<p>They will not be able to sign in.</p><form method="dialog"><button value="no">Keep them</button> <button value="yes">Go on</button></form>';
  document.body.append(dialog);
  dialog.showModal();
  await new Promise((resolve) => dialog.addEventListener('close', resolve));
  dialog.remove();
  return dialog.returnValue === 'yes';
}`;

export function appPages(account: Account): Router {
  const { database } = account;
  const router = express.Router();
  const send = (
    response: Response,
    status: number,
    title: string,
    content: Html,
    viewer?: MemberRow,
  ): void => {
    const page = html`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title} | Custify</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"><style>${new Html(style)}</style></head>
<body${new Html(account.variants.asks ? ' data-asks' : '')}><header><strong>Custify</strong><nav aria-label="Main"><a href="/customers">Customers</a><a href="/settings/users">Users</a><a href="/settings/developer/api-key">API key</a></nav><span>${viewer?.name ?? ''}</span></header>
<main>${content}</main><script>${new Html(script)}</script></body></html>`;
    response.status(status).setHeader('Cache-Control', 'no-store').type('html').send(page.text);
  };
  const localPath = (path: unknown): string =>
    typeof path === 'string' && /^\/(?!\/)/.test(path) ? path : '/';
  const viewerOf = (response: Response): MemberRow => response.locals.viewer as MemberRow;

  router.get('/sandbox/sign-in', (request, response) => {
    const members = database.all<MemberRow>('SELECT * FROM member WHERE active = 1 ORDER BY id');
    send(
      response,
      200,
      'Sign in',
      html`<h1>Sign in</h1><form method="post" action="/sandbox/sign-in"><input type="hidden" name="next" value="${localPath(request.query.next)}">
<label>User <select name="member">${members.map(({ id, name }) => html`<option value="${id}">${name}</option>`)}</select></label> <button>Sign in</button></form>`,
    );
  });
  router.post('/sandbox/sign-in', (request, response) => {
    const { member, next } = request.body as { member?: string; next?: string };
    const row = database.get<MemberRow>('SELECT * FROM member WHERE id = ? AND active = 1', member ?? '');
    if (!row) return void response.redirect(303, '/sandbox/sign-in');
    const { id } = createSession(database, row.id, account.now());
    const secure = request.secure ? '; Secure' : '';
    response.setHeader('Set-Cookie', `session=${id}; Path=/; HttpOnly; SameSite=Lax${secure}`);
    response.redirect(303, localPath(next));
  });

  router.use((request, response, next) => {
    const session = sessionOf(database, request);
    if (!session)
      return void response.redirect(
        303,
        `/sandbox/sign-in?${new URLSearchParams({ next: request.originalUrl })}`,
      );
    response.locals.viewer = session.member;
    next();
  });

  router.get('/', (_request, response) => response.redirect(303, '/customers'));
  router.get('/customers', (_request, response) => {
    const rows = database.all<{ id: string; name: string; csm: string | null }>(
      'SELECT c.id, c.name, m.name AS csm FROM customer c LEFT JOIN member m ON m.id = c.csm ORDER BY c.name',
    );
    const cells = rows.map(
      ({ id, name, csm }) =>
        html`<tr><th scope="row"><a href="/customers/${objectId(id)}">${name}</a></th><td>${csm}</td></tr>`,
    );
    send(
      response,
      200,
      'Customers',
      html`<h1>Customers</h1><table><thead><tr><th scope="col">Name</th><th scope="col">CSM</th></tr></thead><tbody>${cells}</tbody></table>`,
      viewerOf(response),
    );
  });
  router.get('/customers/:id', (request, response) => {
    const row = database.get<{ name: string; segment: string }>(
      'SELECT name, segment FROM customer WHERE id = ?',
      rowOf(request.params.id),
    );
    if (row)
      send(response, 200, row.name, html`<h1>${row.name}</h1><p>${row.segment}</p>`, viewerOf(response));
    else notFound(response);
  });

  /** The control that sets a user active or inactive. */
  const activeSwitch = ({ id, name, active }: MemberRow): Html =>
    account.variants.control === 'button'
      ? html`<button type="button" name="access" value="${active ? 'true' : 'false'}" formaction="/settings/users/${objectId(id)}/active">Access of ${name}</button>`
      : html`<button type="button" role="switch" aria-checked="${active ? 'true' : 'false'}" aria-label="Active" formaction="/settings/users/${objectId(id)}/active">Active</button>`;
  router.get('/settings/users', (_request, response) => {
    const rows = database
      .all<MemberRow>('SELECT * FROM member ORDER BY name, id')
      .map(
        (member) =>
          html`<tr><th scope="row"><a href="/settings/users/${objectId(member.id)}">${member.name}</a></th><td>${member.email}</td><td><span>${member.active ? 'Active' : 'Inactive'}</span></td><td>${activeSwitch(member)}</td></tr>`,
      );
    send(
      response,
      200,
      'Users',
      html`<h1>Users</h1><table><thead><tr><th scope="col">Name</th><th scope="col">Email</th><th scope="col">State</th><th scope="col">Active</th></tr></thead><tbody>${rows}</tbody></table>`,
      viewerOf(response),
    );
  });
  router.get('/settings/users/:id', (request, response) => {
    const member = database.get<MemberRow>('SELECT * FROM member WHERE id = ?', rowOf(request.params.id));
    if (!member) return notFound(response);
    const { name, email, title, role, active } = member;
    const own = account.variants.native ? html`<button type="button">Offboard user</button>` : '';
    send(
      response,
      200,
      name,
      html`<p><a href="/settings/users">Users</a></p><h1>${name}</h1><div>${own}</div>
<dl><dt>Email</dt><dd>${email}</dd><dt>Title</dt><dd>${title}</dd><dt>Role</dt><dd>${role}</dd><dt>State</dt><dd><span>${active ? 'Active' : 'Inactive'}</span> ${activeSwitch(member)}</dd></dl>`,
      viewerOf(response),
    );
  });
  router.post('/settings/users/:id/active', (request: Request, response: Response) => {
    const { active } = request.body as { active?: boolean };
    const admin = viewerOf(response).role === 'admin';
    const known = admin && storeActive(database, rowOf(request.params.id), active === true);
    response.status(known ? 204 : 403).end();
  });
  router.get('/settings/developer/api-key', (_request, response) => {
    send(
      response,
      200,
      'API key',
      html`<h1>API Access</h1><p>Keys of this account are made here.</p>`,
      viewerOf(response),
    );
  });
  const notFound = (response: Response): void =>
    send(response, 404, 'Not found', html`<h1>Page not found</h1>`, viewerOf(response));
  router.use((_request, response) => notFound(response));
  return router;
}
