import { useModel } from '@preact/signals';
import { ConnectKey, type Findings, type KeyStart } from '../../lib/panel/connect-key.ts';
import { Button } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Link } from '../ui/Link.tsx';
import { Notice } from '../ui/Notice.tsx';
import { TextField } from '../ui/TextField.tsx';
import { useDependencies, useWords } from '../wizard/context.ts';
import { RefusalNotice } from '../wizard/RefusalNotice.tsx';

/** A workspace that a key opens: where it is, the key, who acts; what the key may do is shown before it is kept. */
export function KeyForm({ start, onConnected }: { start: KeyStart; onConnected: () => void }) {
  const dependencies = useDependencies();
  const { text } = useWords();
  const model = useModel(() => new ConnectKey(dependencies, start, onConnected));
  const { fields } = model;
  const { kind } = start;
  const state = model.state.value;
  const found = model.findings.value;
  const busy = state === 'trying' || state === 'connecting';
  const hosts = [model.page.value, model.api.value].flatMap((each) => (each ? [new URL(each).host] : []));
  return (
    <form
      class="ow-card ow-card-plain ow-connect"
      aria-label={text('key_card', { name: kind.name })}
      autocomplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        void (state === 'tried' ? model.connect() : model.tryKey());
      }}
    >
      <p>{text('key_intro', { name: kind.name })}</p>
      <TextField
        label={text('key_page')}
        type="url"
        value={fields.page.value}
        error={model.page.value === undefined ? text('connect_address_bad') : undefined}
        onInput={(value) => {
          fields.page.value = value;
        }}
      />
      <TextField
        label={text('key_api')}
        type="url"
        value={fields.api.value}
        hint={text('key_api_help')}
        error={model.api.value === undefined ? text('connect_address_bad') : undefined}
        onInput={(value) => {
          fields.api.value = value;
        }}
      />
      <TextField
        label={text('key_key')}
        type="password"
        value={fields.key.value}
        hint={text('key_key_help')}
        onInput={(value) => {
          fields.key.value = value;
        }}
      />
      <p class="ow-meta">
        <Link href={kind.keyPage} newTabLabel={text('new_tab')}>
          {text('key_where')}
        </Link>
      </p>
      <TextField
        label={text('key_name')}
        value={fields.name.value}
        onInput={(value) => {
          fields.name.value = value;
        }}
      />
      <TextField
        label={text('key_email')}
        value={fields.email.value}
        hint={text('key_actor_help')}
        onInput={(value) => {
          fields.email.value = value;
        }}
      />
      {state === 'declined' && (
        <Notice tone="warn">{text('key_declined', { hosts: hosts.join(', ') })}</Notice>
      )}
      {model.refusal.value && (
        <RefusalNotice refusal={model.refusal.value} title={text('key_failed', { name: kind.name })} />
      )}
      <div role="status" class="ow-stack">
        {found && <FoundOut findings={found} />}
      </div>
      <Button type="submit" variant="primary" large block busy={busy} disabled={!model.complete.value}>
        {text(state === 'tried' || state === 'connecting' ? 'key_connect' : 'key_try')}
      </Button>
      <p class="ow-meta">{text('key_asks', { hosts: hosts.join(', ') })}</p>
    </form>
  );
}

/** What harmless reads have shown of a key. */
function FoundOut({ findings }: { findings: Findings }) {
  const { text } = useWords();
  const { owner, reads, writes, warnings } = findings;
  return (
    <section class="ow-stack" aria-label={text('key_found')}>
      <h2 class="ow-section">{text('key_found')}</h2>
      <p>{owner.known ? text('key_owner', { name: owner.name, email: owner.email ?? '' }) : owner.detail}</p>
      <ul class="ow-connect-facts">
        {reads.map(({ id, name, answer, detail }) => (
          <li key={id}>
            <Icon name={answer === 'yes' ? 'check' : 'unread'} />
            <span>
              {text(`key_reads_${answer}`, { name })}
              {detail !== undefined && answer === 'failed' && <span class="ow-meta"> {detail}</span>}
            </span>
          </li>
        ))}
        <li>
          <Icon name="info" />
          <span>{writes.detail}</span>
        </li>
      </ul>
      {warnings.map((warning) => (
        <Notice key={warning} tone="warn">
          {warning}
        </Notice>
      ))}
      <Notice tone="warn">{text('key_own')}</Notice>
    </section>
  );
}
