import type { Member, Viewer } from './model.ts';

/** Why a member cannot receive anything; null when they can. */
export function ineligible(member: Member, leaver: string): 'inactive' | 'leaver' | null {
  if (member.id === leaver) return 'leaver';
  return member.active ? null : 'inactive';
}

/** Why the workspace gives a member nothing of a category; undefined when it does. */
export function cannotReceive(member: Pick<Member, 'cannotReceive'>, category: string): string | undefined {
  return member.cannotReceive?.find((each) => each.category === category || each.category === '*')?.reason;
}

/** Whether a member is the person who acts. */
export function isSelf(viewer: Viewer, member: string): boolean {
  return viewer.id === member || viewer.members?.includes(member) === true;
}

/** Whether a member can send email for others: yes, no, or not known. */
export function senderReadiness(member: Member): 'yes' | 'no' | 'unknown' {
  if (!member.sender) return 'unknown';
  const { mailbox, signature } = member.sender;
  if (mailbox === 'no' || signature === 'no') return 'no';
  return mailbox === 'yes' && signature === 'yes' ? 'yes' : 'unknown';
}

/** Milliseconds after which a scan is too old to start from. */
export const scanLifetime = 24 * 60 * 60 * 1000;

/** Whether a scan that ended at `endedAt` is too old at `now`: older than a day, or from another day here (W7.1). */
export function isStale(endedAt: string | undefined, now: Date): boolean {
  if (endedAt === undefined) return true;
  const then = new Date(endedAt);
  return now.getTime() - then.getTime() > scanLifetime || then.toDateString() !== now.toDateString();
}
