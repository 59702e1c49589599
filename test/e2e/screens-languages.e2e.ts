import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pseudoLanguage } from '../tools/pseudo.ts';
import { eachScreen, runWizardChecks } from './wizard/checks.ts';

/** Every screen again where words are longer and where lines run from right to left. */

for (const language of ['de', pseudoLanguage])
  test(`U4 every state of the wizard in ${language} at 320 pixels: nothing sticks out, nothing is cut off`, async (context) => {
    const { passed, failed } = await runWizardChecks({
      widths: [320],
      schemes: ['light'],
      language,
      withAxe: eachScreen,
    });
    assert.ok(passed.length + failed.length > 40, 'the states were looked at');
    for (const name of passed) await context.test(name, () => {});
    for (const line of failed) await context.test(line.split(': ')[0] ?? line, () => assert.fail(line));
  });
