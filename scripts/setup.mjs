// Makes a checkout ready: installs the packages that package-lock.json names. Needs nothing but Node and npm.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Whether node_modules holds the versions that package-lock.json names. */
function installed() {
  try {
    const read = (file) => JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
    const present = read('node_modules/.package-lock.json');
    return Object.entries(read('package-lock.json')).every(
      ([path, { version, optional, link }]) =>
        !/(^|\/)node_modules\//.test(path) ||
        optional ||
        link ||
        // What npm wrote down says nothing of folders that were removed since.
        (present[path]?.version === version && existsSync(join(root, path))),
    );
  } catch {
    return false;
  }
}

/** Installs the packages where they are missing or others than package-lock.json names. Ends the process when that fails. */
export function setUp() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`Node 20.19 or later is needed; this is ${process.version}.`);
    process.exit(2);
  }
  if (installed()) return;
  console.log('[setup] installing the packages of package-lock.json (npm ci)');
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const run = spawnSync('npm', args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  if (run.status !== 0) {
    console.error(`'npm ${args.join(' ')}' failed${run.error ? `: ${run.error.message}` : ''}.`);
    process.exit(1);
  }
}
