// Makes a fresh clone ready: packages, and the browsers named as arguments. Plain JavaScript without packages, since
// nothing may be installed yet, and for any Node from 18 on, since the project's own Node is a package too.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const browsers = JSON.parse(readFileSync(new URL('browsers.json', import.meta.url), 'utf8'));

installPackages();
for (const name of process.argv.slice(2)) installBrowser(name);

/**
 * Installs by the lock file, when there are no packages or the lock file has changed since. Not `npm ci`: it refuses
 * where the lock file lacks the binaries of other platforms, which it does when it was written without them in reach.
 */
function installPackages() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  const lock = join(root, 'package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  console.log('Installing packages …');
  if (!run('npm', ['install', '--no-audit', '--no-fund']))
    fail('npm install did not succeed; its own message stands above.');
}

/** Looks for a browser and installs it by the system's package manager where that is allowed. */
function installBrowser(name) {
  const browser = browsers[name];
  if (!browser) fail(`There is no browser called ${name} here.`);
  if (find(browser)) return;
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const mayInstall = has('apt-get') && (sudo.length === 0 || spawnSync('sudo', ['-n', 'true']).status === 0);
  if (mayInstall) {
    console.log(`Installing ${browser.package} …`);
    const apt = (...parameters) => run(...head([...sudo, 'apt-get', ...parameters]));
    apt('update', '-qq');
    apt('install', '-y', '-qq', '--no-install-recommends', browser.package, 'fonts-liberation');
    if (find(browser)) return;
  }
  fail(
    `${browser.names[0]} was not found and could not be installed from here. Install it, or set ${browser.variable} to its path.`,
  );
}

function head([command, ...parameters]) {
  return [command, parameters];
}

function find({ variable, names }) {
  const named = process.env[variable];
  if (named) return existsSync(named);
  return names.some(has);
}

function has(command) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, command)));
}

function run(command, parameters) {
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command, parameters, { cwd: root, stdio: 'inherit', env: environment }).status === 0;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
