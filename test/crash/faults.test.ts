import 'fake-indexeddb/auto';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { Run } from '../../lib/offboarding/model.ts';
import { seenOverHttp } from '../unit/engine/http-words.ts';
import { type FaultRow, faultRows } from './fault-rows.ts';
import { type Seen, seenAtPort } from './fault-words.ts';
import { attend, travelTo } from './journey.ts';
import { startLife } from './life.ts';
import { createWitness, failedOrSkipped, saidOf, success } from './shown.ts';
import { expectTrue, problemsOf } from './truth.ts';
import { createWorld, dashboards, over, tasks, type World } from './world.ts';

let world: World;
afterEach(() => world?.clock.stop());

const document = readFileSync(new URL('../../lib/engine/README.md', import.meta.url), 'utf8');
const httpTests = readFileSync(new URL('../unit/engine/http-rows.ts', import.meta.url), 'utf8');
const table = document
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| row') && !line.startsWith('| ---'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map((cells) => ({ row: cells[1] ?? '', tested: cells[5]?.split(', ') ?? [] }));
const rowsTested = (where: string): string[] =>
  table.filter(({ tested }) => tested.includes(where)).map(({ row }) => row);

describe('the table of faults', () => {
  it('has a test at the port for each row that says so, and a row for each test', () => {
    expect(Object.keys(faultRows).sort()).toEqual(rowsTested('port').sort());
  });

  it('says of each of them what the admin sees', () => {
    expect(Object.keys(seenAtPort).sort()).toEqual(Object.keys(faultRows).sort());
    expect(Object.keys(seenOverHttp).sort()).toEqual(rowsTested('http').sort());
  });

  it('has a test over HTTP for each row that says so, and a row for each test', () => {
    const tests = [...httpTests.matchAll(/^ {2}'?([a-z-]+)'?: \{/gm)].map((match) => match[1]);
    expect(tests.sort()).toEqual(rowsTested('http').sort());
  });
});

const stands = (run: Run): boolean =>
  over(run) || (run.phase === 'paused' && run.pause?.resumeAt === undefined && run.pause?.kind !== 'storage');

describe('R4 and R5 what the engine does about', () => {
  it.each(Object.entries(faultRows))('%s', (name, row) => meet(row, seenAtPort[name] as Seen, true));
  it.each(Object.entries(faultRows))('%s, without keys', (name, row) =>
    meet(row, seenAtPort[name] as Seen, false),
  );
});

/** Has a run meet a fault, and looks at its end, at what the admin was shown, and at what the workspace says. */
async function meet(row: FaultRow, seen: Seen, idempotent: boolean): Promise<void> {
  world = createWorld({ idempotent, ...row.world });
  row.spoil(world);
  const pauses = new Set<string>();
  const witness = createWitness();
  const life = startLife(world, {
    told(run) {
      if (run.pause) pauses.add(run.pause.kind);
      witness.watch(run, world.clock.now());
    },
  });
  const id = await travelTo(world, life);
  if (row.ends === 'gone') {
    await world.clock.sleep(60_000, new AbortController().signal);
    expect(await life.store.runs()).toEqual([]);
    expect([...pauses]).toContain(row.pause);
    expect(witness.saw).toEqual(seen.sees);
    return;
  }
  let run = await life.until(id, stands);
  expect(row.pause === undefined ? [...pauses] : [...pauses].includes(row.pause)).toEqual(
    row.pause === undefined ? [] : true,
  );
  expect(run.phase).toBe(row.ends);
  expect(witness.saw.toSorted()).toEqual(seen.sees.toSorted());
  const name = (member: string): string => world.demo.members.get(member)?.name ?? member;
  expect(saidOf(await failedOrSkipped(life.store, run), name)).toEqual(seen.items ?? []);
  if (row.ends === 'succeeded') expect(witness.ended).toBe(success);
  const planned = Object.values(row.world?.counts ?? { [tasks]: 7, [dashboards]: 3 });
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
  const totals = run.steps.map(({ category, total }) => (category === undefined ? 0 : total));
  expect(sum(totals)).toBe(seen.total ?? sum(planned));
  const failed = run.steps.filter(({ state }) => state === 'failed');
  expect(failed.map((step) => step.id)).toEqual(row.failed ?? []);
  for (const step of failed) expect(step.message?.key).toBeTruthy();
  if (run.phase === 'paused') {
    // Nobody is stuck: the admin can end it here, or go on once the fault has passed.
    world.port = (workspace) => workspace;
    await life.engine.stop(id);
    run = await attend(world, life, id);
  }
  await world.clock.sleep(30_000, new AbortController().signal);
  expectTrue(await problemsOf(world, (await life.store.run(id)) ?? run));
  world.clock.stop();
}
