import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import {
  cmtopo,
  environment,
  folderWith,
  GOOD,
  jsonReport,
  ONE_ERROR,
  PROGRAM,
  removeFolder,
} from './cli.ts';

const COMMENTED = `# top comment
${ONE_ERROR.replace('sites:\n', 'sites: # the sites\n').replace('configmgr: 2017-09\n', 'configmgr:   2017-09   # odd spacing\n\n\n')}# last words`;

describe('cmtopo check --fix', () => {
  let folder = '';
  beforeEach(() => {
    folder = folderWith({ 'one.topology.yaml': COMMENTED, 'good.topology.yaml': GOOD });
  });
  afterEach(() => removeFolder(folder));
  const fix = (...args: string[]) => cmtopo(['check', '--fix', ...args], { cwd: folder });
  const path = (name = 'one.topology.yaml') => join(folder, name);
  const text = (name?: string) => readFileSync(path(name), 'utf8');

  it('changes what is wrong and nothing else: comments, spacing and the missing last line break stay', () => {
    const { status, out } = fix();
    assert.equal(text(), COMMENTED.replace('8532', '8531'));
    assert.equal(status, 0);
    assert.equal(out, 'fixed  one.topology.yaml: 1 finding before, none left\n\nNo findings in 2 files.\n');
  });

  it('changes nothing the second time', () => {
    fix();
    const before = text();
    const { status, out } = fix();
    assert.equal(text(), before);
    assert.deepEqual({ status, out }, { status: 0, out: 'No findings in 2 files.\n' });
  });

  it('does not write a file that needs no fix', () => {
    utimesSync(path('good.topology.yaml'), 1_000_000, 1_000_000);
    fix();
    assert.equal(statSync(path('good.topology.yaml')).mtimeMs, 1_000_000_000);
  });

  it('keeps Windows line endings and the byte-order mark', () => {
    const windows = `\uFEFF${COMMENTED.replaceAll('\n', '\r\n').replace(
      'roles:\r\n      sql-server: { instances: { MSSQLSERVER: { port: 1433 } } }',
      'roles: [sql-server]',
    )}`;
    const other = folderWith({ 'w.topology.yaml': windows });
    try {
      const { out } = cmtopo(['check', '--fix'], { cwd: other });
      assert.match(out, /^fixed|\nfixed/);
      const fixed = readFileSync(join(other, 'w.topology.yaml'), 'utf8');
      assert.ok(fixed.startsWith('\uFEFF# top comment\r\n'));
      assert.ok(fixed.includes('httpsPort: 8531'));
      assert.ok(!fixed.includes('[sql-server]'), 'the list of roles became a map');
      assert.doesNotMatch(fixed, /[^\r]\n/);
    } finally {
      removeFolder(other);
    }
  });

  it("keeps the file's mode and leaves nothing beside it", () => {
    chmodSync(path(), 0o640);
    fix();
    if (process.platform !== 'win32') assert.equal(statSync(path()).mode & 0o777, 0o640);
    assert.deepEqual(readdirSync(folder).sort(), ['good.topology.yaml', 'one.topology.yaml']);
  });

  it('follows a link that is named, and writes nothing through it', () => {
    symlinkSync('one.topology.yaml', path('link.topology.yaml'));
    const before = text();
    const { status, out, err } = cmtopo(['check', '--fix', 'link.topology.yaml'], { cwd: folder });
    assert.equal(status, 2);
    assert.match(out, /wsus-port-pair/);
    assert.match(err, /^cmtopo: link\.topology\.yaml: this is a link, through which nothing is written/m);
    assert.ok(lstatSync(path('link.topology.yaml')).isSymbolicLink());
    assert.equal(text(), before);
    assert.deepEqual(readdirSync(folder).sort(), [
      'good.topology.yaml',
      'link.topology.yaml',
      'one.topology.yaml',
    ]);
  });

  it('follows a link to a folder that is named, and writes nothing behind it', () => {
    symlinkSync('.', path('link'));
    const before = text();
    for (const [command, named] of [
      [['check', '--fix'], 'link'],
      [['check', '--fix'], 'link/'],
      [['format'], 'link'],
    ] as const) {
      const { status, err } = cmtopo([...command, named], { cwd: folder });
      assert.equal(status, 2, `${command} ${named}`);
      assert.match(
        err,
        /^cmtopo: link\/one\.topology\.yaml: link\/? is a link, through which nothing is written/m,
      );
      assert.equal(text(), before);
    }
  });

  it('writes nothing through a link on the way to what is named', () => {
    symlinkSync('.', path('link'));
    const before = text();
    for (const named of [
      'link/one.topology.yaml',
      './link/../link/one.topology.yaml',
      'link/link/one.topology.yaml',
      'link/*.topology.yaml',
      'link/.',
      path('link/one.topology.yaml'),
    ])
      for (const command of [['check', '--fix'], ['format']] as const) {
        const { status, err } = cmtopo([...command, named], { cwd: folder });
        assert.equal(status, 2, `${command} ${named}`);
        assert.match(err, /link\/? is a link, through which nothing is written/, `${command} ${named}`);
        assert.equal(text(), before, `${command} ${named}`);
      }
    // From below the link the same file is in no folder that is one.
    assert.equal(cmtopo(['check', '--fix', 'one.topology.yaml'], { cwd: path('link') }).status, 0);
    assert.notEqual(text(), before);
  });

  it('removes what a killed run left in the folder, and nothing else', () => {
    // A run that is killed before it puts the new text in place: the name is that of a real temporary file.
    const kill = "require('node:fs').renameSync = () => process.kill(process.pid, 'SIGKILL');";
    writeFileSync(path('kill.cjs'), kill);
    const killed = spawnSync(process.execPath, ['--require', path('kill.cjs'), PROGRAM, 'check', '--fix'], {
      cwd: folder,
      env: environment(),
    });
    assert.equal(killed.signal, 'SIGKILL');
    const left = readdirSync(folder).filter((name) => name.endsWith('.tmp'));
    assert.equal(left.length, 1, String(left));
    const others = ['.cmtopo-00000000-1-000000000000.tmp', '.one.topology.yaml.1.tmp', 'notes.tmp'];
    for (const name of others) writeFileSync(path(name), 'mine');
    // Of a process that runs: this one.
    const running = left[0]?.replace(/-\d+-/, `-${process.pid}-`) ?? '';
    writeFileSync(path(running), 'mine');
    fix();
    const now = readdirSync(folder).filter((name) => name.endsWith('.tmp'));
    assert.deepEqual(now.sort(), [...others, running].sort());
  });

  it('keeps UTF-16 with its byte-order mark', () => {
    const source = text();
    for (const swap of [false, true]) {
      const bytes = Buffer.from(`\uFEFF${source}`, 'utf16le');
      writeFileSync(path('wide.topology.yaml'), swap ? bytes.swap16() : bytes);
      cmtopo(['check', '--fix', 'wide.topology.yaml'], { cwd: folder });
      const fixed = readFileSync(path('wide.topology.yaml'));
      const decoded = (swap ? fixed.swap16() : fixed).toString('utf16le');
      assert.equal(decoded, `\uFEFF${source.replace('httpsPort: 8532', 'httpsPort: 8531')}`);
    }
  });

  it('leaves what has no safe fix, and says what is left', () => {
    const other = folderWith({
      'two.topology.yaml': ONE_ERROR.replace('hq: { networks', 'lab: {}\n  hq: { networks').replace(
        'port: 1433',
        'port: 70000',
      ),
    });
    try {
      const { status, out } = cmtopo(['check', '--fix'], { cwd: other });
      assert.equal(status, 1);
      assert.match(out, /invalid-port/);
      assert.match(out, /fixed {2}two\.topology\.yaml: 3 findings before, 2 left\n/);
    } finally {
      removeFolder(other);
    }
  });

  it('says on standard error what it fixed where standard output belongs to a program', () => {
    const { out, err } = fix('--format', 'json');
    assert.equal(JSON.parse(out).summary.errors, 0);
    assert.equal(err, 'cmtopo: fixed one.topology.yaml: 1 finding before, none left\n');
  });

  it('of a file full of mistakes keeps every comment, and a second run changes nothing', () => {
    const mistakes = readFileSync('examples/mistakes.topology.yaml', 'utf8');
    const other = folderWith({ 'm.topology.yaml': mistakes });
    try {
      const first = cmtopo(['check', '--fix', '--format', 'json'], { cwd: other });
      const once = readFileSync(join(other, 'm.topology.yaml'), 'utf8');
      assert.notEqual(once, mistakes);
      // Comments that speak to the checker and mean nothing are what a fix takes away.
      const comments = (text: string) => text.match(/# (?!cmtopo-).*$/gm);
      assert.deepEqual(comments(once), comments(mistakes));
      const fixes = jsonReport(first).files.flatMap(({ diagnostics }) =>
        diagnostics.map((found) => found.fixes[0]?.safe ?? false),
      );
      assert.ok(!fixes.includes(true), 'no safe fix is left over');
      cmtopo(['check', '--fix'], { cwd: other });
      assert.equal(readFileSync(join(other, 'm.topology.yaml'), 'utf8'), once);
    } finally {
      removeFolder(other);
    }
  });

  it('writes no file without --fix', () => {
    cmtopo(['check'], { cwd: folder });
    assert.equal(text(), COMMENTED);
  });
});
