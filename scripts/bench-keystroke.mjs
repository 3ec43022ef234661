// What an edit of an open file costs, and a whole check, both in bare parses of the file by js-yaml: ratios, because
// times are those of one machine.
//   node scripts/bench-keystroke.mjs [--quick]
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle, node } from './bench-process.mjs';

/** The largest files need more than Node gives. */
const LARGE_HEAP = '--max-old-space-size=4096';

/** Sizes by the scale of the hierarchy, with the share of a bare parse that an edit may cost. */
const SIZES = [
  { scale: 0.5, rounds: 60, most: 0.5 },
  { scale: 5, rounds: 12, most: 0.25 },
];
const EDITS = ['comment', 'description', 'value', 'scalar', 'address', 'line', 'entry', 'rule', 'key'];
const ASKED = ['hover', 'lenses', 'tokens'];
/** Bare parses that a whole check of 20,000 lines with 5,000 rules may cost. */
const MOST_OF_CHECK = 5;
/** js-yaml as it is published. */
const PARSER = import.meta.resolve('js-yaml');

/** @returns {Promise<{ name: string, value: number, most?: number }[]>} what was measured, and what it is to be */
export async function benchKeystroke({ quick }) {
  const work = mkdtempSync(join(tmpdir(), 'cmtopo-keystroke-'));
  try {
    const keystroke = await bundle(work, 'keystroke');
    const hierarchy = await bundle(work, 'hierarchy');
    const { generateHierarchy } = (await import(pathToFileURL(hierarchy).href)).default;
    const fileOf = (scale) => {
      const file = join(work, `${scale}.topology.yaml`);
      writeFileSync(file, generateHierarchy(scale));
      return file;
    };
    const results = [];
    for (const { scale, rounds, most } of quick ? SIZES.slice(0, 1) : SIZES) {
      const times = node([LARGE_HEAP, keystroke, PARSER, fileOf(scale), String(quick ? 16 : rounds)]);
      for (const edit of EDITS) {
        const name = (what) => `${times.lines} lines: ${what}`;
        results.push({ name: name(edit), value: times[edit] / times.parse, most });
        for (const asked of ASKED) {
          const more = `${edit}, then ${asked}`;
          results.push({ name: name(more), value: times[more] / times.parse, most });
        }
      }
    }
    const times = node([LARGE_HEAP, keystroke, PARSER, 'check', fileOf(1)]);
    results.push({
      name: `${times.lines} lines: whole check`,
      value: times.check / times.parse,
      most: MOST_OF_CHECK,
    });
    console.log('\nAn edit and a whole check, with firewalls, in bare parses of the same file:');
    for (const { name, value, most } of results) {
      const is = value <= most ? '' : '  more than wanted';
      console.log(`  ${name.padEnd(44)}${value.toFixed(2).padStart(8)}  of at most ${most}${is}`);
    }
    const beside = times.parse / times.own;
    console.log(`A bare parse takes ${beside.toFixed(2)} times as long as js-yaml does in the server.`);
    return [
      ...results,
      { name: `${times.lines} lines: a bare parse, beside js-yaml in the server`, value: beside },
    ];
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await benchKeystroke({ quick: process.argv.includes('--quick') });
}
