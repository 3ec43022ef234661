import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkFormats } from '../../server/src/cli/formats/index.ts';
import { cmtopo, environment, folderWith, GOOD, ONE_ERROR, PROGRAM, removeFolder } from './cli.ts';

describe('bad input: one clear line and exit status 2', () => {
  let folder = '';
  before(() => {
    folder = folderWith({
      'empty-folder/': '',
      'docker-compose.yaml': 'services:\n  web:\n    image: nginx\n',
      'openapi.yaml': 'openapi: 3.1.0\nservers: [{ url: / }]\n',
      'readme.md': '# Hello\n',
      'plain.yaml': '',
      'nul.topology.yaml': Buffer.from('configmgr: 2017-09\n\0\0\n'),
      'latin1.topology.yaml': Buffer.from('name: caf\xe9\n', 'latin1'),
      'utf16.topology.yaml': Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(GOOD, 'utf16le')]),
      'good.topology.yaml': GOOD,
    });
  });
  after(() => removeFolder(folder));
  const check = (...args: string[]) => cmtopo(['check', ...args], { cwd: folder });
  const refused = (path: string, reason: string) =>
    assert.deepEqual(check(path), { status: 2, out: '', err: `cmtopo: ${path}: ${reason}\n` });

  it('a folder without a topology file', () => {
    refused('empty-folder', 'no topology file (*.topology.yaml) in this folder');
  });

  it('a file that is not there', () => {
    refused('gone.topology.yaml', 'no such file or folder');
    refused('good.topology.yaml/x', 'no such file or folder');
  });

  it('a path as Windows writes it, elsewhere', () => {
    if (process.platform === 'win32') assert.equal(check('.\\good.topology.yaml').status, 0);
    else refused('C:\\sites\\good.topology.yaml', 'no such file or folder');
  });

  it('a file that may not be read', () => {
    const path = join(folder, 'locked.topology.yaml');
    writeFileSync(path, GOOD);
    chmodSync(path, 0);
    // Neither root nor Windows is kept out by a file's mode: there the file is simply read.
    const kept = spawnSync(process.execPath, ['-e', `require('fs').readFileSync(${JSON.stringify(path)})`]);
    if (kept.status === 0) assert.equal(check('locked.topology.yaml').status, 0);
    else refused('locked.topology.yaml', 'cannot be read: permission denied');
  });

  it('binary content', () => {
    refused('nul.topology.yaml', 'not a text file (it contains NUL bytes)');
  });

  it('text that is not UTF-8', () => {
    refused('latin1.topology.yaml', 'not UTF-8 text; save it as UTF-8');
  });

  it('text in UTF-16 is read, with its byte-order mark', () => {
    const { status, err } = check('utf16.topology.yaml');
    assert.deepEqual({ status, err }, { status: 0, err: '' });
  });

  it('a file with another purpose', () => {
    const reason = 'not a topology file: it has no configmgr key (cmtopo init prints a starter file)';
    for (const path of ['docker-compose.yaml', 'openapi.yaml', 'readme.md']) refused(path, reason);
  });

  it('an empty file that nothing marks as a topology', () => {
    refused('plain.yaml', 'not a topology file: it is empty');
  });

  it('an empty topology file is a finding: there is a file, and what it lacks is said', () => {
    const { status, out } = cmtopo(['check', '-', '--stdin-filename', 'new.topology.yaml'], { input: '' });
    assert.equal(status, 1);
    assert.match(out, /missing-key/);
    assert.match(out, /configmgr/);
  });

  it('a file of 50 MB is refused at once, by its size', () => {
    const path = join(folder, 'huge.topology.yaml');
    writeFileSync(path, GOOD);
    truncateSync(path, 50 * 1024 * 1024);
    const started = process.hrtime.bigint();
    refused('huge.topology.yaml', 'the file is too large (50 MB; the limit is 10 MB)');
    assert.ok(process.hrtime.bigint() - started < 5_000_000_000n);
  });

  it('50 MB on standard input are not all taken into memory', () => {
    const input = Buffer.alloc(50 * 1024 * 1024, 'a');
    const { status, err } = cmtopo(['check', '-'], { input });
    assert.equal(status, 2);
    assert.match(err, /^cmtopo: <stdin>: the file is too large \(.* MB; the limit is 10 MB\)\n$/);
  });

  it('the largest file that is taken is checked in seconds', function () {
    this.timeout(120_000);
    const servers = Array.from(
      { length: 90_000 },
      (_, index) =>
        `  server-${index}:\n    zone: hq\n    description: a machine without a role in the hierarchy, one of very many\n`,
    );
    const text = GOOD.replace('servers:\n', () => `servers:\n${servers.join('')}`);
    assert.ok(text.length > 8 * 1024 * 1024 && text.length < 10 * 1024 * 1024);
    const { status, out } = cmtopo(['check', '-'], { input: text });
    assert.deepEqual({ status, out }, { status: 0, out: 'No findings in 1 file.\n' });
  });

  it('an endless device ends too', () => {
    if (process.platform === 'win32') return;
    const { status, err } = check('/dev/zero');
    assert.equal(status, 2);
    assert.match(err, /^cmtopo: \/dev\/zero: the file is too large/);
  });

  it('a path with control characters cannot steer the terminal', () => {
    const { status, err } = check('a\x1b[2Jb.topology.yaml');
    assert.equal(status, 2);
    assert.ok(!err.includes('\x1b') && err.endsWith(': no such file or folder\n'));
  });

  it('every format ends with the same status', () => {
    for (const format of Object.keys(checkFormats)) {
      assert.equal(check('nul.topology.yaml', 'good.topology.yaml', '--format', format).status, 2);
    }
  });
});

describe('wrong use: one line that says what was meant, and exit status 2', () => {
  const wrong = (args: readonly string[], message: RegExp) => {
    const { status, err } = cmtopo(args);
    assert.equal(status, 2);
    assert.match(err, message);
    assert.equal(err.split('\n').length, 2, 'one line');
  };

  it('an unknown command', () => {
    wrong(['chekc'], /^cmtopo: unknown command chekc; did you mean check\?/);
    wrong(['frobnicate'], /^cmtopo: unknown command frobnicate; see cmtopo --help\n$/);
    wrong(['constructor'], /^cmtopo: unknown command constructor/);
  });

  it('an unknown option', () => {
    wrong(['check', '--formt', 'json'], /^cmtopo: unknown option --formt; did you mean --format\?/);
    wrong(['check', '-x'], /^cmtopo: unknown option -x/);
    wrong(['--verison'], /^cmtopo: unknown option --verison; did you mean --version\?/);
    wrong(['init', '--force'], /^cmtopo: unknown option --force/);
  });

  it('a format that there is not', () => {
    wrong(
      ['check', '--format', 'jsn'],
      /not one of pretty, json, sarif, github, gitlab, azure, junit; did you mean json\?/,
    );
  });

  it('an option without its value, and a value for one that takes none', () => {
    wrong(
      ['check', '--format'],
      /^cmtopo: --format needs a value: pretty, json, sarif, github, gitlab, azure, junit\n$/,
    );
    wrong(['check', '--format', '--fix'], /^cmtopo: --format needs a value/);
    wrong(['check', '--fix=yes'], /^cmtopo: --fix takes no value\n$/);
    wrong(['init', '--from', ''], /^cmtopo: --from needs a value\n$/);
    wrong(['check', '--max-warnings='], /^cmtopo: --max-warnings needs a value\n$/);
  });

  it('a number that is none', () => {
    for (const number of ['many', '1.5', '-1', '=-1']) {
      const args = number.startsWith('=') ? [`--max-warnings${number}`] : ['--max-warnings', number];
      wrong(['check', ...args], /^cmtopo: --max-warnings .*: write a whole number, 0 or more\n$/);
    }
  });

  it('--fix for standard input, and --stdin-filename without it', () => {
    wrong(['check', '--fix', '-'], /--fix writes files and cannot be used with standard input/);
    wrong(['check', '--stdin-filename', 'x.yaml'], /needs the argument -/);
  });

  it('no command at all prints the overview too', () => {
    const { status, out, err } = cmtopo([]);
    assert.equal(status, 2);
    assert.match(out, /^cmtopo checks/);
    assert.equal(err, 'cmtopo: a command is missing\n');
  });
});

describe('a closed pipe', () => {
  it('ends the program silently, with the status of the check', async () => {
    const folder = folderWith({});
    try {
      for (let index = 0; index < 300; index++) {
        writeFileSync(join(folder, `${index}.topology.yaml`), ONE_ERROR);
      }
      const child = spawn(process.execPath, [PROGRAM, 'check', '--format', 'json'], {
        cwd: folder,
        env: environment(),
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let err = '';
      child.stderr.on('data', (chunk: Buffer) => {
        err += chunk.toString();
      });
      // What `| head` does after its first lines.
      child.stdout.destroy();
      const status = await new Promise((resolve) => child.on('close', resolve));
      assert.deepEqual({ status, err }, { status: 1, err: '' });
    } finally {
      removeFolder(folder);
    }
  });
});
