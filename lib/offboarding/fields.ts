import { z } from 'zod';

/** What the shapes of this folder are made of. Times are ISO 8601 strings in UTC. */
export const id = z.string().min(1).max(512);
export const text = z.string().max(10_000);
export const time = z.iso.datetime();
export const count = z.int().nonnegative();
export const tristate = z.enum(['yes', 'no', 'unknown']);
