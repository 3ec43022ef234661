// Realistic topology files, broken the way people break them, and what a reader should still find in them.
import type { Node, Span, TextTree } from '../../server/src/text/tree.ts';

/** A source of random numbers that gives the same ones for the same seed. */
export interface Random {
  /** An integer from 0 to `below - 1`. */
  below(below: number): number;
  pick<T>(from: readonly T[]): T;
  chance(share: number): boolean;
}

/** Mulberry32: small, fast, and the same everywhere. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    pick: (from) => {
      const picked = from[below(from.length)];
      if (picked === undefined) throw new RangeError('nothing to pick from');
      return picked;
    },
    chance: (share) => next() < share,
  };
}

const roles = [
  'site-server:',
  'sms-provider:',
  'management-point: { protocol: https }',
  'distribution-point: { protocol: both, pxe: true, multicast: false }',
  'fallback-status-point:',
  'software-update-point: { httpPort: 8530, httpsPort: 8531, ssl: true, upstream: microsoft-update }',
  'state-migration-point:',
  'reporting-services-point: { httpPort: 80, httpsPort: 443 }',
  'endpoint-protection-point:',
  'service-connection-point:',
  'console: { remoteControl: true }',
  'domain-controller: { globalCatalog: true }',
];

/** A topology file of about so many lines, in the layout people write: block maps, short flow maps, comments, lists. */
export function topologyText(random: Random, lineCount: number): string {
  const lines: string[] = [
    '# configmgr-topology',
    'configmgr: 2017-09            # edition of the port catalog',
    'name: Contoso',
    'description: "Head office, a branch and a perimeter"',
    '',
    'defaults:                     # used by every server that does not say otherwise',
    '  os: windows-server-2016',
    '  rpcDynamicPorts: 49152-65535',
    '',
    'zones:',
    '  hq:       { networks: [10.10.0.0/16] }',
    '  branch:   { networks: [10.20.0.0/16, 10.21.0.0/16] }',
    "  dmz:      { networks: [192.0.2.0/24], description: 'the perimeter' }",
    '  internet: { internet: true }',
    '',
    'sites:',
  ];
  for (const code of ['CAS', 'PS1', 'PS2', 'S01']) {
    lines.push(`  ${code}:`, `    type: ${code === 'CAS' ? 'central-administration' : 'primary'}`);
    if (code !== 'CAS') lines.push('    parent: CAS');
    lines.push(`    database: { server: sql${random.below(9)}, instance: CM }`);
    if (random.chance(0.5)) lines.push('    clientPorts:', '      http: [80, 8080]', '      https: 443');
    if (random.chance(0.3))
      lines.push('    description: >-', '      The site of the head office,', '      and of the branch.');
  }
  lines.push('', 'servers:');
  let server = 0;
  while (lines.length < lineCount * 0.75) {
    server++;
    if (random.chance(0.15)) lines.push(`  # rack ${server}`);
    lines.push(
      `  cm${server}:`,
      `    site: ${random.pick(['CAS', 'PS1', 'PS2'])}`,
      `    zone: ${random.pick(['hq', 'branch', 'dmz'])}`,
    );
    if (random.chance(0.7)) lines.push(`    fqdn: cm${server}.corp.contoso.com`);
    if (random.chance(0.3)) lines.push(`    description: "server ${server}: 본사"`);
    if (random.chance(0.5)) lines.push(`    addresses: [10.10.0.${server % 250}]`);
    else lines.push('    addresses:', `      - 10.10.1.${server % 250}`, `      - 10.10.2.${server % 250}`);
    lines.push('    roles:');
    const count = 1 + random.below(4);
    const first = random.below(roles.length);
    for (let role = 0; role < count; role++) lines.push(`      ${roles[(first + role) % roles.length]}`);
    if (random.chance(0.25))
      lines.push(
        '      sql-server:',
        '        instances:',
        `          CM: { port: ${50000 + server}, serviceBrokerPort: 4022 }`,
      );
    if (random.chance(0.2)) lines.push('');
  }
  lines.push('', 'clients:');
  for (const group of ['desktops', 'laptops', 'kiosks'])
    lines.push(
      `  ${group}:`,
      '    site: PS1',
      '    zone: hq',
      `    count: ${random.below(5000)}`,
      '    installation: [client-push]',
      '    features:',
      '      - remote-control',
      '      - wake-up-proxy   # at night',
    );
  lines.push('', 'firewalls:');
  let firewall = 0;
  while (lines.length < lineCount) {
    firewall++;
    lines.push(`  edge${firewall}:`, '    zones: [hq, dmz, internet]', '    rules:');
    for (let rule = 1 + random.below(6); rule > 0; rule--) {
      if (random.chance(0.6))
        lines.push(
          `      - { action: allow, from: cm${1 + random.below(server)}, to: dmz, tcp: [445, 135, 49152-65535], udp: 135 }`,
        );
      else
        lines.push(
          '      - action: deny',
          '        from: any',
          `        to: cm${1 + random.below(server)}`,
          '        tcp: any',
        );
    }
  }
  return `${lines.join('\n')}\n`;
}

/** One replacement in a text. */
export interface TextEdit extends Span {
  readonly insert: string;
}

type Break = (line: string, random: Random, following: string) => LineEdit | undefined;
interface LineEdit {
  /** Columns in the line. */
  readonly start: number;
  readonly end: number;
  readonly insert: string;
}

const indentOf = (line: string): number => line.length - line.trimStart().length;
const isContent = (line: string): boolean => /^\s*[^\s#]/.test(line);

/** The kinds of damage: each edits one line, or says that it does not fit this one. */
export const damageKinds: Readonly<Record<string, Break>> = {
  'bare word': (line, random) => {
    const word = random.pick(['manag', 'r', 'zon', 'distribution-p', 'por', 'x1']);
    return { start: 0, end: 0, insert: `${' '.repeat(indentOf(line))}${word}\n` };
  },
  'unclosed double quote': (line, random) => {
    const closing = line.lastIndexOf('"');
    if (closing > line.indexOf('"')) return { start: closing, end: closing + 1, insert: '' };
    const value = /: +(?=[^\s"'[{#>|])/.exec(line);
    if (value === null || random.chance(0.1)) return undefined;
    return { start: value.index + value[0].length, end: value.index + value[0].length, insert: '"' };
  },
  'unclosed single quote': (line) => {
    const closing = line.lastIndexOf("'");
    if (closing > line.indexOf("'")) return { start: closing, end: closing + 1, insert: '' };
    const value = /(?:: +|- +)(?=[^\s"'[{#>|])/.exec(line);
    if (value === null) return undefined;
    return { start: value.index + value[0].length, end: value.index + value[0].length, insert: "'" };
  },
  'unclosed bracket': (line) => {
    const closing = line.lastIndexOf(']');
    return closing === -1 ? undefined : { start: closing, end: closing + 1, insert: '' };
  },
  'unclosed brace': (line) => {
    const closing = line.lastIndexOf('}');
    return closing === -1 ? undefined : { start: closing, end: closing + 1, insert: '' };
  },
  'closer too many': (line, random) => {
    const opening = Math.max(line.indexOf('['), line.indexOf('{'));
    if (opening !== -1 && random.chance(0.5)) return { start: opening, end: opening + 1, insert: '' };
    return { start: line.trimEnd().length, end: line.trimEnd().length, insert: random.pick([']', '}']) };
  },
  'indented too far': (_line, random) => ({ start: 0, end: 0, insert: ' '.repeat(1 + random.below(3)) }),
  'indented too little': (line, random) => {
    const indent = indentOf(line);
    return indent === 0 ? undefined : { start: 0, end: 1 + random.below(Math.min(indent, 3)), insert: '' };
  },
  tab: (line, random) => {
    const indent = indentOf(line);
    if (indent === 0) return undefined;
    return { start: 0, end: random.chance(0.5) ? indent : 2, insert: '\t' };
  },
  'colon missing': (line) => {
    const colon = line.indexOf(':');
    return colon === -1 ? undefined : { start: colon, end: colon + 1, insert: '' };
  },
  'colon doubled': (line, random) => {
    const colon = line.indexOf(':');
    return colon === -1
      ? undefined
      : { start: colon, end: colon + 1, insert: random.pick([': :', '::', ': a:']) };
  },
  'space after the colon missing': (line) => {
    const colon = /: +/.exec(line);
    return colon === null
      ? undefined
      : { start: colon.index + 1, end: colon.index + colon[0].length, insert: '' };
  },
  'line cut off': (line, random) => {
    const indent = indentOf(line);
    const length = line.trimEnd().length;
    return {
      start: indent + 1 + random.below(Math.max(1, length - indent - 1)),
      end: line.length,
      insert: '',
    };
  },
  'random edit': (line, random) => {
    const start = random.below(line.length);
    const insert = random.pick([
      '',
      '"',
      "'",
      '[',
      '}',
      ':',
      '-',
      '&',
      '*',
      '!',
      '|',
      '#',
      ' ',
      '\t',
      'x',
      '@',
      '%',
      '? ',
      ', ',
    ]);
    return { start, end: Math.min(line.length, start + random.below(3)), insert };
  },
};

/**
 * One file with one damage that a YAML parser stops at.
 * @param isBroken whether the parser stops
 */
export function breakText(
  text: string,
  kind: string,
  random: Random,
  isBroken: (text: string) => boolean,
): TextEdit {
  const lines = text.split('\n');
  const starts: number[] = [];
  let start = 0;
  for (const line of lines) {
    starts.push(start);
    start += line.length + 1;
  }
  const damage = damageKinds[kind];
  if (damage === undefined) throw new RangeError(`no such damage: ${kind}`);
  for (let attempt = 0; attempt < 1000; attempt++) {
    const index = random.below(lines.length);
    const line = lines[index] ?? '';
    if (!isContent(line)) continue;
    const edit = damage(line, random, lines[index + 1] ?? '');
    if (edit === undefined) continue;
    const base = starts[index] ?? 0;
    const result = { start: base + edit.start, end: base + edit.end, insert: edit.insert };
    if (isBroken(applyEdit(text, result))) return result;
  }
  throw new Error(`nothing broke: ${kind}`);
}

export function applyEdit(text: string, edit: TextEdit): string {
  return text.slice(0, edit.start) + edit.insert + text.slice(edit.end);
}

/** A pair as a reader sees it: which names lead to it, and where it is. */
interface Found {
  readonly path: readonly Step[];
  readonly key: Span;
  readonly value: Span;
}
interface Step {
  readonly name: string;
  readonly at: number;
}

function pairsOf(tree: TextTree): Found[] {
  const found: Found[] = [];
  const visit = (node: Node | undefined, path: readonly Step[]): void => {
    if (node?.kind === 'seq')
      for (const [index, item] of node.items.entries())
        visit(item, [...path, { name: `[${index}]`, at: -1 }]);
    if (node?.kind !== 'map') return;
    for (const pair of node.pairs) {
      const name = pair.key.kind === 'scalar' ? pair.key.text : '?';
      const inner = [...path, { name, at: pair.key.span.start }];
      found.push({ path: inner, key: pair.key.span, value: pair.value.span });
      visit(pair.value, inner);
    }
  };
  visit(tree.root, []);
  return found;
}

/** How many pairs a reader of the broken text should find, and which of them it did not. */
export interface Kept {
  readonly intended: number;
  readonly lost: readonly string[];
}

/**
 * Compares what was read from a broken text with what its author meant. A pair is intended when its own line was
 * not edited. It is kept when it has its key's range, its value's (where the edit is not inside) and its path;
 * a step of the path that is on the edited line may have any name that can be read off that line.
 */
export function compare(clean: TextTree, broken: TextTree, edit: TextEdit): Kept {
  const { text } = clean;
  const wholeLine = edit.start === edit.end && edit.insert.endsWith('\n');
  const lineStart = text.lastIndexOf('\n', edit.start - 1) + 1;
  const lineEnd = wholeLine ? lineStart : endOfLine(text, edit.end);
  const delta = edit.insert.length - (edit.end - edit.start);
  const editedLine = broken.text.slice(lineStart, lineEnd + delta);
  const shift = (offset: number): number => (offset >= edit.end ? offset + delta : offset);
  const onEdited = (offset: number): boolean => !wholeLine && offset >= lineStart && offset < lineEnd;

  const read = new Map<number, Found[]>();
  for (const pair of pairsOf(broken)) {
    const at = read.get(pair.key.start);
    if (at === undefined) read.set(pair.key.start, [pair]);
    else at.push(pair);
  }
  let intended = 0;
  const lost: string[] = [];
  for (const pair of pairsOf(clean)) {
    if (onEdited(pair.key.start)) continue;
    intended++;
    const untouched = pair.value.end < lineStart || pair.value.start > lineEnd;
    const kept = read.get(shift(pair.key.start))?.some((other) => {
      if (other.key.end !== shift(pair.key.end) || other.path.length !== pair.path.length) return false;
      if (
        untouched &&
        (other.value.start !== shift(pair.value.start) || other.value.end !== shift(pair.value.end))
      )
        return false;
      return pair.path.every((step, index) => {
        const name = other.path[index]?.name ?? '';
        return name === step.name || (step.at >= 0 && onEdited(step.at) && editedLine.includes(name));
      });
    });
    if (!kept) lost.push(pair.path.map((step) => step.name).join('/'));
  }
  return { intended, lost };
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}
