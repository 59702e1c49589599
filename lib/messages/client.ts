import type { CommandName, Reply, Request } from './protocol.ts';

/** Commands that may be asked again when the background died before it answered: asking twice changes nothing. */
const repeatable: ReadonlySet<CommandName> = new Set<CommandName>([
  'overlay.hello',
  'overlay.member',
  'overlay.list',
  'overlay.banner',
  'overlay.guard',
  'overlay.users',
  'overlay.arm',
  'overlay.who',
  'overlay.passed',
  'overlay.reported',
  'panel.hello',
  'connection.needs',
  'connection.preview',
  'connection.add',
  'connection.kinds',
  'connection.tryKey',
  'connection.addByKey',
  'connection.list',
  'member.search',
  'draft.open',
  'draft.scan',
  'draft.recount',
  'draft.discard',
  'run.check',
  'run.start',
  'run.pause',
  'run.continue',
  'run.stop',
  'run.said',
  'run.retry',
  'run.watch',
  'run.listElsewhere',
  'run.takeOver',
  'run.discardElsewhere',
  'connection.test',
  'connection.remove',
]);

/** Waits between tries, milliseconds; a background that has to start needs less than a second. */
const waits = [50, 100, 200, 400, 800, 1_600];

export type Send = <C extends CommandName>(command: C, request: Request<C>) => Promise<Reply<C>>;

/**
 * The asking side. `sendMessage` is the browser's; it rejects when nobody listens (yet), or when the background died
 * before it answered. The first is tried again, the second only where asking twice changes nothing. What cannot be
 * delivered is answered with the refusal `unreachable`, something that is no reply with `malformed`. Never rejects.
 */
export function createClient(
  sendMessage: (message: unknown) => Promise<unknown>,
  wait: (milliseconds: number) => Promise<void> = (milliseconds) =>
    new Promise((resolve) => setTimeout(resolve, milliseconds)),
): Send {
  return async (command, request) => {
    for (let tries = 0; ; tries += 1) {
      try {
        const answer = await sendMessage({ command, request });
        return isReply<typeof command>(answer)
          ? answer
          : refused('malformed', 'The answer had another shape than a reply.');
      } catch (error) {
        const detail = error instanceof Error ? error.message : String(error);
        const pause = waits[tries];
        const again = isNobodyThere(detail) || repeatable.has(command);
        if (isDead(detail) || !again || pause === undefined) return refused('unreachable', detail);
        await wait(pause);
      }
    }
  };
}

/** The receiving end does not exist (yet): nothing was delivered. Both browsers' wording. */
const isNobodyThere = (detail: string): boolean =>
  /Receiving end does not exist|Could not establish connection/i.test(detail);

/** This script outlived its extension (an update): no try will ever reach anybody. */
const isDead = (detail: string): boolean =>
  /Extension context invalidated|context (was )?invalidated/i.test(detail);

function isReply<C extends CommandName>(answer: unknown): answer is Reply<C> {
  return (
    typeof answer === 'object' && answer !== null && typeof (answer as { ok?: unknown }).ok === 'boolean'
  );
}

const refused = (
  code: 'unreachable' | 'malformed',
  detail: string,
): { ok: false; refusal: { code: typeof code; detail: string } } => ({
  ok: false,
  refusal: { code, detail },
});
