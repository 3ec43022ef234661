// Builds the product and packs it into configmgr-topology-VERSION.vsix.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildProduct } from './build.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * The path of the package that {@link packExtension} writes.
 * @returns {string}
 */
export function packagePath() {
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return join(root, `${name}-${version}.vsix`);
}

/**
 * Does something while the files of translations are without their empty entries, for which VS Code would show
 * nothing: it falls back to English only where there is no entry.
 * @template T
 * @param {() => Promise<T>} then
 * @returns {Promise<T>}
 */
async function withoutEmptyTranslations(then) {
  const names = [
    ...readdirSync(join(root, 'l10n')).map((name) => join('l10n', name)),
    ...readdirSync(root).filter((name) => /^package\.nls\..*\.json$/.test(name)),
  ];
  const before = new Map(names.map((name) => [join(root, name), readFileSync(join(root, name), 'utf8')]));
  const changed = [...before].flatMap(([file, text]) => {
    const entries = Object.entries(JSON.parse(text));
    const translated = entries.filter(([, translation]) => translation.trim() !== '');
    const packed = `${JSON.stringify(Object.fromEntries(translated), undefined, 2)}\n`;
    return translated.length < entries.length ? [{ file, text, packed }] : [];
  });
  try {
    for (const { file, packed } of changed) writeFileSync(file, packed);
    return await then();
  } finally {
    for (const { file, text } of changed) writeFileSync(file, text);
  }
}

/**
 * Packs what dist/ holds now; `.vscodeignore` says what goes in.
 * @returns {Promise<string>} the path of the package
 */
export async function packExtension() {
  const { createVSIX } = await import('@vscode/vsce');
  // The pictures stay in the repository: the package is to be small and to need no network.
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  writeFileSync(join(root, 'dist', 'README.md'), readme.replaceAll(/^!\[.*\n\n?/gm, ''));
  await withoutEmptyTranslations(() =>
    createVSIX({
      cwd: root,
      readmePath: 'dist/README.md',
      packagePath: packagePath(),
      // The bundles hold what they need.
      dependencies: false,
      allowMissingRepository: true,
      rewriteRelativeLinks: false,
    }),
  );
  return packagePath();
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await buildProduct();
  await packExtension();
}
