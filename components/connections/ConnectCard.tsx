import { useModel } from '@preact/signals';
import { useRef, useState } from 'preact/hooks';
import { Connect } from '../../lib/panel/connect.ts';
import { KeyedKinds, type KeyedKindView } from '../../lib/panel/connect-key.ts';
import { Button } from '../ui/Button.tsx';
import { Disclosure } from '../ui/Disclosure.tsx';
import { Icon, type IconName } from '../ui/Icon.tsx';
import { Notice } from '../ui/Notice.tsx';
import { TextField } from '../ui/TextField.tsx';
import { useDependencies, useWords } from '../wizard/context.ts';
import { RefusalNotice } from '../wizard/RefusalNotice.tsx';
import { KeyForm } from './KeyForm.tsx';
import './connect.css';

/** One card: which site, as whom, what is read and written, and one button that asks the browser. */
export function ConnectCard({
  onConnected,
  onHome,
}: {
  onConnected: () => void;
  onHome?: (() => void) | undefined;
}) {
  const dependencies = useDependencies();
  const { text } = useWords();
  const model = useModel(() => new Connect(dependencies, onConnected));
  const { kinds } = useModel(() => new KeyedKinds(dependencies));
  const [typed, setTyped] = useState('');
  const [chosen, choose] = useState<KeyedKindView | undefined>(undefined);
  const origin = model.origin.value;
  const state = model.state.value;
  const { workspace, viewer } = model.preview.value;
  const needs = model.needs.value;
  const more = model.missing.value;
  const hosts = (more ?? needs)?.origins.map((each) => new URL(each).host) ?? [];
  const byToken = needs?.secret === 'instead' && model.secret.value !== '';
  const facts: [IconName, string][] = [
    ['person', viewer === undefined ? text('connect_acts_unknown') : text('connect_acts', { name: viewer })],
    ['search', text('connect_reads')],
    ['check', text('connect_writes')],
    ['lock', text('connect_stays')],
    // The browser will name them too; whoever reads this first is not surprised.
    ...(hosts.length > 1
      ? [['plug', text('connect_sites', { hosts: hosts.join(', ') })] as [IconName, string]]
      : []),
    ...(needs?.permissions.includes('cookies') && !byToken
      ? [['person', text('connect_session')] as [IconName, string]]
      : []),
  ];
  // Decided once, when the browser has told or not, so that the field never moves under the fingers.
  const folded = useRef(false);
  if (state === 'looking' || (typed === '' && origin !== undefined)) folded.current = origin !== undefined;
  const field = (
    <TextField
      label={text('connect_address')}
      type="url"
      value={typed}
      placeholder={origin ?? ''}
      hint={text('connect_address_help')}
      error={typed !== '' && origin === undefined ? text('connect_address_bad') : undefined}
      onInput={(value) => {
        setTyped(value);
        model.choose(value);
      }}
    />
  );
  // On the pages of a product that a key opens there is nothing else to ask for.
  const byKey = chosen ?? kinds.value.find(({ pages }) => origin !== undefined && pages.includes(origin));
  const others = kinds.value.filter(({ kind }) => kind !== byKey?.kind);
  const head = (
    <>
      <h1 id="step-title" class="ow-title" tabIndex={-1}>
        {text('connect_title')}
      </h1>
      {!byKey && <p>{text('connect_intro')}</p>}
    </>
  );
  const foot = (
    <div class="ow-line">
      {others.map((kind) => (
        <Button key={kind.kind} variant="text" icon="lock" onClick={() => choose(kind)}>
          {text('key_choose', { name: kind.name })}
        </Button>
      ))}
      {chosen && (
        <Button variant="text" icon="back" onClick={() => choose(undefined)}>
          {text('key_other')}
        </Button>
      )}
      {onHome && (
        <Button variant="text" icon="back" onClick={onHome}>
          {text('back')}
        </Button>
      )}
    </div>
  );
  if (byKey)
    return (
      <main class="ow-page ow-gutter">
        {head}
        <KeyForm
          key={byKey.kind}
          start={{ kind: byKey, ...(origin !== undefined && byKey.pages.includes(origin) && { origin }) }}
          onConnected={onConnected}
        />
        {foot}
      </main>
    );
  return (
    <main class="ow-page ow-gutter">
      {head}
      <section class="ow-card ow-card-plain ow-connect" aria-label={text('connect_card')}>
        {origin !== undefined && (
          <div class="ow-connect-site">
            <Icon name="plug" />
            <span class="ow-grow">
              {workspace !== undefined && <span class="ow-strong">{workspace}</span>}
              <span class="ow-connect-origin">{origin}</span>
            </span>
          </div>
        )}
        <ul class="ow-connect-facts">
          {facts.map(([icon, fact]) => (
            <li key={fact}>
              <Icon name={icon} />
              <span>{fact}</span>
            </li>
          ))}
        </ul>
        {state === 'declined' && origin !== undefined && (
          <Notice tone="warn">{text('connect_declined', { origin })}</Notice>
        )}
        {state === 'more' && more && (
          <Notice tone="info">
            {text('connect_more', { hosts: hosts.join(', '), count: hosts.length })}
          </Notice>
        )}
        {model.refusal.value && origin !== undefined && (
          <RefusalNotice refusal={model.refusal.value} title={text('connect_failed', { origin })} />
        )}
        {state === 'looking' ? null : folded.current ? (
          <Disclosure summary={text('connect_other')}>{field}</Disclosure>
        ) : (
          field
        )}
        {needs && needs.secret !== 'none' && (
          <SecretField
            needed={needs.secret === 'needed'}
            value={model.secret.value}
            onInput={(value) => {
              model.secret.value = value;
            }}
          />
        )}
        <Button
          variant="primary"
          large
          block
          busy={state === 'asking'}
          disabled={origin === undefined || (needs?.secret === 'needed' && model.secret.value === '')}
          onClick={() => void model.allow()}
        >
          {state === 'asking' ? text('connect_asking') : text('connect_action')}
        </Button>
      </section>
      {foot}
    </main>
  );
}

/** A token or an API key: asked for where nothing else opens the workspace, folded away where it is another way. */
function SecretField({
  needed,
  value,
  onInput,
}: {
  needed: boolean;
  value: string;
  onInput: (value: string) => void;
}) {
  const { text } = useWords();
  const field = (
    <TextField
      label={text(needed ? 'connect_key' : 'connect_token')}
      type="password"
      value={value}
      hint={text(needed ? 'connect_key_help' : 'connect_token_help')}
      onInput={(typed) => onInput(typed.trim())}
    />
  );
  return needed ? field : <Disclosure summary={text('connect_token_instead')}>{field}</Disclosure>;
}
