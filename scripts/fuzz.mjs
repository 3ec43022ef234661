// `npm run fuzz`: the tests with random input, for longer and with other values; docs/robustness.md says what they do.
// A failure is kept as a small file in fuzz-failures/, with the command that repeats it.
//   npm run fuzz -- --minutes 10 --seed 7    that long, from that seed on; without a seed from today's date
//   npm run fuzz -- PART …                   only the tests with PART in their path
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Every test that draws values. */
const TESTS = ['server/src', 'test'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => join(folder, file))
    .filter((file) => readFileSync(join(root, file), 'utf8').includes("from 'fast-check'"))
    .map((file) => file.slice(0, -'.ts'.length)),
);
/** Rows of edits for each seed, and how many times as many values as in `npm test` the others draw. */
const SIZE = { FUZZ_RUNS: '200', FUZZ_TIMES: '5' };
const FAILURES = join(root, 'fuzz-failures');

const { values, positionals } = parseArgs({
  options: { minutes: { type: 'string', default: '5' }, seed: { type: 'string' } },
  allowPositionals: true,
});
const minutes = Number(values.minutes);
const first = Number(values.seed ?? new Date().toISOString().slice(0, 10).replaceAll('-', ''));
const tests = TESTS.filter(
  (test) => positionals.length === 0 || positionals.some((part) => test.includes(part)),
);
if (!(minutes > 0) || !Number.isInteger(first) || tests.length === 0) {
  console.error(
    `Usage: npm run fuzz -- [--minutes N] [--seed N] [PART …], PART being part of:\n  ${TESTS.join('\n  ')}`,
  );
  process.exit(2);
}

const built = spawnSync(process.execPath, ['scripts/build.mjs', '--tests', ...tests], {
  cwd: root,
  stdio: 'inherit',
});
if (built.status !== 0) process.exit(1);

const end = Date.now() + minutes * 60_000;
/** By test: how many seeds were tried, how many of them failed, and how long it took in milliseconds. */
const counts = tests.map((test) => ({ test, seeds: 0, failed: 0, took: 0 }));
while (Date.now() < end) {
  // A seed takes one test a second and another minutes: each gets its share of the time.
  const count = counts.reduce((least, other) => (other.took < least.took ? other : least));
  const { test } = count;
  const seed = first + count.seeds++;
  const started = Date.now();
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['node_modules/mocha/bin/mocha.js', join('out', `${test}.js`)],
    {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      env: { ...process.env, ...SIZE, CMTOPO_SEED: String(seed) },
    },
  );
  count.took += Date.now() - started;
  if (status === 0) continue;
  count.failed++;
  const file = join(FAILURES, `${test.replaceAll('/', '-')}-${seed}.txt`);
  mkdirSync(FAILURES, { recursive: true });
  const again = `CMTOPO_SEED=${seed} FUZZ_RUNS=${SIZE.FUZZ_RUNS} FUZZ_TIMES=${SIZE.FUZZ_TIMES} npx mocha out/${test}.js`;
  // The counterexample is at the end of what fast-check says.
  writeFileSync(file, `${again}\n${`${stdout}${stderr}`.slice(-100_000)}`);
  console.error(`Seed ${seed}: ${test} failed, see ${file}`);
}
for (const { test, seeds, failed } of counts) console.log(`${test}: ${seeds} seeds, ${failed} failed`);
if (counts.some(({ failed }) => failed > 0)) process.exitCode = 1;
