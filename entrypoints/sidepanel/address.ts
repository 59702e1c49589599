import type { PanelDependencies } from '../../lib/panel/dependencies.ts';

/**
 * What the page's address names: a run (`?run=ID`), a member (`?connection=ID&member=ID`), or with all three the review
 * of a member's last run, in whichever browser that was; several members (`?bulk&connection=ID`, with who the page that
 * led there belongs to as `user` and `workspace`), or a batch of them (`?batch=ID`).
 */
export function addressOf(address: URLSearchParams): PanelDependencies['address'] {
  const run = address.get('run');
  const connection = address.get('connection');
  const member = address.get('member');
  const batch = address.get('batch');
  if (batch !== null) return { kind: 'batch', batch };
  if (address.has('bulk') && connection !== null) {
    const [user, workspace] = [address.get('user'), address.get('workspace')];
    if (user === null && workspace === null) return { kind: 'bulk', connection };
    const page = { ...(user !== null && { user }), ...(workspace !== null && { workspace }) };
    return { kind: 'bulk', connection, page };
  }
  if (run !== null && connection !== null && member !== null)
    return { kind: 'review', run, connection, member };
  if (run !== null) return { kind: 'run', run };
  return connection !== null && member !== null ? { kind: 'member', connection, member } : undefined;
}
