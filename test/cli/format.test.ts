import assert from 'node:assert/strict';
import { readFileSync, statSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { cmtopo, folderWith, removeFolder } from './cli.ts';

const LOOSE = 'configmgr: 2025-12  \nsites:\n    PS1:\n        type: primary\n\n\n';
const TIGHT = 'configmgr: 2025-12\n\nsites:\n  PS1:\n    type: primary\n';

describe('cmtopo format', () => {
  let folder = '';
  beforeEach(() => {
    folder = folderWith({
      'loose.topology.yaml': LOOSE,
      'below/tight.topology.yaml': TIGHT,
      'other.yaml': 'a:\n    b: 1\n',
      'node_modules/x.topology.yaml': LOOSE,
    });
  });
  afterEach(() => removeFolder(folder));
  const format = (...args: string[]) => cmtopo(['format', ...args], { cwd: folder });
  const text = (name: string) => readFileSync(join(folder, name), 'utf8');

  it('formats the topology files of a folder in place, and names those that changed', () => {
    assert.deepEqual(format(), { status: 0, out: 'loose.topology.yaml formatted\n', err: '' });
    assert.equal(text('loose.topology.yaml'), TIGHT);
    assert.equal(text('other.yaml'), 'a:\n    b: 1\n');
    assert.equal(text('node_modules/x.topology.yaml'), LOOSE);
    assert.deepEqual(format(), { status: 0, out: '', err: '' });
  });

  it('does not write a file that is formatted', () => {
    const file = join(folder, 'below', 'tight.topology.yaml');
    utimesSync(file, 1, 1);
    format();
    assert.equal(statSync(file).mtimeMs, 1000);
  });

  it('--check writes nothing and fails where something would change', () => {
    assert.deepEqual(format('--check'), {
      status: 1,
      out: 'loose.topology.yaml is not formatted\n',
      err: '',
    });
    assert.equal(text('loose.topology.yaml'), LOOSE);
    assert.deepEqual(format('--check', 'below'), { status: 0, out: '', err: '' });
  });

  it('formats standard input to standard output', () => {
    assert.deepEqual(cmtopo(['format', '-'], { input: LOOSE }), { status: 0, out: TIGHT, err: '' });
    assert.equal(cmtopo(['format', '-', '--check'], { input: LOOSE }).status, 1);
    assert.deepEqual(cmtopo(['format', '-', '--check'], { input: TIGHT }), { status: 0, out: '', err: '' });
  });

  it('refuses a named file that is no topology, goes on with the others, and ends with 2', () => {
    const { status, out, err } = format('other.yaml', 'gone.topology.yaml', 'loose.topology.yaml');
    assert.equal(status, 2);
    assert.equal(out, 'loose.topology.yaml formatted\n');
    assert.match(err, /^cmtopo: gone\.topology\.yaml: .*\ncmtopo: other\.yaml: not a topology file/);
    assert.equal(text('other.yaml'), 'a:\n    b: 1\n');
  });

  it('writes through no link', function () {
    if (process.platform === 'win32') this.skip();
    symlinkSync(join(folder, 'loose.topology.yaml'), join(folder, 'link.topology.yaml'));
    const { status, err } = format('link.topology.yaml');
    assert.equal(status, 2);
    assert.match(err, /link/);
    assert.equal(text('loose.topology.yaml'), LOOSE);
  });

  it('keeps the encoding of a file', () => {
    removeFolder(folder);
    folder = folderWith({ 'a.topology.yaml': Buffer.from(`\uFEFF${LOOSE}`, 'utf16le') });
    assert.equal(format().status, 0);
    assert.equal(readFileSync(join(folder, 'a.topology.yaml')).toString('utf16le'), `\uFEFF${TIGHT}`);
  });

  it('finds the examples formatted', () => {
    assert.deepEqual(cmtopo(['format', '--check', 'examples', 'test/hierarchies']).out, '');
  });
});
