// Prints how much of a broken file is still read, by kind of damage:
//   node scripts/bench-recovery.mjs [FILES] [SEED] [--json]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Breaks files in every way and reads them; gives the module that does it, and what came out. */
async function benchRecovery(options) {
  const folder = mkdtempSync(join(tmpdir(), 'cmtopo-recovery-'));
  try {
    const outfile = join(folder, 'bench.cjs');
    await esbuild.build({
      absWorkingDir: root,
      entryPoints: ['test/recovery/bench.ts'],
      bundle: true,
      platform: 'node',
      outfile,
      logLevel: 'warning',
    });
    const bench = await import(pathToFileURL(outfile).href);
    const { runRecoveryBench, formatRecovery } = bench.default ?? bench;
    const result = runRecoveryBench(options);
    return { result, text: formatRecovery(result) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const json = process.argv.includes('--json');
  const [files, seed] = process.argv
    .slice(2)
    .filter((word) => word !== '--json')
    .map(Number);
  const { result, text } = await benchRecovery({ files: files || 2000, seed: seed || 1 });
  const { total, kinds, ratio } = result;
  console.log(json ? JSON.stringify({ total, kinds, ratio, text }) : text);
}
