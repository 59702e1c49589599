import { describe, expect, it, vi } from 'vitest';
import { createClient } from '../../../lib/messages/client.ts';

const nobodyThere = new Error('Could not establish connection. Receiving end does not exist.');
const died = new Error('A listener indicated an asynchronous response, but the message channel closed.');
const edit = { run: 'r1', edit: { kind: 'note', note: 'OPS-1' } } as const;

function createWorld(...answers: (unknown | Error)[]) {
  const sendMessage = vi.fn(async (_message: unknown) => {
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer instanceof Error) throw answer;
    return answer;
  });
  const waits: number[] = [];
  const send = createClient(sendMessage, async (milliseconds) => {
    waits.push(milliseconds);
  });
  return { send, sendMessage, waits };
}

describe('asking the background', () => {
  it('passes an answer on as it came', async () => {
    const reply = { ok: true, value: { rev: 4 } };
    const { send, sendMessage } = createWorld(reply);
    expect(await send('draft.edit', edit)).toBe(reply);
    expect(sendMessage).toHaveBeenCalledExactlyOnceWith({ command: 'draft.edit', request: edit });
  });

  it('asks again while nobody is there yet, whatever it asks', async () => {
    const { send, sendMessage, waits } = createWorld(nobodyThere, nobodyThere, {
      ok: true,
      value: { rev: 4 },
    });
    expect(await send('draft.edit', edit)).toMatchObject({ ok: true });
    expect(sendMessage).toHaveBeenCalledTimes(3);
    expect(waits).toEqual([...waits].toSorted((a, b) => a - b));
  });

  it('R1.1 does not repeat an edit whose answer was lost: it may have been stored', async () => {
    const { send, sendMessage } = createWorld(died, { ok: true, value: { rev: 4 } });
    expect(await send('draft.edit', edit)).toMatchObject({ ok: false, refusal: { code: 'unreachable' } });
    expect(sendMessage).toHaveBeenCalledOnce();
  });

  it('R1.1 asks again where asking twice changes nothing', async () => {
    const { send } = createWorld(died, { ok: true, value: { run: 'r1', resumed: true } });
    expect(await send('draft.open', { connection: 'c1', member: 'm1' })).toMatchObject({ ok: true });
  });

  it('gives up after some tries and says so', async () => {
    const { send, sendMessage } = createWorld(nobodyThere);
    expect(await send('connection.list', {})).toMatchObject({ ok: false, refusal: { code: 'unreachable' } });
    expect(sendMessage.mock.calls.length).toBeGreaterThan(3);
  });

  it('does not go on asking from a script whose extension was updated', async () => {
    const { send, sendMessage } = createWorld(new Error('Extension context invalidated.'));
    expect(await send('overlay.hello', {})).toMatchObject({ ok: false, refusal: { code: 'unreachable' } });
    expect(sendMessage).toHaveBeenCalledOnce();
  });

  it.each([[undefined], [null], ['ok'], [{ value: 1 }], [{ ok: 'yes' }]])(
    'R5 says of %j that it is no answer',
    async (answer) => {
      const { send } = createWorld(answer);
      expect(await send('connection.list', {})).toMatchObject({ ok: false, refusal: { code: 'malformed' } });
    },
  );
});
