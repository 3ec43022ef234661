import assert from 'node:assert/strict';
import { applyFix, expectFindings, showFindings } from '../../../../test/support/rules.ts';
import { analyse } from '../../analysis.ts';

const CODE = 'firewall-broad-rule';

/** Servers at head office, clients in a branch, and guests. */
const network = (rules: string, { zones = '[hq, branch, guests]', more = '' } = {}) => `configmgr: 2017-09
defaults: { os: windows-server-2016, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.10.0.0/16] }
  branch: { networks: [10.20.0.0/16] }
  guests: { networks: [10.30.0.0/16] }
sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01:
    site: PS1
    zone: hq
    addresses: [10.10.0.10]
    roles:
      site-server:
      sms-provider:
      sql-server:
  mp01:
    site: PS1
    zone: hq
    addresses: [10.10.0.11, 10.10.9.11]
    roles:
      management-point: { protocol: https }
  files01: { zone: hq, addresses: [10.10.0.20], roles: { file-server: } }
  kiosk: { zone: branch, addresses: [10.20.200.1], roles: { file-server: } }
${more}clients:
  desktops: { site: PS1, zone: branch, networks: [10.20.64.0/20] }
firewalls:
  line:
    zones: ${zones}
    rules:
${rules}`;

const found = (rules: string, options?: Parameters<typeof network>[1]) =>
  expectFindings(network(rules, options), { only: [CODE] });

/** What the fix makes of the rules; the file must have no finding then. */
function narrowed(rules: string): string {
  const after = applyFix(network(rules), CODE);
  assert.equal(showFindings(analyse(after)), '', after);
  return after.slice(network('').length);
}

describe('firewall-broad-rule', () => {
  it('is quiet about rules as administrators write them', () => {
    for (const rule of [
      'from: branch, to: mp01, tcp: [443, 10123]',
      'from: desktops, to: mp01, tcp: [443, 10123], icmp: true',
      'from: 10.20.64.0/20, to: [10.10.0.11], tcp: [443, 10123]',
      'from: 10.20.0.0/16, to: 10.10.0.11, tcp: [443, 10123]',
      'from: 10.20.64.0/21, to: mp01, tcp: [443, 10123]',
      'from: [branch, kiosk], to: mp01, tcp: [443, 10123]',
    ])
      found(`      - { action: allow, ${rule} }\n`);
  });

  it('counts what is open and what is in use, of ports and of machines', () => {
    found(`      - { action: allow, from: [desktops, kiosk], to: hq, tcp: 1-1000 } # want firewall-broad-rule "1000 ports, 1 in use (TCP 443), 2 machines or groups as source, 1 in use (desktops) and 3 machines or groups as target, 1 in use (mp01)"
      - { action: allow, from: desktops, to: mp01, tcp: 10123 }
`);
    found(`      - { name: all, action: allow, from: desktops, to: mp01 } # want firewall-broad-rule "Rule 'all' of firewall line opens more than is needed: 131070 ports, 2 in use (TCP 443, 10123)"
`);
  });

  it('takes `any` for every zone that the traffic can come from, and knows no other', () => {
    found(`      - { action: allow, from: any, to: mp01, tcp: [443, 10123] } # want firewall-broad-rule "3 machines or groups as source, 1 in use"
`);
    found('      - { action: allow, from: any, to: mp01, tcp: [443, 10123] }\n', { zones: '[hq, branch]' });
  });

  it('leaves unused and shadowed rules to those who speak of them', () => {
    expectFindings(
      network(`      - { action: allow, from: desktops, to: mp01, tcp: [443, 10123] }
      - { action: allow, from: any, to: any, udp: 1-100 } # want firewall-unused-rule
      - { action: allow, from: branch, to: mp01, tcp: 443 } # want firewall-unused-rule
      - { action: allow, from: desktops, to: mp01, tcp: 443 } # want firewall-shadowed-rule
`),
    );
  });

  it('does not call a port broad that a rule above decides about', () => {
    expectFindings(
      network(`      - { action: allow, from: 10.20.64.0/24, to: mp01, tcp: 443 }
      - { action: allow, from: desktops, to: mp01, tcp: [443, 10123] }
`),
    );
  });

  it('keeps the word for everyone where clients have no addresses that could take its place', () => {
    const text = network('      - { action: allow, from: 0.0.0.0/0, to: mp01, tcp: [80, 443, 10123] }\n', {
      zones: '[hq, branch, lab, guests]',
      more: '  tablets01: { zone: guests, addresses: [10.30.0.5], roles: { file-server: } }\n',
    })
      .replace('  guests:', '  lab: {}\n  guests:')
      .replace('branch: { networks: [10.20.0.0/16] }', 'branch: { networks: [10.20.0.0/16, "fd00:20::/64"] }')
      .replace('zone: branch, networks: [10.20.64.0/20] }', 'zone: [branch, lab] }');
    const after = applyFix(text, CODE);
    assert.match(after, /from: 0\.0\.0\.0\/0, to: mp01, tcp: \[443, 10123\] }/);
  });

  it('is narrowed where it is written: ends, ports and protocols, with their comments and quotes', () => {
    const narrow = (text: string) =>
      /allow, (.*) } # kept/.exec(narrowed(`      - { action: allow, ${text} } # kept\n`))?.[1];
    assert.equal(
      narrow('from: any, to: 10.10.0.0/16, tcp: any'),
      'from: desktops, to: mp01, tcp: [443, 10123]',
    );
    assert.equal(
      narrow('from: [kiosk, desktops, 10.30.0.7], to: [files01, 10.10.0.0/24], tcp: [10123, 440-450]'),
      'from: [desktops], to: [10.10.0.11], tcp: [10123, 443]',
    );
    assert.equal(
      narrow('tcp: ["443-443", 10123, 8530], udp: 1-100, from: branch, to: mp01'),
      'tcp: ["443-443", 10123], from: branch, to: mp01',
    );
    assert.equal(narrow('from: branch, to: mp01'), 'from: branch, to: mp01, tcp: [443, 10123]');
    assert.equal(
      narrow('from: branch, to: mp01, icmp: false'),
      'from: branch, to: mp01, icmp: false, tcp: [443, 10123]',
    );
    assert.equal(
      narrowed(`      # above
      - action: allow
        udp: 53 # names
        from:
          - desktops # clients
          # not for long
          - kiosk # a machine in the hall
          - 10.30.0.0/24
        to:
          [
            mp01, # the point
            files01, # and the share
          ]
        tcp:
        - 443 # web
        - 8530-8531 # updates
        - 10000-20000 # the rest
`),
      `      # above
      - action: allow
        # names
        from:
          - desktops # clients
          # not for long
          # a machine in the hall
        to:
          [
            mp01, # the point
            # and the share
          ]
        tcp:
        - 443 # web
        # updates
        - 10123 # the rest
`,
    );
  });

  it('offers no fix that would change another place of the file, or bring another finding', () => {
    const fixes = (text: string) =>
      analyse(network(text))
        .findings()
        .filter(({ code }) => code === CODE)
        .map(({ fixes = [] }) => fixes.filter(({ title }) => title.startsWith('Narrow')).length);
    assert.deepEqual(
      fixes('      - { action: allow, from: &ends [desktops, kiosk], to: mp01, tcp: [443, 10123] }\n'),
      [0],
    );
    assert.deepEqual(
      fixes(`      - { action: allow, from: any, to: any }
      - { action: allow, from: branch, to: mp01, tcp: [443, 10123] }
`),
      [0],
    );
  });

  it('takes the address of a server for that server, although clients are in the same zone', () => {
    const text = network(
      '      - { action: allow, from: desktops, to: 10.10.0.11, tcp: [443, 10123] }\n',
    ).replace('clients:\n', 'clients:\n  office: { site: PS1, zone: hq }\n');
    expectFindings(text, { only: [CODE] });
  });

  it('keeps what a group or the whole internet in a rule was for beside its name', () => {
    const dual = (rules: string) =>
      network(rules, {
        more: '  sup01: { site: PS1, zone: branch, addresses: [10.20.64.9], roles: { software-update-point: { upstream: microsoft-update } } }\n',
      })
        .replace('hq: { networks: [', 'hq: { networks: [2001:db8::/48, ')
        .replace('[10.10.0.11, 10.10.9.11]', '[10.10.0.11, 2001:db8::11]');
    const after = applyFix(
      dual('      - { action: allow, from: [desktops, files01], to: cm01, tcp: 445 }\n'),
      CODE,
    );
    assert.match(after, /from: \[sup01, files01\], to: cm01/);
    assert.match(
      applyFix(dual('      - { action: allow, from: desktops, to: 0.0.0.0/0, tcp: [443, 10123] }\n'), CODE),
      /to: 10\.10\.0\.11, tcp/,
    );
  });

  it('leaves clients of a group that is in two zones their way through', () => {
    const halls = (rules: string) =>
      network(rules).replace(
        'networks: [10.20.64.0/20] }',
        'networks: [10.20.64.0/20, 10.30.64.0/20], features: [wake-up-proxy] }',
      );
    const web = '      - { action: allow, from: [10.20.64.0/20, guests], to: mp01, tcp: [443, 10123] }\n';
    const ping = (to: string) => `      - { action: allow, from: desktops, to: ${to}, icmp: true }\n`;
    expectFindings(halls(web + ping('desktops')));
    assert.equal(applyFix(halls(web + ping('[branch, any]')), CODE), halls(web + ping('[branch, desktops]')));
    expectFindings(halls(web + ping('[branch, desktops]')));
  });

  it('is never made wider: of a group beside the one that is named, only the addresses that it shares are open', () => {
    const pushed = (to: string) =>
      network(`      - { action: allow, from: cm01, to: ${to}, tcp: 445 }\n`).replace(
        'clients:\n',
        'clients:\n  laptops: { site: PS1, zone: branch, os: windows-11, networks: [10.20.72.0/21, 10.20.128.0/20], installation: [client-push] }\n',
      );
    assert.equal(applyFix(pushed('[desktops]'), CODE), pushed('[10.20.72.0/21]'));
  });

  const database = (group: string, to: string) => `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.10.0.0/16] }
  data: { networks: [10.20.0.0/16] }
sites:
  PS1: { type: primary, database: { availabilityGroup: ag } }
servers:
  cm01: { site: PS1, zone: hq, addresses: [10.10.0.10], roles: { site-server: , sms-provider: } }
  sql01: { zone: data, addresses: [10.20.0.11], roles: { sql-server: } }
  sql02: { zone: data, addresses: [10.20.0.12], roles: { sql-server: } }
availabilityGroups:
  ag:
    ${group}
    replicas: [{ server: sql01 }, { server: sql02 }]
firewalls:
  line:
    zones: [hq, data]
    rules:
      - { action: allow, from: cm01, to: [sql01, sql02], tcp: [135, 445, 1433, 49152-65535], udp: 135 }
      - { action: allow, from: cm01, to: ${to}, tcp: 1433 }
`;
  const LISTENER = 'listener: { name: cmdb, addresses: [10.20.0.20], port: 1433 }';

  it('takes an address of a listener for the listener', () => {
    for (const to of ['10.20.0.20', 'cmdb']) expectFindings(database(LISTENER, to));
    expectFindings(
      database(
        LISTENER,
        '[10.20.0.20, 10.20.0.21], tcp: 1433 } # want firewall-broad-rule "2 machines or groups as target, 1 in use (10.20.0.20)"\n      #',
      ),
    );
  });

  it('is quiet about an address that may be of a listener nobody has described', () => {
    const missing =
      'description: no listener # want sql-availability-group-listener "ag has no listener" <ag>';
    const text = database(missing, '10.20.0.20')
      .replace('  ag:', '  ag: # want sql-availability-group-listener "ag has no listener" <ag>')
      .replace(missing, 'description: no listener');
    expectFindings(text);
  });

  it('is quiet about dynamic ports that are right once the range of the server is', () => {
    const text = (range: string) =>
      network('      - { action: allow, from: branch, to: mp01, tcp: [443, 10123] }\n').replace(
        '    roles:\n      management-point',
        `    rpcDynamicPorts: ${range}\n    roles:\n      management-point`,
      );
    assert.notEqual(text('1024-5000'), network(''));
    expectFindings(
      text('1024-5000 # want rpc-range-os "set 49152-65535" <1024-5000>')
        .replace(
          'zone: hq\n    addresses: [10.10.0.11, 10.10.9.11]',
          'zone: guests\n    addresses: [10.30.0.11]',
        )
        .replace(
          'tcp: [443, 10123] }',
          'tcp: [443, 10123] }\n      - { action: allow, from: cm01, to: mp01, tcp: [135, 445, 49152-65535] }\n      - { action: allow, from: mp01, to: cm01, tcp: [135, 445, 1433, 49152-65535] }',
        ),
    );
  });

  it('takes a rule that two firewalls share for one', () => {
    const text = network(
      `      - &web { action: allow, from: branch, to: [mp01, edge01], tcp: [443, 10123] }
  edge: { zones: [guests, branch], rules: [*web] }
`,
      {
        zones: '[hq, branch]',
        more: `  edge01:
    site: PS1
    zone: guests
    addresses: [10.30.0.9]
    roles: { distribution-point: { protocol: https } }
`,
      },
    );
    expectFindings(text, { only: [CODE, 'firewall-unused-rule'] });
  });
});

describe('a rule for anybody on a firewall of one machine', () => {
  const host = (servers: string) => `configmgr: 2403
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones: { hq: { networks: [10.0.0.0/16] }, branch: { networks: [10.1.0.0/16] } }
sites: { PS1: { type: primary, database: { server: cm01 } } }
servers:
  cm01: { site: PS1, zone: hq, addresses: [10.0.0.5], roles: { site-server: , sms-provider: , sql-server: , management-point: { protocol: https } } }
${servers}clients:
  pcs: { site: PS1, zone: branch }
firewalls:
  own:
    hosts: [cm01]
    rules: [ { action: allow, from: any, to: cm01, tcp: [443, 10123] } ]
`;
  const broad = (text: string) =>
    analyse(text)
      .findings()
      .filter(({ code }) => code === CODE)
      .map(({ message }) => message);

  it('is not too broad because the machine itself does not call itself', () => {
    assert.deepEqual(broad(host('')), []);
    // Somebody else who has no business there still counts.
    const other = '  web: { zone: hq, addresses: [10.0.0.9], roles: { dns-server: } }\n';
    assert.match(broad(host(other)).join(), /2 machines or groups as source, 1 in use \(pcs\)/);
  });
});

describe('what a rule opens too much, after an edit of a machine without a connection', () => {
  const said = (analysis: ReturnType<typeof analyse>) =>
    analysis
      .findings()
      .filter(({ code }) => code === CODE)
      .map(({ message }) => message);
  const server = (zone: string, address: string) =>
    `  files02: { zone: ${zone}, addresses: [${address}], roles: { file-server: } }\n`;

  for (const [what, rule, more] of [
    [
      'counts who is in a zone',
      'from: branch, to: hq',
      [server('guests', '10.30.0.1'), server('hq', '10.10.0.2')],
    ],
    [
      'counts who is in a network',
      'from: branch, to: 10.10.0.0/24',
      [server('hq', '10.10.9.2'), server('hq', '10.10.0.2')],
    ],
    [
      'counts who is in a network, though he belongs elsewhere',
      'from: branch, to: 10.10.0.0/24',
      [server('guests', '10.30.0.2'), server('guests', '10.10.0.2')],
    ],
  ] as const)
    it(what, () => {
      const file = (servers: string) =>
        network(`      - { action: allow, ${rule}, tcp: [443, 10123] }\n`, { more: servers });
      const [first, second] = more;
      const texts = [first, second, first, '', second].map(file);
      let analysis: ReturnType<typeof analyse> | undefined;
      for (const text of texts) {
        analysis = analyse(text, undefined, analysis);
        assert.deepEqual(said(analysis), said(analyse(text)));
      }
      const [without, more1] = texts.map((text) => said(analyse(text)).join());
      assert.notEqual(without, more1);
    });
});

describe('firewall-expired-rule', () => {
  const rule = '{ action: allow, from: branch, to: mp01, tcp: [443, 10123], expires: 2026-02-28 }';
  const on = (today: string | undefined, want = '') =>
    expectFindings(network(`      - ${rule}${want}\n`), {
      settings: { rules: {}, ...(today ? { today } : {}) },
    });

  it('is found from the day after the last one, and nothing is stopped by it', () => {
    on('2026-02-28');
    on('2026-03-01', ' # want firewall-expired-rule "Rule 1 of firewall line was valid until 2026-02-28"');
  });

  it('is not found by somebody who does not say which day it is', () => {
    on(undefined);
  });
});
