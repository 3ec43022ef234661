// The files with which others run the program: each step or hook with its own commands, and the packed program.
// Runs after scripts/package.mjs. No container is built here: what its file copies is copied and run.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { load } from 'js-yaml';
import { name, version } from '../../package.json';
import { GOOD, ONE_ERROR, ONE_WARNING } from '../cli/cli.ts';

interface Step {
  readonly id: string;
  readonly if?: string;
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly run?: string;
  readonly uses?: string;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

const action = load(readFileSync('action.yml', 'utf8')) as Action;
const TOPOLOGY = 'sites/plant one.topology.yaml';

let folder = '';
const bin = () => join(folder, 'runner', 'cmtopo', 'bin');

function git(...args: readonly string[]): string {
  const own = ['-c', 'user.name=test', '-c', 'user.email=test@example', '-c', 'commit.gpgsign=false'];
  const { status, stdout, stderr } = spawnSync('git', [...own, ...args], {
    cwd: join(folder, 'checkout'),
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  return stdout.trim();
}

/** Runs the steps of the action as a runner does, until one fails; `gh` only writes down what it is told. */
function runAction(inputs: Readonly<Record<string, string>>, base: string) {
  const runner = join(folder, 'runner');
  mkdirSync(join(runner, 'fake'), { recursive: true });
  const gh = `#!/bin/sh\necho "$@" >> "$RUNNER_TEMP/gh.log"\n`;
  writeFileSync(join(runner, 'fake', 'gh'), gh);
  chmodSync(join(runner, 'fake', 'gh'), 0o755);
  const files = {
    GITHUB_OUTPUT: 'output',
    GITHUB_PATH: 'path',
    GITHUB_STEP_SUMMARY: 'summary',
    LOG: 'gh.log',
  };
  for (const file of Object.values(files)) writeFileSync(join(runner, file), '');
  const known: Record<string, string> = {
    'github.event_name': base === '' ? 'push' : 'pull_request',
    'github.event.pull_request.base.sha': base,
    'github.event.pull_request.number': '12',
    'github.token': 'secret',
    'runner.temp': runner,
  };
  const resolved = (name: string): string => {
    const [kind, first = ''] = name.split('.');
    if (kind === 'inputs') return filled(inputs[first] ?? action.inputs[first]?.default ?? assert.fail(name));
    return known[name] ?? '';
  };
  const filled = (text: string) =>
    text.replaceAll(/\$\{\{ ([\w.-]+) \}\}/g, (_, name: string) => resolved(name));
  const holds = (condition: string) =>
    condition
      .replace(/^\$\{\{ (.*) \}\}$/, '$1')
      .split(' && ')
      .every((part) => {
        const [, name = '', sign, wanted] = /^([\w.-]+) (==|!=) '(.*)'$/.exec(part) ?? assert.fail(part);
        return (resolved(name) === wanted) === (sign === '==');
      });
  const ran: string[] = [];
  let out = '';
  let status = 0;
  for (const step of action.runs.steps) {
    if (status !== 0 || (step.if !== undefined && !holds(step.if))) continue;
    ran.push(step.id);
    if (step.run === undefined) continue;
    assert.equal(step.shell, 'bash');
    const added = readFileSync(join(runner, 'path'), 'utf8').trim().split('\n').reverse();
    const result = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run], {
      cwd: join(folder, 'checkout'),
      encoding: 'utf8',
      env: {
        ...process.env,
        PATH: [join(runner, 'fake'), ...added, process.env.PATH].join(delimiter),
        GITHUB_WORKSPACE: join(folder, 'checkout'),
        GITHUB_REPOSITORY: 'owner/name',
        RUNNER_TEMP: runner,
        npm_config_offline: 'true',
        ...Object.fromEntries(
          Object.entries(files).map(([variable, file]) => [variable, join(runner, file)]),
        ),
        ...Object.fromEntries(Object.entries(step.env ?? {}).map(([key, value]) => [key, filled(value)])),
      },
    });
    out += result.stdout;
    status = result.status ?? 1;
    if (!['result', 'check'].includes(step.id)) assert.equal(status, 0, `${step.id}: ${result.stderr}`);
    for (const line of readFileSync(join(runner, 'output'), 'utf8').trim().split('\n'))
      known[`steps.${step.id}.outputs.${line.split('=')[0]}`] ??= line.slice(line.indexOf('=') + 1);
    writeFileSync(join(runner, 'output'), '');
  }
  const read = (file: string) => readFileSync(join(runner, file), 'utf8');
  return { status, out, ran, summary: read('summary'), gh: read('gh.log') };
}

const PACKAGE = join(process.cwd(), `${name}-${version}.tgz`);

describe('The files for CI', function () {
  this.timeout(60_000);
  if (process.platform === 'win32') return;
  let base = '';

  before(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'cmtopo-ci-')));
    mkdirSync(join(folder, 'checkout', 'sites'), { recursive: true });
    git('init', '--quiet');
    writeFileSync(join(folder, 'checkout', TOPOLOGY), GOOD);
    git('add', '.');
    git('commit', '--quiet', '-m', 'base');
    base = git('rev-parse', 'HEAD');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('the action passes values only through variables, so that none of them is code', () => {
    for (const { run = '', id } of action.runs.steps) assert.ok(!run.includes('${{'), id);
  });

  it('the action installs what this version is published as', () => {
    assert.equal(action.inputs.package?.default, `${name}@${version}`);
  });

  it('the action annotates, writes SARIF, comments with the change request and fails where the check does', () => {
    writeFileSync(join(folder, 'checkout', TOPOLOGY), ONE_ERROR.replace('port: 1433', 'port: 14330'));
    const sarif = join(folder, 'runner', 'cmtopo.sarif');
    const inputs = { package: PACKAGE, paths: 'sites\n', sarif, 'upload-sarif': 'true', comment: 'true' };
    const { status, out, ran, summary, gh } = runAction(inputs, base);
    assert.equal(status, 1);
    assert.deepEqual(ran, ['install', 'check', 'upload', 'changes', 'comment', 'result']);
    assert.match(out, /^::error file=sites\/plant one\.topology\.yaml,line=15,/m);
    const log = JSON.parse(readFileSync(sarif, 'utf8')) as { runs: { results: { ruleId: string }[] }[] };
    assert.equal(log.runs[0]?.results[0]?.ruleId, 'wsus-port-pair');
    assert.match(summary, /^## sites\/plant one\.topology\.yaml\n[\s\S]*14330/);
    assert.match(gh, /api --silent repos\/owner\/name\/issues\/12\/comments -F body=@\S+\.comment/);
  });

  it('the action is green on a push without errors, and red where there are too many warnings', () => {
    writeFileSync(join(folder, 'checkout', TOPOLOGY), ONE_WARNING);
    const push = runAction({ package: PACKAGE }, '');
    assert.deepEqual([push.status, push.ran], [0, ['install', 'check', 'result']]);
    assert.match(push.out, /^::warning /m);
    assert.equal(runAction({ package: PACKAGE, 'max-warnings': '0' }, '').status, 1);
  });

  it('each hook of pre-commit passes what is right and stops what is not', () => {
    const hooks = load(readFileSync('.pre-commit-hooks.yaml', 'utf8')) as readonly {
      readonly id: string;
      readonly entry: string;
      readonly files: string;
    }[];
    assert.deepEqual(
      hooks.map(({ id }) => id),
      ['cmtopo-check', 'cmtopo-format'],
    );
    for (const { entry, files } of hooks) {
      assert.match(TOPOLOGY, new RegExp(files));
      assert.doesNotMatch('sites/compose.yaml', new RegExp(files));
      writeFileSync(join(folder, 'checkout', TOPOLOGY), GOOD);
      const [program = '', ...args] = entry.split(' ');
      const run = () =>
        spawnSync(join(bin(), program), [...args, TOPOLOGY], {
          cwd: join(folder, 'checkout'),
          encoding: 'utf8',
        });
      assert.equal(run().status, 0);
    }
    writeFileSync(join(folder, 'checkout', TOPOLOGY), ONE_ERROR);
    const check = spawnSync(join(bin(), 'cmtopo'), ['check', TOPOLOGY], { cwd: join(folder, 'checkout') });
    assert.equal(check.status, 1);
  });

  it('pre-commit itself runs the hooks', function () {
    if (spawnSync('pre-commit', ['--version']).status !== 0) this.skip();
    const hooks = join(folder, 'hooks');
    mkdirSync(hooks);
    cpSync('.pre-commit-hooks.yaml', join(hooks, '.pre-commit-hooks.yaml'));
    const own = ['-c', 'user.name=test', '-c', 'user.email=test@example', '-c', 'commit.gpgsign=false'];
    for (const args of [
      ['init', '--quiet'],
      ['add', '.'],
      ['commit', '--quiet', '-m', 'hooks'],
      ['tag', 'v1'],
    ])
      assert.equal(spawnSync('git', [...own, ...args], { cwd: hooks }).status, 0);
    const config = `repos:\n  - repo: ${hooks}\n    rev: v1\n    hooks: [{ id: cmtopo-check }, { id: cmtopo-format }]\n`;
    writeFileSync(join(folder, 'checkout', '.pre-commit-config.yaml'), config);
    const run = (text: string) => {
      writeFileSync(join(folder, 'checkout', TOPOLOGY), text);
      git('add', '.');
      return spawnSync('pre-commit', ['run', '--all-files'], {
        cwd: join(folder, 'checkout'),
        encoding: 'utf8',
        env: {
          ...process.env,
          PATH: [bin(), process.env.PATH].join(delimiter),
          PRE_COMMIT_HOME: join(folder, 'pre-commit'),
        },
      });
    };
    const neat = spawnSync(join(bin(), 'cmtopo'), ['format', '-'], { input: GOOD, encoding: 'utf8' }).stdout;
    const good = run(neat);
    assert.equal(good.status, 0, good.stdout + good.stderr);
    const bad = run(ONE_ERROR);
    assert.equal(bad.status, 1);
    assert.match(bad.stdout, /wsus-port-pair/);
    const crooked = run(GOOD);
    assert.match(crooked.stdout, /files were modified by this hook/);
  });

  it('the container file copies all that the program needs', () => {
    const lines = readFileSync('Dockerfile', 'utf8').split('\n');
    const container = join(folder, 'container');
    let copied = 0;
    for (const line of lines) {
      const [, files = ''] = /^COPY --from=build (.*)$/.exec(line) ?? [];
      const places = files.split(' ').filter((place) => place !== '');
      const target = places.pop() ?? '';
      for (const place of places) {
        const source = place.replace(/^\/source\//, '');
        assert.ok(existsSync(source), source);
        const to = join(container, target.endsWith('/') ? join(target, basename(source)) : target);
        mkdirSync(dirname(to), { recursive: true });
        cpSync(source, to, { recursive: true });
        copied++;
      }
    }
    assert.ok(copied >= 8);
    const entry = JSON.parse(/^ENTRYPOINT (.*)$/m.exec(lines.join('\n'))?.[1] ?? '') as string[];
    const [, program = ''] = entry;
    const { status, stdout } = spawnSync(
      process.execPath,
      [join(container, program), '--locale', 'ko', 'check', '-'],
      {
        cwd: container,
        input: ONE_ERROR,
        encoding: 'utf8',
      },
    );
    assert.equal(status, 1);
    assert.match(stdout, /[가-힣]/);
    assert.match(lines.join('\n'), /^USER node$/m);
  });
});
