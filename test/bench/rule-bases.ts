// Rule bases of any length in every form that `cmtopo import` reads, with objects in groups where the form has them,
// and a hierarchy on both sides of them.

/** One rule: a network of clients, or one of them, to a host, or to a group of ten hosts. */
interface Rule {
  readonly index: number;
  readonly name: string;
  /** An address, or one with `/24`. */
  readonly from: string;
  readonly host: number;
  readonly group: number | undefined;
  readonly port: number;
  readonly isDeny: boolean;
}

/** Hosts in a group. */
const IN_GROUP = 10;
/** So many rules share a host. */
const SHARED = 4;

const address = (zone: number, index: number) => `10.${zone}.${(index >> 8) & 255}.${index & 255}`;
const hostsOf = (rules: number) => Math.max(IN_GROUP, Math.ceil(rules / SHARED / IN_GROUP) * IN_GROUP);

function rulesOf(count: number): readonly Rule[] {
  const groups = hostsOf(count) / IN_GROUP;
  return Array.from({ length: count }, (_, index) => ({
    index,
    name: `rule ${index}`,
    from: index % IN_GROUP === 0 ? address(2, index) : `${address(2, (index % 256) * 256)}/24`,
    host: Math.floor(index / SHARED),
    group: index % 2 === 0 ? Math.floor(index / SHARED / IN_GROUP) % groups : undefined,
    port: 1 + ((index * 7) % 60_000),
    isDeny: index % 5 === 4,
  }));
}

const range = (count: number) => Array.from({ length: count }, (_, index) => index);
const inGroup = (group: number) => range(IN_GROUP).map((at) => group * IN_GROUP + at);
/** With the mask written out. */
const masked = (from: string) => {
  const [network = '', prefix] = from.split('/');
  return `${network} 255.255.255.${prefix === undefined ? '255' : '0'}`;
};
/** The addresses that a rule is for, in forms that have no groups. */
const targets = ({ host, group }: Rule) =>
  (group === undefined ? [host] : inGroup(group)).map((one) => address(1, one));

function asa(count: number): string {
  const hosts = hostsOf(count);
  return [
    'ASA Version 9.16(4)',
    ...['a', 'b'].flatMap((zone, index) => [
      `interface GigabitEthernet0/${index}`,
      ` nameif ${zone}`,
      ` security-level ${100 - index}`,
      ` ip address 10.${index + 1}.255.254 255.255.0.0`,
    ]),
    ...range(hosts).flatMap((host) => [`object network O${host}`, ` host ${address(1, host)}`]),
    ...range(hosts / IN_GROUP).flatMap((group) => [
      `object-group network G${group}`,
      ...inGroup(group).map((host) => ` network-object object O${host}`),
    ]),
    ...rulesOf(count).flatMap((rule) => [
      `access-list in remark ${rule.name}`,
      `access-list in extended ${rule.isDeny ? 'deny' : 'permit'} tcp ${masked(rule.from)} ${rule.group === undefined ? `object O${rule.host}` : `object-group G${rule.group}`} eq ${rule.port}`,
    ]),
    'access-group in in interface b',
    '',
  ].join('\n');
}

function panSet(count: number): string {
  const hosts = hostsOf(count);
  return [
    ...['a', 'b'].flatMap((zone, index) => [
      `set network interface ethernet ethernet1/${index} layer3 ip 10.${index + 1}.255.254/16`,
      `set zone ${zone} network layer3 ethernet1/${index}`,
    ]),
    ...range(hosts).map((host) => `set address O${host} ip-netmask ${address(1, host)}`),
    ...range(hosts / IN_GROUP).map(
      (group) =>
        `set address-group G${group} static [ ${inGroup(group)
          .map((host) => `O${host}`)
          .join(' ')} ]`,
    ),
    ...range(60_001).flatMap((port) =>
      port > 0 && port <= Math.min(count, 200) ? [`set service P${port} protocol tcp port ${port}`] : [],
    ),
    ...rulesOf(count).flatMap(({ name, from, host, group, port, isDeny }) => {
      const rule = `set rulebase security rules "${name}"`;
      return [
        `${rule} from b`,
        `${rule} to a`,
        `${rule} source ${from}`,
        `${rule} destination ${group === undefined ? `O${host}` : `G${group}`}`,
        `${rule} application any`,
        `${rule} service P${1 + (port % Math.min(count, 200))}`,
        `${rule} action ${isDeny ? 'deny' : 'allow'}`,
      ];
    }),
    '',
  ].join('\n');
}

function panXml(count: number): string {
  const hosts = hostsOf(count);
  const list = (name: string, members: readonly string[]) =>
    `<${name}>${members.map((one) => `<member>${one}</member>`).join('')}</${name}>`;
  const entries = (texts: readonly (readonly [string, string])[]) =>
    texts.map(([name, text]) => `<entry name="${name}">${text}</entry>`).join('\n');
  const ports = Math.min(count, 200);
  const network = entries(
    [0, 1].map((index) => [
      `ethernet1/${index}`,
      `<layer3><ip><entry name="10.${index + 1}.255.254/16"/></ip></layer3>`,
    ]),
  );
  const zone = entries(
    ['a', 'b'].map((name, index) => [name, `<network>${list('layer3', [`ethernet1/${index}`])}</network>`]),
  );
  const rules = entries(
    rulesOf(count).map(({ name, from, host, group, port, isDeny }) => [
      name,
      list('from', ['b']) +
        list('to', ['a']) +
        list('source', [from]) +
        list('destination', [group === undefined ? `O${host}` : `G${group}`]) +
        list('application', ['any']) +
        list('service', [`P${1 + (port % ports)}`]) +
        `<action>${isDeny ? 'deny' : 'allow'}</action>`,
    ]),
  );
  return `<?xml version="1.0"?>
<config><devices><entry name="localhost.localdomain"><network><interface><ethernet>${network}</ethernet></interface></network>
<vsys><entry name="vsys1"><zone>${zone}</zone>
<address>${entries(range(hosts).map((host) => [`O${host}`, `<ip-netmask>${address(1, host)}</ip-netmask>`]))}</address>
<address-group>${entries(
    range(hosts / IN_GROUP).map((group) => [
      `G${group}`,
      list(
        'static',
        inGroup(group).map((host) => `O${host}`),
      ),
    ]),
  )}</address-group>
<service>${entries(range(ports).map((port) => [`P${port + 1}`, `<protocol><tcp><port>${port + 1}</port></tcp></protocol>`]))}</service>
<rulebase><security><rules>${rules}</rules></security></rulebase></entry></vsys></entry></devices></config>
`;
}

function fortios(count: number): string {
  const hosts = hostsOf(count);
  const table = (name: string, entries: readonly (readonly [string, ...string[]])[]) => [
    `config ${name}`,
    ...entries.flatMap(([entry, ...lines]) => [
      `    edit ${entry}`,
      ...lines.map((line) => `        set ${line}`),
      '    next',
    ]),
    'end',
  ];
  const ports = Math.min(count, 200);
  return [
    ...table('system interface', [
      ['"a"', 'ip 10.1.255.254 255.255.0.0'],
      ['"b"', 'ip 10.2.255.254 255.255.0.0'],
    ]),
    ...table('firewall address', [
      ...range(hosts).map((host) => [`"O${host}"`, `subnet ${address(1, host)} 255.255.255.255`] as const),
      ...rulesOf(count).map(({ index, from }) => [`"C${index}"`, `subnet ${masked(from)}`] as const),
    ]),
    ...table(
      'firewall addrgrp',
      range(hosts / IN_GROUP).map((group) => [
        `"G${group}"`,
        `member ${inGroup(group)
          .map((host) => `"O${host}"`)
          .join(' ')}`,
      ]),
    ),
    ...table(
      'firewall vip',
      range(Math.ceil(hosts / 25)).map((vip) => [
        `"V${vip}"`,
        `extip 203.0.${vip >> 8}.${vip & 255}`,
        `mappedip ${address(1, vip)}`,
      ]),
    ),
    ...table(
      'firewall service custom',
      range(ports).map((port) => [`"P${port + 1}"`, `tcp-portrange ${port + 1}`]),
    ),
    ...table(
      'firewall policy',
      rulesOf(count).map(({ index, name, host, group, port, isDeny }) => [
        String(index + 1),
        `name "${name}"`,
        'srcintf "b"',
        'dstintf "a"',
        `srcaddr "C${index}"`,
        `dstaddr ${index % 50 === 49 ? `"V${(host >> 5) % Math.ceil(hosts / 25)}"` : group === undefined ? `"O${host}"` : `"G${group}"`}`,
        `service "P${1 + (port % ports)}"`,
        'schedule "always"',
        `action ${isDeny && index % 50 !== 49 ? 'deny' : 'accept'}`,
      ]),
    ),
    '',
  ].join('\n');
}

function registry(count: number): string {
  return [
    'Windows Registry Editor Version 5.00',
    '',
    '[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall\\DomainProfile]',
    '"EnableFirewall"=dword:00000001',
    '"DefaultInboundAction"=dword:00000001',
    '"DefaultOutboundAction"=dword:00000000',
    '',
    '[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall\\FirewallRules]',
    ...rulesOf(count).map(
      (rule) =>
        `"{${rule.index}}"="v2.30|Action=${rule.isDeny ? 'Block' : 'Allow'}|Active=TRUE|Dir=In|Protocol=6|LPort=${rule.port}|${targets(
          rule,
        )
          .map((one) => `LA4=${one}|`)
          .join('')}RA4=${rule.from}|Name=${rule.name}|"`,
    ),
    '',
  ].join('\r\n');
}

function netsh(count: number): string {
  const line = (label: string, value: string) => `${`${label}:`.padEnd(38)}${value}`;
  return rulesOf(count)
    .map((rule) =>
      [
        line('Rule Name', rule.name),
        '-'.repeat(70),
        line('Enabled', 'Yes'),
        line('Direction', 'In'),
        line('Profiles', 'Domain,Private,Public'),
        line('Grouping', ''),
        line(
          'LocalIP',
          targets(rule)
            .map((one) => `${one}/32`)
            .join(','),
        ),
        line('RemoteIP', rule.from),
        line('Protocol', 'TCP'),
        line('LocalPort', String(rule.port)),
        line('RemotePort', 'Any'),
        line('Edge traversal', 'No'),
        line('InterfaceTypes', 'Any'),
        line('Security', 'NotRequired'),
        line('Rule source', 'Local Setting'),
        line('Action', rule.isDeny ? 'Block' : 'Allow'),
        '',
      ].join('\r\n'),
    )
    .join('\r\n');
}

function consoleList(count: number): string {
  const head = [
    'Name',
    'Group',
    'Profile',
    'Enabled',
    'Action',
    'Override',
    'Program',
    'Local Address',
    'Remote Address',
    'Protocol',
    'Local Port',
    'Remote Port',
  ];
  return [
    head.join('\t'),
    ...rulesOf(count).map((rule) =>
      [
        rule.name,
        '',
        'All',
        'Yes',
        rule.isDeny ? 'Block' : 'Allow',
        'No',
        'Any',
        targets(rule).join(', '),
        rule.from,
        'TCP',
        rule.port,
        'Any',
      ].join('\t'),
    ),
    '',
  ].join('\r\n');
}

const nsgRule = (rule: Rule) => ({
  priority: 100 + rule.index,
  direction: 'Inbound',
  access: rule.isDeny ? 'Deny' : 'Allow',
  protocol: 'Tcp',
  sourcePortRange: '*',
  sourceAddressPrefix: rule.from,
  destinationAddressPrefixes: targets(rule),
  destinationPortRange: String(rule.port),
});

function nsgTemplate(count: number): string {
  return JSON.stringify(
    {
      $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
      parameters: { group: { type: 'string', defaultValue: 'nsg-a' } },
      resources: [
        {
          type: 'Microsoft.Network/networkSecurityGroups',
          name: "[parameters('group')]",
          properties: {
            securityRules: rulesOf(count).map((rule) => ({ name: rule.name, properties: nsgRule(rule) })),
          },
        },
      ],
    },
    null,
    2,
  );
}

function azList(count: number): string {
  return JSON.stringify(
    rulesOf(count).map((rule) => ({ name: rule.name, ...nsgRule(rule) })),
    null,
    2,
  );
}

function azurePolicy(count: number): string {
  const type = 'Microsoft.Network/firewallPolicies';
  const inCollection = 100;
  const collections = range(Math.ceil(count / inCollection));
  const rules = rulesOf(count);
  return JSON.stringify(
    {
      $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
      resources: [
        { type, name: 'fw', properties: {} },
        ...range(hostsOf(count) / IN_GROUP).map((group) => ({
          type: 'Microsoft.Network/ipGroups',
          name: `G${group}`,
          properties: { ipAddresses: inGroup(group).map((host) => address(1, host)) },
        })),
        {
          type: `${type}/ruleCollectionGroups`,
          name: 'fw/rules',
          properties: {
            priority: 100,
            ruleCollections: collections.flatMap((at) =>
              ['Allow', 'Deny'].map((action) => ({
                ruleCollectionType: 'FirewallPolicyFilterRuleCollection',
                name: `c${at}-${action}`,
                priority: 100 + at,
                action: { type: action },
                rules: rules
                  .slice(at * inCollection, (at + 1) * inCollection)
                  .filter(({ isDeny }) => isDeny === (action === 'Deny'))
                  .map(({ name, from, host, group, port }) => ({
                    ruleType: 'NetworkRule',
                    name,
                    ipProtocols: ['TCP'],
                    sourceAddresses: [from],
                    ...(group === undefined
                      ? { destinationAddresses: [address(1, host)] }
                      : { destinationIpGroups: [`[resourceId('Microsoft.Network/ipGroups', 'G${group}')]`] }),
                    destinationPorts: [String(port)],
                  })),
              })),
            ),
          },
        },
      ],
    },
    null,
    2,
  );
}

function nftSource(from: string): unknown {
  const [network, prefix] = from.split('/');
  return prefix === undefined ? network : { prefix: { addr: network, len: Number(prefix) } };
}

function nft(count: number): string {
  const payload = (protocol: string, field: string) => ({ payload: { protocol, field } });
  const match = (left: unknown, right: unknown) => ({ match: { op: '==', left, right } });
  return JSON.stringify({
    nftables: [
      { metainfo: { json_schema_version: 1 } },
      { table: { family: 'inet', name: 'filter', handle: 1 } },
      ...range(hostsOf(count) / IN_GROUP).map((group) => ({
        set: {
          family: 'inet',
          table: 'filter',
          name: `g${group}`,
          type: 'ipv4_addr',
          handle: 2 + group,
          elem: inGroup(group).map((host) => address(1, host)),
        },
      })),
      {
        chain: {
          family: 'inet',
          table: 'filter',
          name: 'forward',
          handle: 1,
          type: 'filter',
          hook: 'forward',
          prio: 0,
          policy: 'drop',
        },
      },
      ...rulesOf(count).map(({ index, name, from, host, group, port, isDeny }) => ({
        rule: {
          family: 'inet',
          table: 'filter',
          chain: 'forward',
          handle: 10_000 + index,
          comment: name,
          expr: [
            match(payload('ip', 'saddr'), nftSource(from)),
            match(payload('ip', 'daddr'), group === undefined ? address(1, host) : `@g${group}`),
            match(payload('tcp', 'dport'), port),
            { [isDeny ? 'drop' : 'accept']: null },
          ],
        },
      })),
    ],
  });
}

export interface RuleBase {
  /** The word of `--format`. */
  readonly format: string;
  readonly write: (rules: number) => string;
  /** A firewall that does not say itself between which zones it is. */
  readonly isPlain: boolean;
}

/** By what it is called in tables. */
export const RULE_BASES: Readonly<Record<string, RuleBase>> = {
  'Cisco ASA': { format: 'cisco-asa', write: asa, isPlain: false },
  'PAN-OS, set': { format: 'pan-os', write: panSet, isPlain: false },
  'PAN-OS, XML': { format: 'pan-os', write: panXml, isPlain: false },
  FortiOS: { format: 'fortios', write: fortios, isPlain: false },
  'Windows, registry': { format: 'windows', write: registry, isPlain: true },
  'Windows, netsh': { format: 'windows', write: netsh, isPlain: true },
  'Windows, list': { format: 'windows', write: consoleList, isPlain: true },
  'Azure group, ARM': { format: 'nsg', write: nsgTemplate, isPlain: true },
  'Azure group, az': { format: 'nsg', write: azList, isPlain: true },
  'Azure Firewall': { format: 'azure-firewall', write: azurePolicy, isPlain: true },
  nftables: { format: 'nftables', write: nft, isPlain: true },
};

/** A hierarchy whose site is in the zone `a` and whose clients are in `b`, without firewalls. */
export const HIERARCHY = `configmgr: 2509
defaults: { rpcDynamicPorts: 49152-65535 }
zones:
  a: { networks: [10.1.0.0/16] }
  b: { networks: [10.2.0.0/16] }
sites:
  P01: { type: primary, database: { server: s0 } }
servers:
  s0: { site: P01, zone: a, addresses: 10.1.0.0, roles: { site-server: {}, sql-server: {} } }
${range(10)
  .map(
    (index) =>
      `  s${index + 1}: { site: P01, zone: a, addresses: ${address(1, index + 1)}, roles: { management-point: {}, distribution-point: {} } }\n`,
  )
  .join('')}${range(20)
  .map(
    (index) =>
      `  d${index}: { site: P01, zone: b, addresses: ${address(2, index * 16)}, roles: { distribution-point: {} } }\n`,
  )
  .join('')}clients:
${range(40)
  .map((index) => `  c${index}: { site: P01, zone: b, networks: [10.2.${index}.0/24] }\n`)
  .join('')}`;
