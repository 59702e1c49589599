import { parseArgs } from 'node:util';
import { runGalleryChecks } from './checks.ts';

const { values } = parseArgs({ options: { pictures: { type: 'string' }, only: { type: 'string' } } });
const report = await runGalleryChecks(values.pictures, new RegExp(values.only ?? '.', 'u'));
for (const name of report.passed) console.log(`ok    ${name}`);
for (const { name, reason } of report.failed) console.log(`FAIL  ${name}\n      ${reason}`);
process.exitCode = report.failed.length === 0 ? 0 : 1;
