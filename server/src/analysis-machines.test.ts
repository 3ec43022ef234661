// Machines that rules of firewalls name, by name, by address or by group, come, go and change, and so do the rules: what
// is found and what gets through is what an analysis of the text alone says.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { TIMES } from '../../test/fuzz/draw.ts';
import { type Analysis, analyse } from './analysis.ts';
import type { Verdict } from './reach/judge.ts';

const ZONES = ['hq', 'branch', 'plant'];
const NAMES = ['cm01', 'mp1', 'dp1', 'dp2', 'fsp'];
const GROUPS = ['pcs', 'tills'];
/** By zone. Few, so that several machines have one. */
const ADDRESSES = [
  ['10.1.0.1', '10.1.0.2', '"fd00:1::1"'],
  ['10.2.0.1', '10.2.0.2'],
  ['10.3.0.1', '10.3.0.2'],
];
const NETWORKS = [['10.1.0.0/30'], ['10.2.0.0/30', '10.2.0.0/24'], ['10.3.0.0/31', '10.3.0.0/28']];
const WORDS = [
  ...ZONES,
  ...NAMES,
  ...NAMES,
  ...GROUPS,
  ...ADDRESSES.flat(),
  ...NETWORKS.flat(),
  'any',
  'some',
  'nested',
];
const ROLES: Readonly<Record<string, string>> = {
  cm01: '{ site-server: , sql-server: { instances: { MSSQLSERVER: { port: 1433 } } } }',
  mp1: '{ management-point: { protocol: http } }',
  dp1: '{ distribution-point: { protocol: http } }',
  dp2: '{ distribution-point: { protocol: http } }',
  fsp: '{ fallback-status-point: }',
};

interface Machine {
  readonly isThere: boolean;
  readonly zone: string;
  readonly other: string | undefined;
  readonly addresses: readonly string[];
  readonly outside: readonly string[];
  /** A line that is a mistake, or what is no YAML. */
  readonly mistake: string;
}

const MISTAKES = [
  '',
  '',
  '',
  '',
  '',
  '',
  '',
  'os: windows-server-1',
  'colour: blue',
  'roles: [',
  'addresses: 10.1.0.300',
];

/** What is drawn of a machine: seldom it is not there, or has an address of another zone. */
const machine = (
  addresses: readonly (readonly string[])[],
  mistakes: readonly string[] = [''],
): fc.Arbitrary<Machine> =>
  fc
    .record({
      number: fc.nat({ max: 29 }),
      zone: fc.nat({ max: ZONES.length - 1 }),
      other: fc.constantFrom(undefined, undefined, ...ZONES),
      picks: fc.array(fc.nat({ max: 9 }), { maxLength: 2 }),
      outside: fc.array(fc.constantFrom('203.0.113.1', ...addresses.flat()), { maxLength: 1 }),
      mistake: fc.constantFrom(...mistakes),
    })
    .map(({ number, zone, other, picks, outside, mistake }) => {
      const own = addresses[number === 1 ? (zone + 1) % addresses.length : zone] ?? [];
      return {
        isThere: number > 0,
        zone: ZONES[zone] ?? '',
        other,
        addresses: picks.map((pick) => own[pick % own.length] ?? ''),
        outside,
        mistake,
      };
    });

/** Mostly one word, so that some rules cover others. */
const words = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...WORDS).map((word) => [word]) },
  { weight: 1, arbitrary: fc.uniqueArray(fc.constantFrom(...WORDS), { minLength: 2, maxLength: 3 }) },
);
const rule = (...actions: readonly string[]) =>
  fc
    .record({
      action: fc.constantFrom(...actions),
      from: words,
      to: words,
      ports: fc.constantFrom('', ', tcp: 445', ', ports: web', ', tcp: any, udp: any'),
    })
    .map(
      ({ action, from, to, ports }) =>
        `{ action: ${action}, from: [${from.join(', ')}], to: [${to.join(', ')}]${ports} }`,
    );

const EDITS = ['server', 'clients', 'members', 'more', 'less', 'other', 'turn', 'frame'] as const;

/** What is drawn of the rest of the file, which seldom changes. */
const frame = fc.record({
  /** The place of the second firewall. */
  zones: fc.constantFrom('[branch, plant]', '[hq, branch]', '[branch, plant, branhc]'),
  web: fc.constantFrom('[80, 443]', '[445]', '[any]'),
  branch: fc.constantFrom('10.2.0.0/16', '10.2.0.0/30', '10.2.0.300/30'),
  /** A server with the name of a client group, or of an address group, is a mistake of that. */
  more: fc.constantFrom('', '  tills: { zone: hq }\n', '  some: { zone: hq }\n'),
});
type Frame = typeof frame extends fc.Arbitrary<infer T> ? T : never;
const step = fc.record({
  /** Whether an editor asks for findings before the next edit. */
  isAsked: fc.integer({ min: 0, max: 3 }).map((number) => number > 0),
  kind: fc.constantFrom('server' as const, 'server' as const, ...EDITS),
  place: fc.nat({ max: 999 }),
  server: machine(ADDRESSES, MISTAKES),
  group: machine(NETWORKS, MISTAKES),
  frame,
  members: fc.uniqueArray(
    fc.constantFrom(...WORDS.filter((word) => !['any', 'some', 'nested'].includes(word))),
    {
      minLength: 1,
      maxLength: 2,
    },
  ),
  rule: rule('allow', 'allow', 'allow', 'deny', 'deny', 'alow'),
});

interface File {
  readonly servers: readonly Machine[];
  readonly clients: readonly Machine[];
  readonly members: readonly string[];
  readonly firewalls: readonly (readonly string[])[];
  readonly frame: Frame;
}

function written({
  servers,
  clients,
  members,
  firewalls,
  frame: { zones, web, branch, more },
}: File): string {
  const list = (key: string, values: readonly string[]) =>
    values.length > 0 ? `\n    ${key}: [${[...new Set(values)].join(', ')}]` : '';
  const lines = (
    names: readonly string[],
    machines: readonly Machine[],
    rest: (one: Machine, name: string) => string,
  ) =>
    names.map((name, index) => {
      const one = machines[index];
      return one?.isThere
        ? `  ${name}:\n    site: PS1${one.mistake && `\n    ${one.mistake}`}${rest(one, name)}\n`
        : '';
    });
  return `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.1.0.0/16, "fd00:1::/64"] }
  branch: { networks: [${branch}] }
  plant: { description: Nobody knows its networks }
sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
${lines(
  NAMES,
  servers,
  ({ zone, addresses, outside }, name) =>
    `\n    zone: ${zone}${list('addresses', addresses)}${list('publicAddresses', outside)}\n    roles: ${ROLES[name]}`,
).join('')}  last: { zone: hq, addresses: [10.1.9.9], roles: { domain-controller: } }
${more}clients:
${lines(
  GROUPS,
  clients,
  ({ zone, other, addresses }) =>
    `${list('zone', other ? [zone, other] : [zone])}${list('networks', addresses)}`,
).join('')}  rest: { site: PS1, zone: hq, networks: [10.1.8.0/24] }
addressGroups:
  some: [${members.join(', ')}]
  nested: [some, 10.1.9.9]
portGroups: { web: { tcp: ${web} } }
firewalls:
${firewalls
  .map((rules, index) => {
    const places = ['between: [[hq, branch], [hq, plant]]', `zones: ${zones}`, 'hosts: [mp1, dp1]'];
    const place = places[index];
    return `  fw${index}:\n    ${place}\n    rules:\n${rules.map((text) => `      - ${text}\n`).join('')}`;
  })
  .join('')}`;
}

function edited(file: File, { kind, place, server, group, members, rule: one, frame: other }: Step): File {
  const { servers, clients, firewalls } = file;
  const at = place % firewalls.length;
  const rules = firewalls[at] ?? [];
  const index = place % rules.length;
  const part = (['zones', 'web', 'branch', 'more'] as const)[place % 4] ?? 'web';
  const withRules = (others: readonly string[]) => ({ ...file, firewalls: firewalls.with(at, others) });
  switch (kind) {
    case 'server':
      return { ...file, servers: servers.with(place % servers.length, server) };
    case 'clients':
      return { ...file, clients: clients.with(place % clients.length, group) };
    case 'members':
      return { ...file, members };
    case 'more':
      return withRules(rules.toSpliced(index, 0, one));
    case 'less':
      return rules.length > 1 ? withRules(rules.toSpliced(index, 1)) : file;
    case 'other':
      return withRules(rules.with(index, one));
    case 'frame':
      return { ...file, frame: { ...file.frame, [part]: other[part] } };
    case 'turn':
      return withRules([...rules.slice(1), ...rules.slice(0, 1)]);
  }
}
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** What a user can see: findings, and what becomes of each flow at which rules. */
function seen(analysis: Analysis): readonly string[] {
  const { findings, flows, reach, topology } = analysis;
  const places = (verdict: Verdict) => [
    verdict.kind,
    ...(verdict.kind === 'unchecked' ? [] : verdict.by.map(({ rule: { span } }) => span.start)),
    ...(verdict.kind === 'blocked'
      ? verdict.blocks.map(({ firewall, rule: by, missing }) => [firewall.name, by?.span.start, missing])
      : []),
  ];
  const judge = reach();
  return [
    ...topology.problems.map(({ message }) => message),
    ...findings().map(({ code, span, message }) => `${code} ${span.start} ${span.end} ${message}`),
    ...flows().map((flow) => {
      const { from, to, protocol, ports } = flow;
      const rules = judge.rulesBetween(from, to, flow.zones).map(({ span }) => span.start);
      return `${from.name} ${to.name} ${protocol} ${ports} ${JSON.stringify([places(judge.verdict(flow)), rules])}`;
    }),
  ];
}

const drawn = fc.record({
  servers: fc.array(machine(ADDRESSES), { minLength: NAMES.length, maxLength: NAMES.length }),
  clients: fc.array(machine(NETWORKS), { minLength: GROUPS.length, maxLength: GROUPS.length }),
  members: fc.constant(['dp1']),
  firewalls: fc.array(fc.array(rule('allow', 'allow', 'deny'), { minLength: 1, maxLength: 6 }), {
    minLength: 3,
    maxLength: 3,
  }),
  frame: fc.constant({ zones: '[branch, plant]', web: '[80, 443]', branch: '10.2.0.0/16', more: '' }),
});

describe('machines that rules name', () => {
  it('are judged after an edit as in a text that is opened afresh', () => {
    let kept = 0;
    fc.assert(
      fc.property(drawn, fc.array(step, { minLength: 1, maxLength: 8 }), (first, steps) => {
        let file: File = first;
        let analysis = analyse(written(file));
        seen(analysis);
        for (const one of steps) {
          const before = new Set(analysis.reach().crossings(analysis.flows()));
          file = edited(file, one);
          const text = written(file);
          analysis = analyse(text, undefined, analysis);
          if (!one.isAsked) {
            analysis.topology.servers.get('last');
            continue;
          }
          assert.equal(seen(analysis).join('\n'), seen(analyse(text)).join('\n'), text);
          kept += analysis
            .reach()
            .crossings(analysis.flows())
            .filter((crossing) => before.has(crossing)).length;
        }
      }),
      { numRuns: 150 * TIMES },
    );
    assert.ok(kept > 0, 'some of what was judged stays');
  }).timeout(600_000);
});
