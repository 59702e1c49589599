// First of all: what components say about themselves comes after what holds for all.
import '../ui/tokens.css';
import '../ui/base.css';

import { useModel } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { PanelDependencies } from '../../lib/panel/dependencies.ts';
import { Panel } from '../../lib/panel/panel.ts';
import { BatchScreen } from '../batch/BatchScreen.tsx';
import { ChooseScreen } from '../batch/ChooseScreen.tsx';
import { ConnectCard } from '../connections/ConnectCard.tsx';
import { ConnectionsPage } from '../connections/ConnectionsPage.tsx';
import { HistoryScreen } from '../runs/HistoryScreen.tsx';
import { ReviewScreen } from '../runs/ReviewScreen.tsx';
import { WatchScreen } from '../runs/WatchScreen.tsx';
import { type Announcer, LiveRegion } from '../ui/LiveRegion.tsx';
import { Skeleton } from '../ui/Skeleton.tsx';
import { DependenciesProvider, type Navigation, NavigationProvider, useWords } from './context.ts';
import { Home } from './Home.tsx';
import { LayoutProvider, useRootLayout } from './layout.ts';
import { RefusalPage } from './RefusalNotice.tsx';
import { RunScreen } from './RunScreen.tsx';
import './shell.css';
import './wizard.css';
import './run.css';
import './tab.css';

export interface AppProps {
  dependencies: PanelDependencies;
  announcer: Announcer;
}

/** The whole page, beside a workspace's page or in a tab of its own. */
export function App({ dependencies, announcer }: AppProps) {
  const panel = useModel(() => new Panel(dependencies));
  const layout = useRootLayout();
  const view = panel.view.value;
  useEffect(() => {
    if (view.kind !== 'run' && view.kind !== 'review') document.title = dependencies.text('page_title_plain');
  }, [view.kind, dependencies]);
  const home = () => void panel.home();
  const connections = () => panel.manage();
  const navigation: Navigation = {
    home,
    history: () => panel.history(),
    connections,
    connect: () => panel.connect(),
    show: (run) => panel.show(run),
    review: (run) => panel.review(run),
    watch: (connection, member) => panel.watch(connection, member),
    bulk: (connection) =>
      dependencies.surface === 'tab' ? panel.bulk(connection) : dependencies.openBulkTab(connection),
    batch: (batch) => panel.batch(batch),
    open: (connection, member) => void panel.open(connection, member),
  };
  return (
    <DependenciesProvider value={dependencies}>
      <LayoutProvider value={layout}>
        <NavigationProvider value={navigation}>
          <LiveRegion announcer={announcer} />
          {view.kind === 'loading' && <Opening />}
          {view.kind === 'home' && <Home panel={panel} />}
          {view.kind === 'connect' && (
            <ConnectCard
              onConnected={() => void panel.retry()}
              onHome={panel.connections.value.length > 0 ? home : undefined}
            />
          )}
          {view.kind === 'refused' && (
            <RefusalPage
              refusal={view.refusal}
              onRetry={() =>
                void (view.member ? panel.open(view.member.connection, view.member.id) : panel.retry())
              }
              onHome={panel.connections.value.length > 0 ? home : undefined}
            />
          )}
          {view.kind === 'connections' && <ConnectionsPage />}
          {view.kind === 'history' && <HistoryScreen />}
          {view.kind === 'watch' && (
            <WatchScreen
              key={`${view.connection} ${view.member}`}
              connection={view.connection}
              member={view.member}
            />
          )}
          {view.kind === 'bulk' && (
            <ChooseScreen key={view.connection} connection={view.connection} page={view.page} />
          )}
          {view.kind === 'batch' && <BatchScreen key={view.batch} batch={view.batch} />}
          {view.kind === 'review' && <ReviewScreen key={view.run} run={view.run} />}
          {view.kind === 'run' && (
            <RunScreen
              key={view.run}
              run={view.run}
              known={view.known}
              onHome={home}
              onConnections={connections}
            />
          )}
        </NavigationProvider>
      </LayoutProvider>
    </DependenciesProvider>
  );
}

/** While nobody knows yet what may be shown, and to whom. */
function Opening() {
  const { text } = useWords();
  return (
    <main class="ow-page ow-gutter">
      <Skeleton rows={6} height={48} text={text('loading_run')} />
    </main>
  );
}
