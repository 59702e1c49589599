import { startNatterboxSandbox } from '../sandbox/natterbox/server.ts';

/** The demo org in a process of its own, for the benchmark; its parent asks it by messages. */
const [users = '120', latency = '0'] = process.argv.slice(2);
let busy = 0;
const org = await startNatterboxSandbox({
  users: Number(users),
  faults: [{ fault: { kind: 'slow', milliseconds: Number(latency) } }],
  answered(milliseconds) {
    busy += milliseconds;
  },
});
process.on('message', () => process.send?.({ busy, calls: org.org.settings.calls.used }));
process.send?.({ url: org.url, session: org.session(1, 'any') });
