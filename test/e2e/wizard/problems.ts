import type { Problem } from '../../../lib/messages/protocol.ts';
import type { Run } from '../../../lib/offboarding/model.ts';
import { members } from './data.ts';

/** What the workspace would find about a run's receivers: gone, inactive, leaving, or not set up to send. */
export function problemsOf(of: Run): Problem[] {
  const found: Problem[] = [];
  for (const id of namedMembers(of.plan)) {
    const member = members.find((each) => each.id === id);
    const category = Object.entries(of.plan.defaults).find(
      ([, to]) => 'member' in to && to.member === id,
    )?.[0];
    const about = {
      ...(category === undefined ? {} : { category }),
      member: { id, name: member?.name ?? id },
      count: 12,
    };
    if (!member) found.push({ kind: 'replacementGone', blocking: true, ...about });
    else if (!member.active) found.push({ kind: 'replacementInactive', blocking: true, ...about });
    else if (member.leaving) found.push({ kind: 'replacementLeaving', blocking: false, ...about });
    else if (category === 'playbooks.senders' && member.sender?.signature !== 'yes')
      found.push({ kind: 'senderSetup', blocking: false, ...about });
  }
  return found;
}

/** Everybody whom the plan names as a receiver. */
function namedMembers(plan: Run['plan']): Set<string> {
  const named = new Set<string>();
  const add = (target: Run['plan']['defaults'][string]): void => {
    if ('member' in target) named.add(target.member);
    else if (target.otherwise !== undefined) named.add(target.otherwise);
  };
  for (const target of Object.values(plan.defaults)) add(target);
  for (const change of plan.changes)
    if (change.kind === 'override' && change.to !== null) named.add(change.to);
  return named;
}
