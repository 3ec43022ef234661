// How much of a broken file is still read, and how long it takes.
import { parseText } from '../../server/src/text/parse.ts';
import { tryEvents } from '../../server/src/text/yaml-events.ts';
import { applyEdit, breakText, compare, damageKinds, randomFrom, topologyText } from './broken-files.ts';

/** What became of the files with one kind of damage, or of all. */
export interface Share {
  readonly kind: string;
  readonly files: number;
  /** Of the intended pairs, the share that was read with the right range and path. */
  readonly pairs: number;
  /** The share of files in which no intended pair was lost. */
  readonly whole: number;
}

export interface RecoveryResult {
  readonly total: Share;
  readonly kinds: readonly Share[];
  /** Median over the files: time on the broken text divided by the time on the text before it was broken. */
  readonly ratio: number;
  /** Files in which something was lost, for a closer look. */
  readonly examples: readonly {
    readonly kind: string;
    readonly text: string;
    readonly at: number;
    readonly lost: readonly string[];
  }[];
}

export interface RecoveryOptions {
  readonly files?: number;
  readonly lines?: number;
  readonly seed?: number;
}

/** Breaks files in every way in turn and reads them. */
export function runRecoveryBench({
  files = 2000,
  lines = 300,
  seed = 1,
}: RecoveryOptions = {}): RecoveryResult {
  const random = randomFrom(seed);
  const names = Object.keys(damageKinds);
  const counts = new Map(names.map((kind) => [kind, { files: 0, intended: 0, lost: 0, whole: 0 }]));
  const ratios: number[] = [];
  const examples: { kind: string; text: string; at: number; lost: readonly string[] }[] = [];
  // Every text is different, as in an editor; the first ones only warm up the machine.
  for (let index = -50; index < files; index++) {
    const kind = names[Math.abs(index) % names.length] ?? '';
    const text = topologyText(random, lines);
    const edit = breakText(text, kind, random, (candidate) => tryEvents(candidate).events === undefined);
    const brokenText = applyEdit(text, edit);
    const clean = parseText(text);
    const broken = parseText(brokenText);
    const count = counts.get(kind);
    if (index < 0 || count === undefined) continue;
    ratios.push(
      ratio(
        () => parseText(text),
        () => parseText(brokenText),
      ),
    );
    const { intended, lost } = compare(clean, broken, edit);
    count.files++;
    count.intended += intended;
    count.lost += lost.length;
    if (lost.length === 0) count.whole++;
    else examples.push({ kind, text: brokenText, at: edit.start, lost });
  }
  const kinds = [...counts].map(([kind, count]) => share(kind, count));
  const sum = { files: 0, intended: 0, lost: 0, whole: 0 };
  for (const count of counts.values()) {
    sum.files += count.files;
    sum.intended += count.intended;
    sum.lost += count.lost;
    sum.whole += count.whole;
  }
  ratios.sort((a, b) => a - b);
  return { total: share('all', sum), kinds, ratio: ratios[ratios.length >> 1] ?? Number.NaN, examples };
}

function share(kind: string, count: { files: number; intended: number; lost: number; whole: number }): Share {
  return {
    kind,
    files: count.files,
    pairs: 1 - count.lost / count.intended,
    whole: count.whole / count.files,
  };
}

/**
 * How many times as long the second takes. They take turns and the fastest of five counts for each: what else
 * the machine does only ever adds, and then to both.
 */
function ratio(first: () => unknown, second: () => unknown): number {
  const best = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY] as [number, number];
  for (let round = 0; round < 5; round++) {
    best[0] = Math.min(best[0], milliseconds(first));
    best[1] = Math.min(best[1], milliseconds(second));
  }
  return best[1] / best[0];
}

function milliseconds(run: () => unknown): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

/** The result as lines of text. */
export function formatRecovery(result: RecoveryResult): string {
  const row = ({ kind, files, pairs, whole }: Share): string =>
    `${kind.padEnd(32)}${String(files).padStart(6)}${percent(pairs, 2)}${percent(whole, 1)}`;
  return [
    `${'damage'.padEnd(32)}${'files'.padStart(6)}${'pairs kept'.padStart(12)}${'nothing lost'.padStart(14)}`,
    ...result.kinds.map(row),
    row(result.total),
    `time on a broken file, against the clean one: ${result.ratio.toFixed(2)} (median)`,
  ].join('\n');
}

function percent(value: number, digits: number): string {
  return `${(100 * value).toFixed(digits)} %`.padStart(digits === 2 ? 12 : 14);
}
