import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseText } from '../text/parse.ts';
import { FORMAT, type MapShape, type Shape } from './format.ts';
import type { Topology } from './model.ts';
import { readTopology } from './read.ts';

const read = (text: string): Topology => readTopology(parseText(text));
const source = (topology: Topology, span: { start: number; end: number }) =>
  topology.tree.text.slice(span.start, span.end);

/** Pieces that meet the format often enough to get deep into it. */
function words(): readonly string[] {
  const found = new Set<string>([
    '&a ',
    '*a',
    '<<: *a',
    '[',
    ']',
    '{',
    '}',
    ', ',
    ': ',
    ':\n',
    '- ',
    '"',
    '#',
    '\t',
    '? ',
  ]);
  const visit = (shape: Shape) => {
    if (shape.kind === 'map') keys(shape);
    if (shape.kind === 'named' || shape.kind === 'list') visit(shape.of);
    if (shape.kind === 'words') for (const { name } of shape.words) found.add(name);
  };
  const keys = (shape: MapShape) => {
    for (const key of shape.keys) {
      found.add(`${key.name}:`);
      visit(key.shape);
    }
  };
  keys(FORMAT);
  for (const value of [
    'PS1',
    'cm01',
    '443',
    '"443"',
    '1-2',
    '9-1',
    '10.0.0.0/8',
    'any',
    '~',
    '-1',
    '1e99',
    '',
  ]) {
    found.add(value);
  }
  return [...found];
}

describe('reading a topology', () => {
  it('never throws, and points into the text, whatever the text', function () {
    this.timeout(30_000);
    const piece = fc.constantFrom(...words());
    const line = fc
      .tuple(fc.integer({ min: 0, max: 6 }), fc.array(piece, { maxLength: 4 }))
      .map(([depth, pieces]) => ' '.repeat(depth * 2) + pieces.join(' '));
    const text = fc.oneof(
      fc.array(line, { maxLength: 30 }).map((lines) => lines.join('\n')),
      fc.string({ unit: 'binary', maxLength: 200 }),
    );
    fc.assert(
      fc.property(text, (content) => {
        const topology = read(content);
        const spans = [...topology.problems, ...topology.references].map(({ span }) => span);
        for (const { start, end } of spans) {
          assert.ok(0 <= start && start <= end && end <= content.length, JSON.stringify(content));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('remembers where each value was written, and for an alias where its anchor is', () => {
    const topology = read(`configmgr: 2017-09
servers:
  a: { os: &os windows-10, fqdn: "a.b" }
  b: { os: *os }
`);
    const [a, b] = topology.servers.values();
    assert.ok(a?.os && b?.os && a.fqdn);
    assert.equal(source(topology, a.fqdn.span), '"a.b"');
    assert.deepEqual(b.os.span, a.os.span);
    assert.equal(source(topology, a.span).startsWith('a: {'), true);
  });

  it('knows the edition of the file, the newest for current-branch, and that of the settings where there is none', () => {
    assert.equal(read('configmgr: 2007').edition, '2007');
    assert.equal(read('configmgr: "2017-03"').edition, '2017-03');
    assert.equal(read('configmgr: current-branch').edition, '2025-12');
    assert.equal(read('configmgr: 2008').edition, undefined);
    assert.equal(readTopology(parseText('name: x'), { edition: '2017-09' }).edition, '2017-09');
    assert.equal(readTopology(parseText('configmgr: 2008'), { edition: '2017-09' }).edition, undefined);
  });

  it('reads ports in every form', () => {
    const [firewall] = read(`configmgr: 2017-09
zones: { a: , b: }
firewalls:
  f:
    zones: [a, b]
    rules:
      - { action: allow, from: a, to: [b, 10.0.0.1], tcp: 443, udp: "1-2" }
      - { action: allow, from: any, to: any, tcp: [80, 49152-65535, "5-6"], udp: any }
      - { action: deny, from: any, to: any }
`).firewalls.values();
    const ports = (value: unknown) =>
      Array.isArray(value) ? value.map((one: { value: unknown }) => one.value) : value;
    assert.deepEqual(
      firewall?.rules.map(({ tcp, udp }) => [ports(tcp), ports(udp)]),
      [
        [[{ low: 443, high: 443 }], [{ low: 1, high: 2 }]],
        [
          [
            { low: 80, high: 80 },
            { low: 49152, high: 65535 },
            { low: 5, high: 6 },
          ],
          'any',
        ],
        [undefined, undefined],
      ],
    );
  });

  it('turns wake-up settings on by true, by a port and by an empty block', () => {
    const ports = [
      ...read(`configmgr: 2017-09
sites:
  A01: { type: primary, wakeOnLan: true, wakeUpProxy: }
  A02: { type: primary, wakeOnLan: { port: 12 }, wakeUpProxy: false }
  A03: { type: primary }
`).sites.values(),
    ].map(({ wakeOnLan, wakeUpProxy }) => [wakeOnLan?.value, wakeUpProxy?.value]);
    assert.deepEqual(ports, [
      [9, 25536],
      [12, undefined],
      [undefined, undefined],
    ]);
  });

  it('merges maps, the own keys first', () => {
    const topology = read(`configmgr: 2017-09
servers:
  a: &a { os: windows-10, forest: x, roles: { dns-server: } }
  b: { <<: *a, forest: y }
`);
    const b = topology.servers.get('b');
    assert.deepEqual([b?.os?.value, b?.forest?.value, b?.roles.length], ['windows-10', 'y', 1]);
    assert.deepEqual(topology.problems, []);
  });

  it('lists each place that names something, with what it names', () => {
    const topology = read(`configmgr: 2017-09
zones: { hq: }
sites:
  PS1: { type: primary, database: { server: CM01, instance: cm } }
servers:
  cm01:
    site: ps1
    zone: HQ
    roles:
      sql-server: { instances: { CM: { port: 50001 } } }
      software-update-point: { upstream: microsoft-update }
      distribution-point: { pullFrom: [cm01, cm02] }
      exchange-server-connector: { to: exchange-online }
`);
    assert.deepEqual(
      topology.references.map(({ name, to, target }) => [name, to[0], target?.name]),
      [
        ['CM01', 'server', 'cm01'],
        ['cm', 'instance', 'CM'],
        ['ps1', 'site', 'PS1'],
        ['HQ', 'zone', 'hq'],
        ['cm01', 'server', 'cm01'],
        ['cm02', 'server', undefined],
      ],
    );
  });

  it('marks the entries that damage touches, and only these', () => {
    const topology = read(`configmgr: 2017-09
servers:
  a:
    os: windows-10
  b:
    os windows-10
    site: PS1
  c:
    os: windows-10
  d:
    os: windows-11
`);
    const damaged = [...topology.servers.values()].filter((server) => server.damaged).map(({ name }) => name);
    assert.deepEqual(damaged, ['b']);
    assert.equal(topology.servers.get('b')?.site?.value, 'PS1');
    assert.equal(topology.servers.get('d')?.os?.value, 'windows-11');
  });

  it('reads aliases that multiply in no time', () => {
    const lines = [
      'configmgr: 2017-09',
      'servers:',
      '  s0:',
      '    roles:',
      '      sql-server:',
      '        instances: &i',
    ];
    for (let index = 0; index < 2000; index++) lines.push(`          I${index}: { port: ${1000 + index} }`);
    for (let index = 1; index < 2000; index++)
      lines.push(`  s${index}: { roles: { sql-server: { instances: *i } } }`);
    const started = process.cpuUsage();
    const topology = read(lines.join('\n'));
    const { user } = process.cpuUsage(started);
    assert.equal(topology.servers.size, 2000);
    const instances = [...topology.servers.values()].reduce(
      (sum, server) => sum + server.instances.length,
      0,
    );
    assert.ok(instances <= 22_000, String(instances));
    assert.ok(user < 3_000_000, `${user} µs`);

    const bomb = ['configmgr: 2017-09', 'a: &a [x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 30; level++) {
      const last = level === 1 ? 'a' : `a${level - 1}`;
      bomb.push(`a${level}: &a${level} [*${last}, *${last}, *${last}, *${last}, *${last}, *${last}]`);
    }
    bomb.push('firewalls: { f: { zones: *a29, rules: *a29 } }', 'zones: { z: { networks: *a29 } }');
    assert.ok(read(bomb.join('\n')).problems.length < 200);
  });

  it('survives an alias inside its own anchor', () => {
    assert.doesNotThrow(() => read('configmgr: 2017-09\nservers: &s { a: *s, <<: *s }\nsites: &x [*x]\n'));
  });
});
