import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browserPath } from '../tools/browsers.ts';
import { runGalleryChecks } from './gallery/checks.ts';
import { runWizardChecks } from './wizard/checks.ts';

/** How the wizard looks and is worked, without a workspace: each of its states, and each of its components. */

test('U1 every state of the wizard: axe at both ends of the widths, light and dark, nothing cut off, the whole run by keyboard', async () => {
  const report = await runWizardChecks({ executablePath: browserPath('chromium'), widths: [320, 1280] });
  assert.deepEqual(report.failed, []);
  assert.ok(report.passed.length > 100, `${report.passed.length} looks`);
});

test('U1 every component: axe at four widths in light, dark and forced colours, and each of its keys', async () => {
  const report = await runGalleryChecks();
  assert.deepEqual(report.failed, []);
  assert.ok(report.passed.length > 10, `${report.passed.length} checks`);
});
