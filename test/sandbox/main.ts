import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { buildWeb } from './build-web.ts';
import { startCustifySandbox } from './custify/server.ts';
import { parseFaultFile } from './fault-file.ts';
import { demoUsers, largeUsers } from './natterbox/seed.ts';
import { startNatterboxSandbox } from './natterbox/server.ts';
import { startSandbox } from './server.ts';

/** `npm run sandbox -- …`: the demo workspace alone, until SIGINT or SIGTERM. */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    size: { type: 'string', default: 'demo' },
    /** A JSON file of fault rules (see fault-file.ts). */
    faults: { type: 'string' },
    /** Requests a second and session; 0: no limit. */
    rate: { type: 'string', default: '50' },
    burst: { type: 'string', default: '100' },
    /** Milliseconds that each answer is held back. */
    latency: { type: 'string', default: '0' },
    /** Seconds of a run's lease. */
    lease: { type: 'string', default: '180' },
    /** Kept in this file; without it in memory. */
    database: { type: 'string' },
    /** Binds the calls that tests steer the server by. */
    control: { type: 'boolean', default: false },
    /** `--no-web` leaves the pages as they were built before. */
    web: { type: 'boolean', default: true },
  },
  allowNegative: true,
});
const amount = (name: 'port' | 'rate' | 'burst' | 'latency' | 'lease') =>
  z.coerce
    .number({ error: `--${name} has to be a number.` })
    .nonnegative()
    .parse(values[name]);

const size = z.enum(['demo', 'large'], { error: '--size is demo or large.' }).parse(values.size);
const faults = parseFaultFile(values.faults === undefined ? '[]' : readFileSync(values.faults, 'utf8'));

if (values.web) await buildWeb();
const sandbox = await startSandbox({
  port: amount('port'),
  size,
  limit: { rate: amount('rate'), burst: amount('burst'), latency: amount('latency') },
  lease: amount('lease') * 1_000,
  control: values.control,
  ...(values.database === undefined ? {} : { database: values.database }),
  faults: faults.workspace,
});
const org = await startNatterboxSandbox({
  users: size === 'large' ? largeUsers : demoUsers,
  faults: faults.salesforce,
});
const account = await startCustifySandbox({ control: values.control, faults: faults.custify });
console.log(
  JSON.stringify({
    ready: true,
    workspace: sandbox.url,
    custify: account.url,
    custifyKey: account.key,
    salesforce: org.url,
    salesforceSession: org.session(),
  }),
);

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    Promise.all([sandbox.close(), org.close(), account.close()]).then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
