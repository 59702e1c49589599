import type { Engine } from '../../lib/engine/engine.ts';
import type { News } from '../../lib/messages/live-client.ts';
import type { Connections } from './connections.ts';

/** Overlays look again at most so often, milliseconds. */
const refreshEvery = 1_000;

/**
 * What the workspaces tell by themselves, while this background lives: panels that watch a run of another browser
 * hear of it at once, overlays look again, and drafts that were taken over or discarded elsewhere learn of it.
 */
export function createNews(
  connections: Connections,
  engine: Pick<Engine, 'compare'>,
  tell: (news: News) => void,
  refreshOverlays: () => Promise<void>,
) {
  const lines = new Map<string, { live: boolean; stop: () => void }>();
  let refreshing = false;
  const refreshSoon = (): void => {
    if (refreshing) return;
    refreshing = true;
    setTimeout(() => {
      refreshing = false;
      void refreshOverlays();
    }, refreshEvery);
  };

  const open = async (connection: string, line: { live: boolean; stop: () => void }): Promise<void> => {
    const workspace = await connections.workspace(connection);
    if (lines.get(connection) !== line) return;
    const stand = (live: boolean): void => {
      line.live = live;
      tell({ kind: 'news', connection, live });
    };
    line.stop =
      workspace.listen?.({
        news(news) {
          if (news.type === 'owner') return;
          refreshSoon();
          if (news.type !== 'run') return;
          tell({ kind: 'news', connection, live: true, run: news.run });
          void engine.compare(news.run).catch(() => {});
        },
        up: () => stand(true),
        down: () => stand(false),
      }) ?? line.stop;
  };

  return {
    /** Makes sure that somebody listens to this workspace; true while it can be heard. */
    listen(connection: string): boolean {
      const known = lines.get(connection);
      if (known) return known.live;
      const line = { live: false, stop: () => {} };
      lines.set(connection, line);
      void open(connection, line).catch(() => lines.delete(connection));
      return false;
    },
    stop(connection: string): void {
      lines.get(connection)?.stop();
      lines.delete(connection);
    },
  };
}
