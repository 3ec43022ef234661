// Windows Firewall in the forms of the registry, of group policy, of netsh and of its console, against a plain model of
// it that decides packet by packet.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isImportError } from '../../server/src/imports/model.ts';
import { contains, parseNetwork } from '../../server/src/topology/address.ts';
import { type Choices, endpoint, imported, isAllowed, reach, topologyOf, withImported } from './imported.ts';

const BASE = `configmgr: 2025-12
zones:
  a: { networks: [10.1.0.0/16, "2001:db8:1::/48"] }
  b: { networks: [10.2.0.0/16, "2001:db8:2::/48"] }
  c: { networks: [10.3.0.0/16] }
servers:
  a1: { zone: a, addresses: 10.1.0.1 }
  a6: { zone: a, addresses: "2001:db8:1::1" }
  b1: { zone: b, addresses: 10.2.0.1 }
  b2: { zone: b, addresses: 10.2.0.130 }
  b6: { zone: b, addresses: "2001:db8:2::1" }
  c1: { zone: c, addresses: 10.3.0.1 }
`;
const ADDRESSES: Readonly<Record<string, string>> = {
  a1: '10.1.0.1',
  a6: '2001:db8:1::1',
  b1: '10.2.0.1',
  b2: '10.2.0.130',
  b6: '2001:db8:2::1',
  c1: '10.3.0.1',
};
const PORTS = [22, 80, 85, 135, 443, 1024, 50_000, 65_535];
const base = topologyOf(BASE);

interface Rule {
  readonly dir: 'In' | 'Out';
  readonly action: 'Allow' | 'Block' | 'ByPass';
  readonly active: boolean;
  /** None: all. */
  readonly profiles: readonly ('Domain' | 'Private' | 'Public')[];
  /** 256: any. */
  readonly protocol: 1 | 6 | 17 | 58 | 256;
  /** Of the end that listens; none: all. */
  readonly ports: readonly string[];
  readonly local: readonly string[];
  readonly remote: readonly string[];
}

/** What a profile says; undefined where the file does not have it. */
interface Profile {
  readonly EnableFirewall?: number | undefined;
  readonly DefaultInboundAction?: number | undefined;
  readonly DefaultOutboundAction?: number | undefined;
  readonly DoNotAllowExceptions?: number | undefined;
  readonly AllowLocalPolicyMerge?: number | undefined;
}

const some = <T>(values: readonly T[]) => fc.uniqueArray(fc.constantFrom(...values), { maxLength: 3 });
const rules = fc.array(
  fc.record<Rule>({
    dir: fc.constantFrom('In', 'Out'),
    action: fc.constantFrom('Allow', 'Allow', 'Block', 'ByPass'),
    active: fc.constantFrom(true, true, false),
    profiles: some(['Domain', 'Private', 'Public'] as const),
    protocol: fc.constantFrom(1, 6, 6, 17, 58, 256),
    ports: some(['22', '80-90', '443', 'RPC-EPMap', '1024-65535']),
    local: some(['10.1.0.0/255.255.0.0', '10.1.0.1', '2001:db8:1::/48', '10.9.0.0/16']),
    remote: some([
      '10.2.0.0/255.255.0.0',
      '10.2.0.1',
      '10.2.0.128-10.2.0.131',
      '10.3.0.0/16',
      '2001:db8:2::/48',
    ]),
  }),
  { maxLength: 7 },
);
const bit = fc.option(fc.constantFrom(0, 1), { nil: undefined });
const profile = fc.record<Profile>({
  EnableFirewall: fc.constantFrom(undefined, 1, 1, 1, 0),
  DefaultInboundAction: bit,
  DefaultOutboundAction: bit,
  DoNotAllowExceptions: fc.constantFrom(undefined, 0, 0, 1),
  AllowLocalPolicyMerge: bit,
});

// --- The model --------------------------------------------------------------------------------

const within = (address: string, text: string): boolean => {
  const [low = '', high] = text.split('-');
  if (high !== undefined) {
    const last = (one: string) => Number(one.slice(one.lastIndexOf('.') + 1));
    const isNear = address.startsWith(low.slice(0, low.lastIndexOf('.') + 1));
    return isNear && last(low) <= last(address) && last(address) <= last(high);
  }
  const outer = parseNetwork(text.replace('/255.255.0.0', '/16')) ?? assert.fail(text);
  return contains(outer, parseNetwork(address) ?? assert.fail(address));
};

const hasPort = (ports: readonly string[], port: number) =>
  ports.length === 0 ||
  ports.some((text) => {
    const [low = '', high = low] = text.replace('RPC-EPMap', '135').split('-');
    return Number(low) <= port && port <= Number(high);
  });

interface Machine {
  readonly policy: readonly Rule[];
  readonly local: readonly Rule[];
  /** By `policy` or `local`, then by the name of the key. */
  readonly policyProfiles: Readonly<Record<string, Profile>>;
  readonly localProfiles: Readonly<Record<string, Profile>>;
}

/** Whether the machine a1 in the domain lets a packet in or out. */
function passes(machine: Machine, from: string, to: string, protocol: string, port: number): boolean {
  if (from !== 'a1' && to !== 'a1') return true;
  const isIn = to === 'a1';
  const setting = (name: keyof Profile) =>
    machine.policyProfiles.DomainProfile?.[name] ?? machine.localProfiles.DomainProfile?.[name];
  if (setting('EnableFirewall') === 0) return true;
  const other = ADDRESSES[isIn ? from : to] ?? '';
  const isMerged = machine.policyProfiles.DomainProfile?.AllowLocalPolicyMerge !== 0;
  const matching = [...machine.policy, ...(isMerged ? machine.local : [])].filter((rule) => {
    if (!rule.active || (rule.dir === 'In') !== isIn) return false;
    if (rule.profiles.length > 0 && !rule.profiles.includes('Domain')) return false;
    if (rule.protocol !== 256) {
      const number = { tcp: 6, udp: 17, icmp: 1 }[protocol];
      if (rule.protocol !== number) return false;
      if (protocol !== 'icmp' && !hasPort(rule.ports, port)) return false;
    }
    const has = (list: readonly string[], address: string) =>
      list.length === 0 || list.some((text) => within(address, text));
    return has(rule.local, '10.1.0.1') && has(rule.remote, other);
  });
  const isShielded = isIn && setting('DoNotAllowExceptions') === 1;
  if (!isShielded && matching.some(({ action }) => action === 'ByPass')) return true;
  if (matching.some(({ action }) => action === 'Block')) return false;
  if (!isShielded && matching.some(({ action }) => action === 'Allow')) return true;
  return (setting(isIn ? 'DefaultInboundAction' : 'DefaultOutboundAction') ?? (isIn ? 1 : 0)) === 0;
}

/**
 * Every packet between machines in different zones with one family, as the model decides and as the entry does, one
 * between zones and one on the machine.
 */
function agree(source: string, choices: Choices, machine: Machine): void {
  agreeAs(source, choices, machine);
  agreeAs(source, { ...choices, hosts: ['a1'] }, machine);
}

function agreeAs(source: string, choices: Choices, machine: Machine): void {
  const found = imported(source, choices);
  const topology = withImported(BASE, found);
  const judge = reach(topology);
  for (const from of Object.keys(ADDRESSES)) {
    for (const to of Object.keys(ADDRESSES)) {
      if (from[0] === to[0] || from.endsWith('6') !== to.endsWith('6')) continue;
      for (const protocol of ['tcp', 'udp', 'icmp'] as const) {
        for (const port of protocol === 'icmp' ? [0] : PORTS) {
          const real = isAllowed(judge, endpoint(from, topology), endpoint(to, topology), protocol, port);
          const wanted = passes(machine, from, to, protocol, port);
          assert.equal(real, wanted, `${from} to ${to} ${protocol} ${port}\n${found.text}\n${source}`);
        }
      }
    }
  }
}

// --- The forms --------------------------------------------------------------------------------

/** As [MS-GPFAS] writes a rule. */
function ruleString(rule: Rule, index: number): string {
  const isSix = (text: string) => text.includes(':');
  const hasPorts = rule.protocol === 6 || rule.protocol === 17;
  const end = rule.dir === 'In' ? 'L' : 'R';
  return [
    'v2.30',
    `Action=${rule.action}`,
    `Active=${rule.active ? 'TRUE' : 'FALSE'}`,
    `Dir=${rule.dir}`,
    ...(rule.protocol === 256 ? [] : [`Protocol=${rule.protocol}`]),
    ...rule.profiles.map((one) => `Profile=${one}`),
    ...(hasPorts
      ? rule.ports.map((port) => (/^\d+-/.test(port) ? `${end}Port2_10=${port}` : `${end}Port=${port}`))
      : []),
    ...rule.local.map((text) => `${isSix(text) ? 'LA6' : 'LA4'}=${text}`),
    ...rule.remote.map((text) => `${isSix(text) ? 'RA6' : 'RA4'}=${text}`),
    `Name=Rule ${index}, "the \\ best"`,
    'EmbedCtxt=Tests',
    'Edge=FALSE',
    '',
  ].join('|');
}

const POLICY = 'SOFTWARE\\Policies\\Microsoft\\WindowsFirewall';
const LOCAL = 'SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy';
const regText = (text: string) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
/** As `reg export` writes a text with a line break in it, or one that expands: bytes, twenty-five on a line. */
const hexText = (text: string) => {
  const bytes = [...Buffer.from(`${text}\0`, 'utf16le')].map((byte) => byte.toString(16).padStart(2, '0'));
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 25) lines.push(bytes.slice(at, at + 25).join(','));
  return `hex(2):${lines.join(',\\\r\n  ')}`;
};

function regFile(machine: Machine, hex: (index: number) => boolean): string {
  const lines = ['Windows Registry Editor Version 5.00', ''];
  const store = (key: string, own: readonly Rule[], profiles: Readonly<Record<string, Profile>>) => {
    for (const [name, settings] of Object.entries(profiles)) {
      lines.push(`[HKEY_LOCAL_MACHINE\\${key}\\${name}]`);
      for (const [setting, value] of Object.entries(settings)) {
        if (value !== undefined) lines.push(`"${setting}"=dword:${value.toString(16).padStart(8, '0')}`);
      }
      lines.push('');
    }
    lines.push(`[HKEY_LOCAL_MACHINE\\${key}\\FirewallRules]`);
    for (const [index, rule] of own.entries()) {
      const text = ruleString(rule, index);
      lines.push(`"{${key.length}-${index}}"=${hex(index) ? hexText(text) : regText(text)}`);
    }
    lines.push('');
  };
  store(POLICY, machine.policy, machine.policyProfiles);
  store(LOCAL, machine.local, machine.localProfiles);
  lines.push(`[HKEY_LOCAL_MACHINE\\${LOCAL}\\RestrictedServices\\Static\\System]`);
  lines.push('"x"="v2.30|Action=Block|Active=TRUE|Dir=In|Name=x|"', '');
  return lines.join('\r\n');
}

/** As `LGPO.exe /parse /m` prints what group policy has. */
function lgpoText(machine: Machine): string {
  const blocks = [
    ...Object.entries(machine.policyProfiles).flatMap(([key, settings]) =>
      Object.entries(settings).flatMap(([name, value]) =>
        value === undefined ? [] : [['Computer', `${POLICY}\\${key}`, name, `DWORD:${value}`]],
      ),
    ),
    ...machine.policy.map((rule, index) => [
      'Computer',
      `${POLICY}\\FirewallRules`,
      `{${index}}`,
      `SZ:${ruleString(rule, index)}`,
    ]),
    ['User', `${POLICY}\\FirewallRules`, 'user', 'SZ:v2.30|Action=Block|Active=TRUE|Dir=In|'],
  ];
  return `; PARSING Computer POLICY\r\n${blocks.map((lines) => `\r\n${lines.join('\r\n')}\r\n`).join('')}`;
}

const GERMAN: Readonly<Record<string, string>> = {
  'Rule Name': 'Regelname',
  Enabled: 'Aktiviert',
  Direction: 'Richtung',
  Profiles: 'Profile',
  Grouping: 'Gruppierung',
  LocalIP: 'Lokales IP',
  RemoteIP: 'Remote-IP',
  Protocol: 'Protokoll',
  LocalPort: 'Lokaler Port',
  RemotePort: 'Remoteport',
  'Edge traversal': 'Edgeausnahme',
  Program: 'Programm',
  InterfaceTypes: 'Schnittstellentypen',
  Security: 'Sicherheit',
  'Rule source': 'Regelquelle',
  Action: 'Aktion',
  Description: 'Beschreibung',
  Yes: 'Ja',
  No: 'Nein',
  In: 'Eingehend',
  Out: 'Aus',
  Any: 'Beliebig',
  Allow: 'Zulassen',
  Block: 'Blocken',
  Domain: 'Domäne',
  Private: 'Privat',
  Public: 'Öffentlich',
  NotRequired: 'Nicht erforderlich',
  'Defer to application': 'Auf Anwendung zurückstellen',
};

/** As netsh prints rules, in English or with the words of another language. */
function netshText(
  list: readonly Rule[],
  said: (word: string) => string,
  edge: (index: number) => string,
): string {
  const line = (label: string, values: string) =>
    `${`${said(label)}:`.padEnd(38)}${values
      .split(',')
      .map((value) => said(value))
      .join(',')}\r\n`;
  const protocols = { 1: 'ICMPv4', 6: 'TCP', 17: 'UDP', 58: 'ICMPv6', 256: 'Any' };
  const any = (texts: readonly string[]) => (texts.length === 0 ? 'Any' : texts.join(','));
  return list
    .map((rule, index) => {
      const hasPorts = rule.protocol === 6 || rule.protocol === 17;
      const near = any(rule.ports);
      const [local, remote] = rule.dir === 'In' ? [near, 'Any'] : ['Any', near];
      const isIcmp = rule.protocol === 1 || rule.protocol === 58;
      return [
        `\r\n${`${said('Rule Name')}:`.padEnd(38)}Rule ${index}\r\n${'-'.repeat(70)}\r\n`,
        index % 2 === 0 ? line('Description', 'What it is for.') : '',
        line('Enabled', rule.active ? 'Yes' : 'No'),
        line('Direction', rule.dir),
        line(
          'Profiles',
          rule.profiles.length === 0 ? 'Domain,Private,Public' : [...rule.profiles].sort().join(','),
        ),
        line('Grouping', ''),
        line('LocalIP', any(rule.local)),
        line('RemoteIP', any(rule.remote)),
        line('Protocol', protocols[rule.protocol]),
        isIcmp
          ? `${' '.repeat(38)}Type    Code\r\n${' '.repeat(38)}${rule.protocol === 1 ? 8 : 128}       ${said('Any')}\r\n`
          : '',
        hasPorts ? line('LocalPort', local) + line('RemotePort', remote) : '',
        line('Edge traversal', edge(index)),
        index % 3 === 0 ? line('Program', 'Any') : '',
        line('InterfaceTypes', 'Any'),
        line('Security', 'NotRequired'),
        line('Rule source', 'Local Setting'),
        line('Action', rule.action),
      ].join('');
    })
    .join('');
}

// --- Tests ------------------------------------------------------------------------------------

describe('Windows Firewall', function () {
  this.timeout('180s');
  const choices: Choices = { zones: ['a', 'b', 'c'], inside: 'a1', topology: base };
  const machines = fc.record<Machine>({
    policy: rules,
    local: rules,
    policyProfiles: fc.record({ DomainProfile: profile, StandardProfile: profile }, { requiredKeys: [] }),
    localProfiles: fc.record({ DomainProfile: profile, PublicProfile: profile }, { requiredKeys: [] }),
  });

  it('lets the same packets through from a registry export, texts as bytes and several stores included', () => {
    fc.assert(
      fc.property(machines, fc.infiniteStream(fc.boolean()), (machine, stream) => {
        const hex = Array.from({ length: 8 }, () => stream.next().value === true);
        agree(
          regFile(machine, (index) => hex[index] === true),
          choices,
          machine,
        );
      }),
      { numRuns: 200 },
    );
  });

  it('lets the same packets through from a Registry.pol as text', () => {
    fc.assert(
      fc.property(machines, (machine) => {
        agree(lgpoText(machine), choices, { ...machine, local: [], localProfiles: {} });
      }),
      { numRuns: 120 },
    );
  });

  const told = rules.map((list) => {
    const plain: Rule = {
      dir: 'In',
      action: 'Allow',
      active: true,
      profiles: [],
      protocol: 6,
      ports: ['443'],
      local: [],
      remote: [],
    };
    const simple = list.map(
      (rule): Rule => ({ ...rule, action: rule.action === 'ByPass' ? 'Allow' : rule.action }),
    );
    // What a language is told by: a rule that defers to a program, one that does not, one for outbound traffic.
    return [plain, plain, { ...plain, dir: 'Out' as const }, ...simple];
  });
  const edge = (index: number) => (index === 0 ? 'Defer to application' : 'No');

  it('lets the same packets through from what netsh prints, in English and in a language that it does not know', () => {
    fc.assert(
      fc.property(told, (list) => {
        const machine = { policy: list, local: [], policyProfiles: {}, localProfiles: {} };
        agree(
          netshText(list, (word) => word, edge),
          choices,
          machine,
        );
        agree(
          netshText(list, (word) => GERMAN[word] ?? word, edge),
          choices,
          machine,
        );
      }),
      { numRuns: 100 },
    );
  });

  it('is refused in an unknown language where its lines do not tell inbound from outbound', () => {
    fc.assert(
      fc.property(told, (list) => {
        const german = netshText(
          list,
          (word) => GERMAN[word] ?? word,
          () => 'No',
        );
        assert.throws(
          () => imported(german, choices),
          (error) => isImportError(error) && /reg export/.test(error.message),
        );
      }),
      { numRuns: 20 },
    );
  });

  it('lets the same packets through from a list of the console, which needs its direction', () => {
    const title =
      'Name\tGroup\tProfile\tEnabled\tAction\tOverride\tProgram\tLocal Address\tRemote Address\tProtocol\tLocal Port\tRemote Port\tAuthorized Users\tAuthorized Computers\tAuthorized Local Principals\tLocal User Owner\tApplication Package\t';
    const protocols = { 1: 'ICMPv4', 6: 'TCP', 17: 'UDP', 58: 'ICMPv6', 256: 'Any' };
    const any = (texts: readonly string[]) => (texts.length === 0 ? 'Any' : texts.join(', '));
    fc.assert(
      fc.property(rules, (list) => {
        fc.pre(list.length > 0);
        const own = list.map((rule): Rule => ({ ...rule, dir: 'In' }));
        const rows = own.map((rule, index) =>
          [
            `Rule ${index}`,
            '',
            rule.profiles.length === 0 ? 'All' : rule.profiles.join(', '),
            rule.active ? 'Yes' : 'No',
            rule.action === 'Block' ? 'Block' : 'Allow',
            rule.action === 'ByPass' ? 'Yes' : 'No',
            'Any',
            any(rule.local),
            any(rule.remote),
            protocols[rule.protocol],
            any(rule.ports).replace('RPC-EPMap', 'RPC Endpoint Mapper'),
            ...Array.from({ length: 6 }, () => 'Any'),
            '',
          ].join('\t'),
        );
        const text = [title, ...rows, ''].join('\r\n');
        assert.throws(() => imported(text, choices), /--direction inbound/);
        agree(
          text,
          { ...choices, direction: 'inbound' },
          {
            policy: own,
            local: [],
            policyProfiles: {},
            localProfiles: {},
          },
        );
      }),
      { numRuns: 100 },
    );
  });

  const entry = (lines: readonly string[], key = `${LOCAL}\\FirewallRules`) =>
    imported(
      ['Windows Registry Editor Version 5.00', '', `[HKEY_LOCAL_MACHINE\\${key}]`, ...lines, ''].join('\n'),
      choices,
    ).text;
  const one = (fields: string) => entry([`"CM"="v2.30|Action=Allow|Active=TRUE|Dir=In|${fields}Name=x|"`]);

  it('opens no machine of an entry to another by what that other one may send', () => {
    const rules = (...extra: readonly string[]) =>
      regFile(
        {
          policy: [],
          local: [],
          policyProfiles: { DomainProfile: { EnableFirewall: 1 } },
          localProfiles: {},
        },
        () => false,
      ).replace(
        `[HKEY_LOCAL_MACHINE\\${POLICY}\\FirewallRules]`,
        [
          `[HKEY_LOCAL_MACHINE\\${POLICY}\\FirewallRules]`,
          '"in"="v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=443|Name=in|"',
          '"out"="v2.30|Action=Allow|Active=TRUE|Dir=Out|Name=out|"',
          ...extra,
        ].join('\r\n'),
      );
    const passing = (source: string, port: number, to = 'b1') => {
      const topology = withImported(BASE, imported(source, { ...choices, hosts: ['a1', 'b1'] }));
      return isAllowed(reach(topology), endpoint('a1', topology), endpoint(to, topology), 'tcp', port);
    };
    const blocks = '"no"="v2.30|Action=Block|Active=TRUE|Dir=Out|Protocol=6|RPort=80|Name=no|"';
    const bypasses = '"by"="v2.30|Action=ByPass|Active=TRUE|Dir=Out|Protocol=6|RPort=22|Name=by|"';
    for (const source of [rules(), rules(blocks), rules(blocks, bypasses)]) {
      assert.equal(passing(source, 443), true);
      assert.equal(passing(source, 22), false);
      assert.equal(passing(source, 22, 'c1'), true);
    }
    assert.equal(passing(rules(blocks), 80, 'c1'), false);
  });

  it('has the smallest export as one rule', () => {
    assert.match(
      one('Protocol=6|LPort=445|'),
      /- \{ action: allow, from: any, to: a1, tcp: 445, name: "x" \}/,
    );
  });

  it('names what limits a rule, and leaves a field out that nobody knows', () => {
    assert.match(
      one('Protocol=6|LPort=445|App=System|Svc=*|LUAuth2_24=TzpMU0Q=|'),
      /# Not exact: .*limited to program 'System' and services and the local user/,
    );
    assert.match(
      one('Protocol=6|App=System|'),
      /# Not written: .*program 'System', on any port; without it less/,
    );
    assert.match(one('Protocol=6|LPort=445|Moon=Full|'), /# Not written: .*'Moon=Full'/);
    assert.match(one('Protocol=6|LPort2_20=Ply2Disc|'), /# Not written: .*the port 'Ply2Disc' has no number/);
    assert.match(
      one('Protocol=6|LPort=445|RA4=LocalSubnet|'),
      /# Not written: .*'LocalSubnet4'; traffic inside a zone passes the firewalls of hosts alone; for these, say .* --map LocalSubnet4=NAMES/,
    );
    assert.match(one('Protocol=6|LPort=445|RPort=68|'), /# Not written: .*remote ports/);
    assert.match(
      one('Protocol=6|LPort=445|RPort2_10=1024-65535|'),
      /# Not exact: .*source ports[\s\S]*tcp: 445/,
    );
  });

  it('counts what Windows keeps for itself, and writes none of it', () => {
    const rule = '"x"="v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=445|Name=x|"';
    const text = entry([rule], `${LOCAL}\\RestrictedServices\\Static\\System`);
    assert.match(text, /# Note: 1 rule under RestrictedServices/);
    assert.doesNotMatch(text, /445/);
    assert.match(
      entry(
        [rule],
        'SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Defaults\\FirewallPolicy\\FirewallRules',
      ),
      /# Note: 1 rule that Windows keeps/,
    );
  });

  it('takes out again what a file deletes, and rules of other control sets', () => {
    const rule = (name: string, port: number) =>
      `"${name}"="v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=${port}|Name=${name}|"`;
    assert.doesNotMatch(entry([rule('a', 445), '"A"=-']), /445/);
    const other = `${LOCAL.replace('CurrentControlSet', 'ControlSet002')}\\FirewallRules`;
    const text = entry([rule('a', 445), '', `[HKEY_LOCAL_MACHINE\\${other}]`, rule('b', 446)]);
    assert.match(text, /445/);
    assert.doesNotMatch(text, /446/);
    assert.match(text, /# Note: 1 rule of other control sets/);
  });

  it('takes the local subnet of a console list as --map says it', () => {
    const list = [
      ['Name', 'Enabled', 'Action', 'Protocol', 'Local Port', 'Remote Address', 'Remote Port'],
      ['SMB', 'Yes', 'Allow', 'TCP', '445', 'Local subnet', 'Any'],
    ];
    const text = list.map((row) => row.join('\t')).join('\n');
    const read = (map?: Record<string, readonly string[]>) =>
      imported(text, { ...choices, direction: 'inbound', ...(map && { map }) }).text;
    assert.match(read(), /# Not written: allow rule 'SMB' .*--map LocalSubnet=NAMES/i);
    assert.match(read({ LocalSubnet: ['a'] }), /from: a, to: a1, tcp: 445/);
  });

  it('says of a policy file in its own form how to print it', () => {
    assert.throws(() => imported('PReg\u0001\0\0\0[\0S\0', choices), /LGPO\.exe \/parse/);
  });
});
