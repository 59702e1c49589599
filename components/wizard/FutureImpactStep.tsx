import type { FutureImpactModel } from '../../lib/panel/future.ts';
import { Button } from '../ui/Button.tsx';
import { Notice } from '../ui/Notice.tsx';
import { useWords } from './context.ts';
import { Footer } from './Footer.tsx';
import type { StepProps } from './ImpactScanStep.tsx';
import { ManualCard } from './ManualCard.tsx';
import { Shell } from './Shell.tsx';

/** Step 3: what the wizard cannot do, one card each, and a tick for each. */
export function FutureImpactStep({ wizard, future, ...ways }: StepProps & { future: FutureImpactModel }) {
  const { text } = useWords();
  const gap = wizard.gap.value;
  const cards = future.cards.value;
  const counting = future.counting.value;
  return (
    <Shell
      wizard={wizard}
      {...ways}
      footer={
        <Footer
          wizard={wizard}
          gap={gap && { text: text(`gap_${gap.kind}`, { count: gap.count }), target: gap.target }}
          primary={{ label: text('continue'), onClick: () => void wizard.next() }}
        />
      }
    >
      <div class="ow-title-line">
        <h1 id="step-title" class="ow-title" tabIndex={-1}>
          {text('future_title')}
        </h1>
        {cards.length > 0 && (
          <Button variant="text" small busy={counting} onClick={() => void future.recount()}>
            {text(counting ? 'future_counting' : 'future_count_again')}
          </Button>
        )}
      </div>
      {cards.length === 0 ? (
        <Notice tone="ok" title={text('future_none')}>
          {text('future_none_body', { name: wizard.run.value.leaver.name })}
        </Notice>
      ) : (
        <p>{text('future_intro')}</p>
      )}
      {future.failed.value !== undefined && (
        <Notice tone="danger" action={{ label: text('retry'), onClick: () => void future.recount() }}>
          {text('future_failed', { detail: future.failed.value })}
        </Notice>
      )}
      <div class="ow-cards">
        {cards.map((card) => (
          <ManualCard key={card.category.id} wizard={wizard} future={future} card={card} />
        ))}
      </div>
    </Shell>
  );
}
