import { describe, expect, it } from 'vitest';
import { createBatchHandlers } from '../../../entrypoints/background/batch-handlers.ts';
import type { Batches } from '../../../lib/engine/engine.ts';
import type { PageIdentity } from '../../../lib/workspace/page-profile.ts';
import { connectOrg } from '../../contract/natterbox.fixture.ts';
import { createMemoryStore } from '../../crash/memory-store.ts';
import { natterboxUserId, people, salesforceUserId } from '../../sandbox/natterbox/seed.ts';

const origin = { kind: 'page', origin: '', tab: undefined, window: undefined } as const;
const members = [
  { id: natterboxUserId(people.leaver), name: 'Dana Ruiz', email: 'dana.ruiz@acme.example', active: true },
];

describe('issue 5: a batch that is opened from a page', () => {
  it('of somebody else ("Login As") is refused, and nobody is checked; of the same person it is opened', async () => {
    const { sandbox, workspace } = await connectOrg();
    try {
      let page: PageIdentity | undefined;
      const tabs: string[] = [];
      const opened: unknown[] = [];
      const handlers = createBatchHandlers(
        {
          open: async (_connection: string, wanted: unknown) => {
            opened.push(wanted);
            return { id: 'bat' };
          },
        } as unknown as Batches,
        createMemoryStore(),
        { ofPage: async () => ({ id: 'con' }), workspace: async () => workspace } as never,
        async (query) => void tabs.push(query),
      );
      const open = () =>
        handlers['batch.open']({ connection: 'con', members, ...(page && { page }) }, origin);

      page = { user: salesforceUserId(people.colleague) };
      await expect(open()).rejects.toMatchObject({
        refusal: { code: 'otherPage', detail: expect.stringContaining('Login As') },
      });
      expect(opened).toEqual([]);

      // Pages say the short form of an id.
      page = { user: salesforceUserId(people.admin).slice(0, 15) };
      expect(await open()).toEqual({ batch: 'bat' });
      page = undefined;
      expect(await open()).toEqual({ batch: 'bat' });
      expect(opened).toEqual([members, members]);

      // It is the tab that knows from which page it was opened: not this process, which may end, and no other tab.
      const from = { user: salesforceUserId(people.admin), workspace: sandbox.org.id };
      await handlers['offboard.bulk']({ page: from }, origin);
      await handlers['offboard.bulk']({}, origin);
      expect(tabs.map((query) => Object.fromEntries(new URLSearchParams(query)))).toEqual([
        { bulk: '', connection: 'con', ...from },
        { bulk: '', connection: 'con' },
      ]);
    } finally {
      await sandbox.close();
    }
  });
});
