import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { openapiFile, openapiText } from '../tools/openapi-document.ts';

const run = promisify(execFile);

describe('the OpenAPI document of the open contract', () => {
  it('is what the schemas say (npm run openapi writes it anew)', () => {
    expect(readFileSync(openapiFile, 'utf8')).toBe(openapiText());
  });

  it('passes a public linter without an error or a warning', async () => {
    const manifest = createRequire(import.meta.url).resolve('@redocly/cli/package.json');
    const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin: { redocly: string } };
    const { stdout } = await run(
      process.execPath,
      [
        join(dirname(manifest), bin.redocly),
        'lint',
        fileURLToPath(openapiFile),
        '--extends=recommended',
        '--format=json',
      ],
      { env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' } },
    ).catch((error: { stdout: string }) => error);
    const result = JSON.parse(stdout) as { problems: { ruleId: string; message: string }[]; totals: unknown };
    expect(result.problems.map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([]);
    expect(result.totals).toMatchObject({ errors: 0, warnings: 0 });
  }, 60_000);
});
