import { formatTime } from '../core/format.ts';
import { nameOf } from '../core/members.ts';
import type { TimelineEntry } from '../types.ts';
import { Icon, type IconName } from './icon.tsx';

const icons: Record<string, IconName> = {
  owner: 'owner',
  task: 'task',
  attribute: 'attribute',
  touchpoint: 'email',
  note: 'touchpoints',
};

/** What happened at a customer, newest first, each with who did it. */
export function TimelineList({ entries }: { entries: TimelineEntry[] }) {
  if (!entries.length) return <p class="faint">Nothing has happened yet.</p>;
  return (
    <ol class="timeline" data-testid="timeline">
      {entries.map((entry) => (
        <li key={entry.seq} id={`activity-${entry.seq}`}>
          <span class="timeline-mark" data-kind={entry.kind}>
            <Icon name={icons[entry.kind] ?? 'touchpoints'} size={16} />
          </span>
          <div>
            <p>{entry.summary}</p>
            <p class="faint">
              <a href={`/settings/users/${entry.actor}`}>{nameOf(entry.actor)}</a> ·{' '}
              <time dateTime={entry.at}>{formatTime(entry.at)}</time>
            </p>
          </div>
        </li>
      ))}
    </ol>
  );
}
