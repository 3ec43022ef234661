// A large hierarchy with firewalls: time and memory at one size, and how both grow with the size.
//   node scripts/bench-scale.mjs [--quick]    takes dist/ as it is
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundle, node } from './bench-process.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Milliseconds for the analysis, megabytes for `cmtopo check`, the power of the size that the time grows with, and
 * milliseconds for a company of branches.
 */
const BOUNDS = { time: 1_000, memory: 300, exponent: 1.2, branches: 100 };
const STAGES = ['parse', 'topology', 'flows', 'reach', 'rules'];
const VARIANTS = ['allowed', 'mistakes', 'blocked'];
const MEBI = 1_024;

/** @returns {boolean} whether everything is within the bounds */
export async function benchScale({ quick }) {
  const work = mkdtempSync(join(tmpdir(), 'cmtopo-scale-'));
  try {
    const measure = await bundle(work, 'measure');
    const { generateHierarchy, SIZE } = (await import(pathToFileURL(await bundle(work, 'hierarchy')).href))
      .default;
    const fileOf = (scale, variant = 'allowed') => {
      const file = join(work, `${variant}-${scale}.topology.yaml`);
      if (!existsSync(file)) writeFileSync(file, generateHierarchy(scale, variant));
      return file;
    };
    const { primaries, servers, groups, zones, rules } = SIZE;
    console.log(
      `${primaries} primary sites, ${servers} servers, ${groups} client groups, ${zones} zones, ${rules} firewall rules; milliseconds in a fresh process, those not counted in which other programs run:`,
    );
    let good = checkSize(measure, fileOf, quick);
    good = checkBranches(measure, await branchFile(work), quick) && good;
    console.log('\nGrowth, from that size on, in a process that is warm:');
    good = checkGrowth(measure, fileOf, quick ? [1, 2, 4] : [1, 2, 4, 8, 16], quick) && good;
    console.log('\nMilliseconds after a keystroke, with firewalls in the file:');
    for (const scale of [0.04, 0.5]) {
      const file = fileOf(scale);
      const lines = readFileSync(file, 'utf8').split('\n').length - 1;
      const times = node([measure, 'typing', file, quick ? '100' : '300']);
      row(
        `${lines} lines`,
        [...STAGES, 'total'].map((stage) => times[stage].toFixed(1)),
      );
    }
    return good;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The best of several runs: whatever else the machine does only makes them slower. */
function best(runs, args) {
  const results = Array.from({ length: runs }, () => node(args));
  return results.reduce((a, b) => (b.total < a.total ? b : a));
}

function row(title, cells) {
  console.log(`  ${title.padEnd(14)}${cells.map((cell) => String(cell).padStart(10)).join('')}`);
}

function checkSize(measure, fileOf, quick) {
  let good = true;
  row('', [...STAGES, 'total', 'processor', 'findings', 'check', 'memory']);
  for (const variant of VARIANTS) {
    const file = fileOf(1, variant);
    const times = best(quick ? 3 : 7, [measure, 'once', file]);
    const check = checkProgram(file, quick ? 1 : 3);
    row(variant, [
      ...[...STAGES, 'total', 'processor'].map((name) => Math.round(times[name])),
      times.findings,
      Math.round(check.time),
      `${Math.round(check.memory)} MB`,
    ]);
    if (times.total > BOUNDS.time) {
      console.error(`${variant}: the analysis takes more than ${BOUNDS.time} ms.`);
      good = false;
    }
    if (check.memory > BOUNDS.memory) {
      console.error(`${variant}: cmtopo check takes more than ${BOUNDS.memory} MB.`);
      good = false;
    }
  }
  return good;
}

async function branchFile(work) {
  const { BRANCHES, generateBranches } = (await import(pathToFileURL(await bundle(work, 'branches')).href))
    .default;
  const file = join(work, 'branches.topology.yaml');
  writeFileSync(file, generateBranches(BRANCHES));
  return file;
}

function checkBranches(measure, file, quick) {
  console.log('\n60 branches with boundary groups and 20,000 clients, in a process that is warm:');
  const times = best(quick ? 3 : 7, [measure, 'once', file, file]);
  row('', [...STAGES, 'total', 'findings']);
  row('branches', [...[...STAGES, 'total'].map((name) => times[name].toFixed(1)), times.findings]);
  if (times.total <= BOUNDS.branches) return true;
  console.error(`branches: the analysis takes more than ${BOUNDS.branches} ms.`);
  return false;
}

/** `cmtopo check` as people run it: the whole time of the process, and the most memory that it had. */
function checkProgram(file, runs) {
  const hook = `${file}.hook.cjs`;
  const out = `${file}.json`;
  writeFileSync(
    hook,
    `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(out)}, JSON.stringify({ time: performance.now(), memory: process.resourceUsage().maxRSS })));\n`,
  );
  const results = Array.from({ length: runs }, () => {
    const { status } = spawnSync(
      process.execPath,
      ['--require', hook, join(root, 'dist', 'cli.js'), 'check', file],
      {
        stdio: 'ignore',
      },
    );
    if (status !== 0 && status !== 1) throw new Error(`cmtopo check ended with ${status}`);
    return JSON.parse(readFileSync(out, 'utf8'));
  });
  return {
    time: Math.min(...results.map(({ time }) => time)),
    memory: Math.max(...results.map(({ memory }) => memory)) / MEBI,
  };
}

function checkGrowth(measure, fileOf, scales, quick) {
  row('', ['lines', 'flows', ...STAGES, 'total', 'processor']);
  const results = scales.map((scale) => {
    const file = fileOf(scale);
    const times = best(quick ? 2 : 3, ['--max-old-space-size=4096', measure, 'once', file, fileOf(1)]);
    const lines = readFileSync(file, 'utf8').split('\n').length - 1;
    const all = [...STAGES, 'total', 'processor'].map((name) => Math.round(times[name]));
    row(`${scale}x`, [lines, times.flowCount, ...all]);
    return { scale, ...times };
  });
  const exponents = [...STAGES, 'total', 'processor'].map((name) => slope(results, name));
  row('exponent', ['', '', ...exponents.map((exponent) => exponent.toFixed(2))]);
  const exponent = slope(results, 'total');
  if (exponent <= BOUNDS.exponent) return true;
  console.error(`The time grows with the size to the power of ${exponent.toFixed(2)}.`);
  return false;
}

/** The slope of the straight line through the logarithms of size and time: 1 where the time grows as the size. */
function slope(results, name) {
  const points = results.map((result) => [Math.log(result.scale), Math.log(result[name])]);
  const mean = (index) => points.reduce((sum, point) => sum + point[index], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const across = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  return across / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (!(await benchScale({ quick: process.argv.includes('--quick') }))) process.exitCode = 1;
}
