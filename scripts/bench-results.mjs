// What benchmarks found, as ratios and exponents, which are the same on every machine: a file of it, and a comparison
// with the committed one.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BASELINE = join(fileURLToPath(new URL('..', import.meta.url)), 'test', 'bench', 'baseline.json');
/** A value that much larger than the committed one is told. */
const WORSE = 1.25;

/**
 * @typedef {{ name: string, value: number, most?: number, least?: number }} Result at most or at least of what is wanted
 */

/**
 * Writes the results where `--json FILE` or `--baseline` wants them, and with `--compare` prints each beside that of the
 * baseline.
 * @param {readonly Result[]} results
 * @param {readonly string[]} args
 */
export function keepResults(results, args) {
  const rounded = results.map((result) => ({ ...result, value: Number(result.value.toPrecision(3)) }));
  const text = `${JSON.stringify(rounded, undefined, 2)}\n`;
  const at = args.indexOf('--json');
  if (at !== -1) writeFileSync(args[at + 1] ?? 'bench.json', text);
  if (args.includes('--baseline')) writeFileSync(BASELINE, text);
  if (!args.includes('--compare') || !existsSync(BASELINE)) return;
  const before = new Map(JSON.parse(readFileSync(BASELINE, 'utf8')).map(({ name, value }) => [name, value]));
  console.log('\nBeside the baseline:');
  for (const { name, value, least } of rounded) {
    const known = before.get(name);
    const change = known === undefined ? undefined : least === undefined ? value / known : known / value;
    const is =
      change === undefined ? 'new' : change > WORSE ? 'worse' : change < 1 / WORSE ? 'better' : 'the same';
    console.log(
      `  ${name.padEnd(48)}${String(known ?? '').padStart(10)}${String(value).padStart(10)}  ${is}`,
    );
  }
}
