// VS Code's own server build: the workbench as a web page, and a Node extension host behind it.
import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, say } from './places.mjs';

/** The npm package that carries the build; this version is VS Code 1.100.3, the oldest that we support. */
const serverPackage = 'code-server@4.100.3';

/**
 * Runs npm in a folder and throws with its last lines when it fails.
 * @param {string[]} args
 * @param {string} cwd
 */
function npm(args, cwd) {
  const all = [...args, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const run = spawnSync('npm', all, { cwd, encoding: 'utf8', shell: process.platform === 'win32' });
  if (run.status !== 0) {
    const why = run.error?.message ?? `${run.stdout}${run.stderr}`.trim().split('\n').slice(-8).join('\n');
    throw new Error(`'npm ${all.join(' ')}' failed in ${cwd}:\n${why}`);
  }
}

const installFolder = () => join(cacheFolder(), serverPackage.replace('@', '-'));

/** Whether the server build is in the cache folder. */
export function isServerInstalled() {
  return existsSync(installFolder());
}

/**
 * Installs the server build once into the cache folder.
 * @returns {string} the folder that holds `out/server-main.js`
 */
export function installServer() {
  const folder = installFolder();
  const inside = join('node_modules', 'code-server', 'lib', 'vscode');
  if (!existsSync(folder)) {
    say(`installing VS Code's server build (${serverPackage} from npm) into ${folder}`);
    // Built aside and renamed when whole, so that an interrupted or a second install leaves no half.
    const aside = `${folder}.${process.pid}`;
    mkdirSync(aside, { recursive: true });
    try {
      npm(['install', '--prefix', aside, serverPackage], aside);
      npm(['install', '--omit=dev'], join(aside, inside));
      if (!existsSync(folder)) renameSync(aside, folder);
    } finally {
      rmSync(aside, { recursive: true, force: true });
    }
  }
  return join(folder, inside);
}

/**
 * The arguments that keep a VS Code to folders of its own.
 * @param {{ dataFolder: string, extensionsFolder?: string }} options
 */
function folders({ dataFolder, extensionsFolder = join(dataFolder, 'extensions') }) {
  return ['--server-data-dir', dataFolder, '--extensions-dir', extensionsFolder];
}

/**
 * Installs a packed extension.
 * @param {{ dataFolder: string, extensionsFolder?: string, vsix: string }} options
 * @throws with what VS Code said where it does not install it
 */
export function installExtension(options) {
  const args = [
    'out/server-main.js',
    '--install-extension',
    options.vsix,
    '--force',
    ...folders(options),
    '--accept-server-license-terms',
    '--telemetry-level',
    'off',
  ];
  const run = spawnSync(process.execPath, args, { cwd: installServer(), encoding: 'utf8' });
  if (run.status === 0) return;
  throw new Error(`VS Code did not install ${options.vsix}:\n${run.error ?? ''}${run.stdout}${run.stderr}`);
}

/**
 * Asks a page as a browser does, which is given a cookie for the token and sent on.
 * @param {string} address
 * @returns {Promise<string>} the page
 */
export async function readPage(address) {
  const first = await fetch(address, { redirect: 'manual' });
  const cookie = first.headers.getSetCookie().map((line) => line.split(';')[0]);
  const next = first.headers.get('location');
  const page = next ? await fetch(new URL(next, address), { headers: { cookie: cookie.join('; ') } }) : first;
  if (!page.ok) throw new Error(`VS Code answers with status ${page.status} at ${address}.`);
  return page.text();
}

/**
 * Starts the server build on a free port of this machine's loopback address, guarded by a token.
 * @param {{ dataFolder: string, extensionsFolder?: string, verbose?: boolean }} options
 * @returns {Promise<{
 *   port: number,
 *   address(folder: string, payload?: [string, string][]): string,
 *   uri(path: string): string,
 *   stop(): Promise<void>,
 *   ended: Promise<number>,
 * }>} `address` is the page that opens a folder; `uri` names a file of this machine as the page sees it
 */
export async function startServer(options) {
  const cwd = installServer();
  const token = randomUUID();
  const args = [
    'out/server-main.js',
    '--host',
    '127.0.0.1',
    '--port',
    '0',
    '--connection-token',
    token,
    '--accept-server-license-terms',
    '--telemetry-level',
    'off',
    '--disable-workspace-trust',
    // Without it a built workbench does not run an extension's tests.
    '--enable-smoke-test-driver',
    ...folders(options),
  ];
  // A process group of its own, so that stopping it also ends the extension hosts.
  const server = spawn(process.execPath, args, {
    cwd,
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise((resolve) => server.once('exit', (code) => resolve(code ?? 1)));
  const kill = () => {
    try {
      if (process.platform === 'win32' || !server.pid) server.kill();
      else process.kill(-server.pid, 'SIGKILL');
    } catch {
      // It is gone already.
    }
  };
  process.once('exit', kill);
  let log = '';
  const port = await new Promise((resolve, reject) => {
    const limit = setTimeout(() => {
      kill();
      reject(new Error(`VS Code's server build did not start within 60 s:\n${log}`));
    }, 60_000);
    const read = (chunk) => {
      log = (log + chunk).slice(-20_000);
      if (options.verbose) process.stderr.write(chunk);
      const found = /listening on (\d+)/.exec(log);
      if (found) {
        clearTimeout(limit);
        resolve(Number(found[1]));
      }
    };
    server.stdout.setEncoding('utf8').on('data', read);
    server.stderr.setEncoding('utf8').on('data', read);
    server.once('error', reject);
    ended.then((code) => {
      clearTimeout(limit);
      reject(new Error(`VS Code's server build ended at once with status ${code}:\n${log}`));
    });
  });
  const uri = (path) => `vscode-remote://127.0.0.1:${port}${encodeURI(path)}`;
  return {
    port,
    uri,
    address(folder, payload) {
      const query = new URLSearchParams({ tkn: token, folder });
      if (payload) query.set('payload', JSON.stringify(payload));
      return `http://127.0.0.1:${port}/?${query}`;
    },
    ended,
    async stop() {
      kill();
      await ended;
      process.removeListener('exit', kill);
    },
  };
}
