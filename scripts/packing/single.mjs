// The program as one file: `cmtopo.mjs` for any Node, and an executable with Node in it.
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { common, thirdPartyNotices, withoutEmptyEntries, withoutValidator } from '../build.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The same file serves the thread of a tool: it begins there where it is not the main one. */
const ENTRY = `#!/usr/bin/env node
import { isMainThread } from 'node:worker_threads';
if (isMainThread) void import('./server/src/cli/main.ts');
else void import('./server/src/cli/tool-worker.ts');
`;

/**
 * All of the program in one text, with the licences of what is in it.
 * @param {'esm' | 'cjs'} format
 * @param {string} thread the JavaScript that gives what a tool's thread runs
 */
async function bundled(format, thread) {
  const inOneFile = {
    name: 'in-one-file',
    setup(build) {
      build.onLoad({ filter: /[\\/]tool-thread\.ts$/ }, () => ({
        contents: `export const toolThread = () => (${thread});`,
        loader: 'ts',
      }));
      build.onLoad({ filter: /bundle\.l10n\..*\.json$/ }, ({ path }) => ({
        contents: withoutEmptyEntries(readFileSync(path, 'utf8')),
        loader: 'json',
      }));
    },
  };
  const { outputFiles, metafile } = await esbuild.build({
    ...common,
    format,
    plugins: [inOneFile, withoutValidator, ...common.plugins],
    stdin: { contents: ENTRY, resolveDir: root, sourcefile: 'cmtopo.ts', loader: 'ts' },
    outfile: 'cmtopo.js',
    minify: true,
    write: false,
    metafile: true,
    banner:
      format === 'esm'
        ? {
            js: `import { createRequire as requireFrom } from 'node:module';
import { fileURLToPath as pathOfUrl } from 'node:url';
const require = requireFrom(import.meta.url), __filename = pathOfUrl(import.meta.url), __dirname = pathOfUrl(new URL('.', import.meta.url));`,
          }
        : {},
  });
  const [output] = Object.values(metafile.outputs);
  const inputs = Object.entries(output.inputs).flatMap(([file, { bytesInOutput }]) =>
    bytesInOutput > 0 ? [file] : [],
  );
  const licence = readFileSync(join(root, 'LICENSE'), 'utf8');
  const notices = `${licence}\n${thirdPartyNotices(inputs)}`.replaceAll('*/', '* /');
  return `${outputFiles[0].text}/*\n${notices}*/\n`;
}

/**
 * Writes `cmtopo.mjs` into the root of the checkout: all of the program, for `node cmtopo.mjs`.
 * @returns {Promise<string>} its path
 */
export async function packSingle() {
  const path = join(root, 'cmtopo.mjs');
  writeFileSync(path, await bundled('esm', '{ code: new URL(import.meta.url), eval: false }'));
  chmodSync(path, 0o755);
  return path;
}

/**
 * Writes what goes into an executable: the program, as its Node takes it. Nothing of it depends on the folder, so that
 * executables made of the same source have the same bytes.
 * @param {string} node the Node that makes it, of the version that the executable has
 * @param {string} folder
 * @returns {Promise<string>} its path
 * @public for the test that calls it in a process
 */
export async function packBlob(node, folder) {
  const main = 'cmtopo.cjs';
  const output = 'cmtopo.blob';
  const thread = `{ code: require('node:sea').getAsset('program', 'utf8'), eval: true }`;
  writeFileSync(join(folder, main), await bundled('cjs', thread));
  writeFileSync(
    join(folder, 'sea.json'),
    JSON.stringify({
      main,
      output,
      disableExperimentalSEAWarning: true,
      // Either is for one version of one system.
      useSnapshot: false,
      useCodeCache: false,
      assets: { program: main },
    }),
  );
  run(node, ['--experimental-sea-config', 'sea.json'], folder);
  return join(folder, output);
}

/**
 * Writes `cmtopo` or `cmtopo.exe` into the root of the checkout: a copy of Node with the program in it, by the way
 * that Node documents for single executable applications.
 * @param {string} node the Node to copy, of the system that the program is for; for Windows on another system it has
 *   the version of the Node that runs this
 * @returns {Promise<string>} its path
 */
export async function packExecutable(node) {
  const folder = mkdtempSync(join(tmpdir(), 'cmtopo-executable-'));
  try {
    const isWindows = /\.exe$/i.test(node);
    // One version of Node writes it for the same version: where the copy does not run here, this one has to be that.
    const maker = isWindows && process.platform !== 'win32' ? process.execPath : resolve(node);
    const blob = await packBlob(maker, folder);
    const path = join(root, isWindows ? 'cmtopo.exe' : 'cmtopo');
    copyFileSync(node, path);
    chmodSync(path, 0o755);
    const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
    const put = ['--yes', 'postject@1.0.0-alpha.6', path, 'NODE_SEA_BLOB', blob, '--sentinel-fuse', fuse];
    run('npx', put, root);
    return path;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(command, args, cwd) {
  const { status, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    shell: process.platform === 'win32' && command === 'npx',
  });
  if (status !== 0) throw new Error(`${command} ${args[0]} failed: ${error?.message ?? stderr}`);
}
