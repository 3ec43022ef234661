// Imports rule bases in a process of its own and judges them, and prints the times as JSON:
//   import.js KIND RULES    milliseconds to import one of so many rules (a second one after it), and to judge both
import { existsSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { type Analysis, analyse } from '../../server/src/analysis.ts';
import { importedText } from '../../server/src/imports/entry.ts';
import { readerOf, sourceOf } from '../../server/src/imports/index.ts';
import { wordMaker } from '../../server/src/imports/words.ts';
import { HIERARCHY, RULE_BASES } from './rule-bases.ts';

const SCHEDULER = '/proc/self/schedstat';
/** Milliseconds, without those in which Linux let other programs run instead of this one. */
function now(): number {
  const waited = existsSync(SCHEDULER)
    ? Number(readFileSync(SCHEDULER, 'utf8').split(' ')[1]) / 1_000_000
    : 0;
  return performance.now() - waited;
}

const STAGES: readonly (readonly [string, (analysis: Analysis) => unknown])[] = [
  ['parse', ({ tree }) => tree],
  ['topology', ({ topology }) => topology],
  ['flows', (analysis) => analysis.flows()],
  ['rules', (analysis) => analysis.findings()],
];

const [, , kind = '', count = ''] = process.argv;
const base = RULE_BASES[kind];
if (!base) throw new Error(`no rule base ${kind}`);
const text = base.write(Number(count));
const { topology } = analyse(HIERARCHY);
const zones = ['a', 'b'];

function entry(name: string): { readonly text: string; readonly rules: number; readonly time: number } {
  const start = now();
  const words = wordMaker(new Map(), topology, zones, 'a', base?.isPlain ? zones : []);
  const source = sourceOf(text);
  const firewalls =
    readerOf(source)?.read(source, { profile: 'domain', direction: 'inbound', host: false, words }) ?? [];
  const found = importedText(
    firewalls,
    { zones, inside: base?.isPlain ? 'a' : undefined, name, head: [] },
    words,
  );
  return { text: found.text, rules: found.rules, time: now() - start };
}

const first = entry('one');
const second = entry('two');
// The groups of both are the same.
const entries = second.text.slice(second.text.indexOf('\nfirewalls:') + '\nfirewalls:'.length);
const both = `${HIERARCHY}${first.text}${entries}`;
const start = now();
const analysis = analyse(both);
const stages = Object.fromEntries(
  STAGES.map(([name, stage]) => {
    const begin = now();
    stage(analysis);
    return [name, now() - begin];
  }),
);
const findings = analysis.findings().length;
console.log(
  JSON.stringify({
    size: text.length,
    rules: first.rules,
    first: first.time,
    second: second.time,
    judge: now() - start,
    stages,
    findings,
    problems: analysis.topology.problems.length,
  }),
);
