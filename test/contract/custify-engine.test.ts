import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import type { Run } from '../../lib/offboarding/model.ts';
import { coverageOf } from '../../lib/offboarding/steps.ts';
import { openStore } from '../../lib/store/index.ts';
import { objectId } from '../sandbox/custify/ids.ts';
import type { Variants } from '../sandbox/custify/variants.ts';
import type { FaultRule } from '../sandbox/faults.ts';
import { leaverId } from '../sandbox/seed.ts';
import { connectAccount } from './custify.fixture.ts';
import { createBackground } from './engine.fixture.ts';

/** The engine over the demo account: one offboarding up to the page's turn, and what cannot be moved from here. */

/** Hundreds of items, each read, written and read again. */
const patience = 120_000;

const leaver = objectId(leaverId);
const replacement = objectId('mem_04');

async function start(database: string, variants: Partial<Variants>, faults: readonly FaultRule[] = []) {
  const sent: string[] = [];
  const account = await connectAccount(
    { variants, small: true },
    {
      known: true,
      fetch: (inner) => (input, init) => {
        if (init.method !== 'GET') sent.push(`${init.method} ${new URL(input).pathname.split('/')[1]}`);
        return inner(input, init);
      },
    },
  );
  const { workspace, sandbox } = account;
  const store = openStore(database);
  const background = createBackground(store, workspace, { hurry: 100, patience: 60_000 });
  const { engine, until } = background;
  const { run } = await engine.openDraft('con', leaver);
  sandbox.faults.add(faults);
  const scanned = await background.scan(run.id);
  for (const { id: category, action, count } of scanned.categories) {
    if (action === 'reassign')
      await engine.edit(run.id, { kind: 'default', category, to: { member: replacement } });
    else if (count !== 0) await engine.edit(run.id, { kind: 'acknowledge', category, ticked: true });
  }
  const begin = () => background.begin(run.id);
  return { engine, sandbox, workspace, until, begin, store, sent, run: run.id };
}

const stops = ({ phase }: Run) => !['draft', 'executing'].includes(phase);
const stepsOf = (run: Run) => run.steps.map(({ id, state, moved, failed }) => [id, state, moved, failed]);

it(
  'issue 6: hands over what the API can write, checks it, and waits for the page',
  async () => {
    const { engine, sandbox, until, begin, run } = await start('custify-whole', {});
    await begin();
    const waiting = await until(run, stops);
    expect(stepsOf(waiting)).toEqual([
      ['attributes.user:executive_sponsor', 'completed', 12, 0],
      ['attributes.user:renewal_lead', 'completed', 31, 0],
      ['customers.csm', 'completed', 62, 0],
      ['customers.accountManager', 'completed', 25, 0],
      ['tasks.open', 'completed', 108, 0],
      ['rescan', 'completed', 0, 0],
      ['deactivate', 'running', 0, 0],
    ]);
    expect(waiting.phase).toBe('waiting');
    const { counts } = { counts: sandbox.holdings.counts(leaverId) };
    expect(counts).toMatchObject({ 'customers.csm': 0, 'customers.accountManager': 0, 'tasks.open': 2 });
    expect(sandbox.writes()).toBe(12 + 31 + 62 + 25 + 108);
    const ended = await engine.said(run);
    expect(ended.phase).toBe('succeeded');
    // Never simply verified: what nobody could look at is named beside what was.
    const { verified, unread } = coverageOf(ended);
    expect(verified.map(({ id }) => id)).toContain('customers.csm');
    expect(unread.map(({ id }) => id)).toEqual(expect.arrayContaining(['mailboxes.connected', 'tokens.api']));
    await sandbox.close();
  },
  patience,
);

it(
  'issue 6: what the workspace ignores is found at one item, left to a person, and held by no guess',
  async () => {
    const { engine, sandbox, until, begin, store, sent, run } = await start('custify-ignored', {
      assignee: 'ignored',
    });
    await begin();
    const paused = await until(run, stops);
    expect(paused).toMatchObject({
      phase: 'paused',
      pause: { kind: 'manual', detail: 'tasks.open', count: 108 },
    });
    expect(paused.categories.find(({ id }) => id === 'tasks.open')).toMatchObject({
      action: 'manual',
      count: 108,
      why: expect.stringMatching(/did not change/),
    });
    expect(sent.filter((each) => each === 'PUT task')).toHaveLength(1);
    expect((await store.items.counts(run, 'tasks.open')).planned).toBe(108);
    expect(await store.openAttempts(run)).toEqual([]);

    await expect(engine.continue(run)).rejects.toMatchObject({ refusal: { code: 'incomplete' } });
    await engine.edit(run, { kind: 'acknowledge', category: 'tasks.open', ticked: true });
    // What is done by hand meanwhile is counted again.
    const some = "SELECT id FROM task WHERE assignee = 'mem_03' AND status = 'open' ORDER BY id LIMIT 50";
    sandbox.database.raw.exec(`UPDATE task SET assignee = 'mem_05' WHERE id IN (${some})`);
    await engine.continue(run);
    const waiting = await until(run, ({ phase }) => phase === 'waiting' || phase === 'partial');
    expect(waiting.phase).toBe('waiting');
    expect(waiting.categories.find(({ id }) => id === 'tasks.open')).toMatchObject({
      action: 'manual',
      count: 58,
    });
    expect(stepsOf(waiting).slice(-3)).toEqual([
      ['tasks.open', 'notRun', 0, 0],
      ['rescan', 'completed', 0, 0],
      ['deactivate', 'running', 0, 0],
    ]);
    expect(waiting.steps.find(({ id }) => id === 'tasks.open')?.message).toMatchObject({
      key: 'step_by_hand',
    });
    expect(sent.filter((each) => each === 'PUT task')).toHaveLength(1);
    // Something was left to a person, so it is no success.
    const ended = await engine.said(run);
    expect(ended.phase).toBe('partial');
    const phases = (await store.journal(run)).filter(({ kind }) => kind === 'phase');
    expect(phases.at(-1)?.data).toEqual({ phase: 'partial', by: 'admin' });

    const again = await engine.retry(run, []);
    expect(again.steps.find(({ id }) => id === 'tasks.open')?.state).toBe('notRun');
    await sandbox.close();
  },
  patience,
);

it(
  'R4 issue 6: a limit without numbers holds a scan up, which goes on by itself',
  async () => {
    const refused = (path: string, retryAfter?: string): FaultRule => ({
      match: { path, times: 1 },
      fault: { kind: 'status', status: 429, ...(retryAfter !== undefined && { retryAfter }) },
    });
    // It has scanned everything once this resolves.
    const { sandbox, store, run } = await start('custify-limited', {}, [
      refused('/task\\?'),
      refused('/company/all.*itemsPerPage=100', 'in a moment'),
    ]);
    const categories = (await store.run(run))?.categories ?? [];
    expect(categories.find(({ id }) => id === 'tasks.open')?.count).toBe(108);
    expect(categories.find(({ id }) => id === 'customers.csm')?.count).toBe(62);
    await sandbox.close();
  },
  patience,
);

it(
  'R4 a key that may only read moves nothing: each item says why, and the run stops after some',
  async () => {
    const { engine, sandbox, until, begin, run } = await start('custify-read-only', {});
    sandbox.database.run('UPDATE api_key SET writes = 0');
    await begin();
    const paused = await until(run, stops);
    expect(paused).toMatchObject({
      phase: 'paused',
      pause: { kind: 'repeated', detail: expect.stringContaining('write permission') },
    });
    expect(sandbox.writes()).toBe(0);
    sandbox.database.run('UPDATE api_key SET writes = 1');
    await engine.stop(run);
    const ended = await until(run, ({ phase }) => ['partial', 'failed'].includes(phase));
    expect(ended.steps.at(-1)).toMatchObject({ kind: 'deactivate', state: 'notRun' });
    await sandbox.close();
  },
  patience,
);
