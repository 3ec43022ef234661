import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyFix, expectFindings, showFindings } from '../../../../test/support/rules.ts';
import { analyse } from '../../analysis.ts';
import { applyEdits } from '../../edits/text-edit.ts';

/** A site in one zone, its clients in another, and firewalls between; the rules let everything through. */
const network = ({
  role = 'management-point: { protocol: https }',
  clients = '',
  rules = '',
  firewalls = '',
  servers = '',
  sites = '',
} = {}) => `configmgr: 2017-09
defaults: { os: windows-server-2016, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.10.0.0/16] }
  middle: { networks: [10.15.0.0/16] }
  branch: { networks: [10.20.0.0/16] }
sites:
  PS1: { type: primary, database: { server: cm01 } }
${sites}servers:
  cm01:
    site: PS1
    zone: hq
    addresses: [10.10.0.10]
    roles:
      site-server:
      sms-provider:
      sql-server:
      ${role}
${servers}clients:
  desktops: { site: PS1, zone: branch${clients} }
firewalls:
  line:
    zones: [hq, branch]
    rules:
      - { action: allow, from: branch, to: cm01, tcp: [443, 10123] }
${rules}${firewalls}  other: { zones: [hq, middle] }
`;
const clean = (text: string) => assert.equal(showFindings(analyse(text)), '', text);

describe('firewall-blocked', () => {
  const text = network({ role: 'management-point:' });

  it('offers no rule that would open a machine to the internet', () => {
    const outside = `configmgr: 2017-09
defaults: { os: windows-server-2016, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.10.0.0/16] }
  outside: { internet: true }
sites:
  PS1: { type: primary, database: { server: sql01 } }
servers:
  sql01: { zone: hq, roles: { sql-server: } }
  cm01:
    site: PS1
    zone: outside
    roles:
      site-server:
      sms-provider:
firewalls:
  edge: { zones: [hq, outside], rules: [] }
`;
    const found = analyse(outside)
      .findings()
      .filter(({ code }) => code === 'firewall-blocked');
    const toDatabase = found.filter(({ message }) => message.includes('sql01'));
    assert.ok(
      toDatabase.some(({ message }) => /1433/.test(message)),
      showFindings(analyse(outside)),
    );
    assert.deepEqual(
      toDatabase.flatMap(({ fixes }) => fixes ?? []),
      [],
    );
  });

  it('is one finding for two machines, at the role, with every port that is missing', () => {
    expectFindings(
      text.replace(
        'management-point:',
        'management-point: # want firewall-blocked "desktops cannot reach management-point on cm01: TCP 80 must get through firewall line"',
      ),
    );
  });

  it('adds exactly what is missing, at the end or above the rule that denies it', () => {
    const end = text.replace(
      '10123] }\n',
      '10123] }\n      - { action: allow, from: desktops, to: cm01, tcp: 80 }\n',
    );
    assert.equal(applyFix(text, 'firewall-blocked'), end);
    clean(end);
    const deny =
      '      # no plain HTTP\n      - { name: plain, action: deny, from: any, to: any, tcp: 80 }\n';
    const denied = network({ role: 'management-point:', rules: deny });
    assert.match(showFindings(analyse(denied)), /rule 'plain' of firewall line denies it/);
    const mended = network({
      role: 'management-point:',
      rules: `      - { action: allow, from: desktops, to: cm01, tcp: 80 }\n${deny}`,
    });
    assert.equal(applyFix(denied, 'firewall-blocked'), mended);
    clean(mended);
  });

  it('adds a rule in every way to write a list of rules', () => {
    const rule = '{ action: allow, from: branch, to: cm01, tcp: [443, 10123] }';
    const added = '{ action: allow, from: desktops, to: cm01, tcp: 80 }';
    const line = (rules: string) =>
      text.replace(`    rules:\n      - ${rule}\n`, rules === '' ? '' : `    rules: ${rules}\n`);
    assert.equal(applyFix(line(`[${rule}]`), 'firewall-blocked'), line(`[${rule}, ${added}]`));
    const all = '{ action: allow, from: desktops, to: cm01, tcp: [80, 443] }';
    const below = line('X').replace(' X\n', `\n      - ${all}\n`);
    assert.equal(applyFix(line('[]'), 'firewall-blocked'), below);
    assert.equal(applyFix(line(''), 'firewall-blocked'), below);
    const inBraces = (rest: string) =>
      line('X').replace(/ line:\n {4}zones: (.*)\n {4}rules: X\n/, ` line: { zones: $1${rest} } # WAN\n`);
    const opened = below.replace(' line:', ' line: # WAN');
    for (const rest of ['', ', rules:', ', rules: []'])
      assert.equal(applyFix(inBraces(rest), 'firewall-blocked'), opened, inBraces(rest));
    const block = text.replace(
      `      - ${rule}\n`,
      '    - action: allow # kept\n      from: branch\n      to: cm01\n      tcp:\n      - 443\n      - 10123\n',
    );
    assert.equal(
      applyFix(block, 'firewall-blocked'),
      block.replace('      - 10123\n', `      - 10123\n    - ${added}\n`),
    );
    const windows = text.replaceAll('\n', '\r\n');
    assert.equal(
      applyFix(windows, 'firewall-blocked'),
      applyFix(text, 'firewall-blocked').replaceAll('\n', '\r\n'),
    );
  });

  it('is one finding for each firewall of a chain, and none for machines without a zone', () => {
    const far = text
      .replace('zones: [hq, branch]', 'zones: [middle, branch]')
      .replace('other: { zones: [hq, middle] }', 'other: { zones: [hq, middle], rules: [] }');
    const findings = analyse(far)
      .findings()
      .filter(({ code }) => code === 'firewall-blocked');
    assert.deepEqual(
      findings.map(({ message }) => /firewall (\w+) for/.exec(message)?.[1]),
      ['line', 'other'],
    );
    clean(text.replace('zone: branch', 'count: 3'));
    expectFindings(text.replace('zone: branch', 'zone: hq'), { only: ['firewall-blocked'] });
  });

  it('says nothing while something in the file is not known', () => {
    expectFindings(
      text.replace('to: cm01, tcp: [443, 10123] }', 'to: cm02, tcp: [443, 10123] } # want unknown-reference'),
    );
    expectFindings(text.replace('sms-provider:', 'sms-provder: # want unknown-key'));
  });
});

describe('firewall-rpc-incomplete', () => {
  it('adds the range to the rule that lets 135 through, once for all its pairs', () => {
    const dp = (name: string, rest: string) =>
      `  ${name}: { site: PS1, zone: branch${rest}, roles: { distribution-point: { protocol: https } } }\n`;
    const rule = (tcp: string) =>
      `      - { action: allow, from: cm01, to: [dp01, dp02], tcp: ${tcp}, udp: 135 }\n`;
    const text = (tcp: string) =>
      network({
        servers: dp('dp01', '') + dp('dp02', ', rpcDynamicPorts: 60000-60999'),
        rules: rule(tcp),
      });
    const [finding, ...others] = analyse(text('[135, 445]')).findings();
    assert.deepEqual(others, [], showFindings(analyse(text('[135, 445]'))));
    assert.match(finding?.message ?? '', /RPC from cm01 to dp01 and cm01 to dp02 .* TCP 49152-65535/);
    assert.equal(applyFix(text('[135, 445]'), 'firewall-rpc-incomplete'), text('[135, 445, 49152-65535]'));
    clean(text('[135, 445, 49152-65535]'));
  });

  it('adds a rule of its own above one that denies the range', () => {
    const text = network({
      servers: '  dp01: { site: PS1, zone: branch, roles: { distribution-point: { protocol: https } } }\n',
      rules: `      - { name: low, action: deny, from: any, to: any, tcp: 50000-51000 }
      - { action: allow, from: cm01, to: dp01, tcp: [135, 445, 49152-65535], udp: 135 }
`,
    });
    const after = applyFix(text, 'firewall-rpc-incomplete');
    assert.match(after, /- \{ action: allow, from: cm01, to: dp01, tcp: 50000-51000 \}\n {6}- \{ name: low/);
    clean(after);
  });
});

describe('client-push-blocked', () => {
  const push = ', os: windows-11, installation: [client-push]';

  it('names all that is missing, in the protocols that need it, and leaves nothing to the general rule', () => {
    const text = network({ clients: push });
    expectFindings(
      text.replace(
        '[client-push] }',
        '[client-push] } # want client-push-blocked "from site server cm01 to the clients desktops is blocked: TCP 135, 445, 49152-65535, UDP 135 and ICMP echo must get through"',
      ),
    );
    const after = applyFix(text, 'client-push-blocked');
    assert.match(
      after,
      /- \{ action: allow, from: cm01, to: desktops, tcp: \[135, 445, 49152-65535\], udp: 135, icmp: true \}\n/,
    );
    clean(after);
    clean(applyFix(text, 'client-push-blocked', 'by group-policy'));
  });

  it('asks for no ICMP where the document does not', () => {
    const text = network({ clients: push }).replace('2017-09', '2025-12');
    assert.doesNotMatch(showFindings(analyse(text)), /ICMP/);
    clean(applyFix(text, 'client-push-blocked'));
  });

  it('is quiet without a firewall between', () => {
    expectFindings(network({ clients: push }).replace('zone: branch,', 'zone: hq,'), {
      only: ['client-push-blocked', 'firewall-blocked'],
    });
  });

  it('mends every firewall on the way with one fix', () => {
    const text = network({ clients: push })
      .replace('zones: [hq, branch]', 'zones: [middle, branch]')
      .replace(
        'other: { zones: [hq, middle] }',
        'other: { zones: [hq, middle], rules: [{ action: allow, from: desktops, to: cm01, tcp: [443, 10123] }] }',
      );
    assert.equal(analyse(text).findings().length, 1, showFindings(analyse(text)));
    clean(applyFix(text, 'client-push-blocked'));
  });
});

describe('wsus-http-blocked', () => {
  const role =
    'management-point: { protocol: https }\n      software-update-point: { ssl: true, httpPort: 8540, httpsPort: 8541 }';

  it('is one finding at the rule that lets HTTPS through, and opens HTTP to the same machines only', () => {
    const text = network({
      role,
      rules:
        '      - { action: allow, from: branch, to: cm01, tcp: 8541 } # want wsus-http-blocked "but not over HTTP 8540"\n',
    });
    expectFindings(text);
    const after = applyFix(text.replace(/ # want.*/, ''), 'wsus-http-blocked');
    assert.match(after, /- \{ action: allow, from: desktops, to: cm01, tcp: 8540 \}\n/);
    clean(after);
  });

  it('leaves it to the general rule where HTTPS is stopped too, and is quiet without SSL', () => {
    const both = showFindings(analyse(network({ role })));
    assert.match(both, /^\d+: firewall-blocked .*TCP 8540-8541/);
    clean(
      network({
        role: 'management-point: { protocol: https }\n      software-update-point:',
        rules: '      - { action: allow, from: branch, to: cm01, tcp: 8530 }\n',
      }),
    );
  });
});

describe('tftp-reply-ports', () => {
  const role =
    'management-point: { protocol: https }\n      distribution-point: { protocol: https, pxe: true }';
  const rules = (
    more: string,
  ) => `      - { action: allow, from: branch, to: cm01, udp: [67-69, 4011] }${more}
`;

  it('leaves a firewall that stops TFTP altogether to the general rule', () => {
    expectFindings(
      network({ role, rules: rules('').replace('67-69', '67-68') }).replace(
        'pxe: true }',
        'pxe: true } # want firewall-blocked "UDP 69 must get through"',
      ),
    );
  });
});

describe('wake-up-proxy-icmp', () => {
  const clients = ', networks: [10.20.0.0/24, 10.15.0.0/24], features: [wake-up-proxy]';
  const middle = '  side: { zones: [middle, branch], rules: [] }\n';

  it('looks at groups in several zones only', () => {
    expectFindings(
      network({ clients, firewalls: middle }).replace(
        '[wake-up-proxy] }',
        '[wake-up-proxy] } # want wake-up-proxy-icmp "in the zones branch and middle"',
      ),
      { only: ['wake-up-proxy-icmp'] },
    );
    clean(network({ clients: ', networks: [10.20.0.0/24], features: [wake-up-proxy]', firewalls: middle }));
  });

  it('is mended by one rule', () => {
    const after = applyFix(network({ clients, firewalls: middle }), 'wake-up-proxy-icmp');
    assert.match(after, /rules:\n {6}- \{ action: allow, from: desktops, to: desktops, icmp: true \}\n/);
    expectFindings(after, { only: ['wake-up-proxy-icmp'] });
  });
});

describe('firewall-shadowed-rule', () => {
  const never = (rules: string) =>
    expectFindings(network({ rules }), { only: ['firewall-shadowed-rule', 'firewall-unused-rule'] });

  it('adds the ports of several earlier rules up, and knows machines by zone and address', () => {
    never(`      - { action: deny, from: 10.20.0.0/16, to: any, tcp: [1-100] }
      - { action: deny, from: any, to: hq, tcp: [101-200], udp: any }
      # want firewall-shadowed-rule "Rule 4 of firewall line has no effect: rule 2 and rule 3 above match"
      - { action: deny, from: [10.20.1.0/24, 10.20.2.0/24], to: 10.10.0.10, tcp: [90-110] }
      - { action: allow, from: branch, to: cm01, tcp: 443 } # want firewall-shadowed-rule "rule 1 above matches"
`);
  });

  it('is quiet about what is wider in one point, and about rules in the right order', () => {
    never(`      - { action: deny, from: 10.20.0.0/17, to: cm01, tcp: 80 }
      - { action: deny, from: 10.20.0.0/16, to: cm01, tcp: 80 }
      - { action: deny, from: 10.20.0.0/16, to: [cm01, 10.10.0.11], tcp: 80 }
      - { action: deny, from: 10.20.0.0/16, to: cm01, tcp: 80, icmp: true }
      - { action: deny, from: any, to: any }
`);
  });

  it('takes the rule out with its comment and nothing else', () => {
    const text = network({
      rules: `      # old
      - { action: deny, from: branch, to: cm01, tcp: 443 }
      # last
      - { action: deny, from: any, to: any }
`,
    });
    const after = network({ rules: '      # last\n      - { action: deny, from: any, to: any }\n' });
    assert.equal(applyFix(text, 'firewall-shadowed-rule'), after);
    clean(after);
  });
});

describe('firewall-unused-rule', () => {
  const rule = '{ action: allow, from: cm01, to: branch, tcp: 5000 }';

  it('is removed in every way to write a list', () => {
    const text = network({ rules: `      - ${rule} # ?\n` });
    expectFindings(text.replace('# ?', '# want firewall-unused-rule'));
    assert.equal(applyFix(text, 'firewall-unused-rule'), network());
    const kept = '{ action: allow, from: branch, to: cm01, tcp: [443, 10123] }';
    const flow = (list: string) => network().replace(`rules:\n      - ${kept}`, `rules: ${list}`);
    assert.equal(applyFix(flow(`[${kept}, ${rule}]`), 'firewall-unused-rule'), flow(`[${kept}]`));
    assert.equal(applyFix(flow(`[${rule}, ${kept}]`), 'firewall-unused-rule'), flow(`[${kept}]`));
  });

  it('is not said of what may be needed by a machine without a zone or on a port that nobody knows', () => {
    const lost = network({ rules: `      - ${rule}\n` }).replace('zone: branch', 'count: 1');
    expectFindings(lost, { only: ['firewall-unused-rule'] });
    const sql =
      '  sql01: { zone: branch, roles: { sql-server: { instances: { CM: { serviceBrokerPort: 4023 } } } } }\n';
    expectFindings(
      network({ rules: `      - ${rule}\n`, servers: sql }).replace(
        'server: cm01 }',
        'server: sql01, instance: CM }',
      ),
      { only: ['firewall-unused-rule'] },
    );
  });
});

describe('firewall-internet-exposure', () => {
  const exposed = (rules: string) =>
    expectFindings(
      network({
        firewalls: `  edge:
    zones: [hq, internet]
    rules:
${rules}`,
        role: 'management-point: { protocol: https, clients: both }',
        servers: '  out01: { zone: internet, addresses: [198.51.100.1] }\n',
      })
        .replace('sites:', '  internet: { internet: true }\nsites:')
        .replace('sql-server:', 'sql-server: { instances: { MSSQLSERVER: { port: 1500 } } }'),
      { only: ['firewall-internet-exposure'] },
    );

  it('knows the ports that each server really has, and rules that let anybody in', () => {
    exposed(`      - { action: deny, from: any, to: any, tcp: 50000-65535 }
      - { action: allow, from: any, to: hq, tcp: [443, 1433, 49000-60000] } # want firewall-internet-exposure "Rule 2 of firewall edge lets the internet reach cm01 on TCP 49152-49999"
      - { name: sql, action: allow, from: out01, to: cm01, tcp: 1500 } # want firewall-internet-exposure "Rule 'sql' of firewall edge lets the internet reach cm01 on TCP 1500"
`);
  });

  it('counts every port of a site system that serves no clients on the internet', () => {
    const serving = (clients: string, want = '') =>
      expectFindings(
        network({
          role: `management-point: { protocol: https${clients} }`,
          firewalls: `  edge: { zones: [hq, internet], rules: [{ action: allow, from: internet, to: cm01, tcp: 443 }] }${want}\n`,
        }).replace('sites:', '  internet: { internet: true }\nsites:'),
        { only: ['firewall-internet-exposure'] },
      );
    serving(', clients: both');
    serving(
      '',
      ' # want firewall-internet-exposure "Rule 1 of firewall edge lets the internet reach cm01 on TCP 443: no documented connection of this file uses it"',
    );
  });

  it('is quiet about the other direction, other ports and rules that never get that far', () => {
    exposed(`      - { action: deny, from: internet, to: any, tcp: 445 }
      - { action: allow, from: internet, to: cm01, tcp: [80, 443, 445, 1433] }
      - { action: allow, from: hq, to: internet, tcp: any }
`);
  });
});

describe('address-outside-zone', () => {
  it('is one finding for a server, with the zone that fits, and stops all that follows from its place', () => {
    const text = network({ role: 'management-point:' }).replace(
      'addresses: [10.10.0.10]',
      'addresses: [10.15.0.10, 10.15.0.11]',
    );
    expectFindings(
      text.replace(
        '0.11]',
        '0.11] # want address-outside-zone "10.15.0.10 and 10.15.0.11 of cm01 are in no network of its zone hq (10.10.0.0/16), but in zone middle"',
      ),
    );
    assert.match(applyFix(text, 'address-outside-zone'), /zone: middle\n/);
  });

  it('is quiet about a family that the zone says nothing of', () => {
    clean(network().replace('[10.10.0.10]', '[10.10.0.10, "fd00::10"]'));
  });
});

describe('zone-overlap', () => {
  it('is at the later of two networks, once for each', () => {
    expectFindings(
      network().replace(
        'middle: { networks: [10.15.0.0/16] }',
        'middle: { networks: [10.15.0.0/16, 10.10.4.0/24, 10.0.0.0/12] } # want zone-overlap "Network 10.10.4.0/24 of zone middle overlaps 10.10.0.0/16 of zone hq" zone-overlap "10.0.0.0/12"',
      ),
      { only: ['zone-overlap'] },
    );
  });

  it('says nothing about one zone’s own networks, nor about two families', () => {
    expectFindings(
      network().replace(
        'middle: { networks: [10.15.0.0/16] }',
        'middle: { networks: [10.15.0.0/16, 10.15.1.0/24, "::/0"] }',
      ),
      { only: ['zone-overlap'] },
    );
  });
});

describe('the fixes of stopped traffic, on the example with two firewalls', function () {
  this.timeout(60_000);
  const example = readFileSync(join(process.cwd(), 'examples', 'hierarchy.topology.yaml'), 'utf8');
  const rules = example.split('\n').filter((line) => /^ {6}- \{ name: .*action: allow/.test(line));
  const STOPPED: ReadonlySet<string> = new Set([
    'firewall-blocked',
    'firewall-blocked-installation',
    'firewall-blocked-optional',
    'firewall-rpc-incomplete',
    'wsus-http-blocked',
    'client-push-blocked',
  ]);
  /** A rule lost, and each port of its list lost. */
  const spoilt = (line: string) => {
    const [, list = ''] = /tcp: \[([^\]]+)\]/.exec(line) ?? [];
    const ports = list === '' ? [] : list.split(', ');
    return [
      '',
      ...ports.map((port) =>
        line.replace(`[${list}]`, `[${ports.filter((other) => other !== port).join(', ')}]`),
      ),
    ];
  };

  for (const line of rules) {
    const name = /name: ([^,]+),/.exec(line)?.[1];
    it(`mend what goes with the rule '${name}', one after the other, and bring nothing else`, () => {
      for (const other of spoilt(line)) {
        let text = example.replace(`${line}\n`, other === '' ? '' : `${other}\n`);
        let findings = analyse(text).findings();
        assert.notEqual(findings.length, 0, other);
        while (findings.length > 0) {
          const [finding] = findings;
          const [fix] = finding?.fixes ?? [];
          assert.ok(finding && STOPPED.has(finding.code) && fix, showFindings(analyse(text)));
          text = applyEdits(text, fix.edits);
          const after = analyse(text).findings();
          assert.equal(after.length, findings.length - 1, `${fix.title} in:\n${text}`);
          findings = after;
        }
      }
    });
  }
});
