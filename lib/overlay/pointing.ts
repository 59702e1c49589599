import type { OwnControl } from '../workspace/own-controls.ts';

/** What our own page asks of a workspace's page; it is left in the world of our scripts, which no page can reach. */
export interface PointingTask {
  mode: 'point' | 'show';
  /** One line for the admin, in their language. */
  text: string;
  controls: OwnControl[];
  /** The admin is pointing: no click means what it usually does. */
  busy?: boolean;
  /** What came of it. */
  result?: Promise<unknown>;
}

/** The task that was left here. */
export const pointingTask = (): PointingTask | undefined =>
  (globalThis as { __offboardingPointing?: PointingTask }).__offboardingPointing;

/** Whether an admin is pointing at something: no click means what it usually does then. */
export const pointing = (): boolean => pointingTask()?.busy === true;
