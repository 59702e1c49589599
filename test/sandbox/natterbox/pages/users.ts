import type { Database } from '../../database.ts';
import { licenceFields } from '../metadata.ts';
import { badge, type Html, html, table } from './html.ts';
import { visualforce } from './layout.ts';

export interface UserRow {
  Id: string;
  Name: string;
  extension: string | null;
  enabled: number;
  profile: string | null;
  linkedId: string | null;
  linked: string | null;
  username: string | null;
  linkedActive: number | null;
  [licence: string]: string | number | null;
}

/** Natterbox users with what their pages show, by name. `where` is a condition with its parameters. */
export const usersOf = (database: Database, where = '1', ...parameters: string[]): UserRow[] =>
  database.all<UserRow>(
    `SELECT n.*, n."nbavs__SipExtension__c" AS extension, n."nbavs__Enabled__c" AS enabled, p."Name" AS profile,
       u."Id" AS linkedId, u."Name" AS linked, u."Username" AS username, u."IsActive" AS linkedActive
     FROM "nbavs__User__c" n LEFT JOIN "User" u ON u."Id" = n."nbavs__User__c"
     LEFT JOIN "nbavs__AvailabilityProfile__c" p ON p."Id" = n."nbavs__AvailabilityProfile__c"
     WHERE ${where} ORDER BY n."Name", n."Id"`,
    ...parameters,
  );

const salesforceUser = ({ linked, linkedActive }: UserRow): Html =>
  linked === null
    ? html`<span class="quiet">none</span>`
    : html`${linked}${linkedActive === 0 ? html` <span class="badge off">inactive</span>` : ''}`;

/** Who looks at a page, and whether the package has controls of its own for deactivation. */
export interface Visit {
  /** Id of the Salesforce user; the page says it as Salesforce's own header does. */
  viewer: string;
  deactivates: boolean;
}

/** The Natterbox Users tab; `lightning` is the origin of the application around it. */
export function usersPage(
  database: Database,
  lightning: string,
  notice: string | undefined,
  visit: Visit,
): string {
  const rows = usersOf(database).map(
    (user) => html`<tr data-id="${user.Id}">
<td><a href="/apex/useredit?id=${user.Id}">Edit</a>${visit.deactivates ? ' | ' : ' '}${
      user.enabled !== 1
        ? html`<span class="quiet">Deactivated</span>`
        : visit.deactivates && html`<a href="/apex/deactivate?id=${user.Id}">Deactivate</a>`
    }</td>
<th scope="row"><a href="${lightning}/lightning/r/nbavs__User__c/${user.Id}/view" target="_top">${user.Name}</a></th>
<td>${user.extension}</td><td>${salesforceUser(user)}</td><td>${user.profile}</td>
<td>${badge(user.enabled === 1, 'Active', 'Inactive')}</td></tr>`,
  );
  return visualforce(
    'Natterbox Users',
    visit.viewer,
    html`${notice && html`<p class="notice" role="status">${notice}</p>`}
<div class="head"><h1>Natterbox Users</h1>
<div class="pbButton" role="toolbar" aria-label="Natterbox users"><a class="button" href="/apex/newuser">New Natterbox User</a>${
      visit.deactivates && html`<a class="button" href="/apex/deactivateusers">Deactivate Users</a>`
    }</div></div>
${table(`${rows.length} users`, ['Action', 'Name', 'Extension', 'Salesforce User', 'Availability Profile', 'State'], rows)}`,
  );
}

/** One user's page: buttons at the top, sections below. */
export function userPage(database: Database, user: UserRow, visit: Visit): string {
  const groups = database.all<{ name: string; extension: string; isPrimary: number }>(
    `SELECT g."Name" AS name, g."nbavs__Extension__c" AS extension, m."nbavs__Primary__c" AS isPrimary
     FROM "nbavs__GroupMember__c" m JOIN "nbavs__Group__c" g ON g."Id" = m."nbavs__Group__c"
     WHERE m."nbavs__User__c" = ? ORDER BY g."Name"`,
    user.Id,
  );
  const devices = database.all<{ name: string; type: string }>(
    `SELECT d."Name" AS name, d."nbavs__Type__c" AS type FROM "nbavs__DeviceMapping__c" m
     JOIN "nbavs__Device__c" d ON d."Id" = m."nbavs__Device__c" WHERE m."nbavs__User__c" = ? ORDER BY d."Name"`,
    user.Id,
  );
  const numbers = database.all<{ name: string }>(
    'SELECT "Name" AS name FROM "nbavs__PhoneNumber__c" WHERE "nbavs__User__c" = ? ORDER BY "Name"',
    user.Id,
  );
  const list = (texts: readonly string[]) =>
    texts.length > 0 ? texts.join(', ') : html`<span class="quiet">none</span>`;
  const licences = licenceFields.filter(({ name }) => user[name] === 1).map(({ label }) => label);
  return visualforce(
    user.Name,
    visit.viewer,
    html`<div class="head"><h1>${user.Name} ${badge(user.enabled === 1, 'Active', 'Inactive')}</h1>
<div class="pbButton" role="toolbar" aria-label="Natterbox user">${
      user.enabled === 1 &&
      visit.deactivates &&
      html`<a class="button" href="/apex/deactivate?id=${user.Id}">Deactivate</a>`
    }<a class="button" href="/apex/users">All users</a></div></div>
<section aria-labelledby="information"><h2 id="information">Natterbox User Information</h2><dl>
<dt>Extension</dt><dd>${user.extension}</dd><dt>Salesforce User</dt><dd>${salesforceUser(user)}</dd>
<dt>Username</dt><dd>${user.username}</dd><dt>Availability Profile</dt><dd>${user.profile ?? 'none'}</dd></dl></section>
<section aria-labelledby="licences"><h2 id="licences">Licenses</h2><p>${list(licences)}</p></section>
<section aria-labelledby="groups"><h2 id="groups">Groups</h2><p>${list(
      groups.map(
        ({ name, extension, isPrimary }) => `${name} (${extension}${isPrimary === 1 ? ', primary' : ''})`,
      ),
    )}</p></section>
<section aria-labelledby="numbers"><h2 id="numbers">Phone numbers</h2><p>${list(numbers.map(({ name }) => name))}</p></section>
<section aria-labelledby="devices"><h2 id="devices">Devices Ring Order</h2><p>${list(
      devices.map(({ name, type }) => `${name} (${type})`),
    )}</p></section>`,
  );
}

/** The product's own question before it deactivates one user. */
export const confirmPage = (user: UserRow, viewer: string): string =>
  visualforce(
    `Deactivate ${user.Name}`,
    viewer,
    html`<section><h1>Deactivate ${user.Name}?</h1>
<p>They leave all groups, their availability profile is cleared, and their licenses are removed.</p>
<form method="post" action="/apex/deactivate"><input type="hidden" name="id" value="${user.Id}">
<button class="main">Deactivate</button> <a class="button" href="/apex/users">Cancel</a></form></section>`,
  );

/** The product's own bulk page: search, tick, Submit Request. */
export function bulkPage(database: Database, text: string, viewer: string): string {
  const like = `%${text}%`;
  const found = text === '' ? [] : usersOf(database, 'n."nbavs__Enabled__c" = 1 AND n."Name" LIKE ?', like);
  const rows = found.map(
    (user) => html`<tr><td><input type="checkbox" name="id" value="${user.Id}" aria-label="${user.Name}"></td>
<th scope="row">${user.Name}</th><td>${user.extension}</td><td>${salesforceUser(user)}</td></tr>`,
  );
  return visualforce(
    'Deactivate Users',
    viewer,
    html`<div class="head"><h1>Deactivate Users</h1><div><a class="button" href="/apex/users">All users</a></div></div>
<form method="get" action="/apex/deactivateusers" role="search"><p>
<label>Search users <input type="search" name="text" value="${text}"></label> <button>Search</button></p></form>
<form method="post" action="/apex/deactivate">
${table(`${rows.length} users found`, ['', 'Name', 'Extension', 'Salesforce User'], rows)}
<p><button class="main">Submit Request</button></p></form>`,
  );
}
