import { useModel } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { OwnControls } from '../../lib/panel/own-controls.ts';
import type { ConnectionView } from '../../lib/panel/types.ts';
import { Button } from '../ui/Button.tsx';
import { Disclosure } from '../ui/Disclosure.tsx';
import { Notice } from '../ui/Notice.tsx';
import { useDependencies, useWords } from '../wizard/context.ts';
import { RefusalNotice } from '../wizard/RefusalNotice.tsx';

/** Where the wizard does not find the page's own control: point at it, see what that finds, take it along as a file. */
export function ControlsOf({ connection }: { connection: ConnectionView }) {
  const dependencies = useDependencies();
  const { text } = useWords();
  const model = useModel(
    () => new OwnControls(dependencies, { connection: connection.id, origin: connection.origin }),
  );
  const file = useRef<HTMLInputElement>(null);
  const controls = model.controls.value;
  const shown = model.shown.value;
  return (
    <Disclosure summary={text('control_title', { count: controls.length })}>
      <div class="ow-stack">
        <p>{text('control_intro')}</p>
        <ul class="ow-list">
          {controls.map((control) => {
            const [first] = control.found;
            const name =
              first && 'css' in first ? first.css : (first?.name ?? first?.after ?? first?.role ?? '');
            return (
              <li key={control.id} class="ow-row">
                <span class="ow-row-text">
                  <span class="ow-row-title">{text(`control_${control.place}`, { name })}</span>
                  <span class="ow-row-meta">{control.path}</span>
                </span>
                <Button
                  small
                  aria-label={text('control_show_of', { name })}
                  onClick={() => void model.look([control])}
                >
                  {text('control_show')}
                </Button>
                <Button
                  small
                  variant="dangerText"
                  aria-label={text('control_remove_of', { name })}
                  onClick={() => void model.remove(control.id)}
                >
                  {text('connections_remove')}
                </Button>
              </li>
            );
          })}
        </ul>
        <div role="status">
          {shown && (
            <Notice tone={shown.kind === 'found' && shown.count > 0 ? 'ok' : 'warn'} inline>
              {shown.kind === 'found'
                ? text('control_found', { count: shown.count })
                : text(shown.kind === 'elsewhere' ? 'control_elsewhere' : 'control_no_tab')}
            </Notice>
          )}
        </div>
        {model.refusal.value && <RefusalNotice refusal={model.refusal.value} />}
        <div class="ow-line">
          <Button icon="search" busy={model.pointing.value} onClick={() => void model.point()}>
            {text('control_point')}
          </Button>
          {controls.length > 0 && <Button onClick={() => model.export()}>{text('control_export')}</Button>}
          <Button onClick={() => file.current?.click()}>{text('control_import')}</Button>
          <input
            ref={file}
            type="file"
            accept="application/json,.json"
            hidden
            aria-label={text('control_import')}
            onChange={(event) => {
              const [chosen] = event.currentTarget.files ?? [];
              event.currentTarget.value = '';
              void chosen?.text().then((words) => model.import(words));
            }}
          />
        </div>
      </div>
    </Disclosure>
  );
}
