// `npm test`: sets the checkout up, checks everything and ends with one line `N passed, N failed`.
// `node scripts/test.mjs unit` and `node scripts/test.mjs vscode` run a part.
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setUp } from './setup.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'cmtopo-test-'));
const npx = (name) => join(root, 'node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name);

const inCi = Boolean(process.env.CI && process.env.CI !== 'false');

/** @typedef {{ passed: number, failed: number, pending?: number }} Counts */

/**
 * Runs a program of the checkout, its output shown as it comes.
 * @param {string} command
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 * @returns {number | null} its status, null where it has none
 */
function statusOf(command, args, env) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  });
  if (error) console.error(error.message);
  return status;
}

/** Whether a program ends with status 0, as {@link statusOf}. */
function run(command, args, env) {
  return statusOf(command, args, env) === 0;
}

/** One check that is no Mocha suite counts as one test. @returns {Counts} */
function check(command, args) {
  return run(command, args) ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/**
 * Looks for texts without a translation, which readers meet in English. A contributor need not speak every language,
 * so that these count as pending; with `CI` in the environment, as in `.ci/run`, they count as a failure.
 * @returns {Counts}
 */
async function translated() {
  // What it needs is installed by now, and not when this file is read.
  const { UNTRANSLATED } = await import('./translate.mjs');
  const status = statusOf(process.execPath, ['scripts/translate.mjs', '--check']);
  if (status === 0) return { passed: 1, failed: 0 };
  return status === UNTRANSLATED && !inCi ? { passed: 0, failed: 0, pending: 1 } : { passed: 0, failed: 1 };
}

/**
 * Runs Mocha, here or inside VS Code, and reads what it counted. A run that ends badly counts as a failure
 * even where its own numbers show none.
 * @param {string} command
 * @param {string[]} args
 * @returns {Counts}
 */
function counted(command, args) {
  const file = countsFile();
  return readCounts(file, run(command, args, { CMTOPO_COUNTS: file }));
}

const countsFile = () => join(scratch, `counts-${Math.random().toString(36).slice(2)}.json`);

/** @returns {Counts} what a run wrote, which may have ended badly */
function readCounts(file, good) {
  const counts = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { passed: 0, failed: 0 };
  if (counts.passed === 0) console.error('No test was run.');
  if ((!good || counts.passed === 0) && counts.failed === 0) counts.failed = 1;
  return counts;
}

const mochaArgs = (files) => ['--reporter', join(root, 'scripts', 'reporter.cjs'), '--forbid-only', ...files];

/** Runs test files with the options of `.mocharc.json`, time limits among them, so that one can be run by hand. */
function mocha(files) {
  return counted(npx('mocha'), mochaArgs(files));
}

/**
 * Begins to run test files, with the second processor where there is one, while something else is run.
 * @returns {() => Promise<Counts>} waits for them and shows what they printed
 */
function mochaAside(files) {
  const file = countsFile();
  const log = join(scratch, 'aside.log');
  const output = openSync(log, 'w');
  const child = spawn(npx('mocha'), mochaArgs(files), {
    cwd: root,
    stdio: ['ignore', output, output],
    env: { ...process.env, CMTOPO_COUNTS: file },
    shell: process.platform === 'win32',
  });
  closeSync(output);
  const ended = new Promise((resolve) => {
    child.once('exit', (status) => resolve(status === 0));
    child.once('error', (error) => {
      console.error(error.message);
      resolve(false);
    });
  });
  return async () => {
    const good = await ended;
    process.stdout.write(readFileSync(log));
    return readCounts(file, good);
  };
}

/** The bundled tests of a folder of out/, without those that other stages run. */
function bundled(folder, except = []) {
  const top = join(root, 'out', folder);
  if (!existsSync(top)) return [];
  return readdirSync(top, { recursive: true })
    .filter((file) => file.endsWith('.test.js') && !except.some((name) => file.startsWith(name)))
    .map((file) => join('out', folder, file))
    .sort();
}

/** Tests that start programs, and those of imports and exports: they take about as long as all others, beside which they run. */
const ASIDE = ['test/cli', 'test/lsp', 'test/fuzz', 'test/imports', 'test/exports'];

/** Waits for the tests of the command line and the language server. */
let commandLine;

/** What a stage needs: a stage whose need failed is not run and counts as one failure. */
const stages = [
  { name: 'lint', parts: ['unit'], go: () => check(npx('biome'), ['check', '.']) },
  { name: 'types', parts: ['unit'], go: () => check(npx('tsc'), ['-p', 'tsconfig.json']) },
  { name: 'types of pages', parts: ['unit'], go: () => check(npx('tsc'), ['-p', 'tsconfig.pages.json']) },
  { name: 'types of workers', parts: ['unit'], go: () => check(npx('tsc'), ['-p', 'tsconfig.worker.json']) },
  // Exports that nothing imports, files that nothing needs, packages that nothing uses.
  { name: 'dead code', parts: ['unit'], go: () => check(npx('knip'), []) },
  {
    name: 'generated files',
    parts: ['unit'],
    go: () => check(process.execPath, ['scripts/generate.mjs', '--check']),
  },
  {
    name: 'build',
    parts: ['unit', 'vscode'],
    go: () => check(process.execPath, ['scripts/build.mjs', '--tests']),
  },
  { name: 'translations', parts: ['unit'], needs: 'build', go: translated },
  {
    name: 'unit tests',
    parts: ['unit'],
    needs: 'build',
    go: () => {
      commandLine = mochaAside(ASIDE.flatMap((folder) => bundled(folder)));
      return mocha([
        ...bundled('server'),
        ...bundled('client'),
        ...bundled('test', ['vscode', 'packed', ...ASIDE.map((folder) => relative('test', folder))]),
      ]);
    },
  },
  {
    name: 'command line, language server, imports and exports',
    parts: ['unit'],
    needs: 'build',
    // Begun with the unit tests; its time is what is left after them.
    go: () => commandLine(),
  },
  {
    name: 'package',
    parts: ['vscode'],
    needs: 'build',
    go: () => check(process.execPath, ['scripts/package.mjs']),
  },
  { name: 'packed files', parts: ['vscode'], needs: 'package', go: () => mocha(bundled('test/packed')) },
  {
    name: 'VS Code',
    parts: ['vscode'],
    needs: 'package',
    go: () => counted(process.execPath, ['scripts/vscode/run.mjs']),
  },
  {
    name: 'VS Code in a browser',
    parts: ['vscode'],
    needs: 'package',
    go: () => counted(process.execPath, ['scripts/vscode/web.mjs']),
  },
  {
    name: 'VS Code, as seen',
    parts: ['vscode'],
    needs: 'package',
    go: () =>
      mocha(
        readdirSync(join(root, 'test', 'vscode'))
          .filter((file) => file.endsWith('.test.mjs') && file !== 'start.test.mjs')
          .map((file) => `test/vscode/${file}`),
      ),
  },
  {
    name: 'npm start',
    parts: ['vscode'],
    needs: 'package',
    go: () => mocha(['test/vscode/start.test.mjs']),
  },
];

const part = process.argv[2];
if (process.argv.length > 3 || (part && !['unit', 'vscode'].includes(part))) {
  console.error('Usage: node scripts/test.mjs [unit|vscode]');
  process.exit(2);
}

setUp();
const total = { passed: 0, failed: 0 };
const bad = new Set();
for (const { name, parts, needs, go } of stages) {
  if (part && !parts.includes(part)) continue;
  console.log(`\n=== ${name}`);
  const begun = Date.now();
  let counts = { passed: 0, failed: 1 };
  if (bad.has(needs)) console.error(`Not run, because '${needs}' failed.`);
  else counts = await go();
  if (counts.failed > 0) bad.add(name);
  total.passed += counts.passed;
  total.failed += counts.failed;
  const pending = counts.pending ? `, ${counts.pending} pending` : '';
  const seconds = ((Date.now() - begun) / 1000).toFixed(1);
  console.log(`=== ${name}: ${counts.passed} passed, ${counts.failed} failed${pending} (${seconds} s)`);
}
rmSync(scratch, { recursive: true, force: true });
if (bad.size > 0) console.log(`\nFailed: ${[...bad].join(', ')}`);
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;
