// Imported devices decide as they do: Cisco ASA, PAN-OS and FortiOS, each against a plain model of it that shares
// nothing with the importer, packet by packet.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { endpoint, imported, isAllowed, reach, topologyOf, withImported } from './imported.ts';

const BASE = `configmgr: 2025-12
zones:
  a: { networks: [10.1.0.0/16] }
  b: { networks: [10.2.0.0/16] }
  c: { networks: [10.3.0.0/16] }
servers:
  a1: { zone: a, addresses: 10.1.0.1 }
  a2: { zone: a, addresses: 10.1.0.2 }
  b1: { zone: b, addresses: 10.2.0.1 }
  b2: { zone: b, addresses: 10.2.0.130 }
  c1: { zone: c, addresses: 10.3.0.1 }
`;
const ADDRESSES: Readonly<Record<string, string>> = {
  a1: '10.1.0.1',
  a2: '10.1.0.2',
  b1: '10.2.0.1',
  b2: '10.2.0.130',
  c1: '10.3.0.1',
};
const base = topologyOf(BASE);
const choices = { zones: [], topology: base };
const PORTS = [22, 80, 85, 443, 1024, 65535];

interface Packet {
  readonly from: string;
  readonly to: string;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  readonly port: number;
}

const names = Object.keys(ADDRESSES);
const packets: readonly Packet[] = names.flatMap((from) =>
  names.flatMap((to) => {
    if (from[0] === to[0]) return [];
    return [
      { from, to, protocol: 'icmp' as const, port: 0 },
      ...(['tcp', 'udp'] as const).flatMap((protocol) => PORTS.map((port) => ({ from, to, protocol, port }))),
    ];
  }),
);

const zoneOf = (name: string) => name.charAt(0);
const number = (text: string) => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
/** An address of a machine in a range of the model. */
const isIn = (name: string, [low, high]: readonly [string, string]) => {
  const address = number(ADDRESSES[name] ?? '');
  return number(low) <= address && address <= number(high);
};

type Range = readonly [string, string];
/** The objects of every generated device, and what is in them. */
const OBJECTS: Readonly<Record<string, readonly Range[]>> = {
  A1: [['10.1.0.1', '10.1.0.1']],
  BNET: [['10.2.0.0', '10.2.0.127']],
  SPAN: [['10.2.0.100', '10.3.0.1']],
  G1: [
    ['10.1.0.1', '10.1.0.1'],
    ['10.2.0.1', '10.2.0.1'],
  ],
  G2: [
    ['10.1.0.1', '10.1.0.1'],
    ['10.2.0.1', '10.2.0.1'],
    ['10.3.0.0', '10.3.255.255'],
  ],
};
const has = (name: string, object: string) => (OBJECTS[object] ?? []).some((range) => isIn(name, range));

/** Services by name, and what is in them. */
const SERVICES: Readonly<Record<string, (packet: Packet) => boolean>> = {
  WEB: ({ protocol, port }) => protocol === 'tcp' && (port === 80 || port === 443),
  HIGH: ({ protocol, port }) => protocol === 'udp' && port >= 1024,
  MIX: ({ protocol, port }) =>
    (protocol === 'tcp' && (port === 80 || port === 443)) || (protocol === 'udp' && port >= 1024),
  SPANP: ({ protocol, port }) => protocol === 'tcp' && port >= 80 && port <= 90,
};

function agree(source: string, model: (packet: Packet) => boolean): void {
  const found = imported(source, choices);
  // A comment says so where the device decides otherwise; this generator writes nothing of the kind.
  assert.doesNotMatch(found.text, /# Not (?:exact|written)/, `${found.text}\n${source}`);
  const topology = withImported(BASE, found);
  const judge = reach(topology);
  for (const packet of packets) {
    const { from, to, protocol, port } = packet;
    const real = isAllowed(judge, endpoint(from, topology), endpoint(to, topology), protocol, port);
    assert.equal(real, model(packet), `${from} to ${to} ${protocol} ${port}\n${found.text}\n${source}`);
  }
}

const some = <T>(values: readonly T[], maxLength = 3) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength });
const ZONES = ['a', 'b', 'c'] as const;

// --- Cisco ASA --------------------------------------------------------------------------------

interface Ace {
  readonly action: 'permit' | 'deny';
  readonly protocol: 'ip' | 'tcp' | 'udp' | 'icmp' | 'echo' | 'reply' | 'MIX';
  readonly from: string;
  readonly to: string;
  readonly port: string;
  readonly isInactive: boolean;
}

const ENDS: Readonly<Record<string, readonly [text: string, has: (name: string) => boolean]>> = {
  any: ['any', () => true],
  any4: ['any4', () => true],
  host: ['host 10.1.0.2', (name) => name === 'a2'],
  net: ['10.2.0.0 255.255.0.0', (name) => zoneOf(name) === 'b'],
  wide: ['10.0.0.0 255.0.0.0', () => true],
  ...Object.fromEntries(
    Object.keys(OBJECTS).map((name) => [
      name,
      [
        `${name.startsWith('G') ? 'object-group' : 'object'} ${name}`,
        (machine: string) => has(machine, name),
      ] as const,
    ]),
  ),
};
const OPERATORS: Readonly<Record<string, readonly [text: string, has: (port: number) => boolean]>> = {
  none: ['', () => true],
  www: [' eq www', (port) => port === 80],
  range: [' range 80 90', (port) => port >= 80 && port <= 90],
  neq: [' neq 443', (port) => port !== 443],
  gt: [' gt 1023', (port) => port > 1023],
  lt: [' lt 1024', (port) => port < 1024],
  group: [' object-group WEBPORTS', (port) => port === 80 || port === 443],
};

const aces: fc.Arbitrary<readonly Ace[]> = fc.array(
  fc.record({
    action: fc.constantFrom('permit', 'permit', 'deny'),
    protocol: fc.constantFrom('ip', 'tcp', 'tcp', 'udp', 'icmp', 'echo', 'reply', 'MIX'),
    from: fc.constantFrom(...Object.keys(ENDS)),
    to: fc.constantFrom(...Object.keys(ENDS)),
    port: fc.constantFrom(...Object.keys(OPERATORS)),
    isInactive: fc.integer({ min: 0, max: 9 }).map((roll) => roll === 0),
  }),
  { minLength: 1, maxLength: 5 },
);

interface Asa {
  readonly levels: readonly number[];
  readonly into: readonly (readonly Ace[] | undefined)[];
  readonly out: readonly (readonly Ace[] | undefined)[];
  readonly everywhere: readonly Ace[] | undefined;
  readonly isInter: boolean;
}

const asas: fc.Arbitrary<Asa> = fc.record({
  levels: fc.tuple(...ZONES.map(() => fc.constantFrom(0, 50, 100))),
  into: fc.tuple(...ZONES.map(() => fc.option(aces, { nil: undefined }))),
  out: fc.tuple(...ZONES.map(() => fc.option(aces, { nil: undefined, freq: 1 }))),
  everywhere: fc.option(aces, { nil: undefined, freq: 1 }),
  isInter: fc.boolean(),
});

function aceText(list: string, { action, protocol, from, to, port, isInactive }: Ace): string {
  const word =
    protocol === 'echo' || protocol === 'reply' ? 'icmp' : protocol === 'MIX' ? 'object-group MIX' : protocol;
  const operator = protocol === 'tcp' || protocol === 'udp' ? (OPERATORS[port]?.[0] ?? '') : '';
  const isGroup = protocol === 'udp' && port === 'group';
  const type = protocol === 'echo' ? ' echo' : protocol === 'reply' ? ' echo-reply' : '';
  return `access-list ${list} extended ${action} ${word} ${ENDS[from]?.[0]} ${ENDS[to]?.[0]}${isGroup ? '' : operator}${type}${isInactive ? ' inactive' : ' log'}`;
}

function asaText({ levels, into, out, everywhere, isInter }: Asa): string {
  const lists = [
    ...ZONES.flatMap((zone, index) => [
      ...(into[index] ?? []).map((ace) => aceText(`${zone}_in`, ace)),
      ...(out[index] ?? []).map((ace) => aceText(`${zone}_out`, ace)),
    ]),
    ...(everywhere ?? []).map((ace) => aceText('all', ace)),
  ];
  return `ASA Version 9.16(4)
hostname fw
${ZONES.map((_, index) => `interface Gi0/${index}\n nameif if${index}\n security-level ${levels[index]}\n ip address 10.${index + 1}.0.254 255.255.0.0\n`).join('')}${isInter ? 'same-security-traffic permit inter-interface\n' : ''}object network A1
 host 10.1.0.1
object network BNET
 subnet 10.2.0.0 255.255.255.128
object network SPAN
 range 10.2.0.100 10.3.0.1
object-group network G1
 network-object object A1
 network-object host 10.2.0.1
object-group network G2
 group-object G1
 network-object 10.3.0.0 255.255.0.0
object-group service WEBPORTS tcp
 port-object eq www
 port-object eq 443
object-group service MIX
 service-object tcp destination eq https
 service-object tcp destination eq 80
 service-object udp destination gt 1023
${lists.join('\n')}
${ZONES.map((zone, index) => `${into[index] ? `access-group ${zone}_in in interface if${index}\n` : ''}${out[index] ? `access-group ${zone}_out out interface if${index}\n` : ''}`).join('')}${everywhere ? 'access-group all global\n' : ''}`;
}

function asaAllows({ levels, into, out, everywhere, isInter }: Asa, packet: Packet): boolean {
  const matches = ({ protocol, from, to, port, isInactive }: Ace): boolean => {
    if (isInactive || !ENDS[from]?.[1](packet.from) || !ENDS[to]?.[1](packet.to)) return false;
    if (protocol === 'ip') return true;
    if (protocol === 'reply') return false;
    if (protocol === 'MIX') return SERVICES.MIX?.(packet) === true;
    if (protocol === 'icmp' || protocol === 'echo') return packet.protocol === 'icmp';
    if (packet.protocol !== protocol) return false;
    return (protocol === 'udp' && port === 'group') || OPERATORS[port]?.[1](packet.port) === true;
  };
  const decision = (list: readonly Ace[] | undefined): boolean | undefined => {
    const found = list?.find(matches);
    return found && found.action === 'permit';
  };
  const [source, target] = [packet.from, packet.to].map((name) => ZONES.map(String).indexOf(zoneOf(name)));
  assert.ok(source !== undefined && target !== undefined);
  const own = into[source];
  const [high = 0, low = 0] = [levels[source], levels[target]];
  if (high === low && !isInter) return false;
  const byLevel = high >= low;
  const isIn = decision(own) ?? (everywhere ? (decision(everywhere) ?? false) : own ? false : byLevel);
  return isIn && (!out[target] || (decision(out[target]) ?? false));
}

describe('an imported Cisco ASA', function () {
  this.timeout('120s');
  it('lets the same packets through as the device does, by lists in, out and global and by levels', () => {
    fc.assert(
      fc.property(asas, (asa) => agree(asaText(asa), (packet) => asaAllows(asa, packet))),
      { numRuns: 200 },
    );
  });
});

// --- PAN-OS -----------------------------------------------------------------------------------

interface PanRule {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly source: readonly string[];
  readonly destination: readonly string[];
  readonly isSourceNegated: boolean;
  readonly isDestinationNegated: boolean;
  readonly what: string;
  readonly action: 'allow' | 'deny' | 'drop' | 'reset-both';
  readonly isDisabled: boolean;
  readonly kind: 'universal' | 'intrazone' | 'interzone';
}

/** Applications and services together, and what they match. */
const WHAT: Readonly<
  Record<string, readonly [application: string, service: string, has: (packet: Packet) => boolean]>
> = {
  all: ['any', 'any', () => true],
  web: ['any', 'WEB', SERVICES.WEB ?? (() => false)],
  high: ['any', 'HIGH', SERVICES.HIGH ?? (() => false)],
  group: ['any', 'MIX', SERVICES.MIX ?? (() => false)],
  https: ['any', 'service-https', ({ protocol, port }) => protocol === 'tcp' && port === 443],
  ping: ['ping', 'application-default', ({ protocol }) => protocol === 'icmp'],
  ssh: ['ssh', 'application-default', ({ protocol, port }) => protocol === 'tcp' && port === 22],
  own: ['OWN', 'application-default', ({ protocol, port }) => protocol === 'udp' && port === 85],
};

/** Two zones of the topology are behind the first zone of the device. */
const PAN_ZONES: Readonly<Record<string, readonly string[]>> = { one: ['a', 'b'], two: ['c'] };
const panZone = (name: string) => (zoneOf(name) === 'c' ? 'two' : 'one');
const panEnds = fc.oneof(
  fc.constant(['any']),
  some([...Object.keys(OBJECTS), '10.1.0.0/16', '10.2.0.130'], 2),
);

const panRules: fc.Arbitrary<readonly PanRule[]> = fc.array(
  fc.record({
    from: fc.oneof(fc.constant(['any']), some(Object.keys(PAN_ZONES))),
    to: fc.oneof(fc.constant(['any']), some(Object.keys(PAN_ZONES))),
    source: panEnds,
    destination: panEnds,
    isSourceNegated: fc.integer({ min: 0, max: 4 }).map((roll) => roll === 0),
    isDestinationNegated: fc.integer({ min: 0, max: 4 }).map((roll) => roll === 0),
    what: fc.constantFrom(...Object.keys(WHAT)),
    action: fc.constantFrom('allow', 'allow', 'deny', 'drop', 'reset-both'),
    isDisabled: fc.integer({ min: 0, max: 7 }).map((roll) => roll === 0),
    kind: fc.constantFrom('universal', 'universal', 'intrazone', 'interzone'),
  }),
  { maxLength: 4 },
);

interface Pan {
  readonly pre: readonly PanRule[];
  readonly own: readonly PanRule[];
  readonly post: readonly PanRule[];
  readonly intrazone: 'allow' | 'deny' | undefined;
  readonly interzone: 'allow' | 'deny' | undefined;
}

const pans: fc.Arbitrary<Pan> = fc.record({
  pre: panRules,
  own: panRules,
  post: panRules,
  intrazone: fc.constantFrom(undefined, 'allow', 'deny'),
  interzone: fc.constantFrom(undefined, undefined, 'allow', 'deny'),
});

/** The lines of a device as paths, from which both forms are written. */
function panPaths({ pre, own, post, intrazone, interzone }: Pan): readonly (readonly string[])[] {
  const lines: string[][] = [];
  const put = (...path: string[]) => lines.push(path);
  ['ethernet1/1', 'ethernet1/2', 'ethernet1/3'].forEach((port, index) => {
    put('network', 'interface', 'ethernet', port, 'layer3', 'ip', `10.${index + 1}.0.254/16`);
  });
  put('zone', 'one', 'network', 'layer3', 'ethernet1/1');
  put('zone', 'one', 'network', 'layer3', 'ethernet1/2');
  put('zone', 'two', 'network', 'layer3', 'ethernet1/3');
  put('address', 'A1', 'ip-netmask', '10.1.0.1');
  put('address', 'BNET', 'ip-netmask', '10.2.0.0/25');
  put('address', 'SPAN', 'ip-range', '10.2.0.100-10.3.0.1');
  put('address', 'CNET', 'ip-netmask', '10.3.0.0/16');
  put('address-group', 'G1', 'static', 'A1');
  put('address-group', 'G1', 'static', '10.2.0.1');
  put('address-group', 'G2', 'static', 'G1');
  put('address-group', 'G2', 'static', 'CNET');
  put('service', 'WEB', 'protocol', 'tcp', 'port', '80,443');
  put('service', 'HIGH', 'protocol', 'udp', 'port', '1024-65535');
  put('service-group', 'MIX', 'members', 'WEB');
  put('service-group', 'MIX', 'members', 'HIGH');
  put('application', 'OWN', 'default', 'port', 'udp/85');
  const rules = (list: readonly PanRule[], title: string, ...where: string[]) => {
    list.forEach((rule, index) => {
      const at = [...where, 'security', 'rules', `${title} ${index}`];
      const [application = '', service = ''] = WHAT[rule.what] ?? [];
      for (const zone of rule.from) put(...at, 'from', zone);
      for (const zone of rule.to) put(...at, 'to', zone);
      for (const name of rule.source) put(...at, 'source', name);
      for (const name of rule.destination) put(...at, 'destination', name);
      if (rule.isSourceNegated) put(...at, 'negate-source', 'yes');
      if (rule.isDestinationNegated) put(...at, 'negate-destination', 'yes');
      put(...at, 'application', application);
      put(...at, 'service', service);
      put(...at, 'action', rule.action);
      if (rule.isDisabled) put(...at, 'disabled', 'yes');
      if (rule.kind !== 'universal') put(...at, 'rule-type', rule.kind);
    });
  };
  rules(pre, 'pre', 'policy', 'panorama', 'pre-rulebase');
  rules(own, 'own', 'rulebase');
  rules(post, 'post', 'policy', 'panorama', 'post-rulebase');
  const book = ['rulebase', 'default-security-rules', 'rules'];
  if (intrazone) put(...book, 'intrazone-default', 'action', intrazone);
  if (interzone) put(...book, 'interzone-default', 'action', interzone);
  return lines;
}

const setText = (paths: readonly (readonly string[])[]) =>
  paths
    .map((path) => `set ${path.map((key) => (/^[\w./-]+$/.test(key) ? key : `"${key}"`)).join(' ')}\n`)
    .join('');

/** Keys below these are names of entries, and below those members of a list. */
const ENTRIES = new Set([
  'ethernet',
  'zone',
  'address',
  'address-group',
  'service',
  'service-group',
  'application',
  'rules',
  'ip',
]);
const LISTS = new Set([
  'layer3',
  'static',
  'members',
  'port',
  'from',
  'to',
  'source',
  'destination',
  'application',
  'service',
]);

function xmlText(paths: readonly (readonly string[])[]): string {
  interface Node extends Map<string, Node> {}
  const root: Node = new Map();
  for (const path of paths) {
    let at = root;
    const where =
      path[0] === 'policy'
        ? path
        : ['devices', 'localhost', ...(path[0] === 'network' ? path : ['vsys', 'vsys1', ...path])];
    for (const key of where) {
      const next: Node = at.get(key) ?? new Map();
      at.set(key, next);
      at = next;
    }
  }
  const write = (node: Node, above: string, isRule: boolean): string =>
    [...node]
      .map(([key, inner]) => {
        const isEntry =
          above === 'devices' || above === 'vsys' || (ENTRIES.has(above) && !(isRule && LISTS.has(above)));
        const text = write(inner, key, isRule || above === 'rules');
        if (isEntry) return `<entry name="${key}">${text}</entry>`;
        if (inner.size === 0)
          return LISTS.has(above) && !/,|^1024-/.test(key) ? `<member>${key}</member>` : key;
        return `<${key}>${text}</${key}>`;
      })
      .join('');
  return `<?xml version="1.0"?>\n<!-- a copy -->\n<config version="10.1.0">${write(root, '', false)}</config>\n`;
}

function panAllows({ pre, own, post, intrazone, interzone }: Pan, packet: Packet): boolean {
  const [source, target] = [panZone(packet.from), panZone(packet.to)];
  const within = (name: string, list: readonly string[], isNegated: boolean) => {
    const is = list.some((one) => {
      if (one === 'any') return true;
      if (one === '10.1.0.0/16') return zoneOf(name) === 'a';
      return one === '10.2.0.130' ? name === 'b2' : has(name, one);
    });
    return is !== isNegated;
  };
  const found = [...pre, ...own, ...post].find((rule) => {
    if (rule.isDisabled) return false;
    const inZones = (list: readonly string[], zone: string) => list.includes('any') || list.includes(zone);
    if (!inZones(rule.from, source) || !inZones(rule.to, target)) return false;
    if (rule.kind === 'intrazone' && source !== target) return false;
    if (rule.kind === 'interzone' && source === target) return false;
    if (!within(packet.from, rule.source, rule.isSourceNegated)) return false;
    if (!within(packet.to, rule.destination, rule.isDestinationNegated)) return false;
    return WHAT[rule.what]?.[2](packet) === true;
  });
  if (found) return found.action === 'allow';
  return source === target ? intrazone !== 'deny' : interzone === 'allow';
}

describe('an imported PAN-OS configuration', function () {
  this.timeout('120s');
  it('lets the same packets through as the device does, with pre-rules, post-rules, kinds and defaults', () => {
    fc.assert(
      fc.property(pans, (pan) => agree(setText(panPaths(pan)), (packet) => panAllows(pan, packet))),
      { numRuns: 200 },
    );
  });

  it('reads the same from set commands and from XML', () => {
    fc.assert(
      fc.property(pans, (pan) => {
        const paths = panPaths(pan);
        assert.equal(imported(xmlText(paths), choices).text, imported(setText(paths), choices).text);
      }),
      { numRuns: 60 },
    );
  });
});

// --- FortiOS ----------------------------------------------------------------------------------

interface FortiPolicy {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly source: readonly string[];
  readonly destination: readonly string[];
  readonly isNegated: boolean;
  readonly services: readonly string[];
  readonly isServiceNegated: boolean;
  readonly action: 'accept' | 'deny' | undefined;
  readonly isEnabled: boolean;
  readonly matchesVirtual: boolean;
}

const FORTI_SERVICES: Readonly<Record<string, (packet: Packet) => boolean>> = {
  ALL: () => true,
  HTTPS: ({ protocol, port }) => protocol === 'tcp' && port === 443,
  PING: ({ protocol }) => protocol === 'icmp',
  ALL_UDP: ({ protocol }) => protocol === 'udp',
  ...SERVICES,
};
const fortiPolicies = fc.array(
  fc.record({
    from: fc.oneof(fc.constant(['any']), some(['port1', 'zone2', 'port3'])),
    to: fc.oneof(fc.constant(['any']), some(['port1', 'zone2', 'port3'])),
    source: fc.oneof(fc.constant<string[]>(['all']), some<string>(Object.keys(OBJECTS), 2)),
    destination: fc.oneof(fc.constant<string[]>(['all']), some<string>([...Object.keys(OBJECTS), 'VIP'], 2)),
    isNegated: fc.integer({ min: 0, max: 5 }).map((roll) => roll === 0),
    services: some(Object.keys(FORTI_SERVICES), 2),
    isServiceNegated: fc.integer({ min: 0, max: 7 }).map((roll) => roll === 0),
    action: fc.constantFrom('accept', 'accept', 'deny', undefined),
    isEnabled: fc.integer({ min: 0, max: 7 }).map((roll) => roll > 0),
    matchesVirtual: fc.boolean(),
  }),
  { maxLength: 6 },
);

function fortiText(policies: readonly FortiPolicy[], moves: readonly (readonly [number, number])[]): string {
  const quote = (list: readonly string[]) => list.map((one) => `"${one}"`).join(' ');
  return `#config-version=FGVM64-7.2.5-FW-build1517:opmode=0:vdom=0:user=admin
config system interface
${ZONES.map((_, index) => `    edit "port${index + 1}"\n        set ip 10.${index + 1}.0.254 255.255.0.0\n    next\n`).join('')}end
config system zone
    edit "zone2"
        set interface "port2"
    next
end
config firewall address
    edit "A1"
        set subnet 10.1.0.1 255.255.255.255
    next
    edit "BNET"
        set subnet 10.2.0.0 255.255.255.128
    next
    edit "SPAN"
        set type iprange
        set start-ip 10.2.0.100
        set end-ip 10.3.0.1
    next
    edit "B1"
        set subnet 10.2.0.1/32
    next
    edit "CNET"
        set subnet 10.3.0.0 255.255.0.0
    next
end
config firewall addrgrp
    edit "G1"
        set member "A1" "B1"
    next
    edit "G2"
        set member "G1" "CNET"
    next
end
config firewall vip
    edit "VIP"
        set extip 203.0.113.5
        set mappedip "10.2.0.1"
        set extintf "any"
    next
end
config firewall service custom
    edit "WEB"
        set tcp-portrange 80 443
    next
    edit "HIGH"
        set udp-portrange 1024-65535
    next
    edit "SPANP"
        set tcp-portrange 80-90
    next
end
config firewall service group
    edit "MIX"
        set member "WEB" "HIGH"
    next
end
config firewall policy
${policies
  .map(
    (policy, index) => `    edit ${index + 1}
        set srcintf ${quote(policy.from)}
        set dstintf ${quote(policy.to)}
        set srcaddr ${quote(policy.source)}
        set dstaddr ${quote(policy.destination)}
        set schedule "always"
        set service ${quote(policy.services)}
${policy.action === undefined ? '' : `        set action ${policy.action}\n`}${policy.isNegated ? '        set srcaddr-negate enable\n' : ''}${policy.isServiceNegated ? '        set service-negate enable\n' : ''}${policy.isEnabled ? '' : '        set status disable\n'}${policy.matchesVirtual ? '        set match-vip enable\n' : ''}    next
`,
  )
  .join('')}${moves.map(([one, other]) => `    move ${one} before ${other}\n`).join('')}end
`;
}

/**
 * A packet to the machine behind the virtual address may come by that address or by its own. A policy is for those by
 * the virtual address where it names it, or where `match-vip` is set and it denies.
 */
function fortiAllows(policies: readonly FortiPolicy[], packet: Packet): boolean {
  const portOf = (name: string) => ({ a: 'port1', b: 'zone2', c: 'port3' })[zoneOf(name)] ?? '';
  const matches = (policy: FortiPolicy, isVirtual: boolean): boolean => {
    const isFor = (list: readonly string[], name: string) =>
      list.includes('any') || list.includes(portOf(name));
    if (!policy.isEnabled || !isFor(policy.from, packet.from) || !isFor(policy.to, packet.to)) return false;
    const isSource = policy.source.some((one) => one === 'all' || has(packet.from, one));
    if (isSource === policy.isNegated) return false;
    const isService = policy.services.some((one) => FORTI_SERVICES[one]?.(packet));
    if (isService === policy.isServiceNegated) return false;
    if (isVirtual && policy.destination.includes('VIP')) return packet.to === 'b1';
    if (isVirtual && !(policy.matchesVirtual && policy.action !== 'accept')) return false;
    return policy.destination.some((one) => one === 'all' || (one !== 'VIP' && has(packet.to, one)));
  };
  const walk = (isVirtual: boolean) =>
    policies.find((policy) => matches(policy, isVirtual))?.action === 'accept';
  return walk(false) || (packet.to === 'b1' && walk(true));
}

describe('an imported FortiOS configuration', function () {
  this.timeout('120s');
  it('lets the same packets through as the device does, in order of position, with negations and groups', () => {
    const noVirtual = fortiPolicies.map((policies) =>
      policies.map((policy) => ({
        ...policy,
        destination: policy.destination.map((one) => (one === 'VIP' ? 'A1' : one)),
      })),
    );
    fc.assert(
      fc.property(noVirtual, fc.nat(5), fc.nat(5), (policies, one, other) => {
        const count = policies.length;
        const moves = count > 1 ? [[(one % count) + 1, (other % count) + 1] as const] : [];
        const order = [...policies];
        for (const [from, to] of moves) {
          const moved = policies[from - 1];
          const before = policies[to - 1];
          if (!moved || !before || from === to) continue;
          order.splice(order.indexOf(moved), 1);
          order.splice(order.indexOf(before), 0, moved);
        }
        agree(fortiText(policies, moves), (packet) => fortiAllows(order, packet));
      }),
      { numRuns: 200 },
    );
  });

  it('lets through to a virtual address what policies that name only others do not stop', () => {
    fc.assert(
      fc.property(fortiPolicies, (policies) => {
        // What a policy that denies a virtual address means for the machine's own one no topology can say.
        const plain = policies.map((policy) =>
          policy.destination.includes('VIP')
            ? { ...policy, destination: ['VIP'], action: 'accept' as const }
            : policy,
        );
        const text = fortiText(plain, []);
        if (/# Not exact/.test(imported(text, choices).text)) return;
        agree(text, (packet) => fortiAllows(plain, packet));
      }),
      { numRuns: 200 },
    );
  });
});
