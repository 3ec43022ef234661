// A folder that somebody else filled, as a pull request may: links to what never ends, pipes, and links that lead out.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cmtopo, folderWith, GOOD, jsonReport, ONE_ERROR, removeFolder } from './cli.ts';

describe('cmtopo in a folder of somebody else', function () {
  this.timeout(60_000);
  let folder: string;

  before(function () {
    if (process.platform === 'win32') this.skip();
  });

  beforeEach(() => {
    folder = folderWith({ 'in/a.topology.yaml': GOOD, 'out/b.topology.yaml': ONE_ERROR, 'in/.git/HEAD': '' });
  });

  afterEach(() => removeFolder(folder));

  const inside = (name: string) => join(folder, 'in', name);
  const check = (...args: string[]) =>
    cmtopo(['check', '--format', 'json', ...args], { cwd: join(folder, 'in') });
  const pipe = (name: string) => assert.equal(spawnSync('mkfifo', [inside(name)]).status, 0);
  const passedBy = (name: string) => `cmtopo: ${name} is skipped: it is a link, or not a regular file\n`;

  for (const name of ['.gitignore', '.cmtopo.yaml', 'z.topology.yaml']) {
    it(`ends, and says so, where ${name} leads to a device without end`, () => {
      symlinkSync('/dev/zero', inside(name));
      const { status, out, err } = check();
      assert.deepEqual({ status, err }, { status: 0, err: passedBy(name) });
      assert.equal(jsonReport({ status, out, err }).files.length, 1);
    });

    it(`ends, and says so, where ${name} is a pipe`, () => {
      pipe(name);
      const { status, err } = check();
      assert.deepEqual({ status, err }, { status: 0, err: passedBy(name) });
    });
  }

  it('the other commands, too, read no settings through a link', () => {
    symlinkSync('/dev/zero', inside('.cmtopo.yaml'));
    const { status, err } = cmtopo(['flows', 'a.topology.yaml'], { cwd: join(folder, 'in') });
    assert.equal(status, 0);
    assert.match(err, /\.cmtopo\.yaml is skipped: it is a link, or not a regular file\n$/);
  });

  it('links that lead out of it are not followed, and nothing is written through them', () => {
    symlinkSync('../out', inside('folder'));
    symlinkSync('../out/b.topology.yaml', inside('b.topology.yaml'));
    const { status, out, err } = check('--fix');
    assert.equal(status, 0);
    assert.deepEqual(
      jsonReport({ status, out, err }).files.map(({ path }) => path),
      ['a.topology.yaml'],
    );
    assert.equal(err, 'cmtopo: 2 links or files that are not regular are skipped: b.topology.yaml, folder\n');
  });

  it('what is named itself is read: a link, and a pipe as a shell makes one', () => {
    symlinkSync('../out/b.topology.yaml', inside('b.topology.yaml'));
    assert.equal(check('b.topology.yaml').status, 1);
    const piped = spawnSync(
      'bash',
      [
        '-c',
        `"$0" "$1" check --format json <(cat a.topology.yaml)`,
        process.execPath,
        join(process.cwd(), 'dist/cli.js'),
      ],
      { cwd: join(folder, 'in'), encoding: 'utf8' },
    );
    assert.equal(piped.status, 0, piped.stderr);
  });

  it('git is taken from absolute folders of the search path, never from a folder of the files', () => {
    const ran = join(folder, 'ran');
    mkdirSync(inside('bin'));
    for (const name of ['git', 'bin/git']) {
      writeFileSync(inside(name), `#!/bin/sh\ntouch '${ran}'\n`);
      chmodSync(inside(name), 0o755);
    }
    const { status, err } = cmtopo(['diff', 'HEAD:a.topology.yaml', 'a.topology.yaml'], {
      cwd: join(folder, 'in'),
      env: { PATH: '.::bin:./bin' },
    });
    assert.deepEqual(
      { status, err },
      { status: 2, err: 'cmtopo: HEAD:a.topology.yaml: git is not installed\n' },
    );
    assert.equal(spawnSync('ls', [ran]).status, 2);
  });

  it('a hundred thousand empty lines to import are refused at once', () => {
    const start = Date.now();
    const { status } = cmtopo(['import', '-'], { input: `${'\n'.repeat(100_000)}x` });
    assert.equal(status, 2);
    assert.ok(Date.now() - start < 5000);
  });

  it('an empty argument names nothing', () => {
    const { status, out, err } = cmtopo(['check', '']);
    assert.deepEqual({ status, out }, { status: 2, out: '' });
    assert.match(err, /^cmtopo: an argument is empty/);
  });
});
