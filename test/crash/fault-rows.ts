import { WorkspaceError } from '../../lib/workspace/errors.ts';
import type { Workspace } from '../../lib/workspace/port.ts';
import { ines, priya } from './demo-workspace.ts';
import { type Call, type FaultName, faultsAt, faulty } from './faulty.ts';
import { dashboards, takenElsewhere, tasks, type World, type WorldOptions } from './world.ts';

/** A row of the table in lib/engine/README.md: how the fault is made, and how the run has to end. */
export interface FaultRow {
  world?: WorldOptions;
  /** Makes the fault. */
  spoil: (world: World) => void;
  /** How the run ends, or where it stands still for a person. */
  ends: 'succeeded' | 'partial' | 'superseded' | 'paused' | 'gone';
  /** Why it stood still on the way, or stands still now. */
  pause?: string;
  /** Ids of steps that failed. */
  failed?: string[];
}

const lists = (list: Parameters<typeof faultsAt>[1]) => (world: World) => {
  world.port = faultsAt(world, list);
};
const port = (change: (workspace: Workspace, world: World) => Partial<Workspace>) => (world: World) => {
  world.port = (workspace) => ({ ...workspace, ...change(workspace, world) });
};
/** The fault at a write, at another one, and at reads. */
const everywhere = (fault: FaultName) =>
  lists({
    apply: [fault, 'ok', fault],
    survey: ['ok', fault],
    scan: ['ok', fault],
    setActive: [fault],
    identify: ['ok', 'ok', 'ok', 'ok', 'ok', fault],
  });
/** The fault at every such call once everything has been handed over. */
const forEver = (name: Call, fault: FaultName) => (world: World) => {
  world.port = faulty(world, (call) => (call === name && world.demo.writes.length >= 10 ? fault : 'ok'));
};
const whenStepEnds =
  (happens: (world: World) => void, times = 1) =>
  (world: World) => {
    let left = times;
    world.atPlace = (place) => {
      if (place === 'step.end' && left-- > 0) happens(world);
    };
  };
const refuse = (kind: 'forbidden' | 'gone') => new WorkspaceError(kind, 'The workspace does not allow this.');

const inTheWay = () => new WorkspaceError('conflict', 'Something is in the way (409).', { status: 409 });

export const faultRows: Record<string, FaultRow> = {
  throttled: { spoil: everywhere('throttled'), ends: 'succeeded' },
  'throttled-wait': { spoil: everywhere('throttledShort'), ends: 'succeeded' },
  'throttled-long': { spoil: lists({ apply: ['throttledLong', 'ok', 'throttledLong'] }), ends: 'succeeded' },
  'throttled-scan': { spoil: lists({ scan: ['ok', 'throttledLong'] }), ends: 'succeeded' },
  unavailable: { spoil: everywhere('unavailable'), ends: 'succeeded' },
  'server-error': { spoil: everywhere('serverError'), ends: 'succeeded' },
  'server-error-after': { spoil: everywhere('serverErrorAfter'), ends: 'succeeded' },
  slow: { spoil: everywhere('slow'), ends: 'succeeded' },
  'cut-before': { spoil: everywhere('cutBefore'), ends: 'succeeded' },
  'cut-after': { spoil: everywhere('cutAfter'), ends: 'succeeded' },
  'cut-late': {
    spoil: port((workspace, { demo, clock }) => {
      let calls = 0;
      return {
        async apply(attempt, signal) {
          calls += 1;
          if (calls !== 1) return workspace.apply(attempt, signal);
          // Not before the first look at the items, and not after the settling time.
          const land = demo.request(attempt);
          clock.at(clock.now().getTime() + 2_900, land);
          throw new WorkspaceError('transient', 'The connection failed.', { applied: 'maybe' });
        },
      };
    }),
    ends: 'succeeded',
  },
  twice: { spoil: lists({ apply: Array(20).fill('twice') }), ends: 'succeeded' },
  malformed: { spoil: everywhere('garbled'), ends: 'succeeded' },
  'malformed-always': {
    spoil: lists({ apply: Array(60).fill('garbled'), read: Array(12).fill('garbled') }),
    ends: 'paused',
    pause: 'malformed',
  },
  'malformed-nothing': {
    spoil: lists({ apply: Array(200).fill('garbledBefore') }),
    ends: 'paused',
    pause: 'malformed',
  },
  'signed-out': {
    spoil: port((workspace, { demo, clock }) => ({
      async apply(attempt, signal) {
        if (demo.writes.length > 0 && demo.surveys < 90) {
          demo.surveys = 90;
          demo.signedIn = null;
          clock.at(clock.now().getTime() + 60_000, () => (demo.signedIn = priya));
        }
        return workspace.apply(attempt, signal);
      },
    })),
    ends: 'succeeded',
    pause: 'signedOut',
  },
  'signed-out-scan': {
    spoil: port((workspace, { demo, clock }) => {
      let pages = 0;
      return {
        async scan(...parameters) {
          pages += 1;
          if (pages === 2) {
            demo.signedIn = null;
            clock.at(clock.now().getTime() + 60_000, () => (demo.signedIn = priya));
          }
          return workspace.scan(...parameters);
        },
      };
    }),
    ends: 'succeeded',
  },
  'other-person': {
    spoil: port((workspace, { demo, clock }) => ({
      async apply(attempt, signal) {
        if (demo.writes.length > 0 && demo.surveys < 90) {
          demo.surveys = 90;
          demo.signedIn = null;
          clock.at(clock.now().getTime() + 2_000, () => (demo.signedIn = ines));
          clock.at(clock.now().getTime() + 90_000, () => (demo.signedIn = priya));
        }
        return workspace.apply(attempt, signal);
      },
    })),
    ends: 'succeeded',
    pause: 'otherPerson',
  },
  'item-forbidden': {
    spoil: ({ demo }) => demo.refusals.set(`${tasks} ${tasks}-00003`, 'forbidden'),
    ends: 'partial',
    failed: [tasks, 'rescan'],
  },
  'item-gone': {
    spoil(world) {
      world.port = (workspace) => ({
        ...workspace,
        async apply(attempt, signal) {
          world.demo.owners.get(tasks)?.delete(`${tasks}-00003`);
          return workspace.apply(attempt, signal);
        },
      });
    },
    ends: 'partial',
    failed: [tasks],
  },
  'refused-whole': {
    spoil: port((workspace) => ({
      async apply(attempt, signal) {
        if (attempt.category === dashboards) throw refuse('forbidden');
        return workspace.apply(attempt, signal);
      },
    })),
    ends: 'partial',
    failed: [dashboards, 'rescan'],
  },
  conflict: {
    spoil: port((workspace) => ({
      async apply(attempt, signal) {
        if (attempt.category === dashboards) throw inTheWay();
        return workspace.apply(attempt, signal);
      },
    })),
    world: { registry: true },
    ends: 'partial',
    failed: [dashboards, 'rescan'],
  },
  'conflict-again': {
    // As an API answers whose first try of the same key is still under way.
    spoil: port((workspace) => {
      const cut = new Set<string>();
      return {
        async apply(attempt, signal) {
          if (cut.has(attempt.key)) throw inTheWay();
          if (attempt.category === tasks) {
            cut.add(attempt.key);
            await workspace.apply(attempt, signal);
            throw new WorkspaceError('transient', 'The connection to the workspace failed.', {
              applied: 'maybe',
            });
          }
          return workspace.apply(attempt, signal);
        },
      };
    }),
    world: { registry: true },
    ends: 'succeeded',
  },
  'cannot-change': {
    spoil: port((workspace) => ({
      async apply(attempt, signal) {
        if (attempt.category === dashboards)
          throw new WorkspaceError('manual', 'The first item was not changed.');
        return workspace.apply(attempt, signal);
      },
    })),
    ends: 'paused',
    pause: 'manual',
  },
  'changed-owner': {
    spoil: port((workspace, { demo }) => ({
      async apply(attempt, signal) {
        demo.take(tasks, `${tasks}-00006`, ines);
        return workspace.apply(attempt, signal);
      },
    })),
    ends: 'succeeded',
  },
  'stale-fence': {
    world: { registry: true },
    spoil: port((workspace, world) => ({
      async apply(attempt, signal) {
        if (world.demo.writes.length > 0) await takenElsewhere(world, attempt.run);
        return workspace.apply(attempt, signal);
      },
    })),
    ends: 'superseded',
  },
  'pages-shift': {
    world: { counts: { [tasks]: 12, [dashboards]: 3 } },
    spoil: port((workspace, { demo }) => {
      let pages = 0;
      return {
        async scan(...parameters) {
          const page = await workspace.scan(...parameters);
          if (parameters[1][0] === tasks && ++pages === 1) demo.take(tasks, `${tasks}-00000`, ines);
          return page;
        },
      };
    }),
    ends: 'succeeded',
  },
  'new-items': { spoil: whenStepEnds(({ demo }) => demo.give(tasks, `${tasks}-late`)), ends: 'succeeded' },
  'new-items-nobody': {
    world: { counts: { [tasks]: 7, [dashboards]: 0 } },
    spoil(world) {
      world.noDefaults = [dashboards];
      whenStepEnds(({ demo }) => demo.give(dashboards, `${dashboards}-late`))(world);
    },
    ends: 'paused',
    pause: 'newItems',
  },
  'keeps-coming': {
    spoil: whenStepEnds(({ demo }) => demo.give(tasks, `${tasks}-00001`), Number.POSITIVE_INFINITY),
    ends: 'partial',
    failed: [tasks, 'rescan'],
  },
  unread: {
    spoil: port((workspace, { demo }) => ({
      async survey(...parameters) {
        if (demo.writes.length > 0) throw refuse('forbidden');
        return workspace.survey(...parameters);
      },
    })),
    ends: 'partial',
    failed: ['rescan'],
  },
  'many-failures': {
    spoil: (world) => {
      world.port = faulty(world, (call) => (call === 'apply' ? 'unavailable' : 'ok'));
    },
    ends: 'paused',
    pause: 'failures',
  },
  'survey-fails': { spoil: forEver('survey', 'unavailable'), ends: 'paused', pause: 'failures' },
  'pages-fail': {
    spoil(world) {
      whenStepEnds(({ demo }) => demo.give(tasks, `${tasks}-late`), 2)(world);
      forEver('scan', 'serverError')(world);
    },
    ends: 'paused',
    pause: 'failures',
  },
  'record-fails': { spoil: forEver('members', 'cutBefore'), ends: 'paused', pause: 'failures' },
  'deactivation-fails': { spoil: forEver('setActive', 'unavailable'), ends: 'paused', pause: 'failures' },
  'deactivation-garbled': {
    spoil: forEver('setActive', 'garbledBefore'),
    ends: 'paused',
    pause: 'malformed',
  },
  repeated: {
    world: { counts: { [tasks]: 60, [dashboards]: 1 } },
    spoil: port((workspace) => ({
      async apply(attempt, signal) {
        if (attempt.category === tasks) throw refuse('forbidden');
        return workspace.apply(attempt, signal);
      },
    })),
    ends: 'paused',
    pause: 'repeated',
  },
  'deactivation-refused': {
    spoil: port(() => ({
      async setActive() {
        throw refuse('forbidden');
      },
    })),
    ends: 'partial',
    failed: ['deactivate'],
  },
  'deactivation-ignored': {
    spoil: port(() => ({ async setActive() {} })),
    ends: 'partial',
    failed: ['deactivate'],
  },
  'rights-lost': {
    spoil: whenStepEnds((world) => {
      const me = world.demo.members.get(priya);
      if (me) world.demo.members.set(priya, { ...me, admin: 'no' });
      world.demo.signedIn = null;
      world.clock.at(world.clock.now().getTime() + 1_000, () => (world.demo.signedIn = priya));
      world.clock.at(world.clock.now().getTime() + 90_000, () => me && world.demo.members.set(priya, me));
    }),
    ends: 'succeeded',
    pause: 'otherPerson',
  },
  'disk-full': {
    spoil: whenStepEnds((world) => {
      world.diskFullUntil = world.clock.now().getTime() + 120_000;
    }),
    ends: 'succeeded',
    pause: 'storage',
  },
  evicted: {
    world: { store: 'indexeddb' },
    spoil: whenStepEnds((world) => world.evict()),
    ends: 'gone',
    pause: 'storage',
  },
};
