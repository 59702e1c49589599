// @vitest-environment happy-dom
import { signal } from '@preact/signals';
import { createRef, render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, expect, it, vi } from 'vitest';
import { TableToolbar } from '../../../components/ui/TableToolbar.tsx';
import type { DataTableTexts, TableRow, TableSource } from '../../../components/ui/table-types.ts';

afterEach(() => {
  vi.useRealTimers();
});

it('W3.2 keeps what is typed on while an earlier search is under way, and follows a search made elsewhere', async () => {
  vi.useFakeTimers();
  document.body.innerHTML = '<div id="root"></div>';
  const root = document.getElementById('root') as HTMLElement;
  const query = signal('');
  const searched: string[] = [];
  const source = {
    query,
    sort: signal(null),
    filter: signal('all'),
    search(next: string) {
      searched.push(next);
      query.value = next;
    },
  } as unknown as TableSource<TableRow>;
  await act(() =>
    render(
      <TableToolbar
        label="Tasks"
        source={source}
        columns={[]}
        hasOwner={false}
        hasState={false}
        filters={[]}
        narrow={false}
        texts={{ search: 'Search', clearSearch: 'Clear' } as DataTableTexts}
        inputRef={createRef()}
        onChange={(change) => change()}
      />,
      root,
    ),
  );
  const input = root.querySelector('input') as HTMLInputElement;
  const type = (text: string): void => {
    input.value = text;
    input.dispatchEvent(new Event('input', { bubbles: true }));
  };
  await act(() => type('re'));
  // The next key comes after the search was made and before the page has drawn anything of it.
  await act(() => {
    vi.advanceTimersByTime(150);
    type('ren');
  });
  expect(input.value).toBe('ren');
  await act(() => {
    vi.advanceTimersByTime(150);
  });
  expect(searched).toEqual(['re', 'ren']);
  await act(() => {
    query.value = '';
  });
  expect(input.value).toBe('');
});
