/**
 * What a connector has learned of its workspace and has to know after a restart: small JSON values, by names of its
 * own. `set` resolves once it is on disk.
 */
export interface ConnectorMemory {
  get(name: string): Promise<unknown>;
  set(name: string, value: unknown): Promise<void>;
}

/** One that lasts as long as its process. */
export function createMemory(): ConnectorMemory {
  const values = new Map<string, unknown>();
  return {
    get: async (name) => values.get(name),
    set: async (name, value) => {
      values.set(name, structuredClone(value));
    },
  };
}
