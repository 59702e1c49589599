import preact from '@preact/preset-vite';
import type { HtmlTagDescriptor, Plugin, Rolldown } from 'vite';
import { defineConfig } from 'wxt';

/**
 * Where the demo workspaces are: on loopback, or under the real host names that a test's browser finds there. Granted
 * at install in mode `sandbox` only, since a test cannot answer prompts.
 */
const loopback = ['http://localhost/*', 'http://127.0.0.1/*'];
const realNames = [
  'https://*.my.salesforce.com/*',
  'https://*.lightning.force.com/*',
  'https://*.vf.force.com/*',
  'https://*.custify.com/*',
];

/**
 * - `scripting`: the overlay is registered at run time, for the connected workspaces and no others;
 * - `alarms`: a run that waits wakes the background again;
 * - `storage`: tokens and what a window's panel is about;
 * - `unlimitedStorage`: a run of 100,000 items must not be evicted half way;
 * - `activeTab`: a click on the toolbar icon may read which site the admin wants to connect;
 * - `sidePanel` (Chromium): the panel itself.
 * Access to a workspace's pages and calls is asked for when it is connected, never at install; so is
 * - `cookies`, for a workspace whose API wants its session in a header of the request.
 */
const permissions = ['scripting', 'alarms', 'storage', 'unlimitedStorage', 'activeTab'];
const optional = ['cookies'];

// WXT takes the mode for the environment, and Vite builds for development in every environment but this one.
if (process.env.NODE_ENV === 'sandbox') process.env.NODE_ENV = 'production';

export default defineConfig({
  imports: false,
  manifestVersion: 3,
  modules: ['@wxt-dev/webextension-polyfill'],
  // One folder for each browser and mode: a test's build never replaces the package.
  outDirTemplate: `{{browser}}-mv{{manifestVersion}}{{modeSuffix}}${process.env.SANDBOX_BUILD ?? ''}`,
  manifest: ({ browser, mode }) => ({
    name: '__MSG_extensionName__',
    short_name: '__MSG_extensionName__',
    description: '__MSG_extensionDescription__',
    default_locale: 'en',
    action: { default_title: '__MSG_extensionAction__' },
    permissions: [
      ...(browser === 'firefox' ? permissions : ['sidePanel', ...permissions]),
      ...(mode === 'sandbox' ? optional : []),
    ],
    ...(mode === 'sandbox'
      ? { host_permissions: [...loopback, ...realNames], optional_host_permissions: ['https://*/*'] }
      : { optional_permissions: optional, optional_host_permissions: ['https://*/*', ...loopback] }),
    ...(browser === 'firefox'
      ? {
          browser_specific_settings: {
            gecko: {
              id: 'offboarding-wizard@extension.example',
              // The first release with URLPattern and with the declaration of collected data.
              strict_min_version: '142.0',
              data_collection_permissions: { required: ['none'] },
            },
          },
        }
      : { minimum_chrome_version: '120' }),
  }),
  vite: () => ({
    plugins: [
      preact(),
      withoutUnsafeCode(),
      polyfillAsModule(),
      fetchedEarly(),
      compiledAtOnce('overlay.js'),
    ],
    worker: { plugins: () => [withoutUnsafeCode()] },
    // The modes differ in the manifest only.
    define: {
      'import.meta.env.MODE': JSON.stringify('production'),
      'process.env.NODE_ENV': JSON.stringify('production'),
    },
    build: { target: ['chrome120', 'firefox142'] },
  }),
});

/**
 * Tells the browser to compile a script's functions with the script, and not each when it is first called: of one that
 * calls nearly all of them at its start, that takes less time. https://github.com/WICG/explicit-javascript-compile-hints-file-based
 */
function compiledAtOnce(name: string): Plugin {
  return {
    name: 'compiled-at-once',
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle))
        if (chunk.type === 'chunk' && chunk.fileName === name)
          chunk.code = `//# allFunctionsCalledOnLoad\n${chunk.code}`;
    },
  };
}

/**
 * Takes two things out of packages that the stores' linters warn about and that nothing here uses: making code from
 * strings, which zod tries for speed and our content security policy forbids anyway, and setting markup, which is
 * Preact's `dangerouslySetInnerHTML`. Fails the build when a package no longer looks as expected.
 */
function withoutUnsafeCode(): Plugin {
  const removals = [
    {
      file: /[\\/]zod[\\/]v4[\\/]core[\\/](doc|util)\.js$/,
      from: 'const F = Function;',
      to: 'const F = undefined;',
    },
    {
      file: /[\\/]preact[\\/]dist[\\/]preact\.mjs$/,
      from: /(\w+)\.innerHTML=(\w+\.__html)/,
      to: '$1.textContent=$2',
    },
  ];
  return {
    name: 'without-unsafe-code',
    transform(code, id) {
      const removal = removals.find(({ file }) => file.test(id.split('?')[0] ?? id));
      if (!removal) return null;
      const changed = code.replace(removal.from, removal.to);
      if (changed === code) this.error(`${id} no longer holds what should be taken out of it.`);
      return { code: changed, map: null };
    },
  };
}

/**
 * Lets a page fetch at once what its first script is going to import, code and styles: that script asks the background
 * meanwhile. Without this the browser would find out only when the script runs.
 */
function fetchedEarly(): Plugin {
  return {
    name: 'fetched-early',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle = {}, chunk }) {
        const chunks = (files: readonly string[]) =>
          files.flatMap((file) => (bundle[file]?.type === 'chunk' ? [bundle[file]] : []));
        /** These with everything that they import before they run. */
        const closure = (files: readonly string[]): Set<Rolldown.OutputChunk> => {
          const found = new Set<Rolldown.OutputChunk>();
          const waiting = chunks(files);
          for (let next = waiting.pop(); next; next = waiting.pop()) {
            if (found.has(next)) continue;
            found.add(next);
            waiting.push(...chunks(next.imports));
          }
          return found;
        };
        const atOnce = closure(chunk ? [chunk.fileName] : []);
        const soon = closure([...atOnce].flatMap(({ dynamicImports }) => dynamicImports));
        const scripts = [...soon].filter((each) => !atOnce.has(each)).map(({ fileName }) => fileName);
        const styles = new Set(
          [...soon].flatMap(({ viteMetadata }) => [...(viteMetadata?.importedCss ?? [])]),
        );
        const link = (attrs: Record<string, string>): HtmlTagDescriptor => ({
          tag: 'link',
          attrs: { crossorigin: '', ...attrs },
          injectTo: 'head',
        });
        const tags = [
          ...scripts.map((file) => link({ rel: 'modulepreload', href: `/${file}` })),
          ...[...styles].map((file) => link({ rel: 'stylesheet', href: `/${file}` })),
        ];
        // The first script waits neither for the styles nor for the rest of the page.
        return { html: html.replace('<script type="module"', '<script type="module" async'), tags };
      },
    },
  };
}

/**
 * Makes a module of the browser polyfill, which is written for older bundlers. Wrapped as one of those it would be
 * copied property by property, and each property that is looked at starts one of the browser's interfaces.
 */
function polyfillAsModule(): Plugin {
  return {
    name: 'polyfill-as-module',
    transform(code, id) {
      if (!/[\\/]webextension-polyfill[\\/]dist[\\/]browser-polyfill\.js$/.test(id.split('?')[0] ?? id))
        return null;
      return {
        code: `const exports = {};\nconst module = { exports };\n${code}\nexport default module.exports;\n`,
        map: null,
      };
    },
  };
}
