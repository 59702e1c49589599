import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import type { Clock } from '../../../lib/workspace/dispatcher.ts';
import { WorkspaceError } from '../../../lib/workspace/errors.ts';
import { type Mutation, mutationOf } from './mutate.ts';

/** A call of the port of which one answer is spoiled on its way, and what has to be true of a result then. */
export interface Spoiled<T> {
  /** The call, and which of its answers it is. */
  name: string;
  /** That answer as it came. */
  valid(): unknown;
  /** Makes the call, with this text in place of that answer. */
  make(text: string): Promise<T>;
  /**
   * Compares a result with what the answer says by a reading of its own; `body` is its JSON, undefined where it is
   * none. Throws where they differ.
   */
  check(result: T, body: unknown): void;
  /** Whether what cannot be understood may have landed for all that is known. */
  doubt?: boolean;
  /** The answer itself may refuse, in the workspace's own words. */
  refuses?: boolean;
  /** Compared with the others: a long answer takes fewer mutations in the same time. 1 unless told. */
  share?: number;
}

/** Waits take no time here. */
export const hurry: Clock = { now: () => new Date(), sleep: async () => {} };

/** MUTATION_SEED=… plays other mutations. */
const seed = Number(process.env.MUTATION_SEED ?? 20261122);

/** A test for each of them, so many mutations in all; what came of it is printed with the seed. */
export function mutatedAnswers(of: string, total: number, cases: readonly Spoiled<never>[]): void {
  const counted = { mutated: 0, refused: 0, understood: 0 };
  const shares = cases.reduce((sum, { share = 1 }) => sum + share, 0);
  it.each(cases.map((each) => [each.name, each] as const))(
    `issue 3: a mutated answer of ${of}, %s: a clear error, or what it says`,
    async (_name, { valid, make, check, doubt = false, refuses = false, share = 1 }) => {
      const answer = valid();
      expect(answer).toBeDefined();
      // What was not spoiled is understood: no error of the test itself passes for a refusal.
      const whole = JSON.stringify(answer);
      check(await make(whole), JSON.parse(whole));
      await fc.assert(
        fc.asyncProperty(mutationOf(answer), async ({ text }: Mutation) => {
          counted.mutated += 1;
          const outcome = await make(text).then(
            (result) => ({ result }),
            (error: unknown) => ({ error }),
          );
          if ('result' in outcome) {
            counted.understood += 1;
            check(outcome.result, jsonOf(text));
            return;
          }
          counted.refused += 1;
          checkError(outcome.error, doubt, refuses);
        }),
        { numRuns: Math.ceil((total * share) / shares), seed },
      );
    },
    60_000,
  );
  afterAll(() =>
    console.log(
      `Mutated answers of ${of}: ${counted.mutated}, of which ${counted.refused} were refused with a clear error and ` +
        `${counted.understood} understood as they say; none crashed (seed ${seed}).`,
    ),
  );
}

/** A clear error: of the port, with words, and where a write may have landed it says so. */
function checkError(error: unknown, doubt: boolean, refuses: boolean): void {
  if (!(error instanceof WorkspaceError)) throw error;
  expect(error.message).toMatch(/^\S.*[.!?…]$/s);
  if (error.kind === 'invalid' && (error.status ?? 200) < 300 && !refuses)
    expect(error.message).toMatch(/^Expected .+, got .+\.$/s);
  if (doubt) expect(error.applied).toBe('maybe');
}

/** The value of a JSON text; undefined where it is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Fields by name; `[each]` of a list; `{ or }`: what holds where there is none; `'*'`: as it is. */
export type Shape = '*' | readonly [Shape] | { or: unknown; as?: Shape } | { [field: string]: Shape };

/** What somebody reads who knows these fields, takes them as they are, and leaves the others out. */
export function reading(shape: Shape, raw: unknown): unknown {
  if (shape === '*') return raw;
  if (isList(shape)) return Array.isArray(raw) ? raw.map((each) => reading(shape[0], each)) : raw;
  if ('or' in shape) return raw === undefined ? shape.or : reading((shape.as ?? '*') as Shape, raw);
  if (typeof raw !== 'object' || raw === null) return raw;
  return Object.fromEntries(
    Object.entries(shape)
      .map(([field, inner]) => [field, reading(inner as Shape, (raw as Record<string, unknown>)[field])])
      .filter(([, value]) => value !== undefined),
  );
}

const isList = (shape: Shape): shape is readonly [Shape] => Array.isArray(shape);
