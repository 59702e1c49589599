import { nameOf } from '../../lib/panel/members.ts';
import type { ReviewModel } from '../../lib/panel/review.ts';
import type { WizardModel } from '../../lib/panel/wizard.ts';
import { BookChart } from '../ui/BookChart.tsx';
import { useWords } from './context.ts';

/** Each receiver's customers today and after, where the workspace tells what they hold. */
export function Books({ wizard, review }: { wizard: WizardModel; review: ReviewModel }) {
  const { text, number } = useWords();
  const members = wizard.members.byId.value;
  const rows = review.books.value.flatMap(({ member, today, added }) =>
    today === undefined ? [] : [{ id: member, name: nameOf(members, member), today, added }],
  );
  if (rows.length === 0) return null;
  return (
    <div class="ow-card ow-card-plain">
      <BookChart
        units={[
          {
            id: 'customers',
            label: text('review_books_unit'),
            rows,
            format: number,
            median: review.median.value,
          },
        ]}
        texts={{
          title: text('review_books'),
          unit: text('review_books_unit'),
          name: text('review_books_member'),
          today: text('review_books_today'),
          added: text('review_books_added'),
          after: text('review_books_after'),
          timesMedian: (factor) => text('review_books_times', { factor: Math.round(factor * 10) / 10 }),
          median: (value) => text('review_books_median', { value }),
          showMore: (count) => text('review_books_more', { count }),
          showFewer: text('review_books_fewer'),
          showTable: text('review_books_table'),
          hideTable: text('review_books_hide'),
          filterTo: (name) => name,
        }}
      />
    </div>
  );
}
