// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest';
import { controlOf, findAgain, unknownMember, type Whose } from '../../../lib/overlay/controls.ts';
import { createIdentity, emailsIn, profileFor } from '../../../lib/overlay/identity.ts';
import { offerRecognition } from '../../../lib/overlay/recognition.ts';
import { nameInRow } from '../../../lib/overlay/row-name.ts';
import { anchorOf } from '../../../lib/workspace/own-controls.ts';
import type { PageProfile } from '../../../lib/workspace/page-profile.ts';
import { byId, listProfile, showEverything } from './page.ts';

const page = { pathname: '/settings/users/1', origin: 'https://a.example' };
const dana: Whose = { member: 'dana', name: 'Dana Ruiz' };

/** Pages that say by what they show whose they are. */
const textProfile: PageProfile = profileFor(
  {
    list: { path: '/settings/*' },
    member: { path: '/settings/*', identity: 'text', actions: [{ css: 'h1' }], native: [], banner: [] },
    deactivation: [
      {
        path: '/settings/*',
        control: [
          { role: 'switch', name: '\\bactive\\b' },
          { role: 'button', name: '^deactivate {name}$' },
          { role: 'button', name: '^set inactive$' },
        ],
        memberFrom: 'text',
      },
    ],
  },
  { member: 'dana', name: 'Dana Ruiz', email: '' },
);
const active = '<button id="it" role="switch" aria-checked="true" aria-label="Active"></button>';
const memberOf = (html: string, about?: Whose): string | undefined => {
  document.body.innerHTML = html;
  return controlOf([byId('it')], textProfile, page, 'click', about)?.member;
};

beforeEach(() => {
  showEverything();
  offerRecognition({ createIdentity, emailsIn, profileFor });
});

describe('issue 6: whose control it is', () => {
  it('is the page’s own member’s where no row is around it', () => {
    expect(memberOf(`<main><h1>Dana Ruiz</h1>${active}</main>`, dana)).toBe('dana');
    expect(memberOf(`<main><h1>Dana Ruiz</h1>${active}</main>`)).toBeUndefined();
  });

  it('is that of the one address in its row, whatever the page is about', () => {
    const row = `<table><tr><td>Bob Lee</td><td>Bob@x.example</td><td>${active}</td></tr></table>`;
    expect(memberOf(`<main><h1>Dana Ruiz</h1>${row}</main>`, dana)).toBe('email:bob@x.example');
    expect(memberOf(row)).toBe('email:bob@x.example');
  });

  it('is nobody’s who is known in a row without an address: never the page’s member', () => {
    const row = `<table><tr><td>Bob Lee</td><td>${active}</td></tr></table>`;
    expect(memberOf(`<main><h1>Dana Ruiz</h1>${row}</main>`, dana)).toBe(unknownMember);
    const both = row.replace('Bob Lee', 'bob@x.example, eve@x.example');
    expect(memberOf(`<main><h1>Dana Ruiz</h1>${both}</main>`, dana)).toBe(unknownMember);
    expect(memberOf(row)).toBeUndefined();
  });

  it('is the page’s member’s where the row is what shows the page’s heading', () => {
    expect(memberOf(`<article><h1>Dana  Ruiz</h1><p>Role: admin</p>${active}</article>`, dana)).toBe('dana');
  });

  it('knows a control by a name with the member’s in it, and nothing by half of it', () => {
    const named = (name: string): string => `<main><h1>Dana Ruiz</h1><button id="it">${name}</button></main>`;
    expect(memberOf(named('Deactivate Dana Ruiz'), dana)).toBe('dana');
    expect(memberOf(named('Deactivate Dana'), dana)).toBeUndefined();
    expect(memberOf(named('Set inactive'), dana)).toBe('dana');
    expect(memberOf(named('Set inactive later'), dana)).toBeUndefined();
  });

  it('takes names from labels, references and titles, and counts only what turns off', () => {
    const asked = (html: string): string | undefined => memberOf(`<main>${html}</main>`, dana);
    const labelled =
      '<span id="l">Active</span><button id="it" role="switch" aria-checked="true" aria-labelledby="l"></button>';
    expect(asked(labelled)).toBe('dana');
    expect(asked(labelled.replace('>Active<', '>Archived<'))).toBeUndefined();
    expect(asked(active.replace('aria-label', 'title'))).toBe('dana');
    expect(asked(active.replace('"true"', '"false"'))).toBeUndefined();
    expect(asked(active.replace('id="it"', 'id="it" disabled'))).toBeUndefined();
    expect(asked(active.replace('"Active"', '"Interactive mode"'))).toBeUndefined();
  });

  it('a checkbox has changed already at its click, and not yet at the press', () => {
    const profile: PageProfile = {
      ...textProfile,
      deactivation: [{ path: '/settings/*', control: [{ css: 'input' }], memberFrom: 'text' }],
    };
    document.body.innerHTML =
      '<main><label id="label">Active <input type="checkbox" id="it" checked></label></main>';
    const asked = (id: string, type: string): string | undefined =>
      controlOf([byId(id)], profile, page, type, dana)?.member;
    expect(asked('it', 'pointerdown')).toBe('dana');
    expect(asked('it', 'click')).toBeUndefined();
    expect(asked('label', 'click')).toBe('dana');
    byId<HTMLInputElement>('it').checked = false;
    expect(asked('it', 'pointerdown')).toBeUndefined();
    expect(asked('it', 'click')).toBe('dana');
  });

  it('one whose member was not known stays the same where it is, and is searched nowhere else', () => {
    document.body.innerHTML = `<main><h1>Dana Ruiz</h1>${active}</main>`;
    const element = byId('it');
    const lost = { element, member: unknownMember };
    expect(findAgain(lost, textProfile, page, undefined)).toBe(element);
    element.setAttribute('aria-checked', 'false');
    expect(findAgain(lost, textProfile, page, undefined)).toBeNull();
    element.replaceWith(element.cloneNode());
    expect(findAgain(lost, textProfile, page, dana)).toBeNull();
  });
});

describe('issue 6: an admin’s own control, after the page’s markup changed', () => {
  it('is found by role and name while only the markup around it changes', () => {
    const control = anchorOf({ role: 'button', name: 'Access of *' });
    const profile: PageProfile = {
      ...textProfile,
      deactivation: [{ path: '/settings/*', control: [control], memberFrom: 'text' }],
    };
    for (const html of [
      '<main><button id="it">Access of Dana Ruiz</button></main>',
      '<main><section class="x"><div><input type="button" id="it" value="Access of Tom"></div></section></main>',
    ]) {
      document.body.innerHTML = html;
      expect(controlOf([byId('it')], profile, page, 'click', dana)?.member).toBe('dana');
    }
    document.body.innerHTML = '<main><a id="it" href="#">Access of Dana Ruiz</a></main>';
    expect(controlOf([byId('it')], profile, page, 'click', dana)).toBeNull();
  });
});

describe('issue 4: how a row calls its member', () => {
  const named = (html: string, member: string, profile = listProfile): string | undefined => {
    document.body.innerHTML = html;
    return nameInRow({ element: byId('it'), member }, profile, { pathname: '/u', origin: location.origin });
  };
  const line = (inside: string, more = ''): string =>
    `<div class="line" ${more}>${inside}<button class="act" id="it"></button></div>`;

  it.each([
    [
      'the link to their page',
      '<a href="/u/tom">Tom</a><a href="/u/ola">Ola  Berg</a><h3>Other</h3>',
      '',
      'Ola Berg',
    ],
    ['what names the row', '<h3>Ola Berg</h3> ola@x.example', '', 'Ola Berg'],
    ['the row’s own label', 'x', 'aria-label="Ola Berg"', 'Ola Berg'],
    ['the address in it', '<span>ola@x.example</span>', '', 'ola@x.example'],
    ['nothing', '<span>x</span>', '', undefined],
  ])('by %s', (_what, inside, more, name) => {
    expect(named(line(inside, more), 'ola')).toBe(name);
  });

  it('by the address by which it is known', () => {
    expect(named(line('<span>x</span>'), 'email:ola@x.example')).toBe('ola@x.example');
  });
});
