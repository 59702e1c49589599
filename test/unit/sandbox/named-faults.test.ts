import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fault, FaultRule } from '../../sandbox/faults.ts';
import { type Answer, api, type Client, clientOf, moves, openRun, request } from './client.ts';

/** What one play of a fault has at hand: an admin's fresh session, two tasks of the leaver, a member without a run. */
interface Play {
  admin: Client;
  refs: [string, string];
  free: string;
  /** The query by which the fault's rule knows its request. */
  query: string;
}
interface Row {
  fault: (play: Omit<Play, 'admin'>) => Fault;
  /** Makes the request and looks what came of it. */
  check: (play: Play) => Promise<void>;
}

let url: string;
let child: ChildProcess;
let folder: string;
const server = {
  get url() {
    return url;
  },
};
const control = (path: string, body: unknown) => request(server, 'POST', `/__sandbox/${path}`, body);

/** Hands the two tasks to Tom. */
const write = ({ admin, refs, query }: Play, key: string = randomUUID()): Promise<Answer> =>
  admin.post(`${api}/reassignments?${query}`, moves('run-1', 'tasks.open', refs, 'mem_04'), {
    'Idempotency-Key': key,
  });
const ownerOf = async (ref: string): Promise<string> =>
  (await control('sql', { sql: 'SELECT assignee FROM task WHERE id = ?', parameters: [ref] })).json.rows[0]
    .assignee;
const passed = async (): Promise<number> => (await request(server, 'GET', '/__sandbox/stats')).json.passed;
const nothingDone = async ({ refs }: Play) => expect(await ownerOf(refs[0])).toBe('mem_03');
const done = async ({ refs }: Play) => expect(await ownerOf(refs[0])).toBe('mem_04');
const answers = (status: number, retryAfter?: number): Row => ({
  fault: () => ({ kind: 'status', status, ...(retryAfter === undefined ? {} : { retryAfter }) }),
  async check(play) {
    const answer = await write(play);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('Retry-After')).toBe(retryAfter === undefined ? null : String(retryAfter));
    await nothingDone(play);
    // Nothing but this one answer was wrong: the run is still this browser's.
    expect((await write({ ...play, query: 'again' })).status).toBe(200);
  },
});
/** An answer of another shape to a write that took effect. */
const garbles = (fault: Fault, look: (answer: Answer) => void): Row => ({
  fault: () => fault,
  async check(play) {
    const answer = await write(play);
    expect(answer.status).toBe(200);
    look(answer);
    await done(play);
  },
});
const refuses = (code: 'forbidden' | 'gone'): Row => ({
  fault: ({ refs }) => ({ kind: 'item', ref: refs[0], code, message: 'Not this one.' }),
  async check(play) {
    const [first, second] = play.refs;
    expect((await write(play)).json.outcomes).toEqual([
      { ref: first, result: 'failed', code, message: 'Not this one.' },
      { ref: second, result: 'applied', value: { member: 'mem_04' } },
    ]);
    await nothingDone(play);
  },
});
const delivers = (answer: 'first' | 'second', status: number): Row => ({
  fault: () => ({ kind: 'twice', answer }),
  async check(play) {
    const before = await passed();
    // Who comes first opens the run, and who comes second finds it.
    const record = { mode: 'executeAndDeactivate', phase: 'executing', planHash: 'p', journalHead: 'j' };
    const run = { id: `run-${play.free}`, leaver: play.free, record };
    expect((await play.admin.post(`${api}/runs?${play.query}`, run)).status).toBe(status);
    const answered = await write(play);
    expect(answered.json.outcomes.map(({ result }: { result: string }) => result)).toEqual([
      'applied',
      'applied',
    ]);
    expect(await passed()).toBe(before + 4);
    await done(play);
    const sql = 'SELECT count(*) AS n FROM write_log WHERE ref = ?';
    expect((await control('sql', { sql, parameters: [play.refs[0]] })).json.rows).toEqual([{ n: 1 }]);
  },
});

/** Every fault that issue 3 names, in its words. */
const named: Record<string, Row> = {
  '429 with Retry-After': answers(429, 7),
  '429 without Retry-After': answers(429),
  '500': answers(500),
  '502': answers(502),
  '503': answers(503),
  '409': answers(409),
  'slow answers': {
    fault: () => ({ kind: 'slow', milliseconds: 80, when: 'after' }),
    async check(play) {
      const began = performance.now();
      expect((await write(play)).status).toBe(200);
      expect(performance.now() - began).toBeGreaterThan(75);
      await done(play);
    },
  },
  'connection cut before the request arrives': {
    fault: () => ({ kind: 'cutBefore' }),
    async check(play) {
      await expect(write(play)).rejects.toThrow();
      await nothingDone(play);
    },
  },
  'cut after the server committed': {
    fault: () => ({ kind: 'cutAfter' }),
    async check(play) {
      await expect(write(play)).rejects.toThrow();
      await done(play);
    },
  },
  'truncated JSON': garbles({ kind: 'truncate' }, ({ json, text }) => {
    expect(json).toBeUndefined();
    expect(text.startsWith('{"outcomes":[')).toBe(true);
  }),
  'malformed JSON': garbles({ kind: 'malformed' }, ({ json, headers }) => {
    expect(json).toBeUndefined();
    expect(headers.get('Content-Type')).toContain('application/json');
  }),
  'missing fields': garbles({ kind: 'missingField', field: 'outcomes.*.value' }, ({ json }) =>
    expect(Object.keys(json.outcomes[0])).toEqual(['ref', 'result']),
  ),
  'wrong types': garbles({ kind: 'wrongType', field: 'outcomes.0.ref' }, ({ json }) =>
    expect(json.outcomes[0].ref).toEqual([[]]),
  ),
  'unknown enum values': garbles({ kind: 'unknownEnum', field: 'outcomes.0.result' }, ({ json }) =>
    expect(json.outcomes[0].result).toBe('something new'),
  ),
  'extra fields': garbles({ kind: 'extraField' }, ({ json }) =>
    expect([json.somethingNew, json.outcomes[0].somethingNew]).toEqual([{ nested: true }, { nested: true }]),
  ),
  '401 in the middle': {
    fault: () => ({ kind: 'session' }),
    async check(play) {
      expect((await write(play)).status).toBe(401);
      expect((await play.admin.get(`${api}/me`)).status).toBe(401);
      await nothingDone(play);
    },
  },
  'another person’s session after it': {
    fault: () => ({ kind: 'session', member: 'mem_02' }),
    async check(play) {
      // The run is not theirs.
      expect((await write(play)).json.type).toContain('not-yours');
      expect((await play.admin.get(`${api}/me`)).json.id).toBe('mem_02');
      await nothingDone(play);
    },
  },
  'a CSRF refusal': {
    fault: () => ({ kind: 'csrf' }),
    async check(play) {
      const answer = await write(play);
      expect([answer.status, answer.json.title]).toEqual([403, 'CSRF token not valid']);
      await nothingDone(play);
    },
  },
  '403 for a single item': refuses('forbidden'),
  '404 for a single item': refuses('gone'),
  'a stale fence': {
    fault: () => ({
      kind: 'sql',
      when: 'before',
      sql: "UPDATE run SET fence = fence + 1 WHERE id = 'run-1'",
    }),
    async check(play) {
      const answer = await write(play);
      expect([answer.status, answer.json.type]).toEqual([409, 'urn:offboarding:problem:stale-fence']);
      await nothingDone(play);
      await control('sql', { sql: "UPDATE run SET fence = 1 WHERE id = 'run-1'" });
    },
  },
  'a changed owner': {
    fault: ({ refs }) => ({
      kind: 'sql',
      sql: `UPDATE task SET assignee = 'mem_05' WHERE id = '${refs[0]}'`,
      when: 'before',
    }),
    async check(play) {
      expect((await write(play)).json.outcomes).toEqual([
        { ref: play.refs[0], result: 'conflict', value: { member: 'mem_05' } },
        { ref: play.refs[1], result: 'applied', value: { member: 'mem_04' } },
      ]);
      expect(await ownerOf(play.refs[0])).toBe('mem_05');
    },
  },
  'duplicate delivery, the first answer': delivers('first', 201),
  'duplicate delivery, the second answer': delivers('second', 200),
  'pages that shift while being read': {
    fault: ({ refs }) => ({
      kind: 'sql',
      sql: `UPDATE task SET assignee = 'mem_05' WHERE id = '${refs[1]}'`,
      when: 'after',
    }),
    async check({ admin, refs, query }) {
      const path = `${api}/items?member=mem_03&category=tasks.open&limit=5`;
      const first = (await admin.get(`${path}&${query}`)).json;
      const next = (await admin.get(`${path}&cursor=${first.cursor}`)).json;
      expect(next.total).toBe(first.total - 1);
      expect(await ownerOf(refs[1])).toBe('mem_05');
    },
  },
};

const names = Object.keys(named);
const ways = ['from a file', 'by request'] as const;
type Way = (typeof ways)[number];

/** What the fault of this name gets in this way: each has two of the leaver's 110 open tasks to itself. */
function playOf(name: string, way: Way): Omit<Play, 'admin'> {
  const index = names.indexOf(name) * 2 + ways.indexOf(way);
  const task = (nth: number) => `tsk_${String(nth).padStart(4, '0')}`;
  return {
    refs: [task(index * 2 + 1), task(index * 2 + 2)],
    free: `mem_${String(5 + (index % 8)).padStart(2, '0')}`,
    query: `fault=${names.indexOf(name)}`,
  };
}
const ruleOf = (name: string, row: Row, way: Way): FaultRule => {
  const play = playOf(name, way);
  return { match: { path: `[?&]${play.query}$` }, fault: row.fault(play) };
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'faults-'));
  const file = join(folder, 'faults.json');
  writeFileSync(
    file,
    JSON.stringify(Object.entries(named).map(([name, row]) => ruleOf(name, row, 'from a file'))),
  );
  const main = fileURLToPath(new URL('../../sandbox/main.ts', import.meta.url));
  const options = ['--no-web', '--control', '--rate', '0', '--faults', file];
  const started = spawn(process.execPath, [main, ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
  child = started;
  url = await new Promise<string>((resolve, reject) => {
    let out = '';
    started.stdout.on('data', (chunk) => {
      out += chunk;
      if (out.includes('\n')) resolve(JSON.parse(out).workspace);
    });
    started.once('exit', () => reject(new Error('The sandbox ended.')));
  });
  await openRun(await admin(), 'run-1');
});
afterAll(async () => {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
  rmSync(folder, { recursive: true });
});

/** A fresh session of the run's admin. */
const admin = async (): Promise<Client> =>
  clientOf(server, (await control('session', { member: 'mem_01' })).json);

describe.each(ways)('issue 3: the sandbox plays %s', (way) => {
  beforeAll(async () => {
    if (way === 'by request') await control('faults', { clear: true });
  });

  it.each(Object.entries(named))('%s', async (name, row) => {
    if (way === 'by request') await control('faults', { rules: [ruleOf(name, row, way)] });
    await row.check({ ...playOf(name, way), admin: await admin() });
  });

  it('and each of them has struck', async () => {
    const { faults } = (await request(server, 'GET', '/__sandbox/stats')).json;
    expect(faults).toHaveLength(names.length);
    for (const { rule, struck } of faults) expect(struck, rule.match.path).toBeGreaterThan(0);
  });
});
