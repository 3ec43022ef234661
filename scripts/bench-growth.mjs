// How the time of a check grows with the number of one thing in a file: 1 is in proportion, 2 is quadratic.
//   node scripts/bench-growth.mjs
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { yamlAsJson } from './build.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
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
        const runs = Array.from({ length: 2 }, () => run([measure, 'once', file]));
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

async function bundle(work, name) {
  const outfile = join(work, `${name}.cjs`);
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: [`test/bench/${name}.ts`],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    plugins: [yamlAsJson],
    logLevel: 'warning',
  });
  return outfile;
}

function run(args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--max-old-space-size=4096', ...args], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await benchGrowth();
}
