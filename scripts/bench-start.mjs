// What has to happen before the first finding is seen, in starts of Node with an empty script in the same run: the
// language server as a process until it has answered `initialize`, and until the findings of a small file are there;
// and the extension until VS Code says that it is active.
//   node scripts/bench-start.mjs            --quick takes fewer rounds
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundle, initialize, serverProcess } from './bench-process.mjs';
import { isServerInstalled } from './vscode/server.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const protocol = createRequire(import.meta.url)('vscode-languageserver-protocol/node');

/** What is wanted of a machine that does nothing else, in milliseconds; there Node alone takes about as long as below. */
const SERVER = 150;
const ACTIVATION = 50;
const NODE = 45;

const FILE = `configmgr: 2017-09
sites:
  PS1: { type: primary, database: { server: sql01 } }
servers:
  cm01: { site: PS1, zone: hq, roles: { site-server:, management-point: } }
`;

const median = (times) => times.toSorted((a, b) => a - b)[times.length >> 1];

/** @returns {Promise<number>} milliseconds from the start of Node with an empty script to its end */
async function startOfNode(empty) {
  const begun = performance.now();
  const child = spawn(process.execPath, [empty], { stdio: 'ignore' });
  await new Promise((resolve) => child.once('exit', resolve));
  return performance.now() - begun;
}

/** @returns {Promise<{ ready: number, found: number }>} milliseconds from the start of the server */
async function startOfServer(uri, { args, env }) {
  const begun = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'], env });
  const connection = protocol.createProtocolConnection(
    new protocol.StreamMessageReader(child.stdout),
    new protocol.StreamMessageWriter(child.stdin),
  );
  const findings = new Promise((resolve) => {
    connection.onNotification('textDocument/publishDiagnostics', resolve);
  });
  connection.onRequest('workspace/configuration', ({ items }) => items.map(() => null));
  connection.listen();
  await initialize(connection);
  const ready = performance.now() - begun;
  await connection.sendNotification('initialized', {});
  await connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'configmgr-topology', version: 1, text: FILE },
  });
  const { diagnostics } = await findings;
  const found = performance.now() - begun;
  if (diagnostics.length === 0) throw new Error('The server finds nothing in the small file.');
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await connection.sendRequest('shutdown');
  await connection.sendNotification('exit');
  await ended;
  connection.dispose();
  return { ready, found };
}

/** Activates the extension of the checkout in VS Code's server build once. @returns milliseconds, and those of Node */
function activation(work, empty, tests) {
  const file = join(work, 'activation.json');
  const folder = join(work, 'workspace');
  mkdirSync(folder, { recursive: true });
  const args = [`--extensionDevelopmentPath=${root}`, `--extensionTestsPath=${tests}`, folder];
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(root, 'scripts', 'vscode', 'code.mjs'), ...args],
    {
      encoding: 'utf8',
      env: { ...process.env, CMTOPO_BENCH: file, CMTOPO_BENCH_EMPTY: empty },
    },
  );
  if (status !== 0) throw new Error(`VS Code ended with ${status}: ${stderr}`);
  return JSON.parse(readFileSync(file, 'utf8'));
}

/**
 * Measures the start of the built program and extension, and prints it.
 * @param {{ quick?: boolean }} [options]
 * @returns {Promise<{ name: string, value: number, most: number }[]>} in starts of Node; without the activation where
 * VS Code's server build was never installed, which `node scripts/test.mjs vscode` does
 */
export async function benchStart({ quick = false } = {}) {
  const work = mkdtempSync(join(tmpdir(), 'cmtopo-start-'));
  try {
    const empty = join(work, 'empty.cjs');
    writeFileSync(empty, '');
    console.log('\nFrom the start of a process, in starts of Node with an empty script:');
    const nodes = [];
    const servers = [];
    const program = await serverProcess();
    for (let round = 0; round < (quick ? 5 : 15); round++) {
      nodes.push(await startOfNode(empty));
      servers.push(await startOfServer(pathToFileURL(join(work, 'small.topology.yaml')).href, program));
    }
    const results = [];
    const add = (what, time, node, wanted) => {
      const value = time / node;
      const most = wanted / NODE;
      const is = value <= most ? '' : '  more than wanted';
      console.log(
        `  ${what.padEnd(44)}${value.toFixed(2).padStart(8)}  of at most ${most.toFixed(1)}  (${time.toFixed(0)} ms beside ${node.toFixed(0)} ms)${is}`,
      );
      results.push({ name: `start: ${what}`, value, most });
    };
    add('server answers initialize', median(servers.map(({ ready }) => ready)), median(nodes), SERVER);
    add('findings of a small file', median(servers.map(({ found }) => found)), median(nodes), SERVER);
    if (isServerInstalled()) {
      const tests = await bundle(work, 'activation');
      const runs = Array.from({ length: quick ? 1 : 3 }, () => activation(work, empty, tests));
      const of = (key) => median(runs.map((run) => run[key]));
      add('extension is active in VS Code', of('activation'), of('node'), ACTIVATION);
    } else console.log('  VS Code is not installed here; node scripts/test.mjs vscode does so');
    return results;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await benchStart({ quick: process.argv.includes('--quick') });
}
