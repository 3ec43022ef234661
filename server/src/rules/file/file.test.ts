import assert from 'node:assert/strict';
import { applyFix, expectFindings, showFindings } from '../../../../test/support/rules.ts';
import { analyse } from '../../analysis.ts';
import { EDITION_WORDS } from '../../catalog/editions.ts';

const FILE = [
  'yaml-syntax',
  'duplicate-key',
  'multiple-documents',
  'unknown-key',
  'missing-key',
  'wrong-type',
  'invalid-value',
  'invalid-port',
  'invalid-address',
  'invalid-name',
  'unknown-reference',
  'unknown-edition',
  'unused-definition',
];
const expectFile = (fixture: string) => expectFindings(fixture, { only: FILE });

describe('mistakes against the format', () => {
  it('names the owner of a misspelt key at every depth', () => {
    expectFile(`configmgr: 2017-09
zone: # want unknown-key "did you mean 'zones'"
sites:
  PS1:
    type: primary
    databse: # want unknown-key "site PS1 has no key 'databse'; did you mean 'database'?"
    clientPorts: { htp: 80 } # want unknown-key "clientPorts of site PS1"
    wakeOnLan: { prt: 9 } # want unknown-key "wakeOnLan of site PS1"
servers:
  cm01:
    site: PS1
    roles:
      management-pint: # want unknown-key "server cm01: 'management-pint' is not a role; did you mean 'management-point'?"
      distribution-point: { pxee: true } # want unknown-key "distribution-point on cm01 has no key 'pxee'"
      sql-server:
        instances:
          CM: { prt: 1 } # want unknown-key "instance CM on cm01 has no key 'prt'; did you mean 'port'?"
firewalls:
  edge: # want missing-key "firewall edge has no 'zones'"
    rules:
      - { action: allow, from: any, to: any, tpc: 80 } # want unknown-key "firewall rule 1 of firewall edge"
`);
  });

  for (const [cause, text, message, fixed] of [
    [
      'no-break spaces as indentation',
      'zones:\n\u00a0\u00a0hq: {}\n',
      /A no-break space \(U\+00A0\) is here/,
      'zones:\n  hq: {}\n',
    ],
    ['a full-width colon', 'zones：\n  hq: {}\n', /full-width colon "：" is text/, 'zones:\n  hq: {}\n'],
    [
      'an alias as a key without a space',
      'zones:\n  hq: &hq {}\nservers:\n  *hq: {}\n',
      /an alias needs a space before it: "\*hq :"/,
      'zones:\n  hq: &hq {}\nservers:\n  *hq : {}\n',
    ],
    [
      'a line too far left in a flow map that is closed further down',
      'servers: {\n  a: {},\nb: {}\n}\n',
      /inside the "\{" of line 2 and is too far left/,
      'servers: {\n  a: {},\n  b: {}\n }\n',
    ],
  ] as const)
    it(`names ${cause} as the one cause, with a safe fix`, () => {
      const whole = `configmgr: 2017-09\n${text}`;
      const found = analyse(whole)
        .findings()
        .filter(({ code }) => FILE.includes(code) && code !== 'unused-definition');
      assert.equal(found.length, 1, found.map((one) => one.message).join('\n'));
      assert.match(found[0]?.message ?? '', message);
      assert.equal(found[0]?.code, 'yaml-syntax');
      const fix = found[0]?.fixes?.find(({ safe }) => safe);
      assert.ok(fix, 'a safe fix');
      assert.equal(applyFix(whole, 'yaml-syntax', fix.title), `configmgr: 2017-09\n${fixed}`);
    });

  it('misses a key only once every line can be read', () => {
    const text = 'name： Contoso';
    const codes = (file: string) =>
      analyse(file)
        .findings()
        .map(({ code }) => code);
    assert.deepEqual(codes(text), ['yaml-syntax']);
    const mended = applyFix(text, 'yaml-syntax');
    assert.equal(mended, 'name: Contoso');
    assert.deepEqual(codes(mended), ['missing-key']);
  });

  it('tells a wrong type by what is written and what is needed', () => {
    expectFile(`configmgr: 2017-09
name: [a] # want wrong-type "needs text, not a list"
defaults: hq # want wrong-type "not 'hq'"
sites:
  PS1:
    type: primary
    publishToActiveDirectory: yes # want wrong-type "true or false or a list, each item text, not 'yes'"
    wakeOnLan: 9 # want wrong-type "true or false or a map with 'port'"
servers:
  cm01:
    addresses: { a: b } # want wrong-type "an IPv4 or IPv6 address"
    rpcDynamicPorts: 5000 # want wrong-type "a range of ports such as 49152-65535, not '5000'"
    site: # want wrong-type "has no value"
    roles:
      wsus-server: true # want wrong-type "wsus-server on cm01 needs a map"
      distribution-point: { pullFrom: cm01 } # want wrong-type "a list, each item the name of a server"
      reporting-services-point: { httpPort: 80-90 } # want wrong-type "a port number"
clients:
  desktops:
    site: PS1
    count: many # want wrong-type "a whole number from 0"
    features: [[remote-control]] # want wrong-type "not a list"
`);
  });

  it('refuses ports that cannot be and ranges the wrong way round, wherever ports are', () => {
    expectFile(`configmgr: 2017-09
sites:
  PS1:
    type: primary
    clientPorts:
      http: [80, 0] # want invalid-port "0 is not a port"
      https: [443, 444, 445] # want invalid-value "lists 3 values; it takes at most 2"
      notification: 70000 # want invalid-port "70000 is not a port; ports go from 1 to 65535"
zones: { a: , b: }
firewalls:
  edge:
    zones: [a, b]
    rules:
      - { action: allow, from: any, to: any, tcp: [445, 5000-1024] } # want invalid-port "write 1024-5000"
      - { action: allow, from: any, to: any, udp: 1-70000 } # want invalid-port "1-70000"
      - { action: allow, from: any, to: any, tcp: all } # want wrong-type "or 'any', not 'all'"
      - { action: allow, from: any, to: any, tcp: any, udp: "135" } # want wrong-type "'135'"
clients:
  c:
    site: PS1
    windowsFirewall: { inbound: [tcp/0, wmi, http] } # want invalid-port "tcp/0" invalid-value "http"
`);
  });

  it('checks addresses, networks and dates strictly', () => {
    expectFile(`configmgr: 2017-09
zones:
  a: { networks: [10.0.0.0/33] } # want invalid-address "10.0.0.0/33"
  b: { networks: [fe80::/64, 10.1.2.3, "::1"] }
servers:
  s1: { zone: a, addresses: 10.0.0.01 } # want invalid-address "10.0.0.01"
  s2: { zone: b, addresses: ["fe80::1%eth0"] } # want invalid-address "fe80::1%eth0"
firewalls:
  edge:
    zones: [a, b]
    rules:
      - { action: allow, from: 10.0.0.0/8, to: 1.2.3, tcp: 80 } # want invalid-address "1.2.3"
      - { action: deny, from: any, to: any, expires: 2026-02-30 } # want invalid-value "2026-02-30"
      - { action: deny, from: any, to: any, expires: 2028-02-29 }
`);
  });

  it('keeps names apart without regard to case, and zones, servers and client groups from one another', () => {
    expectFile(`configmgr: 2017-09
zones:
  hq: { internet: true }
  any: { internet: true } # want invalid-name "is a word of the format" invalid-value "only one zone is the internet"
sites:
  PS1: { type: primary }
  ps1: { type: primary } # want invalid-name "differ only in case"
servers:
  HQ: # want invalid-name "server 'HQ' has the name of a zone"
  10.0.0.1: # want invalid-name "reads as an address"
  "a/b": # want invalid-name "letters, digits"
clients:
  hq: { site: PS1 } # want invalid-name "client group 'hq' has the name of a zone"
firewalls:
  hq: { zones: [hq, any] }
  ${'x'.repeat(64)}: { zones: [hq, any] } # want invalid-name "64 characters; 63 are allowed"
`);
  });

  it('reads names as text, whatever YAML might make of them', () => {
    expectFile(`configmgr: 2017-09
sites:
  001: { type: primary, database: { server: 12, instance: 01 } }
  1E5: { type: secondary, parent: 001 }
  NO: { type: secondary, parent: "001" }
  Y: { type: secondary, parent: 001 }
servers:
  12:
    site: NO
    roles:
      sql-server: { instances: { 01: { port: 50001 } } }
  true: { site: 1e5 }
`);
  });

  it('looks every reference up among the kinds that its key takes', () => {
    expectFile(`configmgr: 2017-09
defaults: { zone: hq }
zones: { hq: , dmz: }
sites:
  PS1: { type: primary, parent: CA, database: { server: sql1 } } # want unknown-reference "There is no site 'CA'" unknown-reference "There is no server 'sql1'; did you mean 'sql01'?"
  PS2: { type: primary, database: { availabilityGroup: AG2 } } # want unknown-reference "There is no availability group 'AG2'"
  PS3: { type: primary, database: { server: sql01, instance: CM2 } } # want unknown-reference "There is no instance 'CM2' on sql01: sql01 has CM"
  PS4: { type: primary, database: { server: sql01 } } # want unknown-reference "the default instance MSSQLSERVER of sql01, which is not there: sql01 has CM"
  PS5: { type: primary, database: { server: web01, instance: CM } } # want unknown-reference "web01 has no role 'sql-server'"
  PS6: { type: primary, database: { server: sql02 } }
availabilityGroups:
  AG1: { listener: { name: cmdb, addresses: [10.99.0.9] }, replicas: [{ server: SQL01, instance: cm }] }
servers:
  sql01: { roles: { sql-server: { instances: { CM: { port: 50001 } } } } }
  sql02: { roles: { sql-server: } }
  web01:
    zone: sql01 # want unknown-reference "There is no zone 'sql01'"
    roles:
      software-update-point: { upstream: microsoft-update }
      exchange-server-connector: { to: exchange-onlin } # want unknown-reference "There is no server 'exchange-onlin'"
firewalls:
  edge:
    zones: [hq, dmz]
    rules:
      - { action: allow, from: [hq, web01, 10.0.0.0/8], to: nowhere } # want unknown-reference "There is no zone, server, client group or address group 'nowhere'"
`);
  });

  it('says nothing about what a broken line may have held', () => {
    const { findings } = analyse(`configmgr: 2017-09
zones:
  hq: { networks: [10.0.0.0/8]
  dmz: { networks: [192.0.2.0/24] }
servers:
  cm01:
    zone: hq
  cm02:
    zone: dmz
`);
    assert.deepEqual([...new Set(findings().map(({ code }) => code))], ['yaml-syntax']);
  });

  it('reports one cause once: a section or role that could not be read hides its names', () => {
    expectFile(`configmgr: 2017-09
sites:
  PS1: { type: primary, database: { server: sql01, instance: CM } }
zones: [hq, dmz] # want wrong-type "a map from names to zones"
servers:
  sql01:
    zone: hq
    roles:
      sql-servr: # want unknown-key "did you mean 'sql-server'"
        instances: { CM: { port: 50001 } }
`);
    expectFile(`configmgr: 2017-09
site: # want unknown-key "'site'; did you mean 'sites'?"
  PS1: { type: primary }
servers:
  cm01: { site: PS1 }
`);
  });

  it('reports a mistake in repeated content once, at the place that wrote it', () => {
    expectFile(`configmgr: 2017-09
servers:
  cm01: &base
    os: windows-server-2061 # want invalid-value "windows-server-2061"
    roles: &roles
      wsus-server: { httpPort: 99999 } # want invalid-port "99999"
  cm02: *base
  cm03: { <<: *base, roles: *roles }
`);
  });

  it('names a bad merge key, a bad key and an alias without an anchor', () => {
    expectFile(`configmgr: 2017-09
servers:
  cm01: { <<: [a] } # want wrong-type "'<<' merges a map or a list of maps"
  ? [a, b] # want wrong-type "'servers': a key must be text"
  : {}
  cm02: *none # want yaml-syntax "no anchor '&none'"
`);
  });

  it('takes the edition of the settings where the file gives none', () => {
    const settings = { rules: {}, edition: '2017-09' } as const;
    assert.equal(showFindings(analyse('name: Contoso\n', settings)), '');
    assert.match(showFindings(analyse('name: Contoso\n')), /the file has no 'configmgr'/);
    assert.match(showFindings(analyse('')), /the file has no 'configmgr'/);
    assert.match(showFindings(analyse('configmgr: 2018\n', settings)), /'2018' is neither an edition/);
  });
});

describe('fixes of mistakes against the format', () => {
  it('corrects a misspelt key, safely where one name is near', () => {
    const text = 'configmgr: 2017-09\nservers:\n  a: { roels: { dns-server: } } # kept\n';
    assert.equal(
      applyFix(text, 'unknown-key'),
      'configmgr: 2017-09\nservers:\n  a: { roles: { dns-server: } } # kept\n',
    );
    const [finding] = analyse(text).findings();
    assert.equal(finding?.fixes?.[0]?.safe, true);
  });

  it('offers no name that the map has already', () => {
    const text = 'configmgr: 2017-09\nservers:\n  a: { roles: , roels: { dns-server: } }\n';
    assert.deepEqual(analyse(text).findings()[0]?.fixes, []);
  });

  it('is not safe where two names are near', () => {
    const text = 'configmgr: 2017-09\nservers:\n  a: { roles: { wsus-server: { httpxPort: 80 } } }\n';
    const fixes = analyse(text).findings()[0]?.fixes ?? [];
    assert.deepEqual(
      fixes.map(({ title, safe }) => [title, safe]),
      [
        ["Change to 'httpPort'", false],
        ["Change to 'httpsPort'", false],
      ],
    );
  });

  it('inserts a missing key into block and flow maps, with the line breaks of the file', () => {
    assert.equal(
      applyFix(
        'configmgr: 2017-09\r\nsites:\r\n    PS1: # head office\r\n        description: x\r\n',
        'missing-key',
      ),
      'configmgr: 2017-09\r\nsites:\r\n    PS1: # head office\r\n        type: primary\r\n        description: x\r\n',
    );
    assert.equal(
      applyFix('configmgr: 2017-09\nsites:\n  PS1: { website: SMSWEB }\n', 'missing-key'),
      'configmgr: 2017-09\nsites:\n  PS1: { type: primary, website: SMSWEB }\n',
    );
    assert.equal(
      applyFix('configmgr: 2017-09\nsites:\n  PS1: # head office\n', 'missing-key'),
      'configmgr: 2017-09\nsites:\n  PS1: # head office\n    type: primary\n',
    );
    assert.equal(
      applyFix('configmgr: 2017-09\nsites: { PS1: }\n', 'missing-key'),
      'configmgr: 2017-09\nsites: { PS1: { type: primary } }\n',
    );
    assert.equal(
      applyFix('# mine\nname: x\n', 'missing-key'),
      '# mine\nconfigmgr: current-branch\nname: x\n',
    );
    assert.equal(applyFix('', 'missing-key'), 'configmgr: current-branch\n');
  });

  it('gives a secondary site the primary as its parent', () => {
    assert.equal(
      applyFix(
        'configmgr: 2017-09\nsites:\n  PS7: { type: primary }\n  S01:\n    type: secondary\n',
        'missing-key',
      ),
      'configmgr: 2017-09\nsites:\n  PS7: { type: primary }\n  S01:\n    type: secondary\n    parent: PS7\n',
    );
  });

  it('leaves tab stops in what it inserts, and none in plain text', () => {
    const fix = analyse('configmgr: 2017-09\nsites: { PS1: }\n').findings()[0]?.fixes?.[0];
    assert.deepEqual(
      fix?.edits.map(({ newText, snippet }) => [newText, snippet]),
      [[` { type: \${1:primary} \\}`, true]],
    );
  });

  it('takes the quotes off a port and swaps the ends of a range', () => {
    assert.equal(
      applyFix(
        'configmgr: 2017-09\nservers: { a: { roles: { wsus-server: { httpPort: "80" } } } }\n',
        'wrong-type',
      ),
      'configmgr: 2017-09\nservers: { a: { roles: { wsus-server: { httpPort: 80 } } } }\n',
    );
    assert.equal(
      applyFix('configmgr: 2017-09\ndefaults: { rpcDynamicPorts: "65535-49152" }\n', 'invalid-port'),
      'configmgr: 2017-09\ndefaults: { rpcDynamicPorts: "49152-65535" }\n',
    );
  });

  it('makes a map of a list of roles and keeps every comment', () => {
    assert.equal(
      applyFix(
        `configmgr: 2017-09
servers:
  a:
    roles:
    # first
    - dns-server   # name resolution
    -   dhcp-server
`,
        'wrong-type',
      ),
      `configmgr: 2017-09
servers:
  a:
    roles:
    # first
      dns-server:   # name resolution
      dhcp-server:
`,
    );
    const flow = applyFix(
      'configmgr: 2017-09\nservers: { a: { roles: [dns-server, dhcp-server] } }\n',
      'wrong-type',
    );
    assert.equal(showFindings(analyse(flow)), '');
    assert.equal(analyse(flow).topology.servers.get('a')?.roles.length, 2);
  });

  it('creates what a reference names, so that the finding goes', () => {
    const cases = [
      'configmgr: 2017-09\nservers:\n  a: { zone: hq }\n',
      'configmgr: 2017-09\nzones:\n  dmz:\n    networks: []\n    # more\nservers:\n  a: { zone: hq }\n',
      'configmgr: 2017-09\nzones: { }\nservers: { a: { zone: hq } }\n',
      'configmgr: 2017-09\nzones:\nservers:\n  a: { zone: hq }\n',
      '{ configmgr: 2017-09, servers: { a: { zone: hq } } }\n',
      'configmgr: 2017-09\nsites:\n  PS1: { type: primary, parent: hq }\n',
      'configmgr: 2017-09\nclients: { a: { site: hq } }\n',
      'configmgr: 2017-09\nsites:\n  PS1: { type: primary, database: { server: a, instance: hq } }\nservers:\n  a: { roles: { sql-server: } }\n',
      'configmgr: 2017-09\nsites:\n  PS1: { type: primary, database: { server: a, instance: hq } }\nservers:\n  a:\n    roles:\n      sql-server:\n        browser: false\n',
      'configmgr: 2017-09\nsites:\n  PS1: { type: primary, database: { server: a, instance: hq } }\nservers:\n  a:\n    roles:\n      dns-server:\n',
    ];
    for (const text of cases) {
      const fixed = applyFix(text, 'unknown-reference', 'Create');
      const left = analyse(fixed)
        .findings()
        .filter(({ code }) => FILE.includes(code) && code !== 'unused-definition');
      assert.deepEqual(left, [], `${text}\n->\n${fixed}`);
    }
  });

  it('removes the later of two keys, and a zone that nothing uses, with their comments', () => {
    assert.equal(
      applyFix('configmgr: 2017-09\nname: a # one\n# about b\nname: b # two\n# end\n', 'duplicate-key'),
      'configmgr: 2017-09\nname: a # one\n# end\n',
    );
    assert.equal(
      applyFix(
        `configmgr: 2017-09
zones:
  # where the people are
  hq: { networks: [10.0.0.0/8] }
  # left behind
  old:
    networks: [10.1.0.0/16]
    # nobody
  net: { internet: true }
servers: { a: { zone: hq } }
`,
        'unused-definition',
      ),
      `configmgr: 2017-09
zones:
  # where the people are
  hq: { networks: [10.0.0.0/8] }
  net: { internet: true }
servers: { a: { zone: hq } }
`,
    );
  });

  it('offers every edition in place of an unknown one', () => {
    const fixes = analyse('configmgr: 2017-08\n').findings()[0]?.fixes ?? [];
    assert.equal(fixes.length, EDITION_WORDS.length + 1);
    assert.deepEqual(
      fixes.map(({ title }) => title),
      [
        'current-branch',
        '2509',
        '2018-09',
        '2017-09',
        '2017-03',
        '2025-12',
        '2020-06',
        '2019-11',
        '2007',
      ].map((word) => `Use ${word}`),
    );
    assert.equal(applyFix('configmgr: 2017-08\n', 'unknown-edition', '2025-12'), 'configmgr: 2025-12\n');
  });
});
