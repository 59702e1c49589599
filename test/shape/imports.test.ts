import { describe, expect, it } from 'vitest';
import { bundleOf, findCycles, folderOf, parseModule, readModules, type SourceModule } from './source.ts';

/** The rules of the house, held over the whole source. Each answers with the modules that break it. */
const modules = readModules(['entrypoints', 'components', 'lib']);
const within = (...folders: string[]) =>
  modules.filter(({ path }) => folders.some((folder) => path.startsWith(`${folder}/`)));
const outside = (...folders: string[]) =>
  modules.filter(({ path }) => !folders.some((folder) => path.startsWith(`${folder}/`)));

/** "who → what" for every import of these modules that is not allowed. */
function breaches(
  among: SourceModule[],
  allowed: (to: string, typeOnly: boolean, path: string) => boolean,
): string[] {
  return among.flatMap(({ path, imports }) =>
    imports.filter(({ to, typeOnly }) => !allowed(to, typeOnly, path)).map(({ to }) => `${path} → ${to}`),
  );
}
const isPackage = (name: string) => (to: string) => to === name || to.startsWith(`${name}/`);

describe('the rules of the house', () => {
  it('looks at the whole source', () => {
    expect(modules.length).toBeGreaterThan(100);
    for (const folder of ['entrypoints', 'components/ui', 'lib/engine', 'lib/workspace/contract'])
      expect(within(folder).length, folder).toBeGreaterThan(0);
    const paths = new Set(modules.map(({ path }) => path));
    const dangling = modules.flatMap(({ path, imports }) =>
      imports
        .filter(({ to, ours }) => ours && /\.tsx?$/.test(to) && !paths.has(to))
        .map(({ to }) => `${path} → ${to}`),
    );
    expect(dangling).toEqual([]);
  });

  it('1. what offboarding means depends on nothing but zod', () => {
    expect(
      breaches(within('lib/offboarding'), (to) => to === 'zod' || to.startsWith('lib/offboarding/')),
    ).toEqual([]);
  });

  it('1. the engine gets workspace, store and clock as arguments', () => {
    const own = ['lib/engine/', 'lib/offboarding/'];
    // Errors that it throws or tells apart, and the digest of a plan: none of them reaches anything.
    const pure = [
      'lib/messages/refused.ts',
      'lib/workspace/errors.ts',
      'lib/store/store.ts',
      'lib/store/journal.ts',
    ];
    const data = ['lib/messages/protocol.ts', 'lib/workspace/port.ts'];
    expect(
      breaches(
        within('lib/engine'),
        (to, typeOnly) =>
          own.some((start) => to.startsWith(start)) ||
          pure.includes(to) ||
          isPackage('@noble/hashes')(to) ||
          (typeOnly && data.includes(to)),
      ),
    ).toEqual([]);
    const reached = within('lib/engine').filter(({ names }) =>
      ['setTimeout', 'setInterval', 'fetch', 'indexedDB', 'navigator'].some((name) => names.has(name)),
    );
    expect(reached.map(({ path }) => path)).toEqual([]);
  });

  it('2. only the store opens IndexedDB', () => {
    expect(breaches(outside('lib/store'), (to) => !isPackage('idb')(to))).toEqual([]);
    expect(
      outside('lib/store')
        .filter(({ names }) => names.has('indexedDB'))
        .map(({ path }) => path),
    ).toEqual([]);
  });

  it('2. only lib/browser and the entrypoints touch the browser', () => {
    const rest = outside('lib/browser', 'entrypoints');
    expect(breaches(rest, (to) => !isPackage('wxt')(to) && !isPackage('webextension-polyfill')(to))).toEqual(
      [],
    );
    const touching = rest.filter(({ names }) =>
      ['chrome', 'global chrome', 'global browser'].some((name) => names.has(name)),
    );
    expect(touching.map(({ path }) => path)).toEqual([]);
  });

  it('2. only lib/workspace calls fetch', () => {
    const calling = outside('lib/workspace').filter(({ names }) =>
      ['call fetch', 'global fetch', 'XMLHttpRequest', 'EventSource', 'WebSocket'].some((name) =>
        names.has(name),
      ),
    );
    expect(calling.map(({ path }) => path)).toEqual([]);
  });

  it('3. a connector imports no other connector', () => {
    const folder = (path: string) => (path.split('/').length > 3 ? folderOf(path, 3) : null);
    const connectors = within('lib/workspace').filter(({ path }) => folder(path) !== null);
    expect(connectors.length).toBeGreaterThan(0);
    expect(
      breaches(
        connectors,
        (to, _typeOnly, path) =>
          !to.startsWith('lib/workspace/') || folder(to) === null || folder(to) === folder(path),
      ),
    ).toEqual([]);
  });

  it('3. only one registry knows the connectors, and nothing outside lib/workspace names a vendor', () => {
    const registry = 'lib/workspace/registry.ts';
    const isConnector = (to: string) => /^lib\/workspace\/[^/]+\//.test(to);
    const rest = modules.filter(({ path }) => path !== registry && !isConnector(path));
    expect(breaches(rest, (to) => !isConnector(to))).toEqual([]);
    const vendor = /custify|natterbox|salesforce/i;
    expect(rest.filter(({ text }) => vendor.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it('3. selectors of a workspace are data of its connector', () => {
    const selector = /data-testid|\[data-(?!offboarding|theme)[a-z-]+[\]=]/;
    const naming = within('lib/overlay', 'lib/browser', 'lib/messages', 'components/overlay', 'entrypoints');
    expect(naming.filter(({ text }) => selector.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it('4. components show view models and hold no logic', () => {
    const values = ['components/', 'lib/panel/'];
    const packages = ['preact', '@preact/signals'];
    expect(
      breaches(
        within('components'),
        (to, typeOnly) =>
          values.some((start) => to.startsWith(start)) ||
          packages.some((name) => isPackage(name)(to)) ||
          (typeOnly && (to.startsWith('lib/offboarding/') || to === 'lib/text/text.ts')),
      ),
    ).toEqual([]);
  });

  it('4. the small components know nothing of offboarding', () => {
    expect(
      breaches(within('components/ui'), (to) => !to.startsWith('lib/') && !/^components\/(?!ui\/)/.test(to)),
    ).toEqual([]);
    expect(
      within('components/ui')
        .filter(({ text }) => /offboard/i.test(text))
        .map(({ path }) => path),
    ).toEqual([]);
  });

  it('4. view models know neither JSX nor the browser', () => {
    expect(
      within('lib/panel')
        .filter(({ path }) => path.endsWith('.tsx'))
        .map(({ path }) => path),
    ).toEqual([]);
    expect(
      breaches(within('lib/panel'), (to) => !to.startsWith('components/') && !to.startsWith('lib/browser/')),
    ).toEqual([]);
  });

  it('5. no module does anything on import, save the entrypoints', () => {
    const doing = outside('entrypoints').filter(({ effects }) => effects.length > 0);
    expect(doing.map(({ path, effects }) => `${path}: ${effects[0]?.slice(0, 80)}`)).toEqual([]);
  });

  it('5. no module imports itself by way of others', () => {
    expect(findCycles(modules).map((cycle) => cycle.join(' → '))).toEqual([]);
  });

  it.each(['overlay', 'users', 'guard'])(
    '6. what goes into a workspace’s page carries neither schemas nor the store: %s',
    (name) => {
      const bundle = bundleOf(modules, `entrypoints/${name}/index.ts`);
      expect(bundle.size).toBeGreaterThan(5);
      const heavy = ['zod', 'idb', 'intl-messageformat'];
      expect([...bundle].filter((to) => heavy.some((name) => isPackage(name)(to)))).toEqual([]);
    },
  );

  it('Q a panel’s first paint waits neither for schemas nor for the store', () => {
    const start = 'entrypoints/sidepanel/start.tsx';
    const asking = bundleOf(modules, 'entrypoints/sidepanel/main.ts', true);
    expect(asking.has(start)).toBe(false);
    expect(bundleOf(modules, 'entrypoints/sidepanel/main.ts').has(start)).toBe(true);
    const drawing = bundleOf(modules, start, true);
    expect(drawing.has('components/wizard/App.tsx')).toBe(true);
    const heavy = ['zod', 'idb'];
    expect([...asking, ...drawing].filter((to) => heavy.some((name) => isPackage(name)(to)))).toEqual([]);
    expect([...asking].filter((to) => isPackage('preact')(to))).toEqual([]);
  });

  it('sees the breaches that it looks for', () => {
    const sly = parseModule(
      'lib/panel/sly.ts',
      `import type { A } from '../store/store.ts';
       import { b } from './loop.ts';
       export const now = document.title;
       export const later = () => document.title;
       await b();
       window.fetch('x');
       export const made = { fetch: 1 };
       import('idb');`,
    );
    expect(sly.imports).toEqual([
      { to: 'lib/store/store.ts', ours: true, typeOnly: true },
      { to: 'lib/panel/loop.ts', ours: true, typeOnly: false },
      { to: 'idb', ours: false, typeOnly: false, dynamic: true },
    ]);
    const hidden = parseModule('lib/panel/hidden.ts', `import type { z } from 'zod'; import('./sly.ts');`);
    expect(bundleOf([sly, hidden], 'lib/panel/hidden.ts').has('idb')).toBe(true);
    expect([...bundleOf([sly, hidden], 'lib/panel/hidden.ts', true)]).toEqual(['lib/panel/hidden.ts']);
    expect(sly.effects.length).toBe(4);
    expect(sly.names.has('global fetch')).toBe(true);
    const loop = parseModule('lib/panel/loop.ts', `export { x } from './sly.ts';`);
    expect(findCycles([sly, loop]).length).toBe(1);
  });
});
