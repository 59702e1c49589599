import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { initials } from '../../../components/ui/Avatar.tsx';
import { createAnnouncer } from '../../../components/ui/announcer.ts';
import { type GridKey, gridAction } from '../../../components/ui/table-keys.ts';
import { columnTemplate, gridColumns, narrowColumns } from '../../../components/ui/table-layout.ts';
import type { TableColumn } from '../../../components/ui/table-types.ts';
import { overscan, visibleWindow } from '../../../components/ui/windowing.ts';

describe('the page’s voice', () => {
  /** A clock that stands until it is told to go on. */
  function clock() {
    let now = 0;
    const timers: { at: number; callback: () => void }[] = [];
    return {
      now: () => now,
      after(milliseconds: number, callback: () => void) {
        const timer = { at: now + milliseconds, callback };
        timers.push(timer);
        return () => {
          timers.splice(timers.indexOf(timer), 1);
        };
      },
      pass(milliseconds: number) {
        now += milliseconds;
        for (const timer of timers.filter(({ at }) => at <= now)) {
          timers.splice(timers.indexOf(timer), 1);
          timer.callback();
        }
      },
    };
  }

  it('U1 says at most one polite message in five seconds, and of those that wait the last', () => {
    const time = clock();
    const voice = createAnnouncer(time);
    voice.polite('38 of 412 tasks.');
    expect(voice.politeText.value).toBe('38 of 412 tasks.');
    time.pass(1000);
    voice.polite('12 of 412 tasks.');
    voice.polite('2 of 412 tasks.');
    time.pass(3999);
    expect(voice.politeText.value).toBe('38 of 412 tasks.');
    time.pass(1);
    expect(voice.politeText.value).toBe('2 of 412 tasks.');
    time.pass(5000);
    voice.polite('Live again.');
    expect(voice.politeText.value).toBe('Live again.');
  });

  it('says alerts at once, and nothing after it was disposed of', () => {
    const time = clock();
    const voice = createAnnouncer(time);
    voice.polite('First');
    voice.polite('Second');
    voice.alert('Run paused.');
    expect(voice.alertText.value).toBe('Run paused.');
    voice.dispose();
    time.pass(10_000);
    expect(voice.politeText.value).toBe('First');
  });
});

describe('windowing', () => {
  it('mounts what is visible and no more than the overscan around it, for any position', () => {
    fc.assert(
      fc.property(
        fc.nat(6_000_000),
        fc.nat(1200),
        fc.constantFrom(36, 52),
        fc.nat(100_000),
        (top, height, row, count) => {
          const { from, to } = visibleWindow(top, height, row, count);
          expect(from).toBeGreaterThanOrEqual(0);
          expect(to).toBeLessThanOrEqual(count);
          expect(to - from).toBeLessThanOrEqual(Math.ceil(height / row) + 2 + 2 * overscan);
          for (const y of [top, top + height - 1]) {
            const position = Math.floor(y / row);
            if (height > 0 && y >= 0 && position < count)
              expect(position >= from && position < to).toBe(true);
          }
        },
      ),
    );
  });
});

describe('keys of the grid', () => {
  const key = (name: string, over: Partial<GridKey> = {}): GridKey => ({
    key: name,
    ctrlKey: false,
    metaKey: false,
    shiftKey: false,
    altKey: false,
    ...over,
  });

  it('stays within the rows', () => {
    expect(gridAction(key('ArrowUp'), 0, 10, 5, false, false)).toEqual({
      kind: 'move',
      to: 0,
      extend: false,
    });
    expect(gridAction(key('PageDown'), 8, 10, 5, false, false)).toEqual({
      kind: 'move',
      to: 9,
      extend: false,
    });
    expect(gridAction(key('ArrowDown', { shiftKey: true }), 1, 10, 5, false, false)).toEqual({
      kind: 'move',
      to: 2,
      extend: true,
    });
    expect(gridAction(key('End', { ctrlKey: true }), 0, 10, 5, true, false)).toEqual({
      kind: 'move',
      to: 9,
      extend: false,
    });
  });

  it('goes into a row towards the end of the line, also from right to left', () => {
    expect(gridAction(key('ArrowRight'), 0, 1, 1, false, false)).toEqual({ kind: 'into' });
    expect(gridAction(key('ArrowLeft'), 0, 1, 1, false, false)).toEqual({ kind: 'out' });
    expect(gridAction(key('ArrowLeft'), 0, 1, 1, false, true)).toEqual({ kind: 'into' });
  });

  it('leaves a control within the row its own keys, and everything else alone', () => {
    for (const name of [' ', 'Enter', 'Delete', '/']) {
      expect(gridAction(key(name), 0, 1, 1, true, false)).toBeNull();
      expect(gridAction(key(name), 0, 1, 1, false, false)).not.toBeNull();
    }
    expect(gridAction(key('a'), 0, 1, 1, false, false)).toBeNull();
    expect(gridAction(key('a', { metaKey: true }), 0, 1, 1, true, false)).toEqual({ kind: 'all' });
    expect(gridAction(key('ArrowDown', { altKey: true }), 0, 9, 1, false, false)).toBeNull();
  });
});

describe('columns of a table', () => {
  const column = (name: string, priority: 1 | 2 | 3, type: TableColumn['type'] = 'text'): TableColumn => ({
    key: name,
    label: name,
    type,
    priority,
    align: 'start',
  });
  const texts = { owner: 'Goes to', state: 'Outcome', action: 'More' };

  it('shows the title and up to three more where it is narrow', () => {
    const { title, meta } = narrowColumns([
      column('a', 2),
      column('b', 3),
      column('c', 1),
      ...['d', 'e', 'f'].map((name) => column(name, 2)),
    ]);
    expect(title?.key).toBe('c');
    expect(meta.map(({ key }) => key)).toEqual(['a', 'd', 'e']);
  });

  it('keeps selection and title in place where it is wide, and aligns figures at the end', () => {
    const columns = gridColumns({
      columns: [column('arr', 2, 'money'), column('title', 1)],
      selectable: true,
      owner: true,
      texts,
    });
    expect(columns.map(({ key }) => key)).toEqual(['$select', 'title', 'arr', '$owner']);
    expect(columns.filter(({ sticky }) => sticky).map(({ key, offset }) => [key, offset])).toEqual([
      ['$select', 0],
      ['title', 44],
    ]);
    expect(columns[2]?.align).toBe('end');
    expect(columnTemplate(columns).startsWith('44px minmax(200px, 2fr)')).toBe(true);
  });
});

it('makes initials of any name', () => {
  const given = ['Dana Ruiz', 'Ines', 'Ana María de la Cruz', '', '  ', '李 小龙', '(ext) Tom', '🙂 Mei'];
  expect(given.map(initials)).toEqual(['DR', 'I', 'AC', '?', '?', '李小', 'ET', 'M']);
});
