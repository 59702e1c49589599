import { z } from 'zod';

const id = z.string().min(1).max(512);

/** On the live port, panel to background. */
export const liveRequestSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('subscribe'), run: id }),
  z.object({ kind: z.literal('unsubscribe') }),
  z.object({ kind: z.literal('follow'), batch: id }),
  z.object({ kind: z.literal('unfollow') }),
  z.object({ kind: z.literal('window'), window: z.int() }),
]);
export type LiveRequest = z.infer<typeof liveRequestSchema>;
