import { beforeAll, describe, expect, it } from 'vitest';
import type { Item, RunItem } from '../../../lib/offboarding/model.ts';
import { sameValue, settle, settleByReading } from '../../../lib/offboarding/outcome.ts';
import type { Discovery } from '../../../lib/workspace/contract/discovery.ts';
import { checkDiscovery } from '../../../lib/workspace/contract/discovery.ts';
import type { News, Observed, Outcome, RegisteredRun, Workspace } from '../../../lib/workspace/port.ts';
import { leaverId } from '../../sandbox/seed.ts';
import {
  addsNothing,
  categoriesIn,
  discoveryIn,
  itemsIn,
  memberIn,
  membersIn,
  newsIn,
  runIn,
  saidOf,
} from './contract-shapes.ts';
import {
  type Answer,
  category,
  type Recorded,
  type Request,
  record,
  recordAnswers,
  wished,
} from './contract-world.ts';
import { jsonOf, mutatedAnswers, type Spoiled } from './harness.ts';

/** The least number of mutated answers. */
const mutations = 12_000;
const never = new AbortController().signal;
let recorded: Recorded;

const refs = (): string[] => recorded.items.map(({ ref }) => ref);
const rowOf = (ref: string, state: RunItem['state']): RunItem => {
  const item = recorded.items.find((each) => each.ref === ref) as Item;
  return { ...item, run: 'run-m', position: 0, state };
};
const siteOf = (): string => new URL(recorded.discovery.urls.api).origin;

const asCase = <T>(each: Spoiled<T>): Spoiled<never> => each as unknown as Spoiled<never>;

/** A call whose answer to one request is spoiled. */
const spoiled = <T>(
  name: string,
  request: Request,
  call: (workspace: Workspace) => Promise<T> | undefined,
  check: (result: T, body: unknown) => void,
  more: Partial<Spoiled<T>> & { other?: () => Partial<Record<Request, Answer>> } = {},
): Spoiled<never> => {
  const { other = (): Partial<Record<Request, Answer>> => ({}), ...rest } = more;
  return asCase({
    name,
    valid: () => (other()[request] ?? recorded.answers.get(request))?.body,
    make: async (text: string) =>
      call(recorded.workspace(recorded.answering({ [request]: text }, other()))) as Promise<T>,
    check,
    ...rest,
  });
};
const saysRun = (result: RegisteredRun | undefined, body: unknown): void =>
  expect(result).toEqual(runIn(body));
const runsIn = (body: unknown) => (body as { runs: unknown[] }).runs.map(runIn) as RegisteredRun[];

const cases: Spoiled<never>[] = [
  spoiled(
    'identify',
    'me',
    (workspace) => workspace.identify(),
    (viewer, body) => {
      const { id, name, email, admin } = body as Record<string, unknown>;
      const { workspace } = recorded.discovery;
      expect(viewer).toEqual({ id, name, email, workspace, admin: admin === true ? 'yes' : 'no' });
    },
  ),
  spoiled(
    'members',
    'members',
    (workspace) => workspace.members({ text: 'a', limit: 5 }),
    (page, body) => expect(page).toEqual(membersIn(body)),
  ),
  spoiled(
    'one member',
    'member',
    (workspace) => workspace.members({ id: leaverId }),
    (page, body) => {
      expect(page).toEqual({ items: [memberIn(body)], total: 1 });
      expect(page.items[0]?.id).toBe(leaverId);
    },
  ),
  spoiled(
    'survey: the member',
    'member',
    (workspace) => workspace.survey(leaverId),
    ({ leaver }, body) => {
      expect(leaver).toEqual(memberIn(body));
      expect(leaver.id).toBe(leaverId);
    },
  ),
  spoiled(
    'survey: the categories',
    'categories',
    (workspace) => workspace.survey(leaverId),
    ({ categories }, body) => {
      expect((body as { member: string }).member).toBe(leaverId);
      expect(categories).toEqual(categoriesIn(body, recorded.discovery.limits.batch));
      expect(new Set(categories.map(({ id }) => id)).size).toBe(categories.length);
    },
  ),
  spoiled(
    'guard',
    'categories',
    (workspace) => workspace.guard(leaverId),
    ({ owns, counts }, body) => {
      const said = categoriesIn(body, recorded.discovery.limits.batch).map(
        ({ count }) => count as number | null,
      );
      expect(counts.map(({ count }) => count)).toEqual(said);
      const some = said.some((count) => count !== null && count > 0);
      expect(owns).toBe(some ? 'some' : said.includes(null) ? 'unknown' : 'none');
    },
  ),
  spoiled(
    'scan',
    'items',
    (workspace) => workspace.scan(leaverId, [category]),
    (page, body) => {
      const { cursor, total } = body as { cursor?: string; total: number };
      const next = cursor === undefined ? {} : { cursor: JSON.stringify([category, cursor]) };
      expect(page).toEqual({ items: itemsIn(body), total, ...next });
      for (const { value, ...item } of page.items) {
        expect(item.category).toBe(category);
        if ('member' in value) expect(value.member).toBe(leaverId);
      }
    },
  ),
  spoiled(
    'apply',
    'reassignments',
    (workspace) => workspace.apply(recorded.attempt(), never),
    (outcomes: Outcome[], body) => {
      expect(outcomes).toEqual(saidOf(body, 'outcomes', refs()));
      // What the engine makes of it: moved, only if the answer says the wished value.
      for (const outcome of outcomes) {
        const moved = 'value' in outcome && sameValue(outcome.value, wished);
        expect(settle(rowOf(outcome.ref, 'planned'), wished, outcome).state === 'moved').toBe(moved);
      }
    },
    { doubt: true },
  ),
  spoiled(
    'read',
    'owners',
    (workspace) => workspace.read(category, refs()),
    (observed: Observed[], body) => {
      expect(observed).toEqual(saidOf(body, 'owners', refs()));
      for (const each of observed) {
        if (!('value' in each)) continue;
        const { state } = settleByReading(rowOf(each.ref, 'unknown'), wished, each.value);
        expect(state === 'moved').toBe(sameValue(each.value, wished));
      }
    },
  ),
  spoiled(
    'setActive: the answer to the change',
    'patch',
    (workspace) => workspace.setActive?.(leaverId, false, recorded.attempt(), never),
    (result) => expect(result).toBeUndefined(),
    { other: () => ({ member: recorded.inactive }), doubt: true, share: 0.5 },
  ),
  spoiled(
    'setActive: what is read after it',
    'member',
    (workspace) => workspace.setActive?.(leaverId, false, recorded.attempt(), never),
    (_result, body) => expect(body).toMatchObject({ id: leaverId, active: false }),
    { other: () => ({ member: recorded.inactive }) },
  ),
  spoiled(
    'open a run',
    'open',
    (workspace) => workspace.runs?.open('run-m', leaverId, record),
    (result, body) => {
      expect(result).toEqual({ registered: runIn(body) });
      expect(body).toMatchObject({ id: 'run-m', leaver: leaverId });
    },
    { doubt: true },
  ),
  spoiled(
    'open a run where another one is in the way',
    'open',
    (workspace) => workspace.runs?.open('run-other', leaverId, record),
    (result, body) => {
      const { run } = body as { run: unknown };
      expect(result).toEqual({ conflict: runIn(run) });
      expect(run).toMatchObject({ leaver: leaverId });
    },
    { other: () => ({ open: recorded.conflict }) },
  ),
  spoiled(
    'update a run',
    'update',
    (workspace) => workspace.runs?.update('run-m', 1, record),
    (result, body) => {
      saysRun(result, body);
      expect(body).toMatchObject({ id: 'run-m', fence: 1 });
    },
    { doubt: true },
  ),
  spoiled(
    'take a run over',
    'lease',
    (workspace) => workspace.runs?.takeOver('run-m'),
    (result, body) => {
      saysRun(result, body);
      expect(body).toMatchObject({ id: 'run-m' });
    },
    { doubt: true },
  ),
  spoiled(
    'find a run',
    'runs',
    (workspace) => workspace.runs?.find(leaverId),
    (result: RegisteredRun | undefined, body) => {
      const own = runsIn(body).filter(({ leaver }) => leaver === leaverId);
      const open = own.filter((run) => run.open);
      const rest = open.length > 0 ? open : own;
      const newest = Math.max(...rest.map(({ updatedAt }) => Date.parse(updatedAt)));
      expect(result).toEqual(rest.find(({ updatedAt }) => Date.parse(updatedAt) === newest));
    },
    { share: 0.5 },
  ),
  spoiled(
    'list open runs',
    'openRuns',
    (workspace) => workspace.runs?.listOpen(),
    (result, body) => expect(result).toEqual(runsIn(body).filter(({ open }) => open)),
    { share: 0.5 },
  ),
  asCase({
    name: 'an event',
    valid: () => ({ type: 'owner', category }),
    make: (text) => heard([JSON.stringify(before), text, JSON.stringify(after)]),
    check({ news, ups }: Heard, body) {
      expect(news).toEqual([before, ...newsIn(body), after]);
      expect(ups).toBe(1);
    },
  }),
  asCase({
    name: 'discovery',
    valid: () => recorded.document,
    make: async (text) => checkDiscovery(siteOf(), jsonOf(text)),
    check({ pages, ...rest }: Discovery, body) {
      expect(rest).toEqual(discoveryIn(body));
      expect(addsNothing(pages, (body as { pages: unknown }).pages)).toBe(true);
      expect(rest.limits.concurrency).toBeLessThanOrEqual(100);
      expect(rest.limits.settle).toBeLessThanOrEqual(600_000);
      const allowed = [siteOf(), ...(rest.origins ?? []).map((each) => new URL(each).origin)];
      for (const url of Object.values(rest.urls))
        expect(allowed).toContain(new URL(url.replace('{member}', 'x')).origin);
    },
  }),
];

interface Heard {
  news: News[];
  ups: number;
}
const before: News = { type: 'run', run: 'run-m' };
const after: News = { type: 'member', member: leaverId };
/** What is heard of a stream of these texts, and how often it came about, until it ends. */
function heard(texts: readonly string[]): Promise<Heard> {
  const stream = texts.map((text, index) => `id: ${index}\nevent: x\ndata: ${text}\n\n`).join('');
  const news: News[] = [];
  let ups = 0;
  return new Promise((resolve) => {
    const stop = recorded
      .workspace(async () => new Response(stream))
      .listen?.({
        news: (each) => news.push(each),
        up: () => {
          ups += 1;
        },
        down() {
          stop?.();
          resolve({ news, ups });
        },
      });
  });
}

beforeAll(async () => {
  recorded = await recordAnswers();
});

describe('R5 mutated answers', () => {
  mutatedAnswers('the open contract', mutations, cases);

  it.each([
    ['concurrency', 1e9],
    ['settle', 1e12],
    ['pageSize', 1e9],
    ['batch', 101],
  ])('discovery: refuses a limit that nobody could keep to (%s %d)', (name, value) => {
    const changed = structuredClone(recorded.document) as { limits: Record<string, number> };
    changed.limits[name] = value;
    expect(() => checkDiscovery(siteOf(), changed)).toThrow(
      new RegExp(`^Expected .+limits\\.${name}.+, got .+\\.$`, 's'),
    );
  });
});
