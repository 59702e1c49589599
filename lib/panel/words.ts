import type { Refusal } from '../messages/protocol.ts';
import type { Pause } from '../offboarding/holdups.ts';
import type {
  Category,
  CategoryKind,
  Column,
  Phase,
  Run,
  Scan,
  ScannedCategory,
  Screen,
  Step,
} from '../offboarding/model.ts';
import { phases } from '../offboarding/states.ts';
import type { MessageKey, Text } from '../text/text.ts';
import type { PanelDependencies } from './dependencies.ts';
import { createFormatters } from './formatters.ts';
import { type Age, ageOf } from './freshness.ts';
import { totalsOf } from './scan.ts';
import { roundLength, type Wait } from './time-left.ts';

const formatters = createFormatters();

/** Turns what the run says as data into the reader's words. All functions here are pure but for the catalogue. */

type Words = Pick<PanelDependencies, 'text' | 'locale'>;

const kindKeys: Record<CategoryKind, MessageKey> = {
  'customers.csm': 'category_customers_csm',
  'customers.accountManager': 'category_customers_account_manager',
  'tasks.open': 'category_tasks_open',
  'playbooks.tasks': 'category_playbooks_tasks',
  'lifecycles.tasks': 'category_lifecycles_tasks',
  'playbooks.senders': 'category_playbooks_senders',
  'dashboards.personal': 'category_dashboards_personal',
  'views.customers': 'category_views_customers',
  'views.insights': 'category_views_insights',
  'attributes.user': 'category_attributes_user',
  'approvals.pending': 'category_approvals_pending',
  'emails.scheduled': 'category_emails_scheduled',
  'mailboxes.connected': 'category_mailboxes_connected',
  signatures: 'category_signatures',
  'tokens.api': 'category_tokens_api',
  other: 'category_other',
};

/** A category's name: the kind's own, completed by the workspace's where several share a kind. */
export function categoryName(text: Text, category: Pick<Category, 'kind' | 'name' | 'id'>): string {
  if (category.kind === 'other') return category.name ?? category.id;
  if (category.kind === 'attributes.user')
    return text('category_attributes_user', { name: category.name ?? category.id });
  return text(kindKeys[category.kind]);
}

/** Whatever names its categories: a run, or what a registry keeps of one. */
export interface NamedCategories {
  categories: readonly Pick<Category, 'kind' | 'name' | 'id'>[];
}

/** A category's name by its id, as the run knows it. */
export function nameOfCategory(text: Text, run: NamedCategories, id: string): string {
  const category = run.categories.find((each) => each.id === id);
  return category ? categoryName(text, category) : id;
}

export function formatNumber(locale: string, value: number): string {
  return formatters.number(locale).format(value);
}

/** Hour and minute of today's things, date and time of older ones. */
export function formatTime(locale: string, value: string | Date, now: Date): string {
  const date = new Date(value);
  const today = date.toDateString() === now.toDateString();
  return formatters.date(locale, today ? 'time' : 'both').format(date);
}

/** "4 min ago"; the unit that fits. */
export function formatAge(text: Text, age: Age): string {
  if (age.unit === 'now') return text('age_now');
  const keys = { minutes: 'age_minutes', hours: 'age_hours', days: 'age_days' } as const;
  return text(keys[age.unit], { count: age.count });
}

/** "Scanned 4 min ago", or nothing when there was no scan. */
export function scanAge(text: Text, run: Pick<Run, 'scan'>, now: Date): string | undefined {
  if (run.scan.endedAt === undefined) return undefined;
  return text('scan_age', { age: formatAge(text, ageOf(run.scan.endedAt, now)) });
}

/** "about 4 min". `milliseconds` >= 0. */
export function formatLength(text: Text, milliseconds: number): string {
  const length = roundLength(milliseconds);
  if (length.unit === 'less') return text('length_less');
  if (length.unit === 'minutes') return text('length_minutes', { count: length.minutes });
  return text('length_hours', { hours: length.hours, minutes: length.minutes });
}

/** "Tom Okafor 374, Mei Tanaka 38", most first. */
export function formatShares(
  words: Words,
  shares: Readonly<Record<string, number>>,
  name: (id: string) => string,
): string {
  const parts = Object.entries(shares)
    .sort(([, a], [, b]) => b - a)
    .map(([id, count]) => words.text('share', { name: name(id), count }));
  return new Intl.ListFormat(words.locale, { type: 'unit', style: 'short' }).format(parts);
}

/** What to tell screen readers of a scan: the latest category that was read, and at the end the whole. */
export function scanAnnouncement({ text }: Pick<PanelDependencies, 'text'>, run: Run): string | undefined {
  const totals = totalsOf(run);
  if (run.scan.state === 'running') {
    const read = run.categories.filter(({ state }) => state === 'done' || state === 'failed');
    const latest = read.at(-1);
    if (!latest) return undefined;
    return text('scan_spoken', {
      category: categoryName(text, latest),
      found: latest.found,
      read: read.length,
      all: totals.categories,
    });
  }
  if (run.scan.state === 'done')
    return text('scan_spoken_done', { items: totals.items, manual: totals.manual });
  return undefined;
}

/** Why a scan did not finish, what that means, and whether it goes on by itself. */
export function scanFailedWords(text: Text, { error, resumeAt }: Scan): string {
  const goesOn = error?.typed ? 'scan_goes_on_typed' : 'scan_goes_on';
  return [error?.detail, text('scan_failed_body'), resumeAt !== undefined && text(goesOn)]
    .filter(Boolean)
    .join(' ');
}

/** By which texts a pause is told. */
export const pauseKind = (pause: Pause | undefined): Pause['kind'] | 'typed' | 'noAdmin' =>
  pause?.typed ? 'typed' : pause?.noAdmin ? 'noAdmin' : (pause?.kind ?? 'admin');

/** Why a run is paused: a heading and what to do, in the admin's words. */
export function pauseWords(
  text: Text,
  run: Run,
  done: { settled: number; total: number },
): { title: string; body: string } {
  const { pause } = run;
  const kind = pauseKind(pause);
  const parameters = {
    name: run.leaver.name,
    by: run.by.name ?? run.by.email ?? '',
    // These name their category by id; everything else brings words.
    detail:
      kind === 'newItems' || kind === 'manual'
        ? nameOfCategory(text, run, pause?.detail ?? '')
        : (pause?.detail ?? ''),
    // Not every workspace says what whoever is signed in is called.
    named: pause?.detail ? 'yes' : 'no',
    count: pause?.count ?? 0,
    done: done.settled,
    total: done.total,
  };
  return { title: text(`pause_${kind}_title`, parameters), body: text(`pause_${kind}_body`, parameters) };
}

/** Why a run stands still that nobody paused, and for how long yet. */
export function waitWords(text: Text, { seconds, asked, detail }: Wait): string {
  if (!asked) return text('run_try_again', { seconds, detail });
  return seconds > 90
    ? text('run_wait_long', { length: formatLength(text, seconds * 1_000) })
    : text('run_wait', { seconds });
}

/** What a refusal says to the admin: a heading, and what it means and what to do. */
export function refusalWords(words: Words, refusal: Refusal): { title: string; body: string } {
  const { detail, by } = refusal;
  const code = refusal.typed ? 'typed' : refusal.code;
  const title = words.text(`refusal_${code}_title`);
  if (code !== 'openElsewhere') return { title, body: words.text(`refusal_${code}_body`, { detail }).trim() };
  if (!by) return { title, body: words.text('refusal_openElsewhere_body_unknown') };
  return {
    title,
    body: words.text('refusal_openElsewhere_body', {
      name: by.name,
      phase: phaseName(words.text, by.phase),
      since: formatters.date(words.locale, 'both').format(new Date(by.since)),
    }),
  };
}

/** The word for a phase; an unknown one stays as it is. */
export function phaseName(text: Text, phase: string): string {
  return isPhase(phase) ? text(`phase_${phase}`) : phase;
}

function isPhase(value: string): value is Phase {
  return (phases as readonly string[]).includes(value);
}

/** A step's name in the wizard. */
export function nameOfScreen(text: Text, screen: Screen): string {
  return text(`step_${screen}`);
}

/** The first names of a list and how many there are besides; `count` is how many there are in all. */
export function formatNames(words: Words, names: readonly string[], count: number): string {
  const shown = names.slice(0, 3);
  return words.text('scan_changes_names', {
    names: shown.join(', '),
    more: Math.max(0, count - shown.length),
  });
}

/** A cell of a table as text in the reader's language; '' for nothing. Dates are ISO 8601, with or without a time. */
export function formatCell(
  locale: string,
  column: Pick<Column, 'type'>,
  value: string | number | null | undefined,
): string {
  if (value === null || value === undefined || value === '') return '';
  if (column.type === 'money' && typeof value === 'number')
    return formatters.number(locale, true).format(value);
  if (typeof value === 'number') return formatNumber(locale, value);
  if (column.type === 'date') {
    const date = new Date(value);
    if (!Number.isNaN(date.getTime()))
      return formatters.date(locale, 'day', value.length === 10).format(date);
  }
  return value;
}

/** A step's name in the list of steps. */
export function stepName(text: Text, run: NamedCategories, step: Step): string {
  if (step.kind === 'rescan') return text('step_rescan');
  if (step.kind === 'deactivate') return text('step_deactivate');
  return nameOfCategory(text, run, step.category ?? step.id);
}

/** A message of the engine: its key's text, or, where it has none, the words that came with it. */
export function messageText(text: Text, message: NonNullable<Step['message']>): string {
  const said = text(message.key as MessageKey, message.params);
  return said === message.key ? String(message.params.detail ?? message.key) : said;
}

const manualKeys: Partial<Record<CategoryKind, MessageKey>> = {
  'approvals.pending': 'manual_approvals',
  'emails.scheduled': 'manual_emails',
  'mailboxes.connected': 'manual_mailboxes',
  signatures: 'manual_signatures',
  'tokens.api': 'manual_tokens',
};

/** What is left to do by hand in one category: "2 API tokens", or that it could not be checked. */
export function manualEntry(text: Text, category: ScannedCategory): string {
  const name = categoryName(text, category);
  if (category.count === null) return text('end_manual_unread', { category: name });
  const key = manualKeys[category.kind];
  return key
    ? text(key, { count: category.count })
    : text('end_manual_entry', { category: name, count: category.count });
}
