interface Runtime {
  id?: string;
  sendMessage(message: unknown): Promise<unknown>;
  onMessage: {
    addListener(listener: (message: unknown, sender: { id?: string }) => void): void;
    removeListener(listener: (message: unknown, sender: { id?: string }) => void): void;
  };
}

/**
 * What a script in a workspace's page needs of the browser, without the polyfill that our own pages use: both
 * browsers answer with promises here, and every page of the workspace would have to load it.
 */
export function pageRuntime() {
  const scope = globalThis as { browser?: { runtime?: Runtime }; chrome?: { runtime?: Runtime } };
  const runtime = (): Runtime | undefined => (scope.browser ?? scope.chrome)?.runtime;
  return {
    /** Whether the extension that this script came from is still there; false after an update or a removal. */
    alive: (): boolean => {
      try {
        return runtime()?.id !== undefined;
      } catch {
        return false;
      }
    },
    /** Sends to the background. Rejects when nobody hears it. */
    async sendMessage(message: unknown): Promise<unknown> {
      const there = runtime();
      if (!there?.id) throw new Error('Extension context invalidated.');
      return there.sendMessage(message);
    },
    /** Hears what our own background says, until `signal`. */
    listen(listener: (message: unknown) => void, signal: AbortSignal): void {
      const own = runtime();
      const heard = (message: unknown, sender: { id?: string }): void => {
        if (sender.id === own?.id) listener(message);
      };
      own?.onMessage.addListener(heard);
      signal.addEventListener('abort', () => own?.onMessage?.removeListener(heard));
    },
  };
}
