import { serveProjections } from '../../lib/panel/table/channel.ts';
import { createProjections } from '../../lib/panel/table/engine.ts';
import { openStoreReader } from '../../lib/store/index.ts';

// The worker of all tables: it reads items from the store, and only reads.
serveProjections(
  self as unknown as Worker,
  createProjections(openStoreReader().items, () => new Promise((resolve) => setTimeout(resolve))),
);
