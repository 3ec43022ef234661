// Policies against the model that sends every packet.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { endpointsOf } from '../../../test/support/endpoints.ts';
import {
  type Family,
  MACHINES,
  model,
  type Packet,
  type Party,
  type Protocol,
  type Range,
  ranges,
  type World,
  word,
  world,
  written,
} from '../../../test/support/packets.ts';
import { computeFlows } from '../flows/compute.ts';
import type { Endpoint } from '../flows/flow.ts';
import { parseText } from '../text/parse.ts';
import type { Topology } from '../topology/model.ts';
import { readTopology } from '../topology/read.ts';
import { singleEnds } from './ends.ts';
import { policiesAgainstFlow, policiesAgainstRule, policiesBetween } from './policies.ts';
import { NO_PORTS } from './ports.ts';
import { reach } from './reach.ts';
import { type Violation, violationsIn } from './violations.ts';

interface Ban {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly tcp: readonly Range[] | undefined;
  readonly icmp: boolean;
  readonly except: readonly { readonly from: readonly string[]; readonly to: readonly string[] }[];
}

const words = fc.array(word, { minLength: 1, maxLength: 2 });
const ends = fc.record({ from: words, to: words });
const ban: fc.Arbitrary<Ban> = fc
  .record({
    ends,
    tcp: fc.option(ranges, { nil: undefined, freq: 3 }),
    icmp: fc.constantFrom(false, false, true),
    except: fc.oneof(
      { weight: 2, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(ends, { minLength: 1, maxLength: 2 }) },
    ),
  })
  .map(({ ends, ...rest }) => ({ ...ends, ...rest }));
const bans = fc.array(ban, { minLength: 1, maxLength: 2 });

const list = (items: readonly string[]) => `[${items.map((item) => `"${item}"`).join(', ')}]`;
const pairText = ({ from, to }: Pick<Ban, 'from' | 'to'>) => `from: ${list(from)}, to: ${list(to)}`;

function withPolicies(one: World, bans: readonly Ban[]): string {
  const policies = bans.map((each) =>
    [
      pairText(each),
      ...(each.tcp ? [`tcp: [${each.tcp.map(([low, high]) => `"${low}-${high}"`).join(', ')}]`] : []),
      ...(each.icmp ? ['icmp: true'] : []),
      ...(each.except.length > 0
        ? [`except: [${each.except.map((pair) => `{ ${pairText(pair)} }`).join(', ')}]`]
        : []),
    ].join(', '),
  );
  return `${written(one)}policies:\n${policies.map((policy) => `  - { ${policy} }\n`).join('')}`;
}

/** What a policy rules out, by the model. */
function bansOf(one: World) {
  const { isMeant } = model(one);
  const known = new Map<string, boolean>();
  const means = (text: string, party: Party): boolean => {
    const key = `${text} ${party.machine} ${party.zone} ${party.address?.family} ${party.address?.number}`;
    let is = known.get(key);
    if (is === undefined) {
      is = isMeant(text, party);
      known.set(key, is);
    }
    return is;
  };
  const holds = ({ from, to }: Pick<Ban, 'from' | 'to'>, { source, target }: Packet) =>
    from.some((text) => means(text, source)) && to.some((text) => means(text, target));
  const hasPort = ({ tcp, icmp }: Ban, protocol: Protocol, port: number) => {
    if (!tcp && !icmp) return true;
    if (protocol === 'icmp') return icmp;
    return protocol === 'tcp' && (tcp ?? []).some(([low, high]) => low <= port && port <= high);
  };
  return {
    means,
    forbids: (each: Ban, packet: Packet) =>
      hasPort(each, packet.protocol, packet.port) &&
      holds(each, packet) &&
      !each.except.some((pair) => holds(pair, packet)),
  };
}

/** An address that nobody knows, somewhere on the internet. */
const OUTSIDE = 1000;

/** Every machine at every address, and whoever else has an address of a zone, or is in one that has none. */
function everybody(one: World): readonly Party[] {
  const { partiesOf, zonesOf, addressesIn } = model(one);
  const machines = MACHINES.filter((name) => name !== 'l0').flatMap((machine) =>
    zonesOf(machine).flatMap((zone) => partiesOf(machine, zone)),
  );
  const isServer = (family: Family, number: number) =>
    one.servers.some(({ addresses }) =>
      addresses.some((own) => own.family === family && own.number === number),
    );
  const others = one.zones.flatMap(({ networks, internet }, zone): Party[] => {
    const at = (address: Party['address']): Party => ({ machine: '', zone, address, publicAddresses: [] });
    const inside = addressesIn(networks).filter(({ family, number }) => !isServer(family, number));
    const outside = ([4, 6] as const).map((family) => at({ family, number: OUTSIDE }));
    return [
      ...inside.map(at),
      ...(internet || networks.length === 0 ? [at(undefined)] : []),
      ...(internet ? outside : []),
    ];
  });
  return [...machines, ...others];
}

const canTalk = ({ source: a, target: b }: Pick<Packet, 'source' | 'target'>) =>
  (!a.address || !b.address || a.address.family === b.address.family) &&
  !(a.machine.startsWith('s') && a.machine === b.machine);

/** Some of many, spread over all. */
function some<T>(all: readonly T[], most: number): readonly T[] {
  return all.length <= most ? all : all.filter((_, index) => (index * most) % all.length < most);
}

function topologyOf(text: string): Topology {
  const topology = readTopology(parseText(text));
  assert.deepEqual(topology.problems, [], text);
  return topology;
}

/** The firewall and rule of the world that the product means. */
function meant(one: World, { firewalls }: Topology, { firewall, rule }: Violation) {
  const own = one.firewalls[[...firewalls.values()].indexOf(firewall)];
  const each = own?.rules[firewall.rules.indexOf(rule)];
  assert.ok(own && each);
  return each;
}

/** The packet of a violation as the model has it. */
function packetOf({ packet }: Violation['broken'][number], all: readonly Party[]): Packet {
  const party = ({ place, address, isNobody }: typeof packet.from): Party => {
    const start = address?.family === 6 ? 0xfd00n << 112n : 0x0a000000n;
    const number =
      address &&
      (address.low - start >= 0n && address.low - start < 256n ? Number(address.low - start) : OUTSIDE);
    const found = all.find(
      (each) =>
        each.machine === (isNobody ? '' : place.name) &&
        `z${each.zone}` === place.zone &&
        each.address?.family === address?.family &&
        each.address?.number === number,
    );
    assert.ok(found, `${place.name} in ${place.zone} at ${address?.family} ${number}`);
    return found;
  };
  const { from, to, protocol, port } = packet;
  return { source: party(from), target: party(to), protocol, port };
}

const TRAFFIC: readonly (readonly [Protocol, number])[] = [
  ['tcp', 1],
  ['tcp', 3],
  ['tcp', 5],
  ['udp', 2],
  ['icmp', 0],
];

describe('policies, packet by packet', function () {
  this.timeout(120_000);

  it('finds a rule on the way of every packet that is ruled out and gets through, and a packet for every rule', () => {
    let found = 0;
    fc.assert(
      fc.property(world, bans, (one, bans) => {
        const text = withPolicies(one, bans);
        const topology = topologyOf(text);
        const { route } = model(one);
        const { forbids } = bansOf(one);
        const all = everybody(one);
        const violations = violationsIn(topology, reach(topology));
        const told = new Map(bans.map((each) => [each, new Set<unknown>()]));
        for (const violation of violations) {
          const rule = meant(one, topology, violation);
          for (const broken of violation.broken) {
            found++;
            const each = bans[topology.policies.indexOf(broken.guard.policy)];
            assert.ok(each);
            told.get(each)?.add(rule);
            const packet = packetOf(broken, all);
            const shown = `${JSON.stringify(packet)}\n${text}`;
            assert.ok(forbids(each, packet), `not ruled out: ${shown}`);
            const by = route(packet)?.map(([, decides]) => decides);
            assert.ok(by?.includes(rule), `not let through by the rule: ${shown}`);
          }
        }
        const parties = some(all, 36);
        for (const source of parties)
          for (const target of parties)
            for (const [protocol, port] of TRAFFIC) {
              const packet: Packet = { source, target, protocol, port };
              const broken = canTalk(packet) ? bans.filter((each) => forbids(each, packet)) : [];
              const by = broken.length > 0 ? route(packet) : undefined;
              if (!by || by.length === 0) continue;
              for (const each of broken)
                assert.ok(
                  by.some(([, rule]) => told.get(each)?.has(rule)),
                  `not found: ${JSON.stringify(packet)}\n${text}`,
                );
            }
      }),
      { numRuns: 400, endOnFailure: true },
    );
    assert.ok(found > 100, `only ${found} violations were made`);
  });

  it('knows which connections cannot keep to a policy', () => {
    let found = 0;
    fc.assert(
      fc.property(
        world,
        bans,
        fc.constantFrom(...MACHINES),
        fc.constantFrom(...MACHINES),
        fc.constantFrom(...TRAFFIC),
        (one, bans, from, to, [protocol, port]) => {
          if (from === to && !from.startsWith('g')) return;
          const text = withPolicies(one, bans);
          const { topology, endpoints } = endpointsOf(text, one);
          const [source, target] = [endpoints.get(from), endpoints.get(to)];
          assert.ok(source && target);
          const ports = protocol === 'icmp' ? [] : [String(port)];
          const flow = {
            from: source,
            to: target,
            protocol,
            ports,
            service: '',
            connection: '',
            sources: [],
          };
          const against = policiesAgainstFlow({ ...flow, phase: 'operation' }, topology, reach(topology)).map(
            ({ policy }) => topology.policies.indexOf(policy),
          );
          const { zonesOf, partiesOf } = model(one);
          const { forbids } = bansOf(one);
          const expected = bans.flatMap((each, index) => {
            const isOut = zonesOf(from).some((zone) =>
              (from === to ? [zone] : zonesOf(to)).some((other) => {
                const families = ([4, 6] as const)
                  .map((family) =>
                    [partiesOf(from, zone), partiesOf(to, other)].map((parties) =>
                      parties.filter(({ address }) => !address || address.family === family),
                    ),
                  )
                  .filter((both) => both.every((parties) => parties.length > 0));
                const every = <T>(isGroup: boolean, items: readonly T[], is: (item: T) => boolean) =>
                  isGroup ? items.every(is) : items.some(is);
                const [isFrom, isTo] = [from.startsWith('g'), to.startsWith('g')];
                const keeps = ([a = [], b = []]: readonly (readonly Party[])[]) => {
                  const free = (source: Party, target: Party) =>
                    !forbids(each, { source, target, protocol, port });
                  // Clients are asked for one by one, the addresses of a server for one that does.
                  return isTo && !isFrom
                    ? b.every((target) => a.some((source) => free(source, target)))
                    : every(isFrom, a, (source) => every(isTo, b, (target) => free(source, target)));
                };
                return families.length > 0 && !families.some(keeps);
              }),
            );
            return isOut ? [index] : [];
          });
          found += expected.length;
          assert.deepEqual(against, expected, `${from} > ${to} ${protocol} ${port}\n${text}`);
        },
      ),
      { numRuns: 1500, endOnFailure: true },
    );
    assert.ok(found > 100, `only ${found} conflicts were made`);
  });

  it('knows a rule that would let through what is ruled out, wherever it would be', () => {
    let found = 0;
    fc.assert(
      fc.property(world, bans, ends, fc.constantFrom(...TRAFFIC), (one, bans, names, [protocol, port]) => {
        if (one.firewalls.length === 0) return;
        const text = withPolicies(one, bans);
        const topology = topologyOf(text);
        const written = (side: 'from' | 'to') =>
          singleEnds(
            names[side].map((value) => ({ value })),
            topology,
          );
        const [from, to] = [written('from'), written('to')];
        assert.ok(from && to);
        const ports = {
          tcp: NO_PORTS,
          udp: NO_PORTS,
          icmp: NO_PORTS,
          [protocol]: [{ low: port, high: port }],
        };
        const { between } = model(one);
        const { forbids, means } = bansOf(one);
        const all = everybody(one);
        const sources = some(
          all.filter((party) => names.from.some((text) => means(text, party))),
          40,
        );
        const targets = some(
          all.filter((party) => names.to.some((text) => means(text, party))),
          40,
        );
        for (const [index, firewall] of [...topology.firewalls.values()].entries()) {
          const own = one.firewalls[index];
          assert.ok(own);
          const against = new Set(
            policiesAgainstRule({ from, to }, ports, topology, firewall).map(({ policy }) =>
              topology.policies.indexOf(policy),
            ),
          );
          const isOnWay = ({ source, target }: Packet) =>
            own.kind === 'hosts'
              ? own.hosts.includes(source.machine) || own.hosts.includes(target.machine)
              : between(source.zone, target.zone).includes(own);
          for (const source of sources)
            for (const target of targets) {
              const packet: Packet = { source, target, protocol, port };
              if (!canTalk(packet) || !isOnWay(packet)) continue;
              for (const [number, each] of bans.entries())
                if (forbids(each, packet)) {
                  found++;
                  assert.ok(
                    against.has(number),
                    `${JSON.stringify(packet)}\n${JSON.stringify(names)}\n${text}`,
                  );
                }
            }
        }
      }),
      { numRuns: 400, endOnFailure: true },
    );
    assert.ok(found > 100, `only ${found} packets were ruled out`);
  });
});

describe('a policy about a part of a client group', () => {
  it('rules out what clients need in one of the zones of their group', () => {
    const topology = readTopology(
      parseText(`configmgr: 2025-12
zones: { hq: , branch: , kiosk: }
sites: { PS1: { type: primary } }
servers: { mp: { site: PS1, zone: hq, roles: { management-point: } } }
clients: { pcs: { site: PS1, zone: [branch, kiosk] }, own: { site: PS1, zone: branch } }
policies: [{ name: none from the kiosk, from: kiosk, to: hq }]
`),
    );
    const against = (name: string) =>
      computeFlows(topology)
        .filter(({ from, to }) => from.name === name && to.name === 'mp')
        .map((flow) => policiesAgainstFlow(flow, topology, reach(topology)).length);
    assert.ok(against('pcs').length > 0 && against('own').length > 0);
    assert.deepEqual(new Set(against('pcs')), new Set([1]));
    assert.deepEqual(new Set(against('own')), new Set([0]));
  });

  it('leaves a server its other address to reach them', () => {
    const against = (from: string) => {
      const topology = readTopology(
        parseText(`configmgr: 2025-12
zones: { hq: { networks: [10.1.0.0/16] }, branch: { networks: [10.2.0.0/16] } }
sites: { PS1: { type: primary } }
servers: { cm: { site: PS1, zone: hq, addresses: [10.1.0.1, 10.1.0.2], roles: { site-server: } } }
clients: { pcs: { site: PS1, zone: branch, installation: [client-push] } }
policies: [{ name: none, from: ${from}, to: 10.2.4.0/24 }]
`),
      );
      const flow = computeFlows(topology).find(({ from, to }) => from.name === 'cm' && to.name === 'pcs');
      assert.ok(flow);
      return policiesAgainstFlow(flow, topology, reach(topology)).length;
    };
    assert.equal(against('10.1.0.2'), 0);
    assert.equal(against('cm'), 1);
  });

  it('rules out what clients need of a server that has an address of a family that they have not', () => {
    const against = (group: string) => {
      const topology = topologyOf(`configmgr: 2025-12
zones: { hq: , branch: }
sites: { PS1: { type: primary } }
servers: { mp: { site: PS1, zone: hq, addresses: [10.1.0.1, "fd00:1::1"], roles: { management-point: } } }
clients: { pcs: { site: PS1, zone: branch, networks: [${group}] } }
policies: [{ name: none, from: pcs, to: 10.1.0.1 }]
`);
      return computeFlows(topology).map(
        (flow) => policiesAgainstFlow(flow, topology, reach(topology)).length,
      );
    };
    assert.deepEqual(new Set(against('10.2.4.0/24')), new Set([1]));
    assert.deepEqual(new Set(against('"fd00:2::/64"')), new Set([0]));
    assert.deepEqual(new Set(against('10.2.4.0/24, "fd00:2::/64"')), new Set([0]), 'they have IPv6');
  });

  it('rules out what its clients need of one another, for they go to each of them', () => {
    const topology = readTopology(
      parseText(`configmgr: 2025-12
zones: { branch: { networks: [10.2.0.0/16] } }
sites: { PS1: { type: primary, wakeUpProxy: true } }
clients: { pcs: { site: PS1, zone: branch, networks: [10.2.4.0/24], features: [wake-up-proxy] } }
policies:
  - { name: no clients, from: branch, to: 10.2.4.0/25, udp: any }
`),
    );
    const within = computeFlows(topology).filter(
      ({ from, to, protocol }) => from === to && protocol === 'udp',
    );
    assert.ok(within.length > 0);
    for (const flow of within)
      assert.equal(policiesAgainstFlow(flow, topology, reach(topology)).length, 1, flow.service);
  });
});

describe('a policy about whoever has no known address', () => {
  const topology = topologyOf(`configmgr: 2025-12
zones: { hq: { networks: [10.1.0.0/16] }, dmz: , net: { internet: true } }
sites: { PS1: { type: primary } }
clients: { visitors: { site: PS1 } }
firewalls:
  edge:
    zones: [hq, dmz, net]
    rules:
      - { name: files, action: allow, from: dmz, to: hq, tcp: 445 }
policies:
  - { name: no visitors, from: visitors, to: hq }
  - { name: no dmz, from: dmz, to: hq, tcp: 1-1023 }
  - { name: no internet, from: net, to: hq }
`);

  it('rules out a rule for a client group whose zone nobody knows', () => {
    const against = (name: string) => {
      const [from, to] = [[{ value: name }], [{ value: 'hq' }]].map((words) => singleEnds(words, topology));
      assert.ok(from && to);
      const ports = { tcp: [{ low: 445, high: 445 }], udp: NO_PORTS, icmp: NO_PORTS };
      return policiesAgainstRule({ from, to }, ports, topology).map(({ policy }) => policy.name?.value);
    };
    assert.deepEqual(against('visitors'), ['no visitors']);
    assert.deepEqual(against('dmz'), ['no dmz']);
    assert.deepEqual(against('net'), ['no internet']);
  });

  it('is one about the whole of IPv4, and none about a part of it or about IPv6', () => {
    const whole = topologyOf(`configmgr: 2025-12
zones: { hq: { networks: [10.1.0.0/16] }, dmz: }
sites: { PS1: { type: primary } }
policies:
  - { name: all, from: 0.0.0.0/0, to: hq }
  - { name: half, from: 0.0.0.0/1, to: hq }
  - { name: IPv6, from: "::/0", to: hq }
`);
    const [from, to] = ['dmz', 'hq'].map((value) => singleEnds([{ value }], whole));
    assert.ok(from && to);
    const ports = { tcp: [{ low: 445, high: 445 }], udp: NO_PORTS, icmp: NO_PORTS };
    assert.deepEqual(
      policiesAgainstRule({ from, to }, ports, whole).map(({ policy }) => policy.name?.value),
      ['all'],
    );
  });

  it('is broken by a rule for a zone without networks, in which there is no machine of the file', () => {
    const broken = violationsIn(topology, reach(topology)).map(({ rule, broken }) => [
      rule.name?.value,
      ...broken.map(
        ({ guard, packet }) => `${guard.policy.name?.value}: ${packet.from.address} ${packet.port}`,
      ),
    ]);
    assert.deepEqual(broken, [['files', 'no dmz: undefined 445']]);
  });
});

describe('a policy between two servers', () => {
  const topology = topologyOf(`configmgr: 2025-12
zones:
  old: { networks: [10.0.0.0/24] }
  hq: { networks: [10.1.0.0/16, "fd00:1::/64"] }
  far: { networks: [10.3.0.0/16] }
  dmz:
  net: { internet: true }
sites: { PS1: { type: primary } }
servers:
  cm: { site: PS1, zone: hq, addresses: [10.1.0.10] }
  six: { site: PS1, zone: hq, addresses: ["fd00:1::6"] }
  db: { site: PS1, zone: old, addresses: [10.0.0.5] }
  bare: { site: PS1, zone: dmz }
  mail: { site: PS1, zone: net }
firewalls:
  edge: { zones: [old, hq, dmz, net], rules: [{ name: all, action: allow, from: any, to: any }] }
  side: { zones: [far, dmz], rules: [] }
  own: { hosts: [cm], rules: [{ name: self, action: allow, from: cm, to: cm }] }
policies:
  - { name: old, from: old, to: dmz }
  - { name: hq, from: 10.1.0.0/24, to: dmz }
  - { name: far, from: far, to: dmz }
  - { name: dmz, from: dmz, to: hq }
  - { name: net, from: net, to: dmz }
  - { name: dns, from: 8.8.8.0/24, to: dmz }
  - { name: self, from: cm, to: cm }
  - { name: families, from: cm, to: six }
`);
  const endpoint = (name: string): Endpoint => {
    const server = topology.servers.get(name);
    assert.ok(server);
    return { name, kind: 'server', server, zone: server.zone?.value };
  };
  const between = (from: string, to: string) =>
    policiesBetween(endpoint(from), endpoint(to), topology).map(({ policy }) => policy.name?.value);

  it('is one about their addresses or zones, and none about those of others', () => {
    assert.deepEqual(between('cm', 'bare'), ['hq']);
    assert.deepEqual(between('db', 'bare'), ['old']);
    assert.deepEqual(between('six', 'bare'), []);
    assert.deepEqual(between('bare', 'cm'), ['dmz']);
    assert.deepEqual(between('mail', 'bare'), ['net', 'dns'], 'its address may be any of the internet');
    assert.deepEqual(between('cm', 'six'), [], 'nothing goes from IPv4 to IPv6');
  });

  it('is broken by a rule only where packets cross its firewall', () => {
    const against = (name: string) => {
      const any = singleEnds([{ value: 'any' }], topology);
      assert.ok(any);
      const all = [{ low: 1, high: 65535 }];
      const ports = { tcp: all, udp: all, icmp: NO_PORTS };
      return policiesAgainstRule({ from: any, to: any }, ports, topology, topology.firewalls.get(name)).map(
        ({ policy }) => policy.name?.value,
      );
    };
    assert.deepEqual(against('side'), ['far']);
    assert.ok(!against('edge').includes('far'));
    assert.ok(against('edge').includes('dmz'));
  });

  it('is not broken by what a server sends to itself, nor by what no packet can be', () => {
    const broken = violationsIn(topology, reach(topology)).flatMap(({ broken }) =>
      broken.map(({ guard }) => guard.policy.name?.value),
    );
    assert.deepEqual(new Set(broken), new Set(['old', 'hq', 'dmz', 'net', 'dns']));
  });

  it('is not broken by what is denied at the address that it is about', () => {
    const broken = (denied: string) => {
      const file = topologyOf(`configmgr: 2025-12
zones: { hq: { networks: [10.1.0.0/16] }, dmz: { networks: [10.2.0.0/16] } }
servers: { twin: { zone: hq, addresses: [10.1.0.1, 10.1.0.2] } }
firewalls:
  edge:
    zones: [hq, dmz]
    rules:
      - { action: deny, from: ${denied}, to: dmz }
      - { action: allow, from: twin, to: dmz }
policies: [{ from: 10.1.0.2, to: dmz }]
`);
      return violationsIn(file, reach(file)).length;
    };
    assert.equal(broken('10.1.0.2'), 0);
    assert.equal(broken('10.1.0.1'), 1);
  });

  it('is not judged where it has a mistake, and then a rule for any of its ports may break it', () => {
    const text = (policy: string) =>
      parseText(`configmgr: 2025-12
zones: { hq: { networks: [10.1.0.0/16] }, dmz: { networks: [10.2.0.0/16] } }
firewalls:
  edge: { zones: [hq, dmz], rules: [{ action: allow, from: dmz, to: hq, tcp: 445 }] }
policies:
  - ${policy}
`);
    const judged = (policy: string) => {
      const file = readTopology(text(policy));
      const [from, to] = ['hq', 'dmz'].map((value) => singleEnds([{ value }], file));
      assert.ok(from && to);
      const ports = { tcp: [{ low: 445, high: 445 }], udp: NO_PORTS, icmp: NO_PORTS };
      return [violationsIn(file, reach(file)).length, policiesAgainstRule({ from, to }, ports, file).length];
    };
    assert.deepEqual(judged('{ from: dmz, to: hq, tcp: 445 }'), [1, 0]);
    assert.deepEqual(judged('{ form: dmz, to: any, tcp: 80 }'), [0, 1], 'whoever sends, and all ports');
    assert.deepEqual(judged('{ from: dmx, to: any, tcp: 445 }'), [0, 1]);
    const but = (ends: string) => `from: dmz\n    to: hq\n    except:\n      - ${ends}`;
    assert.deepEqual(judged(but('{ from: dmz, to: 10.1.0.1 }')), [1, 0]);
    assert.deepEqual(judged(but('from: dmz')), [0, 0]);
    assert.deepEqual(judged('from: dmz\n    to: hq\n    ? tpc'), [0, 0], 'the mistake is its last word');
  });
});

it('a flow to ports that the file does not give keeps no policy about all of them, and every other one', () => {
  const against = (policy: string) => {
    const topology = readTopology(
      parseText(`configmgr: 2025-12
zones: { hq: { networks: [10.1.0.0/16] }, branch: { networks: [10.2.0.0/16] } }
sites: { PS1: { type: primary, database: { server: cm } } }
servers:
  cm: { site: PS1, zone: hq, addresses: 10.1.0.1, roles: { site-server: , sql-server: , sms-provider: } }
  dp: { site: PS1, zone: branch, addresses: 10.2.0.1, roles: { distribution-point: } }
policies: [{ from: hq, to: branch, ${policy} }]
`),
    );
    const judge = reach(topology);
    return computeFlows(topology)
      .filter(({ from, to, ports }) => from.name === 'cm' && to.name === 'dp' && ports.includes('dynamic'))
      .map((flow) => policiesAgainstFlow(flow, topology, judge).length);
  };
  assert.deepEqual(against('tcp: any'), [1]);
  assert.deepEqual(against('tcp: 1-65534'), [0]);
  assert.deepEqual(against('tcp: 445'), [0]);
});

it('a group of nothing but the addresses of servers is ruled out by them', () => {
  const against = (policy: string) => {
    const topology = readTopology(
      parseText(`configmgr: 2025-12
zones: { hq: { networks: [10.1.0.0/16] }, branch: { networks: [10.2.0.0/16] } }
sites: { PS1: { type: primary } }
servers:
  mp: { site: PS1, zone: hq, addresses: 10.1.0.1, roles: { management-point: { protocol: https } } }
  pc: { zone: branch, addresses: [10.2.0.1] }
clients: { pcs: { site: PS1, zone: branch, networks: [10.2.0.1/32] } }
policies: [{ ${policy}, to: mp }]
`),
    );
    const judge = reach(topology);
    return computeFlows(topology)
      .filter(({ from, to, ports }) => from.name === 'pcs' && to.name === 'mp' && ports.includes('443'))
      .map((flow) => policiesAgainstFlow(flow, topology, judge).length);
  };
  assert.deepEqual(against('from: pcs'), [1]);
  assert.deepEqual(against('from: 10.2.0.2'), [0]);
});
