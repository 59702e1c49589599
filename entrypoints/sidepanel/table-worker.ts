import { serveProjection } from '../../lib/panel/table/channel.ts';
import { createProjection } from '../../lib/panel/table/engine.ts';
import { openStoreReader } from '../../lib/store/index.ts';

// The worker of one table: it reads items from the store, and only reads.
serveProjection(
  self as unknown as Worker,
  createProjection(openStoreReader().items, () => new Promise((resolve) => setTimeout(resolve))),
);
