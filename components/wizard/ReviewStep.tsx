import { nameOf } from '../../lib/panel/members.ts';
import { type Box, fixOf, type ReviewModel } from '../../lib/panel/review.ts';
import { groupsOf, handedOver } from '../../lib/panel/scan.ts';
import type { Problem } from '../../lib/panel/types.ts';
import { categoryName, formatLength, formatShares, nameOfCategory, stepName } from '../../lib/panel/words.ts';
import { Button } from '../ui/Button.tsx';
import { Card } from '../ui/Card.tsx';
import { Checkbox } from '../ui/Checkbox.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Books } from './Books.tsx';
import { Confirmation } from './Confirmation.tsx';
import { useWords } from './context.ts';
import { Footer } from './Footer.tsx';
import type { StepProps } from './ImpactScanStep.tsx';
import { focusOn, useLayout } from './layout.ts';
import { NoteField } from './NoteField.tsx';
import { RefusalNotice } from './RefusalNotice.tsx';
import { RunNotes } from './RunNotes.tsx';
import { Shell } from './Shell.tsx';
import { Uncounted } from './Unreadable.tsx';

type ReviewProps = StepProps & { review: ReviewModel };

/** Step 4: everything once more, in the order in which one decides; the boxes that gate Start come last. */
export function ReviewStep({ wizard, review, ...ways }: ReviewProps) {
  const { text } = useWords();
  const layout = useLayout();
  const run = wizard.run.value;
  const { name, active } = run.leaver;
  const count = review.items.value;
  const gap = review.gap.value;
  const books = review.books.value.length > 0 && <Books wizard={wizard} review={review} />;
  const status = text(active ? 'status_active' : 'status_inactive').toLowerCase();
  const summary =
    count === 0
      ? text(run.mode === 'executeOnly' ? 'review_summary_nothing_only' : 'review_summary_nothing', { name })
      : text(`review_summary_${run.mode}`, { name, count, people: review.recipients.value.size, status });
  return (
    <Shell
      wizard={wizard}
      {...ways}
      inspector={layout === 'full' && books}
      footer={
        <Footer
          wizard={wizard}
          gap={gap && { text: text(`gap_${gap.kind}`, { count: gap.count }), target: gap.target }}
          primary={{
            label: text('review_start'),
            busy: review.checking.value && review.problems.value !== undefined,
            onClick: () => void review.confirm(),
          }}
        />
      }
    >
      <h1 id="step-title" class="ow-title" tabIndex={-1}>
        {text('review_title')}
      </h1>
      <p class="ow-lead">
        <span class="ow-strong">{text(`mode_${run.mode}`)}.</span> {summary}
      </p>
      <Problems wizard={wizard} review={review} />
      <RunNotes run={run} />
      {layout !== 'full' && books}
      <Distribution wizard={wizard} review={review} />
      <Manual wizard={wizard} review={review} />
      <Card heading={text('review_untouched')} headingLevel={2}>
        <p>{text('review_untouched_text', { name })}</p>
        <Untouched wizard={wizard} />
      </Card>
      <Card heading={text('review_steps')} headingLevel={2}>
        <ol class="ow-steps-plain">
          {review.steps.value.map((step) => (
            <li key={step.id}>
              <span>
                <span class="ow-strong">{stepName(text, run, step)}</span>
                {step.kind !== 'category' && (
                  <span class="ow-block ow-meta">{text(`step_${step.kind}_text`, { name })}</span>
                )}
              </span>
            </li>
          ))}
        </ol>
        <Length review={review} />
      </Card>
      <NoteField wizard={wizard} />
      <section class="ow-stack ow-tight">
        <h2 class="ow-section">{text('review_boxes')}</h2>
        {review.boxes.value.map((box) => (
          <Checkbox
            key={box}
            id={`review-box-${box}`}
            checked={review.ticked.value.has(box)}
            disabled={wizard.gone.value}
            label={boxLabel(box, wizard, review, text)}
            onChange={(on) => review.tick(box, on)}
          />
        ))}
      </section>
      <Confirmation wizard={wizard} review={review} />
    </Shell>
  );
}

type Words = ReturnType<typeof useWords>['text'];
type Parts = Pick<ReviewProps, 'wizard' | 'review'>;

function boxLabel(box: Box, wizard: Parts['wizard'], review: Parts['review'], text: Words): string {
  if (box === 'recipients') return text('review_box_recipients');
  if (box === 'access') return text('review_box_access', { name: wizard.run.value.leaver.name });
  const manual = review.manual.value;
  const tokens = manual
    .filter(({ category }) => category.kind === 'tokens.api')
    .reduce((sum, { category }) => sum + (category.count ?? 0), 0);
  return tokens > 0
    ? text('review_box_manual_tokens', { count: manual.length, tokens })
    : text('review_box_manual', { count: manual.length });
}

function Problems({ wizard, review }: Parts) {
  const { text } = useWords();
  const problems = review.problems.value;
  const refusal = review.refusal.value;
  if (refusal)
    return (
      <RefusalNotice
        id="review-problems"
        refusal={refusal}
        title={text('review_refused')}
        action={{ label: text('review_check_again'), onClick: () => void review.check() }}
      />
    );
  if (!problems) return <p class="ow-meta">{text('review_checking')}</p>;
  if (problems.length === 0)
    return (
      <p class="ow-line ow-ok-line">
        <Icon name="ok" />
        {text('review_problems_none')}
      </p>
    );
  return (
    <section
      id="review-problems"
      class="ow-stack ow-tight"
      tabIndex={-1}
      aria-label={text('review_problems')}
    >
      <h2 class="ow-section">{text('review_problems')}</h2>
      {problems.map((problem) => {
        const words = problemWords(problem, wizard, text);
        return (
          <div key={words} class={`ow-problem ow-problem-${problem.blocking ? 'danger' : 'warn'}`}>
            <Icon name={problem.blocking ? 'failed' : 'warning'} />
            <p class="ow-grow">{words}</p>
            <Button
              small
              aria-label={text('review_fix_label', { problem: words })}
              onClick={() => {
                const fix = fixOf(problem);
                wizard.show(fix.screen);
                setTimeout(() => focusOn(fix.target), 50);
              }}
            >
              {text('review_fix')}
            </Button>
          </div>
        );
      })}
    </section>
  );
}

function problemWords(problem: Problem, wizard: Parts['wizard'], text: Words): string {
  return text(`problem_${problem.kind}`, {
    name: problem.member?.name ?? '',
    count: problem.count ?? 0,
    detail: problem.detail ?? '',
    category: problem.category ? nameOfCategory(text, wizard.run.value, problem.category) : '',
  });
}

function Distribution({ wizard }: Parts) {
  const { text, locale } = useWords();
  const run = wizard.run.value;
  const tallies = wizard.tallies.byCategory.value;
  const members = wizard.members.byId.value;
  const categories = handedOver(run);
  if (categories.length === 0) return null;
  return (
    <Card heading={text('review_distribution')} headingLevel={2}>
      <Uncounted tallies={wizard.tallies} />
      <dl class="ow-lines">
        {categories.map((category) => {
          const tally = tallies.get(category.id);
          return (
            <div key={category.id}>
              <dt>{categoryName(text, category)}</dt>
              <dd class="ow-number">
                {category.action !== 'reassign'
                  ? text(`review_line_${category.action}`, { count: category.count ?? 0 })
                  : tally?.current
                    ? text('review_line', {
                        count: category.count ?? 0,
                        shares: receiversOf(tally.byMember, (id) => nameOf(members, id), { text, locale }),
                      })
                    : text('reassign_counting')}
              </dd>
            </div>
          );
        })}
      </dl>
    </Card>
  );
}

/** Who receives a category; a number for each only where there are several. */
function receiversOf(
  shares: Readonly<Record<string, number>>,
  name: (id: string) => string,
  words: Parameters<typeof formatShares>[0],
): string {
  const [only, ...others] = Object.keys(shares);
  return only !== undefined && others.length === 0 ? name(only) : formatShares(words, shares, name);
}

function Manual({ review }: Parts) {
  const { text, number, time } = useWords();
  const manual = review.manual.value;
  return (
    <Card heading={text('review_manual')} headingLevel={2}>
      {manual.length === 0 ? (
        <p>{text('review_manual_none')}</p>
      ) : (
        <ul class="ow-lines">
          {manual.map(({ category, tick }) => (
            <li key={category.id}>
              <span class="ow-line">
                <Icon name={category.count === null ? 'unread' : category.kind} />
                <span class="ow-strong ow-grow">{categoryName(text, category)}</span>
                <span class="ow-number">
                  {category.count === null ? text('review_unread') : number(category.count)}
                </span>
              </span>
              {tick && (
                <span class="ow-meta ow-block">
                  {text('future_ticked', { by: tick.by, time: time(tick.at) })}
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function Untouched({ wizard }: Pick<Parts, 'wizard'>) {
  const { text, locale } = useWords();
  const { nothing } = groupsOf(wizard.run.value);
  if (nothing.length === 0) return null;
  const names = new Intl.ListFormat(locale, { type: 'conjunction' }).format(
    nothing.map((category) => categoryName(text, category)),
  );
  return <p class="ow-meta">{text('review_untouched_nothing', { count: nothing.length, names })}</p>;
}

function Length({ review }: Pick<Parts, 'review'>) {
  const { text, locale, time } = useWords();
  const length = review.length.value;
  if (review.items.value === 0) return null;
  return (
    <p class="ow-length ow-meta">
      <Icon name="clock" />
      <span class="ow-grow">
        {length
          ? text('review_length', {
              length: capitalized(formatLength(text, length.milliseconds), locale),
              date: time(length.at),
              rate: length.perMinute,
            })
          : text('review_length_unknown')}
      </span>
    </p>
  );
}

function capitalized(words: string, locale: string): string {
  return words.charAt(0).toLocaleUpperCase(locale) + words.slice(1);
}
