// @vitest-environment happy-dom
import { describe, expect, it, vi } from 'vitest';
import { offerExtras } from '../../../lib/overlay/extras.ts';
import { createLists, memberIn } from '../../../lib/overlay/lists.ts';
import { identityOf } from '../../../lib/overlay/said.ts';
import { pages as textPages } from '../../../lib/workspace/custify/pages.ts';
import { byId, click, goTo, listProfile } from './page.ts';
import { button, fine, memberPage, modal, refused, start, useOverlay } from './start.ts';

useOverlay();

describe('W1.4 the overlay in a page', () => {
  it('brings the guard’s script in where a control may be used, and holds what comes before it', async () => {
    const heard = memberPage();
    const { title, times, rest } = start(listProfile, {
      'overlay.guard': [fine({ owns: 'some', modal: modal('Owns'), counts: {} })],
    });
    click(byId('set'));
    await rest();
    expect(times('overlay.arm')).toBe(1);
    expect(title()).toBe('Owns');
    expect(heard).not.toHaveBeenCalled();
  });

  it('leaves that script out of other pages', async () => {
    goTo('/tasks');
    document.body.innerHTML = '<main></main>';
    const { times, rest } = start(listProfile, {});
    await rest(100);
    expect(times('overlay.arm')).toBe(0);
    goTo('/u');
    document.body.append('x');
    await rest(200);
    expect(times('overlay.arm')).toBe(1);
  });

  it('without that script the browser asks: a yes is recorded and lets the click through, a no does not', async () => {
    const heard = memberPage();
    const answers = [false, true, true];
    const ask = vi.fn(() => answers.shift());
    const say = vi.fn();
    vi.stubGlobal('confirm', ask);
    vi.stubGlobal('alert', say);
    const { asked, rest } = start(
      listProfile,
      { 'overlay.bypass': [refused('internal'), fine({ recorded: true })] },
      { arms: false },
    );
    const press = async (): Promise<void> => {
      click(byId('set'));
      await rest(10);
    };
    await press();
    expect(ask.mock.lastCall).toEqual(['Not checked: this member\n\nSure?']);
    expect(asked.filter(([command]) => command === 'overlay.bypass')).toEqual([]);
    await press();
    // What could not be recorded was not done, and says so.
    expect(say.mock.calls).toEqual([['Not recorded']]);
    expect(heard).not.toHaveBeenCalled();
    await press();
    expect(asked.at(-1)).toEqual(['overlay.bypass', { member: 'ola' }]);
    expect(heard).toHaveBeenCalledTimes(1);
    vi.unstubAllGlobals();
  });

  it('without that script, who has lost their extension is asked by the browser, in words of its own', async () => {
    const heard = memberPage();
    const ask = vi.fn(() => true);
    vi.stubGlobal('confirm', ask);
    const { facts, rest, times } = start(listProfile, {}, { arms: false });
    await rest(10);
    facts.alive = false;
    click(byId('set'));
    await rest(10);
    expect(ask.mock.lastCall).toEqual(['Outdated\n\nSure?']);
    expect(times('overlay.bypass')).toBe(0);
    expect(heard).toHaveBeenCalledTimes(1);
    vi.unstubAllGlobals();
  });

  it('without that script, the product’s own way to several is asked about in its own words, and a yes goes there', async () => {
    goTo('/u');
    document.body.innerHTML = '<div id="bar"><button id="own">Deactivate Users</button></div>';
    const heard = vi.fn();
    byId('own').addEventListener('click', heard);
    const ask = vi.fn(() => true);
    vi.stubGlobal('confirm', ask);
    offerExtras({ createLists, memberIn, identityOf });
    const words = { label: '', title: '' };
    const list = { buttons: { row: words, resume: words, bulk: words }, open: [], own: [] };
    const { rest } = start(
      { ...listProfile, bulk: [{ path: '/u', actions: [{ css: '#bar' }], native: [{ css: '#own' }] }] },
      { 'overlay.list': [fine(list)] },
      { arms: false },
    );
    await rest(10);
    click(byId('own'));
    await rest(10);
    expect(ask.mock.lastCall).toEqual(['Bulk\n\nOwn way?']);
    expect(heard).toHaveBeenCalledTimes(1);
    vi.unstubAllGlobals();
    Object.assign(globalThis, { __offboardingExtras: undefined });
  });
});

describe('issue 4: the overlay and what it is told', () => {
  it.each(['overlay.guard', 'overlay.member', 'overlay.bypass'])(
    'ends once %s says that the site is not connected, and holds nothing back for it',
    async (command) => {
      const heard = memberPage();
      const { ended, rest, states } = start(listProfile, {
        'overlay.guard': [fine({ owns: 'some', modal: modal('Owns'), counts: {} })],
        [command]: [refused('notConnected')],
      });
      if (command === 'overlay.member') await rest(10);
      click(byId('set'));
      await rest(10);
      if (command === 'overlay.bypass')
        for (const choice of ['anyway', 'go'] as const) {
          const state = states.at(-1);
          if (state?.kind === 'modal') state.choose(choice);
          await rest();
        }
      await rest(10);
      expect(heard).toHaveBeenCalledTimes(1);
      expect(ended).toHaveBeenCalled();
    },
  );

  it('asks again after 1, 4 and 15 seconds where the workspace does not answer, and then shows the button', async () => {
    memberPage();
    const { times, rest } = start(listProfile, {
      'overlay.member': [refused('unreachable'), refused('throttled'), refused('unreachable'), fine(button)],
    });
    await rest();
    expect(times('overlay.member')).toBe(1);
    await rest(1_000);
    expect(times('overlay.member')).toBe(2);
    await rest(4_000);
    expect(times('overlay.member')).toBe(3);
    expect(document.getElementById('ours')).toBeNull();
    await rest(15_000);
    expect(times('overlay.member')).toBe(4);
    expect(byId('ours').parentElement?.localName).toBe('main');
  });

  it('keeps the button while a later look fails, and takes a refusal for an answer', async () => {
    memberPage();
    const { overlay, times, rest } = start(listProfile, {
      'overlay.member': [fine(button), refused('unreachable'), refused('notAdmin')],
    });
    await rest();
    overlay.refresh();
    await rest();
    expect(document.getElementById('ours')).not.toBeNull();
    await rest(1_000);
    expect(document.getElementById('ours')).toBeNull();
    await rest(60_000);
    expect(times('overlay.member')).toBe(3);
  });

  it('says beside the button when the wizard could not be opened', async () => {
    memberPage();
    const { pressed, states, rest } = start(listProfile, {
      'overlay.member': [fine(button)],
      'offboard.open': [refused('stale')],
    });
    await rest();
    pressed.ours?.();
    await rest();
    expect(states.at(-1)).toMatchObject({ kind: 'note', text: 'Not opened' });
  });

  it('and beside the banner, when the run could not', async () => {
    memberPage();
    const { pressed, states, facts, rest } = start(listProfile, {
      'overlay.member': [fine(button)],
      'overlay.banner': [fine({ name: 'Ola', banner: { text: 'Incomplete', link: 'Review', run: 'r' } })],
      'offboard.review': [refused('memberGone'), fine({ opened: 'tab' })],
    });
    await rest();
    pressed.banner?.();
    await rest();
    expect(states.at(-1)).toMatchObject({ kind: 'note', text: 'Not opened' });
    await rest(7_000);
    pressed.banner?.();
    await rest();
    expect(states.at(-1)).toBeNull();
    facts.alive = false;
    pressed.banner?.();
    await rest();
    expect(states.at(-1)).toMatchObject({ kind: 'note', text: 'Outdated' });
  });

  it('and beside the product’s own way to several members, which was kept from the page', async () => {
    goTo('/u');
    document.body.innerHTML = '<main><button id="several">Deactivate Users</button></main>';
    const heard = vi.fn();
    byId('several').addEventListener('click', heard);
    offerExtras({ createLists, memberIn, identityOf });
    const words = { label: '', title: '' };
    const pages = {
      ...listProfile,
      bulk: [{ path: '/u', native: [{ css: '#several' }], actions: [{ css: 'main' }] }],
    };
    const { states, rest } = start(pages, {
      'overlay.list': [fine({ buttons: { row: words, resume: words, bulk: words }, open: [], own: [] })],
      'offboard.bulk': [refused('notAdmin')],
    });
    await rest(10);
    click(byId('several'));
    await rest(10);
    const state = states.at(-1);
    if (state?.kind === 'modal') state.choose('first');
    await rest(10);
    expect(states.at(-1)).toMatchObject({ kind: 'note', text: 'Not opened' });
    expect(heard).not.toHaveBeenCalled();
  });

  it('takes a question back when the page goes on to another member', async () => {
    const heard = memberPage('ola');
    const { states, title, rest } = start(listProfile, {
      'overlay.guard': [fine({ owns: 'some', modal: modal('Owns'), counts: {} })],
    });
    click(byId('set'));
    await rest();
    expect(title()).toBe('Owns');
    goTo('/u/dana');
    document.body.append('x');
    await rest(200);
    expect(states.at(-1)).toBeNull();
    expect(heard).not.toHaveBeenCalled();
  });
});

describe('issue 6: a page of which is not known yet whose it is', () => {
  const textPage = (): ReturnType<typeof vi.fn> => {
    goTo('/settings/users/1');
    document.body.innerHTML = '<main><h1>Dana Ruiz</h1><button id="set">Set inactive</button></main>';
    const heard = vi.fn();
    byId('set').addEventListener('click', heard);
    return heard;
  };
  const dana = fine({ member: 'dana', name: 'Dana Ruiz', email: '' });
  const owns = fine({ owns: 'some', modal: modal('Owns'), counts: {} });

  it('holds the control until that is answered, and then checks whom it is about', async () => {
    const heard = textPage();
    let answer: (reply: unknown) => void = () => {};
    const answered = new Promise((resolve) => {
      answer = resolve;
    });
    const { asked, title, rest } = start(textPages, {
      'overlay.who': [() => answered],
      'overlay.guard': [owns],
    });
    click(byId('set'));
    await rest(500);
    expect(title()).toBeUndefined();
    answer(dana);
    await rest();
    expect(title()).toBe('Owns');
    expect(asked.find(([command]) => command === 'overlay.guard')?.[1]).toMatchObject({ member: 'dana' });
    expect(heard).not.toHaveBeenCalled();
  });

  it('lets it happen when it turns out to be nobody’s page', async () => {
    const heard = textPage();
    const { rest } = start(textPages, { 'overlay.who': [fine({ member: null, name: '', email: '' })] });
    click(byId('set'));
    await rest(10);
    expect(heard).toHaveBeenCalledTimes(1);
    click(byId('set'));
    expect(heard).toHaveBeenCalledTimes(2);
  });

  it('says why that could not be told, and Try again asks anew', async () => {
    const heard = textPage();
    const { states, title, times, rest } = start(textPages, {
      'overlay.who': [refused('internal'), refused('signedOut'), dana],
      'overlay.guard': [owns],
    });
    await rest(10);
    expect(times('overlay.who')).toBe(1);
    click(byId('set'));
    await rest(10);
    expect(times('overlay.who')).toBe(2);
    expect(title()).toBe('Signed out');
    const state = states.at(-1);
    if (state?.kind === 'modal') state.choose('first');
    await rest(10);
    expect(times('overlay.who')).toBe(3);
    expect(title()).toBe('Owns');
    expect(heard).not.toHaveBeenCalled();
  });

  it('records whom the row named where nobody could say whose it is', async () => {
    textPage();
    document.body.innerHTML =
      '<main><h1>Dana Ruiz</h1><table><tr><th scope="row">Bob Lund</th><td><button id="set">Set inactive</button></td></tr></table></main>';
    const { asked, states, rest } = start(textPages, {
      'overlay.who': [dana],
      'overlay.bypass': [fine({ recorded: true })],
    });
    await rest(10);
    click(byId('set'));
    await rest(10);
    for (const choice of ['anyway', 'go'] as const) {
      const state = states.at(-1);
      if (state?.kind === 'modal') state.choose(choice);
      await rest(10);
    }
    expect(asked.find(([command]) => command === 'overlay.bypass')?.[1]).toEqual({
      member: '?',
      name: 'Bob Lund',
    });
  });

  it('asks about a namesake, whose page gets neither button nor banner', async () => {
    const heard = textPage();
    const unsure = { member: null, name: '', email: '', unsure: true };
    const { title, times, rest } = start(textPages, { 'overlay.who': [fine(unsure)] });
    await rest(10);
    click(byId('set'));
    await rest(10);
    expect(title()).toBe('Not checked: this member');
    expect(heard).not.toHaveBeenCalled();
    expect(times('overlay.member')).toBe(0);
  });

  it.each([
    ['refused', refused('unreachable'), 'Unreachable'],
    ['never answered', () => new Promise(() => {}), 'No answer'],
  ])(
    'says that it could not be checked when that is %s, and lets nothing pass silently',
    async (_what, reply, why) => {
      const heard = textPage();
      const { title, rest } = start(textPages, { 'overlay.who': [reply] });
      click(byId('set'));
      await rest(3_100);
      expect(title()).toBe(why);
      expect(heard).not.toHaveBeenCalled();
    },
  );
});
