import {
  type CommandName,
  commands,
  type Replies,
  type Reply,
  type Request,
  type Sender,
} from './protocol.ts';
import { Refused } from './refused.ts';

/** Who sent a message, as the browser tells; nothing in it comes from the message itself. */
export interface MessageSender {
  id?: string | undefined;
  url?: string | undefined;
  tab?: { id?: number | undefined; windowId?: number | undefined; url?: string | undefined } | undefined;
  frameId?: number | undefined;
}

/** Where a command came from, after it was checked. */
export interface Origin {
  kind: Sender;
  /** For the overlay: the origin of the page it lives in, and its tab. */
  origin: string;
  tab: number | undefined;
  window: number | undefined;
  /** Of that page, where the browser tells it. */
  address?: string;
  /** For the overlay in a frame: which, and the address of the tab's own page. Whether it may ask is up to the connection. */
  frame?: { id: number; top: string };
}

export type Handlers = {
  [C in CommandName]: (request: Request<C>, origin: Origin) => Promise<Replies[C]>;
};

/** Our own extension, as the browser names it. */
export interface Self {
  id: string;
  /** Origin of its pages, without a trailing slash. */
  origin: string;
}

/**
 * Tells who a sender is: one of our own pages, our overlay in a web page or in a frame of one, or nobody of ours (null).
 */
export function senderOf(sender: MessageSender, self: Self): Origin | null {
  if (sender.id !== self.id || sender.url === undefined || !URL.canParse(sender.url)) return null;
  const { origin, protocol } = new URL(sender.url);
  const place = { origin, address: sender.url, tab: sender.tab?.id, window: sender.tab?.windowId };
  if (sender.url.startsWith(`${self.origin}/`)) return { kind: 'page', ...place };
  if ((protocol !== 'https:' && protocol !== 'http:') || !sender.tab || sender.frameId === undefined)
    return null;
  if (sender.frameId === 0) return { kind: 'overlay', ...place };
  // The browser tells a tab's address only where its site was allowed.
  const { url = '' } = sender.tab;
  return URL.canParse(url) ? { kind: 'overlay', ...place, frame: { id: sender.frameId, top: url } } : null;
}

/**
 * The one place where messages are checked: by sender, then by schema. Returns the function for the browser's
 * listener; it answers null to what is not a command of ours, so that other listeners may. `report` hears of
 * messages that were refused (what, never with which data).
 */
export function createServer(
  handlers: Handlers,
  self: Self,
  report: (refused: string) => void,
): (message: unknown, sender: MessageSender) => Promise<Reply<CommandName>> | null {
  return (message, sender) => {
    const named = nameOf(message);
    if (named === null) return null;
    const origin = senderOf(sender, self);
    const command = commands[named.name];
    if (!origin || !(command.from as readonly Sender[]).includes(origin.kind)) {
      report(`${named.name} from a sender who may not`);
      return Promise.resolve(refusal(new Refused('forbidden', 'This page may not ask for that.')));
    }
    const parsed = command.request.safeParse(named.request);
    if (!parsed.success) {
      report(`${named.name} with a request of another shape`);
      return Promise.resolve(refusal(new Refused('malformed', `Expected a request for ${named.name}.`)));
    }
    const handler = handlers[named.name] as (
      request: unknown,
      origin: Origin,
    ) => Promise<Replies[CommandName]>;
    return run(() => handler(parsed.data, origin), report, named.name);
  };
}

/** Starts the handler at once: opening the panel has to happen before anything is awaited. */
async function run(
  handle: () => Promise<Replies[CommandName]>,
  report: (refused: string) => void,
  name: string,
): Promise<Reply<CommandName>> {
  try {
    return { ok: true, value: await handle() };
  } catch (error) {
    if (error instanceof Refused) return refusal(error);
    const storage = error instanceof Error && error.name === 'StorageFailed';
    report(`${name} failed: ${error instanceof Error ? error.name : typeof error}`);
    return refusal(
      new Refused(storage ? 'storage' : 'internal', error instanceof Error ? error.message : String(error)),
    );
  }
}

const refusal = (refused: Refused): Reply<CommandName> => ({ ok: false, refusal: refused.refusal });

function nameOf(message: unknown): { name: CommandName; request: unknown } | null {
  if (typeof message !== 'object' || message === null) return null;
  const { command, request } = message as { command?: unknown; request?: unknown };
  if (typeof command !== 'string' || !Object.hasOwn(commands, command)) return null;
  return { name: command as CommandName, request };
}
