// Bundles what is shipped into dist/ and, with --tests, every test into out/.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { load } from 'js-yaml';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Turns an imported YAML file into a JSON module, so that no catalog is parsed at start-up. */
const yamlAsJson = {
  name: 'yaml-as-json',
  setup(build) {
    build.onLoad({ filter: /\.ya?ml$/ }, ({ path }) => ({
      contents: JSON.stringify(load(readFileSync(path, 'utf8'), { filename: path })),
      loader: 'json',
      watchFiles: [path],
    }));
  },
};

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  plugins: [yamlAsJson],
  logLevel: 'warning',
};

/** Builds the extension and the program (`dist/extension.js`, `dist/cli.js`). */
export async function buildProduct() {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  await esbuild.build({
    ...common,
    entryPoints: { cli: 'server/src/cli/main.ts', extension: 'client/src/extension.ts' },
    outdir: 'dist',
    external: ['vscode'],
    minify: true,
    legalComments: 'linked',
    banner: { js: '' },
  });
}

/** Builds every `*.test.ts` of the tree into `out/`, at the same relative place. */
export async function buildTests() {
  rmSync(join(root, 'out'), { recursive: true, force: true });
  const tests = ['server/src', 'client/src', 'test'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .filter((file) => file.endsWith('.test.ts'))
      .map((file) => join(folder, file)),
  );
  await esbuild.build({
    ...common,
    entryPoints: tests,
    outdir: 'out',
    outbase: '.',
    packages: 'external',
    sourcemap: 'linked',
    external: ['vscode'],
    define: { 'import.meta.url': '__importMetaUrl' },
    banner: { js: "const __importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await buildProduct();
  if (process.argv.includes('--tests')) await buildTests();
}
