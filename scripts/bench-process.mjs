// What the benchmarks measure runs in processes of its own: the bundle of a file of test/bench/, its run, and the first
// words with a language server.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { common } from './build.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Bundles a file of `test/bench/`.
 * @param {string} work the folder that it is written to
 * @param {string} name its name without `.ts`
 * @returns {Promise<string>} the path of the bundle
 */
export async function bundle(work, name) {
  const outfile = join(work, `${name}.cjs`);
  await esbuild.build({
    ...common,
    entryPoints: [`test/bench/${name}.ts`],
    outfile,
    // Of what runs inside VS Code.
    external: ['vscode'],
  });
  return outfile;
}

/**
 * How the extension starts the built language server, but for the connection: here it is standard input and output.
 * @returns {Promise<{ args: string[], env: Record<string, string> }>} arguments of Node, and the environment
 */
export async function serverProcess() {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['client/src/server-process.ts'],
    format: 'esm',
    write: false,
  });
  const code = Buffer.from(outputFiles[0].contents).toString('base64');
  const { ENVIRONMENT, EXEC_ARGV } = await import(`data:text/javascript;base64,${code}`);
  return {
    args: [...EXEC_ARGV, join(root, 'dist', 'language-server.js'), '--stdio'],
    env: { ...process.env, ...ENVIRONMENT },
  };
}

/** Has a language server answer `initialize`, over a connection that is listened to. */
export function initialize(connection) {
  return connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: {
      workspace: { configuration: true },
      textDocument: { publishDiagnostics: { relatedInformation: true } },
    },
  });
}

/**
 * Runs Node and reads what it prints as JSON. Throws where it fails.
 * @param {string[]} args
 */
export function node(args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}
