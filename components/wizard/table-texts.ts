import type { DataTableTexts } from '../ui/DataTable.tsx';
import { useWords } from './context.ts';

/** The words of every table of the wizard. `name`: what the rows are, for the search field. */
export function useTableTexts(total: number): DataTableTexts {
  const { text, number } = useWords();
  return {
    search: text('sheet_search', { count: total }),
    clearSearch: text('table_clear_search'),
    sort: text('sheet_sort'),
    sortOption: (column, direction) => text('table_sort_option', { column, direction }),
    sortNone: text('table_sort_none'),
    filters: text('filters'),
    number,
    owner: text('table_owner'),
    state: text('table_state'),
    action: text('table_action'),
    own: text('own_mark'),
    selectRow: (name) => text('table_select_row', { name }),
    selectAll: (count) => text('table_select_all', { count }),
    results: (matching, all) =>
      matching === all
        ? text('items', { count: all })
        : text('matches_spoken', { shown: matching, total: all }),
    selected: (count, hidden) => text('selection_bar', { count, hidden }),
    selectAllMatching: (count) => text('select_all', { count }),
    clearSelection: text('selection_clear'),
    selectedAll: (count) => text('selected_spoken', { count }),
    loading: text('sheet_loading'),
    reading: (read, all) =>
      all === undefined ? text('table_read', { read }) : text('table_read_of', { read, total: all }),
    searchGoesOn: text('table_search_goes_on'),
    sortWaits: text('table_sort_waits'),
    noMatch: (query) => text('sheet_none', { query }),
    noneInFilter: (filter) => text('table_none_in_filter', { filter }),
    showAll: text('table_show_all'),
    empty: text('sheet_empty'),
    failed: text('sheet_failed_title'),
    retry: text('retry'),
  };
}
