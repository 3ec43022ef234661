// `npm run translate`: adds an empty entry to the files of translations for each text that has none, and takes out
// those that nothing shows. With --check it writes nothing, lists both, and ends with status 3 where there are any.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { yamlAsJson } from './build.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** @returns {Promise<readonly import('../test/l10n/translations.ts').Translations[]>} */
async function translations() {
  const outfile = join(root, 'out', 'test', 'l10n', 'translations.cjs');
  mkdirSync(dirname(outfile), { recursive: true });
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['test/l10n/translations.ts'],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    plugins: [yamlAsJson],
    logLevel: 'warning',
  });
  process.chdir(root);
  return createRequire(import.meta.url)(outfile).translations();
}

/** The status of `--check` where a text has no translation, or a translation no text. */
export const UNTRANSLATED = 3;

/**
 * Lists what is missing and what nothing shows.
 * @param {boolean} check whether the files stay as they are
 * @returns {Promise<boolean>} whether the files are whole
 */
async function translate(check) {
  let whole = true;
  for (const { file, text, wanted, missing, dead } of await translations()) {
    if (missing.length > 0) console.log(`${file} lacks ${missing.length}:`);
    for (const { english, where } of missing) console.log(`  ${JSON.stringify(english)} (${where})`);
    if (dead.length > 0) console.log(`${file} has ${dead.length} that nothing shows:`);
    for (const key of dead) console.log(`  ${JSON.stringify(key)}`);
    if (missing.length > 0 || dead.length > 0) whole = false;
    if (check || wanted === text) continue;
    writeFileSync(join(root, file), wanted);
    console.log(`written: ${file}`);
  }
  return whole;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const check = process.argv.includes('--check');
  const whole = await translate(check);
  if (whole) console.log('Every text is translated.');
  else if (check) console.log('`npm run translate` adds and takes out these entries.');
  else console.log('An empty entry is shown in English.');
  if (check && !whole) process.exitCode = UNTRANSLATED;
}
