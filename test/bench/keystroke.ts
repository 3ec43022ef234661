// What an edit of a file that is open costs, in bare parses of it by js-yaml, and what a first look costs. Prints JSON:
//   keystroke.js PARSER FILE ROUNDS     each kind of edit, and what an editor asks for after it
//   keystroke.js PARSER check FILE      a whole check
// PARSER is the address of js-yaml's module as it is published. The build words it anew (`supported` of
// scripts/build.mjs), which makes it faster in Node 20: `own` is what that takes.
// Times are milliseconds without those in which Linux let other programs run; the process is warm.
import { existsSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { type Analysis, analyse } from '../../server/src/analysis.ts';
import { codeLenses, type LensData, resolveCodeLens } from '../../server/src/features/code-lens.ts';
import { hover } from '../../server/src/features/hover.ts';
import { tokensOf } from '../../server/src/features/semantic-tokens.ts';
import { linesOf } from '../../server/src/text/lines.ts';
import { tryEvents } from '../../server/src/text/yaml-events.ts';

const SCHEDULER = '/proc/self/schedstat';
const waits = existsSync(SCHEDULER);

function now(): number {
  const waited = waits ? Number(readFileSync(SCHEDULER, 'utf8').split(' ')[1]) / 1_000_000 : 0;
  return performance.now() - waited;
}

function timed(work: () => unknown): number {
  const start = now();
  work();
  return now() - start;
}

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[times.length >> 1] ?? Number.NaN;
}

/** The line after the one that has a word, searched from the middle of a section. */
function lineAfter(text: string, section: string, next: string, word: string): number {
  const from = text.indexOf(`\n${section}:`);
  const to = next === '' ? text.length : text.indexOf(`\n${next}:`);
  return text.indexOf('\n', text.indexOf(word, (from + to) >> 1)) + 1;
}

/** Where each value of a file ends: words, numbers, names and addresses, not keys. */
function valueEnds(text: string): readonly number[] {
  const ends: number[] = [];
  let at = 0;
  for (const line of text.split('\n')) {
    if (!line.startsWith('#'))
      for (const { index, 0: value } of line.matchAll(/(?<=[:[,] )[\w./-]+|(?<=\[)[\w./-]+/g))
        if (line[index + value.length] !== ':') ends.push(at + index + value.length);
    at += line.length + 1;
  }
  return ends;
}

/** Another character of the same sort. */
function otherThan(character: string, by: number): string {
  const [first, count] = /\d/.test(character) ? ['0', 10] : /[a-z]/.test(character) ? ['a', 26] : ['A', 26];
  const start = first.charCodeAt(0);
  return String.fromCharCode(start + ((character.charCodeAt(0) - start + by) % count));
}

/**
 * Kinds of edits: each gives a text that nobody has seen, for any number, letter and place; the last letter is measured.
 */
function edits(
  text: string,
): Readonly<Record<string, (count: number, letter?: number, place?: number) => string>> {
  const ends = valueEnds(text);
  const zone = lineAfter(text, 'servers', 'clients', '    zone: ');
  const count = text.indexOf(
    '    count: 900',
    (text.indexOf('\nclients:') + text.indexOf('\nfirewalls:')) >> 1,
  );
  const address = /(?<=addresses: \[10\.\d+\.)(\d+)\.(\d+)(?=\])/.exec(text.slice(zone));
  const [net = '', host = ''] = address?.slice(1) ?? [];
  const written = zone + (address?.index ?? 0);
  const rule = lineAfter(text, 'firewalls', '', '      - { action');
  const put = (at: number, written: string, removed = 0) =>
    text.slice(0, at) + written + text.slice(at + removed);
  const server = text.lastIndexOf('\n  ', text.lastIndexOf('\n    site: ', zone) - 1) + 1;
  return {
    comment: (number) => put(zone, `    # rack ${number}\n`),
    description: (number) => put(zone, `    description: rack ${number}\n`),
    // The last character of any value: some are names of nothing then, or no value that there is.
    value(number, letter = number, place = number) {
      const at = (ends[(place * 7919) % ends.length] ?? 1) - 1;
      return put(at, otherThan(text[at] ?? '', 1 + (letter % 9)), 1);
    },
    scalar: (number) => put(count, `    count: ${1_000 + number}`, '    count: 900'.length),
    // Nobody else has one between those of the servers and of the clients of a zone.
    address: (number) =>
      put(written, `${24 + (Number(net) & 192)}.${1 + (number % 250)}`, `${net}.${host}`.length),
    line: (number) => put(zone, `    publicAddresses: [203.0.113.${number % 250}]\n`),
    entry: (number) => put(server, `  new-${number}:\n    roles:\n      file-server:\n`),
    rule: (number) =>
      put(rule, `      - { action: deny, from: internet, to: any, tcp: ${1_024 + number} }\n`),
    // Until its colon the line is no YAML; first it is empty.
    key: (number, letter = 0) =>
      put(zone, `    ${(letter === 0 ? ' ' : 'x').repeat(1 + (number % 40))}${'x'.repeat(letter)}\n`),
  };
}

/** How often a kind is measured in a round, if not once: one place says little of what others cost. */
const OFTEN: Readonly<Record<string, number>> = { value: 6 };

/** How many letters are typed before the one that is measured. */
const LETTERS = 3;

const findings = (analysis: Analysis) => analysis.findings();

/** What an editor asks for after a change, each for itself. */
const ASKED: Readonly<Record<string, (analysis: Analysis) => unknown>> = {
  hover: (analysis) => hover(analysis, { line: 3_000, character: 8 }),
  lenses: (analysis) =>
    codeLenses(analysis, 'file:///a')
      .slice(100, 130)
      .map((lens) => resolveCodeLens(analysis, lens, lens.data as LensData, 'show')),
  tokens: (analysis) =>
    tokensOf(analysis, { start: { line: 3_000, character: 0 }, end: { line: 3_060, character: 0 } }),
};

/** Times a bare parse. */
type BareParse = (text: string) => number;

async function bareParse(address: string, text: string): Promise<BareParse> {
  const { parseEvents }: typeof import('js-yaml') = await import(address);
  const parse: BareParse = (other) => timed(() => parseEvents(other, {}));
  // The tenth one is slower than the ninth in Node 20, and stays so.
  for (let count = 0; count < 12; count++) parse(text);
  return parse;
}

async function keystrokes(text: string, rounds: number, bare: BareParse): Promise<object> {
  const kinds = Object.entries(edits(text));
  const parse: number[] = [];
  const times = new Map<string, number[]>();
  const add = (name: string, time: number) => times.set(name, [...(times.get(name) ?? []), time]);
  let analysis = analyse(text);
  findings(analysis);
  let number = 0;
  let place = 0;
  for (let round = 0; round < rounds; round++) {
    for (const [kind, edit] of kinds.flatMap((one) =>
      Array.from({ length: OFTEN[one[0]] ?? 1 }, () => one),
    )) {
      place++;
      // As between keystrokes: the engine keeps what weak references led to until then.
      await new Promise(setImmediate);
      // The file has the line or entry already, and letters of it are typed. The first ones pay for the garbage of what
      // was made of the text before, and of a key for what is worked out at its first letter.
      let first = analyse(edit(number++, 0, place), undefined, analysis);
      for (let letter = 0; letter < LETTERS; letter++) {
        if (letter > 0) first = analyse(edit(number++, letter, place), undefined, first);
        findings(first);
        for (const ask of Object.values(ASKED)) ask(first);
      }
      const typed = edit(number++, LETTERS, place);
      let after = first;
      const time = timed(() => {
        after = analyse(typed, undefined, first);
        findings(after);
      });
      const asked = Object.entries(ASKED).map(([name, ask]) => [name, timed(() => ask(after))] as const);
      if (round >= rounds / 4) {
        add(kind, time);
        for (const [name, cost] of asked) add(`${kind}, then ${name}`, cost);
      }
      analysis = after;
    }
    const other = edits(text).comment?.(number++) ?? text;
    const cost = bare(other);
    if (round >= rounds / 4) parse.push(cost);
  }
  return {
    lines: linesOf(text).count - 1,
    parse: median(parse),
    ...Object.fromEntries([...times].map(([name, list]) => [name, median(list)])),
  };
}

function check(text: string, bare: BareParse): object {
  const parse: number[] = [];
  const own: number[] = [];
  const whole: number[] = [];
  for (let round = 0; round < 24; round++) {
    parse.push(bare(text));
    own.push(timed(() => tryEvents(text)));
    whole.push(timed(() => findings(analyse(text))));
  }
  const [warmParse, warmOwn, warmWhole] = [parse, own, whole].map((times) => median(times.slice(8)));
  return { lines: linesOf(text).count - 1, parse: warmParse, own: warmOwn, check: warmWhole };
}

async function main([parser = '', what = '', more = '']: readonly string[]): Promise<void> {
  const text = readFileSync(what === 'check' ? more : what, 'utf8');
  const bare = await bareParse(parser, text);
  console.log(
    JSON.stringify(what === 'check' ? check(text, bare) : await keystrokes(text, Number(more), bare)),
  );
}

void main(process.argv.slice(2));
