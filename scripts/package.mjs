// Builds the product and packs it into configmgr-topology-VERSION.vsix.
import { readFileSync, writeFileSync } from 'node:fs';
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
 * Packs what dist/ holds now; `.vscodeignore` says what goes in.
 * @returns {Promise<string>} the path of the package
 */
export async function packExtension() {
  const { createVSIX } = await import('@vscode/vsce');
  // The pictures stay in the repository: the package is to be small and to need no network.
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  writeFileSync(join(root, 'dist', 'README.md'), readme.replaceAll(/^!\[.*\n\n?/gm, ''));
  await createVSIX({
    cwd: root,
    readmePath: 'dist/README.md',
    packagePath: packagePath(),
    // The bundles hold what they need.
    dependencies: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
  });
  return packagePath();
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await buildProduct();
  await packExtension();
}
