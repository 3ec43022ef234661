import assert from 'node:assert/strict';
import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { cmtopo, folderWith, GOOD, jsonReport, ONE_ERROR, removeFolder } from './cli.ts';

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

  it('writes through a symbolic link', () => {
    symlinkSync('one.topology.yaml', path('link.topology.yaml'));
    fix('link.topology.yaml');
    assert.ok(lstatSync(path('link.topology.yaml')).isSymbolicLink());
    assert.ok(text().includes('httpsPort: 8531'));
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
