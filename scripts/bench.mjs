// From keystroke to diagnostics, over a real connection: our server beside yaml-language-server with
// our JSON schema, on the same file in the same run, taking turns. Then the recovery of broken files.
//
//   npm run bench             both sizes
//   npm run bench -- --quick  fewer keystrokes; --no-build takes dist/ as it is
//   npm run bench -- --ratios  only what the baseline holds
//   npm run bench -- --compare     beside the committed baseline; --json FILE keeps the results, --baseline commits them
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { benchGrowth } from './bench-growth.mjs';
import { benchImport } from './bench-import.mjs';
import { benchKeystroke } from './bench-keystroke.mjs';
import { initialize } from './bench-process.mjs';
import { keepResults } from './bench-results.mjs';
import { benchScale } from './bench-scale.mjs';
import { benchStart } from './bench-start.mjs';
import { buildProduct, yamlAsJson } from './build.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const protocol = require('vscode-languageserver-protocol/node');

/** yaml-language-server waits this long after a change before it looks at the file. */
const PEER_DEBOUNCE = 200;
/** How many times faster ours has to be, and is to be. */
const WANTED = 10;
const GOAL = 30;
/** The share of its resident memory that ours is to have at most. */
const MOST_OF_MEMORY = 0.5;
const SIZES = [1_000, 10_000];
/** Typed into a server’s entry, character by character; until the colon is there, the file is no YAML. */
const TYPED = '\n    description: Rack 12, second floor';

const quick = process.argv.includes('--quick');
const isForRatios = process.argv.includes('--ratios');
const schema = join(root, 'schemas', 'topology.schema.json');
const work = mkdtempSync(join(tmpdir(), 'cmtopo-bench-'));

/** Bundles a TypeScript file and imports it. */
async function load(file) {
  const outfile = join(work, `${file.replaceAll(/\W/g, '-')}.cjs`);
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: [file],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    plugins: [yamlAsJson],
    logLevel: 'warning',
  });
  return import(pathToFileURL(outfile).href);
}

/** Starts a language server and gives the time from a change to the diagnostics that answer it. */
async function start(name, args, settings) {
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const connection = protocol.createProtocolConnection(
    new protocol.StreamMessageReader(child.stdout),
    new protocol.StreamMessageWriter(child.stdin),
  );
  let published = () => {};
  connection.onRequest('workspace/configuration', ({ items }) =>
    items.map(({ section }) => settings?.[section] ?? null),
  );
  connection.onNotification('textDocument/publishDiagnostics', ({ diagnostics }) => published(diagnostics));
  connection.listen();
  await initialize(connection);
  await connection.sendNotification('initialized', {});
  if (settings) await connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
  // Whatever the settings set off is over before anything is timed.
  await new Promise((resolve) => setTimeout(resolve, 1000));

  let version = 0;
  const next = () =>
    new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${name} gave no diagnostics within a minute`)), 60_000);
      published = (diagnostics) => {
        clearTimeout(late);
        resolve(diagnostics);
      };
    });
  const status = `/proc/${child.pid}/status`;
  return {
    name,
    times: [],
    /** @returns megabytes of the process that are in memory; undefined where nobody tells */
    memory: () =>
      existsSync(status)
        ? Number(/VmRSS:\s+(\d+)/.exec(readFileSync(status, 'utf8'))?.[1]) / 1024
        : undefined,
    async open(uri, text) {
      const diagnostics = next();
      await connection.sendNotification('textDocument/didOpen', {
        textDocument: { uri, languageId: 'yaml', version: ++version, text },
      });
      return diagnostics;
    },
    /** @returns milliseconds, and the diagnostics */
    async change(uri, contentChanges) {
      const diagnostics = next();
      const begin = performance.now();
      await connection.sendNotification('textDocument/didChange', {
        textDocument: { uri, version: ++version },
        contentChanges,
      });
      return { diagnostics: await diagnostics, time: performance.now() - begin };
    },
    async stop() {
      await connection.sendRequest('shutdown');
      await connection.sendNotification('exit');
      connection.dispose();
    },
  };
}

function quantile(times, share) {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

const milliseconds = (time) => `${time.toFixed(time < 10 ? 2 : 0)} ms`;

async function compare(size, text) {
  const uri = pathToFileURL(join(work, `bench-${size}.topology.yaml`)).href;
  // With the options with which the extension starts it.
  const ours = await start('cmtopo', ['--no-memory-reducer', join(root, 'dist', 'cli.js'), 'lsp', '--stdio']);
  const peerProgram = join(root, 'node_modules', 'yaml-language-server', 'bin', 'yaml-language-server');
  const peer = await start('yaml-language-server', [peerProgram, '--stdio'], {
    yaml: {
      schemas: { [pathToFileURL(schema).href]: '*.topology.yaml' },
      schemaStore: { enable: false },
      validate: true,
    },
  });
  const servers = [ours, peer];
  // Both have to see the mistakes that they are timed at looking for.
  for (const server of servers) {
    await server.open(uri, text);
    const wrong = await server.change(uri, [{ text: text.replace('type: primary', 'type: prinary') }]);
    if (wrong.diagnostics.length === 0) throw new Error(`${server.name} does not see a wrong word`);
    const right = await server.change(uri, [{ text }]);
    if (right.diagnostics.length > 0) {
      throw new Error(`${server.name} sees a mistake in the generated file: ${right.diagnostics[0].message}`);
    }
  }
  // In the middle of the servers: at the end of the line of some server's zone.
  const lines = text.split('\n');
  const middle = lines.findIndex((line, index) => index > lines.length / 2 && /^ {4}zone: /.test(line));
  const width = lines[middle].length;
  /** The change of one keystroke; the first one typed is the line break. */
  const keystroke = (index) => {
    const start =
      index === 0 ? { line: middle, character: width } : { line: middle + 1, character: index - 1 };
    return [{ range: { start, end: start }, text: TYPED[index] }];
  };
  // Each is typed at for the same time first, as in an editor that has been open for a while.
  for (const server of servers) {
    const end = performance.now() + (quick ? 2_000 : 10_000);
    while (performance.now() < end) {
      for (let index = 0; index < TYPED.length && performance.now() < end; index++) {
        await server.change(uri, keystroke(index));
      }
      await server.change(uri, [{ text }]);
    }
  }
  for (let round = 0; round < (quick ? 1 : 5); round++) {
    // They take turns line by line: neither waits idle between two keystrokes.
    for (const server of servers) {
      for (let index = 0; index < TYPED.length; index++) {
        server.times.push((await server.change(uri, keystroke(index))).time);
      }
      await server.change(uri, [{ text }]);
    }
  }
  const [own, other] = servers.map((server) => server.memory());
  for (const server of servers) await server.stop();

  const [mine, theirs] = [ours.times, peer.times];
  const ratio = (share, without) => (quantile(theirs, share) - without) / quantile(mine, share);
  const row = (label, times) =>
    console.log(
      `  ${label.padEnd(34)} median ${milliseconds(quantile(times, 0.5)).padStart(9)}   p95 ${milliseconds(quantile(times, 0.95)).padStart(9)}`,
    );
  console.log(`\n${lines.length - 1} lines, ${mine.length} keystrokes`);
  row('cmtopo', mine);
  row('yaml-language-server', theirs);
  row(
    `  without its ${PEER_DEBOUNCE} ms of waiting`,
    theirs.map((time) => time - PEER_DEBOUNCE),
  );
  const counted = ratio(0.5, PEER_DEBOUNCE);
  console.log(
    `  cmtopo is ${ratio(0.5, 0).toFixed(1)} times faster, ${counted.toFixed(1)} times with the waiting counted out`,
  );
  const faster = `${size} lines: times faster than yaml-language-server, its waiting counted out`;
  if (own === undefined || other === undefined) return [{ name: faster, value: counted, least: GOAL }];
  console.log(`  ${own.toFixed(0)} MB and ${other.toFixed(0)} MB in memory`);
  return [
    { name: faster, value: counted, least: GOAL },
    {
      name: `${size} lines: memory beside yaml-language-server`,
      value: own / other,
      most: MOST_OF_MEMORY,
    },
  ];
}

try {
  if (!existsSync(schema)) throw new Error(`${schema} is missing: run npm run build first`);
  if (!process.argv.includes('--no-build')) await buildProduct();
  console.log(`Node ${process.version}, ${availableParallelism()} cores.`);
  const { generateTopology } = await load('test/bench/generate.ts');
  const results = [];
  console.log('\nFrom keystroke to diagnostics:');
  for (const size of SIZES) {
    const [faster, ...more] = await compare(size, generateTopology(size));
    results.push(faster, ...more);
    if (faster.value < WANTED) {
      console.error(`\ncmtopo is to be at least ${WANTED} times faster at every size.`);
      process.exitCode = 1;
    }
  }
  if (!isForRatios) {
    console.log('\nA large hierarchy with firewalls.');
    if (!(await benchScale({ quick }))) process.exitCode = 1;
    console.log('\nReal firewalls.');
    if (!(await benchImport({ quick }))) process.exitCode = 1;
  }
  results.push(
    ...(await benchKeystroke({ quick })),
    ...(await benchGrowth()),
    ...(await benchStart({ quick })),
  );
  keepResults(results, process.argv);
  const recovery = 'test/recovery/bench.ts';
  if (!isForRatios && existsSync(join(root, recovery))) {
    console.log('');
    const { formatRecovery, runRecoveryBench } = await load(recovery);
    console.log('Broken files: what is still read.');
    console.log(formatRecovery(runRecoveryBench(quick ? { files: 200 } : {})));
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
