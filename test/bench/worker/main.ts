import { bareScan, sequential } from './bare.ts';
import { batch, replay } from './batch.ts';
import { execute, scan } from './engine.ts';
import type { Answer, Call, Calls } from './protocol.ts';

/** The benchmark's worker: like the extension's background it has no page, and the engine to itself. */
const calls: Calls = { scan, execute, bareScan, sequential, batch, replay };

self.addEventListener('message', (event: MessageEvent<Call>) => {
  const { id, method, setting } = event.data;
  const answer = (message: Answer): void => (self as unknown as Worker).postMessage(message);
  (calls[method] as (given: unknown) => Promise<unknown>)(setting).then(
    (value) => answer({ id, value }),
    (error: unknown) => answer({ id, error: error instanceof Error ? error.message : String(error) }),
  );
});
