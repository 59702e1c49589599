// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Send } from '../../../lib/messages/client.ts';
import { createAftermath } from '../../../lib/overlay/aftermath.ts';
import { createIdentity, emailsIn, profileFor } from '../../../lib/overlay/identity.ts';
import { offerRecognition } from '../../../lib/overlay/recognition.ts';
import { pages } from '../../../lib/workspace/custify/pages.ts';
import { byId, goTo, showEverything } from './page.ts';

const known = { member: 'dana', name: 'Dana Ruiz', email: 'dana@x.example' };
const profile = profileFor(pages, known);
const toggle = (name: string, on: boolean, id = ''): string =>
  `<button id="${id}" role="switch" aria-checked="${on}" aria-label="${name}"></button>`;
const page = (inside: string): string => `<main><h1>Dana Ruiz</h1><p>dana@x.example</p>${inside}</main>`;

let end = new AbortController();
beforeEach(() => {
  vi.useFakeTimers();
  showEverything();
  offerRecognition({ createIdentity, emailsIn, profileFor });
  goTo('/settings/users/1');
  end = new AbortController();
});
afterEach(() => {
  end.abort();
  vi.useRealTimers();
});

function setUp(replies: unknown[] = []) {
  const reported: unknown[] = [];
  const ended = vi.fn();
  const send = (async (command: string, request: unknown) => {
    reported.push([command, request]);
    return replies.shift() ?? { ok: true, value: { ended: true } };
  }) as unknown as Send;
  const aftermath = createAftermath({
    send,
    signal: end.signal,
    alive: () => true,
    profile: () => profile,
    about: () => ({ member: 'dana', name: 'Dana Ruiz' }),
    ended,
  });
  /** Looks, as the overlay does after every change, and waits until what is shown has settled. */
  const look = async (): Promise<number> => {
    aftermath.look();
    await vi.advanceTimersByTimeAsync(1_600);
    return reported.length;
  };
  const use = (id: string) => aftermath.begin({ element: byId(id), member: 'dana' }, 'run');
  return { aftermath, reported, ended, look, use };
}

describe('issue 6: what the page shows counts only as the effect of exactly that click', () => {
  it('tells it once the used switch is off, and only then', async () => {
    document.body.innerHTML = page(toggle('Active', true, 'it'));
    const { look, use, reported, ended } = setUp();
    expect(await look()).toBe(0);
    use('it');
    expect(await look()).toBe(0);
    byId('it').setAttribute('aria-checked', 'false');
    expect(await look()).toBe(1);
    expect(reported).toEqual([['overlay.reported', { member: 'dana', run: 'run' }]]);
    expect(ended).toHaveBeenCalledTimes(1);
    expect(await look()).toBe(1);
  });

  it.each([
    ['another switch that was off before', toggle('Two-factor active', false)],
    ['a choice that says Inactive', '<select><option>Active</option><option>Inactive</option></select>'],
    ['a label that says Inactive beside the switch', '<span>Active</span><span>Inactive</span>'],
    [
      'a row of somebody who is inactive',
      `<table><tr><td>Bob</td><td>${toggle('Active', false)}</td></tr></table>`,
    ],
  ])('not by %s', async (_what, beside) => {
    document.body.innerHTML = page(toggle('Active', true, 'it') + beside);
    const { look, use } = setUp();
    use('it');
    expect(await look()).toBe(0);
    byId('it').setAttribute('aria-checked', 'false');
    expect(await look()).toBe(1);
  });

  it.each([
    ['a choice', '<select><option>Active</option><option>Inactive</option></select>'],
    ['a label', '<span>Inactive</span>'],
    ['another switch', toggle('Two-factor active', false)],
  ])('where the control is a button: not by %s that was there before', async (_what, beside) => {
    document.body.innerHTML = page(`<button id="it">Set inactive</button>${beside}`);
    const { look, use } = setUp();
    use('it');
    expect(await look()).toBe(0);
  });

  it('where the control is a button: by the word that was not there before', async () => {
    document.body.innerHTML = page('<button id="it">Set inactive</button><span id="state">Active</span>');
    const { look, use } = setUp();
    use('it');
    byId('state').textContent = 'Inactive';
    expect(await look()).toBe(1);
  });

  it('not while the page asks, nor when its question is answered with no', async () => {
    document.body.innerHTML = page(`${toggle('Active', true, 'it')}<div id="ask"></div>`);
    const { look, use } = setUp();
    use('it');
    // It shows the change at once, asks, and takes it back.
    byId('it').setAttribute('aria-checked', 'false');
    byId('ask').innerHTML = '<div role="alertdialog">Set Dana Ruiz inactive? <span>Inactive</span></div>';
    expect(await look()).toBe(0);
    byId('it').setAttribute('aria-checked', 'true');
    byId('ask').innerHTML = '';
    expect(await look()).toBe(0);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await look()).toBe(0);
  });

  it('not in the moment in which the page takes it back', async () => {
    document.body.innerHTML = page(toggle('Active', true, 'it'));
    const { aftermath, look, use } = setUp();
    use('it');
    byId('it').setAttribute('aria-checked', 'false');
    aftermath.look();
    await vi.advanceTimersByTimeAsync(1_000);
    byId('it').setAttribute('aria-checked', 'true');
    expect(await look()).toBe(0);
  });

  it('not later than a minute', async () => {
    document.body.innerHTML = page(toggle('Active', true, 'it'));
    const { look, use } = setUp();
    use('it');
    await vi.advanceTimersByTimeAsync(61_000);
    byId('it').setAttribute('aria-checked', 'false');
    expect(await look()).toBe(0);
  });

  it('by the switch that took its place when the page drew itself anew', async () => {
    document.body.innerHTML = page(toggle('Two-factor active', false) + toggle('Active', true, 'it'));
    const { look, use } = setUp();
    use('it');
    document.body.innerHTML = page(toggle('Two-factor active', false) + toggle('Active', true));
    expect(await look()).toBe(0);
    document.body.innerHTML = page(toggle('Two-factor active', true) + toggle('Active', false));
    expect(await look()).toBe(1);
  });

  it('after the page was loaded anew, by what it showed before', async () => {
    document.body.innerHTML = page(toggle('Active', true, 'it') + toggle('Two-factor active', false));
    const first = setUp();
    const before = first.use('it');
    expect(before).toEqual({ control: 'Active', texts: [] });
    if (!before) throw new Error('The page said nothing of this member.');
    end.abort();
    end = new AbortController();
    const second = setUp();
    second.aftermath.resume('dana', 'run', before);
    expect(await second.look()).toBe(0);
    document.body.innerHTML = page(toggle('Active', false) + toggle('Two-factor active', false));
    expect(await second.look()).toBe(1);
  });

  it('of a row that names its member otherwise than the page does, nothing is compared after a load', async () => {
    const row = `<table><tr><td>dana@x.example</td><td>${toggle('Active', true, 'it')}</td></tr></table>`;
    document.body.innerHTML = page(`${row}<span>Inactive</span>`);
    const { aftermath } = setUp();
    const control = { element: byId('it'), member: 'email:dana@x.example' };
    expect(aftermath.begin(control, 'run')).toBeUndefined();
  });

  it('tells it again where it could not be told', async () => {
    document.body.innerHTML = page(toggle('Active', true, 'it'));
    const refused = { ok: false, refusal: { code: 'locked', detail: '' } };
    const { look, use, ended } = setUp([refused, refused]);
    use('it');
    byId('it').setAttribute('aria-checked', 'false');
    expect(await look()).toBe(1);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await look()).toBe(3);
    expect(ended).toHaveBeenCalledTimes(1);
  });
});
