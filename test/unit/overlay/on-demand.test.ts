// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest';
import { byId, click, goTo, listProfile, trusted } from './page.ts';
import { fine, memberPage, modal, start, useOverlay } from './start.ts';
import { texts } from './texts.ts';

useOverlay();
afterEach(() => {
  vi.unstubAllGlobals();
});

const press = (element: Element, type: string, key: string): boolean =>
  element.dispatchEvent(trusted(new KeyboardEvent(type, { key, bubbles: true, cancelable: true })));

describe('W1.4 the script of pages about users, which comes on demand', () => {
  /** Elsewhere at first, then on a member's page of the same document. */
  async function arrive(options: Parameters<typeof start>[2] = {}, replies: Record<string, unknown[]> = {}) {
    goTo('/tasks');
    document.body.innerHTML = '<main></main>';
    const begun = start(listProfile, { 'overlay.guard': [owning], ...replies }, options);
    await begun.rest(100);
    expect(begun.times('overlay.users')).toBe(0);
    const heard = memberPage();
    document.body.insertAdjacentHTML('beforeend', '<input class="act" type="checkbox" id="other">');
    // The browser tells of what changed before anybody can press it.
    await begun.rest();
    return { ...begun, heard };
  }
  const owning = fine({ owns: 'some', modal: modal('Owns'), counts: {} });

  it('is asked for once the address is one of theirs; what is pressed meanwhile is held, and decided about', async () => {
    let come: (reply: unknown) => void = () => {};
    const { heard, times, rest, title } = await arrive({ until: new Promise((resolve) => (come = resolve)) });
    expect(times('overlay.users')).toBe(1);
    for (const type of ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click'])
      click(byId('set'), type);
    await rest(100);
    expect(heard).not.toHaveBeenCalled();
    expect(times('overlay.guard')).toBe(0);
    come(undefined);
    await rest(10);
    expect(title()).toBe('Owns');
    expect(times('overlay.guard')).toBe(1);
    expect(heard).not.toHaveBeenCalled();
  });

  it('of what was held, the page hears all that is no such control, once and in its order', async () => {
    let come: (reply: unknown) => void = () => {};
    const { rest, times } = await arrive({ until: new Promise((resolve) => (come = resolve)) });
    const box = byId<HTMLInputElement>('other');
    const heard: string[] = [];
    for (const type of ['pointerdown', 'mouseup', 'click'])
      box.addEventListener(type, (event) => heard.push(event.type));
    for (const type of ['pointerdown', 'mouseup', 'click']) click(box, type);
    expect(heard).toEqual([]);
    expect(box.checked).toBe(false);
    come(undefined);
    await rest(10);
    expect(heard).toEqual(['pointerdown', 'mouseup', 'click']);
    expect(box.checked).toBe(true);
    expect(times('overlay.guard')).toBe(0);
    click(box);
    expect(heard).toHaveLength(4);
  });

  it('lets what nothing is owned by happen once it is there', async () => {
    let come: (reply: unknown) => void = () => {};
    const none = { 'overlay.guard': [fine({ owns: 'none' })] };
    const { heard, rest } = await arrive({ until: new Promise((resolve) => (come = resolve)) }, none);
    for (const type of ['pointerdown', 'click']) click(byId('set'), type);
    come(undefined);
    await rest(10);
    expect(heard).toHaveBeenCalledTimes(1);
  });

  it('where it cannot come, the browser asks: nothing passes silently or is recorded, and it is asked for again', async () => {
    const ask = vi.fn(() => true);
    vi.stubGlobal('confirm', ask);
    const { heard, rest, times } = await arrive({ brings: false });
    click(byId('set'));
    await rest(10);
    expect(ask.mock.lastCall).toEqual([`Not checked: this member\n\n${texts.own}`]);
    expect(times('overlay.bypass')).toBe(0);
    expect(heard).toHaveBeenCalledTimes(1);
    const tries = times('overlay.users');
    await rest(6_000);
    expect(times('overlay.users')).toBe(tries + 1);
  });

  it('ends with its life: nothing is held back any more', async () => {
    const { heard, ended } = await arrive({ until: new Promise(() => {}) });
    click(byId('set'));
    expect(heard).not.toHaveBeenCalled();
    ended();
    // What was held until then has not got lost.
    expect(heard).toHaveBeenCalledTimes(1);
    click(byId('set'));
    expect(heard).toHaveBeenCalledTimes(2);
  });

  describe('a form that sets inactive when it is submitted', () => {
    /** With a button that may be a control elsewhere; the browser's submit event counts as a person's. */
    async function form(...asked: Parameters<typeof arrive>) {
      const arrived = await arrive(...asked);
      byId('set').outerHTML = '<form id="set"><input id="field"><button class="act" id="go" type="button">';
      await arrived.rest();
      const element = byId<HTMLFormElement>('set');
      const submit = () =>
        void element.dispatchEvent(trusted(new SubmitEvent('submit', { cancelable: true })));
      element.requestSubmit = submit;
      byId('go').addEventListener('click', submit);
      const submitted = vi.fn();
      element.addEventListener('submit', submitted);
      return { ...arrived, submit, submitted };
    }

    it('is decided about where a click that was held turns out to submit it', async () => {
      let come: (reply: unknown) => void = () => {};
      const { submitted, title, rest } = await form({ until: new Promise((resolve) => (come = resolve)) });
      click(byId('go'));
      come(undefined);
      await rest(10);
      expect(title()).toBe('Owns');
      expect(submitted).not.toHaveBeenCalled();
    });

    it('is held when Enter in a field submits it; the keys themselves are the field’s', async () => {
      let come: (reply: unknown) => void = () => {};
      const { submit, submitted, title, rest } = await form({
        until: new Promise((resolve) => (come = resolve)),
      });
      const typed = vi.fn();
      byId('field').addEventListener('keydown', typed);
      press(byId('field'), 'keydown', 'Enter');
      expect(typed).toHaveBeenCalledTimes(1);
      submit();
      expect(submitted).not.toHaveBeenCalled();
      come(undefined);
      await rest(10);
      expect(title()).toBe('Owns');
      expect(submitted).not.toHaveBeenCalled();
    });

    it.each(['click', 'submit'])('where the script cannot come, the browser asks once: %s', async (how) => {
      const ask = vi.fn(() => true);
      vi.stubGlobal('confirm', ask);
      const { submit, submitted, rest } = await form({ brings: false });
      if (how === 'click') click(byId('go'));
      else submit();
      await rest(50);
      expect(ask).toHaveBeenCalledTimes(1);
      expect(submitted).toHaveBeenCalledTimes(1);
    });
  });

  it('where the extension has gone nothing is held or asked', async () => {
    const ask = vi.fn(() => true);
    vi.stubGlobal('confirm', ask);
    const { heard, rest, facts, ended, times } = await arrive({ until: new Promise(() => {}) });
    click(byId('set'));
    facts.alive = false;
    click(byId('other'), 'pointerdown');
    expect(heard).toHaveBeenCalledTimes(1);
    click(byId('set'));
    expect(heard).toHaveBeenCalledTimes(2);
    document.body.append('more');
    await rest(10);
    expect(ended).toHaveBeenCalled();
    expect(times('overlay.users')).toBe(1);
    expect(ask).not.toHaveBeenCalled();
  });

  it('an extension that went while the page was about something else: nothing begins', async () => {
    const ask = vi.fn(() => true);
    vi.stubGlobal('confirm', ask);
    goTo('/tasks');
    const { facts, rest, times, ended } = start(listProfile, {}, { brings: false });
    facts.alive = false;
    const heard = memberPage();
    await rest(10);
    click(byId('set'));
    await rest(10);
    expect(heard).toHaveBeenCalledTimes(1);
    expect(ended).toHaveBeenCalled();
    expect(times('overlay.users')).toBe(0);
    expect(ask).not.toHaveBeenCalled();
  });

  it('an extension that went while something is held: it goes back to the page, and nobody is asked', async () => {
    const ask = vi.fn(() => true);
    vi.stubGlobal('confirm', ask);
    let come: (reply: unknown) => void = () => {};
    const { heard, rest, facts } = await arrive({
      brings: false,
      until: new Promise((resolve) => (come = resolve)),
    });
    click(byId('set'));
    facts.alive = false;
    come(undefined);
    await rest(10);
    expect(heard).toHaveBeenCalledTimes(1);
    expect(ask).not.toHaveBeenCalled();
  });

  it('what is held goes back to the page where it is not about users any more, and nothing is held there', async () => {
    const ask = vi.fn(() => true);
    vi.stubGlobal('confirm', ask);
    const { heard, rest, times } = await arrive({ brings: false, until: new Promise(() => {}) });
    click(byId('set'));
    goTo('/tasks');
    document.body.append('Tasks');
    await rest(10);
    expect(heard).toHaveBeenCalledTimes(1);
    click(byId('set'));
    expect(heard).toHaveBeenCalledTimes(2);
    const tries = times('overlay.users');
    await rest(20_000);
    expect(times('overlay.users')).toBe(tries);
    expect(ask).not.toHaveBeenCalled();
  });

  it('a switch that is no control of the browser’s is used once its key is let go', async () => {
    const ask = vi.fn(() => true);
    vi.stubGlobal('confirm', ask);
    const { rest } = await arrive({ brings: false });
    byId('set').outerHTML = '<div id="set" role="switch" aria-checked="true" tabindex="0">Active</div>';
    await rest();
    const heard: string[] = [];
    for (const type of ['keydown', 'keyup']) byId('set').addEventListener(type, () => heard.push(type));
    press(byId('set'), 'keydown', ' ');
    expect(heard).toEqual([]);
    press(byId('set'), 'keyup', ' ');
    await rest(10);
    expect(ask).toHaveBeenCalledTimes(1);
    expect(heard).toEqual(['keydown', 'keyup']);
  });

  it('a press that comes to nothing goes back to the page: after a while, or when it ends elsewhere', async () => {
    const { heard, rest } = await arrive({ until: new Promise(() => {}) });
    const pressed = vi.fn();
    byId('set').addEventListener('pointerdown', pressed);
    click(byId('set'), 'pointerdown');
    await rest(1_900);
    expect(pressed).not.toHaveBeenCalled();
    await rest(200);
    expect(pressed).toHaveBeenCalledTimes(1);
    click(byId('set'), 'pointerdown');
    click(document.body, 'pointerup');
    expect(pressed).toHaveBeenCalledTimes(2);
    // A use that is over stays held for as long as nobody can say what it is.
    click(byId('set'));
    await rest(10_000);
    click(document.body);
    expect(heard).not.toHaveBeenCalled();
  });

  it('a held click is passed on with the keys that were held down', async () => {
    let come: (reply: unknown) => void = () => {};
    const { rest } = await arrive({ until: new Promise((resolve) => (come = resolve)) });
    const heard: MouseEvent[] = [];
    byId('other').addEventListener('click', (event) => heard.push(event));
    const init = { bubbles: true, cancelable: true, composed: true, ctrlKey: true, shiftKey: true };
    byId('other').dispatchEvent(trusted(new PointerEvent('click', init)));
    come(undefined);
    await rest(10);
    expect(heard.map(({ ctrlKey, shiftKey }) => [ctrlKey, shiftKey])).toEqual([[true, true]]);
    expect(byId<HTMLInputElement>('other').checked).toBe(true);
  });
});
