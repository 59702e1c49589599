import type { ComponentChildren } from 'preact';
import { nameOf } from '../../lib/panel/members.ts';
import type { ReassignmentsModel } from '../../lib/panel/reassignments.ts';
import { MemberPicker } from '../ui/MemberPicker.tsx';
import { Notice } from '../ui/Notice.tsx';
import { useWords } from './context.ts';
import { Footer } from './Footer.tsx';
import type { StepProps } from './ImpactScanStep.tsx';
import { useLayout } from './layout.ts';
import { usePicker } from './picker.ts';
import { ReplacementCard } from './ReplacementCard.tsx';
import { ReplacementMatrix } from './ReplacementMatrix.tsx';
import { Shell } from './Shell.tsx';
import { Uncounted } from './Unreadable.tsx';

/** Step 2: a default for each category, all empty ones at once, and the way to single items. */
export function ReassignmentsStep({
  wizard,
  reassignments,
  detail,
  ...ways
}: StepProps & { reassignments: ReassignmentsModel; detail?: ComponentChildren }) {
  const { text } = useWords();
  const run = wizard.run.value;
  const layout = useLayout();
  const cards = reassignments.cards.value;
  const picker = usePicker(wizard);
  const gap = wizard.gap.value;
  const empty = reassignments.empty.value;
  const last = run.plan.changes.at(-1);
  return (
    <Shell
      wizard={wizard}
      {...ways}
      detail={detail}
      split="beneath"
      footer={
        <Footer
          wizard={wizard}
          gap={gap && { text: text(`gap_${gap.kind}`, { count: gap.count }), target: gap.target }}
          primary={{ label: text('continue'), onClick: () => void wizard.next() }}
        />
      }
    >
      <h1 id="step-title" class="ow-title" tabIndex={-1}>
        {text('reassign_title')}
      </h1>
      <p>{text('reassign_intro', { name: run.leaver.name })}</p>
      <Uncounted tallies={wizard.tallies} />
      {wizard.members.failed.value !== undefined && (
        <Notice tone="danger" action={{ label: text('retry'), onClick: () => void wizard.members.reload() }}>
          {text('members_failed', { detail: wizard.members.failed.value })}
        </Notice>
      )}
      <section class="ow-fill" aria-label={text('reassign_fill_label')}>
        <span class="ow-fill-label">
          <span class="ow-strong">{text('reassign_fill')}</span>
          <span class="ow-meta">
            {empty > 0 ? text('reassign_fill_left', { count: empty }) : text('reassign_filled')}
          </span>
        </span>
        <MemberPicker
          label={text('reassign_fill_label')}
          value={null}
          search={picker.search}
          used={reassignments.used.value.map(picker.show)}
          texts={picker.texts}
          disabled={empty === 0 || wizard.gone.value}
          onChange={(id) => void reassignments.fill({ member: id })}
        />
        {last?.kind === 'fill' && (
          <p class="ow-line ow-meta">
            {text('filled_spoken', {
              count: last.categories.length,
              name:
                'member' in last.to ? nameOf(wizard.members.byId.value, last.to.member) : text('target_same'),
            })}
            <button type="button" class="ow-link-button" onClick={() => void reassignments.undo(last)}>
              {text('undo')}
            </button>
          </p>
        )}
      </section>
      {layout === 'wide' || layout === 'full' ? (
        <ReplacementMatrix wizard={wizard} reassignments={reassignments} cards={cards} />
      ) : (
        <div class="ow-cards">
          {cards.map((card) => (
            <ReplacementCard
              key={card.category.id}
              wizard={wizard}
              reassignments={reassignments}
              card={card}
            />
          ))}
        </div>
      )}
    </Shell>
  );
}
