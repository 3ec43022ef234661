// A process of `npm run mutants`: holds built test files, and runs some of their tests with one change switched on.
//
// A question { record: true } runs every test twice without a change: which changes each passes, and how long it
// takes. What the second run no longer passes is worked out once. { id, tests } runs these tests with that change until
// one fails; `isDirty` where that one fails without the change too, afterwards.
const Module = require('node:module');
const { Mocha } = require('mocha');
const fc = require('fast-check');
const fixSeed = require('./fixed-seed.cjs');
fixSeed(fc);
// A counterexample is enough; nobody reads the smallest.
fc.configureGlobal({ ...fc.readConfigureGlobal(), endOnFailure: true });

const { files, on: fromStart, quick } = JSON.parse(process.argv[2]);
if (quick) {
  // Some values of each property say most of what all say.
  const assert = (property, options) =>
    fc.assert(property, { ...options, numRuns: Math.min(options?.numRuns ?? 100, 120) });
  const few = { ...fc, assert, default: { ...fc.default, assert }, __esModule: true };
  const load = Module._load;
  Module._load = (request, ...rest) => (request === 'fast-check' ? few : load(request, ...rest));
}
let on = fromStart;
/** @type {Set<string> | undefined} */
let passed;
globalThis.__isOn = (id) => {
  passed?.add(id);
  return id === on;
};

// No limits of Mocha's, which counts the time on the clock: the parent has one, in time of the processor.
Mocha.Runnable.prototype.timeout = function (...limit) {
  return limit.length === 0 ? 0 : this;
};
const mocha = new Mocha({ reporter: class {} });
mocha.cleanReferencesAfterRun(false);
/** By the file, what is passed while it is loaded. @type {Map<string, Set<string>>} */
const loading = new Map();
mocha.suite.on('pre-require', (_context, file) => {
  if (fromStart !== undefined) return;
  passed = new Set();
  loading.set(file, passed);
});
for (const file of files) mocha.addFile(file);
/** @type {unknown} */
let broken;
try {
  mocha.loadFiles();
  // Each run would load them again.
  mocha.files = [];
} catch (error) {
  broken = error;
}
passed = undefined;

/** By a key of its own. @type {Map<string, Mocha.Test>} */
const tests = new Map();
mocha.suite.eachTest((test) => {
  let key = `${test.file} ${test.fullTitle()}`;
  while (tests.has(key)) key += "'";
  tests.set(key, test);
  test.key = key;
  // What Mocha asks when it looks for the tests that are wanted.
  test.fullTitle = () => key;
});

/**
 * Runs tests, until one fails where nobody watches.
 * @param {Set<string>} wanted keys
 * @param {(runner: Mocha.Runner) => void} [watch]
 * @returns {Promise<string | undefined>} the key of the first test that failed
 */
function run(wanted, watch) {
  return new Promise((done) => {
    /** @type {string | undefined} */
    let failed;
    mocha.bail(watch === undefined);
    mocha.options.grep = { test: (key) => wanted.has(key) };
    const runner = mocha.run(() => done(failed));
    runner.on('fail', (test) => {
      // A hook fails in the name of the test that it belongs to.
      failed ??= test.key ?? test.ctx?.currentTest?.key ?? `${test.fullTitle()}: ${test.err?.message}`;
    });
    watch?.(runner);
  });
}

/** Milliseconds that this process had the processor. */
const processor = () => process.cpuUsage().user / 1000;

/** Runs every test twice, without a change. */
async function record() {
  const all = new Set(tests.keys());
  /** @type {Map<string, { first: Set<string>, second: Set<string>, ms: number }>} */
  const seen = new Map([...all].map((key) => [key, { first: new Set(), second: new Set(), ms: 0 }]));
  /** What hooks pass that run for several tests. */
  const between = new Set();
  /** Tests that fail without a change: there are none, but for those that count what they saw of a few values. */
  const failing = new Set();
  for (const round of ['first', 'second']) {
    await run(all, (runner) => {
      let begun = 0;
      passed = between;
      runner.on('test', ({ key }) => {
        begun = processor();
        passed = seen.get(key)[round];
      });
      runner.on('test end', ({ key }) => {
        seen.get(key).ms = Math.ceil(processor() - begun);
        passed = between;
      });
      runner.on('fail', ({ key }) => failing.add(key));
    });
    passed = undefined;
  }
  /** @type {Record<string, string[]>} */
  const once = {};
  for (const file of files) {
    const ofFile = [...tests].flatMap(([key, test]) => (test.file === file ? [seen.get(key)] : []));
    const lost = ofFile.flatMap(({ first, second }) => [...first].filter((id) => !second.has(id)));
    once[file] = [...new Set([...(loading.get(file) ?? []), ...lost])];
  }
  if (failing.size > 0 && !quick) return { failed: [...failing].join(', ') };
  return {
    tests: [...tests].flatMap(([key, test]) => {
      const { second, ms } = seen.get(key);
      return failing.has(key) ? [] : [{ key, file: test.file, ms, passed: [...second] }];
    }),
    once,
    between: [...between],
  };
}

/** Runs tests with a change, in order. */
async function ask({ id, tests: keys }) {
  if (broken !== undefined) return { good: false };
  // A few at first: most changes are noticed by one of them.
  for (let begin = 0, count = 8; begin < keys.length; count *= 3) {
    on = id;
    const failed = await run(new Set(keys.slice(begin, begin + count)));
    on = undefined;
    begin += count;
    if (failed === undefined) continue;
    const isDirty = tests.has(failed) && (await run(new Set([failed]))) !== undefined;
    return { good: false, isDirty, by: failed };
  }
  return { good: true };
}

process.on('message', async (question) => {
  if (question.record && broken !== undefined) process.send({ failed: String(broken) });
  else process.send(question.record ? await record() : await ask(question));
});
process.send({ ready: true });
