// The package of npm: the program alone, with nothing to build or to install beside it.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { addressFields } from './address.mjs';
import { packedPage } from './links.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What of `dist/` the program needs; the rest is the extension's. */
const PROGRAM = [
  'cli.js',
  'language-server.js',
  'core.js',
  'on-demand.js',
  'mcp-server.js',
  'tool-worker.js',
  'THIRD-PARTY.txt',
];

/**
 * Packs what dist/ holds now.
 * @param {string | undefined} repository the address of the source
 * @returns {string} the path of the package, in the root of the checkout
 */
export function packNpm(repository) {
  const { name, version, license, engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { description } = JSON.parse(readFileSync(join(root, 'package.nls.json'), 'utf8'));
  const manifest = {
    name,
    version,
    description,
    keywords: ['configuration-manager', 'configmgr', 'sccm', 'ports', 'firewall', 'cli', 'language-server'],
    license,
    ...addressFields(repository),
    type: 'commonjs',
    bin: { cmtopo: 'dist/cli.js' },
    man: ['dist/cmtopo.1'],
    files: ['dist/', 'docs/', 'schemas/', 'CHANGELOG.md', 'NOTICE.md', 'SECURITY.md'],
    engines: { node: engines.node },
  };
  const pages = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .map((file) => `docs/${file.replaceAll('\\', '/')}`)
    // docs/site/ is what builds the site of them.
    .filter((file) => file.endsWith('.md') && !file.startsWith('docs/site/'));
  const files = [
    ...PROGRAM.map((file) => `dist/${file}`),
    ...readdirSync(join(root, 'dist', 'l10n')).map((file) => `dist/l10n/${file}`),
    ...readdirSync(join(root, 'schemas')).map((file) => `schemas/${file}`),
    ...pages,
    ...['README.md', 'CHANGELOG.md', 'NOTICE.md', 'SECURITY.md', 'LICENSE'],
  ];
  const inside = new Set(files);
  const folder = mkdtempSync(join(tmpdir(), 'cmtopo-npm-'));
  try {
    for (const file of files) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      cpSync(join(root, file), join(folder, file));
      if (file.endsWith('.md')) {
        // The page of npm shows README.md, which is nowhere beside the files.
        const packed =
          file === 'README.md' ? () => undefined : (path) => (inside.has(path) ? path : undefined);
        const text = readFileSync(join(root, file), 'utf8');
        writeFileSync(join(folder, file), packedPage(text, { path: file, packed, repository, version }));
      }
      chmodSync(join(folder, file), file === 'dist/cli.js' ? 0o755 : 0o644);
    }
    const write = (file, text) => {
      writeFileSync(join(folder, file), text);
      // Whatever the mask of files is here.
      chmodSync(join(folder, file), 0o644);
    };
    write('package.json', `${JSON.stringify(manifest, undefined, 2)}\n`);
    const page = spawnSync(process.execPath, [join(folder, 'dist', 'cli.js'), 'man', '--locale', 'en'], {
      encoding: 'utf8',
    });
    if (page.status !== 0) throw new Error(`The page for man was not made: ${page.stderr}`);
    write('dist/cmtopo.1', page.stdout);
    const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', root];
    const { status, stdout, stderr } = spawnSync('npm', args, {
      cwd: folder,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    });
    if (status !== 0) throw new Error(`npm pack failed: ${stderr}`);
    return join(root, JSON.parse(stdout)[0].filename);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
