// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest';
import { candidates, openRoots } from '../../../lib/overlay/anchors.ts';
import { controlAt, describe as describeControl, patternOf } from '../../../lib/overlay/describe.ts';
import { anchorOf, type Description, withoutPersons } from '../../../lib/workspace/own-controls.ts';
import { byId, showEverything } from './page.ts';

beforeEach(showEverything);

/** What the first description finds that leads anywhere, as the page is by now: the ids. */
function foundBy(found: readonly Description[]): string[] {
  for (const each of found) {
    const all = candidates(openRoots(document), anchorOf(each));
    if (all.length > 0) return all.map(({ id }) => id);
  }
  return [];
}
const show = (html: string): void => {
  document.body.innerHTML = html;
};

describe('issue 6: a control that was pointed at', () => {
  it('is the control around what was pressed', () => {
    show('<button id="b"><span><i id="i">x</i></span></button><p id="p">y</p>');
    expect(controlAt(byId('i')).id).toBe('b');
    expect(controlAt(byId('p')).id).toBe('p');
  });

  it('is described by role and name first, then by its place, then by lasting attributes', () => {
    show(
      '<main><h1>Dana Ruiz</h1><h2>Access</h2><button>Reset</button><button id="it" name="off" class="x1">Turn off</button></main>',
    );
    expect(describeControl(byId('it'), '/settings/users/5f1/edit')).toMatchObject({
      path: '/settings/users/:any/edit',
      place: 'page',
      found: [
        { role: 'button', name: 'Turn off' },
        { role: 'button', after: 'Access', nth: 1 },
        { css: 'button[name="off"]' },
      ],
    });
  });

  it('says what stands near that may be somebody’s name or address', () => {
    show('<main><h1>Dana Ruiz</h1><p>dana@x.example</p><button id="it">Turn off</button></main>');
    expect(describeControl(byId('it'), '/').nearby).toEqual({
      headings: ['Dana Ruiz'],
      emails: ['dana@x.example'],
    });
  });

  it('keeps nothing that leads elsewhere, or to several', () => {
    show('<main><h2>Access</h2><button id="other">Off</button><button id="it">Off</button></main>');
    const { found } = describeControl(byId('it'), '/');
    expect(found).toEqual([{ role: 'button', after: 'Access', nth: 1 }]);
    expect(foundBy(found)).toEqual(['it']);
  });

  it.each([
    [
      'its surroundings',
      '<main><section><div><button id="it" data-x="9">Turn off</button></div></section></main>',
    ],
    [
      'its name, where its place stays',
      '<main><h2>Access</h2><button>Reset</button><button id="it">Disable</button></main>',
    ],
    [
      'name and place, where its attribute stays',
      '<main><p><button id="it" name="off">Disable</button></p></main>',
    ],
    ['its tag, where role and name stay', '<main><div role="button" id="it">Turn off</div></main>'],
  ])('is found again after the page changed %s', (_what, html) => {
    show('<main><h2>Access</h2><button>Reset</button><button id="it" name="off">Turn off</button></main>');
    const { found } = describeControl(byId('it'), '/');
    show(html);
    expect(foundBy(found)).toEqual(['it']);
  });

  it('in a row: one in each row, and the row’s texts are those near it', () => {
    const row = (id: string, name: string): string =>
      `<tr><td>${name}</td><td>${id}@x.example</td><td><button>Edit</button></td><td><button id="${id}">Access of ${name}</button></td></tr>`;
    const rows = [row('dana', 'Dana Ruiz'), row('tom', 'Tom Okafor')];
    show(`<main><h1>Users</h1><table><tbody>${rows.join('')}</tbody></table></main>`);
    const { place, found, nearby } = describeControl(byId('tom'), '/settings/users');
    expect(place).toBe('row');
    expect(nearby.emails).toEqual(['tom@x.example']);
    expect(nearby.headings).toContain('Tom Okafor');
    expect(nearby.headings).not.toContain('Users');
    // Without anybody's name it fits every row, also after columns came and rows went.
    const kept = withoutPersons(found, ['Tom Okafor', 'tom@x.example']);
    expect(JSON.stringify(kept)).not.toContain('Tom');
    show(
      `<main><table><tbody>${[row('eve', 'Eve Lin'), row('ola', 'Ola Berg')]
        .map((each) => each.replace('<td><button>', '<td>new</td><td><button>'))
        .join('')}</tbody></table></main>`,
    );
    expect(foundBy(kept)).toEqual(['eve', 'ola']);
  });

  it('parts of a path that look like somebody’s id or address are any', () => {
    expect(patternOf('/settings/users/5f1c/a@b.example/edit')).toBe('/settings/users/:any/:any/edit');
  });
});
