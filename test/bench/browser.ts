import { fileURLToPath } from 'node:url';
import puppeteer, { type Browser } from 'puppeteer-core';
import { build } from 'vite';
import { browserPath } from '../tools/browsers.ts';
import type { BenchSandbox } from './sandbox.ts';
import type { Answer, Calls } from './worker/protocol.ts';

/** Headless Chromium with a fresh profile and without the extension. */
export function launchPlainChromium(): Promise<Browser> {
  return puppeteer.launch({
    executablePath: browserPath('chromium'),
    headless: true,
    pipe: true,
    // A run of the engine is one call, and takes minutes on a slow machine.
    protocolTimeout: 600_000,
    defaultViewport: null,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--window-size=1400,900',
    ],
  });
}

/** One script without imports from the file under test/bench. Throws when it does not compile. */
export async function bundle(file: string): Promise<string> {
  const entry = fileURLToPath(new URL(file, import.meta.url));
  const result = await build({
    configFile: false,
    logLevel: 'warn',
    root: fileURLToPath(new URL('.', import.meta.url)),
    build: {
      write: false,
      minify: true,
      target: 'es2024',
      lib: { entry, formats: ['iife'], name: 'bench' },
    },
  });
  const [output] = Array.isArray(result) ? result : [result];
  const chunk = output && 'output' in output ? output.output[0] : undefined;
  if (chunk?.type !== 'chunk') throw new Error(`Expected a script from ${file}, got none.`);
  return chunk.code;
}

type Held = { benchCall?: (method: string, setting: unknown) => Promise<unknown> };

/**
 * The benchmark's worker in a page of the demo workspace's origin (the one at `path`), signed in as `member`: its
 * cookies, its origin, real IndexedDB and real fetch.
 */
export async function openWorker(
  browser: Browser,
  sandbox: Pick<BenchSandbox, 'url' | 'session'>,
  script: string,
  member: string,
  path = '/.well-known/offboarding',
): Promise<Calls & { close(): Promise<void> }> {
  const { cookie } = await sandbox.session(member);
  const [name = '', value = ''] = cookie.split('=');
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  await context.setCookie({
    name,
    value,
    domain: new URL(sandbox.url).hostname,
    path: '/',
    httpOnly: true,
    sameSite: 'Strict',
  });
  await page.goto(`${sandbox.url}${path}`);
  await page.evaluate((code) => {
    const worker = new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })));
    const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
    let next = 0;
    worker.addEventListener('message', (event: MessageEvent<Answer>) => {
      const answer = event.data;
      const call = waiting.get(answer.id);
      waiting.delete(answer.id);
      if ('error' in answer) call?.reject(new Error(answer.error));
      else call?.resolve(answer.value);
    });
    worker.addEventListener('error', (event) => {
      for (const call of waiting.values()) call.reject(new Error(event.message));
    });
    (globalThis as Held).benchCall = (method, setting) =>
      new Promise((resolve, reject) => {
        next += 1;
        waiting.set(next, { resolve, reject });
        worker.postMessage({ id: next, method, setting });
      });
  }, script);
  const call = (method: string, setting: unknown): Promise<never> =>
    page.evaluate(
      (name, given) => (globalThis as Held).benchCall?.(name, given),
      method,
      setting,
    ) as Promise<never>;
  return {
    scan: (setting) => call('scan', setting),
    execute: (setting) => call('execute', setting),
    bareScan: (setting) => call('bareScan', setting),
    sequential: (setting) => call('sequential', setting),
    batch: (setting) => call('batch', setting),
    replay: (setting) => call('replay', setting),
    close: () => context.close(),
  };
}
