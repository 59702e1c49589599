import type { Database } from '../../database.ts';
import { licenceFields } from '../metadata.ts';
import { badge, type Html, html, table } from './html.ts';
import { usersOf } from './users.ts';

interface ListPage {
  title: string;
  content(database: Database): Html;
}

const titled = (title: string, content: Html): Html =>
  html`<div class="head"><h1>${title}</h1></div>${content}`;
const person = (name: string | null): Html =>
  name === null ? html`<span class="quiet">none</span>` : html`${name}`;

/** The plain lists of the application, by path. */
export const lists: Record<string, ListPage> = {
  '/lightning/o/nbavs__Group__c/list': {
    title: 'Groups',
    content: (database) => {
      const rows = database.all<{ name: string; extension: string; members: string | null }>(
        `SELECT g."Name" AS name, g."nbavs__Extension__c" AS extension, group_concat(u."Name", ', ') AS members
         FROM "nbavs__Group__c" g LEFT JOIN "nbavs__GroupMember__c" m ON m."nbavs__Group__c" = g."Id"
         LEFT JOIN "nbavs__User__c" u ON u."Id" = m."nbavs__User__c" GROUP BY g."Id" ORDER BY g."nbavs__Extension__c"`,
      );
      return titled(
        'Groups',
        html`${rows.map(({ name, extension, members }) => {
          const names = members?.split(', ') ?? [];
          return html`<section><h2>${name} <span class="quiet">${extension}</span></h2>
<p>${names.length === 1 ? '1 member' : `${names.length} members`}${names.length > 0 ? `: ${names.join(', ')}` : ''}</p></section>`;
        })}`,
      );
    },
  },
  '/lightning/o/nbavs__PhoneNumber__c/list': {
    title: 'Phone Numbers',
    content: (database) => {
      const rows = database.all<{ name: string; user: string | null; policy: string | null; ddi: number }>(
        `SELECT n."Name" AS name, u."Name" AS user, f."Name" AS policy, n."nbavs__DDI_Number__c" AS ddi
         FROM "nbavs__PhoneNumber__c" n LEFT JOIN "nbavs__User__c" u ON u."Id" = n."nbavs__User__c"
         LEFT JOIN "nbavs__CallFlow__c" f ON f."Id" = n."nbavs__CallFlow__c" ORDER BY n."Name"`,
      );
      return titled(
        'Phone Numbers',
        table(
          `${rows.length} numbers`,
          ['Number', 'User', 'Routing Policy', 'DDI'],
          rows.map(
            ({ name, user, policy, ddi }) =>
              html`<tr><th scope="row">${name}</th><td>${person(user)}</td><td>${policy}</td><td>${badge(ddi === 1, 'DDI', 'No')}</td></tr>`,
          ),
        ),
      );
    },
  },
  '/lightning/o/nbavs__Device__c/list': {
    title: 'Devices',
    content: (database) => {
      const rows = database.all<{
        name: string;
        type: string;
        model: string | null;
        user: string | null;
        on: number;
      }>(
        `SELECT d."Name" AS name, d."nbavs__Type__c" AS type, d."nbavs__Model__c" AS model, u."Name" AS user,
           d."nbavs__Enabled__c" AS "on" FROM "nbavs__Device__c" d
         LEFT JOIN "nbavs__DeviceMapping__c" m ON m."nbavs__Device__c" = d."Id"
         LEFT JOIN "nbavs__User__c" u ON u."Id" = m."nbavs__User__c" ORDER BY d."nbavs__Type__c", d."Name"`,
      );
      return titled(
        'Devices',
        table(
          `${rows.length} devices`,
          ['Device', 'Type', 'Model', 'User', 'State'],
          rows.map(
            ({ name, type, model, user, on }) =>
              html`<tr><th scope="row">${name}</th><td>${type}</td><td>${model}</td><td>${person(user)}</td><td>${badge(on === 1, 'Active', 'Inactive')}</td></tr>`,
          ),
        ),
      );
    },
  },
  '/sandbox/licences': {
    title: 'User Licenses',
    content: (database) => {
      const users = usersOf(database);
      return titled(
        'User Licenses',
        table(
          `${users.length} users`,
          ['Name', ...licenceFields.map(({ label }) => label)],
          users.map(
            (user) =>
              html`<tr><th scope="row">${user.Name}</th>${licenceFields.map(
                ({ name }) => html`<td>${user[name] === 1 ? html`<span aria-label="yes">✓</span>` : ''}</td>`,
              )}</tr>`,
          ),
        ),
      );
    },
  },
};
