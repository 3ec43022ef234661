// What is in the package that users install. Runs after scripts/package.mjs.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { name, version } from '../../package.json';

const path = `${name}-${version}.vsix`;

/** The files of a zip archive without ZIP64 extensions, read by its central directory. */
function unzip(archive: Buffer): Map<string, Buffer> {
  const end = archive.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const files = new Map<string, Buffer>();
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    const method = archive.readUInt16LE(at + 10);
    const size = archive.readUInt32LE(at + 20);
    const nameLength = archive.readUInt16LE(at + 28);
    const local = archive.readUInt32LE(at + 42);
    const file = archive.toString('utf8', at + 46, at + 46 + nameLength);
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const content = archive.subarray(start, start + size);
    if (!file.endsWith('/')) files.set(file, method === 0 ? content : inflateRawSync(content));
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return files;
}

describe('The packed extension', () => {
  let files = new Map<string, Buffer>();
  const text = (file: string): string => {
    const content = files.get(`extension/${file}`);
    assert.ok(content, `${file} is not in the package.`);
    return content.toString('utf8');
  };

  before(() => {
    files = unzip(readFileSync(path));
  });

  it('is small to download: under 1.5 MB', () => {
    const { size } = statSync(path);
    assert.ok(size < 1_500_000, `${size} bytes`);
  });

  it('holds what a user needs and nothing else', () => {
    const patterns = [
      /^package\.json$/,
      /^(readme|changelog|contributing|security)\.md$/i,
      /^(LICENSE\.txt|NOTICE\.md)$/,
      /^dist\/((browser|cli|core|extension|mcp-server|server-worker|tool-worker)\.js|THIRD-PARTY\.txt)$/,
      /^dist\/pages\/[\w-]+\.(js|css)$/,
      /^catalog\/[\w.-]+\.yaml$/,
      /^syntaxes\/[\w.-]+\.json$/,
      /^schemas\/(topology|settings)\.schema\.json$/,
      /^images\/(icon\.png|file-(light|dark)\.svg)$/,
      /^docs\/((rules|catalog|walkthrough)\/)?[\w.-]+\.md$/,
      /^l10n\/bundle\.l10n\.(ko|zh-tw)\.json$/,
      /^package\.nls(\.ko|\.zh-tw)?\.json$/,
    ];
    const inside = [...files.keys()].flatMap((file) =>
      file.startsWith('extension/') ? [file.slice('extension/'.length)] : [],
    );
    assert.deepEqual(
      inside.filter((file) => !patterns.some((pattern) => pattern.test(file))),
      [],
    );
    for (const pattern of patterns)
      assert.ok(
        inside.some((file) => pattern.test(file)),
        String(pattern),
      );
  });

  it('has every file that its manifest names', () => {
    const manifest = text('package.json');
    const named = [
      ...manifest.matchAll(
        /"(?:main|browser|markdown|path|url|icon|light|dark|configuration)": ?"(?:\.\/)?([^"$][^"]*)"/g,
      ),
    ];
    assert.ok(named.length >= 8, String(named.length));
    for (const [, file = ''] of named) text(file);
  });

  it('has a page for the extensions view without pictures that are not in it', () => {
    assert.match(readFileSync('README.md', 'utf8'), /^!\[/m);
    assert.doesNotMatch(text('readme.md'), /!\[|<img/);
  });

  it('has no empty translation, for which VS Code would show nothing', () => {
    for (const file of files.keys()) {
      if (!/^extension\/(l10n\/bundle\.l10n|package\.nls)\..*\.json$/.test(file)) continue;
      const entries = Object.entries<string>(JSON.parse(text(file.slice('extension/'.length))));
      assert.deepEqual(
        entries.filter(([, translation]) => translation.trim() === ''),
        [],
        file,
      );
    }
  });

  it('passes on the licences of the packages in its bundles', () => {
    const notices = text('dist/THIRD-PARTY.txt');
    const packages = [
      '@dagrejs/dagre',
      '@dagrejs/graphlib',
      '@modelcontextprotocol/core',
      '@modelcontextprotocol/server',
      '@vscode/l10n',
      'get-east-asian-width',
      'js-yaml',
      'vscode-jsonrpc',
      'vscode-languageclient',
      'vscode-languageserver',
      'zod',
    ];
    for (const bundled of packages) {
      assert.match(notices, new RegExp(`^${bundled} \\d+\\.\\d+\\.\\d+`, 'm'));
    }
    assert.match(notices, /Permission is hereby granted/);
  });

  it('has a page for every rule, which the Problems panel links to', () => {
    const pages = readdirSync('docs/rules').filter((file) => file.endsWith('.md'));
    assert.ok(pages.length > 0);
    for (const page of pages) text(`docs/rules/${page}`);
  });

  it('needs no file of the checkout to check a topology', () => {
    const folder = mkdtempSync(join(tmpdir(), 'cmtopo-packed-'));
    try {
      for (const [file, content] of files) {
        mkdirSync(join(folder, dirname(file)), { recursive: true });
        writeFileSync(join(folder, file), content);
      }
      const example =
        'configmgr: 2017-09\nservers:\n  wsus01:\n    roles:\n      wsus-server: { httpsPort: 8532 }\n';
      const check = spawnSync(process.execPath, ['extension/dist/cli.js', 'check', '-', '--format', 'json'], {
        cwd: folder,
        input: example,
        encoding: 'utf8',
      });
      assert.equal(check.status, 1, check.stderr);
      assert.match(check.stdout, /wsus-port-pair/);
      assert.ok(!existsSync(join(folder, 'extension', 'node_modules')));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
