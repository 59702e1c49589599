// @vitest-environment happy-dom
import { describe, expect, it, vi } from 'vitest';
import { byId, click, goTo, listProfile } from './page.ts';
import { fine, memberPage, modal, start, useOverlay } from './start.ts';

useOverlay();

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

  it('where it cannot come, the browser asks: nothing passes silently, and it is asked for again', async () => {
    const ask = vi.fn(() => true);
    vi.stubGlobal('confirm', ask);
    const { heard, rest, times, asked } = await arrive(
      { brings: false },
      { 'overlay.bypass': [fine({ recorded: true })] },
    );
    click(byId('set'));
    await rest(10);
    expect(ask.mock.lastCall).toEqual(['Not checked: this member\n\nSure?']);
    expect(asked.filter(([command]) => command === 'overlay.bypass')).toEqual([
      ['overlay.bypass', { member: '?' }],
    ]);
    expect(heard).toHaveBeenCalledTimes(1);
    const tries = times('overlay.users');
    await rest(6_000);
    expect(times('overlay.users')).toBe(tries + 1);
    vi.unstubAllGlobals();
  });

  it('ends with its life: nothing is held back any more', async () => {
    const { heard, ended } = await arrive({ until: new Promise(() => {}) });
    ended();
    click(byId('set'));
    expect(heard).toHaveBeenCalledTimes(1);
  });
});
