// How the time of a check grows with the number of one thing in a file: 1 is in proportion, 2 is quadratic.
//   node scripts/bench-growth.mjs
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle, node } from './bench-process.mjs';

/** The largest files need more than Node gives. */
const LARGE_HEAP = '--max-old-space-size=4096';
const MOST = 1.1;

/** @returns {Promise<{ name: string, value: number, most: number }[]>} the exponent of each thing */
export async function benchGrowth() {
  const work = mkdtempSync(join(tmpdir(), 'cmtopo-growth-'));
  try {
    const { GROWTH } = (await import(pathToFileURL(await bundle(work, 'growth')).href)).default;
    const measure = await bundle(work, 'measure');
    console.log('\nGrowth of the time with the number of one thing:');
    return Object.entries(GROWTH).map(([kind, { counts, text }]) => {
      const [few, all] = counts.map((count) => {
        const file = join(work, `${kind}-${count}.topology.yaml`);
        writeFileSync(file, text(count));
        const runs = Array.from({ length: 2 }, () => node([LARGE_HEAP, measure, 'once', file]));
        return { count, flows: runs[0].flowCount, time: Math.min(...runs.map(({ total }) => total)) };
      });
      // The connections of each with each are a product by nature: the time is to grow as they do.
      const size = kind === 'pairs' ? all.flows / few.flows : all.count / few.count;
      const value = Math.log(all.time / few.time) / Math.log(size);
      const what = `${few.count} to ${all.count} ${kind}`;
      const is = value <= MOST ? '' : '  more than wanted';
      console.log(`  ${what.padEnd(44)}${value.toFixed(2).padStart(8)}  of at most ${MOST}${is}`);
      return { name: `growth: ${what}`, value, most: MOST };
    });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await benchGrowth();
}
