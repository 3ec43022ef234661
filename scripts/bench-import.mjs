// Two rule bases of 5,000 rules each of every form that import reads: how long both take to be imported, and then to be
// judged by a hierarchy on both sides of them.
//   node scripts/bench-import.mjs [--quick]    builds what it runs from the sources
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle, node } from './bench-process.mjs';

const RULES = 5_000;
/** Milliseconds for both. */
const BOUNDS = { imported: 1_000, judged: 2_000 };

/**
 * Prints a line for each form.
 * @returns {Promise<boolean>} whether everything is within the bounds
 */
export async function benchImport({ quick }) {
  const work = mkdtempSync(join(tmpdir(), 'cmtopo-import-'));
  try {
    const { RULE_BASES } = (await import(pathToFileURL(await bundle(work, 'rule-bases')).href)).default;
    const program = await bundle(work, 'import');
    console.log(
      `Two rule bases of ${RULES} rules each; milliseconds in a fresh process, those not counted in which other programs run:`,
    );
    row('', ['imported', 'judged', 'findings']);
    let good = true;
    for (const kind of Object.keys(RULE_BASES)) {
      const runs = Array.from({ length: quick ? 1 : 3 }, () => node([program, kind, String(RULES)]));
      // Whatever else the machine does only makes them slower.
      const least = (of) => Math.round(Math.min(...runs.map(of)));
      const imported = least(({ first, second }) => first + second);
      const judged = least(({ judge }) => judge);
      row(kind, [imported, judged, runs[0].findings]);
      if (imported <= BOUNDS.imported && judged <= BOUNDS.judged) continue;
      console.error(
        `${kind}: more than ${BOUNDS.imported} ms for the import, or ${BOUNDS.judged} ms until it is judged.`,
      );
      good = false;
    }
    return good;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function row(title, cells) {
  console.log(`  ${title.padEnd(20)}${cells.map((cell) => String(cell).padStart(10)).join('')}`);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (!(await benchImport({ quick: process.argv.includes('--quick') }))) process.exitCode = 1;
}
