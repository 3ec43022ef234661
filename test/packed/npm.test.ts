// The package of npm and the program in one file. Runs after scripts/package.mjs.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { name, version } from '../../package.json';
import { packAgain, untar } from './archives.ts';
import { deadLinks } from './links.ts';

const path = `${name}-${version}.tgz`;

/** Runs a program in a folder, with nothing of the checkout. */
function run(command: string, args: readonly string[], folder: string, input = '') {
  const { NODE_PATH: _, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, env, input, encoding: 'utf8' });
  return { status, out: stdout, err: stderr };
}

const EXAMPLE =
  'configmgr: 2017-09\nservers:\n  wsus01:\n    roles:\n      wsus-server: { httpsPort: 8532 }\n';

describe('The package of npm', function () {
  this.timeout(60_000);
  const files = new Map<string, Buffer>();
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'cmtopo-npm-'));
    for (const [file, { content }] of untar(readFileSync(path)))
      files.set(file.replace(/^package\//, ''), content);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('is small to download, and holds what the program needs and nothing else', () => {
    const { size } = statSync(path);
    assert.ok(size < 1_200_000, `${size} bytes`);
    const patterns = [
      /^package\.json$/,
      /^(README|CHANGELOG|NOTICE|SECURITY)\.md$/,
      /^LICENSE$/,
      /^dist\/(cli|core|language-server|mcp-server|on-demand|tool-worker)\.js$/,
      /^dist\/(THIRD-PARTY\.txt|cmtopo\.1)$/,
      /^dist\/l10n\/bundle\.l10n\.[a-z-]+\.json$/,
      /^docs\/((rules|catalog|walkthrough)\/)?[\w.-]+\.md$/,
      /^schemas\/[\w-]+\.schema\.json$/,
    ];
    assert.deepEqual(
      [...files.keys()].filter((file) => !patterns.some((pattern) => pattern.test(file))),
      [],
    );
    for (const pattern of patterns)
      assert.ok(
        [...files.keys()].some((file) => pattern.test(file)),
        String(pattern),
      );
  });

  it('installs nothing and runs nothing when it is installed', () => {
    const manifest = JSON.parse(files.get('package.json')?.toString('utf8') ?? '') as Record<string, unknown>;
    for (const key of ['scripts', 'dependencies', 'optionalDependencies', 'private'])
      assert.ok(!(key in manifest), key);
    assert.deepEqual(manifest.bin, { cmtopo: 'dist/cli.js' });
    assert.equal(untar(readFileSync(path)).get('package/dist/cli.js')?.mode, 0o755);
  });

  it('has no link to what is not in it', () => {
    assert.deepEqual(deadLinks(files, ['README.md']), []);
  });

  it('has the same bytes when it is packed again', () => {
    const before = readFileSync(path);
    assert.ok(packAgain('npm.mjs', 'packNpm()', path).equals(before));
  });

  it('gives cmtopo to whoever installs it, with the page for man', () => {
    const args = [
      'install',
      '--global',
      '--prefix',
      folder,
      '--offline',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ];
    const shell = process.platform === 'win32';
    const installed = spawnSync('npm', [...args, join(process.cwd(), path)], { encoding: 'utf8', shell });
    assert.equal(installed.status, 0, installed.stderr);
    const program = shell ? join(folder, 'cmtopo.cmd') : join(folder, 'bin', 'cmtopo');
    const check = spawnSync(program, ['check', '-'], { input: EXAMPLE, encoding: 'utf8', shell });
    assert.equal(check.status, 1, check.stderr);
    if (!shell) assert.ok(statSync(join(folder, 'share', 'man', 'man1', 'cmtopo.1')).size > 0);
  });

  it('dist/ works when it is copied alone, in every language', () => {
    cpSync('dist', join(folder, 'alone', 'dist'), { recursive: true });
    const korean = run(
      process.execPath,
      ['dist/cli.js', '--locale', 'ko', 'check', '-'],
      join(folder, 'alone'),
      EXAMPLE,
    );
    assert.equal(korean.status, 1);
    assert.match(korean.out, /^error +.*[가-힣]/m);
  });
});

describe('cmtopo.mjs', function () {
  this.timeout(60_000);
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'cmtopo-single-'));
    cpSync('cmtopo.mjs', join(folder, 'cmtopo.mjs'));
    cpSync('examples/mistakes.topology.yaml', join(folder, 'mistakes.topology.yaml'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('does alone what the program in dist/ does', () => {
    const lines = [
      ['check', 'mistakes.topology.yaml', '--format', 'json'],
      ['--locale', 'ko', 'check', 'mistakes.topology.yaml'],
      ['flows', 'mistakes.topology.yaml'],
    ];
    for (const line of lines) {
      const own = run(process.execPath, [join(process.cwd(), 'dist', 'cli.js'), ...line], folder);
      assert.ok(own.out.length > 1000);
      assert.deepEqual(run(process.execPath, ['cmtopo.mjs', ...line], folder), own);
    }
    if (process.platform !== 'win32')
      assert.equal(run('./cmtopo.mjs', ['--version'], folder).out, `cmtopo ${version}\n`);
  });

  it('serves assistants, whose calls run in threads of the same file', () => {
    const request = (id: number, method: string, params: object) =>
      JSON.stringify({ jsonrpc: '2.0', id, method, params });
    const client = {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 'test', version: '1' },
    };
    const call = { name: 'cmtopo_check_topology', arguments: { file: 'mistakes.topology.yaml' } };
    const script = `const child = require('node:child_process').spawn(process.execPath, ['cmtopo.mjs', 'mcp', '--stdio']);
      child.stdout.on('data', (data) => { process.stdout.write(data); if (String(data).includes('"id":2')) child.kill(); });
      child.stdin.write(${JSON.stringify(
        `${request(1, 'initialize', client)}\n${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' })}\n${request(2, 'tools/call', call)}\n`,
      )});`;
    assert.match(run(process.execPath, ['-e', script], folder).out, /42 errors/);
  });

  it('passes on the licences of what is in it', () => {
    const text = readFileSync('cmtopo.mjs', 'utf8');
    for (const bundled of ['js-yaml', 'vscode-jsonrpc', '@modelcontextprotocol/server'])
      assert.match(text, new RegExp(`^${bundled} \\d+\\.\\d+\\.\\d+`, 'm'));
    assert.match(text, /Permission is hereby granted/);
    assert.ok(!text.includes(process.cwd()));
  });
});

describe('What goes into an executable', function () {
  this.timeout(60_000);

  it('has the same bytes whatever folder it is made in', () => {
    const blobs = ['a', 'another-one'].map((name) => {
      const folder = mkdtempSync(join(tmpdir(), `cmtopo-${name}-`));
      try {
        const script = `const { packBlob } = await import('./scripts/packing/single.mjs');
await packBlob(process.execPath, ${JSON.stringify(folder)});`;
        const { status, err } = run(process.execPath, ['--input-type=module', '-e', script, 'packed'], '.');
        assert.equal(status, 0, err);
        return readFileSync(join(folder, 'cmtopo.blob'));
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
    const [one, other] = blobs;
    assert.ok(one && other && one.length > 1_000_000 && one.equals(other));
  });
});
