import { describe, expect, it } from 'vitest';
import {
  failureModals,
  guardModal,
  outsideBanner,
  runBanner,
  waitingBanner,
} from '../../../entrypoints/background/overlay-words.ts';
import { createText } from '../../../lib/text/text.ts';
import type { Guard } from '../../../lib/workspace/port.ts';
import catalogue from '../../../public/_locales/en/messages.json' with { type: 'json' };
import { draft, started } from '../../e2e/wizard/data.ts';

const messages = catalogue as Record<string, { message: string }>;
const text = createText((key) => messages[key]?.message ?? '', 'en');
const count = (kind: string, count: number | null): Guard['counts'][number] =>
  ({ category: { id: kind, kind, action: 'reassign' }, count }) as Guard['counts'][number];

describe('W1.4 what the modal says', () => {
  it('counts by category, leaves empty ones out, and names what outlives', () => {
    const outliving = (kind: string, left: number | null): Guard['counts'][number] => {
      const { category, ...rest } = count(kind, left);
      return { ...rest, category: { ...category, outlives: true } };
    };
    const counts = [
      count('tasks.open', 1_281),
      outliving('tokens.api', 2),
      outliving('mailboxes.connected', 1),
      outliving('other', 0),
      outliving('signatures', null),
    ];
    const modal = guardModal(text, 'Dana Ruiz', { owns: 'some', counts }, false);
    expect(modal.title).toBe('Dana Ruiz still owns 1,284 items.');
    expect(modal.rows.map(({ value }) => value)).toEqual(['1,281', '2', '1', 'Could not be checked']);
    expect(modal.notes).toEqual([
      '2 API tokens keep working afterwards.',
      'Connected mailboxes: 1 goes on working after the deactivation.',
      '1 category could not be checked.',
    ]);
    expect(modal.confirm?.title).toBe('Leave 1,284 items with an inactive owner?');
    expect(modal.first).toEqual({ label: 'Open the wizard', does: 'wizard' });
  });

  it('names what could not be checked, and never calls it nothing', () => {
    const counts = [count('tasks.open', null), count('signatures', 0)];
    const modal = guardModal(text, 'Ola', { owns: 'unknown', counts }, false);
    expect(modal.title).toBe('We could not check everything that Ola owns.');
    expect(modal.rows).toEqual([{ label: 'Open tasks', value: 'Could not be checked' }]);
    expect(modal.confirm?.title).toBe('Deactivate Ola without a check?');
    const some = guardModal(text, 'Ola', { owns: 'some', counts: [...counts, count('other', 1)] }, false);
    expect(some.title).toBe('Ola still owns 1 item.');
    expect(some.notes).toContain('1 category could not be checked.');
  });

  it('W1.2 offers nobody the wizard for themselves', () => {
    const modal = guardModal(text, 'Priya', { owns: 'some', counts: [count('other', 1)] }, true);
    expect(modal.first).toBeUndefined();
    expect(modal.notes).toContain('Nobody can offboard themselves. Ask another admin to do it for you.');
  });

  it('has a text for every failure, with a place for the name', () => {
    const modals = Object.values(failureModals(text));
    expect(modals.every(({ title, body }) => `${title}${body}`.includes('{name}'))).toBe(true);
    expect(modals.every(({ confirm }) => confirm?.go === 'Deactivate {name} anyway')).toBe(true);
    expect(failureModals(text).outdated.confirm?.body).toContain('cannot be recorded');
  });

  it('issue 6: says of a run that waits what is left by hand, and then not that all is handed over', () => {
    const run = started(draft(new Date('2026-11-22T09:58:00Z')), 1, new Date('2026-11-22T09:58:00Z'));
    const without = run.categories.filter(({ action, count }) => action !== 'manual' && count !== null);
    const done = waitingBanner(text, { ...run, categories: without });
    expect(done).toMatchObject({ tone: 'ok' });
    expect(done.text).toContain('was checked again');
    const categories = without.map((each) =>
      each.id === 'tasks.open' ? { ...each, action: 'manual' as const, count: 58 } : each,
    );
    const left = waitingBanner(text, { ...run, categories });
    expect(left).not.toHaveProperty('tone');
    expect(left.text).toMatch(/^58 items of .* are left to you to do by hand\./);
  });

  it('W1.6 says how a run ended, and that somebody became inactive by another way', () => {
    const step = {
      id: 't',
      kind: 'category',
      state: 'failed',
      total: 10,
      moved: 6,
      failed: 3,
      skipped: 1,
      unknown: 0,
    };
    const banner = runBanner(text, 'Dana', 'r', 'partial', [step as never]);
    expect(banner.text).toBe('The offboarding of Dana is incomplete: 6 of 10 items moved, 3 did not.');
    expect(banner.run).toBe('r');
    expect(outsideBanner(text, 'Dana', [count('other', 2), count('tasks.open', null)]).text).toBe(
      'Dana became inactive outside the wizard and still owns 2 items.',
    );
  });
});
