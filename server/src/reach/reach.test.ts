import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Endpoint } from '../flows/flow.ts';
import { parseText } from '../text/parse.ts';
import { effectiveZone } from '../topology/effective.ts';
import type { Topology } from '../topology/model.ts';
import { readTopology } from '../topology/read.ts';
import { formatPorts, portSet } from './ports.ts';
import { type Protocol, type Reach, reach, type Verdict } from './reach.ts';

function endpointOf(name: string, topology: Topology): Endpoint {
  const server = topology.servers.get(name);
  const clients = topology.clients.get(name);
  const machine = server ?? clients;
  if (!machine) {
    const zone = [...topology.zones.values()].find(({ internet }) => internet)?.name;
    return { name, kind: 'cloud', zone };
  }
  const base = { name, zone: effectiveZone(machine, topology)?.name };
  return server ? { ...base, kind: 'server', server } : { ...base, kind: 'clients', clients };
}

const show = (verdict: Verdict) => {
  if (verdict.kind === 'unchecked') return 'unchecked';
  const rule = (name: string | undefined) => name ?? 'default';
  if (verdict.kind === 'allowed')
    return `allowed ${verdict.by.map(({ firewall, rule: { name } }) => `${firewall.name}/${rule(name?.value)}`).join(' ')}`.trim();
  return verdict.blocks
    .map((block) =>
      `${block.firewall.name}/${rule(block.rule?.name?.value)} ${formatPorts(block.missing)}`.trim(),
    )
    .join('; ');
};

function asker(text: string) {
  const topology = readTopology(parseText(text));
  const judge: Reach = reach(topology);
  const endpoints = new Map<string, Endpoint>();
  const endpoint = (name: string) => {
    const known = endpoints.get(name) ?? endpointOf(name, topology);
    endpoints.set(name, known);
    return known;
  };
  return (from: string, to: string, protocol: Protocol, ...ports: readonly number[]) =>
    show(
      judge.judge({
        from: endpoint(from),
        to: endpoint(to),
        protocol,
        ports: portSet(ports.map((port) => ({ low: port, high: port }))),
      }),
    );
}

const zones = (rules: string, more = '') =>
  `configmgr: 2017-09
zones:
  hq: { networks: [10.1.0.0/16] }
  dmz: { networks: [10.2.0.0/16] }
  far: { networks: [10.3.0.0/16] }
  island: {}
  internet: { internet: true }
sites: { AAA: { type: primary } }
servers:
  cm: { zone: hq, addresses: [10.1.0.1] }
  bare: { zone: hq }
  twin: { zone: hq, addresses: [10.1.0.2, "fd00::2"] }
  pub: { zone: dmz, addresses: [10.2.0.1] }
  six: { zone: dmz, addresses: ["fd00:2::1"] }
  away: { zone: far }
  alone: { zone: island }
  nowhere: {}
clients:
  pcs: { site: AAA, zone: hq, networks: [10.1.64.0/24] }
  all: { site: AAA, zone: hq }
firewalls:
  edge:
    zones: [hq, dmz, internet]
    rules:
${rules
  .trim()
  .split('\n')
  .map((rule) => `      - { ${rule.trim()} }\n`)
  .join('')}${more}`;

describe('reachability', () => {
  it('takes the first rule that matches, and denies what none does', () => {
    const ask = asker(
      zones(`name: no, action: deny, from: cm, to: pub, tcp: 81
        name: web, action: allow, from: hq, to: dmz, tcp: [80-90]
        name: late, action: deny, from: cm, to: pub, tcp: 80`),
    );
    assert.equal(ask('cm', 'pub', 'tcp', 80), 'allowed edge/web');
    assert.equal(ask('cm', 'pub', 'tcp', 80, 81, 82, 443), 'edge/no 81, 443');
    assert.equal(ask('cm', 'pub', 'tcp', 443), 'edge/default 443');
    assert.equal(ask('cm', 'pub', 'udp', 80), 'edge/default 80');
    assert.equal(ask('pub', 'cm', 'tcp', 80), 'edge/default 80', 'only replies come back');
  });

  it('tells protocols apart, and takes a rule without any for all of them', () => {
    const ask = asker(
      zones(`name: ping, action: allow, from: cm, to: pub, icmp: true
        name: any, action: allow, from: bare, to: pub
        name: udp, action: allow, from: twin, to: pub, udp: any`),
    );
    assert.equal(ask('cm', 'pub', 'icmp'), 'allowed edge/ping');
    assert.equal(ask('cm', 'pub', 'tcp', 1), 'edge/default 1');
    for (const protocol of ['tcp', 'udp', 'icmp'] as const)
      assert.equal(ask('bare', 'pub', protocol, 7), 'allowed edge/any');
    assert.equal(ask('twin', 'pub', 'udp', 65535), 'allowed edge/udp');
    assert.equal(ask('twin', 'pub', 'icmp'), 'edge/default');
  });

  it('knows machines by name, by address and by zone', () => {
    const ask = asker(
      zones(`name: address, action: allow, from: 10.1.0.1, to: any, tcp: 1
        name: network, action: allow, from: 10.1.0.0/24, to: any, tcp: 2
        name: zone, action: allow, from: hq, to: any, tcp: 3
        name: group, action: allow, from: all, to: any, tcp: 4
        name: six, action: allow, from: hq, to: "fd00:2::/64", tcp: 5`),
    );
    assert.equal(ask('cm', 'pub', 'tcp', 1, 2, 3), 'allowed edge/address edge/network edge/zone');
    assert.equal(ask('bare', 'pub', 'tcp', 1, 2, 3), 'edge/default 1-2', 'no address lies in no network');
    assert.equal(ask('cm', 'pub', 'tcp', 4), 'allowed edge/group', 'a group without networks is its zone’s');
    assert.equal(ask('bare', 'pub', 'tcp', 4), 'edge/default 4');
    assert.equal(ask('cm', 'six', 'tcp', 5), 'allowed edge/six', 'two machines without a common family');
    assert.equal(ask('cm', 'pub', 'tcp', 5), 'edge/default 5');
  });

  it('wants every client of a group through, and one address of a server', () => {
    const ask = asker(
      zones(`name: half, action: allow, from: 10.1.64.0/25, to: dmz, tcp: 1
        name: kiosk, action: deny, from: 10.1.64.200, to: any, tcp: 2
        name: rest, action: allow, from: pcs, to: dmz, tcp: 2
        name: four, action: allow, from: 10.1.0.2, to: dmz, tcp: 3
        name: cm, action: allow, from: cm, to: any, tcp: 4
        name: not-cm, action: deny, from: cm, to: any, tcp: 5
        name: hq, action: allow, from: hq, to: any, tcp: [4, 5]`),
    );
    assert.equal(ask('pcs', 'pub', 'tcp', 1), 'edge/default 1');
    assert.equal(ask('pcs', 'pub', 'tcp', 2), 'edge/kiosk 2');
    assert.equal(ask('twin', 'pub', 'tcp', 3), 'allowed edge/four');
    assert.equal(ask('all', 'pub', 'tcp', 4), 'allowed edge/hq');
    assert.equal(ask('all', 'pub', 'tcp', 5), 'allowed edge/hq', 'a server in the zone is no client');
  });

  it('puts cloud services into the zone marked internet, and knows the whole internet as a network', () => {
    const ask = asker(zones('name: out, action: allow, from: cm, to: 0.0.0.0/0, tcp: 443'));
    assert.equal(ask('cm', 'azure', 'tcp', 443), 'allowed edge/out');
    assert.equal(ask('cm', 'azure', 'tcp', 80), 'edge/default 80');
    const without = asker(zones('action: allow, from: cm, to: pub').replace('{ internet: true }', '{}'));
    assert.equal(without('cm', 'azure', 'tcp', 443), 'unchecked');
  });

  it('filters nothing in one zone, between zones that nothing joins, and without firewalls', () => {
    const ask = asker(zones('name: none, action: deny, from: any, to: any'));
    assert.equal(ask('cm', 'bare', 'tcp', 1), 'allowed');
    assert.equal(ask('cm', 'alone', 'tcp', 1), 'allowed');
    assert.equal(ask('cm', 'nowhere', 'tcp', 1), 'unchecked');
    assert.equal(ask('cm', 'pub', 'tcp'), 'unchecked', 'no port is known');
  });

  it('asks every firewall of the shortest chains, and none of a longer one', () => {
    const more = `  inner:
    zones: [dmz, far]
    rules: [{ name: in, action: allow, from: any, to: away, tcp: [1, 2] }]
  other:
    zones: [internet, far]
    rules: [{ name: side, action: allow, from: any, to: away, tcp: [1] }]
  loop-a: { zones: [hq, island], rules: [] }
  loop-b: { zones: [island, dmz], rules: [] }
`;
    const ask = asker(zones('name: out, action: allow, from: hq, to: any, tcp: [1, 2, 3]', more));
    assert.equal(ask('cm', 'away', 'tcp', 1), 'allowed edge/out inner/in other/side');
    assert.equal(ask('cm', 'away', 'tcp', 2), 'other/default 2');
    assert.equal(
      ask('cm', 'away', 'tcp', 1, 2, 3, 4),
      'edge/default 4; inner/default 3-4; other/default 2-4',
    );
    assert.equal(ask('cm', 'pub', 'tcp', 1), 'allowed edge/out', 'round by the island is longer');
  });

  it('does not judge by what could not be read', () => {
    for (const rules of [
      'action: allow, from: cn, to: pub',
      'action: allow, from: [cm, 10.1.0.999], to: pub',
      'action: permit, from: cm, to: pub',
      'action: allow, from: cm, to: pub, tpc: 443',
      'action: allow, from: cm, to: pub, tcp: 70000',
    ])
      assert.equal(asker(zones(rules))('cm', 'pub', 'tcp', 1), 'unchecked', rules);
    const text = zones('action: allow, from: any, to: dmz, tcp: 443');
    const lost = asker(text.replace('addresses: [10.1.0.1]', 'addresses: [10.1.0]'));
    assert.equal(lost('cm', 'pub', 'tcp', 1), 'unchecked');
    assert.equal(lost('twin', 'pub', 'tcp', 1), 'edge/default 1');
    assert.equal(asker(text.replace('    rules:', '   rules'))('cm', 'pub', 'tcp', 1), 'unchecked');
  });
});

// --- Against a model that goes through single addresses, ports and paths ---------------------------

interface Rule {
  readonly action: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly tcp: readonly (readonly [number, number])[] | undefined;
}
interface World {
  readonly servers: readonly { readonly zone: number; readonly addresses: readonly number[] }[];
  readonly groups: readonly { readonly zone: number; readonly network: number | undefined }[];
  readonly firewalls: readonly { readonly zones: readonly number[]; readonly rules: readonly Rule[] }[];
}

/** Zone z has 10.0.z.0/28; addresses count on from there. Networks are /30 inside. */
const ZONES = 5;
const dotted = (address: number) => `10.0.${Math.floor(address / 16)}.${address % 16}`;
const names = [
  'any',
  ...Array.from({ length: ZONES }, (_, zone) => `z${zone}`),
  's0',
  's1',
  's2',
  's3',
  'g0',
  'g1',
];
const end = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...names) },
  { weight: 1, arbitrary: fc.nat({ max: ZONES * 16 - 1 }).map(dotted) },
  { weight: 1, arbitrary: fc.nat({ max: ZONES * 4 - 1 }).map((quarter) => `${dotted(quarter * 4)}/30`) },
);
const ends = fc.array(end, { minLength: 1, maxLength: 3 });
const portRange = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 3 }))
  .map(([low, length]) => [low, low + length] as const);
const ruleArbitrary: fc.Arbitrary<Rule> = fc.record({
  action: fc.constantFrom('allow', 'allow', 'deny'),
  from: ends,
  to: ends,
  tcp: fc.option(fc.array(portRange, { minLength: 1, maxLength: 2 }), { nil: undefined, freq: 4 }),
});
const zoneNumber = fc.nat({ max: ZONES - 1 });
const world: fc.Arbitrary<World> = fc.record({
  servers: fc.array(
    fc.record({ zone: zoneNumber, addresses: fc.uniqueArray(fc.nat({ max: 15 }), { maxLength: 2 }) }),
    { minLength: 4, maxLength: 4 },
  ),
  groups: fc.array(
    fc.record({ zone: zoneNumber, network: fc.option(fc.nat({ max: 3 }), { nil: undefined }) }),
    { minLength: 2, maxLength: 2 },
  ),
  firewalls: fc.array(
    fc.record({
      zones: fc.uniqueArray(zoneNumber, { minLength: 2, maxLength: 3 }),
      rules: fc.array(ruleArbitrary, { maxLength: 6 }),
    }),
    { maxLength: 5 },
  ),
});

function written({ servers, groups, firewalls }: World): string {
  const list = (items: readonly string[]) => `[${items.join(', ')}]`;
  return `configmgr: 2017-09
zones:
${Array.from({ length: ZONES }, (_, zone) => `  z${zone}: { networks: [10.0.${zone}.0/28] }\n`).join('')}servers:
${servers.map(({ zone, addresses }, index) => `  s${index}: { zone: z${zone}, addresses: ${list(addresses.map((address) => dotted(zone * 16 + address)))} }\n`).join('')}sites: { AAA: { type: primary } }
clients:
${groups.map(({ zone, network }, index) => `  g${index}: { site: AAA, zone: z${zone}${network === undefined ? '' : `, networks: [${dotted(zone * 16 + network * 4)}/30]`} }\n`).join('')}firewalls:
${firewalls.map(({ zones, rules }, index) => `  f${index}:\n    zones: ${list(zones.map((zone) => `z${zone}`))}\n    rules:\n${rules.map(({ action, from, to, tcp }) => `      - { action: ${action}, from: ${list(from)}, to: ${list(to)}${tcp ? `, tcp: ${list(tcp.map(([low, high]) => (low === high ? String(low) : `${low}-${high}`)))}` : ''} }\n`).join('')}`).join('')}`;
}

/** One machine of the world: a server at one of its addresses, or one client. */
interface Atom {
  readonly name: string;
  readonly zone: number;
  readonly address: number | undefined;
}

function naive({ servers, groups, firewalls }: World) {
  const addressesOf = servers.map(({ zone, addresses }) => addresses.map((address) => zone * 16 + address));
  const networkOf = groups.map(({ zone, network }) =>
    Array.from(
      { length: network === undefined ? 16 : 4 },
      (_, index) => zone * 16 + (network ?? 0) * 4 + index,
    ),
  );
  const atoms = (name: string): readonly Atom[] => {
    const index = Number(name[1]);
    if (name.startsWith('s')) {
      const zone = servers[index]?.zone ?? 0;
      const own = addressesOf[index] ?? [];
      return own.length > 0
        ? own.map((address) => ({ name, zone, address }))
        : [{ name, zone, address: undefined }];
    }
    const zone = groups[index]?.zone ?? 0;
    const all = networkOf[index] ?? [];
    const clients = all.filter((address) => !addressesOf.flat().includes(address));
    return (clients.length > 0 ? clients : all).map((address) => ({ name, zone, address }));
  };
  const matches = (end: string, { name, zone, address }: Atom): boolean => {
    const index = Number(end[1]);
    const among = (addresses: readonly number[]) => address !== undefined && addresses.includes(address);
    if (end === 'any') return true;
    if (end.startsWith('z'))
      return zone === index || (address !== undefined && Math.floor(address / 16) === index);
    if (end.startsWith('s')) {
      const own = addressesOf[index] ?? [];
      return own.length > 0 ? among(own) : name === end;
    }
    if (end.startsWith('g')) return name === end || among(networkOf[index] ?? []);
    const [text = '', prefix] = end.split('/');
    const [, , third = 0, fourth = 0] = text.split('.').map(Number);
    const start = third * 16 + fourth;
    return among(prefix === undefined ? [start] : [start, start + 1, start + 2, start + 3]);
  };
  const passes = (firewall: number, from: Atom, to: Atom, port: number): boolean => {
    for (const { action, from: sources, to: targets, tcp } of firewalls[firewall]?.rules ?? []) {
      if (!sources.some((end) => matches(end, from)) || !targets.some((end) => matches(end, to))) continue;
      if (tcp && !tcp.some(([low, high]) => low <= port && port <= high)) continue;
      return action === 'allow';
    }
    return false;
  };
  /** Every way of walking from zone to zone through one firewall after another, shortest ones only. */
  const chains = (from: number, to: number): readonly (readonly number[])[] => {
    let paths: { zone: number; through: readonly number[] }[] = [{ zone: from, through: [] }];
    for (let length = 0; length <= firewalls.length; length++) {
      const there = paths.filter(({ zone }) => zone === to);
      if (there.length > 0) return there.map(({ through }) => through);
      paths = paths.flatMap(({ zone, through }) =>
        firewalls.flatMap(({ zones }, index) =>
          zones.includes(zone) && !through.includes(index)
            ? zones
                .filter((next) => next !== zone)
                .map((next) => ({ zone: next, through: [...through, index] }))
            : [],
        ),
      );
    }
    return [];
  };
  return (from: string, to: string, port: number): boolean => {
    const [sources, targets] = [atoms(from), atoms(to)];
    const [first] = sources;
    const [last] = targets;
    if (!first || !last) return true;
    return chains(first.zone, last.zone).every((chain) =>
      chain.every((firewall) => {
        const passing = (a: Atom, b: Atom) => passes(firewall, a, b, port);
        const every = (list: readonly Atom[], name: string, test: (atom: Atom) => boolean) =>
          name.startsWith('g') ? list.every(test) : list.some(test);
        // A group wants all its clients through, whichever side it is on.
        return from.startsWith('g') || !to.startsWith('g')
          ? every(sources, from, (a) => every(targets, to, (b) => passing(a, b)))
          : every(targets, to, (b) => every(sources, from, (a) => passing(a, b)));
      }),
    );
  };
}

describe('reachability, on generated networks', function () {
  this.timeout(60_000);

  it('is what going through every address, port and path gives', () => {
    fc.assert(
      fc.property(world, (model) => {
        const text = written(model);
        const ask = asker(text);
        const expected = naive(model);
        const machines = ['s0', 's1', 's2', 's3', 'g0', 'g1'];
        for (const from of machines) {
          for (const to of machines) {
            if (from === to) continue;
            const passing = [1, 3, 5, 8].filter((port) => expected(from, to, port));
            for (const port of [1, 3, 5, 8])
              assert.equal(
                ask(from, to, 'tcp', port).startsWith('allowed'),
                passing.includes(port),
                `${from} > ${to} ${port}: ${ask(from, to, 'tcp', port)}\n${written(model)}`,
              );
            const together = ask(from, to, 'tcp', 1, 3, 5, 8);
            // What was asked before is remembered, and makes no difference.
            assert.equal(together, asker(text)(from, to, 'tcp', 1, 3, 5, 8), `${from} > ${to}\n${text}`);
            if (passing.length < 4) {
              const missing = together
                .split('; ')
                .flatMap((block) => block.split(' ').slice(1).join(' ').split(', ').map(Number));
              assert.deepEqual(
                [...new Set(missing)].sort((a, b) => a - b),
                [1, 3, 5, 8].filter((port) => !passing.includes(port)),
                `${from} > ${to}: ${together}\n${written(model)}`,
              );
            }
          }
        }
      }),
      { numRuns: 400 },
    );
  });
});
