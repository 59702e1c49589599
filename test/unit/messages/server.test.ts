import { describe, expect, it, vi } from 'vitest';
import { type CommandName, commands, type Reply } from '../../../lib/messages/protocol.ts';
import { Refused } from '../../../lib/messages/refused.ts';
import { createServer, type Handlers, type MessageSender, senderOf } from '../../../lib/messages/server.ts';

const self = { id: 'our-extension', origin: 'chrome-extension://our-extension' };
const page: MessageSender = { id: self.id, url: `${self.origin}/sidepanel.html` };
const overlay: MessageSender = {
  id: self.id,
  url: 'https://app.example.com/settings/users/7',
  tab: { id: 3, windowId: 2 },
  frameId: 0,
};

/** A request that fits each command's schema. */
const requests: Record<string, unknown> = {
  'overlay.member': { member: 'm1' },
  'offboard.open': { member: 'm1' },
  'panel.hello': { window: 1 },
  'connection.preview': { origin: 'https://app.example.com' },
  'connection.add': { origin: 'https://app.example.com' },
  'member.search': { connection: 'c1', text: '' },
  'draft.open': { connection: 'c1', member: 'm1' },
  'draft.edit': { run: 'r1', edit: { kind: 'mode', mode: 'executeOnly' } },
  'run.start': { run: 'r1', rev: 1 },
};

function createWorld() {
  const called = vi.fn(async (_name: CommandName, _request: unknown): Promise<unknown> => ({}));
  const reported: string[] = [];
  const names = Object.keys(commands) as CommandName[];
  const handlers = Object.fromEntries(
    names.map((name) => [name, (request: unknown) => called(name, request)]),
  ) as unknown as Handlers;
  const server = createServer(handlers, self, (what) => reported.push(what));
  const ask = async (message: unknown, sender: MessageSender): Promise<Reply<CommandName> | null> =>
    server(message, sender);
  return { called, reported, names, ask };
}

const requestFor = (name: CommandName): unknown => requests[name] ?? { run: 'r1' };

describe('the background’s door', () => {
  it('R6.6 lets an overlay do the few things that it needs, and nothing else', async () => {
    const { ask, names, called } = createWorld();
    const allowed: string[] = [];
    for (const command of names) {
      const reply = await ask({ command, request: requestFor(command) }, overlay);
      if (reply?.ok === false && reply.refusal.code === 'forbidden') continue;
      allowed.push(command);
    }
    expect(allowed).toContain('offboard.open');
    for (const command of allowed) expect(command).toMatch(/^(overlay|offboard)\./);
    for (const [name] of called.mock.calls) expect(allowed).toContain(name);
  });

  it('R6.6 lets our own pages edit and start, and not speak for an overlay', async () => {
    const { ask, names } = createWorld();
    for (const command of names) {
      const reply = await ask({ command, request: requestFor(command) }, page);
      const refused = reply?.ok === false && reply.refusal.code === 'forbidden';
      expect(refused, command).toBe(!(commands[command].from as readonly string[]).includes('page'));
    }
  });

  it.each<[string, MessageSender]>([
    ['another extension', { ...page, id: 'another-extension' }],
    [
      'another extension’s page that borrows our name in its address',
      { ...page, url: `${self.origin}.evil/x` },
    ],
    ['a frame in a page that the browser does not tell of', { ...overlay, frameId: 4 }],
    ['a page in no frame of any number', { ...overlay, frameId: undefined }],
    ['a page without a tab', { id: self.id, url: 'https://app.example.com/', frameId: 0 }],
    ['a local file', { ...overlay, url: 'file:///tmp/page.html' }],
    ['nobody', {}],
    ['an address that is none', { ...overlay, url: 'about' }],
  ])('R6.6 refuses %s', async (_who, sender) => {
    const { ask, called, reported } = createWorld();
    expect(senderOf(sender, self)).toBeNull();
    for (const command of ['overlay.hello', 'draft.open'] as const)
      expect(await ask({ command, request: requestFor(command) }, sender)).toMatchObject({
        ok: false,
        refusal: { code: 'forbidden' },
      });
    expect(called).not.toHaveBeenCalled();
    expect(reported.length).toBe(2);
  });

  it('R6.6 says of a frame whose page it stands in', () => {
    const url = 'https://shop.example.com/a?b';
    expect(senderOf(overlay, self)).not.toHaveProperty('frame');
    expect(senderOf({ ...overlay, frameId: 4, tab: { id: 3, windowId: 2, url } }, self)).toMatchObject({
      kind: 'overlay',
      origin: 'https://app.example.com',
      address: overlay.url,
      frame: { id: 4, top: url },
    });
  });

  it.each([
    ['a number for a run', 'run.pause', { run: 7 }],
    ['an empty run', 'run.pause', { run: '' }],
    ['nothing at all', 'run.pause', undefined],
    ['an unknown edit', 'draft.edit', { run: 'r1', edit: { kind: 'deleteEverything' } }],
    [
      'a field too many in an edit',
      'draft.edit',
      { run: 'r1', edit: { kind: 'mode', mode: 'executeOnly', x: 1 } },
    ],
    ['a revision that is no number', 'run.start', { run: 'r1', rev: '1' }],
  ])('R5 answers %s with what was expected, and does nothing', async (_what, command, request) => {
    const { ask, called, reported } = createWorld();
    const reply = await ask({ command, request }, page);
    expect(reply).toMatchObject({ ok: false, refusal: { code: 'malformed' } });
    expect(called).not.toHaveBeenCalled();
    expect(reported).toEqual([expect.stringContaining(command)]);
  });

  it('R7 reports what was refused without the data', async () => {
    const { ask, reported } = createWorld();
    await ask({ command: 'run.start', request: { run: 'secret-run', rev: 'secret' } }, page);
    await ask({ command: 'run.start', request: { run: 'secret-run', rev: 1 } }, overlay);
    expect(reported.length).toBe(2);
    for (const line of reported) expect(line).not.toMatch(/secret/);
  });

  it('leaves what is no command to other listeners', async () => {
    const { ask } = createWorld();
    for (const message of [null, 'run.start', 7, {}, { command: 'constructor' }, { command: 'toString' }])
      expect(await ask(message, page)).toBeNull();
  });

  it('starts the handler before anything is awaited, so that a click may open the panel', () => {
    const { ask, called } = createWorld();
    void ask({ command: 'offboard.open', request: { member: 'm1' } }, overlay);
    expect(called).toHaveBeenCalledOnce();
  });

  it('passes on a refusal, and says of other errors that they were internal', async () => {
    const { ask, called } = createWorld();
    const message = { command: 'run.pause', request: { run: 'r1' } };
    called.mockRejectedValueOnce(new Refused('stale', 'The run went on.'));
    expect(await ask(message, page)).toEqual({
      ok: false,
      refusal: { code: 'stale', detail: 'The run went on.' },
    });
    called.mockRejectedValueOnce(new TypeError('x is undefined'));
    expect(await ask(message, page)).toMatchObject({ ok: false, refusal: { code: 'internal' } });
    const full = Object.assign(new Error('The disk is full.'), { name: 'StorageFailed' });
    called.mockRejectedValueOnce(full);
    expect(await ask(message, page)).toMatchObject({ ok: false, refusal: { code: 'storage' } });
  });
});
