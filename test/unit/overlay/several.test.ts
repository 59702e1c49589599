import { describe, expect, it } from 'vitest';
import type { OverlayList } from '../../../lib/messages/overlay-views.ts';
import { createSeveral } from '../../../lib/overlay/several.ts';

const words = { label: 'Offboard', title: 'Offboard' };
const ofAdmin: OverlayList = { buttons: { row: words, resume: words, bulk: words }, open: [], own: [] };
const ofOther: OverlayList = { ...ofAdmin, buttons: null };

/** `answer`: what comes once `answered` is called; `choice`: what the person says. */
function setUp(list: OverlayList | undefined, choice: 'first' | 'cancel' | 'go' = 'cancel') {
  let known = list;
  let arrive = (_answer: OverlayList | undefined): void => {};
  let late = (): void => {};
  const answered = new Promise<void>((resolve) => {
    arrive = (answer) => {
      known = answer;
      resolve();
    };
  });
  const done: string[] = [];
  const several = createSeveral({
    known: () => known,
    answered: () => answered,
    after: () =>
      new Promise<void>((resolve) => {
        late = resolve;
      }),
    discuss: async () => {
      done.push('asked');
      return choice;
    },
    open: () => done.push('opened'),
  });
  return { several, done, arrive: (answer?: OverlayList) => arrive(answer), late: () => late() };
}

describe('N4 W1.4 the product’s own way to several members', () => {
  it('is for a person to choose, who may offboard', async () => {
    for (const [choice, go, done] of [
      ['cancel', false, ['asked']],
      ['go', true, ['asked']],
      ['first', false, ['asked', 'opened']],
    ] as const) {
      const made = setUp(ofAdmin, choice);
      expect(made.several.holds()).toBe(true);
      expect(await made.several.decide()).toBe(go);
      expect(made.done).toEqual(done);
    }
  });

  it('is nobody else’s concern', () => {
    expect(setUp(ofOther).several.holds()).toBe(false);
  });

  it('does not pass while it is not known who that is; then by the answer', async () => {
    const admin = setUp(undefined);
    expect(admin.several.holds()).toBe(true);
    const decided = admin.several.decide();
    expect(await admin.several.decide()).toBe(false);
    expect(admin.done).toEqual([]);
    admin.arrive(ofAdmin);
    expect(await decided).toBe(false);
    expect(admin.done).toEqual(['asked']);

    const other = setUp(undefined);
    const passes = other.several.decide();
    other.arrive(ofOther);
    expect(await passes).toBe(true);
    expect(other.done).toEqual([]);
  });

  it('is asked about where there is no answer, or none in time', async () => {
    const failed = setUp(undefined, 'go');
    const decided = failed.several.decide();
    failed.arrive(undefined);
    expect(await decided).toBe(true);
    expect(failed.done).toEqual(['asked']);

    const slow = setUp(undefined, 'first');
    const opening = slow.several.decide();
    slow.late();
    expect(await opening).toBe(false);
    expect(slow.done).toEqual(['asked', 'opened']);
  });
});
