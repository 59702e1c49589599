import type { Batch } from '../../lib/panel/types.ts';
import { Chip, type Tone } from '../ui/Chip.tsx';
import { Icon } from '../ui/Icon.tsx';
import { useNavigation, useWords } from '../wizard/context.ts';

const tones: Partial<Record<Batch['phase'], Tone>> = { executing: 'info', paused: 'warn' };

/** Batches as rows; each leads to its screen. */
export function BatchList({ title, batches }: { title: string; batches: readonly Batch[] }) {
  const { text, time } = useWords();
  const navigation = useNavigation();
  if (batches.length === 0) return null;
  return (
    <section class="ow-stack ow-tight">
      <h2 class="ow-section">{title}</h2>
      <ul class="ow-list">
        {batches.map((batch) => (
          <li key={batch.id}>
            <button type="button" class="ow-row ow-row-button" onClick={() => navigation.batch(batch.id)}>
              <Icon name="table" />
              <span class="ow-row-text">
                <span class="ow-row-title">{text('bulk_row', { count: batch.members.length })}</span>
                <span class="ow-row-meta ow-wrap">{namesOf(batch)}</span>
                <span class="ow-row-meta">
                  {batch.by.name ?? batch.by.email} · {time(batch.endedAt ?? batch.createdAt)}
                </span>
              </span>
              <Chip tone={tones[batch.phase] ?? 'neutral'}>{text(`bulk_phase_${batch.phase}`)}</Chip>
              <Icon name="chevronEnd" size={12} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

const namesOf = ({ members }: Batch): string => {
  const names = members.slice(0, 3).map(({ member }) => member.name);
  return members.length > names.length ? `${names.join(', ')} …` : names.join(', ');
};
