// A release, made in a copy of the checkout: checksums, notes and the tag. Packing has its own tests: here it is a script
// that writes down how it was called.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { version } from '../../package.json';

const SOURCE = 'https://git.example/owner/name';

const PACKAGES = [`configmgr-topology-${version}.vsix`, `configmgr-topology-${version}.tgz`, 'cmtopo.mjs'];

describe('A release', function () {
  this.timeout(120_000);
  let folder = '';
  const run = (command: string, ...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' });
    return { status, out: stdout, err: stderr };
  };
  const git = (...args: readonly string[]) => {
    const own = ['-c', 'user.name=test', '-c', 'user.email=test@example', '-c', 'commit.gpgsign=false'];
    const { status, out, err } = run('git', ...own, ...args);
    assert.equal(status, 0, err);
    return out;
  };
  const release = (...args: readonly string[]) => run(process.execPath, 'scripts/release.mjs', ...args);

  before(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'cmtopo-release-')));
    const list = spawnSync('git', ['ls-files', '-z'], { encoding: 'utf8' }).stdout.split('\0');
    for (const file of list.filter((one) => /^(scripts\/|docs\/(ci|install)\.md$|[^/]+$)/.test(one))) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      cpSync(file, join(folder, file));
    }
    const packing = `import { writeFileSync } from 'node:fs';
      for (const name of ${JSON.stringify(PACKAGES)}) {
        writeFileSync(name, process.argv.slice(2).join(' ') + name);
        console.log('packed ' + name);
      }`;
    writeFileSync(join(folder, 'scripts', 'package.mjs'), packing);
    writeFileSync(
      join(folder, '.gitignore'),
      '/node_modules\n/dist/\n/release/\n*.vsix\n*.tgz\n/cmtopo.mjs\n',
    );
    git('init', '--quiet');
    git('config', 'user.name', 'test');
    git('config', 'user.email', 'test@example');
    const changes = '# Changelog\n\n## [Unreleased]\n\n## [0.0.1] - 2026-01-01\n\n- Old.\n';
    writeFileSync(join(folder, 'CHANGELOG.md'), changes);
    git('add', '.');
    git('commit', '--quiet', '-m', 'all');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('is not made while something is missing, and says all that is', () => {
    writeFileSync(join(folder, 'LICENSE'), 'changed');
    const { status, err } = release('9.9.9');
    assert.equal(status, 1);
    for (const said of [
      '--repository',
      'package.json has version',
      'action.yml has version',
      'docs/ci.md has version',
      'docs/install.md has version',
      'CHANGELOG.md',
      'not committed',
    ])
      assert.ok(err.includes(said), said);
    git('checkout', '--quiet', 'LICENSE');
  });

  it('has its packages, notes and checksums in one folder, and its tag; a dry run makes none of them', () => {
    const changes = `# Changelog\n\n## [Unreleased]\n\n## [${version}] - 2026-02-01\n\n### Added\n\n- [New](docs/new.md#part).\n\n## [0.0.1] - 2026-01-01\n\n- Old.\n`;
    writeFileSync(join(folder, 'CHANGELOG.md'), changes);
    const notes = `### Added\n\n- [New](${SOURCE}/blob/v${version}/docs/new.md#part).`;
    git('commit', '--quiet', '-am', 'release');
    const dry = release(version, '--repository', SOURCE, '--dry-run');
    assert.equal(dry.status, 0, dry.err);
    assert.ok(dry.out.endsWith(`${notes}\n`), dry.out);
    assert.equal(git('tag', '--list'), '');

    const { status, err } = release(version, '--repository', `${SOURCE}.git`);
    assert.equal(status, 0, err);
    assert.equal(git('tag', '--list').trim(), `v${version}`);
    const text = (name: string) => readFileSync(join(folder, 'release', name), 'utf8');
    assert.ok(text('NOTES.md').startsWith(`${notes}\n\nPacked from the tag `), text('NOTES.md'));
    const sums = text('SHA256SUMS')
      .trim()
      .split('\n')
      .map((line) => line.split('  '));
    assert.deepEqual(
      sums.map(([, name]) => name),
      [...PACKAGES].sort(),
    );
    assert.equal(text('cmtopo.mjs'), `--repository ${SOURCE}cmtopo.mjs`);
    for (const [sum, name = ''] of sums)
      assert.equal(
        createHash('sha256')
          .update(readFileSync(join(folder, 'release', name)))
          .digest('hex'),
        sum,
      );
    assert.match(release(version, '--repository', SOURCE).err, /is there already/);
  });
});
