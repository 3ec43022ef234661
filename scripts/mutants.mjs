// `npm run mutants`: changes the code in one small way at a time and looks whether a test fails. What no test notices
// is printed with its place. Not part of `npm test`: it takes long. What is known stays in `.mutants/`, so that a run
// that was ended goes on where it was; a file or test that has changed since is looked at again.
//
//   npm run mutants -- [PATH …] [--sample N [--seed S]] [--minutes N] [--beside] [--quick] [--list] [--again]
//
// PATH: files or folders of the targets below; all where there is none. FILE:LINE: that line alone. --sample: N changes
// alone, drawn from all targets alike; the same ones at each run with the same seed (1), so that a sample can be ended
// and gone on with. --minutes: ends after so many. --beside: asks the tests beside each file alone. --quick: draws 120
// values for each property at most, and asks four seconds of tests. What these two do not notice is open for the next
// run without them. --list: prints what is known, and runs nothing. --again: forgets what is known of the paths.
import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import treeSitter from '@vscode/tree-sitter-wasm';
import * as esbuild from 'esbuild';
import { yamlAsJson } from './build.mjs';

const { Language, Parser } = treeSitter;
const root = fileURLToPath(new URL('..', import.meta.url));
const store = join(root, '.mutants');

/** The tests that look at the examples of every rule, and at the pages that are made of them. */
const OF_RULES = ['server/src/rules/examples.test.ts', 'server/src/rule-pages.test.ts'];
/** What is changed, and the tests that are to notice. */
const TARGETS = [
  { code: ['server/src/flows'], tests: ['server/src/flows', 'test/flows', 'test/hierarchies'] },
  {
    code: ['server/src/reach'],
    tests: [
      'server/src/reach',
      'server/src/rules/examples.test.ts',
      'server/src/rules/firewalls',
      'server/src/analysis-again.test.ts',
    ],
  },
  { code: ['server/src/rules/wsus/wsus-port-pair.ts'], tests: [...OF_RULES, 'server/src/rules/wsus'] },
  {
    code: ['server/src/rules/sql-server/sql-static-port.ts'],
    tests: [...OF_RULES, 'server/src/rules/sql-server'],
  },
  { code: ['server/src/rules/hierarchy/site-limits.ts'], tests: [...OF_RULES, 'server/src/rules/hierarchy'] },
];

/** Milliseconds of tests that are asked with `--quick`. */
const QUICK = 4000;

/** Changes that no test could notice, each with the reason; see `scripts/equivalent-mutants.json`. */
const EQUIVALENT = JSON.parse(readFileSync(join(root, 'scripts', 'equivalent-mutants.json'), 'utf8'));

/** Operators and what takes their place. */
const OPERATORS = {
  '===': ['!=='],
  '!==': ['==='],
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '&&': ['||'],
  '||': ['&&'],
  '??': ['&&'],
  '+': ['-'],
  '-': ['+'],
};
/** Methods and what takes their place. */
const METHODS = { some: 'every', every: 'some', min: 'max', max: 'min', startsWith: 'endsWith' };

/**
 * One change: an expression or statement of a file and what takes its place.
 * @typedef {{ id: string, file: string, line: number, start: number, end: number, before: string, after: string,
 *   statement: boolean }} Mutant
 */

/** The files of a path with an ending, from the root, with `/`. @returns {string[]} */
function filesOf(path, ending) {
  if (path.endsWith('.ts')) return existsSync(join(root, path)) ? [path] : [];
  if (!existsSync(join(root, path))) return [];
  return readdirSync(join(root, path), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending) && (ending === '.test.ts' || !/\.(test|d)\.ts$/.test(file)))
    .map((file) => `${path}/${file.replaceAll(sep, '/')}`)
    .sort();
}

/** The next number; a BigInt stays one. */
function oneMore(text) {
  const plain = text.replaceAll('_', '');
  return plain.endsWith('n') ? `${BigInt(plain.slice(0, -1)) + 1n}n` : String(Number(plain) + 1);
}

/** Whether a node says something about types only. */
function isOfTypes({ type }) {
  return /^(type_|interface_|literal_type|import_|export_specifier|index_type|union_type|predefined_type)/.test(
    type,
  );
}

/**
 * The changes of a file that are tried.
 * @returns {Mutant[]}
 */
function mutantsOf(parser, file) {
  const text = readFileSync(join(root, file), 'utf8');
  /** @type {Mutant[]} */
  const found = [];
  const add = (node, after, statement = false) => {
    const id = createHash('sha1')
      .update(`${file}:${node.startIndex}:${after}:${text}`)
      .digest('hex')
      .slice(0, 12);
    const line = node.startPosition.row + 1;
    found.push({
      id,
      file,
      line,
      start: node.startIndex,
      end: node.endIndex,
      before: node.text,
      after,
      statement,
    });
  };
  const visit = (node) => {
    if (isOfTypes(node)) return;
    const kids = node.children;
    if (node.type === 'binary_expression') {
      const [left, operator, right] = kids;
      for (const other of OPERATORS[operator?.type] ?? [])
        add(node, `(${left.text}) ${other} (${right.text})`);
    }
    if (node.type === 'true') add(node, 'false');
    if (node.type === 'false') add(node, 'true');
    if (node.type === 'number' && node.parent?.type !== 'pair') add(node, oneMore(node.text));
    if (node.type === 'unary_expression' && node.text.startsWith('!')) add(node, node.text.slice(1));
    if (node.type === 'if_statement' || node.type === 'ternary_expression') {
      const condition = node.childForFieldName('condition');
      const inner = condition.type === 'parenthesized_expression' ? condition.children[1] : condition;
      if (inner && !['true', 'false'].includes(inner.type)) {
        add(inner, 'true');
        add(inner, 'false');
      }
    }
    if (node.type === 'call_expression') {
      const callee = node.childForFieldName('function');
      const name =
        callee?.type === 'member_expression' ? callee.childForFieldName('property')?.text : undefined;
      const object = callee?.childForFieldName('object')?.text;
      const args = node.childForFieldName('arguments')?.text;
      if (name !== undefined && Object.hasOwn(METHODS, name)) add(node, `${object}.${METHODS[name]}${args}`);
      if (name === 'filter') add(node, object);
    }
    if (['continue_statement', 'break_statement', 'expression_statement'].includes(node.type)) {
      const isInCase = node.parent?.type === 'switch_case' && node.type === 'break_statement';
      if (!isInCase) add(node, '', true);
    }
    for (const kid of kids) if (kid) visit(kid);
  };
  visit(parser.parse(text).rootNode);
  return found;
}

/**
 * A file in which every change is there and each can be switched on: `__on(id) ? changed : original`.
 * @param {string} text
 * @param {Mutant[]} mutants
 */
function withSwitches(text, mutants) {
  const spans = new Map();
  for (const mutant of mutants) {
    const key = `${mutant.start}-${mutant.end}`;
    spans.set(key, [...(spans.get(key) ?? []), mutant]);
  }
  const inOrder = [...spans.values()].sort(([a], [b]) => a.start - b.start || b.end - a.end);
  /** The text of a stretch, with the switches in it. */
  const write = (start, end, groups) => {
    let out = '';
    let at = start;
    for (let index = 0; index < groups.length; ) {
      const [first] = groups[index];
      let next = index + 1;
      while (next < groups.length && groups[next][0].start < first.end) next++;
      out += text.slice(at, first.start);
      const inner = write(first.start, first.end, groups.slice(index + 1, next));
      out += groups[index].reduce(
        (sofar, { id, after, statement }) =>
          statement ? `{ if (!__on('${id}')) ${sofar} }` : `(__on('${id}') ? (${after}) : (${sofar}))`,
        inner,
      );
      at = first.end;
      index = next;
    }
    return out + text.slice(at, end);
  };
  return write(0, text.length, inOrder);
}

/** Asks the worker at run time whether a change is on. */
const SWITCH = `const __on = globalThis.__isOn;
const __importMetaUrl = require('node:url').pathToFileURL(__filename).href;`;

/** Builds test files with the changed files of a target in them. */
async function build(tests, switched) {
  const outdir = join(store, 'out');
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: tests,
    outdir,
    outbase: '.',
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'error',
    define: { 'import.meta.url': '__importMetaUrl' },
    banner: { js: SWITCH },
    plugins: [
      yamlAsJson,
      {
        name: 'switches',
        setup(builder) {
          builder.onLoad({ filter: /\.ts$/ }, ({ path }) => {
            const contents = switched.get(relative(root, path).replaceAll(sep, '/'));
            return contents === undefined ? undefined : { contents, loader: 'ts' };
          });
        },
      },
    ],
  });
  return outdir;
}

/** Seconds that a process had the processor; `undefined` where the system does not tell in `/proc`. */
function processorOf(pid) {
  try {
    // After the name, which may hold anything: the state is the third field, user and system time the 14th and 15th.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return undefined;
  }
}

/** A process of `mutants-worker.cjs` in which test files are loaded; `on`: the change that is there from the start. */
class Worker {
  constructor(files, on, quick) {
    this.child = fork(join(root, 'scripts', 'mutants-worker.cjs'), [JSON.stringify({ files, on, quick })], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      // What never ends and takes memory meanwhile ends soon.
      execArgv: ['--max-old-space-size=1500'],
    });
    this.isThere = true;
    this.child.once('exit', () => {
      this.isThere = false;
    });
    this.ready = this.next(300);
  }

  /**
   * What the worker says next, or `undefined` where it ended or took longer than so many seconds. They are those in
   * which it had the processor, so that a machine with other work makes no test too slow; what waits for nothing ends
   * after thirty times as many.
   */
  next(limit) {
    return new Promise((done) => {
      const begun = { at: Date.now(), processor: processorOf(this.child.pid) };
      const finish = (said) => {
        clearInterval(timer);
        this.child.off('message', finish).off('exit', gone);
        done(said);
      };
      const gone = () => finish(undefined);
      const timer = setInterval(() => {
        const passed = (Date.now() - begun.at) / 1000;
        if (passed < limit) return;
        const used = processorOf(this.child.pid);
        const isSlow = used !== undefined && begun.processor !== undefined && used - begun.processor < limit;
        if (isSlow && passed < 30 * limit) return;
        this.end();
        finish(undefined);
      }, 1000);
      this.child.once('message', finish).once('exit', gone);
    });
  }

  /** The answer to a question, or `undefined` as above; loading the files does not count as time. */
  async ask(question, limit) {
    if ((await this.ready) === undefined || !this.isThere) return undefined;
    this.child.send(question, () => {});
    return this.next(limit);
  }

  end() {
    this.isThere = false;
    this.child.kill('SIGKILL');
  }
}

/** The counts of a file. @param {Map<string, Map<string, number>>} counts */
function getOrAdd(counts, file) {
  const known = counts.get(file) ?? new Map();
  counts.set(file, known);
  return known;
}

const options = process.argv.slice(2);
const paths = [];
let [minutes, list, again, quick, beside] = [Number.POSITIVE_INFINITY, false, false, false, false];
let [sample, seed] = [Number.POSITIVE_INFINITY, '1'];
for (let index = 0; index < options.length; index++) {
  if (options[index] === '--minutes') minutes = Number(options[++index]);
  else if (options[index] === '--sample') sample = Number(options[++index]);
  else if (options[index] === '--seed') seed = options[++index] ?? '1';
  else if (options[index] === '--list') list = true;
  else if (options[index] === '--again') again = true;
  else if (options[index] === '--quick') quick = true;
  else if (options[index] === '--beside') beside = true;
  else if (options[index].startsWith('-')) throw new Error(`There is no option ${options[index]}.`);
  else paths.push(options[index].replace(/\/$/, ''));
}
if (Number.isNaN(minutes) || Number.isNaN(sample)) throw new Error('--minutes and --sample need a number.');
const end = Date.now() + minutes * 60_000;
const isWanted = (file) =>
  paths.length === 0 ||
  paths.some((path) => file === path.replace(/:\d+$/, '') || file.startsWith(`${path}/`));
/** Whether no line of its file was asked for, or this one. */
const isOnWantedLine = ({ file, line }) =>
  !paths.some((path) => path.startsWith(`${file}:`)) || paths.includes(`${file}:${line}`);

mkdirSync(store, { recursive: true });
const known = join(store, 'results.json');
/** By the id of a change: `killed`, `survived` or `unreached`, and the tests that were asked. */
const results = existsSync(known) ? JSON.parse(readFileSync(known, 'utf8')) : {};
const keep = () => writeFileSync(known, `${JSON.stringify(results)}\n`);

await Parser.init();
const parser = new Parser();
parser.setLanguage(
  await Language.load(
    readFileSync(join(root, 'node_modules/@vscode/tree-sitter-wasm/wasm/tree-sitter-typescript.wasm')),
  ),
);

const wantedOf = (file) => mutantsOf(parser, file).filter(isOnWantedLine);

/**
 * The changes of all targets, or those of them that are drawn: each is as likely as any other, whatever file it is of.
 * What is drawn hangs on the change and not on what else is in its file, so that most of a sample stays after an edit.
 */
function drawn() {
  const seen = new Map();
  const lots = new Map();
  for (const file of new Set(TARGETS.flatMap(({ code }) => code.flatMap((path) => filesOf(path, '.ts')))))
    for (const { id, before, after } of isWanted(file) ? wantedOf(file) : []) {
      const change = `${file}\0${before}\0${after}`;
      const nth = (seen.get(change) ?? 0) + 1;
      seen.set(change, nth);
      lots.set(id, createHash('sha1').update(`${seed}\0${change}\0${nth}`).digest('hex'));
    }
  const inOrder = [...lots].sort(([, a], [, b]) => (a < b ? -1 : 1)).map(([id]) => id);
  return { ids: new Set(inOrder.slice(0, sample)), of: inOrder.length };
}
const { ids: isDrawn, of: population } = drawn();

/** @type {Mutant[]} */
const all = [];
let isWhole = true;
/** With `--beside` each file for itself, before its own tests alone. */
const targets = !beside
  ? TARGETS
  : TARGETS.flatMap(({ code }) => code.flatMap((path) => filesOf(path, '.ts')))
      .map((file) => ({ code: [file], tests: [file.replace(/\.ts$/, '.test.ts')] }))
      .filter(({ tests: [test] }) => existsSync(join(root, test)));
for (const { code, tests } of targets) {
  const files = code.flatMap((path) => filesOf(path, '.ts')).filter(isWanted);
  if (files.length === 0) continue;
  const mutants = files.flatMap(wantedOf).filter(({ id }) => isDrawn.has(id));
  if (mutants.length === 0) continue;
  all.push(...mutants);
  const testFiles = [...new Set(tests.flatMap((path) => filesOf(path, '.test.ts')))];
  const asked = createHash('sha1')
    .update(testFiles.map((file) => readFileSync(join(root, file), 'utf8')).join('\0'))
    .digest('hex')
    .slice(0, 12);
  const state = `${asked}${beside ? ', those beside it' : ''}${quick ? ', the quick ones' : ''}`;
  const isOpen = ({ id }) =>
    again ||
    results[id]?.state === undefined ||
    (results[id].result !== 'killed' && results[id].state !== asked && results[id].state !== state);
  // In no order of the code, so that a run that ends early has looked everywhere.
  const open = mutants.filter(isOpen).sort((a, b) => (a.id < b.id ? -1 : 1));
  if (list || open.length === 0) {
    if (open.length > 0) isWhole = false;
    continue;
  }

  console.log(`${files.length} files, ${mutants.length} changes, ${open.length} to look at`);
  const switched = new Map(
    files.map((file) => [
      file,
      withSwitches(
        readFileSync(join(root, file), 'utf8'),
        mutants.filter((mutant) => mutant.file === file),
      ),
    ]),
  );
  const outdir = await build(testFiles, switched);
  const built = testFiles.map((file) => join(outdir, file.replace(/\.ts$/, '.js')));
  let worker = new Worker(built, undefined, quick);
  const record = await worker.ask({ record: true }, 1200);
  if (!record || record.failed) throw new Error(`Fails without any change: ${record?.failed ?? 'a worker'}.`);
  console.log(`${record.tests.length} tests, ${record.tests.reduce((sum, { ms }) => sum + ms, 0)} ms`);
  /** @type {Map<string, { file: string, title: string, ms: number }[]>} */
  const passedBy = new Map();
  for (const { passed, ...test } of record.tests)
    for (const id of passed) passedBy.set(id, [...(passedBy.get(id) ?? []), test]);
  /** Changes of what is worked out once, while a file is loaded or at first use, by the files. */
  const once = new Map();
  for (const [file, ids] of Object.entries(record.once))
    for (const id of ids) once.set(id, [...(once.get(id) ?? []), file]);
  const timeOf = new Map();
  for (const { file, ms } of record.tests) timeOf.set(file, (timeOf.get(file) ?? 0) + ms);
  for (const list of once.values()) list.sort((a, b) => timeOf.get(a) - timeOf.get(b));
  // Hooks pass it for several tests, and only they.
  for (const id of record.between) if (!passedBy.has(id)) once.set(id, built);
  /** Seconds that tests may take with a change: more is a loop without an end. */
  const limitOf = (asked) => 30 + (20 * asked.reduce((sum, { ms }) => sum + ms, 0)) / 1000;
  /** How many changes of a file each test has noticed: it will notice the next one, too. */
  const noticed = new Map();
  let lookedAt = 0;
  for (const mutant of open) {
    if (Date.now() > end) {
      isWhole = false;
      break;
    }
    const { id } = mutant;
    const noticedBy = getOrAdd(noticed, mutant.file);
    /** Asks for these tests, those first that noticed most. */
    const ask = async (asked, tests) => {
      const inOrder = [...tests].sort(
        (a, b) => (noticedBy.get(b.key) ?? 0) - (noticedBy.get(a.key) ?? 0) || a.ms - b.ms,
      );
      let spent = 0;
      const some = inOrder.filter(({ ms }) => {
        spent += ms;
        return !quick || spent < QUICK;
      });
      const answer = await asked.ask({ id, tests: some.map(({ key }) => key) }, limitOf(some));
      if (answer?.by) noticedBy.set(answer.by, (noticedBy.get(answer.by) ?? 0) + 1);
      return answer ?? { good: false };
    };
    /** In a process in which the change is there from the start. */
    const askAfresh = async (file) => {
      const fresh = new Worker([file], id, quick);
      const answer = await ask(
        fresh,
        record.tests.filter((test) => test.file === file),
      );
      fresh.end();
      return answer;
    };
    const passing = passedBy.get(id) ?? [];
    const files = once.get(id) ?? [];
    let result = passing.length + files.length > 0 ? 'survived' : 'unreached';
    if (passing.length > 0) {
      if (!worker.isThere) worker = new Worker(built, undefined, quick);
      let answer = await ask(worker, passing);
      if (answer.isDirty) {
        // Something of a change is left behind in the process: nothing that it says counts.
        worker.end();
        answer = await askAfresh(passing.find(({ key }) => key === answer.by).file);
      }
      if (!answer.good) result = 'killed';
    }
    for (const file of quick ? files.slice(0, 4) : files) {
      if (result === 'killed') break;
      if (!(await askAfresh(file)).good) result = 'killed';
    }
    results[id] = { result, state };
    lookedAt++;
    if (lookedAt % 5 === 0) keep();
    if (lookedAt % 25 === 0) {
      console.log(`… ${lookedAt} of ${open.length}`);
    }
    if (result !== 'killed') console.log(told(mutant, result));
  }
  worker.end();
  keep();
}
rmSync(join(store, 'out'), { recursive: true, force: true });

/** A change for a person. */
function told({ file, line, before, after, statement }, result) {
  const short = (text) => text.replace(/\s+/g, ' ').slice(0, 90);
  return `${result} ${file}:${line}: ${short(before)}  =>  ${statement ? '(nothing)' : short(after)}`;
}

/** Whether an entry of the list means a change; `in`, where it has it, is the text of the line that is meant. */
function isMeant(entry, { file, line, before, after }) {
  const squeezed = (text) => text.replace(/\s+/g, ' ');
  const isThere = (text) =>
    text === undefined || readFileSync(join(root, file), 'utf8').split('\n')[line - 1]?.trim() === text;
  return (
    entry.file === file &&
    entry.before === squeezed(before) &&
    entry.after === squeezed(after) &&
    isThere(entry.in)
  );
}

/** Whether a change is in the list. */
function isEquivalent(mutant) {
  return EQUIVALENT.some((entry) => isMeant(entry, mutant));
}

/** Entries of the list that mean no change of any target: the code has changed since. */
function staleEntries() {
  const files = new Set(TARGETS.flatMap(({ code }) => code.flatMap((path) => filesOf(path, '.ts'))));
  const mutants = [...files].flatMap((file) => mutantsOf(parser, file));
  return EQUIVALENT.filter((entry) => !mutants.some((mutant) => isMeant(entry, mutant)));
}
if (paths.length === 0)
  for (const { file, before, after } of staleEntries())
    console.log(`equivalent-mutants.json has a change that there is not: ${file}: ${before}  =>  ${after}`);

const left = all.filter(
  (mutant) => results[mutant.id] && results[mutant.id].result !== 'killed' && !isEquivalent(mutant),
);
const looked = all.filter(({ id }) => results[id]);
const killed = looked.filter(({ id }) => results[id].result === 'killed').length;
const equivalent = looked.length - killed - left.length;
if (list || paths.length === 0)
  for (const mutant of left) console.log(told(mutant, results[mutant.id].result));
const counted = looked.length - equivalent;
const rate = counted === 0 ? 0 : (100 * killed) / counted;
console.log(
  `${all.length} changes, ${looked.length} looked at: ${killed} noticed, ${left.length} not, ${equivalent} equivalent; ${rate.toFixed(1)} % noticed${isWhole ? '' : ' so far'}`,
);
if (all.length < population && isWhole && counted > 0) {
  const [low, high] = bounds(killed, counted);
  console.log(
    `A sample with seed ${seed}, ${all.length} of ${population}: of all changes ${low.toFixed(1)} % to ${high.toFixed(1)} % are noticed (95 %)`,
  );
}

/** Between which per cent a share lies of which a sample shows this much: Wilson's interval for 95 %. */
function bounds(hits, of) {
  const z = 1.96;
  const share = hits / of;
  const middle = share + (z * z) / (2 * of);
  const half = z * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of));
  return [middle - half, middle + half].map((side) => (100 * side) / (1 + (z * z) / of));
}
