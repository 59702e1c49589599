import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runGalleryChecks } from './gallery/checks.ts';
import { eachScreen, runWizardChecks } from './wizard/checks.ts';

/** Every component and every screen in a real Chromium: axe, nothing cut off, light, dark and forced colours, keys. */

const widths = [320, 1280];
const besides = /^(history|failures|watch|connections)$/u;

test('U1 every component, narrow and wide, in every light, and by keyboard', async (context) => {
  const { passed, failed } = await runGalleryChecks(undefined, undefined, widths);
  assert.ok(passed.length + failed.length > 20, 'the gallery was looked at');
  for (const name of passed) await context.test(name, () => {});
  for (const { name, reason } of failed) await context.test(name, () => assert.fail(reason));
});

test('U1 W7.1 every state of the wizard beside a page, and each step in a tab, light and dark', async (context) => {
  const { passed, failed } = await runWizardChecks({
    widths,
    inTab: new RegExp(`${eachScreen.source}|${besides.source}`, 'u'),
    zoomed:
      /^(scan-typical|reassign|review|executing|partial|history|failures|failures-ask|watch-gone|connections|connections-remove)$/u,
  });
  assert.ok(passed.length + failed.length > 80, 'the states were looked at');
  for (const name of passed) await context.test(name, () => {});
  for (const line of failed) await context.test(line.split(': ')[0] ?? line, () => assert.fail(line));
});
