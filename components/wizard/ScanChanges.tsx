import type { Run } from '../../lib/offboarding/model.ts';
import { formatNames, nameOfCategory } from '../../lib/panel/words.ts';
import { Card } from '../ui/Card.tsx';
import { useWords } from './context.ts';

/** What appeared and what vanished since the scan before, by category (W7.1). */
export function ScanChanges({ run }: { run: Run }) {
  const { text, locale } = useWords();
  return (
    <Card heading={text('scan_changes_title')} headingLevel={2} icon="history">
      <ul class="ow-stack ow-tight">
        {run.scan.changes.flatMap((change) => {
          const category = nameOfCategory(text, run, change.category);
          const line = (key: 'appeared' | 'vanished', names: readonly string[], count: number) =>
            count > 0
              ? [
                  <li key={`${change.category}-${key}`}>
                    <span class="ow-strong">{text(`scan_changes_${key}`, { category, count })}</span>
                    <span class="ow-block ow-meta">{formatNames({ text, locale }, names, count)}</span>
                  </li>,
                ]
              : [];
          return [
            ...line('appeared', change.appeared, change.appearedCount),
            ...line('vanished', change.vanished, change.vanishedCount),
          ];
        })}
      </ul>
    </Card>
  );
}
