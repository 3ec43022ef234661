// Writes the files that are made from descriptions: the JSON schemas, the key tables of the format's
// page, the pages of the rules, the rules in the extension's settings and the tools for assistants, in every language. With --check it writes nothing
// and fails where one is stale.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { yamlAsJson } from './build.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const SNIPPETS = 'syntaxes/snippets.json';
const FORMAT_PAGE = 'docs/topology-format.md';
const TOOLS_PAGE = 'docs/assistants.md';

async function load() {
  const folder = mkdtempSync(join(tmpdir(), 'cmtopo-generate-'));
  try {
    const outfile = join(folder, 'generated.cjs');
    await esbuild.build({
      absWorkingDir: root,
      entryPoints: ['server/src/generated.ts'],
      outfile,
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      plugins: [yamlAsJson],
      logLevel: 'warning',
    });
    return createRequire(import.meta.url)(outfile);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const read = (path) => (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined);

/** Writes what is stale; gives the paths. With `check` nothing is written. */
export async function generate({ check = false } = {}) {
  const {
    generatedFiles,
    LOCALES,
    withEditionChoices,
    withFormatTables,
    withKeyReference,
    withToolReference,
    withMadeContributions,
    withMadeTexts,
  } = await load();
  const files = new Map(generatedFiles());
  files.set(FORMAT_PAGE, withKeyReference(read(FORMAT_PAGE) ?? ''));
  files.set(TOOLS_PAGE, withToolReference(read(TOOLS_PAGE) ?? ''));
  for (const name of readdirSync(join(root, 'docs')).filter((file) => file.endsWith('.md'))) {
    const path = `docs/${name}`;
    files.set(path, withFormatTables(files.get(path) ?? read(path)));
  }
  files.set(SNIPPETS, withEditionChoices(read(SNIPPETS)));
  files.set('package.json', withMadeContributions(read('package.json')));
  for (const locale of LOCALES) {
    const path = locale === 'en' ? 'package.nls.json' : `package.nls.${locale}.json`;
    files.set(path, withMadeTexts(read(path) ?? '{}', locale));
  }
  const stale = [...files].filter(([path, text]) => read(path) !== text);
  const rulePages = existsSync(join(root, 'docs/rules')) ? readdirSync(join(root, 'docs/rules')) : [];
  const left = rulePages.map((name) => `docs/rules/${name}`).filter((path) => !files.has(path));
  if (!check) {
    for (const [path, text] of stale) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    for (const path of left) rmSync(join(root, path));
  }
  return [...stale.map(([path]) => path), ...left];
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const check = process.argv.includes('--check');
  const stale = await generate({ check });
  for (const path of stale) console.log(`${check ? 'stale' : 'written'}: ${path}`);
  if (check && stale.length > 0) {
    console.error('Run `npm run generate` and commit the result.');
    process.exitCode = 1;
  }
}
