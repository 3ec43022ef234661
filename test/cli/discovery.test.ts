import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { cmtopo, folderWith, GOOD, jsonReport, removeFolder } from './cli.ts';

const MARKED = `# configmgr-topology: the plant\n${GOOD}`;

/** The paths that a check of a folder looks at. */
function found(files: Readonly<Record<string, string>>, args: readonly string[] = [], below = '.'): string[] {
  const folder = folderWith(files);
  try {
    const outcome = cmtopo(['check', '--format', 'json', ...args], { cwd: join(folder, below) });
    return jsonReport(outcome).files.map(({ path }) => path);
  } finally {
    removeFolder(folder);
  }
}

describe('which files cmtopo check looks at', () => {
  it('topology files under this folder, in the order of their paths', () => {
    assert.deepEqual(
      found({
        'z.topology.yaml': GOOD,
        'a/b/deep.topology.yml': GOOD,
        'a.topology.yaml': GOOD,
        'other.yaml': 'services: {}',
        'topology.yaml': GOOD,
        'notes.topology.yaml.txt': GOOD,
      }),
      ['a.topology.yaml', 'a/b/deep.topology.yml', 'z.topology.yaml'],
    );
  });

  it('any YAML file whose first line says that it is one', () => {
    assert.deepEqual(
      found({
        'plant.yaml': MARKED,
        'bom.yml': `\uFEFF${MARKED}`,
        'late.yaml': `\n${MARKED}`,
        'text.txt': MARKED,
      }),
      ['bom.yml', 'plant.yaml'],
    );
  });

  it('neither in node_modules nor in .git', () => {
    assert.deepEqual(
      found({
        'node_modules/p/x.topology.yaml': GOOD,
        'a/node_modules/x.topology.yaml': GOOD,
        '.git/x.topology.yaml': GOOD,
        'a/x.topology.yaml': GOOD,
      }),
      ['a/x.topology.yaml'],
    );
  });

  it('not what .gitignore ignores', () => {
    assert.deepEqual(
      found({
        '.gitignore': '# old ones\nold/\n*.draft.topology.yaml\n/top.topology.yaml\n',
        'old/x.topology.yaml': GOOD,
        'a/old/x.topology.yaml': GOOD,
        'a/x.draft.topology.yaml': GOOD,
        'top.topology.yaml': GOOD,
        'a/top.topology.yaml': GOOD,
      }),
      ['a/top.topology.yaml'],
    );
  });

  it('a nested .gitignore speaks for its own folder, and the deeper line decides', () => {
    assert.deepEqual(
      found({
        '.gitignore': 'secret*\n',
        'a/.gitignore': '!secret.topology.yaml\n/only-here.topology.yaml\nsub/deep.topology.yaml\n',
        'secret.topology.yaml': GOOD,
        'a/secret.topology.yaml': GOOD,
        'a/b/secret.topology.yaml': GOOD,
        'a/only-here.topology.yaml': GOOD,
        'a/b/only-here.topology.yaml': GOOD,
        'a/sub/deep.topology.yaml': GOOD,
        'only-here.topology.yaml': GOOD,
      }),
      [
        'a/b/only-here.topology.yaml',
        'a/b/secret.topology.yaml',
        'a/secret.topology.yaml',
        'only-here.topology.yaml',
      ],
    );
  });

  it('the .gitignore files above count up to the root of the working tree', () => {
    const files = {
      '.gitignore': 'x.topology.yaml\n',
      'repo/.git/HEAD': 'ref: refs/heads/main\n',
      'repo/.gitignore': 'y.topology.yaml\n',
      'repo/sub/x.topology.yaml': GOOD,
      'repo/sub/y.topology.yaml': GOOD,
    };
    assert.deepEqual(found(files, [], 'repo/sub'), ['x.topology.yaml']);
  });

  it('a file that is named, whatever ignores it and whatever it is called', () => {
    assert.deepEqual(
      found({ '.gitignore': '*\n', 'x.topology.yaml': GOOD, 'plain.yaml': GOOD }, [
        'x.topology.yaml',
        './plain.yaml',
      ]),
      ['x.topology.yaml', 'plain.yaml'],
    );
  });

  it('a folder that is named, even an ignored one', () => {
    assert.deepEqual(
      found({ '.git/HEAD': '', '.gitignore': 'build/\n', 'build/x.topology.yaml': GOOD }, ['build']),
      ['build/x.topology.yaml'],
    );
  });

  it('each file once, however often it is named', () => {
    assert.deepEqual(
      found({ 'a/x.topology.yaml': GOOD }, ['a/x.topology.yaml', 'a', '.', './a/x.topology.yaml']),
      ['a/x.topology.yaml'],
    );
  });

  it('file names with spaces, brackets and Korean letters', () => {
    assert.deepEqual(
      found({
        'a b [1]/.gitignore': 'no.topology.yaml\n',
        'a b [1]/no.topology.yaml': GOOD,
        'a b [1]/본사.topology.yaml': GOOD,
      }),
      ['a b [1]/본사.topology.yaml'],
    );
  });

  it('names with * and ?, where no shell has expanded them', () => {
    const folder = folderWith({ 'a/x1.topology.yaml': GOOD, 'a/x2.topology.yaml': GOOD, 'b/x1.yaml': GOOD });
    try {
      const paths = (...args: string[]) =>
        jsonReport(cmtopo(['check', '--format', 'json', ...args], { cwd: folder })).files.map(
          ({ path }) => path,
        );
      assert.deepEqual(paths('a/*.topology.yaml'), ['a/x1.topology.yaml', 'a/x2.topology.yaml']);
      assert.deepEqual(paths('*/x?.*'), ['a/x1.topology.yaml', 'a/x2.topology.yaml', 'b/x1.yaml']);
      assert.deepEqual(
        paths(join(folder, '*', '*2*')).map((path) => basename(path)),
        ['x2.topology.yaml'],
      );
      const none = cmtopo(['check', 'a/*.yml'], { cwd: folder });
      assert.deepEqual(none, { status: 2, out: '', err: 'cmtopo: a/*.yml: no such file or folder\n' });
    } finally {
      removeFolder(folder);
    }
  });

  it('names with * and ? in every other command, too', () => {
    const table = 'name,site,roles\ncm01,PS1,site server\n';
    const folder = folderWith({
      'a.topology.yaml': GOOD,
      'x/1.csv': table,
      'x/2.csv': table.replace('cm01', 'cm02'),
    });
    try {
      const run = (...args: string[]) => cmtopo(args, { cwd: folder });
      assert.deepEqual(run('flows', '*.topology.yaml'), run('flows', 'a.topology.yaml'));
      assert.match(run('init', '--from', 'x/*.csv').out, /from x\/1\.csv, x\/2\.csv\.\n.* cm01:.* cm02:/s);
      const several = run('flows', '*.*', 'x/*.csv');
      assert.equal(several.status, 2);
      assert.match(several.err, /'x\/1\.csv' is one argument too many/);
      // What an option takes is no path.
      assert.match(run('flows', '--from', '*', 'a.topology.yaml').err, /\*/);
    } finally {
      removeFolder(folder);
    }
  });

  it('comes to an end where symbolic links go round in circles', () => {
    const folder = folderWith({ 'a/x.topology.yaml': GOOD });
    try {
      symlinkSync('..', join(folder, 'a', 'up'));
      symlinkSync('self.topology.yaml', join(folder, 'self.topology.yaml'));
      symlinkSync('a/x.topology.yaml', join(folder, 'link.topology.yaml'));
      mkdirSync(join(folder, 'folder.topology.yaml'));
      const outcome = cmtopo(['check', '--format', 'json'], { cwd: folder });
      assert.deepEqual(
        jsonReport(outcome).files.map(({ path }) => path),
        ['a/x.topology.yaml'],
      );
      assert.equal(outcome.status, 0);
      assert.equal(
        outcome.err,
        'cmtopo: 3 links or files that are not regular are skipped: a/up, link.topology.yaml, self.topology.yaml\n',
      );
    } finally {
      removeFolder(folder);
    }
  });
});
