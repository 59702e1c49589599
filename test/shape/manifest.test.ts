import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPackage, readFolder } from './packages.ts';
import { root } from './source.ts';

/** What is published is built here, and compared with what it may be. */
const folder = mkdtempSync(join(tmpdir(), 'offboarding-packages-'));
const packages = new Map<string, Map<string, Buffer>>();
const filesOf = (name: string): Map<string, Buffer> => packages.get(name) ?? new Map();
const manifestOf = (name: string) => JSON.parse(String(filesOf(name).get('manifest.json')));

beforeAll(() => {
  for (const browser of ['chrome', 'firefox'] as const)
    for (const mode of ['production', 'sandbox'] as const)
      packages.set(`${browser} ${mode}`, readFolder(buildPackage(folder, browser, mode)));
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const everySite = ['https://*/*', 'http://localhost/*', 'http://127.0.0.1/*'];

describe('the packages', () => {
  it('U5 ask for these permissions and no site in Chromium', () => {
    const {
      permissions,
      host_permissions,
      optional_host_permissions,
      optional_permissions,
      content_scripts,
    } = manifestOf('chrome production');
    expect({
      permissions,
      host_permissions,
      optional_host_permissions,
      optional_permissions,
      content_scripts,
    }).toEqual({
      permissions: ['sidePanel', 'scripting', 'alarms', 'storage', 'unlimitedStorage', 'activeTab'],
      optional_permissions: ['cookies'],
      optional_host_permissions: everySite,
    });
  });

  it('U5 ask for these permissions and no site in Firefox', () => {
    const {
      permissions,
      host_permissions,
      optional_host_permissions,
      optional_permissions,
      content_scripts,
    } = manifestOf('firefox production');
    expect({
      permissions,
      host_permissions,
      optional_host_permissions,
      optional_permissions,
      content_scripts,
    }).toEqual({
      permissions: ['scripting', 'alarms', 'storage', 'unlimitedStorage', 'activeTab'],
      optional_permissions: ['cookies'],
      optional_host_permissions: everySite,
    });
  });

  it('are Manifest V3 with the browser’s own content security policy, and open nothing to pages', () => {
    for (const name of ['chrome production', 'firefox production']) {
      const manifest = manifestOf(name);
      expect(manifest.manifest_version).toBe(3);
      for (const key of ['content_security_policy', 'web_accessible_resources', 'externally_connectable'])
        expect(manifest[key], `${name}: ${key}`).toBeUndefined();
    }
    expect(manifestOf('chrome production').side_panel).toEqual({ default_path: 'sidepanel.html' });
    expect(manifestOf('firefox production').sidebar_action.default_panel).toBe('sidepanel.html');
    expect(
      manifestOf('firefox production').browser_specific_settings.gecko.data_collection_permissions,
    ).toEqual({
      required: ['none'],
    });
  });

  it('differ from what is tried against the demo workspaces in what is allowed from the start alone', () => {
    for (const browser of ['chrome', 'firefox']) {
      const [published, tried] = [filesOf(`${browser} production`), filesOf(`${browser} sandbox`)];
      expect([...tried.keys()]).toEqual([...published.keys()]);
      const other = [...published].filter(([file, content]) => !tried.get(file)?.equals(content));
      expect(other.map(([file]) => file)).toEqual(['manifest.json']);
      const { host_permissions, optional_host_permissions, permissions, ...rest } = manifestOf(
        `${browser} sandbox`,
      );
      const {
        optional_host_permissions: asked,
        optional_permissions: askedLater,
        permissions: atInstall,
        ...publishedRest
      } = manifestOf(`${browser} production`);
      expect(rest).toEqual(publishedRest);
      expect(permissions).toEqual([...atInstall, ...askedLater]);
      expect(host_permissions).toEqual([
        'http://localhost/*',
        'http://127.0.0.1/*',
        'https://*.my.salesforce.com/*',
        'https://*.lightning.force.com/*',
        'https://*.vf.force.com/*',
        'https://*.custify.com/*',
      ]);
      expect([...optional_host_permissions, ...host_permissions.slice(0, 2)].toSorted()).toEqual(
        asked.toSorted(),
      );
    }
  });

  it('U5 pass the linter of Firefox Add-ons without an error, a warning or a notice', () => {
    const linted = spawnSync(
      join(root, 'node_modules/.bin/web-ext'),
      ['lint', '--source-dir', join(folder, 'firefox-mv3'), '--output', 'json'],
      { encoding: 'utf8' },
    );
    const { summary, errors, warnings, notices } = JSON.parse(linted.stdout);
    const said = [...errors, ...warnings, ...notices].map(({ code, file }) => `${code} ${file}`);
    expect(said).toEqual([]);
    expect(summary).toEqual({ errors: 0, warnings: 0, notices: 0 });
  }, 120_000);

  it('Q fetch with a page what its first script is going to import, and let that script wait for nothing', () => {
    for (const name of ['chrome production', 'firefox production'])
      for (const page of ['sidepanel.html', 'options.html']) {
        const html = String(filesOf(name).get(page));
        const [, script = ''] = /<script type="module" async crossorigin src="\/([^"]+)"/.exec(html) ?? [];
        const code = String(filesOf(name).get(script));
        expect(/^import\b/m.test(code), `${name}: ${page} needs more than one script to begin`).toBe(false);
        const needed = JSON.parse(/m\.f=(\[[^\]]*\])/.exec(code)?.[1] ?? '[]') as string[];
        expect(needed.length).toBeGreaterThan(1);
        const missing = needed.filter((file) => !html.includes(`href="/${file}"`));
        expect(missing, `${name}: ${page}`).toEqual([]);
      }
  });

  it('U4 name every message that the manifest uses', () => {
    for (const name of ['chrome production', 'firefox production']) {
      const messages = JSON.parse(String(filesOf(name).get('_locales/en/messages.json')));
      const used = [...String(filesOf(name).get('manifest.json')).matchAll(/__MSG_(\w+)__/g)].map(
        ([, key]) => key,
      );
      expect(used.length).toBeGreaterThan(2);
      for (const key of used) expect(messages).toHaveProperty(String(key));
    }
  });

  it('Q put at most 12 kB, compressed, into a workspace’s page', () => {
    for (const name of ['chrome production', 'firefox production']) {
      const script = [...filesOf(name)].find(([file]) => /(^|\/)overlay\.js$/.test(file));
      const size = gzipSync(script?.[1] ?? '', { level: 9 }).length;
      expect(size).toBeGreaterThan(1_000);
      expect(size).toBeLessThanOrEqual(12_000);
    }
  });
});
