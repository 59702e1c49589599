import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pseudoLanguage } from '../tools/pseudo.ts';
import { eachScreen } from './wizard/checks.ts';
import { runLanguageChecks } from './wizard/language-checks.ts';

/** Every screen again where words are longer, and where lines run from right to left. */

const languages = ['de', 'fr', 'es', pseudoLanguage];

test(`U4 every state of the wizard in ${languages.join(', ')} at 320 pixels: nothing sticks out, nothing is cut off`, async (context) => {
  const { passed, failed } = await runLanguageChecks({
    languages,
    withAxe: (state, language) => ['de', pseudoLanguage].includes(language) && eachScreen.test(state),
  });
  assert.ok(passed.length + failed.length > 40 * languages.length, 'the states were looked at');
  for (const name of passed) await context.test(name, () => {});
  for (const line of failed) await context.test(line.split(': ')[0] ?? line, () => assert.fail(line));
});
