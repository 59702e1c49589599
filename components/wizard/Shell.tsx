import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { WizardModel } from '../../lib/panel/wizard.ts';
import { nameOfScreen } from '../../lib/panel/words.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Button } from '../ui/Button.tsx';
import { Chip } from '../ui/Chip.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Disclosure } from '../ui/Disclosure.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { Menu, type MenuItem } from '../ui/Menu.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Stepper } from '../ui/Stepper.tsx';
import { useDependencies, useNavigation, useWords } from './context.ts';
import { Done } from './Done.tsx';
import { SaveStateLine } from './Footer.tsx';
import { focusOn, useLayout } from './layout.ts';

export interface ShellProps {
  wizard: WizardModel;
  onHome: () => void;
  onConnections: () => void;
  children: ComponentChildren;
  footer?: ComponentChildren;
  /** Rows fill the page from the header down and scroll by themselves. */
  sheet?: boolean;
  /** The tab's third column, where there is room for one. */
  inspector?: ComponentChildren;
  /** Rows beside or beneath the step, in the tab; each part scrolls by itself. */
  detail?: ComponentChildren;
  split?: 'beside' | 'beneath';
}

/** Header, steps and footer around one step; in the tab a rail at the start and an inspector at the end. */
export function Shell({
  wizard,
  onHome,
  onConnections,
  children,
  footer,
  inspector,
  detail,
  split = 'beside',
  sheet = false,
}: ShellProps) {
  const layout = useLayout();
  const { text } = useWords();
  const run = wizard.run.value;
  const screen = wizard.screen.value;
  const notes = <p>{text(`notes_${screen}`, { name: run.leaver.name })}</p>;
  const menu = <RunMenu wizard={wizard} onHome={onHome} onConnections={onConnections} />;
  const third = layout === 'full' && !sheet && !detail && split === 'beside';
  if (layout === 'wide' || layout === 'full')
    return (
      <div class="ow-shell ow-shell-wide">
        <aside class="ow-rail" aria-label={run.leaver.name}>
          <div class="ow-rail-leaver">
            <Leaver wizard={wizard} />
            {menu}
          </div>
          <WizardStepper wizard={wizard} vertical />
          <div class="ow-rail-end">
            <SaveStateLine wizard={wizard} />
          </div>
        </aside>
        <div class="ow-shell-main">
          <main
            class={`ow-content${sheet ? ' ow-content-sheet' : ''}${detail ? ` ow-split ow-split-${split}` : ''}`}
          >
            <div class="ow-split-step">
              <OfBatch wizard={wizard} />
              <Gone wizard={wizard} />
              {children}
              {!sheet && !third && <Disclosure summary={text('step_notes')}>{notes}</Disclosure>}
            </div>
            {detail}
          </main>
          {footer ?? <Done wizard={wizard} apart />}
        </div>
        {third && (
          <aside class="ow-inspector" aria-label={text('step_notes')}>
            {inspector}
            <section class="ow-stack ow-tight">
              <h2 class="ow-section">{text('step_notes')}</h2>
              {notes}
            </section>
          </aside>
        )}
      </div>
    );
  return (
    <div class={`ow-shell${sheet ? ' ow-shell-sheet' : ''}`}>
      <header class="ow-header ow-gutter">
        <div class="ow-header-line">
          <Leaver wizard={wizard} />
          {menu}
          <TabButton wizard={wizard} />
        </div>
        <WizardStepper wizard={wizard} />
        <Elsewhere wizard={wizard} />
      </header>
      <main class={`ow-content ow-gutter${sheet ? ' ow-content-sheet' : ''}`}>
        <OfBatch wizard={wizard} />
        <Gone wizard={wizard} />
        {children}
        {!sheet && <Disclosure summary={text('step_notes')}>{notes}</Disclosure>}
      </main>
      {footer ?? <Done wizard={wizard} apart />}
    </div>
  );
}

/** Whose run this is, on every screen. */
function Leaver({ wizard }: { wizard: WizardModel }) {
  const { text } = useWords();
  const { leaver, steps } = wizard.run.value;
  const deactivated = steps.some(({ kind, state }) => kind === 'deactivate' && state === 'completed');
  const active = leaver.active && !deactivated;
  return (
    <div class="ow-leaver">
      <Avatar name={leaver.name} />
      <div class="ow-leaver-text">
        <p class="ow-leaver-line">
          <span class="ow-leaver-name" dir="auto" title={leaver.name}>
            {leaver.name}
          </span>
          <Chip tone={active ? 'neutral' : 'warn'}>{text(active ? 'status_active' : 'status_inactive')}</Chip>
        </p>
        <p class="ow-leaver-email" dir="auto" title={leaver.email}>
          {leaver.email}
        </p>
      </div>
    </div>
  );
}

/** The page beside the panel is another member's: the panel stays with its run. */
function Elsewhere({ wizard }: { wizard: WizardModel }) {
  const { text } = useWords();
  const other = wizard.elsewhere.value;
  if (other === undefined) return null;
  return <p class="ow-elsewhere">{text('page_elsewhere', { other, name: wizard.run.value.leaver.name })}</p>;
}

/** One of several that are offboarded together: the way back to them. */
function OfBatch({ wizard }: { wizard: WizardModel }) {
  const { text } = useWords();
  const navigation = useNavigation();
  const { batch } = wizard.run.value;
  if (batch === undefined) return null;
  return (
    <div>
      <Button variant="text" icon="back" small onClick={() => navigation.batch(batch)}>
        {text('bulk_back')}
      </Button>
    </div>
  );
}

/** Why nothing can be changed any more, on every step of a draft whose leaver has vanished. */
function Gone({ wizard }: { wizard: WizardModel }) {
  const { text } = useWords();
  if (!wizard.gone.value) return null;
  return (
    <Notice id="gone" tone="warn" title={text('gone_title', { name: wizard.run.value.leaver.name })}>
      {text('gone_body')}
    </Notice>
  );
}

function TabButton({ wizard }: { wizard: WizardModel }) {
  const { surface, openWizardTab } = useDependencies();
  const { text } = useWords();
  if (surface === 'tab') return null;
  return (
    <IconButton
      icon="expand"
      label={text('menu_open_tab')}
      onClick={() => openWizardTab(wizard.run.peek().id)}
    />
  );
}

function RunMenu({ wizard, onHome, onConnections }: Pick<ShellProps, 'wizard' | 'onHome' | 'onConnections'>) {
  const { surface, openWizardTab } = useDependencies();
  const { text } = useWords();
  const navigation = useNavigation();
  const [asking, setAsking] = useState(false);
  const run = wizard.run.value;
  // The screen of an executing run is not left in that panel (W6.1).
  const locked = surface === 'panel' && ['executing', 'stopping', 'paused', 'waiting'].includes(run.phase);
  const items: MenuItem[] = [];
  if (surface === 'panel') items.push({ id: 'tab', label: text('menu_open_tab'), icon: 'expand' });
  if (!locked) {
    items.push({ id: 'home', label: text('menu_home'), icon: 'person' });
    items.push({ id: 'history', label: text('menu_history'), icon: 'history' });
    items.push({ id: 'connections', label: text('menu_connections'), icon: 'plug' });
  }
  if (run.phase === 'draft')
    items.push({ id: 'discard', label: text('menu_discard'), icon: 'close', danger: true, divided: true });
  if (items.length === 0) return null;
  return (
    <>
      <Menu
        label={text('menu')}
        items={items}
        onSelect={(id) => {
          if (id === 'tab') openWizardTab(run.id);
          else if (id === 'home') onHome();
          else if (id === 'history') navigation.history();
          else if (id === 'connections') onConnections();
          else setAsking(true);
        }}
      />
      <Dialog
        open={asking}
        alert
        title={text('discard_title', { name: run.leaver.name })}
        onClose={() => setAsking(false)}
        actions={
          <>
            <Button onClick={() => setAsking(false)}>{text('discard_keep')}</Button>
            <Button
              variant="danger"
              armAfter={400}
              onClick={() => {
                setAsking(false);
                void wizard.discard();
              }}
            >
              {text('discard_action')}
            </Button>
          </>
        }
      >
        <p>{text('discard_body')}</p>
      </Dialog>
    </>
  );
}

function WizardStepper({ wizard, vertical = false }: { wizard: WizardModel; vertical?: boolean }) {
  const { text } = useWords();
  const steps = wizard.steps.value;
  const current = steps.indexOf(wizard.screen.value);
  const editable = wizard.run.value.phase === 'draft';
  return (
    <Stepper
      label={text('steps_label')}
      vertical={vertical}
      summary={text('step_position', { step: current + 1, count: steps.length })}
      stateTexts={{ done: text('step_done'), current: text('step_current'), ahead: text('step_ahead') }}
      steps={steps.map((screen, index) => ({
        id: screen,
        label: nameOfScreen(text, screen),
        state: index === current ? 'current' : index < current ? 'done' : 'ahead',
        link: editable && wizard.reachable.value.includes(screen),
      }))}
      onSelect={(id) => {
        const screen = steps.find((each) => each === id);
        if (screen && screen !== wizard.screen.peek()) wizard.show(screen);
        else focusOn('step-title');
      }}
    />
  );
}
