import { z } from 'zod';
import type { Clock } from '../dispatcher.ts';
import { type ConnectorMemory, ofSecret } from '../memory.ts';

/**
 * What is known of writes that no source confirms: nothing yet, that they work, or that they do not. It is kept on
 * disk before it counts, so that no restart tries a second time what was found out.
 */
export type Proof =
  /** `lacking`: so many items of which not every way could be tried were left as they were. */
  | { state: 'unknown'; tries: number; lacking?: number | undefined }
  /** The first item is being written; nobody has seen what came of it. */
  | {
      state: 'trying';
      tries: number;
      ref: string;
      way: string;
      to: string;
      lacking?: number | undefined;
    }
  | { state: 'works'; way: string }
  /** It does not; until then it is not tried again. */
  | { state: 'refused'; detail: string; until: string };

export interface Proofs {
  get(name: string): Promise<Proof>;
  set(name: string, proof: Proof): Promise<void>;
}

const proofSchema = z.union([
  z.object({ state: z.literal('unknown'), tries: z.number(), lacking: z.number().optional() }),
  z.object({
    state: z.literal('trying'),
    tries: z.number(),
    ref: z.string(),
    way: z.string(),
    to: z.string(),
    lacking: z.number().optional(),
  }),
  z.object({ state: z.literal('works'), way: z.string() }),
  z.object({ state: z.literal('refused'), detail: z.string(), until: z.string() }),
]);

export function createProofs(memory: ConnectorMemory, clock: Clock): Proofs {
  const fresh: Proof = { state: 'unknown', tries: 0 };
  return {
    async get(name) {
      const proof = proofSchema.safeParse(await memory.get(ofSecret.writes + name)).data ?? fresh;
      if (proof.state !== 'refused') return proof;
      return clock.now().getTime() > Date.parse(proof.until) ? fresh : proof;
    },
    set: (name, proof) => memory.set(ofSecret.writes + name, proof),
  };
}

/** Work under one lock is done by one at a time, first come, first served. */
export function createLocks(): <T>(lock: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return async (lock, work) => {
    const before = last.get(lock);
    const done = (before ?? Promise.resolve()).then(work, work);
    last.set(lock, done);
    try {
      return await done;
    } finally {
      if (last.get(lock) === done) last.delete(lock);
    }
  };
}
