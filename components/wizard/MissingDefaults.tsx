import type { ReassignmentsModel } from '../../lib/panel/reassignments.ts';
import type { WizardModel } from '../../lib/panel/wizard.ts';
import { categoryName } from '../../lib/panel/words.ts';
import { Card } from '../ui/Card.tsx';
import { MemberPicker } from '../ui/MemberPicker.tsx';
import { useWords } from './context.ts';
import { usePicker } from './picker.ts';

export interface MissingDefaultsProps {
  wizard: WizardModel;
  reassignments: Pick<ReassignmentsModel, 'setDefault' | 'used'>;
}

/** Items appeared that the plan has nobody for: who receives them, asked where the run stands still. */
export function MissingDefaults({ wizard, reassignments }: MissingDefaultsProps) {
  const { text, number } = useWords();
  const picker = usePicker(wizard);
  const run = wizard.run.value;
  const asked = run.categories.filter(({ id }) => id === run.pause?.detail);
  return (
    <>
      {asked.map((category) => {
        const name = categoryName(text, category);
        const target = run.plan.defaults[category.id];
        return (
          <Card
            key={category.id}
            heading={name}
            headingLevel={2}
            icon={category.kind}
            aside={<span class="ow-strong">{number(run.pause?.count ?? 0)}</span>}
          >
            <MemberPicker
              label={text('reassign_pick', { category: name })}
              value={target && 'member' in target ? picker.show(target.member) : null}
              search={picker.search}
              used={reassignments.used.value.map(picker.show)}
              texts={picker.texts}
              onChange={(id) => void reassignments.setDefault(category.id, { member: id })}
            />
          </Card>
        );
      })}
    </>
  );
}
