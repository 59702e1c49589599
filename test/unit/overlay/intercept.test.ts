// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Checks } from '../../../lib/overlay/checks.ts';
import type { Control } from '../../../lib/overlay/controls.ts';
import { type Held, interceptDeactivation } from '../../../lib/overlay/intercept.ts';
import { byId, click, goTo, listProfile, showEverything } from './page.ts';

let end = new AbortController();
beforeEach(() => {
  end = new AbortController();
  showEverything();
});
afterEach(() => {
  end.abort();
  vi.useRealTimers();
});

function setUp(facts: { nothing?: string[] } = {}) {
  const began: [string, boolean | undefined][] = [];
  const held: Held[] = [];
  const used: Control[] = [];
  const lost: Held[] = [];
  let answer: (go: boolean) => void = () => {};
  interceptDeactivation({
    profile: () => listProfile,
    about: () => undefined,
    checks: {
      begin: (member: string, pressed?: boolean) => void began.push([member, pressed]),
      ownsNothing: (member: string) => facts.nothing?.includes(member) ?? false,
    } as unknown as Checks,
    signal: end.signal,
    decide: (use) => {
      held.push(use);
      return new Promise((resolve) => {
        answer = resolve;
      });
    },
    lost: (use) => void lost.push(use),
    used: (control) => void used.push(control),
  });
  const decided = async (go: boolean): Promise<void> => {
    answer(go);
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { began, held, used, lost, decided };
}

/** A row with a control in it; `done` gets whose row it was each time the page heard a click. */
function row(member: string, control = '<button class="act" id="act">Off</button>'): string[] {
  goTo('/u');
  document.body.innerHTML = `<div class="line" id="line" data-id="${member}">${control}</div>`;
  const done: string[] = [];
  byId('act').addEventListener('click', () => done.push(byId('line').dataset.id ?? ''));
  return done;
}

describe('issue 4: a use that was held back happens to nobody else', () => {
  it('happens once, to the member it was meant for', async () => {
    const done = row('ola');
    const { held, decided, used, lost } = setUp();
    click(byId('act'));
    expect(done).toEqual([]);
    expect(used).toEqual([]);
    await decided(true);
    expect(held.map(({ member }) => member)).toEqual(['ola']);
    expect(done).toEqual(['ola']);
    expect(used.map(({ member }) => member)).toEqual(['ola']);
    expect(lost).toEqual([]);
  });

  it('a row that became another member’s during the check: nothing is done, and nothing is told as done', async () => {
    const done = row('ola');
    const { decided, used, lost } = setUp();
    click(byId('act'));
    byId('line').dataset.id = 'dana';
    await decided(true);
    expect(done).toEqual([]);
    expect(used).toEqual([]);
    expect(lost).toHaveLength(1);
  });

  it('a row that moved on: the member’s own row is found again', async () => {
    row('ola');
    const { decided, lost } = setUp();
    click(byId('act'));
    byId('line').dataset.id = 'dana';
    const clicked: string[] = [];
    const other = byId('line').cloneNode(true) as HTMLElement;
    other.dataset.id = 'ola';
    other.addEventListener('click', () => clicked.push('ola'));
    document.body.append(other);
    await decided(true);
    expect(clicked).toEqual(['ola']);
    expect(lost).toEqual([]);
  });

  it('a page that acts on the press: what was kept back goes to the member’s own row, wherever that is by now', async () => {
    row('ola');
    const done: string[] = [];
    const other = byId('line').cloneNode(true) as HTMLElement;
    const pressed = ({ currentTarget }: Event): void =>
      void done.push((currentTarget as Element).closest<HTMLElement>('.line')?.dataset.id ?? '');
    for (const each of [byId('line'), other])
      each.querySelector('.act')?.addEventListener('pointerdown', pressed);
    const { decided } = setUp();
    click(byId('act'), 'pointerdown');
    click(byId('act'));
    byId('line').dataset.id = 'dana';
    document.body.append(other);
    other.dataset.id = 'ola';
    await decided(true);
    expect(done).toEqual(['ola']);
  });

  it('the same button on the page of somebody else by now: nothing is done', async () => {
    goTo('/u/ola');
    document.body.innerHTML = '<main><button id="set">Set inactive</button></main>';
    const heard = vi.fn();
    byId('set').addEventListener('click', heard);
    const { decided, lost } = setUp();
    click(byId('set'));
    goTo('/u/dana');
    await decided(true);
    expect(heard).not.toHaveBeenCalled();
    expect(lost).toHaveLength(1);
  });

  it('a switch that was turned off meanwhile is not turned on again', async () => {
    const done = row('ola', '<button class="act" id="act" role="switch" aria-checked="true">Active</button>');
    const { decided, lost } = setUp();
    click(byId('act'));
    byId('act').setAttribute('aria-checked', 'false');
    await decided(true);
    expect(done).toEqual([]);
    expect(lost).toHaveLength(1);
  });

  it('a press on who owns nothing lets no click on somebody else through', () => {
    const done = row('ola');
    const { held } = setUp({ nothing: ['ola'] });
    click(byId('act'), 'pointerdown');
    byId('line').dataset.id = 'dana';
    click(byId('act'));
    expect(done).toEqual([]);
    expect(held.map(({ member }) => member)).toEqual(['dana']);
  });
});

describe('issue 4: what only comes near a control', () => {
  it('asks about rows where the pointer rests, not about those that it crosses', async () => {
    vi.useFakeTimers();
    goTo('/u');
    document.body.innerHTML = ['a', 'b', 'c']
      .map((id) => `<div class="line" data-id="${id}"><button class="act" id="${id}">Off</button></div>`)
      .join('');
    const { began } = setUp();
    for (const id of ['a', 'b', 'c']) {
      click(byId(id), 'pointerover');
      await vi.advanceTimersByTimeAsync(30);
    }
    await vi.advanceTimersByTimeAsync(100);
    expect(began).toEqual([['c', undefined]]);
    click(byId('a'), 'pointerover');
    click(document.body, 'pointerover');
    await vi.advanceTimersByTimeAsync(100);
    expect(began).toHaveLength(1);
    click(byId('b'), 'pointerdown');
    expect(began.at(-1)).toEqual(['b', true]);
  });
});
