import type { BatchRow } from './batch.ts';
import type { Batch } from './batch-model.ts';
import type { Note } from './model.ts';
import { isExecuted } from './steps.ts';

/** One category over all users who can be offboarded. */
export interface SummaryCategory extends Omit<NonNullable<BatchRow['categories']>[number], 'count'> {
  /** Items of all users whose category could be read. */
  count: number;
  /** Users who have something in it. */
  users: number;
  /** Users of whom it could not be read. */
  unread: number;
  /** The run does it, by itself or because that was ticked. */
  executed: boolean;
  selected: boolean;
  /** It needs one tick for all. */
  manual: boolean;
  acknowledged: boolean;
  /** A tick was given for other numbers than today's. */
  outdated: boolean;
}

/** A warning, and how many users it is about; 0: all of them together. */
export interface SummaryNote extends Note {
  users: number;
}

/** What a batch will do, over all users who can be offboarded. */
export interface BatchSummary {
  categories: SummaryCategory[];
  /** Items that will be changed. */
  items: number;
  /** Users who will be deactivated. */
  users: number;
  warnings: SummaryNote[];
  infos: SummaryNote[];
  unacknowledged: string[];
}

/** Adds up what the surveys of all users found. Who is blocked or could not be checked is left out. Pure. */
export function summarise(batch: Batch, rows: readonly BatchRow[]): BatchSummary {
  const ready = rows.filter(({ state }) => state === 'ready');
  const plan = { defaults: {}, changes: [], selected: batch.selected };
  const byId = new Map<string, SummaryCategory>();
  for (const { categories = [] } of ready)
    for (const { count, ...category } of categories) {
      const sum = byId.get(category.id) ?? {
        ...category,
        count: 0,
        users: 0,
        unread: 0,
        executed: isExecuted(category, plan),
        selected: batch.selected.includes(category.id),
        manual: false,
        acknowledged: false,
        outdated: false,
      };
      // Whether it can be removed is the same for all, unless one's own rights say less.
      sum.selectable &&= category.selectable;
      sum.count += count ?? 0;
      if (count === null) sum.unread += 1;
      else if (count > 0) sum.users += 1;
      byId.set(category.id, sum);
    }
  const categories = [...byId.values()].sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1));
  for (const category of categories) {
    const tick = batch.acknowledgements.find((each) => each.category === category.id);
    const current = tick?.count === category.count && tick.unread === category.unread;
    category.manual = category.unread > 0 || (!category.executed && category.count > 0);
    category.acknowledged = current;
    category.outdated = tick !== undefined && !current;
  }
  const notes = notesOf(batch, ready);
  return {
    categories,
    items: categories.reduce((sum, { executed, count }) => sum + (executed ? count : 0), 0),
    users: ready.length,
    warnings: notes.filter(({ tone }) => tone === 'warning'),
    infos: notes.filter(({ tone }) => tone === 'info'),
    unacknowledged: categories
      .filter(({ manual, acknowledged }) => manual && !acknowledged)
      .map((category) => category.id),
  };
}

/**
 * The same words once, with how many users they are about. What the workspace says of all users together stands in
 * place of what it says of each by itself on the same category. A warning that is about no category is about the whole
 * workspace: where only its figures differ, they moved on between two checks, and the latest hold.
 */
function notesOf(batch: Batch, ready: readonly BatchRow[]): SummaryNote[] {
  const together = batch.notes ?? [];
  const covered = new Set(together.flatMap(({ category }) => category ?? []));
  const found = new Map<string, { note: SummaryNote; at: string }>();
  for (const { notes = [], scannedAt: at = '' } of ready)
    for (const note of notes) {
      const warning = note.tone === 'warning';
      if (warning && note.category !== undefined && covered.has(note.category)) continue;
      const words = warning && note.category === undefined ? withoutFigures(note.message) : note.message;
      const known = found.get(words);
      const users = (known?.note.users ?? 0) + 1;
      if (known && known.at >= at) known.note.users = users;
      else found.set(words, { note: { ...note, users }, at });
    }
  return [...together.map((note) => ({ ...note, users: 0 })), ...[...found.values()].map(({ note }) => note)];
}

/** Whatever separates the digits of a number: a point, a comma, a space, an apostrophe. */
const withoutFigures = (words: string): string => words.replaceAll(/\d(?:[.,'’\s]?\d)*/gu, '#');
