// Whatever a file holds, what is imported is YAML that reads without a mistake, or one line that says why not.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { analyse } from '../../server/src/analysis.ts';
import { readers } from '../../server/src/imports/index.ts';
import { isImportError } from '../../server/src/imports/model.ts';
import { ATTACKS } from '../exports/hostile.ts';
import { imported, topologyOf, withImported } from './imported.ts';

const BASE = `configmgr: 2025-12
zones: { a: { networks: [10.1.0.0/16] }, b: { networks: [10.2.0.0/16, "2001:db8::/32"] } }
servers: { a1: { zone: a, addresses: 10.1.0.1 } }
`;
const base = topologyOf(BASE);

const ODD: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  1.5,
  2 ** 53,
  '',
  ' ',
  '*',
  'any',
  '0',
  '65536',
  '443-80',
  '1-99999999999999999999',
  '10.0.0.0/33',
  '999.1.1.1',
  '10.0.0.9-10.0.0.1',
  '::/0',
  '__proto__',
  'constructor',
  'cmtopo-disable firewall-blocked',
  '# cmtopo-disable-next-line firewall-blocked',
  '"]: &a *a !!binary {',
  [],
  {},
  [[]],
  [null],
  { __proto__: null, value: [1, {}], Count: 2 },
  ...ATTACKS,
];
const odd = fc.oneof(
  fc.constantFrom(...ODD),
  fc.constantFrom(...ATTACKS).map((text) => [text]),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Rules as they should be, of which any part is then replaced. */
const AZURE = {
  type: 'Microsoft.Network/networkSecurityGroups',
  name: 'nsg-a',
  properties: {
    securityRules: [
      {
        name: 'one',
        properties: {
          description: 'text',
          priority: 100,
          direction: 'Inbound',
          access: 'Allow',
          protocol: 'Tcp',
          sourceAddressPrefix: '*',
          sourcePortRange: '*',
          destinationAddressPrefixes: ['10.1.0.1', '10.1.0.2'],
          destinationPortRanges: ['80', '90-99'],
          destinationApplicationSecurityGroups: [{ id: '/x/y' }],
        },
      },
    ],
  },
};
const WINDOWS = [
  {
    Name: '{1}',
    DisplayName: 'One',
    Description: 'text',
    Direction: 'Inbound',
    Action: 'Allow',
    Enabled: 'True',
    Profile: 'Any',
    Protocol: 'TCP',
    LocalPort: '80',
    RemotePort: 'Any',
    LocalAddress: 'Any',
    RemoteAddress: '10.2.0.1',
    IcmpType: 'Any',
    Program: 'Any',
  },
];
const where = { family: 'inet', table: 'filter' };
const matches = [
  { match: { op: '==', left: { payload: { protocol: 'ip', field: 'saddr' } }, right: '@hosts' } },
  { match: { op: '==', left: { payload: { protocol: 'tcp', field: 'dport' } }, right: { set: [80, 443] } } },
];
const NFT = {
  nftables: [
    { table: { family: 'inet', name: 'filter' } },
    { set: { ...where, name: 'hosts', elem: ['10.1.0.1', { range: ['10.2.0.1', '10.2.0.9'] }] } },
    { chain: { ...where, name: 'sub' } },
    { chain: { ...where, name: 'forward', type: 'filter', hook: 'forward', prio: 0, policy: 'drop' } },
    {
      rule: { ...where, chain: 'forward', handle: 3, comment: 'two', expr: [...matches, { accept: null }] },
    },
    {
      rule: {
        ...where,
        chain: 'forward',
        handle: 1,
        comment: 'one',
        expr: [...matches, { jump: { target: 'sub' } }],
      },
    },
    {
      rule: { ...where, chain: 'sub', handle: 2, expr: [{ jump: { target: 'sub' } }, { accept: null }] },
    },
  ],
};

const AZURE_FIREWALL = {
  $schema: 'x',
  parameters: { name: { defaultValue: 'edge' } },
  resources: [
    { type: 'Microsoft.Network/ipGroups', name: 'group', properties: { ipAddresses: ['10.1.0.0/16'] } },
    {
      type: 'Microsoft.Network/firewallPolicies',
      name: 'edge',
      properties: { basePolicy: { id: '/x/base' } },
    },
    {
      type: 'Microsoft.Network/firewallPolicies/ruleCollectionGroups',
      name: "[concat(parameters('name'), '/all')]",
      properties: {
        priority: 100,
        ruleCollections: [
          {
            name: 'net',
            priority: 100,
            action: { type: 'Allow' },
            rules: [
              {
                name: 'one',
                ruleType: 'NetworkRule',
                description: 'text',
                ipProtocols: ['TCP'],
                sourceIpGroups: ["[resourceId('Microsoft.Network/ipGroups', 'group')]"],
                destinationAddresses: ['10.2.0.0/16'],
                destinationPorts: ['443'],
              },
            ],
          },
          {
            name: 'web',
            priority: 200,
            action: { type: 'Deny' },
            rules: [
              {
                name: 'two',
                ruleType: 'ApplicationRule',
                protocols: [{ protocolType: 'Https', port: 443 }],
                sourceAddresses: ['*'],
                targetFqdns: ['*'],
              },
            ],
          },
          {
            name: 'nat',
            ruleCollectionType: 'FirewallPolicyNatRuleCollection',
            priority: 300,
            rules: [
              {
                name: 'three',
                ruleType: 'NatRule',
                ipProtocols: ['TCP'],
                sourceAddresses: ['*'],
                destinationAddresses: ['203.0.113.1'],
                destinationPorts: ['8443'],
                translatedAddress: '10.2.0.1',
                translatedPort: '443',
              },
            ],
          },
        ],
      },
    },
  ],
};

const WINDOWS_TEXTS: Readonly<Record<string, string>> = {
  registry: `Windows Registry Editor Version 5.00

[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall\\DomainProfile]
"DefaultInboundAction"=dword:00000001
[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall\\FirewallRules]
"CM"="v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=445|RA4=10.2.0.0/16|Name=x y|Desc=z|"
"CN"=hex(2):76,00,32,00,2e,00,\
  33,00,30,00,7c,00
`,
  LGPO: `; parsed
Computer
Software\\Policies\\Microsoft\\WindowsFirewall\\FirewallRules
CM
SZ:v2.30|Action=Block|Active=TRUE|Dir=Out|Protocol=17|RPort2_10=80-90|RA42=IntErnet|Name=x y|

Computer
Software\\Policies\\Microsoft\\WindowsFirewall\\DomainProfile
EnableFirewall
DWORD:1
`,
  netsh: `Rule Name:                            one
----------------------------------------------------------------------
Enabled:                              Yes
Direction:                            In
Profiles:                             Domain
Grouping:                             
LocalIP:                              Any
RemoteIP:                             10.2.0.0/16
Protocol:                             ICMPv4
                                      Type    Code
                                      8       Any 
Edge traversal:                       No
Action:                               Allow
`,
  list: 'Name\tEnabled\tAction\tProtocol\tLocal Port\tRemote Port\tRemote Address\tLocal Address\nx y\tYes\tAllow\tTCP\t80, 443\tAny\tAny\tAny\n',
};

/** A configuration of each device as lines, of which any word is then replaced. */
const DEVICES: Readonly<Record<string, string>> = {
  'cisco-asa': `ASA Version 9.16(4)
hostname fw
interface Gi0/0
 nameif a
 security-level 100
 ip address 10.1.0.254 255.255.0.0
interface Gi0/1
 nameif b
 ip address 10.2.0.254 255.255.0.0
object network WEB
 host 10.1.0.1
object network WEB
 nat (a,b) static 203.0.113.5
object-group network GROUP
 network-object object WEB
 group-object GROUP
object-group service PORTS tcp
 port-object eq www
access-list in remark text; owner: team
access-list in extended permit tcp any object WEB eq https
access-list in extended permit tcp any object-group GROUP object-group PORTS log
access-list in extended deny ip host 10.2.0.1 any time-range x
access-group in in interface b
route b 0.0.0.0 0.0.0.0 10.2.0.1
`,
  'pan-os': `set network interface ethernet ethernet1/1 layer3 ip 10.1.0.254/16
set zone a network layer3 ethernet1/1
set address WEB ip-netmask 10.1.0.1
set address-group GROUP static [ WEB GROUP ]
set service PORTS protocol tcp port 80,443
set rulebase security rules two from b
set rulebase security rules two to a
set rulebase security rules two source any
set rulebase security rules two destination WEB
set rulebase security rules two service PORTS
set rulebase security rules two action allow
set rulebase security rules one from b
set rulebase security rules one to a
set rulebase security rules one source any
set rulebase security rules one destination GROUP
set rulebase security rules one service PORTS
set rulebase security rules one application msrpc
set rulebase security rules one description "text; owner: team"
set rulebase security rules one negate-source yes
set rulebase security rules one action allow
set rulebase nat rules nat destination 203.0.113.5
set rulebase nat rules nat destination-translation translated-address WEB
`,
  fortios: `config system interface
 edit port1
  set ip 10.1.0.254 255.255.0.0
 next
end
config firewall address
 edit WEB
  set subnet 10.1.0.1/32
 next
end
config firewall addrgrp
 edit GROUP
  set member WEB GROUP
 next
end
config firewall vip
 edit VIP
  set extip 203.0.113.5
  set mappedip 10.1.0.1
  set extintf any
 next
end
config firewall policy
 edit 2
  set srcintf any
  set dstintf port1
  set srcaddr all
  set dstaddr WEB
  set service HTTPS
  set schedule always
  set action accept
 next
 edit 1
  set name one
  set srcintf any
  set dstintf port1
  set srcaddr all
  set dstaddr GROUP VIP
  set service HTTP
  set schedule always
  set comments "text; owner: team"
  set action accept
 next
end
`,
};

/** The same value with a part of it replaced, somewhere. */
function replaced(value: unknown, part: unknown, place: number): { value: unknown; left: number } {
  if (place === 0) return { value: part, left: -1 };
  let left = place - 1;
  if (typeof value !== 'object' || value === null) return { value, left };
  const entries = Object.entries(value).map(([key, inner]) => {
    if (left < 0) return [key, inner] as const;
    const next = replaced(inner, part, left);
    left = next.left;
    return [key, next.value] as const;
  });
  return {
    value: Array.isArray(value) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries),
    left,
  };
}

function holds(text: string, format?: string): void {
  for (const topology of [undefined, base]) {
    const choices = {
      zones: ['a', 'b'],
      topology,
      direction: 'inbound' as const,
      ...(format === undefined ? {} : { format }),
    };
    let found: ReturnType<typeof imported>;
    try {
      found = imported(text, choices);
    } catch (error) {
      assert.ok(isImportError(error), error instanceof Error ? error.stack : String(error));
      assert.doesNotMatch(error.message, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      continue;
    }
    withImported(BASE, found);
    assert.doesNotMatch(found.text.replaceAll('\n', ''), /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    const codes = analyse(`${BASE}${found.text}`)
      .findings()
      .map(({ code }) => code)
      .filter(
        (code) => !code.startsWith('firewall-') && code !== 'unused-definition' && code !== 'sites-missing',
      );
    assert.deepEqual(codes, [], found.text);
    // A comment of the source never speaks to the checker.
    assert.doesNotMatch(found.text, /^\s*#+[ \t]*cmtopo-/m);
  }
}

describe('a hostile file', () => {
  const sources = { nsg: AZURE, 'azure-firewall': AZURE_FIREWALL, windows: WINDOWS, nftables: NFT };

  it('is made for every format, of a sample with rules that its reader reads', () => {
    const samples = [
      ...Object.entries(sources).map(([format, source]) => [format, JSON.stringify(source)] as const),
      ...Object.entries(DEVICES),
    ];
    assert.deepEqual(samples.map(([format]) => format).sort(), Object.keys(readers).sort());
    for (const [format, text] of samples) {
      const found = imported(text, { zones: ['a', 'b'], topology: base, direction: 'inbound', format });
      assert.match(found.text, /^ +- (?:\{ )?action: /m, `${format}: ${found.text}`);
    }
  });

  for (const [format, source] of Object.entries(sources)) {
    it(`of ${format} gives YAML that reads without a mistake, whatever is in its places`, function () {
      this.timeout('120s');
      for (const [index, attack] of ODD.entries()) {
        for (let at = index % 6; at < 90; at += 6) {
          holds(JSON.stringify(replaced(source, attack, at).value), format);
        }
      }
      fc.assert(
        fc.property(odd, odd, fc.nat(90), fc.nat(90), (one, other, here, there) => {
          const first = replaced(source, one, here).value;
          holds(JSON.stringify(replaced(first, other, there).value), format);
        }),
        { numRuns: 200 },
      );
    });
  }

  const texts = [
    ...Object.entries(DEVICES).map(([format, text]) => [format, format, text] as const),
    ...Object.entries(WINDOWS_TEXTS).map(([form, text]) => [`windows, ${form},`, 'windows', text] as const),
  ];
  for (const [title, format, text] of texts) {
    it(`of ${title} gives YAML that reads without a mistake, whatever stands for its words`, function () {
      this.timeout('120s');
      const words = text.match(/[^\s|]+|\s+|\|/g) ?? [];
      const attacks = ODD.filter((one) => typeof one === 'string');
      const odd = fc.oneof(fc.constantFrom(...attacks), fc.string({ unit: 'binary', maxLength: 30 }));
      const replacedAt = (list: readonly string[], at: number, part: string) =>
        list.with(at % list.length, part);
      for (let at = 0; at < words.length; at += 2) {
        holds(replacedAt(words, at, attacks[at % attacks.length] ?? '').join(''), format);
        // What every object of JavaScript knows is in no table of words.
        holds(replacedAt(words, at, 'constructor').join(''), format);
      }
      fc.assert(
        fc.property(odd, odd, fc.nat(), fc.nat(), fc.boolean(), (one, other, here, there, isQuoted) => {
          const quoted = (part: string) => (isQuoted ? `"${part}"` : part);
          holds(replacedAt(replacedAt(words, here, quoted(one)), there, quoted(other)).join(''), format);
        }),
        { numRuns: 200 },
      );
    });
  }

  it('of pan-os in XML is read or refused: attacks in text, document types, endless nesting', () => {
    const rule = (name: string, text: string) =>
      `<config><devices><entry name="x"><vsys><entry name="v"><rulebase><security><rules><entry name="${name}"><from><member>a</member></from><to><member>b</member></to><action>allow</action><description>${text}</description></entry></rules></security></rulebase></entry></vsys></entry></devices></config>`;
    for (const attack of ATTACKS) {
      const text = attack.replace(/[<&"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
      holds(rule(text, text), 'pan-os');
      holds(rule(attack, attack), 'pan-os');
    }
    const refused = [
      `<!DOCTYPE config [<!ENTITY x SYSTEM "file:///etc/passwd">]>${rule('x', '&x;')}`,
      `<?xml version="1.0"?><!DOCTYPE x>${rule('x', '')}`,
      rule('x', '&unknown;'),
      '<config><a></config>',
      '<config>',
      '<config></config><',
      // Rules of one name would become one.
      `${rule('x', 'first')}\n<?xml version="1.0"?>\n${rule('x', 'second')}`,
      `<config>${'<a>'.repeat(100_000)}`,
    ];
    for (const text of refused) {
      assert.throws(
        () => imported(text, { zones: ['a', 'b'], format: 'pan-os' }),
        isImportError,
        text.slice(0, 80),
      );
    }
  });

  it('with the configurations of two devices is refused: what has one name would become one', () => {
    for (const [format, text] of [
      ['cisco-asa', 'hostname a\ninterface Gi0/0\n nameif x\nhostname b\n'],
      ['fortios', '#config-version=FGT60F\nconfig firewall policy\nend\n#config-version=FGT60F\n'],
    ] as const) {
      assert.throws(() => imported(text, { zones: ['a', 'b'], format }), /several configurations/, format);
    }
    assert.doesNotThrow(() =>
      imported('hostname a\ninterface Gi0/0\n nameif x\nhostname a\n', {
        zones: ['a', 'b'],
        format: 'cisco-asa',
      }),
    );
  });

  it('of a device with groups in groups without end is read in bounded time', function () {
    this.timeout('60s');
    const levels = Array.from({ length: 28 }, (_, index) => index);
    const asa = levels.map(
      (level) => `object-group network G${level}\n group-object G${level + 1}\n group-object G${level + 1}\n`,
    );
    const forti = levels.map((level) => `edit G${level}\nset member G${level + 1} G${level + 1}\nnext\n`);
    const pan = levels.map((level) => `set address-group G${level} static [ G${level + 1} H${level} ]\n`);
    holds(
      `ASA Version 9.16(4)\n${asa.join('')}access-list in extended permit ip object-group G0 any\naccess-group in global\n`,
      'cisco-asa',
    );
    holds(
      `config firewall addrgrp\n${forti.join('')}end\nconfig firewall policy\nedit 1\nset srcintf any\nset dstintf any\nset srcaddr G0\nset dstaddr all\nset service ALL\nset action accept\nnext\nend\n`,
      'fortios',
    );
    holds(`${pan.join('')}set rulebase security rules one source G0\n`, 'pan-os');
    for (const format of Object.keys(DEVICES)) {
      for (const text of [
        'config a\n'.repeat(200_000),
        '{'.repeat(200_000),
        'config {'.repeat(100_000),
        '"'.repeat(200_001),
        '['.repeat(200_000),
      ]) {
        holds(text, format);
      }
    }
  });

  it('of any other shape is refused, or read without a mistake', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string({ unit: 'binary' }), fc.constantFrom(...ATTACKS)), (text) => {
        for (const format of Object.keys(readers)) {
          holds(text, format);
        }
      }),
    );
  });

  it('that is huge or nested without end is read or refused in bounded time', function () {
    this.timeout('120s');
    const deep = (open: string, close: string) => `${open.repeat(200_000)}1${close.repeat(200_000)}`;
    for (const format of Object.keys(readers)) {
      for (const text of [
        deep('[', ']'),
        deep('{"resources":', '}'),
        deep('{"properties":{"template":', '}}'),
      ]) {
        holds(text, format);
      }
    }
    const expr = `[{"match":{"op":"==","left":${deep('{"concat":[', ']}')},"right":1}},{"accept":null}]`;
    const [, , , chain] = NFT.nftables;
    holds(
      `{"nftables":[${JSON.stringify(chain)},{"rule":{"family":"inet","table":"filter","chain":"forward","expr":${expr}}}]}`,
    );
    const rule = AZURE.properties.securityRules[0];
    const rules = Array.from({ length: 4000 }, (_, index) => ({
      ...rule,
      properties: { ...rule?.properties, priority: index },
    }));
    const start = performance.now();
    imported(JSON.stringify({ ...AZURE, properties: { securityRules: rules } }), {
      zones: ['a', 'b'],
      topology: base,
    });
    assert.ok(performance.now() - start < 20_000);
  });

  it('whose lists are referred to again and again is refused, before it fills the memory', function () {
    this.timeout('120s');
    const long = Array.from({ length: 20_000 }, (_, index) => `10.${index >> 8}.${index & 255}.1`);
    const where = { family: 'inet', table: 'filter' };
    const rules = Array.from({ length: 2000 }, (_, handle) => ({
      rule: {
        ...where,
        chain: 'forward',
        handle,
        expr: [
          { match: { op: '==', left: { payload: { protocol: 'ip', field: 'saddr' } }, right: '@long' } },
          { accept: null },
        ],
      },
    }));
    const nftables = [
      { set: { ...where, name: 'long', elem: long } },
      { chain: { ...where, name: 'forward', type: 'filter', hook: 'forward', prio: 0, policy: 'drop' } },
      ...rules,
    ];
    const group = { type: AZURE.type, name: 'g', properties: { securityRules: "[variables('rules')]" } };
    const rule = AZURE.properties.securityRules[0];
    const template = {
      $schema: 'x',
      variables: {
        long,
        rules: Array.from({ length: 2000 }, (_, priority) => ({
          name: 'r',
          properties: { ...rule?.properties, priority, destinationAddressPrefixes: "[variables('long')]" },
        })),
      },
      resources: Array.from({ length: 2000 }, () => group),
    };
    for (const source of [{ nftables }, template]) {
      const start = performance.now();
      assert.throws(
        () => imported(JSON.stringify(source), { zones: ['a', 'b'] }),
        (error) => isImportError(error) && /become too many/.test(error.message),
      );
      assert.ok(performance.now() - start < 60_000);
    }
  });

  it('whose chains multiply is refused', () => {
    const where = { family: 'inet', table: 'filter' };
    const conditional = (port: number) => ({
      match: {
        op: '==',
        left: { payload: { protocol: 'tcp', field: 'dport' } },
        right: { set: [port, port + 1] },
      },
    });
    const chains = Array.from({ length: 12 }, (_, index) => ({ chain: { ...where, name: `c${index}` } }));
    const rules = chains.flatMap((_, index) =>
      Array.from({ length: 8 }, (_, at) => ({
        rule: {
          ...where,
          chain: `c${index}`,
          handle: at,
          expr:
            index === 11
              ? [conditional(at * 3 + 1), { return: null }]
              : [{ jump: { target: `c${index + 1}` } }],
        },
      })),
    );
    const base = {
      chain: { ...where, name: 'forward', type: 'filter', hook: 'forward', prio: 0, policy: 'drop' },
    };
    const start = { rule: { ...where, chain: 'forward', handle: 1, expr: [{ jump: { target: 'c0' } }] } };
    assert.throws(
      () => imported(JSON.stringify({ nftables: [base, ...chains, start, ...rules] }), { zones: ['a', 'b'] }),
      (error) => isImportError(error),
    );
  });
});
