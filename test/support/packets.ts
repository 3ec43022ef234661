// A small world of machines and firewalls, and a model of it: packets first, firewalls second. It sends every packet from
// every address to every address through one firewall after another, and shares no code with what it is compared with.
import fc from 'fast-check';

export type Protocol = 'tcp' | 'udp' | 'icmp';

// --- A small world ---------------------------------------------------------------------------------

/** Addresses of both families are numbers below 32: 10.0.0.N and fd00::N. Networks are powers of two of them. */
export type Family = 4 | 6;
export interface Network {
  readonly family: Family;
  readonly start: number;
  readonly size: number;
}
interface Address {
  readonly family: Family;
  readonly number: number;
}
export interface Rule {
  readonly action: 'allow' | 'deny';
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly tcp: readonly Range[] | undefined;
  readonly udp: readonly Range[] | undefined;
  readonly icmp: boolean;
  readonly ports: readonly number[];
}
export type Range = readonly [number, number];
export interface Firewall {
  readonly kind: 'zones' | 'between' | 'hosts';
  readonly zones: readonly number[];
  readonly pairs: readonly (readonly [number, number])[];
  readonly hosts: readonly string[];
  readonly outboundDeny: boolean;
  readonly rules: readonly Rule[];
}
export interface World {
  readonly zones: readonly { readonly networks: readonly Network[]; readonly internet: boolean }[];
  readonly servers: readonly {
    readonly zone: number;
    readonly addresses: readonly Address[];
    readonly publicAddresses: readonly Address[];
  }[];
  readonly groups: readonly { readonly zones: readonly number[]; readonly networks: readonly Network[] }[];
  readonly listener: { readonly zone: number; readonly addresses: readonly Address[] };
  readonly addressGroups: readonly (readonly string[])[];
  readonly portGroups: readonly {
    readonly tcp: readonly Range[];
    readonly udp: readonly Range[];
    readonly icmp: boolean;
  }[];
  readonly firewalls: readonly Firewall[];
}

const ZONES = 4;
const SIZE = 32;
export const MACHINES = ['s0', 's1', 's2', 's3', 'g0', 'g1', 'l0'];
export const PORTS = [1, 3, 5];

export const addressText = ({ family, number }: Address) =>
  family === 4 ? `10.0.0.${number}` : `fd00::${number.toString(16)}`;
const prefixOf = ({ family, size }: Network) => (family === 4 ? 32 : 128) - Math.log2(size);
const networkText = (network: Network) =>
  `${addressText({ family: network.family, number: network.start })}/${prefixOf(network)}`;

const family: fc.Arbitrary<Family> = fc.constantFrom(4, 4, 6);
const network: fc.Arbitrary<Network> = fc
  .tuple(family, fc.constantFrom(1, 2, 4, 8, 16), fc.nat({ max: SIZE - 1 }))
  .map(([family, size, at]) => ({ family, size, start: at - (at % size) }));
const wideNetwork: fc.Arbitrary<Network> = fc
  .tuple(family, fc.constantFrom(8, 16, 32), fc.nat({ max: SIZE - 1 }))
  .map(([family, size, at]) => ({ family, size, start: at - (at % size) }));
const address: fc.Arbitrary<Address> = fc.record({ family, number: fc.nat({ max: SIZE - 1 }) });
/** Outside of everything but rules that name them. */
const publicAddress: fc.Arbitrary<Address> = fc.record({ family, number: fc.integer({ min: 64, max: 67 }) });
const zoneNumber = fc.nat({ max: ZONES - 1 });

export const word = fc.oneof(
  { weight: 1, arbitrary: fc.constant('any') },
  {
    weight: 6,
    arbitrary: fc.constantFrom(...Array.from({ length: ZONES }, (_, zone) => `z${zone}`), ...MACHINES),
  },
  { weight: 2, arbitrary: address.map(addressText) },
  { weight: 1, arbitrary: publicAddress.map(addressText) },
  { weight: 2, arbitrary: network.map(networkText) },
  { weight: 1, arbitrary: fc.constantFrom('a0', 'a1', '0.0.0.0/0') },
);
const range: fc.Arbitrary<Range> = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.nat({ max: 3 }))
  .map(([low, more]) => [low, low + more] as const);
export const ranges = fc.array(range, { minLength: 1, maxLength: 2 });
const rule: fc.Arbitrary<Rule> = fc.record({
  action: fc.constantFrom('allow', 'allow', 'allow', 'deny'),
  from: fc.array(word, { minLength: 1, maxLength: 3 }),
  to: fc.array(word, { minLength: 1, maxLength: 3 }),
  tcp: fc.option(ranges, { nil: undefined, freq: 2 }),
  udp: fc.option(ranges, { nil: undefined, freq: 1 }),
  icmp: fc.constantFrom(false, false, false, true),
  ports: fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.subarray([0, 1]) }),
});
const pair = fc
  .uniqueArray(zoneNumber, { minLength: 2, maxLength: 2 })
  .map(([a = 0, b = 1]) => [a, b] as const);
const firewall: fc.Arbitrary<Firewall> = fc.record({
  kind: fc.constantFrom('zones', 'zones', 'zones', 'between', 'hosts'),
  zones: fc.uniqueArray(zoneNumber, { minLength: 2, maxLength: 3 }),
  pairs: fc.array(pair, { minLength: 1, maxLength: 3 }),
  hosts: fc.uniqueArray(fc.constantFrom('s0', 's1', 's2', 's3', 'g0', 'g1'), { minLength: 1, maxLength: 3 }),
  outboundDeny: fc.boolean(),
  rules: fc.array(rule, { maxLength: 6 }),
});

/** An address of a family that the zone has networks of has to be in one of them: else the machine is elsewhere. */
function inside({ networks }: World['zones'][number], { family, number }: Address): Address {
  const own = networks.filter((one) => one.family === family);
  const chosen = own[number % Math.max(1, own.length)];
  return chosen ? { family, number: chosen.start + (number % chosen.size) } : { family, number };
}

export const world: fc.Arbitrary<World> = fc
  .record({
    zones: fc.array(fc.array(wideNetwork, { maxLength: 3 }), { minLength: ZONES, maxLength: ZONES }),
    internet: fc.option(zoneNumber, { nil: undefined }),
    servers: fc.array(
      fc.record({
        zone: zoneNumber,
        addresses: fc.array(address, { maxLength: 3 }),
        publicAddresses: fc.oneof(
          { weight: 3, arbitrary: fc.constant([]) },
          { weight: 1, arbitrary: fc.array(publicAddress, { minLength: 1, maxLength: 2 }) },
        ),
      }),
      { minLength: 4, maxLength: 4 },
    ),
    groups: fc.array(
      fc.record({
        zones: fc.uniqueArray(zoneNumber, { minLength: 1, maxLength: 3 }),
        networks: fc.array(network, { maxLength: 3 }),
      }),
      { minLength: 2, maxLength: 2 },
    ),
    listener: fc.record({ zone: zoneNumber, addresses: fc.array(address, { maxLength: 2 }) }),
    addressGroups: fc.tuple(
      fc.array(fc.oneof(word, fc.constant('a1')), { minLength: 1, maxLength: 3 }),
      fc.array(word, { minLength: 1, maxLength: 3 }),
    ),
    portGroups: fc.array(fc.record({ tcp: ranges, udp: ranges, icmp: fc.boolean() }), {
      minLength: 2,
      maxLength: 2,
    }),
    firewalls: fc.array(firewall, { maxLength: 5 }),
  })
  .map(({ zones, internet, servers, addressGroups: [outer, inner], ...rest }) => {
    const places = zones.map((networks, index) => ({ networks, internet: index === internet }));
    const isGroup = (text: string) => text === 'a0' || text === 'a1';
    return {
      ...rest,
      zones: places,
      servers: servers.map(({ zone, addresses, publicAddresses }) => {
        const place = places[zone];
        return { zone, publicAddresses, addresses: place ? addresses.map((one) => inside(place, one)) : [] };
      }),
      // The first group may hold the second, and none itself.
      addressGroups: [
        outer.map((text) => (text === 'a0' ? 's0' : text)),
        inner.map((text) => (isGroup(text) ? 's1' : text)),
      ],
    };
  });

/** The world as a topology file. */
export function written(model: World): string {
  const list = (items: readonly string[]) => `[${items.map((item) => `"${item}"`).join(', ')}]`;
  const ports = (some: readonly Range[]) => `[${some.map(([low, high]) => `"${low}-${high}"`).join(', ')}]`;
  const map = <T>(things: readonly T[], name: string, of: (thing: T) => string) =>
    things.map((thing, index) => `  ${name}${index}: { ${of(thing)} }\n`).join('');
  const ruleText = ({ action, from, to, tcp, udp, icmp, ports: groups }: Rule) =>
    [
      `action: ${action}, from: ${list(from)}, to: ${list(to)}`,
      ...(tcp ? [`tcp: ${ports(tcp)}`] : []),
      ...(udp ? [`udp: ${ports(udp)}`] : []),
      ...(icmp ? ['icmp: true'] : []),
      ...(groups.length > 0 ? [`ports: ${list(groups.map((group) => `p${group}`))}`] : []),
    ].join(', ');
  const where = ({ kind, zones, pairs, hosts, outboundDeny }: Firewall) => {
    if (kind === 'zones') return `zones: ${list(zones.map((zone) => `z${zone}`))}`;
    if (kind === 'between') return `between: [${pairs.map(([a, b]) => `[z${a}, z${b}]`).join(', ')}]`;
    return `hosts: ${list(hosts)}${outboundDeny ? ', outbound: deny' : ''}`;
  };
  return `configmgr: 2025-12
zones:
${map(model.zones, 'z', ({ networks, internet }) => `networks: ${list(networks.map(networkText))}, internet: ${internet}`)}servers:
${map(
  model.servers,
  's',
  ({ zone, addresses, publicAddresses }) =>
    `zone: z${zone}, addresses: ${list(addresses.map(addressText))}, publicAddresses: ${list(publicAddresses.map(addressText))}`,
)}sites: { AAA: { type: primary } }
clients:
${map(
  model.groups,
  'g',
  ({ zones, networks }) =>
    `site: AAA, zone: ${list(zones.map((zone) => `z${zone}`))}, networks: ${list(networks.map(networkText))}`,
)}availabilityGroups:
  AG: { listener: { name: l0, addresses: ${list(model.listener.addresses.map(addressText))} }, replicas: [{ server: s0 }] }
addressGroups:
${model.addressGroups.map((members, index) => `  a${index}: ${list(members)}\n`).join('')}portGroups:
${map(model.portGroups, 'p', ({ tcp, udp, icmp }) => `tcp: ${ports(tcp)}, udp: ${ports(udp)}, icmp: ${icmp}`)}firewalls:
${model.firewalls.map((one, index) => `  f${index}: { ${where(one)}, rules: [${one.rules.map((each) => `{ ${ruleText(each)} }`).join(', ')}] }\n`).join('')}`;
}

// --- The model ---------------------------------------------------------------------------------------

/** One end of a packet: a machine at one of its addresses. */
export interface Party {
  readonly machine: string;
  readonly zone: number;
  readonly address: Address | undefined;
  readonly publicAddresses: readonly Address[];
}

export interface Packet {
  readonly source: Party;
  readonly target: Party;
  readonly protocol: Protocol;
  readonly port: number;
}

const isIn = ({ family, number }: Address, one: Network) =>
  family === one.family && number >= one.start && number < one.start + one.size;
const isSame = (a: Address, b: Address) => a.family === b.family && a.number === b.number;

export function numbered(index: string | undefined): number {
  return Number(index ?? 0);
}

/** What happens to packets in it. */
export function model({ zones, servers, groups, listener, addressGroups, portGroups, firewalls }: World) {
  const addressesIn = (networks: readonly Network[]): readonly Address[] => {
    const found: Address[] = [];
    for (const family of [4, 6] as const)
      for (let number = 0; number < SIZE; number++)
        if (networks.some((one) => isIn({ family, number }, one))) found.push({ family, number });
    return found;
  };
  const zonesOf = (machine: string): readonly number[] => {
    const index = numbered(machine[1]);
    if (machine.startsWith('g')) return groups[index]?.zones ?? [];
    return [machine.startsWith('s') ? (servers[index]?.zone ?? 0) : listener.zone];
  };
  /** Which addresses a group in a rule stands for. */
  const networksOfGroup = (index: number): readonly Network[] => {
    const group = groups[index];
    if (!group || group.networks.length > 0) return group?.networks ?? [];
    const known = group.zones.length > 1 ? group.zones.filter((zone) => !zones[zone]?.internet) : group.zones;
    return known.flatMap((zone) => zones[zone]?.networks ?? []);
  };
  const clientsIn = (index: number, zone: number): readonly Address[] => {
    const group = groups[index];
    const own = zones[zone];
    if (!group || !own) return [];
    const all = addressesIn(networksOfGroup(index));
    if (group.zones.length === 1) return all;
    if (own.internet) return [];
    const here = addressesIn(own.networks);
    if (group.networks.length === 0) return here;
    const inZone = (address: Address, number: number) =>
      (zones[number]?.networks ?? []).some((one) => isIn(address, one));
    const there = all.filter((address) => inZone(address, zone));
    if (there.length > 0) return there;
    const nowhere = all.filter((address) => !group.zones.some((number) => inZone(address, number)));
    return nowhere.length > 0 ? nowhere : here;
  };
  /** Every machine that a name stands for in one of its zones, once for each of its addresses. */
  const partiesOf = (machine: string, zone: number): readonly Party[] => {
    const index = numbered(machine[1]);
    const at = (address: Address | undefined): Party => ({
      machine,
      zone,
      address,
      publicAddresses: machine.startsWith('s') ? (servers[index]?.publicAddresses ?? []) : [],
    });
    let addresses: readonly Address[];
    if (machine.startsWith('g')) {
      const all = clientsIn(index, zone);
      const isServer = (address: Address) =>
        servers.some((server) => server.addresses.some((own) => isSame(own, address)));
      const clients = all.filter((address) => !isServer(address));
      addresses = clients.length > 0 ? clients : all;
    } else {
      addresses = machine.startsWith('s') ? (servers[index]?.addresses ?? []) : listener.addresses;
    }
    return addresses.length > 0 ? addresses.map(at) : [at(undefined)];
  };

  const isMeant = (word: string, party: Party): boolean => {
    const { machine, zone, address, publicAddresses } = party;
    const known = [...(address ? [address] : []), ...publicAddresses];
    const index = numbered(word[1]);
    if (word === 'any') return true;
    if (word === '0.0.0.0/0') return !address || known.some(({ family }) => family === 4);
    if (word.startsWith('z'))
      return (
        zone === index || known.some((one) => (zones[index]?.networks ?? []).some((own) => isIn(one, own)))
      );
    if (word.startsWith('s')) {
      const server = servers[index];
      const own = server?.addresses ?? [];
      return own.length > 0 ? known.some((one) => own.some((each) => isSame(one, each))) : machine === word;
    }
    if (word.startsWith('g'))
      return machine === word || known.some((one) => networksOfGroup(index).some((own) => isIn(one, own)));
    if (word.startsWith('l'))
      return machine === word || known.some((one) => listener.addresses.some((own) => isSame(one, own)));
    if (word.startsWith('a')) return (addressGroups[index] ?? []).some((member) => isMeant(member, party));
    const [text = '', prefix] = word.split('/');
    const isV4 = text.includes('.');
    const start = isV4 ? Number(text.split('.')[3]) : Number.parseInt(text.slice('fd00::'.length) || '0', 16);
    const size = prefix === undefined ? 1 : 2 ** ((isV4 ? 32 : 128) - Number(prefix));
    return known.some((one) => isIn(one, { family: isV4 ? 4 : 6, start, size }));
  };
  const hasPort = ({ tcp, udp, icmp, ports }: Rule, protocol: Protocol, port: number): boolean => {
    const has = (some: readonly Range[] | undefined) =>
      (some ?? []).some(([low, high]) => low <= port && port <= high);
    if (!tcp && !udp && !icmp && ports.length === 0) return true;
    const all = [{ tcp, udp, icmp }, ...ports.flatMap((index) => portGroups[index] ?? [])];
    return all.some((one) => (protocol === 'icmp' ? one.icmp : has(one[protocol])));
  };
  const decision = ({ rules }: Firewall, { source, target, protocol, port }: Packet) =>
    rules.find(
      (each) =>
        each.from.some((word) => isMeant(word, source)) &&
        each.to.some((word) => isMeant(word, target)) &&
        hasPort(each, protocol, port),
    );

  const joins = ({ kind, zones, pairs }: Firewall, a: number, b: number): boolean =>
    (kind === 'zones' && zones.includes(a) && zones.includes(b)) ||
    (kind === 'between' && pairs.some((pair) => pair.includes(a) && pair.includes(b)));
  /** The firewalls on all shortest walks from a zone to another. */
  const between = (from: number, to: number): readonly Firewall[] => {
    let walks: { readonly zone: number; readonly through: readonly Firewall[] }[] = [
      { zone: from, through: [] },
    ];
    for (let length = 0; length < ZONES; length++) {
      const there = walks.filter(({ zone }) => zone === to);
      if (there.length > 0) return there.flatMap(({ through }) => through);
      walks = walks.flatMap(({ zone, through }) =>
        zones.flatMap((_, next) =>
          next === zone
            ? []
            : firewalls
                .filter((one) => joins(one, zone, next))
                .map((one) => ({ zone: next, through: [...through, one] })),
        ),
      );
    }
    return [];
  };
  /** The rules by which a packet gets through, with the firewall of each; undefined where one stops it. */
  const route = (packet: Packet): readonly (readonly [Firewall, Rule])[] | undefined => {
    const { source, target } = packet;
    const by: (readonly [Firewall, Rule])[] = [];
    const hostsOf = ({ machine }: Party) =>
      firewalls.filter(({ kind, hosts }) => kind === 'hosts' && hosts.includes(machine));
    const lets = (one: Firewall, opens: boolean): boolean => {
      const rule = decision(one, packet);
      if (!rule) return opens;
      if (rule.action === 'allow') by.push([one, rule]);
      return rule.action === 'allow';
    };
    const leaves = hostsOf(source).every((one) => lets(one, !one.outboundDeny));
    const arrives = [...between(source.zone, target.zone), ...hostsOf(target)].every((one) =>
      lets(one, false),
    );
    return leaves && arrives ? by : undefined;
  };
  const passes = (packet: Packet): boolean => route(packet) !== undefined;

  /** Whether there is a packet that gets through, for each client where clients are meant. */
  const connects = (
    from: string,
    to: string,
    zone: number,
    other: number,
    protocol: Protocol,
    port: number,
  ): boolean => {
    const sources = partiesOf(from, zone);
    const targets = partiesOf(to, other);
    const connectsIn = (sources: readonly Party[], targets: readonly Party[]): boolean => {
      const isThrough = (source: Party, target: Party) => passes({ source, target, protocol, port });
      if (from.startsWith('g') && to.startsWith('g'))
        return sources.every((source) => targets.every((target) => isThrough(source, target)));
      if (from.startsWith('g'))
        return sources.every((source) => targets.some((target) => isThrough(source, target)));
      if (to.startsWith('g'))
        return targets.every((target) => sources.some((source) => isThrough(source, target)));
      return sources.some((source) => targets.some((target) => isThrough(source, target)));
    };
    const ofFamily = (parties: readonly Party[], family: Family) =>
      parties.filter(({ address }) => address === undefined || address.family === family);
    const common = ([4, 6] as const)
      .map((family) => [ofFamily(sources, family), ofFamily(targets, family)] as const)
      .filter(([a, b]) => a.length > 0 && b.length > 0);
    // Where they share no family nobody knows the addresses that they talk by.
    return common.length > 0 ? common.some(([a, b]) => connectsIn(a, b)) : connectsIn(sources, targets);
  };

  return {
    zonesOf,
    partiesOf,
    addressesIn,
    isMeant,
    hasPort,
    between,
    route,
    /** Whether traffic gets through from each zone of a machine to each of another. */
    allows: (from: string, to: string, protocol: Protocol, port: number): boolean =>
      zonesOf(from).every((zone) =>
        (from === to ? [zone] : zonesOf(to)).every((other) =>
          connects(from, to, zone, other, protocol, port),
        ),
      ),
    /** The same from one zone of the source. */
    allowsFrom: (zone: number, from: string, to: string, protocol: Protocol, port: number): boolean =>
      zonesOf(to).every((other) => connects(from, to, zone, other, protocol, port)),
  };
}
