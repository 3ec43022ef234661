// Analyses files in a process of its own and prints the times as JSON:
//   measure.js once FILE [WARM-UP FILE]    every stage, in milliseconds and processor time
//   measure.js typing FILE KEYSTROKES      the medians of the stages after a keystroke
import { existsSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { type Analysis, analyse } from '../../server/src/analysis.ts';

const STAGES: readonly (readonly [string, (analysis: Analysis) => unknown])[] = [
  ['parse', ({ tree }) => tree],
  ['topology', ({ topology }) => topology],
  ['flows', (analysis) => analysis.flows()],
  [
    'reach',
    (analysis) => {
      for (const flow of analysis.flows()) analysis.reach().verdict(flow);
    },
  ],
  ['rules', (analysis) => analysis.findings()],
];

/**
 * Milliseconds, without those in which Linux let other programs run instead of this one: what the clock says
 * where the machine has nothing else to do.
 */
function now(): number {
  return performance.now() - (waited?.() ?? 0);
}

const SCHEDULER = '/proc/self/schedstat';
/** Milliseconds that the main thread was ready to run and had no processor; undefined where nobody counts them. */
const waited = existsSync(SCHEDULER)
  ? () => Number(readFileSync(SCHEDULER, 'utf8').split(' ')[1]) / 1_000_000
  : undefined;

function timed(analysis: Analysis): Record<string, number> {
  const times: Record<string, number> = {};
  const begin = now();
  const processor = process.cpuUsage();
  for (const [name, stage] of STAGES) {
    const start = now();
    stage(analysis);
    times[name] = now() - start;
  }
  const { user, system } = process.cpuUsage(processor);
  return { ...times, total: now() - begin, processor: (user + system) / 1_000 };
}

function once(file: string, warmUp: string | undefined): object {
  if (warmUp !== undefined) {
    const text = readFileSync(warmUp, 'utf8');
    for (let round = 0; round < 3; round++) timed(analyse(text));
  }
  const analysis = analyse(readFileSync(file, 'utf8'));
  const times = timed(analysis);
  return { ...times, flowCount: analysis.flows().length, findings: analysis.findings().length };
}

const TYPED = '\n    description: Rack 12, second floor';

function typing(file: string, keystrokes: number): object {
  const text = readFileSync(file, 'utf8');
  // In the middle of the servers, at the end of the line of some server's zone.
  const at = text.indexOf(
    '\n',
    text.indexOf('    zone: ', (text.indexOf('servers:') + text.indexOf('clients:')) / 2),
  );
  const rounds: Record<string, number>[] = [];
  let analysis = analyse(text);
  for (let count = 0; count < keystrokes; count++) {
    const typed = TYPED.slice(0, count % (TYPED.length + 1));
    analysis = analyse(text.slice(0, at) + typed + text.slice(at), undefined, analysis);
    rounds.push(timed(analysis));
  }
  const warm = rounds.slice(Math.floor(keystrokes / 4));
  const median = (name: string) =>
    warm.map((times) => times[name] ?? 0).sort((a, b) => a - b)[Math.floor(warm.length / 2)] ?? 0;
  return Object.fromEntries([...STAGES.map(([name]) => name), 'total'].map((name) => [name, median(name)]));
}

const [, , what, file = '', more] = process.argv;
console.log(JSON.stringify(what === 'typing' ? typing(file, Number(more)) : once(file, more)));
