import { parseArgs } from 'node:util';
import { launchChromium } from '../e2e/chromium.ts';
import { buildWeb } from '../sandbox/build-web.ts';
import { startSandbox } from '../sandbox/server.ts';
import { buildForSandbox } from './build.ts';

/**
 * `npm start`: the demo workspace and a browser with the extension in it, signed in as an admin on a leaver's page.
 * With `--headless` no window opens; the addresses are printed. Ctrl+C, or closing the browser, ends all of it.
 */
const { values } = parseArgs({
  options: {
    headless: { type: 'boolean', default: false },
    port: { type: 'string', default: '0' },
    size: { type: 'string', default: 'demo' },
    language: { type: 'string', default: 'en-US' },
  },
});
const admin = 'mem_01';
const leaver = 'mem_03';

if (!values.headless && !hasDisplay()) {
  console.error('There is no display to open a browser on. Use “npm start -- --headless”, or set DISPLAY.');
  process.exit(1);
}
if (values.size !== 'demo' && values.size !== 'large') {
  console.error('--size is demo or large.');
  process.exit(1);
}

console.log('Building the extension and the demo workspace …');
buildForSandbox('chrome');
await buildWeb();
const sandbox = await startSandbox({ port: Number(values.port), size: values.size });
const chromium = await launchChromium({ headless: values.headless, language: values.language }).catch(
  async (error: unknown) => {
    await sandbox.close();
    throw error;
  },
);

// The browser's driver would end this process on its own; here everything is closed in order.
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
for (const signal of signals) process.removeAllListeners(signal);
let ending: Promise<void> | undefined;
const end = (): Promise<void> => {
  ending ??= chromium.close().then(() => sandbox.close());
  return ending;
};
const endAndExit = (): void => {
  end().then(
    () => process.exit(0),
    () => process.exit(1),
  );
};
for (const signal of signals) process.on(signal, endAndExit);
chromium.browser.on('disconnected', endAndExit);

const memberPage = `${sandbox.url}/settings/users/${leaver}`;
const blank = await chromium.browser.pages();
await chromium.open(memberPage, sandbox.session(admin).cookie);
for (const page of blank) await page.close();

console.log(`
Demo workspace   ${sandbox.url}
Leaver's page    ${memberPage}
Wizard in a tab  chrome-extension://${chromium.extensionId}/sidepanel.html

The browser is signed in as an admin. Click “Offboard User” on the leaver's page.
Ctrl+C ends the workspace and the browser.`);

/** Whether a window can be opened here. */
function hasDisplay(): boolean {
  if (process.platform === 'win32' || process.platform === 'darwin') return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}
