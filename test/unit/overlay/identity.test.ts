// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Send } from '../../../lib/messages/client.ts';
import { createIdentity, emailsIn, fillAnchors } from '../../../lib/overlay/identity.ts';
import { goTo, showEverything } from './page.ts';

beforeEach(() => {
  vi.useFakeTimers();
  showEverything();
  goTo('/settings/users/1');
});
afterEach(() => void vi.useRealTimers());

const dana = { ok: true, value: { member: 'dana', name: 'Dana Ruiz', email: '' } };
const refused = (code: string) => ({ ok: false, refusal: { code, detail: '' } });

function setUp(...replies: unknown[]) {
  const asked: unknown[] = [];
  const end = new AbortController();
  const send = (async (_command: string, shown: unknown) => {
    asked.push(shown);
    return replies.length > 1 ? replies.shift() : replies[0];
  }) as unknown as Send;
  // As the overlay does: it looks again.
  const identity = createIdentity(send, () => void identity.look(), end.signal);
  const rest = (milliseconds = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);
  return { identity, asked, rest, end };
}

describe('issue 6: what a page shows of whose it is', () => {
  it('are its headings and addresses, not those of who is signed in, nor hidden ones', async () => {
    document.body.innerHTML = `<header><h2>Priya Shah</h2> priya@x.example</header>
      <nav><h3>Menu</h3></nav>
      <main><h1> Dana
        Ruiz </h1><p>Mail: <b>Dana.Ruiz@X.example</b>.</p><h2 hidden>Tom Okafor</h2>
      <input type="email" value="d@y.example"><div role="heading">Access</div></main>`;
    const { identity, asked, rest } = setUp(dana);
    identity.look();
    await rest();
    expect(asked).toEqual([
      { headings: ['Dana Ruiz', 'Access'], emails: ['dana.ruiz@x.example', 'd@y.example'] },
    ]);
    expect(identity.look()).toEqual({ member: 'dana', name: 'Dana Ruiz', email: '' });
  });

  it('addresses stand in different elements and end where the sentence does', () => {
    document.body.innerHTML =
      '<p id="p"><span>a@x.example</span><span>b@x.example</span>, (c@x.example). <i>no@where</i> a@x.example</p>';
    expect(emailsIn(document.getElementById('p'))).toEqual(['a@x.example', 'b@x.example', 'c@x.example']);
    expect(emailsIn(null)).toEqual([]);
  });

  it('a list of many is nobody’s page, and nobody is asked about it', async () => {
    const names = Array.from({ length: 21 }, (_each, index) => `<h3>Person ${index}</h3>`);
    document.body.innerHTML = `<main>${names.join('')}</main>`;
    const { identity, asked, rest } = setUp(dana);
    identity.look();
    await rest();
    expect(asked).toEqual([]);
    expect(identity.isOpen()).toBe(false);
  });

  it('is asked once, and forgotten when its name is gone', async () => {
    document.body.innerHTML = '<main><h1>Dana Ruiz</h1></main>';
    const { identity, asked, rest } = setUp(dana, { ok: true, value: { member: null, name: '', email: '' } });
    expect(identity.look()).toBeUndefined();
    expect(identity.isOpen()).toBe(true);
    await rest();
    for (let turn = 0; turn < 5; turn += 1) identity.look();
    expect(asked).toHaveLength(1);
    expect(identity.isOpen()).toBe(false);
    document.body.innerHTML = '<main><h1>Tom Okafor</h1></main>';
    expect(identity.look()).toBeUndefined();
    expect(identity.isOpen()).toBe(true);
    await rest();
    expect(identity.isOpen()).toBe(false);
  });

  it('a refusal is no answer: it is asked again, and stays open meanwhile', async () => {
    document.body.innerHTML = '<main><h1>Dana Ruiz</h1></main>';
    const { identity, asked, rest } = setUp(refused('unreachable'), refused('throttled'), dana);
    identity.look();
    await rest(999);
    expect(asked).toHaveLength(1);
    expect(identity.isOpen()).toBe(true);
    await rest(1);
    expect(asked).toHaveLength(2);
    await rest(4_000);
    expect(asked).toHaveLength(3);
    expect(identity.isOpen()).toBe(false);
    expect(identity.look()?.member).toBe('dana');
  });

  it('one that will not pass by itself is asked about again with a later change of the page, not with each', async () => {
    document.body.innerHTML = '<main><h1>Dana Ruiz</h1></main>';
    const { identity, asked, rest } = setUp(refused('internal'), dana);
    identity.look();
    await rest();
    for (let turn = 0; turn < 50; turn += 1) identity.look();
    expect(asked).toHaveLength(1);
    await rest(20_000);
    identity.look();
    await rest();
    expect(asked).toHaveLength(2);
    expect(identity.look()?.member).toBe('dana');
  });
});

describe('issue 6: texts of the page in anchors', () => {
  it('stand for what they are, and an anchor that lacks its own falls out', () => {
    const known = { member: 'x', name: 'Dana (Ops) R.', email: '' };
    const [named, ...others] = fillAnchors(
      [{ role: 'heading', name: '^{name}$' }, { text: '^{email}$' }, { css: '.a' }],
      known,
    );
    expect(others).toEqual([{ css: '.a' }]);
    const pattern = new RegExp((named as { name: string }).name, 'i');
    expect(pattern.test('Dana (Ops) R.')).toBe(true);
    expect(pattern.test('Dana Ops RX')).toBe(false);
    expect(fillAnchors([{ text: '{name}' }], undefined)).toEqual([]);
  });
});
