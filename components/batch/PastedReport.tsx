import type { ChooseModel, PastedLine } from '../../lib/panel/batch/choose.ts';
import { Button } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { useWords } from '../wizard/context.ts';

/** What became of a pasted list: how many were found, and each line that was not clear. */
export function PastedReport({ choose, lines }: { choose: ChooseModel; lines: readonly PastedLine[] }) {
  const { text } = useWords();
  const added = lines.filter(({ state }) => state === 'added');
  const others = lines.filter(({ state }) => state !== 'added');
  const repeated = lines.reduce((sum, each) => sum + each.repeated, 0);
  return (
    <section class="ow-stack ow-tight" aria-label={text('bulk_pasted')}>
      <p class="ow-strong" role="status">
        {text('bulk_pasted_added', { added: added.length, names: lines.length })}
        {repeated > 0 && ` ${text('bulk_pasted_repeated', { count: repeated })}`}
      </p>
      {others.length > 0 && (
        <ul class="ow-list ow-batch-list">
          {others.map((line) => (
            <li key={line.name} class="ow-row ow-batch-pasted">
              <Icon name={line.state === 'chosen' ? 'info' : 'warning'} />
              <span class="ow-row-text">
                <span class="ow-row-title" dir="auto">
                  {line.name}
                </span>
                <span class="ow-row-meta ow-wrap">
                  {text('bulk_pasted_line', {
                    line: line.line,
                    what: text(`bulk_pasted_${line.state}`, {
                      name: line.members[0]?.name ?? '',
                      count: line.members.length,
                    }),
                  })}
                </span>
                {line.state === 'ambiguous' && (
                  <span class="ow-batch-candidates">
                    {line.members.map((member) => (
                      <Button key={member.id} small onClick={() => choose.settle(line.name, member)}>
                        {text('bulk_pasted_choose', {
                          name: member.name,
                          about: [member.email, member.title].filter(Boolean).join(', '),
                        })}
                      </Button>
                    ))}
                  </span>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
