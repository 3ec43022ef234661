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
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { name, version } from '../../package.json';
import { packAgain, unzip } from './archives.ts';
import { addressesOf, deadLinks } from './links.ts';

const path = `${name}-${version}.vsix`;

/** The Markdown pages of a package, each with the text that it has in the checkout. */
function pagesOf(paths: Iterable<string>): readonly (readonly [page: string, original: string])[] {
  const names: Readonly<Record<string, string>> = {
    'readme.md': 'README.md',
    'changelog.md': 'CHANGELOG.md',
  };
  return [...paths].flatMap((path) => {
    const page = path.replace(/^extension\//, '');
    return page.endsWith('.md') ? [[page, readFileSync(names[page] ?? page, 'utf8')] as const] : [];
  });
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

  it('holds programs that take one byte of memory for each character', () => {
    const programs = [...files.keys()].filter((file) => /^extension\/dist\/[\w-]+\.js$/.test(file));
    assert.ok(programs.length >= 6);
    for (const file of programs) {
      const [wide] = /.{0,40}[^\0-\xff]/s.exec(text(file.slice('extension/'.length))) ?? [];
      assert.equal(wide, undefined, `${file} has a letter that doubles it in memory`);
    }
  });

  it('is small to download: under 1.5 MB', () => {
    const { size } = statSync(path);
    assert.ok(size < 1_500_000, `${size} bytes`);
  });

  it('holds what a user needs and nothing else', () => {
    const patterns = [
      /^package\.json$/,
      /^(readme|changelog|security)\.md$/i,
      /^(LICENSE\.txt|NOTICE\.md)$/,
      /^dist\/((browser|cli|core|extension|language-client|language-server|mcp-server|on-demand|server-worker|tool-worker)\.js|THIRD-PARTY\.txt)$/,
      /^dist\/pages\/[\w-]+\.(js|css)$/,
      /^catalog\/[\w.-]+\.yaml$/,
      /^syntaxes\/[\w.-]+\.json$/,
      /^schemas\/(topology|settings)\.schema\.json$/,
      /^images\/(icon\.png|(activity|file-(light|dark))\.svg)$/,
      /^docs\/(?!developing|performance|robustness)((rules|catalog|walkthrough)\/)?[\w.-]+\.md$/,
      /^dist\/l10n\/bundle\.l10n\.[a-z-]+\.json$/,
      /^package\.nls(\.[a-z-]+)?\.json$/,
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

  it('has no link to what is not in it, and none at all where no file is beside the page', () => {
    const inside = new Map([...files].map(([file, content]) => [file.replace(/^extension\//, ''), content]));
    assert.deepEqual(deadLinks(inside, ['readme.md', 'changelog.md']), []);
  });

  it('has every link of its pages to the web', () => {
    const pages = pagesOf(files.keys());
    assert.ok(pages.length > 50);
    for (const [page, original] of pages)
      assert.deepEqual(addressesOf(text(page)), addressesOf(original), page);
  });

  it('without an address of the source shows no pictures, since none is in it', () => {
    assert.match(readFileSync('README.md', 'utf8'), /^!\[/m);
    assert.doesNotMatch(text('readme.md'), /!\[|<img/);
  });

  it('has the port catalog in the core alone: neither the extension nor its pages load it when they start', () => {
    const catalogs = [...files].flatMap(([file, content]) =>
      file.endsWith('.js') && content.includes('site-server.sql-server') ? [file] : [],
    );
    assert.deepEqual(catalogs, ['extension/dist/core.js']);
  });

  it('has no program with characters beyond ASCII, for which V8 would keep all of it in twice the memory', () => {
    for (const name of ['cli', 'core', 'on-demand'])
      assert.doesNotMatch(text(`dist/${name}.js`), /[^\0-\x7f]/, name);
  });

  it('has what is read before the extension is active in a small file, apart from the client of the language server', () => {
    assert.ok(text('dist/extension.js').length < 100_000);
    assert.match(text('dist/language-client.js'), /textDocument\/hover/);
    assert.doesNotMatch(text('dist/extension.js'), /textDocument\/hover/);
  });

  it('has nothing in its manifest that only a checkout needs', () => {
    const manifest = JSON.parse(text('package.json')) as Record<string, unknown>;
    for (const key of ['private', 'scripts', 'workspaces', 'devDependencies', 'repository'])
      assert.ok(!(key in manifest), key);
  });

  it('has in every file what its name says', () => {
    for (const [file, content] of files) {
      const shown = content.toString('utf8');
      if (file.endsWith('.png')) assert.deepEqual(content.subarray(1, 4).toString(), 'PNG', file);
      else assert.ok(!shown.includes('\uFFFD') && !shown.includes('\r\n') && shown.trim() !== '', file);
      if (file.endsWith('.json')) JSON.parse(shown);
      if (/^extension\/docs\/(rules|catalog)\/.*\.md$/.test(file)) assert.match(shown, /^# \S/, file);
      if (file.endsWith('.js')) {
        assert.doesNotMatch(shown, /sourceMappingURL/, file);
        // It would say where it was built.
        assert.ok(!shown.includes(process.cwd()), file);
      }
      if (file.endsWith('.svg')) assert.match(shown, /^<svg [\s\S]*<\/svg>\s*$/, file);
    }
  });

  it('has the same bytes when it is packed again, whatever the time zone and the mask of files', function () {
    this.timeout(60_000);
    const before = readFileSync(path);
    assert.ok(packAgain('vsix.mjs', 'packExtension()', path).equals(before));
  });

  it('with an address of the source has its fields, and pictures and links that lead there', function () {
    this.timeout(60_000);
    const before = readFileSync(path);
    try {
      const source = 'https://git.example/owner/name';
      const there = unzip(packAgain('vsix.mjs', `packExtension('${source}')`, path));
      const of = (file: string) => there.get(`extension/${file}`)?.toString('utf8') ?? '';
      const manifest = JSON.parse(of('package.json')) as Record<string, unknown>;
      assert.deepEqual(
        [manifest.repository, manifest.bugs, manifest.homepage],
        [{ type: 'git', url: `${source}.git` }, { url: `${source}/issues` }, `${source}#readme`],
      );
      const pictures = [...of('readme.md').matchAll(/!\[[^\]]*\]\(([^)]*)\)/g)].map(
        ([, target]) => target ?? '',
      );
      assert.ok(pictures.length > 0);
      for (const picture of pictures) {
        const inCheckout = picture.replace(`${source}/raw/v${version}/`, '');
        assert.ok(existsSync(inCheckout), picture);
      }
      assert.match(of('readme.md'), new RegExp(`\\(${source}/blob/v${version}/docs/`));
      for (const [page, original] of pagesOf(there.keys())) {
        const led = addressesOf(of(page));
        const toSource = led.filter((target) => target.startsWith(source));
        assert.deepEqual(
          led.filter((target) => !toSource.includes(target)),
          addressesOf(original),
          page,
        );
        for (const target of toSource) {
          const [file = ''] = target.replace(new RegExp(`^${source}/(blob|raw)/v${version}/`), '').split('#');
          assert.ok(existsSync(decodeURI(file)), `${page}: ${target}`);
        }
      }
    } finally {
      writeFileSync(path, before);
    }
  });

  it('has no empty translation, for which VS Code would show nothing', () => {
    for (const file of files.keys()) {
      if (!/^extension\/(dist\/l10n\/bundle\.l10n|package\.nls)\..*\.json$/.test(file)) continue;
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
      'vscode-languageserver-textdocument',
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

  it('needs no file of the checkout to check a topology, nor to answer an assistant', async () => {
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
      const client = new Client({ name: 'test', version: '1' });
      await client.connect(
        new StdioClientTransport({
          command: process.execPath,
          args: ['extension/dist/cli.js', 'mcp', '--stdio'],
          cwd: folder,
          stderr: 'inherit',
        }),
      );
      const { content } = await client.callTool({
        name: 'cmtopo_check_topology',
        arguments: { text: example },
      });
      await client.close();
      assert.match(JSON.stringify(content), /wsus-port-pair/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
