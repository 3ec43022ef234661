// The package of VS Code, for its marketplace and for Open VSX.
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withoutEmptyEntries } from '../build.mjs';
import { addressFields } from './address.mjs';
import { packedPage } from './links.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What vsce calls the files that it knows. */
const RENAMED = { 'README.md': 'readme.md', 'CHANGELOG.md': 'changelog.md', LICENSE: 'LICENSE.txt' };

/** Pages that a marketplace and the extensions view show, where no file is beside them. */
const SHOWN = ['README.md', 'CHANGELOG.md'];

/** Of the manifest, what only a checkout needs. */
const OF_THE_CHECKOUT = ['private', 'workspaces', 'scripts', 'devDependencies', 'bin', 'type'];

/**
 * The path of the package that {@link packExtension} writes.
 * @returns {string}
 */
export function packagePath() {
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return join(root, `${name}-${version}.vsix`);
}

/**
 * Packs what dist/ holds now; `.vscodeignore` says what goes in. The same files give the same bytes: every file of the
 * archive has the same time, that of SOURCE_DATE_EPOCH or the first that an archive knows.
 * @param {string} [repository] the address of the source
 * @returns {Promise<string>} the path of the package
 */
export async function packExtension(repository) {
  const { createVSIX, listFiles, PackageManager } = await import('@vscode/vsce');
  const files = await listFiles({ cwd: root, packageManager: PackageManager.None });
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const inside = new Set(['README.md', ...files]);
  const packed = (path) => (inside.has(path) ? (RENAMED[path] ?? path) : undefined);
  const folder = mkdtempSync(join(tmpdir(), 'cmtopo-vsix-'));
  try {
    // Else vsce leaves out some of them by itself.
    cpSync(join(root, '.vscodeignore'), join(folder, '.vscodeignore'));
    for (const file of inside) {
      const target = join(folder, file);
      mkdirSync(dirname(target), { recursive: true });
      cpSync(join(root, file), target);
      const text = () => readFileSync(target, 'utf8');
      if (file.endsWith('.md'))
        writeFileSync(
          target,
          packedPage(text(), {
            path: file,
            packed: SHOWN.includes(file) ? () => undefined : packed,
            repository,
            version,
          }),
        );
      else if (/^package\.nls\..*\.json$/.test(file)) writeFileSync(target, withoutEmptyEntries(text()));
      else if (file === 'package.json') {
        const manifest = { ...JSON.parse(text()), ...addressFields(repository) };
        for (const key of OF_THE_CHECKOUT) delete manifest[key];
        writeFileSync(target, `${JSON.stringify(manifest, undefined, 2)}\n`);
      }
      chmodSync(target, 0o644);
    }
    const before = { epoch: process.env.SOURCE_DATE_EPOCH, zone: process.env.TZ };
    process.env.SOURCE_DATE_EPOCH ??= String(Date.UTC(1980, 0, 1, 12) / 1000);
    // An archive keeps local time.
    process.env.TZ = 'UTC';
    try {
      await createVSIX({
        cwd: folder,
        packagePath: packagePath(),
        // The bundles hold what they need.
        dependencies: false,
        allowMissingRepository: true,
        rewriteRelativeLinks: false,
      });
    } finally {
      restore('SOURCE_DATE_EPOCH', before.epoch);
      restore('TZ', before.zone);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return packagePath();
}

function restore(name, value) {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
