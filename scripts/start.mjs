// `npm start`: sets the checkout up, builds, checks the example in the terminal and opens it in a VS Code with
// the extension: the installed `code`, else VS Code's server build at a printed address.
// `npm start -- --serve`: the server build in any case.
// `npm start -- --exit`, or CI in the environment: serves it, sees that it answers, and ends.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setUp } from './setup.mjs';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');
const args = process.argv.slice(2);
const exit = args.includes('--exit') || Boolean(process.env.CI && process.env.CI !== 'false');
const serveAnyway = exit || args.includes('--serve');
if (args.some((arg) => !['--exit', '--serve'].includes(arg))) {
  console.error('Usage: npm start [-- --serve | --exit]');
  process.exit(2);
}
const shell = process.platform === 'win32';
const examples = join(root, 'examples');
const example = join(examples, 'hierarchy.topology.yaml');

setUp();
const { packagePath } = await import('./packing/vsix.mjs');
const { cacheFolder } = await import('./vscode/places.mjs');
const vsix = packagePath();
console.log('[setup] building and packing the extension');
const packing = spawnSync(process.execPath, ['scripts/package.mjs', 'vsix'], { cwd: root, encoding: 'utf8' });
if (packing.status !== 0) {
  console.error(`${packing.stdout}${packing.stderr}The extension could not be packed.`);
  process.exit(1);
}

console.log('\n$ cmtopo check examples/hierarchy.topology.yaml');
const check = ['dist/cli.js', 'check', 'examples/hierarchy.topology.yaml', '--format', 'pretty'];
const { status } = spawnSync(process.execPath, check, { cwd: root, stdio: 'inherit' });
if (status !== 0 && status !== 1) {
  console.error(`The check did not run: status ${status}.`);
  process.exit(1);
}

const temporary = mkdtempSync(join(tmpdir(), 'cmtopo-start-'));
process.once('exit', () => rmSync(temporary, { recursive: true, force: true, maxRetries: 3 }));

/** Opens the example in the installed VS Code, in a profile of its own. False where there is none. */
function openInstalled() {
  if (spawnSync('code', ['--version'], { shell, timeout: 20_000 }).status !== 0) return false;
  // The window outlives this process, so its folders stay; they are the same at the next start.
  const home = join(cacheFolder(), 'start');
  const folders = ['--user-data-dir', join(home, 'data'), '--extensions-dir', join(home, 'extensions')];
  const steps = [
    [...folders, '--install-extension', vsix, '--force'],
    [...folders, '--disable-workspace-trust', '--new-window', examples, '--goto', `${example}:1`],
  ];
  for (const step of steps) {
    if (spawnSync('code', step, { shell, stdio: 'inherit' }).status !== 0) return false;
  }
  console.log('\nThe examples are open in VS Code, with the extension, in a profile of their own.');
  return true;
}

/** Serves VS Code with the extension and prints its address. Ends with Ctrl+C, or at once for `--exit`. */
async function serve() {
  const { installExtension, readPage, startServer } = await import('./vscode/server.mjs');
  installExtension({ dataFolder: temporary, vsix });
  const server = await startServer({ dataFolder: temporary });
  const address = server.address(examples, [['openFile', server.uri(example)]]);
  await readPage(address);
  console.log(`\nVS Code with the extension is served at\n\n  ${address}\n`);
  if (exit) {
    console.log('It answers; ending, as --exit or CI asks.');
  } else {
    console.log('Open the address in a browser. Ctrl+C ends it.');
    const stopped = new Promise((done) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, done);
    });
    const ended = await Promise.race([stopped.then(() => false), server.ended.then(() => true)]);
    if (ended) throw new Error("VS Code's server build ended by itself.");
  }
  await server.stop();
}

try {
  if (serveAnyway || !openInstalled()) await serve();
  process.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
