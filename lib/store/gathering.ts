/**
 * One write after another, and whatever is wanted while one is on its way goes together with the next: a disk that
 * takes its time costs a wait, not a wait for each. `store` writes all it is given, or nothing and throws. The returned
 * function resolves with what `store` says of its own write once that is stored; one that cannot be stored takes no
 * other with it.
 */
export function gather<Write, Result>(
  store: (writes: readonly Write[]) => Promise<readonly Result[]>,
): (write: Write) => Promise<Result> {
  interface Waiting {
    write: Write;
    resolve(result: Result): void;
    reject(error: unknown): void;
  }
  let waiting: Waiting[] = [];
  let writing = false;

  const storeAll = async (together: readonly Waiting[]): Promise<void> => {
    try {
      const results = await store(together.map(({ write }) => write));
      for (const [index, { resolve }] of together.entries()) resolve(results[index] as Result);
    } catch (error) {
      const [only] = together;
      if (only && together.length === 1) only.reject(error);
      else for (const one of together) await storeAll([one]);
    }
  };
  const drain = async (): Promise<void> => {
    if (writing) return;
    writing = true;
    while (waiting.length > 0) {
      const together = waiting;
      waiting = [];
      await storeAll(together);
    }
    writing = false;
  };
  return (write) =>
    new Promise((resolve, reject) => {
      waiting.push({ write, resolve, reject });
      void drain();
    });
}
