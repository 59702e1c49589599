import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { browserPath } from '../tools/browsers.ts';
import { buildForSandbox } from '../tools/build.ts';
import { connectMarionette, type ElementReference } from './marionette.ts';

const extensionId = 'offboarding-wizard@extension.example';

export interface FirefoxOptions {
  /** Folder of the built extension; the one that is tried against the demo workspace by default. */
  extension?: string;
  /** Answers the browser's own question for access to a site with yes; by default it is asked, and nobody answers. */
  allowSites?: boolean;
  /** Milliseconds of idleness after which the background is stopped; the browser's own are 30,000. */
  idle?: number;
}

/** A real Firefox with the extension in it; it speaks about one tab at a time. */
export interface Firefox {
  /** Address of the extension's pages, with a slash at the end. */
  readonly extensionOrigin: string;
  /** Goes to an address in the current tab; with a cookie ("name=value"), as the one whom it signs in. */
  open(url: string, cookie?: string): Promise<void>;
  /** Makes a new tab the current one. */
  openTab(): Promise<void>;
  /** Makes that tab the current one whose address begins like this; waits for it. */
  switchTo(address: string): Promise<void>;
  closeTab(): Promise<void>;
  /** Runs the body of a function in the current page; `arguments` holds the parameters. */
  evaluate<T>(body: string, ...parameters: unknown[]): Promise<T>;
  /** The same with the browser's rights in the page: it sees into closed shadow roots. */
  evaluatePrivileged<T>(body: string, ...parameters: unknown[]): Promise<T>;
  /** The same in the browser's own window. */
  evaluateInBrowser<T>(body: string, ...parameters: unknown[]): Promise<T>;
  /** Calls until the result is neither null, undefined nor false. */
  until<T>(what: string, look: () => Promise<T>, patience?: number): Promise<NonNullable<T>>;
  /** Waits until these words are on the screen. */
  see(words: string | RegExp, patience?: number): Promise<void>;
  /** Clicks, with a trusted event, the first element of an XPath; waits until it is there and shown. */
  click(path: string): Promise<void>;
  /** Clicks at a place of the page, with a trusted event. */
  clickAt(x: number, y: number): Promise<void>;
  /** Clicks what has this name inside a closed shadow root. */
  clickInOverlay(name: string): Promise<void>;
  /** How many buttons of this name closed shadow roots hold. */
  countInOverlay(name: string): Promise<number>;
  /** The middle of that button, in the window's coordinates; waits for it. */
  placeInOverlay(name: string): Promise<{ x: number; y: number }>;
  /** Waits until closed shadow roots hold these words. */
  seeInOverlay(words: string | RegExp): Promise<void>;
  /** Addresses of all tabs. */
  tabs(): Promise<string[]>;
  /** Types into what has the focus; `\uE007` is Enter (https://www.w3.org/TR/webdriver2/#keyboard-actions). */
  type(text: string): Promise<void>;
  /** Stops the background, as the browser itself would. */
  killBackground(): Promise<void>;
  /** A PNG of the current page. */
  screenshot(): Promise<Buffer>;
  close(): Promise<void>;
}

/** Starts it; rejects when the browser or the extension cannot be started. */
export async function launchFirefox(options: FirefoxOptions = {}): Promise<Firefox> {
  const profile = mkdtempSync(join(tmpdir(), 'offboarding-firefox-'));
  const port = await freePort();
  const uuid = randomUUID();
  const preferences = {
    'marionette.port': port,
    'extensions.webextensions.uuids': JSON.stringify({ [extensionId]: uuid }),
    'extensions.webextOptionalPermissionPrompts': !options.allowSites,
    'extensions.background.idle.timeout': options.idle ?? 30_000,
    'browser.shell.checkDefaultBrowser': false,
    'browser.aboutwelcome.enabled': false,
    'datareporting.policy.dataSubmissionEnabled': false,
    'network.captive-portal-service.enabled': false,
    'network.connectivity-service.enabled': false,
  };
  writeFileSync(
    join(profile, 'user.js'),
    Object.entries(preferences)
      .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`)
      .join(''),
  );
  const child = spawn(
    browserPath('firefox'),
    ['-marionette', '-headless', '-no-remote', '-profile', profile, '-remote-allow-system-access'],
    { stdio: 'ignore', env: { ...process.env, MOZ_HEADLESS_WIDTH: '1400', MOZ_HEADLESS_HEIGHT: '900' } },
  );
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const { send, close } = await connectMarionette(port);
  await send('WebDriver:NewSession', { capabilities: { alwaysMatch: { acceptInsecureCerts: false } } });
  await send('Addon:Install', { path: options.extension ?? buildForSandbox('firefox'), temporary: true });

  const script = async <T>(body: string, parameters: unknown[], sandbox: string | null): Promise<T> =>
    (
      await send<{ value: T }>('WebDriver:ExecuteScript', {
        script: body,
        args: parameters,
        ...(sandbox === null ? {} : { sandbox }),
      })
    ).value;

  const firefox: Firefox = {
    extensionOrigin: `moz-extension://${uuid}/`,
    async open(url, cookie) {
      if (cookie !== undefined) {
        const [name = '', value = ''] = cookie.split(/=(.*)/s);
        await send('WebDriver:Navigate', { url: new URL('/.well-known/offboarding', url).href });
        await send('WebDriver:AddCookie', {
          cookie: { name, value, path: '/', httpOnly: true, sameSite: 'Strict' },
        });
      }
      await send('WebDriver:Navigate', { url });
    },
    async openTab() {
      const { handle } = await send<{ handle: string }>('WebDriver:NewWindow', { type: 'tab', focus: true });
      await send('WebDriver:SwitchToWindow', { handle });
    },
    async switchTo(address) {
      await firefox.until(`a tab at ${address}`, async () => {
        for (const handle of await send<string[]>('WebDriver:GetWindowHandles')) {
          await send('WebDriver:SwitchToWindow', { handle, focus: true });
          const { value } = await send<{ value: string }>('WebDriver:GetCurrentURL');
          if (value.startsWith(address)) return true;
        }
        return false;
      });
    },
    async closeTab() {
      const [handle] = await send<string[]>('WebDriver:CloseWindow');
      if (handle !== undefined) await send('WebDriver:SwitchToWindow', { handle });
    },
    evaluate: (body, ...parameters) => script(body, parameters, null),
    evaluatePrivileged: (body, ...parameters) => script(body, parameters, 'system'),
    async evaluateInBrowser(body, ...parameters) {
      await send('Marionette:SetContext', { value: 'chrome' });
      try {
        return await script(body, parameters, null);
      } finally {
        await send('Marionette:SetContext', { value: 'content' });
      }
    },
    async until(what, look, patience = 20_000) {
      const end = Date.now() + patience;
      for (;;) {
        const seen = await look().catch(() => null);
        if (seen !== null && seen !== undefined && seen !== false) return seen;
        if (Date.now() > end) {
          const screen = await firefox
            .evaluate('return document.body.innerText')
            .catch(() => '(the page is gone)');
          throw new Error(`Expected ${what} within ${patience} ms; the screen says:\n${screen}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    async see(words, patience = 30_000) {
      await firefox.until(
        `to see ${words}`,
        async () => {
          const shown = await firefox.evaluate<string>('return document.body.innerText');
          return typeof words === 'string' ? shown.includes(words) : words.test(shown);
        },
        patience,
      );
    },
    async click(path) {
      const element = await firefox.until(`something at ${path}`, () =>
        firefox.evaluate<ElementReference | null>(findByPath, path),
      );
      await send('WebDriver:ElementClick', { id: Object.values(element)[0] });
    },
    async clickAt(x, y) {
      await send('WebDriver:PerformActions', {
        actions: [
          {
            type: 'pointer',
            id: 'mouse',
            parameters: { pointerType: 'mouse' },
            actions: [
              { type: 'pointerMove', x: Math.round(x), y: Math.round(y), duration: 0, origin: 'viewport' },
              { type: 'pointerDown', button: 0 },
              { type: 'pointerUp', button: 0 },
            ],
          },
        ],
      });
    },
    placeInOverlay: (name) =>
      firefox.until(`the button ${name}`, () =>
        firefox.evaluatePrivileged<{ x: number; y: number } | null>(
          `${overlayButtons}
          const box = buttons(arguments[0])[0]?.getBoundingClientRect();
          return box && { x: Math.round(box.x + box.width / 2), y: Math.round(box.y + box.height / 2) };`,
          name,
        ),
      ),
    async clickInOverlay(name) {
      const { x, y } = await firefox.placeInOverlay(name);
      await firefox.clickAt(x, y);
    },
    async seeInOverlay(words) {
      await firefox.until(`to see ${words} in a closed root`, async () => {
        const shown = await firefox.evaluatePrivileged<string>(
          `${overlayRoots} return roots().map((root) => root.textContent).join(' ');`,
        );
        return typeof words === 'string' ? shown.includes(words) : words.test(shown);
      });
    },
    tabs: () =>
      firefox.evaluateInBrowser(
        'return [...window.gBrowser.tabs].map((tab) => tab.linkedBrowser.currentURI.spec)',
      ),
    countInOverlay: (name) =>
      firefox.evaluatePrivileged(`${overlayButtons} return buttons(arguments[0]).length;`, name),
    async type(text) {
      await send('WebDriver:PerformActions', {
        actions: [
          {
            type: 'key',
            id: 'keyboard',
            actions: [...text].flatMap((value) => [
              { type: 'keyDown', value },
              { type: 'keyUp', value },
            ]),
          },
        ],
      });
    },
    async killBackground() {
      await firefox.evaluateInBrowser(
        `const policy = WebExtensionPolicy.getByID(arguments[0]);
         return policy.extension.terminateBackground({ ignoreDevToolsAttached: true }).then(() => true);`,
        extensionId,
      );
    },
    async screenshot() {
      const { value } = await send<{ value: string }>('WebDriver:TakeScreenshot', { full: false });
      return Buffer.from(value, 'base64');
    },
    async close() {
      await send('Marionette:Quit', { flags: ['eForceQuit'] }).catch(() => {});
      close();
      const killed = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await ended;
      clearTimeout(killed);
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  return firefox;
}

const findByPath = `
  const found = document.evaluate(arguments[0], document, null, XPathResult.ORDERED_NODE_SNAPSHOT_TYPE, null);
  for (let index = 0; index < found.snapshotLength; index += 1) {
    const element = found.snapshotItem(index);
    if (!element.checkVisibility()) continue;
    // Away from the bars that stick to the edges and would be hit instead.
    element.scrollIntoView({ block: 'center', behavior: 'instant' });
    return element;
  }
  return null;
`;

const overlayRoots = `
  const roots = () =>
    [...document.querySelectorAll('*')]
      .map((element) => element.openOrClosedShadowRoot)
      .filter((shadow) => shadow);
`;

const overlayButtons = `${overlayRoots}
  const buttons = (name) =>
    roots()
      .flatMap((shadow) => [...shadow.querySelectorAll('button')])
      .filter((button) => button.textContent.trim() === name);
`;

/** A port that nobody listens on. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
