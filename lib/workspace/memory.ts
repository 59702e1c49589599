/**
 * What a connector has learned of its workspace and has to know after a restart: small JSON values, by names of its
 * own. `set` resolves once it is on disk.
 */
export interface ConnectorMemory {
  get(name: string): Promise<unknown>;
  set(name: string, value: unknown): Promise<void>;
}

/**
 * What was found out under names that begin so holds for the secret with which it was found out: another one may do
 * and see less, or more.
 */
export const ofSecret = { reads: 'read ', writes: 'write ' } as const;

/** What of a connector's memory holds for another secret too. */
export const withoutFindings = (memory: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(memory).filter(
      ([name]) => !Object.values(ofSecret).some((prefix) => name.startsWith(prefix)),
    ),
  );

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
