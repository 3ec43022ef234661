// What an editor sees after any row of edits: the same as if the text were opened afresh. `npm run fuzz` goes on for
// longer, with other seeds, and over more files.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { generateBranches } from '../../test/bench/branches.ts';
import { generateHierarchy } from '../../test/bench/hierarchy.ts';
import { HIERARCHY } from '../../test/support/features.ts';
import { share } from '../../test/support/share.ts';
import { type Analysis, analyse } from './analysis.ts';
import { codeLenses, type LensData, resolveCodeLens } from './features/code-lens.ts';
import { hover } from './features/hover.ts';
import { inlayHints } from './features/inlay-hints.ts';
import { tokensOf } from './features/semantic-tokens.ts';
import type { Flow } from './flows/flow.ts';
import { rules } from './rules/index.ts';
import type { Settings } from './rules/rule.ts';

const RUNS = Number(process.env.FUZZ_RUNS ?? 20);
const SETTINGS: Settings = { rules: {}, today: '2026-11-28' };

const FIREWALL = `configmgr: 2025-12
# How the branch is reached.
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.1.0.0/16], description: Head office }
  branch: { networks: [10.2.0.0/16] } # leased
  internet: { internet: true }
addressGroups:
  all-servers: [10.1.0.10, cm02]
portGroups:
  web: { tcp: [80, 443] }
sites:
  PS1:
    type: primary
    database: { server: cm01 }
servers:
  cm01:
    site: PS1
    zone: hq
    description: Rack 12
    fqdn: cm01.corp.contoso.com
    addresses: [10.1.0.10]
    roles:
      site-server:
      sms-provider:
      sql-server: { instances: { MSSQLSERVER: { port: 1433 } } }
      management-point:
      distribution-point:
  cm02:
    site: PS1
    zone: branch
    addresses: [10.2.0.10]
    publicAddresses: [203.0.113.7]
    roles:
      distribution-point: { pxe: true }
      software-update-point:
clients:
  desktops: { site: PS1, zone: branch, count: 40 }
  laptops:
    site: PS1
    zone: [branch, hq]
    os: windows-11
    installation: [client-push]
firewalls:
  wan:
    zones: [hq, branch]
    rules:
      # The site server first.
      - { name: Site, action: allow, from: cm01, to: cm02, tcp: [135, 445, 49152-65535] } # RPC
      - { action: allow, from: branch, to: all-servers, ports: web, description: "Clients", owner: net }
      - { action: deny, from: any, to: hq, tcp: 3389, expires: 2027-01-01, ticket: C7, reviewed: 2026-01-01 }
      - action: allow
        from: 10.2.0.0/24
        to: hq
        tcp: 1-1024
`;

/** The same with findings, some of them silenced. */
const FOUND = FIREWALL.replace(
  '      - action: allow',
  `      # cmtopo-disable-next-line firewall-unused-rule -- for the printers
      - { action: allow, from: cm02, to: [10.1.9.0/24, cm01], tcp: 9100, description: Printers }
      - { action: allow, from: cm02, to: hq, tcp: 9101, description: Scanners } # cmtopo-disable-line firewall-unused-rule
      - { action: allow, from: any, to: 10.1.0.10, udp: 4011, ticket: C1 } # old
      - action: allow`,
);

const folder = 'test/hierarchies';
const written = readdirSync(folder)
  .filter((name) => name.endsWith('.topology.yaml'))
  .sort()
  .map((name) => readFileSync(`${folder}/${name}`, 'utf8'));
const SMALL = [FOUND, FOUND, FOUND, FIREWALL, HIERARCHY, ...written].filter((text) => text.length < 30_000);
const LARGE = [
  generateHierarchy(0.04, 'mistakes'),
  generateHierarchy(0.04),
  generateBranches({ count: 4, clients: 100 }),
];

const flowText = ({ from, to, fromRole, toRole, entry: _, ...flow }: Flow) => ({
  ...flow,
  from: [from.name, from.kind, from.zone, from.server?.span.start ?? from.clients?.span.start],
  to: [to.name, to.kind, to.zone, to.server?.span.start ?? to.clients?.span.start],
  roles: [fromRole?.span, toRole?.span, toRole && [...toRole.values.values()].map(({ span }) => span)],
});

/** What a user sees of an analysis, with a hover at some places. */
function seen(analysis: Analysis, places: readonly number[]): unknown {
  const { tree, topology } = analysis;
  const whole = { start: { line: 0, character: 0 }, end: tree.lines.positionAt(analysis.text.length) };
  const { tree: _, ...model } = topology;
  return plain({
    findings: analysis.findings(),
    hovers: places.map((place) =>
      hover(analysis, tree.lines.positionAt(Math.floor(place * analysis.text.length))),
    ),
    lenses: codeLenses(analysis, 'file:///a').map((lens) =>
      resolveCodeLens(analysis, lens, lens.data as LensData, 'show'),
    ),
    tokens: tokensOf(analysis),
    hints: inlayHints(analysis, 'file:///a', whole),
    flows: analysis.flows().map(flowText),
    verdicts: analysis.flows().map((flow) => {
      const { kind, ...verdict } = analysis.reach().verdict(flow);
      return [kind, 'by' in verdict && verdict.by.map(({ rule }) => rule.span.start)];
    }),
    problems: topology.problems.map(({ code, span, message }) => ({ code, span, message })),
    references: topology.references.map(({ name, span, target }) => [
      name,
      span,
      target?.span,
      target?.key.span,
    ]),
    model: Object.values(model).map((part) => (part instanceof Map ? [...part.values()].map(placesIn) : [])),
  });
}

/** Every written value of a thing with its place, of machines their roles' too. */
function placesIn(thing: unknown, depth = 0): unknown {
  if (typeof thing !== 'object' || thing === null) return thing;
  if (depth > 6) return undefined;
  if (Array.isArray(thing)) return thing.map((one) => placesIn(one, depth + 1));
  if (thing instanceof Map) return [...thing].map((one) => placesIn(one, depth + 1));
  return Object.entries(thing).map(([name, value]) =>
    ['node', 'key', 'options', 'server', 'group'].includes(name) &&
    typeof value === 'object' &&
    'span' in (value ?? {})
      ? [name, value?.span]
      : [name, placesIn(value, depth + 1)],
  );
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));

/** One edit: where, as a share of the lines or of the text, and what. */
const edit = fc.oneof(
  fc.record({
    kind: fc.constant('write' as const),
    at: share,
    remove: fc.nat({ max: 10 }),
    insert: words(),
  }),
  fc.record({
    kind: fc.constantFrom('comment', 'trailing', 'blank', 'double', 'delete', 'indent' as const),
    at: share,
  }),
  fc.record({ kind: fc.constantFrom('space', 'break' as const), at: share }),
  fc.record({
    kind: fc.constant('move' as const),
    at: share,
    from: share,
    remove: fc.nat({ max: 6 }),
    count: fc.nat({ max: 8 }),
  }),
  fc.record({ kind: fc.constant('value' as const), at: share, insert: words() }),
  fc.record({ kind: fc.constant('description' as const), at: share, insert: words() }),
  fc.record({
    kind: fc.constantFrom('count', 'address', 'rule', 'entry', 'key' as const),
    at: share,
    number: fc.nat({ max: 250 }),
  }),
);

/** The same, mostly of keys that are being typed. */
const keyEdit = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('key' as const), at: share, number: fc.nat() }) },
  { weight: 1, arbitrary: edit },
);

/** The same, mostly of rules of firewalls. */
const ruleEdit = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('rule' as const), at: share, number: fc.nat({ max: 250 }) }),
  },
  { weight: 1, arbitrary: edit },
);

/** What the ends of rules may be, in one file or another. */
const ENDS = [
  ...['any', 'hq', 'branch', 'internet', 'cm01', 'cm02', 'desktops', 'laptops', 'all-servers', '10.2.0.0/24'],
  ...['10.1.0.10', 'hq-0', 'region-0', 'cm-100', 'nobody'],
];

/** What few look at, as somebody writes it: each gives another line. */
const KNOWN: Readonly<
  Record<'count' | 'address' | 'rule' | 'entry', readonly [RegExp, (line: string, number: number) => string]>
> = {
  count: [/count: \d+/, (line, number) => line.replace(/count: \d+/, `count: ${number * 1_000}`)],
  address: [
    /^ {4}(?:addresses|publicAddresses|fqdn):/,
    (line, number) =>
      `${line}\n    ${number % 2 ? `publicAddresses: [203.0.113.${number}]` : `fqdn: m${number}.example.net`}`,
  ],
  entry: [
    /^ {2}[\w-]+:/,
    (line, number) =>
      [
        line.replace(/[\w-]+/, (name) => `${name}${number % 3}`),
        line.replace(/[\w-]+/, (name) => name.toUpperCase()),
        line.replace(/[\w-]+/, ['cm01', 'hq', 'desktops', 'sql1'][number % 4] ?? ''),
        `  new${number % 3}: { zone: hq, roles: { file-server: } }\n${line}`,
        `  new${number % 3}:\n    zone: branch\n    roles:\n      distribution-point:\n${line}`,
      ][number % 5] ?? line,
  ],
  rule: [
    /^ +- .*action:/,
    (line, number) =>
      [
        line.replace(/tcp: \[?\d+/, (tcp) => `${tcp.replace(/\d+/, '')}${number}`),
        line.replace(' }', `, ticket: C${number} }`),
        line.replace(/allow|deny/, (action) => (action === 'allow' ? 'deny' : 'allow')),
        line.replace(/from: [\w-]+/, () => `from: ${ENDS[number % ENDS.length]}`),
        line.replace(/to: [\w-]+/, () => `to: ${ENDS[number % ENDS.length]}`),
        line.replace(/from: [\w-]+/, (from) => `from: [${from.slice(6)}, ${ENDS[number % ENDS.length]}]`),
        `# ${line.trim()}`,
        `${line}\n${line.replace(/tcp: .*\}/, `tcp: ${number + 1} }`)}`,
        line.replace(/^( +- ).*/, `$1{ action: allow, from: hq, to: any, tcp: ${number + 1} }`),
      ][number % 9] ?? line,
  ],
};

/** A line with a word alone, which is a key without its colon where keys are before it or behind it. */
const HALF_TYPED = /^( +)([A-Za-z][\w-]*)$/;

/** Begins a key on a line of its own, or types on at the one that is there. */
function typedKey(lines: readonly string[], at: number, number: number): readonly string[] {
  const typed = lines.findIndex((line) => HALF_TYPED.test(line));
  const names = lines.join('\n').match(/[A-Za-z][\w-]*/g) ?? ['x'];
  const name =
    ['description', 'd', 'zone', 'os', 'count'][number % 11] ?? names[number % names.length] ?? 'x';
  if (typed < 0) {
    // In the column of the line before it or behind it, or of one further out.
    const around = [lines[at] ?? '', lines[at + 1] ?? '', lines[at]?.slice(2) ?? ''];
    const indent = /^[ -]*/.exec(around[number % 3] ?? '')?.[0].replaceAll('-', ' ') || '  ';
    return lines.toSpliced(at + 1, 0, indent + name.slice(0, 1 + (number % 4)));
  }
  const line = lines[typed] ?? '';
  const word = line.trim();
  const indent = line.slice(0, -word.length);
  const next = [
    `${line}x`,
    indent + name,
    line.slice(0, -1),
    `${line}:`,
    `${indent}description:`,
    `${line}s`,
  ];
  const states = [...next, `${indent}${word}: 1`, ` ${line}`, `${line} `, `${line}\n${line}`];
  const state = states[number % (states.length + 1)];
  return lines.toSpliced(
    typed,
    1,
    ...(state === undefined ? [] : [state.trim() === '' ? `${indent}y` : state]),
  );
}

function words() {
  return fc.constantFrom(
    ...[
      'x',
      '',
      '\n',
      ' ',
      ': ',
      '1',
      '9',
      '"',
      '}',
      ']',
      '# c\n',
      '-',
      '80',
      'any',
      'hq',
      'branch',
      'cm01',
      'true',
    ],
    ...[
      '    zone: hq\n',
      '  new: {}\n',
      '      file-server:\n',
      'deny',
      '10.1.0.10',
      '&a ',
      '*a',
      '\r\n',
      '---\n',
    ],
    ...[
      '# cmtopo-disable-next-line firewall-blocked\n',
      '# cmtopo-disable\n',
      'description: ',
      'Rack 12',
      '\t',
      'é',
    ],
  );
}

type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

function applied(text: string, one: Edit): string {
  if (one.kind === 'write') {
    const place = Math.floor(one.at * (text.length + 1));
    return text.slice(0, place) + one.insert + text.slice(place + one.remove);
  }
  if (one.kind === 'space' || one.kind === 'break') {
    const place = text.indexOf(' ', Math.floor(one.at * text.length));
    // Within braces a line break says nothing.
    const insert = one.kind === 'space' ? ' ' : '\n             ';
    return text.slice(0, place) + insert + text.slice(place);
  }
  const lines = text.split('\n');
  let at = Math.floor(one.at * lines.length);
  if (one.kind === 'count' || one.kind === 'address' || one.kind === 'rule' || one.kind === 'entry') {
    const [wanted, change] = KNOWN[one.kind];
    while (at < lines.length && !wanted.test(lines[at] ?? '')) at++;
    const found = lines[at];
    if (found !== undefined) lines[at] = change(found, one.number);
    return lines.join('\n');
  }
  if (one.kind === 'key') return typedKey(lines, at, one.number).join('\n');
  if (one.kind === 'value' || one.kind === 'description') {
    const wanted = one.kind === 'value' ? /: +[^\s{[].*$/ : /description: *([^,}#]*)/;
    while (at < lines.length && !wanted.test(lines[at] ?? '')) at++;
  }
  if (one.kind === 'move') {
    const source = Math.floor(one.from * lines.length);
    const copied = lines.slice(source, source + one.count);
    // An entry that is copied has another name.
    return lines
      .toSpliced(at, one.remove, ...copied.map((each) => each.replace(/^( {2})(?=\w)/, '$1x')))
      .join('\n');
  }
  const line = lines[at] ?? '';
  const indent = /^ */.exec(line)?.[0] ?? '';
  switch (one.kind) {
    case 'comment':
      lines.splice(at, 0, `${indent}# as agreed`);
      break;
    case 'trailing':
      lines[at] = `${line} # as agreed`;
      break;
    case 'blank':
      lines.splice(at, 0, '');
      break;
    case 'double':
      lines.splice(at, 0, line);
      break;
    case 'delete':
      lines.splice(at, 1);
      break;
    case 'indent':
      lines[at] = ` ${line}`;
      break;
    case 'value':
      lines[at] = line.replace(/: +[^\s{[].*$/, `: ${one.insert}`);
      break;
    case 'description':
      lines[at] = line.replace(/description: *([^,}#]*)/, `description: ${one.insert} $1`);
      break;
  }
  return lines.join('\n');
}

interface Step {
  readonly edit: Edit;
  /** Whether the editor asks for findings, or for a hover alone, or is not there yet when the next edit comes. */
  readonly asked: 'all' | 'hover' | 'nothing';
  /** Whether the step is taken back before the next one. */
  readonly undone: boolean;
}

const stepsOf = (edits: fc.Arbitrary<Edit>): fc.Arbitrary<Step> =>
  fc.record({ edit: edits, asked: fc.constantFrom('all', 'all', 'hover', 'nothing'), undone: fc.boolean() });

function holds(
  files: readonly string[],
  steps: number,
  runs: number,
  edits: fc.Arbitrary<Edit> = edit,
): void {
  fc.assert(
    fc.property(
      fc.constantFrom(...files),
      fc.array(stepsOf(edits), { minLength: 1, maxLength: steps }),
      fc.array(share, { minLength: 3, maxLength: 3 }),
      (file, all, places) => {
        let analysis = analyse(file, SETTINGS);
        analysis.findings();
        const look = (text: string, asked: Step['asked']) => {
          analysis = analyse(text, SETTINGS, analysis);
          if (asked === 'all')
            assert.deepEqual(seen(analysis, places), seen(analyse(text, SETTINGS), places));
          else if (asked === 'hover') hover(analysis, { line: 12, character: 6 });
          else analysis.tree;
        };
        let text = file;
        for (const { edit: one, asked, undone } of all) {
          const before = text;
          text = applied(text, one);
          look(text, asked);
          if (undone) {
            text = before;
            look(text, asked);
          }
        }
        look(text, 'all');
      },
    ),
    { numRuns: runs, endOnFailure: files === LARGE },
  );
}

describe('an analysis of a text that was analysed before an edit', () => {
  it('shows what a fresh one shows, whatever is written, taken out and taken back', () => {
    holds(SMALL, 8, RUNS);
  }).timeout(600_000);

  it('does so while keys are typed that have no colon yet', () => {
    holds(SMALL, 10, RUNS, keyEdit);
  }).timeout(600_000);

  it('does so while rules of firewalls get other ports and ends, come and go', () => {
    holds(SMALL, 6, RUNS, ruleEdit);
  }).timeout(600_000);

  it('does so while a rule is commented out and another then denies, for machines with several addresses', () => {
    const [first, second] = [' allow, from: cm01, to: cm02', ' allow, from: branch, to: all-servers'];
    for (const file of SMALL.filter((text) => text.includes(first) && text.includes(second))) {
      const without = file.replace(/^ +(- .*action: allow, from: cm01, to: cm02.*)$/m, '# $1');
      const denied = without.replace(second, second.replace('allow', 'deny'));
      let analysis = analyse(file, SETTINGS);
      analysis.findings();
      for (const text of [without, denied]) {
        analysis = analyse(text, SETTINGS, analysis);
        assert.deepEqual(seen(analysis, [0]), seen(analyse(text, SETTINGS), [0]));
      }
    }
  });

  it('does so wherever a key is typed in the examples of rules', () => {
    const texts = rules.flatMap(({ bad, good }) => [...bad, ...good]);
    // At every fortieth line; at more in a longer run.
    const step = Math.max(1, Math.floor(800 / RUNS));
    for (const [number, { text, today = SETTINGS.today }] of texts.entries()) {
      const settings: Settings = { rules: {}, today };
      const lines = text.split('\n');
      for (let at = 1 + (number % step); at < lines.length; at += step) {
        const indent = /^ */.exec(lines[at - 1] ?? '')?.[0] || '  ';
        let analysis = analyse(text, settings);
        analysis.findings();
        for (const typed of ['o', 'os', 'os:', 'os', undefined]) {
          const edited = lines.toSpliced(at, 0, ...(typed ? [indent + typed] : [])).join('\n');
          analysis = analyse(edited, settings, analysis);
          const findings = plain(analysis.findings());
          assert.deepEqual(findings, plain(analyse(edited, settings).findings()), edited);
        }
      }
    }
  }).timeout(300_000);

  it('does so wherever a blank, a line break or a comment goes among rules with findings', () => {
    const inserts = [' ', '\n              ', ' # so\n', 'x'];
    for (const file of [FOUND, FOUND.replaceAll('cmtopo-', '')]) {
      const edges = analyse(file, SETTINGS)
        .findings()
        .flatMap(({ span }) => [span.start, span.end]);
      const first = file.indexOf('firewalls:');
      for (const { index } of file.slice(first).matchAll(/[ \n]/g)) {
        const at = first + index;
        // Beside a finding each of them.
        const isEdge = edges.some((edge) => Math.abs(edge - at) < 2);
        for (const insert of isEdge ? inserts : inserts.slice(at % 12, (at % 12) + 1)) {
          const text = file.slice(0, at) + insert + file.slice(at);
          const before = analyse(file, SETTINGS);
          before.findings();
          const after = analyse(text, SETTINGS, before);
          assert.deepEqual(plain(after.findings()), plain(analyse(text, SETTINGS).findings()), text);
        }
      }
    }
  }).timeout(120_000);

  it('does so while a firewall is opened and shut', () => {
    let analysis = analyse(FIREWALL, SETTINGS);
    const all = 'from: branch, to: all-servers, ports: web';
    const changes = [
      'from: any, to: any',
      'from: hq, to: any',
      all,
      'from: branch, to: all-servers, tcp: 443',
      // The same machines on other ports.
      'from: branch, to: all-servers, tcp: [445, 80]',
      'from: branch, to: all-servers, ports: web, udp: any',
      'from: any, to: any',
      all,
    ];
    for (const change of changes) {
      const text = FIREWALL.replace(all, change);
      analysis = analyse(text, SETTINGS, analysis);
      assert.deepEqual(seen(analysis, [0.4, 0.9]), seen(analyse(text, SETTINGS), [0.4, 0.9]), change);
    }
  }).timeout(60_000);

  it('does so while a server beside it has a mistake, whose entry is read anew each time', () => {
    const mistaken = FIREWALL.replace(/^( {4})zone: branch$/m, '$1zone: branch\n$1adresses: 10.2.0.9');
    assert.notEqual(mistaken, FIREWALL);
    const all = 'from: branch, to: all-servers, ports: web';
    let analysis = analyse(mistaken, SETTINGS);
    for (const change of ['from: any, to: any', 'from: branch, to: all-servers, tcp: 443', all]) {
      const text = mistaken.replace(all, change);
      analysis.flows();
      analysis = analyse(text, SETTINGS, analysis);
      assert.deepEqual(seen(analysis, [0.4, 0.9]), seen(analyse(text, SETTINGS), [0.4, 0.9]), change);
      // Whoever looks for a machine of the model among the flows finds it by the object that it is.
      const machines = new Set(analysis.topology.servers.values());
      for (const { from } of analysis.flows()) assert.ok(!from.server || machines.has(from.server), change);
    }
  }).timeout(60_000);

  it('does so while a server gets another address outside', () => {
    const file = (address: string) =>
      FIREWALL.replace('203.0.113.7', address).replace(
        'from: branch, to: all-servers, ports: web',
        'from: 203.0.113.7, to: cm01, tcp: 1-65535, udp: any',
      );
    let analysis = analyse(file('203.0.113.7'), SETTINGS);
    analysis.findings();
    for (const address of ['203.0.113.8', '203.0.113.7', '203.0.113.0/24', '203.0.113.7, 198.51.100.1']) {
      const text = file(address);
      analysis = analyse(text, SETTINGS, analysis);
      assert.deepEqual(seen(analysis, [0.4, 0.9]), seen(analyse(text, SETTINGS), [0.4, 0.9]), address);
    }
  }).timeout(60_000);

  it('does so where a rule comes to name clients that then move', () => {
    let text = `configmgr: 2025-12
zones: { hq: { networks: [10.1.0.0/16] }, branch: { networks: [10.2.0.0/16] } }
sites: { PS1: { type: primary, database: { server: cm01 } } }
servers:
  cm01: { site: PS1, zone: hq, roles: { site-server: , sql-server: , management-point: } }
  files: { zone: hq, roles: { file-server: } }
clients:
  pcs: { site: PS1, zone: branch, networks: [10.2.5.0/24] }
firewalls:
  wan:
    zones: [hq, branch]
    rules:
      - { action: allow, from: 10.2.5.0/24, to: cm01, tcp: [80, 443, 10123] }
      - { action: allow, from: branch, to: cm01, tcp: 443 }
`;
    let analysis = analyse(text, SETTINGS);
    analysis.findings();
    for (const [from, to] of [
      ['  files: {', '  share: {'],
      ['from: branch', 'from: pcs'],
      ['networks: [10.2.5.0/24]', 'networks: [10.2.6.0/24]'],
      ['networks: [10.2.6.0/24]', 'networks: [10.2.5.0/25]'],
    ] as const) {
      assert.ok(text.includes(from));
      text = text.replace(from, to);
      analysis = analyse(text, SETTINGS, analysis);
      assert.deepEqual(seen(analysis, [0.5]), seen(analyse(text, SETTINGS), [0.5]), to);
    }
  });

  for (const [what, places] of [
    [
      'clients with an address of a server move',
      ['zone: branch, networks: [10.2.0.0/24]', 'zone: lab, networks: [10.2.0.0/24]'],
    ],
    [
      'a server elsewhere gets that address outside',
      ['publicAddresses: [203.0.113.1]', 'publicAddresses: [10.2.0.10]'],
    ],
    ['a server elsewhere gets that address', ['addresses: [10.3.0.10]', 'addresses: [10.2.0.10]']],
  ] as const)
    it(`does so while ${what}, so that a rule for its zone covers no more one for it`, () => {
      const file = `configmgr: 2025-12
zones: { hq: , branch: , lab: }
sites: { PS1: { type: primary, database: { server: cm01 } } }
servers:
  cm01: { site: PS1, zone: hq, addresses: [10.1.0.10], roles: { site-server: , sql-server: , management-point: } }
  dp02: { site: PS1, zone: branch, addresses: [10.2.0.10], roles: { distribution-point: } }
  dp03: { site: PS1, zone: lab, addresses: [10.3.0.10], publicAddresses: [203.0.113.1], roles: { distribution-point: } }
addressGroups: { inner: [dp02], outer: [inner] }
clients:
  laptops: { site: PS1, zone: branch, networks: [10.2.0.0/24] }
firewalls:
  wan:
    zones: [hq, branch, lab]
    rules:
      - { action: allow, from: branch, to: cm01, tcp: [80, 443, 445, 135, 10123] }
      - { action: allow, from: dp02, to: cm01, tcp: 443 }
  lan:
    zones: [hq, branch, lab]
    rules:
      - { action: allow, from: branch, to: cm01, tcp: 1-65535 }
      - { action: allow, from: outer, to: cm01, tcp: 445 }
`;
      let analysis = analyse(file, SETTINGS);
      const shadowed = () =>
        analysis.findings().filter(({ code }) => code === 'firewall-shadowed-rule').length;
      assert.equal(shadowed(), 2);
      const [was, is] = places;
      for (const [text, count] of [
        [file.replace(was, is), 0],
        [file, 2],
      ] as const) {
        analysis = analyse(text, SETTINGS, analysis);
        assert.equal(shadowed(), count);
        assert.deepEqual(seen(analysis, [0.5]), seen(analyse(text, SETTINGS), [0.5]));
      }
    });

  it('does so where rules change in place before anybody asked what another edit lets through', () => {
    const before = analyse(FIREWALL, SETTINGS);
    before.findings();
    const moved = FIREWALL.replace('os: windows-11', 'os: windows-10');
    const between = analyse(moved, SETTINGS, before);
    assert.ok(between.topology.servers.has('cm02'));
    const closed = moved.replace('      - action: allow', '      - action: deny');
    assert.notEqual(closed, moved);
    const after = analyse(closed, SETTINGS, between);
    assert.deepEqual(seen(after, [0.5]), seen(analyse(closed, SETTINGS), [0.5]));
  });

  it('does so where a group of ports gets others, and a group of addresses other members', () => {
    for (const [was, is] of [
      ['web: { tcp: [80, 443] }', 'web: { tcp: [8530] }'],
      ['all-servers: [10.1.0.10, cm02]', 'all-servers: [10.1.0.99, cm02]'],
    ] as const) {
      const before = analyse(FIREWALL, SETTINGS);
      before.findings();
      const text = FIREWALL.replace(was, is);
      const after = analyse(text, SETTINGS, before);
      assert.deepEqual(seen(after, [0.5]), seen(analyse(text, SETTINGS), [0.5]), is);
    }
  });

  it('forgets what was judged with the machines that it was judged of', () => {
    const file = (port: number) =>
      FIREWALL.replace(
        '    addresses: [10.2.0.10]',
        `    addresses: [10.2.0.10]\n    proxy: { server: cm01, port: ${port} }`,
      );
    const before = analyse(file(8080), SETTINGS);
    before.findings();
    const { lineage } = before.reach();
    const edited = file(8080).replace('    description: Rack 12', '    os: windows-server-2025');
    const after = analyse(edited, SETTINGS, before);
    after.findings();
    // Of a proxy that changes all connections are worked out anew, with other objects for the machines.
    assert.notEqual(after.reach().lineage, lineage);
    const more = analyse(edited.replace('10.2.0.10', '10.2.0.11'), SETTINGS, after);
    const kept = after.reach().lineage;
    more.findings();
    assert.equal(more.reach().lineage, kept);
  });

  it('does so while machines that others name come, go and change', () => {
    // Each edit is of the text that the ones before it left; what it finds is said to be sure that it finds something.
    const edits: readonly (readonly [from: string, to: string, expected?: string])[] = [
      ['  dp01: { site: PS1, zone: hq', '  dp01: { site: PS1, zone: lab'],
      ['  dp01: { site: PS1, zone: lab', '  dp01: { site: PS1, zone: hq', 'unused-definition'],
      ['  sql01: {', '  sql02: {', 'unknown-reference'],
      ['  sql02: {', '  sql01: {'],
      ['MSSQLSERVER: { port: 1433 }', 'MSSQLSERVER: { port: 4022 }', 'sql-port-conflict'],
      ['MSSQLSERVER: { port: 4022 }', 'MSSQLSERVER: { port: 1433, edition: express }', 'sql-edition'],
      ['MSSQLSERVER: { port: 1433, edition: express }', 'MSSQLSERVER: { port: 1433 }'],
      ['server: sql01, instance: B', 'server: sql03', 'unknown-reference'],
      ['  cm01: {', '  sql03: { roles: { sql-server: } }\n  cm01: {'],
      ['  sql03: { roles: { sql-server: } }\n', '', 'unknown-reference'],
      ['server: sql03', 'server: sql01', 'sql-shared-instance'],
      ['server: sql01 } }\n  CAS', 'server: sql01, instance: B } }\n  CAS'],
      ['count: 3000', 'count: 4100', 'site-limits'],
      ['count: 4100', 'count: 4200', 'site-limits'],
      ['  dp02: {', '  dp03: { site: PS1, zone: branch, roles: { distribution-point: } }\n  dp02: {'],
      ['  dp03: { site: PS1, zone: branch', '  dp03: { site: PS1, zone: hq', 'site-limits'],
      ['count: 4200', 'count: 3000'],
      ['distribution-point: { pullFrom: [dp01] }', 'distribution-point: { pullFrom: [dc01] }', 'pull-source'],
      ['pullFrom: [dc01]', 'pullFrom: [dp01]'],
      ['  cm01: {', '  dp01b: { site: PS1, roles: { site-server: } }\n  cm01: {', 'site-server-duplicate'],
    ];
    let text = `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.1.0.0/16] }
  branch: { networks: [10.2.0.0/16] }
  lab: { networks: [10.3.0.0/16] }
sites:
  PS1: { type: primary, parent: CAS, database: { server: sql01, instance: B } }
  CAS: { type: central-administration, database: { server: sql01 } }
servers:
  cas: { site: CAS, zone: hq, roles: { site-server: , sms-provider: , service-connection-point: } }
  cm01: { site: PS1, zone: hq, roles: { site-server: , sms-provider: , management-point: } }
  sql01: { zone: hq, roles: { sql-server: { instances: { MSSQLSERVER: { port: 1433 }, B: { port: 1500, serviceBrokerPort: 4023 } } } } }
  dp01: { site: PS1, zone: hq, roles: { distribution-point: } }
  dp02: { site: PS1, zone: branch, roles: { distribution-point: { pullFrom: [dp01] } } }
  dc01: { zone: hq, roles: { domain-controller: } }
clients:
  pcs: { site: PS1, zone: branch, count: 3000, os: windows-11 }
  lab-pcs: { site: PS1, zone: hq, count: 10, os: windows-11 }
firewalls:
  wan: { zones: [hq, branch], rules: [{ action: allow, from: branch, to: cm01, tcp: [80, 443, 10123] }] }
`;
    let analysis = analyse(text, SETTINGS);
    analysis.findings();
    for (const [from, to, expected] of edits) {
      assert.ok(text.includes(from), from);
      text = text.replace(from, to);
      analysis = analyse(text, SETTINGS, analysis);
      const found = analysis.findings().map(({ code }) => code);
      if (expected) assert.ok(found.includes(expected), `${to}: ${found.join()}`);
      assert.deepEqual(seen(analysis, [0.4, 0.9]), seen(analyse(text, SETTINGS), [0.4, 0.9]), to);
    }
  }).timeout(60_000);

  it('does so while rules are opened and shut in the examples of rules', () => {
    const texts = rules.flatMap(({ bad }) => bad.filter(({ text }) => text.includes('action:')));
    const changes: readonly ((line: string) => string)[] = [
      (line) => line.replace(/allow|deny/, (action) => (action === 'allow' ? 'deny' : 'allow')),
      (line) => line.replace(/((?:tcp|udp): \[?)\d+/, '$19'),
      (line) => line.replace(/(?:tcp|udp): (?:\[[^\]]*\]|[\w-]+)/, 'tcp: any, udp: any, icmp: true'),
      (line) => `${line.replace(/action:.*/, 'action: allow, from: any, to: any }')}\n${line}`,
      (line) => line.replace(/expires: [\d-]+/, 'expires: 2099-01-01'),
    ];
    for (const { text, today = SETTINGS.today } of texts) {
      const settings: Settings = { rules: {}, today };
      let analysis = analyse(text, settings);
      analysis.findings();
      const lines = text.split('\n');
      for (const [number, line] of lines.entries()) {
        if (!/^ +- \{.*action:/.test(line)) continue;
        for (const change of changes)
          for (const edited of [lines.with(number, change(line)).join('\n'), text]) {
            analysis = analyse(edited, settings, analysis);
            const findings = plain(analysis.findings());
            assert.deepEqual(findings, plain(analyse(edited, settings).findings()), edited);
          }
      }
    }
  }).timeout(120_000);

  it('does so from one example of a rule to the next and back', () => {
    for (const { bad, good, code } of rules) {
      const texts = [...bad, ...good].filter(({ today }) => today === undefined).map(({ text }) => text);
      let analysis: Analysis | undefined;
      for (const text of [...texts, ...texts.toReversed()]) {
        analysis = analyse(text, SETTINGS, analysis);
        const findings = plain(analysis.findings());
        assert.deepEqual(findings, plain(analyse(text, SETTINGS).findings()), `${code}\n${text}`);
      }
    }
  }).timeout(60_000);

  it('does so in large files', () => {
    holds(LARGE, 4, Math.ceil(RUNS / 12));
    holds(LARGE, 4, Math.ceil(RUNS / 12), keyEdit);
    holds(LARGE, 4, Math.ceil(RUNS / 12), ruleEdit);
  }).timeout(600_000);

  it('does so while a comment and a description are typed', () => {
    for (const typed of [' # the door', '\n    description: Rack']) {
      for (const after of ['    description: Rack', '[branch, hq]', '# RPC']) {
        const at = Math.max(0, FIREWALL.indexOf(after));
        const end = FIREWALL.indexOf('\n', at);
        let analysis = analyse(FIREWALL, SETTINGS);
        analysis.findings();
        for (let count = 1; count <= typed.length; count++) {
          const text = FIREWALL.slice(0, end) + typed.slice(0, count) + FIREWALL.slice(end);
          analysis = analyse(text, SETTINGS, analysis);
          assert.deepEqual(seen(analysis, [0.3]), seen(analyse(text, SETTINGS), [0.3]));
        }
      }
    }
  }).timeout(120_000);
});
