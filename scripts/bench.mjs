// From keystroke to diagnostics, over a real connection: our server beside yaml-language-server with
// our JSON schema, on the same file in the same run, taking turns. Then the recovery of broken files.
//
//   npm run bench             both sizes
//   npm run bench -- --quick  fewer keystrokes; --no-build takes dist/ as it is
//   npm run bench -- --ratios  only what the baseline holds; --typing  only the two servers
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
import { initialize, serverProcess } from './bench-process.mjs';
import { keepResults } from './bench-results.mjs';
import { benchScale } from './bench-scale.mjs';
import { benchStart } from './bench-start.mjs';
import { buildProduct, common } from './build.mjs';

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
/** Milliseconds that one is typed at before it is the other's turn: as long as none puts anything away while it waits. */
const TURN = 1_000;
/** Milliseconds after the last keystroke at which the memory is looked at: ours gives back what is free by then. */
const REST = 10_000;
/** Typed into a server’s entry, character by character; until the colon is there, the file is no YAML. */
const TYPED = '\n    description: Rack 12, second floor';

const quick = process.argv.includes('--quick');
/** How many turns each has before anything is timed, as in an editor that has been open for a while, and after that. */
const TURNS = quick ? { first: 2, timed: 8 } : { first: 10, timed: 40 };
/** How many lines are typed one keystroke here and one there. */
const LINES = quick ? 1 : 3;
const isForRatios = process.argv.includes('--ratios');
const isForTyping = process.argv.includes('--typing');
const schema = join(root, 'schemas', 'topology.schema.json');
const work = mkdtempSync(join(tmpdir(), 'cmtopo-bench-'));

/** Bundles a TypeScript file and imports it. */
async function load(file) {
  const outfile = join(work, `${file.replaceAll(/\W/g, '-')}.cjs`);
  await esbuild.build({
    ...common,
    entryPoints: [file],
    outfile,
  });
  return import(pathToFileURL(outfile).href);
}

/** Starts a language server and gives the time from a change to the diagnostics that answer it. */
async function start(name, { args, env }, settings) {
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'], env });
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
    paced: [],
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
  const ours = await start('cmtopo', await serverProcess());
  const peerProgram = join(root, 'node_modules', 'yaml-language-server', 'bin', 'yaml-language-server');
  const peer = await start(
    'yaml-language-server',
    { args: [peerProgram, '--stdio'], env: process.env },
    {
      yaml: {
        schemas: { [pathToFileURL(schema).href]: '*.topology.yaml' },
        schemaStore: { enable: false },
        validate: true,
      },
    },
  );
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
  /** Types at a server, line after line; a line is taken away once it is written. @returns milliseconds of a keystroke */
  const typist = (server) => {
    let index = 0;
    return async () => {
      const { time } = await server.change(uri, keystroke(index));
      index = (index + 1) % TYPED.length;
      if (index === 0) await server.change(uri, [{ text }]);
      return time;
    };
  };
  const turns = servers.map((server) => ({ server, type: typist(server) }));
  // The same time for both, in short turns: whatever else the machine does meets both, and neither waits for longer.
  for (let turn = 0; turn < TURNS.first + TURNS.timed; turn++) {
    for (const { server, type } of turns) {
      const end = performance.now() + TURN;
      while (performance.now() < end) {
        const time = await type();
        if (turn >= TURNS.first) server.times.push(time);
      }
    }
  }
  // As a person types, with pauses: the same keystroke here and there.
  for (const server of servers) await server.change(uri, [{ text }]);
  for (let count = 0; count < LINES * TYPED.length; count++) {
    for (const server of servers) {
      const index = count % TYPED.length;
      server.paced.push((await server.change(uri, keystroke(index))).time);
      if (index === TYPED.length - 1) await server.change(uri, [{ text }]);
    }
  }
  const [busy, busyPeer] = servers.map((server) => server.memory());
  await new Promise((resolve) => setTimeout(resolve, REST));
  const [own, other] = servers.map((server) => server.memory());
  for (const server of servers) await server.stop();

  const [mine, theirs] = [ours.times, peer.times];
  const ratio = (without) => (quantile(theirs, 0.5) - without) / quantile(mine, 0.5);
  const row = (label, times) =>
    console.log(
      `  ${label.padEnd(34)} median ${milliseconds(quantile(times, 0.5)).padStart(9)}   p95 ${milliseconds(quantile(times, 0.95)).padStart(9)}`,
    );
  console.log(`\n${lines.length - 1} lines, ${mine.length} and ${theirs.length} keystrokes`);
  row('cmtopo', mine);
  row('yaml-language-server', theirs);
  row(
    `  without its ${PEER_DEBOUNCE} ms of waiting`,
    theirs.map((time) => time - PEER_DEBOUNCE),
  );
  const counted = ratio(PEER_DEBOUNCE);
  console.log(
    `  cmtopo is ${ratio(0).toFixed(1)} times faster, ${counted.toFixed(1)} times with the waiting counted out`,
  );
  const [slow, slowPeer] = servers.map(({ paced }) => quantile(paced, 0.5));
  console.log(
    `  one keystroke each in turns: median ${milliseconds(slow)} and ${milliseconds(slowPeer)}, ${((slowPeer - PEER_DEBOUNCE) / slow).toFixed(1)} times`,
  );
  const faster = `${size} lines: times faster than yaml-language-server, its waiting counted out`;
  if (own === undefined || other === undefined) return [{ name: faster, value: counted, least: GOAL }];
  console.log(
    `  ${own.toFixed(0)} MB and ${other.toFixed(0)} MB in memory; ${busy.toFixed(0)} MB and ${busyPeer.toFixed(0)} MB directly after typing`,
  );
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
  if (!isForRatios && !isForTyping) {
    console.log('\nA large hierarchy with firewalls.');
    if (!(await benchScale({ quick }))) process.exitCode = 1;
    console.log('\nReal firewalls.');
    if (!(await benchImport({ quick }))) process.exitCode = 1;
  }
  if (!isForTyping) {
    results.push(
      ...(await benchKeystroke({ quick })),
      ...(await benchGrowth()),
      ...(await benchStart({ quick })),
    );
  }
  keepResults(results, process.argv);
  const recovery = 'test/recovery/bench.ts';
  if (!isForRatios && !isForTyping && existsSync(join(root, recovery))) {
    console.log('');
    const { formatRecovery, runRecoveryBench } = await load(recovery);
    console.log('Broken files: what is still read.');
    console.log(formatRecovery(runRecoveryBench(quick ? { files: 200 } : {})));
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
