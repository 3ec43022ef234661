// What is called unused or too broad is never needed: not where zones overlap, machines share an address, firewalls
// are on the machines themselves, or a group of addresses or ports stands for both.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { applyFix, expectFindings } from '../../../../test/support/rules.ts';
import { type Analysis, analyse } from '../../analysis.ts';
import { applyEdits } from '../../edits/text-edit.ts';

/** Files for each property; more to look for rare faults. */
const RUNS = Number(process.env.CMTOPO_FIX_RUNS ?? 150);

const CODES: ReadonlySet<string> = new Set([
  'firewall-unused-rule',
  'firewall-broad-rule',
  'firewall-shadowed-rule',
]);

// --- Networks that overlap -----------------------------------------------------------------------------

const ZONES = ['hq', 'branch', 'dmz', 'internet'];
const SERVERS = ['cm01', 'mp01', 'mp02', 'dp01', 'files01'];
const NETWORKS = [
  '10.1.0.0/16',
  '10.1.0.0/24',
  '10.1.0.0/28',
  '10.1.0.8/29',
  '10.1.1.0/24',
  'fd00::/64',
  'fd00::/124',
];
const ADDRESSES = ['10.1.0.1', '10.1.0.2', '10.1.0.9', '10.1.0.10', '10.1.1.1', 'fd00::1', 'fd00::9'];
const PUBLIC = ['203.0.113.1', '203.0.113.2'];
const WORDS = [
  'any',
  ...ZONES,
  ...SERVERS,
  'desktops',
  'laptops',
  'some',
  'more',
  ...NETWORKS,
  ...ADDRESSES,
  ...PUBLIC,
  '0.0.0.0/0',
];
const PORTS = [
  '443',
  '80',
  '8530-8531',
  '10123',
  '445',
  '135',
  '49152-65535',
  '1-65535',
  '69',
  '67-69',
  '4011',
];

const list = (items: readonly string[]) =>
  `[${items.map((item) => (item.includes(':') ? `"${item}"` : item)).join(', ')}]`;
const some = (of: readonly string[], minLength: number, maxLength: number) =>
  fc.uniqueArray(fc.constantFrom(...of), { minLength, maxLength });
const rule = fc
  .record({
    action: fc.constantFrom('allow', 'allow', 'allow', 'allow', 'deny'),
    from: some(WORDS, 1, 3),
    to: some(WORDS, 1, 3),
    tcp: fc.option(some(PORTS, 1, 3), { nil: undefined, freq: 3 }),
    udp: fc.option(some(PORTS, 1, 3), { nil: undefined, freq: 1 }),
    ports: fc.option(some(['web', 'boot'], 1, 2), { nil: undefined, freq: 1 }),
  })
  .map(
    ({ action, from, to, ...ports }) =>
      `      - { action: ${action}, from: ${list(from)}, to: ${list(to)}${Object.entries(ports)
        .map(([key, items]) => (items ? `, ${key}: ${list(items)}` : ''))
        .join('')} }\n`,
  );
const place = fc.oneof(
  { weight: 4, arbitrary: some(ZONES.slice(0, 3), 2, 3).map((zones) => `zones: ${list(zones)}`) },
  { weight: 1, arbitrary: fc.constant('zones: [hq, branch, dmz, internet]') },
  {
    weight: 2,
    arbitrary: fc
      .array(some(ZONES, 2, 2), { minLength: 1, maxLength: 3 })
      .map((pairs) => `between: [${pairs.map(list).join(', ')}]`),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(some([...SERVERS, 'desktops', 'laptops'], 1, 3), fc.boolean())
      .map(([hosts, isStrict]) => `hosts: ${list(hosts)}${isStrict ? '\n    outbound: deny' : ''}`),
  },
);
const firewall = fc.tuple(place, fc.array(rule, { minLength: 1, maxLength: 5 }));
/** One entry for each zone; the internet may have the networks of all others. */
const networks = fc.tuple(
  some(NETWORKS, 0, 3),
  some(NETWORKS, 0, 3),
  some(NETWORKS, 0, 2),
  some([...NETWORKS, '0.0.0.0/0'], 0, 1),
);
const server = fc.record({
  zone: fc.constantFrom('hq', 'hq', 'branch', 'dmz'),
  addresses: some(ADDRESSES, 0, 2),
  publicAddresses: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: some(PUBLIC, 1, 1) },
  ),
});
const group = fc.record({ zones: some(ZONES, 1, 2), networks: some(NETWORKS, 0, 2) });

const network = fc
  .record({
    networks,
    servers: fc.array(server, { minLength: SERVERS.length, maxLength: SERVERS.length }),
    groups: fc.tuple(group, group),
    some: some(
      WORDS.filter((word) => word !== 'any' && word !== 'some'),
      1,
      3,
    ),
    more: some(
      WORDS.filter((word) => word !== 'any' && word !== 'some' && word !== 'more'),
      1,
      3,
    ),
    firewalls: fc.array(firewall, { minLength: 1, maxLength: 3 }),
  })
  .map(({ networks, servers, groups, some, more, firewalls }) => {
    const roles = [
      'site-server: , sms-provider: , sql-server: ',
      'management-point: { protocol: https }',
      'management-point: { protocol: https, clients: both }',
      'distribution-point: { protocol: http, pxe: true }',
      'file-server: ',
    ];
    return `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones:
${ZONES.map((zone, index) => `  ${zone}: { networks: ${list(networks[index] ?? [])}${zone === 'internet' ? ', internet: true' : ''} }\n`).join('')}sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
${servers
  .map(
    ({ zone, addresses, publicAddresses }, index) =>
      `  ${SERVERS[index]}: { site: PS1, zone: ${zone}, addresses: ${list(addresses)}, publicAddresses: ${list(publicAddresses)}, roles: { ${roles[index]} } }\n`,
  )
  .join('')}clients:
${groups.map(({ zones, networks }, index) => `  ${index === 0 ? 'desktops' : 'laptops'}: { site: PS1, zone: ${list(zones)}, networks: ${list(networks)} }\n`).join('')}addressGroups:
  some: ${list(some)}
  more: ${list(more)}
portGroups:
  web: { tcp: [80, 443] }
  boot: { udp: [67-69, 4011] }
firewalls:
${firewalls.map(([where, rules], index) => `  wall${index}:\n    ${where}\n    rules:\n${rules.join('')}`).join('')}`;
  });

/** Every flow, and whether it gets through; the answers of a TFTP server too. */
function verdicts(analysis: Analysis): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const flow of analysis.flows()) {
    const { from, to, protocol, ports, connection, zones } = flow;
    const key = [from.name, to.name, protocol, ports, connection, zones, found.size].join(' ');
    found.set(key, analysis.reach().verdict(flow).kind);
    if (!ports.includes('69')) continue;
    const answer = {
      from: to,
      to: from,
      protocol,
      ports: [{ low: 1, high: 65535 }],
      ...(zones ? { zones } : {}),
    };
    found.set(`${key} answer`, analysis.reach().judge(answer).kind);
  }
  return found;
}

describe('rules that are unused or too broad', function () {
  this.timeout(120_000);

  it('let nothing through that is needed: without them, or narrowed, all of it still passes', () => {
    let seen = 0;
    fc.assert(
      fc.property(network, (text) => {
        const before = verdicts(analyse(text));
        // Each fix on the file as it is, and the first of what is left one after the other.
        let present = text;
        for (let step = 0; step < 4; step++) {
          const findings = analyse(present)
            .findings()
            .filter(({ code }) => CODES.has(code));
          for (const { message } of findings) assert.doesNotMatch(message, /\b0 in use/, present);
          const fixes = findings.flatMap(({ message, fixes = [] }) =>
            fixes.map(({ edits }) => ({ message, edits })),
          );
          for (const { message, edits } of step === 0 ? fixes : fixes.slice(0, 1)) {
            seen++;
            const after = applyEdits(present, edits);
            const now = verdicts(analyse(after));
            for (const [flow, kind] of before)
              if (kind === 'allowed')
                assert.equal(
                  now.get(flow),
                  'allowed',
                  `${flow}\n${message}\n${present}\n--- after\n${after}`,
                );
          }
          const [first] = fixes;
          if (!first) break;
          present = applyEdits(present, first.edits);
        }
      }),
      { numRuns: RUNS },
    );
    assert.ok(seen > 100, `${seen} fixes were seen`);
  });
});

describe('the use of a rule', () => {
  const boot = (rules: string) => `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.10.0.0/16] }
  dmz: { networks: [192.0.2.0/24] }
  floor: { networks: [10.30.0.0/16] }
sites:
  P01: { type: primary, database: { server: cm01 } }
servers:
  cm01:
    site: P01
    zone: hq
    addresses: 10.10.0.10
    roles:
      site-server:
      sms-provider:
      sql-server:
      distribution-point: { protocol: http, pxe: true }
      management-point: { protocol: http }
clients:
  lab: { site: P01, zone: dmz, networks: [192.0.2.128/25] }
firewalls:
  edge:
    zones: [hq, dmz, floor]
    rules:
      - { name: pxe, action: allow, from: lab, to: cm01, udp: [67, 68, 69, 4011, 49152-65535] }
${rules}`;

  it('are the answers of a TFTP server to any port, and what Windows PE sends on to them', () => {
    const only = ['firewall-unused-rule', 'firewall-broad-rule'];
    expectFindings(boot('      - { name: back, action: allow, from: cm01, to: lab, udp: any }\n'), { only });
    expectFindings(
      boot(
        '      - { name: back, action: allow, from: cm01, to: lab, tcp: any } # want firewall-unused-rule\n',
      ),
      { only },
    );
  });

  it('is of no concern where the rule is there for something else', () => {
    const other = boot('      - { action: allow, from: cm01, to: lab, tcp: any, configmgr: false }\n');
    expectFindings(other, { only: ['firewall-unused-rule', 'firewall-broad-rule'] });
  });

  it('is that of the machine which shares the address that a rule names', () => {
    const text = `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.10.0.0/16] }
  wide: { networks: [10.0.0.0/8] }
  internet: { internet: true, networks: [0.0.0.0/0] }
sites:
  P01: { type: primary, database: { server: cm01 } }
servers:
  cm01: { site: P01, zone: hq, addresses: 10.10.0.10, roles: { site-server: , sms-provider: , sql-server: } }
  mp01: { site: P01, zone: hq, addresses: 10.10.0.11, roles: { management-point: { protocol: https } } }
  vip: { zone: wide, addresses: 10.10.0.11, roles: { file-server: } }
clients:
  pcs: { site: P01, zone: wide, networks: [10.20.0.0/16] }
firewalls:
  edge:
    zones: [hq, wide]
    rules:
`;
    const only = ['firewall-unused-rule', 'firewall-broad-rule'];
    expectFindings(`${text}      - { action: allow, from: pcs, to: vip, tcp: [443, 10123] }\n`, { only });
    expectFindings(`${text}      - { action: allow, from: internet, to: mp01, tcp: [443, 10123] }\n`, {
      only,
    });
  });

  it('is not counted once more for a machine whose addresses are those of another that is needed', () => {
    const broad = (to: string) =>
      analyse(`configmgr: 2403
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones: { a: { networks: [10.1.0.0/16] }, b: { networks: [10.2.0.0/16] } }
sites: { P01: { type: primary, database: { server: cm } } }
servers:
  cm: { site: P01, zone: a, addresses: 10.1.0.10, roles: { site-server: , sms-provider: , sql-server: } }
  vip: { site: P01, zone: b, addresses: 10.2.5.7, roles: { distribution-point: } }
  twin: { zone: b, addresses: 10.2.5.7, roles: { file-server: } }
  other: { zone: b, addresses: 10.2.5.8, roles: { file-server: } }
firewalls:
  fw: { zones: [a, b], rules: [{ action: allow, from: cm, to: ${to}, tcp: [135, 445, 49152-65535], udp: 135 }] }
`)
        .findings()
        .filter(({ code }) => code === 'firewall-broad-rule')
        .map(({ message }) => message);
    assert.deepEqual(broad('twin'), []);
    assert.deepEqual(broad('[vip, twin]'), []);
    const [message, ...more] = broad('[twin, other]');
    assert.match(message ?? '', /1 in use \(twin\)$/);
    assert.deepEqual(more, []);
  });

  it('of a group of addresses is what is needed of its members', () => {
    const text = (members: string, from = 'booters') =>
      `${boot('')}`.replace('from: lab', `from: ${from}`).concat(`addressGroups: { booters: ${members} }\n`);
    const only = ['firewall-unused-rule', 'firewall-broad-rule'];
    expectFindings(text('[192.0.2.128/26, 192.0.2.192/26]'), { only });
    assert.equal(
      applyFix(text('[lab, cm01, floor]'), 'firewall-broad-rule'),
      text('[lab, cm01, floor]', 'lab'),
    );
  });
});

describe('rules that nobody uses, after an edit of a machine without a connection', () => {
  const file = (servers: string) => `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.1.0.0/16] }
  branch: { networks: [10.2.0.0/16] }
  dmz: { networks: [10.3.0.0/16] }
  outside: { internet: true }
sites: { PS1: { type: primary, database: { server: cm01 } } }
servers:
  cm01: { site: PS1, zone: hq, roles: { site-server: , sms-provider: , sql-server: , management-point: { protocol: https } } }
  files1: { zone: hq, roles: { file-server: } }
${servers}clients:
  pcs: { site: PS1, zone: branch, installation: [group-policy] }
firewalls:
  line:
    zones: [hq, branch]
    rules:
      - { action: allow, from: 10.2.0.0/24, to: cm01, tcp: [443, 444] }
      - { action: allow, from: files2, to: cm01, tcp: 444 }
  edge:
    zones: [dmz, outside]
    rules:
      - { action: allow, from: outside, to: dmz, tcp: 445 }
`;
  const files = (address: string) =>
    `  files2: { zone: branch, addresses: [${address}], roles: { file-server: } }\n`;
  const [under, beside] = [files('10.2.0.9'), files('10.2.9.9')];
  const inDmz = `${beside}  files3: { zone: dmz, roles: { file-server: } }\n`;
  const said = (analysis: Analysis) =>
    analysis
      .findings()
      .filter(({ code }) => code.startsWith('firewall-'))
      .map(({ code, message, span }) => `${code} ${span.start}: ${message}`);

  for (const [what, texts, code] of [
    ['are told of, once no other rule stands for theirs', [under, beside], /line.*no documented/],
    ['never decide, once another rule stands for theirs', [beside, under], /shadowed/],
    ['open something to the internet, once a server is there', [beside, inDmz], /exposure/],
    ['open nothing to the internet, once no server is there', [inDmz, beside], /edge.*no documented/],
  ] as const)
    it(what, () => {
      let analysis: Analysis | undefined;
      for (const text of texts) {
        analysis = analyse(file(text), undefined, analysis);
        assert.deepEqual(said(analysis), said(analyse(file(text))));
      }
      assert.ok(analysis && said(analysis).some((one) => code.test(one)), String(code));
    });
});

describe('a rule for a server below one for its zone', () => {
  const file = (networks: string) => `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones:
  hq:
  branch: { networks: [10.2.0.0/16] }
sites: { PS1: { type: primary, database: { server: cm01 } } }
servers:
  cm01: { site: PS1, zone: hq, addresses: [10.1.0.9], roles: { site-server: , sms-provider: , sql-server: } }
clients:
  pcs: { site: PS1, zone: branch, networks: [${networks}], installation: [group-policy] }
firewalls:
  line:
    zones: [hq, branch]
    rules:
      - { action: deny, from: branch, to: hq, tcp: 5000 }
      - { action: deny, from: branch, to: cm01, tcp: 5000 }
`;
  it('has no effect, unless clients elsewhere may have the address of the server', () => {
    let analysis: Analysis | undefined;
    for (const [networks, isShadowed] of [
      ['10.2.0.0/24', true],
      ['10.1.0.0/24', false],
      ['10.2.0.0/24', true],
    ] as const) {
      analysis = analyse(file(networks), undefined, analysis);
      const shadowed = analysis.findings().filter(({ code }) => code === 'firewall-shadowed-rule');
      assert.equal(shadowed.length === 1, isShadowed, networks);
    }
  });
});
