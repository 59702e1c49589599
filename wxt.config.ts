import preact from '@preact/preset-vite';
import { defineConfig } from 'wxt';

/** Where the demo workspace listens; granted at install in mode `sandbox` only, since a test cannot answer prompts. */
const loopback = ['http://localhost/*', 'http://127.0.0.1/*'];

/**
 * - `scripting`: the overlay is registered at run time, for the connected workspaces and no others;
 * - `alarms`: a run that waits wakes the background again;
 * - `storage`: tokens and what a window's panel is about;
 * - `unlimitedStorage`: a run of 100,000 items must not be evicted half way;
 * - `activeTab`: a click on the toolbar icon may read which site the admin wants to connect;
 * - `sidePanel` (Chromium): the panel itself.
 * Access to a workspace's pages and calls is asked for when it is connected, never at install.
 */
const permissions = ['scripting', 'alarms', 'storage', 'unlimitedStorage', 'activeTab'];

export default defineConfig({
  imports: false,
  manifestVersion: 3,
  modules: ['@wxt-dev/webextension-polyfill'],
  // One folder for each browser and mode: a test's build never replaces the package.
  outDirTemplate: '{{browser}}-mv{{manifestVersion}}{{modeSuffix}}',
  manifest: ({ browser, mode }) => ({
    name: '__MSG_extensionName__',
    short_name: '__MSG_extensionName__',
    description: '__MSG_extensionDescription__',
    default_locale: 'en',
    action: { default_title: '__MSG_extensionAction__' },
    permissions: browser === 'firefox' ? permissions : ['sidePanel', ...permissions],
    ...(mode === 'sandbox'
      ? { host_permissions: loopback, optional_host_permissions: ['https://*/*'] }
      : { optional_host_permissions: ['https://*/*', ...loopback] }),
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
    plugins: [preact()],
    // The modes differ in the manifest only.
    define: { 'import.meta.env.MODE': JSON.stringify('production') },
    build: { target: ['chrome120', 'firefox142'] },
  }),
});
