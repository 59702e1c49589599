import { useModel } from '@preact/signals';
import { useState } from 'preact/hooks';
import { Connections } from '../../lib/panel/connections.ts';
import type { ConnectionView } from '../../lib/panel/types.ts';
import { Page } from '../runs/Page.tsx';
import { Button } from '../ui/Button.tsx';
import { Card } from '../ui/Card.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Link } from '../ui/Link.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Skeleton } from '../ui/Skeleton.tsx';
import { useDependencies, useNavigation, useWords } from '../wizard/context.ts';
import { RefusalNotice } from '../wizard/RefusalNotice.tsx';
import { Unreadable } from '../wizard/Unreadable.tsx';
import { KeyForm } from './KeyForm.tsx';
import { ControlsOf } from './OwnControls.tsx';

type Model = InstanceType<typeof Connections>;

/** What is connected, as whom, with which rights; test it, take it away. */
export function ConnectionsPage() {
  const dependencies = useDependencies();
  const { text } = useWords();
  const navigation = useNavigation();
  const model = useModel(() => new Connections(dependencies));
  const list = model.list.value;
  const removing = list?.find(({ id }) => id === model.removing.value);
  return (
    <Page title={text('connections_title')}>
      {model.refusal.value && (
        <RefusalNotice
          refusal={model.refusal.value}
          {...(!list && { action: { label: text('retry'), onClick: () => void model.retry() } })}
        />
      )}
      {model.unreadable.value !== undefined && (
        <Unreadable
          title={text('unreadable_runs')}
          detail={model.unreadable.value}
          onRetry={() => void model.retry()}
        />
      )}
      {!list && !model.refusal.value && <Skeleton rows={2} height={52} text={text('connections_loading')} />}
      {list?.length === 0 && <p>{text('connections_none')}</p>}
      {list?.map((connection) => (
        <ConnectionCard key={connection.id} model={model} connection={connection} />
      ))}
      <div>
        <Button icon="plug" onClick={navigation.connect}>
          {text(list && list.length > 0 ? 'connect_another' : 'connect_action')}
        </Button>
      </div>
      {removing && <RemoveDialog model={model} connection={removing} />}
    </Page>
  );
}

function ConnectionCard({ model, connection }: { model: Model; connection: ConnectionView }) {
  const { text } = useWords();
  const tested = model.tested.value.get(connection.id);
  const runs = model.runs.value.get(connection.id) ?? 0;
  const past = model.bypasses.value.get(connection.id) ?? 0;
  // Two sites can call themselves the same: then the address tells them apart.
  const { name } = connection.workspace;
  const alike = model.list.value?.some((each) => each.id !== connection.id && each.workspace.name === name);
  const title = alike ? `${name} · ${new URL(connection.origin).host}` : name;
  const { keyed } = connection;
  const [replacing, setReplacing] = useState(false);
  const kind = model.kinds.value.find((each) => each.kind === connection.kind);
  const viewer = typeof tested === 'object' && tested.ok ? tested.viewer : undefined;
  return (
    <Card heading={title} headingLevel={2} icon="plug">
      <dl class="ow-runs-facts">
        <dt>{text('connections_site')}</dt>
        <dd>
          <Link href={connection.origin} newTabLabel={text('new_tab')}>
            {connection.origin}
          </Link>
        </dd>
        <dt>{text('connections_as')}</dt>
        <dd>
          {keyed
            ? text(keyed.actor ? 'key_said' : 'key_nobody', {
                name: keyed.actor?.name ?? '',
                email: keyed.actor?.email ?? '',
              })
            : viewer
              ? text('connections_person', { name: viewer.name, email: viewer.email })
              : text(tested === 'asking' ? 'connections_asking' : 'connections_unknown')}
        </dd>
        {keyed && (
          <>
            <dt>{text('key_ends')}</dt>
            <dd>{text('key_ends_value', { hint: keyed.hint, host: new URL(keyed.api).host })}</dd>
          </>
        )}
        {viewer && !keyed && (
          <>
            <dt>{text('connections_rights')}</dt>
            <dd>{text(`connections_admin_${viewer.admin}`)}</dd>
          </>
        )}
        <dt>{text('connections_runs')}</dt>
        <dd>
          {text('connections_runs_here', { count: runs })}
          {past > 0 && <div>{text('connections_past', { count: past })}</div>}
        </dd>
      </dl>
      {connection.localOnly && <p class="ow-meta">{text('local_only')}</p>}
      <div role="status">
        {typeof tested === 'object' && tested.ok && (
          <Notice tone="ok" inline>
            {text('connections_works', { took: tested.took })}
          </Notice>
        )}
      </div>
      {typeof tested === 'object' && !tested.ok && <RefusalNotice refusal={tested.refusal} />}
      <div class="ow-line">
        <Button
          icon="retry"
          busy={tested === 'asking'}
          aria-label={text('connections_test_of', { workspace: title })}
          onClick={() => void model.test(connection.id)}
        >
          {text('connections_test')}
        </Button>
        {keyed && kind && (
          <Button
            icon="lock"
            aria-label={text('key_replace_of', { workspace: title })}
            aria-expanded={replacing}
            onClick={() => setReplacing(!replacing)}
          >
            {text(replacing ? 'key_keep' : 'key_replace')}
          </Button>
        )}
        <Button
          variant="dangerText"
          aria-label={text('connections_remove_of', { workspace: title })}
          onClick={() => model.askRemove(connection.id)}
        >
          {text('connections_remove')}
        </Button>
      </div>
      {!connection.broken && <ControlsOf connection={connection} />}
      {replacing && keyed && kind && (
        <KeyForm
          start={{ ...keyed, kind, origin: connection.origin }}
          onConnected={() => {
            setReplacing(false);
            void model.retry();
            void model.test(connection.id);
          }}
        />
      )}
    </Card>
  );
}

function RemoveDialog({ model, connection }: { model: Model; connection: ConnectionView }) {
  const { text } = useWords();
  const count = model.runs.value.get(connection.id) ?? 0;
  // What belongs to another connection as well stays with that one.
  const isShared = model.list.value?.some(
    ({ id, workspace }) => id !== connection.id && workspace.id === connection.workspace.id,
  );
  const past = isShared ? 0 : (model.bypasses.value.get(connection.id) ?? 0);
  return (
    <Dialog
      open
      alert
      title={text('connections_remove_title', { workspace: connection.workspace.name })}
      onClose={() => model.keep()}
      actions={
        <>
          <Button onClick={() => model.keep()}>{text('connections_keep')}</Button>
          <Button
            variant="danger"
            armAfter={400}
            busy={model.busy.value}
            onClick={() => void model.remove(connection.id)}
          >
            {text('connections_remove_action', { count })}
          </Button>
        </>
      }
    >
      <p>{text('connections_remove_body', { count, past, origin: connection.origin })}</p>
      {count + past > 0 && (
        <p>
          <Button
            icon={model.exported.value ? 'check' : 'copy'}
            busy={model.busy.value}
            onClick={() => void model.export(connection)}
          >
            {text(model.exported.value ? 'connections_exported' : 'connections_export', { count })}
          </Button>
        </p>
      )}
    </Dialog>
  );
}
