import fc from 'fast-check';
import { type CommandName, commands } from '../../../lib/messages/protocol.ts';
import type { MessageSender } from '../../../lib/messages/server.ts';

/** Our own extension. */
export const self = { id: 'our-extension', origin: 'chrome-extension://our-extension' };
/** Every command. */
export const names = Object.keys(commands) as CommandName[];

/** Anything that a message may be: noise, and commands whose requests are wrong in some way. */
export const noise = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  maxDepth: 3,
});
const request = fc.oneof(
  noise,
  fc.record(
    {
      member: fc.oneof(fc.string({ minLength: 1, maxLength: 600 }), noise),
      run: fc.oneof(fc.string({ minLength: 1, maxLength: 600 }), noise),
      connection: fc.oneof(fc.string(), noise),
      rev: fc.oneof(fc.integer(), fc.double(), noise),
      edit: noise,
      counts: fc.oneof(fc.dictionary(fc.string(), fc.oneof(fc.integer(), fc.constant(null))), noise),
      origin: fc.oneof(fc.webUrl(), noise),
      text: fc.oneof(fc.string({ maxLength: 300 }), noise),
      window: fc.oneof(fc.integer(), noise),
    },
    { requiredKeys: [] },
  ),
);
/** Names of commands, and what is none. */
export const name = fc.oneof(
  fc.constantFrom(...names),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', ''),
  fc.string(),
);
/** Messages to the background. */
export const message = fc.oneof(
  { weight: 1, arbitrary: noise },
  { weight: 4, arbitrary: fc.record({ command: name, request }, { requiredKeys: [] }) },
);
const url = fc.oneof(
  fc.constantFrom(
    `${self.origin}/sidepanel.html`,
    `${self.origin}.evil.example/sidepanel.html`,
    'https://app.example.com/settings/users/1',
    'http://127.0.0.1:8080/',
    'file:///etc/passwd',
    'about:blank',
    'null',
    '',
  ),
  fc.webUrl(),
);
/** Who a browser may say has sent it. */
export const anySender = fc.record(
  {
    id: fc.constantFrom(self.id, 'another-extension', undefined),
    url: fc.oneof(url, fc.constant(undefined)),
    frameId: fc.constantFrom(0, 1, 7, undefined),
    tab: fc.oneof(
      fc.constant(undefined),
      fc.record(
        { id: fc.integer(), windowId: fc.integer(), url: fc.oneof(url, fc.string()) },
        { requiredKeys: ['id', 'windowId'] },
      ),
    ),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<MessageSender>;
