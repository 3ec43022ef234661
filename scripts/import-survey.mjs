// How much of real rule bases `cmtopo import` understands: every file below a folder goes through it, and a table says
// by kind of device which share of its allow and deny rules is written as it is, not exact, or not written.
//
//   node scripts/import-survey.mjs FOLDER…
//
// The built product is asked (`npm run build`). A file that no format knows is counted and passed by; one at which
// the program fails otherwise ends the survey with status 1.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const SMALLEST = 1;
const LARGEST = 20_000_000;

/** @param {string} path @returns {string[]} */
function filesIn(path) {
  if (statSync(path).isDirectory()) {
    return readdirSync(path)
      .sort()
      .flatMap((name) => filesIn(join(path, name)));
  }
  const { size } = statSync(path);
  return size >= SMALLEST && size <= LARGEST ? [path] : [];
}

/** What is said at rules for want of a topology, which no survey has. */
const APART = 'its zones and its addresses must both match';

/** Rules of one output: those with a comment of their own right before them are not exact. */
function countOf(text) {
  const counts = { exact: 0, inexact: 0, gap: 0 };
  let isInexact = false;
  for (const line of text.split('\n')) {
    if (/^ {6}- /.test(line)) {
      counts[isInexact ? 'inexact' : 'exact']++;
      isInexact = false;
    } else if (/^ {6}# Not written: (?:allow|deny) /.test(line)) counts.gap++;
    else if (/^ {6}# Not exact: (?:allow|deny) /.test(line) && !line.includes(APART)) isInexact = true;
    else if (/^ {6}# Note: (?:allow|deny) /.test(line)) counts.exact++;
  }
  return counts;
}

const folders = process.argv.slice(2);
if (folders.length === 0) {
  console.error('usage: node scripts/import-survey.mjs FOLDER...');
  process.exit(2);
}
/** @type {Map<string, { files: number, exact: number, inexact: number, gap: number }>} */
const kinds = new Map();
let unknown = 0;
let failed = 0;
/** @type {Map<string, number>} */
const reasons = new Map();
for (const file of folders.flatMap(filesIn)) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'import', file], {
    encoding: 'utf8',
    maxBuffer: 1e9,
  });
  if (status === 2 && /^cmtopo: [^\n]*\n$/.test(stderr)) {
    unknown++;
    continue;
  }
  if (status !== 0) {
    failed++;
    console.error(`${file}: status ${status}\n${stderr}`);
    continue;
  }
  const kind = /^# Imported from .* \((.*)\) by cmtopo import\./.exec(stdout)?.[1] ?? 'unknown';
  const sum = kinds.get(kind) ?? { files: 0, exact: 0, inexact: 0, gap: 0 };
  kinds.set(kind, sum);
  const counts = countOf(stdout);
  sum.files++;
  for (const key of /** @type {const} */ (['exact', 'inexact', 'gap'])) sum[key] += counts[key];
  for (const [, word, reason = ''] of stdout.matchAll(/# (Not written|Not exact): (.*)\.$/gm)) {
    const key = `${kind}: ${word}: ${reason.replace(/'[^']*'|\d+/g, '…')}`;
    reasons.set(key, (reasons.get(key) ?? 0) + 1);
  }
}
const share = (/** @type {number} */ part, /** @type {number} */ all) =>
  all === 0 ? '-' : `${((100 * part) / all).toFixed(1)} %`;
console.log(['kind', 'files', 'rules', 'exact', 'not exact', 'not written'].join('\t'));
for (const [kind, { files, exact, inexact, gap }] of kinds) {
  const all = exact + inexact + gap;
  console.log([kind, files, all, share(exact, all), share(inexact, all), share(gap, all)].join('\t'));
}
console.log(`${unknown} other files that no format knows`);
if (process.env.CMTOPO_VERBOSE) {
  const most = [...reasons].sort((a, b) => b[1] - a[1]).slice(0, 60);
  for (const [reason, count] of most) console.log(`${count}\t${reason}`);
}
process.exit(failed > 0 ? 1 : 0);
