import { refusalOf } from '../../lib/engine/identity.ts';
import { Refused } from '../../lib/messages/refused.ts';
import type { Handlers } from '../../lib/messages/server.ts';
import type { Access } from '../../lib/workspace/port.ts';
import type { KeyInput } from '../../lib/workspace/registry.ts';
import { keyedKinds } from '../../lib/workspace/registry.ts';
import type { Connections } from './connections.ts';
import type { Browser } from './handlers.ts';

type KeyCommands = 'connection.kinds' | 'connection.tryKey' | 'connection.addByKey';

/** Connecting by a key that an admin types in. The key comes in, and never goes out again but to its workspace. */
export function createKeyHandlers(
  connections: Pick<Connections, 'tryKey' | 'keep' | 'view'>,
  browser: Pick<Browser, 'missing' | 'showOverlay'>,
): Pick<Handlers, KeyCommands> {
  /** What a key opens, once the browser allows exactly the two sites that it takes. */
  const tried = async ({
    kind,
    ...input
  }: KeyInput & { kind: string }): Promise<
    { missing: Access } | { found: Awaited<ReturnType<Connections['tryKey']>> }
  > => {
    const known = keyedKinds.find((each) => each.kind === kind);
    if (!known) throw new Refused('noWorkspace', 'No such kind of workspace is connected by a key.');
    if (!known.isApi(input.api))
      throw new Refused('malformed', `Expected an address of the API of ${known.name}, got ${input.api}.`);
    const access: Access = { origins: [...new Set([input.origin, input.api])], permissions: [] };
    const missing = await browser.missing(access);
    if (missing.origins.length > 0) return { missing };
    try {
      return { found: await connections.tryKey(kind, input) };
    } catch (error) {
      throw refusalOf(error);
    }
  };

  return {
    'connection.kinds': async () => ({
      kinds: keyedKinds.map(({ kind, name, pages, apis, keyPage }) => ({
        kind,
        name,
        pages: [...pages],
        apis: [...apis],
        keyPage: keyPage(pages[0] ?? ''),
      })),
    }),
    'connection.tryKey': async (asked) => {
      const answer = await tried(inputOf(asked));
      return 'missing' in answer ? answer : { findings: answer.found.findings };
    },
    'connection.addByKey': async (asked) => {
      const answer = await tried(inputOf(asked));
      if ('missing' in answer) return answer;
      const connection = await connections.keep(answer.found, asked.key);
      await browser.showOverlay();
      return { connection: await connections.view(connection) };
    },
  };
}

/** What was asked, without the fields that were left empty. */
function inputOf({ actor, ...asked }: { kind: string } & KeyInput): { kind: string } & KeyInput {
  return actor && (actor.name !== '' || actor.email !== '') ? { ...asked, actor } : asked;
}
