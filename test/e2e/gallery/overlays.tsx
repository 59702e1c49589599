import { useState } from 'preact/hooks';
import { Button } from '../../../components/ui/Button.tsx';
import { Dialog } from '../../../components/ui/Dialog.tsx';
import { Menu } from '../../../components/ui/Menu.tsx';
import { Toast, type ToastContent } from '../../../components/ui/Toast.tsx';

export function OverlaySection() {
  const [open, setOpen] = useState<'none' | 'plain' | 'alert'>('none');
  const [chosen, setChosen] = useState('nothing');
  const [toast, setToast] = useState<ToastContent | null>(null);
  return (
    <>
      <div class="ow-line">
        <Button id="open-dialog" onClick={() => setOpen('plain')}>
          Open a dialog
        </Button>
        <Button id="open-alert" onClick={() => setOpen('alert')}>
          Open a question
        </Button>
        <Button
          id="open-toast"
          onClick={() =>
            setToast({
              id: String(performance.now()),
              text: '38 tasks go to Mei Tanaka.',
              undoLabel: 'Undo',
              onUndo: () => setChosen('undone'),
            })
          }
        >
          Show a toast
        </Button>
        <span class="ow-grow" />
        <span id="menu">
          <Menu
            label="More"
            onSelect={setChosen}
            items={[
              { id: 'tab', label: 'Open in tab', icon: 'expand' },
              { id: 'history', label: 'History', icon: 'history' },
              {
                id: 'connections',
                label: 'Connections',
                icon: 'plug',
                disabled: true,
                description: 'Not while a run executes.',
              },
              { id: 'discard', label: 'Discard draft', icon: 'close', danger: true, divided: true },
            ]}
          />
        </span>
        <Menu
          label="Sort"
          icon="sort"
          showLabel
          onSelect={setChosen}
          items={[
            { id: 'found', label: 'As found', checked: true },
            { id: 'name', label: 'Name, ascending', checked: false },
          ]}
        />
      </div>
      <p id="chosen">{chosen}</p>
      <Toast toast={toast} closeLabel="Close" onClose={() => setToast(null)} />
      <Dialog
        open={open === 'plain'}
        title="Discard this draft?"
        onClose={() => setOpen('none')}
        actions={
          <>
            <Button onClick={() => setOpen('none')}>Cancel</Button>
            <Button variant="danger" armAfter={400} onClick={() => setChosen('discarded')}>
              Discard draft
            </Button>
          </>
        }
      >
        <p>The plan and its 38 overrides are gone then. Nothing changes in the workspace.</p>
      </Dialog>
      <Dialog
        open={open === 'alert'}
        alert
        title="Move 1,284 items and deactivate Dana Ruiz (dana.ruiz@acme.example)?"
        onClose={() => setOpen('none')}
        initialFocus="[data-first]"
        actions={
          <>
            <Button
              class="ow-dialog-apart"
              variant="dangerText"
              armAfter={400}
              onClick={() => setChosen('anyway')}
            >
              Deactivate anyway
            </Button>
            <Button data-first="" onClick={() => setOpen('none')}>
              Cancel
            </Button>
            <Button variant="primary" onClick={() => setOpen('none')}>
              Move 1,284 and deactivate
            </Button>
          </>
        }
      >
        <p>Tom Okafor receives 800, Mei Tanaka 484. Deactivation happens only if every step completes.</p>
        <p>There is no undo; changing it back takes a new run.</p>
      </Dialog>
    </>
  );
}
