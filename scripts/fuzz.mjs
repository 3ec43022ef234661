// `npm run fuzz`: the property tests for longer and with other values: rows of edits of all kinds of files against a
// fresh analysis, and text that is read again in part against a whole reading. A failure is kept as a small file.
//   npm run fuzz -- --minutes 10 --seed 7    that long, from that seed on; without a seed from today's date
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const TESTS = ['server/src/analysis-edits.test', 'server/src/text/reparse.test'];
/** Rows of edits for each seed. */
const RUNS = 200;
const FAILURES = join(root, 'fuzz-failures');

const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  const value = Number(process.argv[at + 1]);
  return at !== -1 && Number.isFinite(value) ? value : otherwise;
};

const minutes = option('minutes', 5);
let seed = option('seed', Number(new Date().toISOString().slice(0, 10).replaceAll('-', '')));

const built = spawnSync(process.execPath, ['scripts/build.mjs', '--tests', ...TESTS], {
  cwd: root,
  stdio: 'inherit',
});
if (built.status !== 0) process.exit(1);

const end = Date.now() + minutes * 60_000;
let failures = 0;
let rounds = 0;
for (; Date.now() < end; seed++, rounds++) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['node_modules/mocha/bin/mocha.js', ...TESTS.map((test) => join('out', `${test}.js`))],
    {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      env: { ...process.env, CMTOPO_SEED: String(seed), FUZZ_RUNS: String(RUNS) },
    },
  );
  if (status === 0) continue;
  failures++;
  const file = join(FAILURES, `${seed}.txt`);
  mkdirSync(dirname(file), { recursive: true });
  // The counterexample is at the end of what fast-check says.
  writeFileSync(file, `CMTOPO_SEED=${seed} FUZZ_RUNS=${RUNS}\n${`${stdout}${stderr}`.slice(0, 100_000)}`);
  console.error(`Seed ${seed}: a difference, in ${file}`);
}
console.log(`${rounds} seeds of ${RUNS} rows of edits each, ${failures} with a difference.`);
if (failures > 0) process.exitCode = 1;
