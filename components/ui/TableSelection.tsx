import type { ComponentChildren } from 'preact';
import { Button } from './Button.tsx';
import { Checkbox } from './Checkbox.tsx';
import { IconButton } from './IconButton.tsx';
import type { DataTableTexts, TableRow, TableSource } from './table-types.ts';

/** The checkbox for everything in view. */
export function SelectAll<Row extends TableRow>(props: {
  source: TableSource<Row>;
  texts: DataTableTexts;
  matching: number;
  onSelectAll: () => void;
}) {
  const { source } = props;
  void source.selectionVersion.value;
  const inView = source.selectedCount.value - source.selectedHidden.value;
  return (
    <Checkbox
      hideLabel
      label={props.texts.selectAll(props.matching)}
      checked={inView === 0 ? false : inView === props.matching ? true : 'mixed'}
      onChange={(checked) => {
        if (checked) props.onSelectAll();
        else source.select(0, props.matching, false);
      }}
    />
  );
}

/** How much is selected, how much of it is out of view, and what can be done with it. Absent while nothing is. */
export function SelectionBar<Row extends TableRow>(props: {
  source: TableSource<Row>;
  texts: DataTableTexts;
  onSelectAll: () => void;
  children: ComponentChildren;
}) {
  const { source, texts } = props;
  const count = source.selectedCount.value;
  const hidden = source.selectedHidden.value;
  const matching = source.matching.value;
  if (count === 0) return null;
  return (
    <div class="ow-table-bar">
      <div class="ow-table-bar-line">
        <span class="ow-strong ow-number">{texts.selected(count, hidden)}</span>
        {count - hidden < matching && (
          <Button small variant="text" onClick={props.onSelectAll}>
            {texts.selectAllMatching(matching)}
          </Button>
        )}
        <span class="ow-table-bar-close">
          <IconButton icon="close" label={texts.clearSelection} onClick={() => source.clearSelection()} />
        </span>
      </div>
      <div class="ow-table-bar-actions">{props.children}</div>
    </div>
  );
}
