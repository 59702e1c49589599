import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { get } from './api.ts';
import { listen, type Topic } from './live.ts';

export interface Resource<T> {
  data: T | undefined;
  /** Why there is no data, or why it could not be refreshed. */
  error: string | undefined;
  loading: boolean;
  /** Rises with each answer after a server event: what shows the data is drawn anew. */
  revision: number;
  reload(): Promise<void>;
}

/**
 * Reads a path of the application's own API and reads it again when the server tells of a change.
 * @param path behind /app; undefined reads nothing
 * @param topics what events concern it
 */
export function useResource<T>(
  path: string | undefined,
  topics: readonly Topic[] = ['owner', 'member'],
): Resource<T> {
  const [state, setState] = useState<Omit<Resource<T>, 'reload'>>({
    data: undefined,
    error: undefined,
    loading: true,
    revision: 0,
  });
  const latest = useRef<AbortController>(undefined);
  const names = topics.join(' ');

  const read = useCallback(
    async (fresh: boolean) => {
      if (path === undefined) return;
      latest.current?.abort();
      const controller = new AbortController();
      latest.current = controller;
      setState((before) => ({ ...before, loading: true }));
      try {
        const data = await get<T>(path, controller.signal);
        if (controller.signal.aborted) return;
        setState((before) => ({
          data,
          error: undefined,
          loading: false,
          revision: before.revision + (fresh ? 1 : 0),
        }));
      } catch (error) {
        if (controller.signal.aborted) return;
        const message = error instanceof Error ? error.message : String(error);
        setState((before) => ({ ...before, error: message, loading: false }));
      }
    },
    [path],
  );

  useEffect(() => {
    void read(false);
    return () => latest.current?.abort();
  }, [read]);
  useEffect(
    () =>
      listen((topic) => {
        if (names.split(' ').includes(topic)) void read(true);
      }),
    [names, read],
  );
  return { ...state, reload: () => read(false) };
}
