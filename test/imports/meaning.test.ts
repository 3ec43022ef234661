// Imported rules decide as the firewalls do: each format against a plain model of its firewall, packet by packet.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isImportError } from '../../server/src/imports/model.ts';
import { csvCell } from '../../server/src/print/escape.ts';
import { contains, parseNetwork } from '../../server/src/topology/address.ts';
import { endpoint, imported, isAllowed, reach, topologyOf, withImported } from './imported.ts';

const BASE = `configmgr: 2025-12
zones:
  a: { networks: [10.1.0.0/16, "2001:db8:1::/48"] }
  b: { networks: [10.2.0.0/16, "2001:db8:2::/48"] }
  c: { networks: [10.3.0.0/16] }
  net: { internet: true }
servers:
  a1: { zone: a, addresses: 10.1.0.1 }
  a2: { zone: a, addresses: 10.1.0.2 }
  a6: { zone: a, addresses: "2001:db8:1::1" }
  b1: { zone: b, addresses: 10.2.0.1 }
  b2: { zone: b, addresses: 10.2.0.130 }
  b6: { zone: b, addresses: "2001:db8:2::1" }
  c1: { zone: c, addresses: 10.3.0.1 }
`;
const ADDRESSES: Readonly<Record<string, string>> = {
  a1: '10.1.0.1',
  a2: '10.1.0.2',
  a6: '2001:db8:1::1',
  b1: '10.2.0.1',
  b2: '10.2.0.130',
  b6: '2001:db8:2::1',
  c1: '10.3.0.1',
};
const base = topologyOf(BASE);

interface Packet {
  readonly from: string;
  readonly to: string;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  readonly port: number;
}

const PORTS = [22, 80, 85, 443, 1024, 65535];
/** Every pair of machines in different zones that have a family in common, over every protocol and some ports. */
const packets: readonly Packet[] = Object.keys(ADDRESSES).flatMap((from) =>
  Object.keys(ADDRESSES).flatMap((to) => {
    if (from[0] === to[0] || from.endsWith('6') !== to.endsWith('6')) return [];
    return [
      { from, to, protocol: 'icmp' as const, port: 0 },
      ...(['tcp', 'udp'] as const).flatMap((protocol) => PORTS.map((port) => ({ from, to, protocol, port }))),
    ];
  }),
);

const addressOf = (name: string) => ADDRESSES[name] ?? assert.fail(name);
const isSix = (name: string) => name.endsWith('6');
const within = (address: string, network: string) => {
  const [outer, inner] = [parseNetwork(network), parseNetwork(address)];
  assert.ok(outer && inner, `${network} ${address}`);
  return contains(outer, inner);
};

/** Every packet, as the model decides and as the imported firewalls do. */
function agree(
  source: string,
  choices: Parameters<typeof imported>[1],
  model: (packet: Packet) => boolean,
): void {
  const found = imported(source, choices);
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

// --- Azure ------------------------------------------------------------------------------------

const PREFIXES = [
  '*',
  'VirtualNetwork',
  'Internet',
  '10.1.0.0/16',
  '10.0.0.0/8',
  '10.1.0.1',
  '10.2.0.0/25',
  '10.1.0.0/31',
  '2001:db8::/32',
  '2001:db8:2::1/128',
  '0.0.0.0/0',
];

interface AzureRule {
  readonly direction: 'Inbound' | 'Outbound';
  readonly access: 'Allow' | 'Deny';
  readonly protocol: '*' | 'Tcp' | 'Udp' | 'Icmp';
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  readonly ports: readonly string[];
  readonly priority: number;
}

const azureRules: fc.Arbitrary<readonly AzureRule[]> = fc.uniqueArray(
  fc.record({
    direction: fc.constantFrom('Inbound', 'Outbound'),
    access: fc.constantFrom('Allow', 'Deny'),
    protocol: fc.constantFrom('*', 'Tcp', 'Udp', 'Icmp'),
    sources: some(PREFIXES),
    destinations: some(PREFIXES),
    ports: fc.oneof(fc.constant(['*']), some(['22', '80-90', '443', '1024-65535', '0-65535'])),
    priority: fc.integer({ min: 100, max: 4096 }),
  }),
  { maxLength: 8, selector: ({ direction, priority }) => `${direction} ${priority}` },
);

const hasPrefix = (list: readonly string[], name: string) =>
  list.some((prefix) => {
    if (prefix === '*') return true;
    if (prefix === 'Internet') return false;
    return prefix === 'VirtualNetwork' || within(addressOf(name), prefix);
  });

const hasPort = (list: readonly string[], port: number) =>
  list.some((text) => {
    if (text === '*') return true;
    const [low = '', high = low] = text.split('-');
    return Number(low) <= port && port <= Number(high);
  });

/** The first rule by priority, then the default rules. */
function azureAllows(
  rules: readonly AzureRule[],
  direction: AzureRule['direction'],
  packet: Packet,
): boolean {
  const { from, to, protocol, port } = packet;
  const own = rules.filter((rule) => rule.direction === direction).sort((a, b) => a.priority - b.priority);
  for (const rule of own) {
    if (!hasPrefix(rule.sources, from) || !hasPrefix(rule.destinations, to)) continue;
    if (protocol === 'icmp') {
      const isAll = rule.protocol === '*' && (rule.ports.includes('*') || rule.ports.includes('0-65535'));
      if (!isAll && (rule.protocol !== 'Icmp' || isSix(from))) continue;
    } else {
      if (rule.protocol !== '*' && rule.protocol.toLowerCase() !== protocol) continue;
      if (!hasPort(rule.ports, port)) continue;
    }
    return rule.access === 'Allow';
  }
  // AllowVnetInBound and AllowVnetOutBound: all these machines are in the virtual network.
  return true;
}

const property = (rule: AzureRule, index: number) => ({
  name: `rule-${index}`,
  properties: {
    direction: rule.direction,
    access: rule.access,
    protocol: rule.protocol,
    priority: rule.priority,
    sourcePortRange: '*',
    ...(rule.sources.length === 1
      ? { sourceAddressPrefix: rule.sources[0] }
      : { sourceAddressPrefixes: rule.sources }),
    destinationAddressPrefixes: rule.destinations,
    destinationPortRanges: rule.ports,
  },
});

const groupOf = (name: string, rules: readonly AzureRule[]) => ({
  type: 'Microsoft.Network/networkSecurityGroups',
  name,
  properties: { securityRules: rules.map(property) },
});

describe('an imported network security group', function () {
  this.timeout('120s');
  const zones = ['a', 'b', 'c', 'net'];
  const choices = { zones, topology: base };

  it('lets the same packets through as Azure does, for one group and for two at both ends', () => {
    fc.assert(
      fc.property(azureRules, azureRules, (a, b) => {
        const template = { resources: [groupOf('nsg-a', a), groupOf('nsg-b', b)] };
        agree(JSON.stringify(template), choices, (packet) => {
          const ends = { a, b };
          const rules = (name: string) =>
            name.startsWith('a') ? ends.a : name.startsWith('b') ? ends.b : undefined;
          const [out, into] = [rules(packet.from), rules(packet.to)];
          return (
            (!out || azureAllows(out, 'Outbound', packet)) && (!into || azureAllows(into, 'Inbound', packet))
          );
        });
      }),
      { numRuns: 150 },
    );
  });

  it('reads the same from a template, from az and from PowerShell', () => {
    fc.assert(
      fc.property(azureRules, (rules) => {
        const resource = groupOf('nsg-a', rules);
        const flat = rules.map((rule, index) => ({
          name: `rule-${index}`,
          ...property(rule, index).properties,
        }));
        const upper = flat.map((rule) =>
          Object.fromEntries(
            Object.entries(rule).map(([key, value]) => {
              const name =
                key.charAt(0).toUpperCase() + key.slice(1).replace(/(?<=Prefix)es$|(?<=Range)s$/, '');
              return [name, /Prefix|Range/.test(name) ? [value].flat() : value];
            }),
          ),
        );
        const [first, ...others] = [
          { $schema: 'x', contentVersion: '1.0.0.0', resources: [resource] },
          resource,
          { name: 'nsg-a', type: resource.type, securityRules: flat, defaultSecurityRules: [] },
          [{ name: 'nsg-a', securityRules: flat }],
          { value: [resource] },
          { Name: 'nsg-a', SecurityRules: upper },
          {
            $schema: 'x',
            resources: [
              { type: resource.type, name: 'nsg-a' },
              ...resource.properties.securityRules.map(({ name, properties }) => ({
                type: `${resource.type}/securityRules`,
                name: `nsg-a/${name}`,
                properties,
              })),
            ],
          },
          {
            $schema: 'x',
            parameters: { name: { defaultValue: 'nsg-a' } },
            variables: { rules: resource.properties.securityRules },
            resources: [
              {
                type: resource.type,
                name: "[parameters('name')]",
                properties: { securityRules: "[variables('rules')]" },
              },
            ],
          },
          ...[[], resource.properties.securityRules].map((inside) => ({
            // Rules as resources of their own; an export of the portal has them in the group as well.
            $schema: 'x',
            parameters: { name: { defaultValue: 'nsg-a' } },
            resources: [
              { type: resource.type, name: "[parameters('name')]", properties: { securityRules: inside } },
              ...resource.properties.securityRules.map((rule, index) => ({
                ...rule,
                type: `${resource.type}/securityRules`,
                name:
                  index % 2 === 0
                    ? `[format('{0}/{1}', parameters('name'), '${rule.name}')]`
                    : `[concat(parameters('name'), '/${rule.name}')]`,
              })),
            ],
          })),
          {
            $schema: 'x',
            resources: [
              {
                type: 'Microsoft.Resources/deployments',
                properties: { template: { $schema: 'x', resources: [resource] } },
              },
            ],
          },
        ].map((shape) => imported(JSON.stringify(shape), choices).text);
        for (const other of others) assert.equal(other, first);
      }),
      { numRuns: 40 },
    );
  });
});

// --- Azure Firewall ---------------------------------------------------------------------------

interface PolicyRule {
  readonly protocols: readonly string[];
  readonly sources: readonly string[];
  /** Names of IP groups. */
  readonly groups: readonly string[];
  readonly destinations: readonly string[];
  readonly ports: readonly string[];
}

interface RuleCollection {
  readonly kind: 'nat' | 'network' | 'web';
  readonly priority: number;
  readonly action: 'Allow' | 'Deny';
  readonly rules: readonly PolicyRule[];
}

interface CollectionGroup {
  readonly priority: number;
  /** Of the policy from which the other inherits. */
  readonly isBase: boolean;
  readonly collections: readonly RuleCollection[];
}

const IP_GROUPS: Readonly<Record<string, readonly string[]>> = {
  servers: ['10.1.0.1', '10.2.0.128-10.2.0.131'],
  branch: ['10.2.0.0/16'],
};
const NETS = ['*', '10.0.0.0/8', '10.1.0.1', '10.2.0.0/25', '10.3.0.0/16', '10.1.0.0-10.1.0.9'];

const collectionGroups: fc.Arbitrary<readonly CollectionGroup[]> = fc.uniqueArray(
  fc.record<CollectionGroup>({
    priority: fc.integer({ min: 100, max: 120 }),
    isBase: fc.boolean(),
    collections: fc.uniqueArray(
      fc.record<RuleCollection>({
        kind: fc.constantFrom('network', 'network', 'nat', 'web'),
        priority: fc.integer({ min: 100, max: 120 }),
        action: fc.constantFrom('Allow', 'Deny'),
        rules: fc.array(
          fc.record<PolicyRule>({
            protocols: some(['TCP', 'UDP', 'ICMP', 'Any'], 2),
            sources: some(NETS, 2),
            groups: fc.subarray(['servers', 'branch'], { maxLength: 1 }),
            destinations: some(NETS, 2),
            ports: fc.oneof(fc.constant(['*']), some(['22', '80-90', '443', '1024-65535'])),
          }),
          { minLength: 1, maxLength: 3 },
        ),
      }),
      { maxLength: 3, selector: ({ priority }) => priority },
    ),
  }),
  { maxLength: 4, selector: ({ priority, isBase }) => `${priority} ${isBase}` },
);

/** By kind, then the policy that is inherited, then by the priority of the group and of the collection. */
function azureFirewallAllows(
  groups: readonly CollectionGroup[],
  { from, to, protocol, port }: Packet,
): boolean {
  const inList = (list: readonly string[], name: string) =>
    list.some((text) => {
      if (text === '*') return true;
      const [low = '', high] = text.split('-');
      if (high === undefined) return within(addressOf(name), text);
      const number = (address: string) =>
        address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
      const own = addressOf(name);
      return !own.includes(':') && number(low) <= number(own) && number(own) <= number(high);
    });
  for (const kind of ['nat', 'network', 'web'] as const) {
    for (const isBase of [true, false]) {
      const own = groups
        .filter((group) => group.isBase === isBase)
        .sort((a, b) => a.priority - b.priority)
        .flatMap(({ collections }) => [...collections].sort((a, b) => a.priority - b.priority))
        .filter((collection) => collection.kind === kind);
      for (const { action, rules } of own) {
        for (const rule of rules) {
          const sources = [...rule.sources, ...rule.groups.flatMap((name) => IP_GROUPS[name] ?? [])];
          if (!inList(sources, from)) continue;
          if (kind === 'web') {
            // One for every name, over 443.
            if (protocol !== 'tcp' || port !== 443) continue;
            return action === 'Allow';
          }
          // What is behind a translation is 10.2.0.1, port 8080 of the outside is 80 there.
          if (!(kind === 'nat' ? to === 'b1' : inList(rule.destinations, to))) continue;
          const isAny = rule.protocols.includes('Any');
          if (protocol === 'icmp') {
            if (
              !rule.protocols.includes('ICMP') &&
              !(isAny && kind === 'network' && rule.ports.includes('*'))
            )
              continue;
            if (kind === 'nat') continue;
          } else {
            if (!rule.protocols.includes(protocol.toUpperCase()) && !isAny) continue;
            if (!hasPort(kind === 'nat' ? ['80'] : rule.ports, port)) continue;
          }
          return kind === 'nat' || action === 'Allow';
        }
      }
    }
  }
  return false;
}

function azurePolicy(groups: readonly CollectionGroup[]): string {
  const idOf = (name: string) => `[resourceId('Microsoft.Network/ipGroups', '${name}')]`;
  const ruleOf = (rule: PolicyRule, kind: RuleCollection['kind'], index: number) => {
    const ends = {
      name: `rule-${index}`,
      sourceAddresses: rule.sources,
      sourceIpGroups: rule.groups.map(idOf),
    };
    if (kind === 'web') {
      return {
        ...ends,
        ruleType: 'ApplicationRule',
        protocols: [{ protocolType: 'Https', port: 443 }],
        targetFqdns: ['*'],
      };
    }
    const ports = { ipProtocols: rule.protocols, destinationPorts: kind === 'nat' ? ['8080'] : rule.ports };
    return kind === 'nat'
      ? {
          ...ends,
          ...ports,
          ipProtocols: rule.protocols.filter((one) => one !== 'ICMP'),
          ruleType: 'NatRule',
          destinationAddresses: ['203.0.113.9'],
          translatedAddress: '10.2.0.1',
          translatedPort: '80',
        }
      : { ...ends, ...ports, ruleType: 'NetworkRule', destinationAddresses: rule.destinations };
  };
  const type = 'Microsoft.Network/firewallPolicies';
  return JSON.stringify({
    $schema: 'x',
    contentVersion: '1.0.0.0',
    resources: [
      ...Object.entries(IP_GROUPS).map(([name, ipAddresses]) => ({
        type: 'Microsoft.Network/ipGroups',
        name,
        properties: { ipAddresses },
      })),
      { type, name: 'base', properties: { threatIntelMode: 'Alert' } },
      { type, name: 'edge', properties: { basePolicy: { id: `[resourceId('${type}', 'base')]` } } },
      ...groups.map(({ priority, isBase, collections }) => ({
        type: `${type}/ruleCollectionGroups`,
        name: `${isBase ? 'base' : 'edge'}/group-${priority}`,
        properties: {
          priority,
          ruleCollections: collections.map((collection) => ({
            name: `collection-${collection.priority}`,
            priority: collection.priority,
            ruleCollectionType: `FirewallPolicy${collection.kind === 'nat' ? 'Nat' : 'Filter'}RuleCollection`,
            action: { type: collection.kind === 'nat' ? 'DNAT' : collection.action },
            rules: collection.rules.map((rule, index) => ruleOf(rule, collection.kind, index)),
          })),
        },
      })),
    ],
  });
}

describe('an imported policy of Azure Firewall', function () {
  this.timeout('120s');
  const choices = { zones: ['a', 'b', 'c'], topology: base };

  it('lets the same packets through as Azure does, what it inherits included', () => {
    fc.assert(
      fc.property(collectionGroups, (groups) => {
        // A policy from which another inherits is in force through that other alone.
        const text = azurePolicy(groups.some(({ isBase }) => !isBase) ? groups : [...groups, EMPTY]);
        const found = imported(text, choices);
        const edge = found.text.slice(found.text.indexOf('\n  edge:'));
        const head = found.text.slice(0, found.text.indexOf('firewalls:'));
        const topology = withImported(BASE, { ...found, text: `${head}firewalls:${edge}` });
        const judge = reach(topology);
        for (const packet of packets) {
          const { from, to, protocol, port } = packet;
          const real = isAllowed(judge, endpoint(from, topology), endpoint(to, topology), protocol, port);
          const wanted = azureFirewallAllows(groups, packet);
          assert.equal(real, wanted, `${from} to ${to} ${protocol} ${port}\n${found.text}\n${text}`);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('is the same from a template and as the command line prints it, and of a classic firewall', () => {
    const rule = {
      name: 'web',
      ruleType: 'NetworkRule',
      ipProtocols: ['TCP'],
      sourceAddresses: ['10.1.0.0/16'],
      destinationAddresses: ['10.2.0.1'],
      destinationPorts: ['443'],
    };
    const collection = {
      name: 'c',
      priority: 100,
      ruleCollectionType: 'FirewallPolicyFilterRuleCollection',
      action: { type: 'Allow' },
      rules: [rule],
    };
    const type = 'Microsoft.Network/FirewallPolicies/RuleCollectionGroups';
    const shapes = [
      {
        $schema: 'x',
        parameters: { policy: { defaultValue: 'edge' } },
        resources: [
          {
            type,
            name: "[format('{0}/{1}', parameters('policy'), 'group')]",
            properties: { priority: 100, ruleCollections: [collection] },
          },
        ],
      },
      [
        {
          type,
          id: '/subscriptions/x/resourceGroups/y/providers/Microsoft.Network/firewallPolicies/edge/ruleCollectionGroups/group',
          name: 'group',
          priority: 100,
          ruleCollections: [collection],
        },
      ],
      {
        type: 'Microsoft.Network/azureFirewalls',
        name: 'edge',
        properties: {
          networkRuleCollections: [
            {
              name: 'c',
              properties: {
                priority: 100,
                action: { type: 'Allow' },
                rules: [{ ...rule, protocols: rule.ipProtocols, ipProtocols: undefined }],
              },
            },
          ],
        },
      },
    ].map((shape) => imported(JSON.stringify(shape), choices).text);
    assert.match(shapes[0] ?? '', /^ {2}edge:$/m);
    assert.match(
      shapes[0] ?? '',
      /- \{ action: allow, from: 10\.1\.0\.0\/16, to: b1, tcp: 443, name: "web" \}/,
    );
    for (const shape of shapes) assert.equal(shape, shapes[0]);
  });

  it('names what it cannot say: names of the web, IP groups and policies that are not in the file', () => {
    const of = (rule: object) =>
      imported(
        JSON.stringify({
          type: 'Microsoft.Network/firewallPolicies/ruleCollectionGroups',
          name: 'edge/group',
          properties: {
            priority: 1,
            ruleCollections: [{ priority: 1, action: { type: 'Allow' }, rules: [rule] }],
          },
        }),
        choices,
      ).text;
    assert.match(
      of({
        name: 'up',
        ruleType: 'ApplicationRule',
        sourceAddresses: ['*'],
        protocols: [{ protocolType: 'Https', port: 443 }],
        targetFqdns: ['*.example.com'],
      }),
      /# Not written: allow rule 'up': it is for names of the web \('\*\.example\.com'\), .*without it less passes/,
    );
    const network = { name: 'n', ruleType: 'NetworkRule', ipProtocols: ['TCP'], destinationPorts: ['443'] };
    assert.match(
      of({ ...network, sourceIpGroups: ['/x/ipGroups/branch'], destinationAddresses: ['AzureCloud'] }),
      /IP group 'branch' is not in the file; .*--map branch=NAMES[\s\S]*'AzureCloud' is a service tag/,
    );
    const child = {
      type: 'Microsoft.Network/firewallPolicies',
      name: 'edge',
      properties: { basePolicy: { id: '/x/firewallPolicies/base' } },
    };
    assert.match(
      imported(JSON.stringify([child]), choices).text,
      /# Not written: the rules of the policy 'base', from which edge inherits, are not in the file/,
    );
  });
});

const EMPTY: CollectionGroup = { priority: 65_000, isBase: false, collections: [] };

// --- Windows ----------------------------------------------------------------------------------

interface WindowsRule {
  readonly direction: 'Inbound' | 'Outbound';
  readonly action: 'Allow' | 'Block';
  readonly enabled: boolean;
  readonly profile: 'Any' | 'Domain, Private' | 'Public';
  readonly protocol: 'Any' | 'TCP' | 'UDP' | 'ICMPv4' | 'ICMPv6';
  readonly ports: readonly string[];
  readonly remote: readonly string[];
}

const windowsRules: fc.Arbitrary<readonly WindowsRule[]> = fc.array(
  fc.record({
    direction: fc.constantFrom('Inbound', 'Outbound'),
    action: fc.constantFrom('Allow', 'Block'),
    enabled: fc.boolean(),
    profile: fc.constantFrom('Any', 'Domain, Private', 'Public'),
    protocol: fc.constantFrom('Any', 'TCP', 'UDP', 'ICMPv4', 'ICMPv6'),
    ports: fc.oneof(fc.constant(['Any']), some(['22', '80-90', '443', '1024-65535'])),
    remote: fc.oneof(
      fc.constant(['Any']),
      some(['10.2.0.0/255.255.0.0', '10.2.0.1', '10.2.0.128-10.2.0.131', '10.3.0.0/16', '2001:db8:2::/48']),
    ),
  }),
  { maxLength: 8 },
);

function windowsAllows(
  rules: readonly WindowsRule[],
  { from, to, protocol, port }: Packet,
  own: string,
): boolean {
  if (from !== own && to !== own) return true;
  const direction = to === own ? 'Inbound' : 'Outbound';
  const other = addressOf(to === own ? from : to);
  const matching = rules.filter((rule) => {
    if (!rule.enabled || rule.profile === 'Public' || rule.direction !== direction) return false;
    if (rule.protocol !== 'Any') {
      const wanted = protocol === 'icmp' ? (isSix(from) ? 'ICMPv6' : 'ICMPv4') : protocol.toUpperCase();
      if (rule.protocol !== wanted) return false;
      if (protocol !== 'icmp' && !rule.ports.includes('Any') && !hasPort(rule.ports, port)) return false;
    }
    return rule.remote.some((text) => {
      if (text === 'Any') return true;
      if (text.includes('255.255')) return within(other, '10.2.0.0/16');
      return text.includes('-') ? other === '10.2.0.130' : within(other, text);
    });
  });
  if (matching.some(({ action }) => action === 'Block')) return false;
  return direction === 'Outbound' || matching.length > 0;
}

/** As the command of docs/import.md writes them. */
const windowsRows = (rules: readonly WindowsRule[]) =>
  rules.map((rule, index) => {
    const isIn = rule.direction === 'Inbound';
    const hasPorts = rule.protocol === 'TCP' || rule.protocol === 'UDP';
    const ports = hasPorts ? rule.ports.join(',') : 'Any';
    return {
      Name: `{rule-${index}}`,
      DisplayName: `Rule "${index}", the best`,
      Direction: rule.direction,
      Action: rule.action,
      Enabled: rule.enabled ? 'True' : 'False',
      Profile: rule.profile,
      Protocol: rule.protocol,
      LocalPort: isIn ? ports : 'Any',
      RemotePort: isIn ? 'Any' : ports,
      IcmpType: 'Any',
      LocalAddress: 'Any',
      RemoteAddress: rule.remote.join(','),
      Program: 'Any',
      Service: 'Any',
      Package: '',
      Owner: '',
      InterfaceAlias: 'Any',
      InterfaceType: 'Any',
    };
  });

describe('imported Windows Firewall rules', function () {
  this.timeout('120s');
  const choices = { zones: ['a', 'b', 'c'], inside: 'a1', topology: base };

  it('let the same packets through as Windows does, from JSON and from CSV', () => {
    fc.assert(
      fc.property(windowsRules, fc.constantFrom(',', ';', '\t'), (rules, separator) => {
        fc.pre(rules.length > 0);
        const rows = windowsRows(rules);
        const json = JSON.stringify(rows.length === 1 ? rows[0] : rows);
        agree(json, choices, (packet) => windowsAllows(rules, packet, 'a1'));
        const [first = {}] = rows;
        const line = (cells: readonly string[]) =>
          `${cells.map((cell) => (cell.includes(separator) ? `"${cell.replaceAll('"', '""')}"` : csvCell(cell))).join(separator)}\r\n`;
        const csv = `#TYPE Selected.Rule\r\n${[Object.keys(first), ...rows.map((row) => Object.values(row))].map(line).join('')}`;
        assert.equal(imported(csv, choices).text, imported(json, choices).text);
      }),
      { numRuns: 150 },
    );
  });
});

// --- nftables ---------------------------------------------------------------------------------

type Json = Readonly<Record<string, unknown>>;
const payload = (protocol: string, field: string) => ({ payload: { protocol, field } });
const match = (left: unknown, right: unknown, op = '==') => ({ match: { op, left, right } });

const NETWORKS = [
  { prefix: { addr: '10.1.0.0', len: 16 } },
  { prefix: { addr: '10.0.0.0', len: 8 } },
  '10.1.0.1',
  '10.2.0.1',
  { range: ['10.2.0.100', '10.3.0.1'] },
];
const NFT_PORTS = [22, 443, { range: [80, 90] }, { range: [1024, 65535] }];
const op = fc.constantFrom('==', '!=');

const condition: fc.Arbitrary<Json> = fc.oneof(
  fc
    .tuple(fc.constantFrom('saddr', 'daddr'), some(NETWORKS), op)
    .map(([field, set, op]) => match(payload('ip', field), set.length === 1 ? set[0] : { set }, op)),
  fc.constantFrom('saddr', 'daddr').map((field) => match(payload('ip', field), '@hosts')),
  fc
    .tuple(fc.constantFrom('tcp', 'udp', 'th'), some(NFT_PORTS), op)
    .map(([protocol, set, op]) => match(payload(protocol, 'dport'), set.length === 1 ? set[0] : { set }, op)),
  fc
    .tuple(fc.constantFrom('<', '>', '<=', '>='), fc.constantFrom(80, 443, 1024))
    .map(([op, port]) => match(payload('tcp', 'dport'), port, op)),
  fc
    .tuple(some(['tcp', 'udp', 'icmp', 'ipv6-icmp', 'gre']), op)
    .map(([set, op]) => match({ meta: { key: 'l4proto' } }, { set }, op)),
  fc.tuple(some(['tcp', 'icmp']), op).map(([set, op]) => match(payload('ip', 'protocol'), { set }, op)),
  fc.constantFrom('ipv4', 'ipv6').map((family) => match({ meta: { key: 'nfproto' } }, family)),
  fc.constantFrom('eth0', 'eth1').map((name) => match({ meta: { key: 'iifname' } }, name)),
  fc.constant(match({ meta: { key: 'oifname' } }, { set: ['eth0', 'eth1'] })),
  fc.constantFrom('icmp', 'icmpv6').map((protocol) => match(payload(protocol, 'type'), 'echo-request')),
  fc.constant(match({ ct: { key: 'state' } }, ['established', 'related'], 'in')),
  fc.constant(match({ ct: { key: 'state' } }, ['established', 'new'], 'in')),
  fc.constant(match({ ct: { key: 'state' } }, 'new', '!=')),
  fc.constant(match({ concat: [payload('ip', 'saddr'), payload('tcp', 'dport')] }, '@pairs')),
  fc.constant(match(payload('ip6', 'saddr'), { prefix: { addr: '2001:db8:1::', len: 48 } })),
);

const CHAINS = ['one', 'two'];
const verdict = (chains: readonly string[]): fc.Arbitrary<Json> =>
  fc.oneof(
    fc.constantFrom({ accept: null }, { drop: null }, { reject: null }, { return: null }),
    ...chains.flatMap((target) => [fc.constant({ jump: { target } }), fc.constant({ goto: { target } })]),
  );

const statements = (chains: readonly string[]): fc.Arbitrary<readonly Json[]> =>
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc
        .tuple(
          fc.array(condition, { maxLength: 2 }),
          fc.constantFrom({ counter: null }, { log: null }),
          verdict(chains),
        )
        .map(([conditions, statement, verdict]) => [...conditions, statement, verdict]),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.array(condition, { maxLength: 1 }), verdict(chains), verdict(chains), fc.boolean())
        .map(([conditions, first, second, other]) => [
          ...conditions,
          {
            vmap: {
              key: payload('tcp', 'dport'),
              data: {
                set: [[22, first], [{ range: [80, 90] }, second], ...(other ? [['*', { drop: null }]] : [])],
              },
            },
          },
        ]),
    },
    { weight: 1, arbitrary: fc.constant([{ counter: null }]) },
  );

interface Nft {
  /** Through the machine, or to or from a machine itself. */
  readonly hook: 'forward' | 'input' | 'output';
  readonly family: 'inet' | 'ip' | 'ip6';
  readonly policy: 'accept' | 'drop';
  readonly forward: readonly (readonly Json[])[];
  readonly one: readonly (readonly Json[])[];
  readonly two: readonly (readonly Json[])[];
}

const nfts: fc.Arbitrary<Nft> = fc.record({
  hook: fc.constantFrom('forward', 'forward', 'input', 'output'),
  family: fc.constantFrom('inet', 'inet', 'ip', 'ip6'),
  policy: fc.constantFrom('accept', 'drop'),
  forward: fc.array(statements(CHAINS), { maxLength: 6 }),
  one: fc.array(statements(['two']), { maxLength: 4 }),
  two: fc.array(statements([]), { maxLength: 3 }),
});

const HOSTS = ['10.1.0.2', { elem: { val: '10.2.0.1', timeout: 60 } }];
const PAIRS = [
  { concat: ['10.1.0.1', 22] },
  { concat: [{ prefix: { addr: '10.2.0.0', len: 16 } }, { range: [80, 443] }] },
];

function ruleset({ hook, family, policy, forward, one, two }: Nft): string {
  const where = { family, table: 'filter' };
  const rules = (chain: string, list: readonly (readonly Json[])[]) =>
    list.map((expr, index) => ({ rule: { ...where, chain, handle: index + 1, expr } }));
  return JSON.stringify({
    nftables: [
      { metainfo: { json_schema_version: 1 } },
      { table: { family, name: 'filter' } },
      { set: { ...where, name: 'hosts', type: 'ipv4_addr', elem: HOSTS } },
      { set: { ...where, name: 'pairs', type: ['ipv4_addr', 'inet_service'], elem: PAIRS } },
      ...['one', 'two'].map((name) => ({ chain: { ...where, name } })),
      { chain: { ...where, name: 'forward', type: 'filter', hook, prio: 0, policy } },
      ...rules('forward', forward),
      ...rules('one', one),
      ...rules('two', two),
    ],
  });
}

/** What the kernel would do with a packet that opens a connection. */
function nftAllows(nft: Nft, packet: Packet): boolean {
  if (nft.hook === 'input' && packet.to !== 'a1') return true;
  if (nft.hook === 'output' && packet.from !== 'a1') return true;
  const isV6 = isSix(packet.from);
  if ((nft.family === 'ip' && isV6) || (nft.family === 'ip6' && !isV6)) return true;
  const chains: Readonly<Record<string, readonly (readonly Json[])[]>> = { one: nft.one, two: nft.two };
  const run = (rules: readonly (readonly Json[])[]): boolean | 'continue' | 'ended' => {
    for (const expr of rules) {
      for (const statement of expr) {
        let verdict: Json | undefined = statement;
        if ('match' in statement) {
          if (!holds(statement.match as Json)) break;
          continue;
        }
        if ('vmap' in statement) verdict = mapped(statement.vmap as Json);
        if (!verdict) continue;
        if ('accept' in verdict) return true;
        if ('drop' in verdict || 'reject' in verdict) return false;
        if ('return' in verdict) return 'continue';
        if ('jump' in verdict) {
          const result = run(chains[(verdict.jump as { target: string }).target] ?? []);
          if (result !== 'continue') return result;
        }
        if ('goto' in verdict) return run(chains[(verdict.goto as { target: string }).target] ?? []);
      }
    }
    return 'continue';
  };
  const result = run(nft.forward);
  return result === true || (result === 'continue' && nft.policy === 'accept');

  function mapped({ data }: Json): Json | undefined {
    if (packet.protocol !== 'tcp') return undefined;
    for (const [key, verdict] of (data as { set: [unknown, Json][] }).set) {
      if (key === '*' || isIn(packet.port, key)) return verdict;
    }
    return undefined;
  }

  function holds({ op, left, right }: Json): boolean {
    const { payload, meta, ct, concat } = left as Record<string, Record<string, string>>;
    if (ct) {
      const isNew = [right].flat().includes('new');
      return op === '!=' ? !isNew : isNew;
    }
    if (concat) {
      if (isV6 || packet.protocol !== 'tcp') return false;
      return PAIRS.some(
        ({ concat: [address, port] }) => isIn(addressOf(packet.from), address) && isIn(packet.port, port),
      );
    }
    const list =
      right === '@hosts' ? ['10.1.0.2', '10.2.0.1'] : ((right as { set?: unknown[] })?.set ?? [right]);
    const is = (value: unknown) => list.some((one) => isIn(value, one)) === (op !== '!=');
    const number = packet.protocol === 'icmp' ? (isV6 ? 'ipv6-icmp' : 'icmp') : packet.protocol;
    if (meta) {
      if (meta.key === 'l4proto') return is(number);
      if (meta.key === 'nfproto') return is(isV6 ? 'ipv6' : 'ipv4');
      const interfaces: Readonly<Record<string, string>> = { a: 'eth0', b: 'eth1', c: 'eth2' };
      return is(interfaces[(meta.key === 'iifname' ? packet.from : packet.to).charAt(0)]);
    }
    const { protocol, field } = payload ?? {};
    if (protocol === 'ip' || protocol === 'ip6') {
      if ((protocol === 'ip6') !== isV6) return false;
      if (field === 'protocol') return is(number);
      return is(addressOf(field === 'saddr' ? packet.from : packet.to));
    }
    if (protocol === 'icmp') return number === 'icmp';
    if (protocol === 'icmpv6') return number === 'ipv6-icmp';
    if (packet.protocol === 'icmp' || (protocol !== 'th' && protocol !== packet.protocol)) return false;
    const bound = Number(right);
    if (op === '<') return packet.port < bound;
    if (op === '>') return packet.port > bound;
    if (op === '<=') return packet.port <= bound;
    if (op === '>=') return packet.port >= bound;
    return is(packet.port);
  }

  function isIn(value: unknown, element: unknown): boolean {
    if (typeof element !== 'object' || element === null) return value === element;
    const { prefix, range } = element as { prefix?: { addr: string; len: number }; range?: unknown[] };
    if (prefix) return within(String(value), `${prefix.addr}/${prefix.len}`);
    const [low, high] = range ?? [];
    if (typeof value === 'number') return Number(low) <= value && value <= Number(high);
    return order(String(low)) <= order(String(value)) && order(String(value)) <= order(String(high));
  }

  function order(address: string): bigint {
    return parseNetwork(address)?.bits ?? assert.fail(address);
  }
}

describe('an imported nftables ruleset', function () {
  this.timeout('120s');
  it('lets the same packets through as the kernel does, through jumps, returns and maps', () => {
    const map = { eth0: ['a'], eth1: ['b'] };
    let refused = 0;
    fc.assert(
      fc.property(nfts, (nft) => {
        const choices = {
          zones: ['a', 'b', 'c'],
          topology: base,
          map,
          ...(nft.hook === 'forward' ? {} : { inside: 'a1' }),
        };
        const source = ruleset(nft);
        try {
          imported(source, choices);
        } catch (error) {
          // Chains that return under conditions can come to more rules than are written, which is said.
          assert.ok(isImportError(error) && /comes to more than|too many to write out/.test(error.message));
          refused++;
          return;
        }
        agree(source, choices, (packet) => nftAllows(nft, packet));
      }),
      { numRuns: 400 },
    );
    assert.ok(refused < 4, `${refused} refused`);
  });

  it('is not refused for chains that are jumped to often and end with nothing but returns', () => {
    const port = (right: unknown) => match(payload('tcp', 'dport'), right);
    const returns = [80, 443, { range: [1024, 65535] }].map((right) => [port(right), { return: null }]);
    const jumps = (target: string) => Array.from({ length: 4 }, () => [{ jump: { target } }]);
    const nft: Nft = {
      hook: 'forward',
      family: 'inet',
      policy: 'accept',
      forward: jumps('one'),
      one: [[port(22), { drop: null }], ...jumps('two')],
      two: [[port(85), { drop: null }], ...returns],
    };
    const source = ruleset(nft);
    agree(source, { zones: ['a', 'b', 'c'], topology: base }, (packet) => nftAllows(nft, packet));
  });
});
