import { useState } from 'preact/hooks';
import { Avatar } from '../../../components/ui/Avatar.tsx';
import { Button } from '../../../components/ui/Button.tsx';
import { Card } from '../../../components/ui/Card.tsx';
import { Checkbox } from '../../../components/ui/Checkbox.tsx';
import { Chip } from '../../../components/ui/Chip.tsx';
import { Disclosure } from '../../../components/ui/Disclosure.tsx';
import { Icon, type IconName } from '../../../components/ui/Icon.tsx';
import { IconButton } from '../../../components/ui/IconButton.tsx';
import { shapes } from '../../../components/ui/icons.ts';
import { Link } from '../../../components/ui/Link.tsx';
import { Notice } from '../../../components/ui/Notice.tsx';
import { ProgressBar } from '../../../components/ui/ProgressBar.tsx';
import { RadioCards } from '../../../components/ui/RadioCards.tsx';
import { Skeleton } from '../../../components/ui/Skeleton.tsx';
import { StateMark, type StateName } from '../../../components/ui/StateMark.tsx';
import { Stepper, type StepperStep } from '../../../components/ui/Stepper.tsx';
import { TextField } from '../../../components/ui/TextField.tsx';

const ignore = () => undefined;

export function ControlSection() {
  const [mode, setMode] = useState<'both' | 'only' | null>('both');
  const [text, setText] = useState('Northwind');
  const [ticked, setTicked] = useState(true);
  return (
    <>
      <div class="ow-line">
        <Button variant="primary">Continue</Button>
        <Button>Scan again</Button>
        <Button variant="text">Back</Button>
        <Button variant="danger">Move 1,284 and deactivate</Button>
        <Button variant="dangerText">Deactivate anyway</Button>
      </div>
      <div class="ow-line">
        <Button variant="primary" busy>
          Saving
        </Button>
        <Button busy>Counting</Button>
        <Button disabled>Start</Button>
        <Button variant="text" disabled>
          Back
        </Button>
        <Button variant="primary" large icon="play">
          Start the run
        </Button>
        <Button small icon="retry">
          Try again
        </Button>
        <IconButton icon="more" label="More" />
        <IconButton icon="expand" label="Open in tab" size={24} />
        <IconButton icon="close" label="Close" disabled />
      </div>
      <Button variant="primary" block>
        Open the wizard for somebody whose name does not fit on one line of a narrow panel
      </Button>
      <RadioCards
        label="Mode"
        value={mode}
        onChange={setMode}
        options={[
          {
            value: 'both',
            label: 'Execute and deactivate',
            description: 'Hands everything over, checks again, then sets Dana Ruiz inactive.',
          },
          {
            value: 'only',
            label: 'Execute only',
            description: 'Hands everything over. Dana Ruiz stays active.',
          },
        ]}
      />
      <RadioCards
        label="Mode of an inactive leaver"
        hideLabel
        value="only"
        onChange={ignore}
        options={[
          {
            value: 'both',
            label: 'Execute and deactivate',
            description: 'Dana Ruiz is inactive already.',
            disabled: true,
          },
          { value: 'only', label: 'Execute only' },
        ]}
      />
      <TextField
        label="Search"
        type="search"
        icon="search"
        value={text}
        onInput={setText}
        clearLabel="Clear"
      />
      <TextField
        label="Ticket or reason"
        value=""
        onInput={ignore}
        placeholder="OFF-212"
        hint="Up to 200 characters."
      />
      <TextField
        label="Address"
        value="nowhere"
        onInput={ignore}
        error="This is no address of a workspace."
      />
      <TextField label="Locked" value="Cannot be changed" onInput={ignore} disabled />
      <TextField
        label="Paste a list"
        value={'Northwind, tom@acme.example\nGlobex, mei@acme.example'}
        onInput={ignore}
        lines={3}
      />
      <div class="ow-stack">
        <Checkbox
          checked={ticked}
          onChange={setTicked}
          label="I have seen these 2 tokens and know that deactivation does not stop them."
        />
        <Checkbox
          checked={false}
          onChange={ignore}
          label="Who receives what is right"
          description="Tom Okafor 800, Mei Tanaka 484"
        />
        <Checkbox checked="mixed" onChange={ignore} label="Some of them" />
        <Checkbox checked={true} disabled onChange={ignore} label="Cannot be changed" />
      </div>
      <div class="ow-line">
        <Avatar name="Dana Ruiz" size={20} />
        <Avatar name="Tom Okafor" size={24} />
        <Avatar name="Mei Tanaka" />
        <Avatar name="Ines" size={36} />
        <Link href="https://acme.example/users/1" newTabLabel="new tab">
          Open API tokens
        </Link>
        <Link href="#here">Review 3 failures</Link>
        <Link href="data:text/html,hello">No link at all</Link>
      </div>
    </>
  );
}

const states: [StateName, string][] = [
  ['queued', 'Queued'],
  ['running', 'Running'],
  ['completed', 'Completed'],
  ['failed', 'Failed'],
  ['notRun', 'Not run'],
  ['moved', 'Moved'],
  ['skipped', 'Skipped'],
  ['unknown', 'Being verified'],
  ['unread', 'Could not be checked'],
  ['paused', 'Paused'],
];

export function StateSection() {
  return (
    <>
      <Link href="#first">First</Link>
      <Card headingLevel={2} heading="States">
        <div class="gallery-icons">
          {states.map(([state, text]) => (
            <StateMark key={state} state={state} text={text} />
          ))}
        </div>
      </Card>
      <div class="ow-line">
        <Chip>Active</Chip>
        <Chip tone="ok" icon="check">
          Completed
        </Chip>
        <Chip tone="warn" icon="clock">
          Scanned 2 days ago
        </Chip>
        <Chip tone="danger" icon="failed">
          Failed
        </Chip>
        <Chip tone="unknown" icon="unknown">
          12 being verified
        </Chip>
        <Chip tone="info">Live</Chip>
      </div>
      <div class="gallery-icons">
        {(Object.keys(shapes) as IconName[]).map((name) => (
          <span key={name}>
            <Icon name={name} />
            <Icon name={name} size={20} />
            {name}
          </span>
        ))}
      </div>
    </>
  );
}

export function MessageSection() {
  return (
    <>
      <Notice tone="info">This page is Omar Said. The panel stays with Dana Ruiz.</Notice>
      <Notice tone="ok" title="Dana Ruiz is inactive and owns nothing we can read.">
        Still to do by hand: 2 API tokens, 1 connected mailbox.
      </Notice>
      <Notice
        tone="warn"
        title="Paused after 20 failures in a row."
        action={{ label: 'Continue', onClick: ignore }}
      >
        All 20 say “Owner needs the CSM role”. Fix that, then continue, or end the run here.
      </Notice>
      <Notice
        tone="danger"
        title="The workspace sent something else than expected."
        action={{ label: 'Try again', onClick: ignore }}
        details={{
          label: 'Details',
          text: 'GET /api/offboarding/tasks 200\nExpected a list of tasks, got text.\n2026-11-22T14:02:11Z',
          copyLabel: 'Copy',
          copiedLabel: 'Copied',
          copy: () => Promise.resolve(),
        }}
      >
        Expected a list of tasks, got text. Nothing was changed.
      </Notice>
      <Notice
        tone="unknown"
        title="12 items are being verified."
        action={{ label: 'Open Settings > Users', href: 'https://acme.example/', newTabLabel: 'new tab' }}
      >
        The connection broke after we had sent them.
      </Notice>
      <Notice tone="danger" inline>
        3 open tasks did not move.
      </Notice>
      <Card
        headingLevel={2}
        heading="Customers by CSM"
        icon="customers.csm"
        aside={<span class="ow-strong">212</span>}
      >
        <p>38 overrides to 2 people.</p>
      </Card>
      <Card
        headingLevel={2}
        tone="danger"
        heading="2 API tokens outlive this deactivation."
        icon="tokens.api"
      >
        <p>Whoever holds a copy can go on reading and writing data.</p>
        <Checkbox checked={false} onChange={ignore} label="I have seen these 2 tokens." />
      </Card>
      <Card headingLevel={2} tone="warn" heading="Scheduled emails could not be checked" icon="unread">
        <p>The workspace refused the request.</p>
      </Card>
      <Disclosure summary="7 categories with nothing">
        <p>Dashboards, saved views, signatures and four more.</p>
      </Disclosure>
      <Disclosure summary="Open at once" open>
        <p>What is inside.</p>
      </Disclosure>
    </>
  );
}

const names = ['Impact scan', 'Reassignments', 'Future impact', 'Review', 'Execution'];
const steps: StepperStep[] = names.map((label, index) => ({
  id: label,
  label,
  state: index < 2 ? 'done' : index === 2 ? 'current' : 'ahead',
  link: index <= 2,
  ...(index < 2 ? { detail: index === 0 ? '1,284' : '38' } : {}),
}));
const stateTexts = { done: 'done', current: 'current step', ahead: 'not yet' };

export function ProgressSection() {
  const [current, setCurrent] = useState('Future impact');
  return (
    <>
      <div id="stepper">
        <Stepper label="Steps" steps={steps} onSelect={setCurrent} summary="3 of 5" stateTexts={stateTexts} />
      </div>
      <p id="chosen">{current}</p>
      <Stepper
        label="Steps, locked"
        steps={steps.map((step, index) => ({ ...step, link: false, state: index < 4 ? 'done' : 'current' }))}
        onSelect={ignore}
        summary="5 of 5"
        stateTexts={stateTexts}
      />
      <Card>
        <Stepper label="Steps in the rail" steps={steps} onSelect={ignore} stateTexts={stateTexts} vertical />
      </Card>
      <ProgressBar value={0.32} label="Run" valueText="412 of 1,284" />
      <ProgressBar value={1} label="Open tasks" tone="ok" />
      <ProgressBar value={null} label="Scanning" />
      <ProgressBar value={0.5} label="Customers" thin />
      <ProgressBar value={null} label="Views" thin />
      <Skeleton rows={3} height={48} text="Counting open tasks" delay={0} />
      <Skeleton rows={12} height={52} text="Loading tasks" delay={0} />
    </>
  );
}
