import assert from 'node:assert/strict';
import { applyFix, expectFindings, showFindings } from '../../../../test/support/rules.ts';
import { analyse } from '../../analysis.ts';
import { applyEdits } from '../../edits/text-edit.ts';
import { fixAll } from '../../fix-all.ts';
import type { Settings } from '../rule.ts';

/** A primary site, a secondary site and a perimeter with a forest of its own. */
const hierarchy = ({ primary = '', secondary = '', servers = '', clients = '', edition = '2017-09' } = {}) =>
  `configmgr: ${edition}
defaults: { os: windows-server-2016, rpcDynamicPorts: 49152-65535 }
zones:
  hq: {}
  perimeter: {}
  internet: { internet: true }
sites:
  PS1:
    type: primary
    database: { server: cm01 }
${primary}  S01:
    type: secondary
    parent: PS1
    database: { server: sec01 }
${secondary}servers:
  cm01:
    site: PS1
    zone: hq
    fqdn: cm01.corp.contoso.com
    roles:
      site-server:
      sms-provider:
      sql-server:
      management-point:
  sec01:
    site: S01
    zone: hq
    roles:
      site-server:
      sql-server: { instances: { MSSQLSERVER: { edition: express } } }
      management-point:
      distribution-point:
  dc01:
    zone: hq
    roles: { domain-controller: { globalCatalog: true } }
  dc-perimeter:
    zone: perimeter
    forest: perimeter.contoso.com
    roles: { domain-controller: { globalCatalog: true } }
${servers}${clients === '' ? '' : `clients:\n${clients}`}`;

const CUSTOM = '    clientPorts: { http: 8080, https: 8443 }\n';

describe('client-port-duplicate', () => {
  it('reports each repetition once, at the later port', () => {
    expectFindings(
      hierarchy({
        primary: `    clientPorts:
      http: [8080, 8081]
      https:
        - 8081 # want client-port-duplicate "the HTTPS port 8081 is also the alternate HTTP port"
        - 8081 # want client-port-duplicate "the alternate HTTPS port 8081"
`,
      }),
    );
  });

  it('points at the port that somebody wrote rather than at a default', () => {
    expectFindings(
      hierarchy({
        primary:
          '    clientPorts: { http: 443 } # want client-port-duplicate "is also the HTTPS port (by default)"\n',
      }),
    );
  });

  it('does not guess a port that could not be read', () => {
    expectFindings(
      hierarchy({ primary: '    clientPorts: { http: 80443, https: 80 } # want invalid-port\n' }),
    );
  });
});

describe('secondary-client-ports', () => {
  it('is mended by fix-all where the ports are the primary’s, and not where they differ or bear a comment', () => {
    const same = hierarchy({ primary: CUSTOM, secondary: CUSTOM });
    assert.equal(fixAll(same), hierarchy({ primary: CUSTOM }));
    const noted = hierarchy({ primary: CUSTOM, secondary: CUSTOM.replace('\n', ' # kept\n') });
    assert.equal(fixAll(noted), noted);
    const other = hierarchy({ primary: CUSTOM, secondary: '    clientPorts: { http: 8081, https: 8443 }\n' });
    assert.equal(fixAll(other), other);
    assert.equal(applyFix(other, 'secondary-client-ports'), hierarchy({ primary: CUSTOM }));
  });

  it('compares with the defaults of a primary that sets nothing', () => {
    const text = hierarchy({ secondary: '    clientPorts: { http: 80 }\n' });
    assert.match(showFindings(analyse(text)), /^\d+: secondary-client-ports .*which says the same$/);
    assert.equal(fixAll(text), hierarchy());
  });

  it('does not call ports equal to those of a primary that could not be read', () => {
    const text = hierarchy({
      primary: '    clientPorts: { http: x }\n',
      secondary: '    clientPorts: { http: 80 }\n',
    });
    const finding = analyse(text)
      .findings()
      .find(({ code }) => code === 'secondary-client-ports');
    assert.equal(finding?.fixes?.[0]?.safe, false);
  });

  it('does not speak of a primary site that is not there', () => {
    for (const [parent, code] of [
      ['    parent: PS2\n', 'unknown-reference'],
      ['', 'missing-key'],
    ] as const) {
      const text = hierarchy({ secondary: CUSTOM }).replace('    parent: PS1\n', parent);
      const codes = analyse(text).findings();
      assert.deepEqual(
        [...new Set(codes.map((finding) => finding.code))],
        [code],
        showFindings(analyse(text)),
      );
    }
  });
});

describe('custom-website', () => {
  const WEBSITE = '    website: SMSWEB\n';
  const more = (website: string) => `  S02:
    type: secondary
    parent: PS1
    database: { server: sec02 }
${website}`;
  const sec02 = `  sec02:
    site: S02
    zone: hq
    roles:
      site-server:
      sql-server: { instances: { MSSQLSERVER: { edition: express } } }
      management-point:
      distribution-point:
`;

  it('is one finding at the primary where all its secondaries are of another mind', () => {
    const forgotten = hierarchy({ secondary: WEBSITE + more(WEBSITE), servers: sec02 });
    assert.match(showFindings(analyse(forgotten)), /^\d+: custom-website Secondary sites S01 and S02 use/);
    assert.equal(
      applyFix(forgotten, 'custom-website', 'at PS1'),
      hierarchy({ primary: WEBSITE, secondary: WEBSITE + more(WEBSITE), servers: sec02 }),
    );
    const alone = hierarchy({ primary: WEBSITE, secondary: more(''), servers: sec02 });
    assert.match(showFindings(analyse(alone)), /^\d+: custom-website Primary site PS1 uses/);
    assert.equal(
      applyFix(alone, 'custom-website', 'at S01 and S02'),
      hierarchy({ primary: WEBSITE, secondary: WEBSITE + more(WEBSITE), servers: sec02 }),
    );
  });

  it('is at the one secondary that differs, and does not offer to change all the others', () => {
    const text = hierarchy({ primary: WEBSITE, secondary: WEBSITE + more(''), servers: sec02 });
    const [finding, ...others] = analyse(text).findings();
    assert.equal(others.length, 0);
    assert.match(finding?.message ?? '', /^Secondary site S02 lacks/);
    assert.deepEqual(
      finding?.fixes?.map(({ title }) => title),
      ['Set website: SMSWEB at S02'],
    );
  });

  it('leaves a website that is no such word to the rule about words', () => {
    expectFindings(hierarchy({ primary: WEBSITE, secondary: '    website: SMSWBE # want invalid-value\n' }));
  });
});

describe('client-ports-unmanaged', () => {
  it('knows every reason for which Active Directory does not tell the ports', () => {
    expectFindings(
      hierarchy({
        primary: CUSTOM,
        clients: `  workgroup: { site: PS1, workgroup: true } # want client-ports-unmanaged "are in a workgroup"
  # want client-ports-unmanaged "set CCMHTTPPORT: 8080 in ccmsetup"
  roaming: { site: PS1, internetOnly: true, ccmsetup: { CCMHTTPSPORT: 8443 } }
  foreign: { site: PS1, zone: perimeter } # want client-ports-unmanaged "are in the forest perimeter.contoso.com"
  desktops: { site: PS1, zone: hq }
  macs: { site: PS1, workgroup: true, kind: mac }
`,
      }),
      { only: ['client-ports-unmanaged'] },
    );
  });

  it('goes by the forest in force: the group’s own, else that of defaults, and by what the site publishes to', () => {
    const only = { only: ['client-ports-unmanaged', 'site-server-initiates'] };
    const forests = (site: string, defaults: string, clients: string) =>
      hierarchy({ primary: `${CUSTOM}${site}`, clients })
        .replace('defaults: { ', `defaults: { ${defaults}`)
        .replace('fqdn: cm01.corp.contoso.com', 'forest: contoso.com');
    expectFindings(
      forests(
        '',
        '',
        `  a: { site: PS1, zone: hq, forest: fabrikam.com } # want client-ports-unmanaged "are in the forest fabrikam.com"
  b: { site: PS1, zone: perimeter, forest: Contoso.com }
  c: { site: PS1, zone: hq }
`,
      ),
      only,
    );
    const foreign = '  a: { site: PS1, zone: hq }\n';
    expectFindings(
      forests(
        '',
        'forest: fabrikam.com, ',
        foreign.replace('\n', ' # want client-ports-unmanaged "fabrikam.com"\n'),
      ),
      only,
    );
    expectFindings(forests('', 'forest: contoso.com, ', foreign), only);
    expectFindings(
      forests(
        '    publishToActiveDirectory: [contoso.com, fabrikam.com]\n',
        'forest: fabrikam.com, ',
        foreign,
      ),
      only,
    );
    // A forest that could not be read says nothing.
    expectFindings(forests('', 'forrest: fabrikam.com, ', foreign), only);
  });

  it('is one finding at the site where the site alone is the reason', () => {
    const text = hierarchy({
      primary: `${CUSTOM}    publishToActiveDirectory: false\n`,
      clients: '  a: { site: PS1 }\n  b: { site: PS1, ccmsetup: { CCMHTTPPORT: 8080 } }\n',
    });
    assert.equal(analyse(text).findings().length, 1, showFindings(analyse(text)));
    const after = applyFix(text, 'client-ports-unmanaged');
    assert.match(after, /a: \{ site: PS1, ccmsetup: \{ CCMHTTPPORT: 8080, CCMHTTPSPORT: 8443 \} \}/);
    assert.match(after, /b: \{ site: PS1, ccmsetup: \{ CCMHTTPPORT: 8080, CCMHTTPSPORT: 8443 \} \}/);
    assert.deepEqual(analyse(after).findings(), []);
  });

  it('is quiet where the documented ports are still among the site’s, or a wrong one is reported already', () => {
    expectFindings(
      hierarchy({
        primary: '    clientPorts: { http: [8080, 80], https: 443 }\n',
        clients: '  a: { site: PS1, workgroup: true }\n',
      }),
    );
    expectFindings(
      hierarchy({
        primary: '    clientPorts: { http: 8080 }\n',
        clients:
          '  a: { site: PS1, workgroup: true, ccmsetup: { CCMHTTPPORT: 8081 } } # want ccmsetup-port "set it to 8080"\n',
      }),
    );
  });

  it('says nothing about a site that is not there or ports that could not be read', () => {
    expectFindings(
      hierarchy({
        primary: '    clientPorts: { http: 80800 } # want invalid-port\n',
        clients:
          '  a: { site: XXX, workgroup: true } # want unknown-reference\n  b: { site: PS1, workgroup: true }\n',
      }),
    );
  });
});

describe('ccmsetup-port', () => {
  it('takes the ports of a secondary site from its primary, and sets the default one', () => {
    const text = hierarchy({
      primary: '    clientPorts: { http: [8080, 8081] }\n',
      clients:
        '  a: { site: PS1, ccmsetup: { CCMHTTPPORT: 8081 } }\n  b: { site: PS1, ccmsetup: { CCMHTTPPORT: 80, CCMHTTPSPORT: 443 } }\n',
    });
    assert.equal(fixAll(text), text.replace('CCMHTTPPORT: 80,', 'CCMHTTPPORT: 8080,'));
  });
});

describe('internet-https-port', () => {
  const servers =
    '  out01: { site: PS1, zone: perimeter, roles: { management-point: { protocol: https, clients: internet } } }\n';

  it('speaks of groups in the zone marked internet too, and takes CCMSetup along', () => {
    const text = hierarchy({
      primary: CUSTOM,
      servers,
      clients:
        '  a: { site: PS1, zone: internet, ccmsetup: { CCMHTTPPORT: 8080, CCMHTTPSPORT: 8443 } }\n  b: { site: PS1, internetOnly: true, ccmsetup: { CCMHTTPPORT: 8080, CCMHTTPSPORT: 8443 } }\n',
    });
    assert.match(showFindings(analyse(text)), /^\d+: internet-https-port .* a and b come from the internet/);
    const after = applyFix(text, 'internet-https-port');
    assert.equal(after, text.replaceAll('8443', '443'));
    assert.deepEqual(analyse(after).findings(), []);
  });

  it('offers 443 only where nothing else on the servers of the site has it', () => {
    const fixes = (role: string, site = CUSTOM) =>
      analyse(
        hierarchy({
          primary: site,
          servers: servers.replace('roles: { ', `roles: { ${role}`),
          clients: '  a: { site: PS1, internetOnly: true }\n',
        }),
      )
        .findings()
        .filter(({ code }) => code === 'internet-https-port')
        .flatMap(({ fixes = [] }) => fixes.map(({ title }) => title));
    const offered = ['Set the HTTPS port to 443'];
    assert.deepEqual(fixes('sql-server: { instances: { CM: { port: 442 } } }, '), offered);
    assert.deepEqual(fixes('sql-server: { instances: { CM: { port: 443 } } }, '), []);
    assert.deepEqual(fixes('enrollment-point: { httpsPort: 443 }, '), offered);
    assert.deepEqual(fixes('', CUSTOM.replace('https: 8443', 'https: 8443, notification: 443')), []);
    // WSUS on both ports of the site is on its website, and would be left alone on one of them.
    assert.deepEqual(
      fixes(
        'software-update-point: { httpPort: 8442, httpsPort: 8443 }, distribution-point: , ',
        CUSTOM.replace('8080', '8442'),
      ),
      [],
    );
  });

  it('accepts 443 as the alternate port', () => {
    expectFindings(
      hierarchy({
        primary: '    clientPorts: { https: [8443, 443] }\n',
        servers,
        clients: '  a: { site: PS1, internetOnly: true }\n',
      }),
    );
  });
});

describe('fallback-status-http', () => {
  const fsp = (options: string) =>
    `  fsp01:\n    site: PS1\n    zone: hq\n    roles:\n      fallback-status-point: ${options}\n`;

  it('speaks in place of the rules about keys and words, once', () => {
    expectFindings(
      hierarchy({
        servers: fsp(
          '{ protocol: https, httpsPort: 443 } # want fallback-status-http "remove protocol and httpsPort"',
        ),
      }),
    );
    expectFindings(
      hierarchy({
        primary: '    clientPorts: { http: [] } # want fallback-status-http "Site PS1 has no HTTP port"\n',
        servers: fsp(''),
      }),
    );
  });

  it('leaves other wrong keys to the rule about keys', () => {
    expectFindings(hierarchy({ servers: fsp('{ protocol: http } # want unknown-key') }));
    expectFindings(hierarchy({ primary: '    clientPorts: { http: [] } # want invalid-value\n' }));
  });

  it('is mended by taking the option away', () => {
    const after = applyFix(hierarchy({ servers: fsp('{ protocol: https }') }), 'fallback-status-http');
    assert.deepEqual(analyse(after).findings(), []);
  });
});

describe('client-firewall-exception', () => {
  const group = (text: string) => `  a:\n    site: PS1\n${text}`;

  it('asks for the ports that the site has, and for the documented ones where it has no say', () => {
    expectFindings(
      hierarchy({
        primary: `    clientPorts: { http: 8080, notification: 10124 }
    wakeUpProxy: { port: 25537 }
`,
        clients: group(`    features: [client-requests, client-notification, wake-up-proxy]
    windowsFirewall:
      # want client-firewall-exception "outbound tcp/10124 (for client-notification)"
      outbound: [tcp/8080, tcp/443, tcp/10123, udp/25537, udp/9]
`),
      }),
    );
  });

  it('adds to both lists in every style', () => {
    for (const [before, after] of [
      ['{}', '{ inbound: [file-and-printer-sharing, wmi], outbound: [file-and-printer-sharing] }'],
      [
        '{ inbound: [wmi] }',
        '{ inbound: [wmi, file-and-printer-sharing], outbound: [file-and-printer-sharing] }',
      ],
      [
        '{ outbound: [] }',
        '{ outbound: [file-and-printer-sharing], inbound: [file-and-printer-sharing, wmi] }',
      ],
      [
        '\n      inbound:\n        - wmi # by policy\n      outbound: [file-and-printer-sharing]',
        '\n      inbound:\n        - wmi # by policy\n        - file-and-printer-sharing\n      outbound: [file-and-printer-sharing]',
      ],
    ] as const) {
      const text = (firewall: string) =>
        hierarchy({
          clients: group(
            `    os: windows-10\n    installation: [client-push]\n    windowsFirewall: ${firewall}\n`,
          ),
        });
      assert.equal(applyFix(text(before), 'client-firewall-exception'), text(after));
      assert.deepEqual(analyse(text(after)).findings(), []);
    }
  });

  it('is one finding for a feature that needs several exceptions', () => {
    expectFindings(
      hierarchy({
        clients: group(`    features: [remote-assistance]
    windowsFirewall: # want client-firewall-exception "inbound helpsvc.exe"
      outbound: []
`),
      }),
    );
  });

  it('says nothing for 2007, whose documents give no exceptions, and none about an exception it cannot read', () => {
    const clients = group('    features: [remote-control]\n    windowsFirewall: { inbound: [] }\n');
    expectFindings(hierarchy({ edition: '2007', clients }), { only: ['client-firewall-exception'] });
    expectFindings(
      hierarchy({
        clients: group(
          '    features: [remote-control]\n    windowsFirewall: { inbound: [tpc/2701] } # want invalid-value\n',
        ),
      }),
    );
  });
});

describe('multicast-range', () => {
  it('is set back by fix-all, and only where no other place shares the text', () => {
    const role = (range: string) =>
      `  dp01:\n    site: PS1\n    zone: hq\n    roles:\n      distribution-point: { multicast: true, multicastPorts: ${range} } # images\n`;
    assert.equal(
      fixAll(hierarchy({ servers: role('63000-64001') })),
      hierarchy({ servers: role('63000-64000') }),
    );
    const shared = hierarchy({ servers: role('&ports 63000-64001') });
    assert.equal(fixAll(shared), shared);
  });
});

describe('site-server-initiates', () => {
  const system = (lines: string, role = 'management-point') =>
    `  pub01:\n    site: PS1\n${lines}    roles:\n      ${role}:\n`;

  it('warns of the zone marked internet and of a forest that is not the site server’s', () => {
    expectFindings(
      hierarchy({ servers: system('    zone: internet\n') }).replace(
        '  pub01:',
        '  pub01: # want site-server-initiates "in zone internet"',
      ),
    );
    expectFindings(
      hierarchy({
        servers: system(
          '    zone: perimeter\n    forest: contoso.org\n    siteServerInitiates: false # want site-server-initiates "in the forest contoso.org"\n',
        ),
      }),
    );
  });

  it('takes the forest of defaults for a machine that names none', () => {
    const text = (forest: string) =>
      hierarchy({ servers: system('    zone: hq\n') })
        .replace('defaults: { ', `defaults: { forest: ${forest}, `)
        .replace('fqdn: cm01.corp.contoso.com', 'forest: contoso.com');
    const only = { only: ['site-server-initiates'] };
    expectFindings(
      text('fabrikam.com').replace(
        '  pub01:',
        '  pub01: # want site-server-initiates "in the forest fabrikam.com"',
      ),
      only,
    );
    expectFindings(text('contoso.com'), only);
    const withoutInternet = (forest: string) =>
      text(forest).replace('internet: { internet: true }', 'internet: {}');
    expectFindings(
      withoutInternet('fabrikam.com').replace(
        '  pub01:',
        '  pub01: # want site-server-initiates "in the forest fabrikam.com"',
      ),
      only,
    );
    expectFindings(withoutInternet('contoso.com'), only);
  });

  it('is quiet about the site server’s own forest, trusted ones, consoles and values it cannot read', () => {
    for (const [lines, role] of [
      ['    forest: corp.contoso.com\n', undefined],
      ['    forest: other.example\n    trusted: true\n', undefined],
      ['    forest: other.example\n', 'console'],
    ] as const)
      expectFindings(hierarchy({ servers: system(`    zone: hq\n${lines}`, role) }));
    expectFindings(
      hierarchy({
        servers: system(
          '    zone: hq\n    forest: other.example\n    siteServerInitiates: yes # want wrong-type\n',
        ),
      }),
    );
  });

  it('is mended by one line', () => {
    const text = hierarchy({ servers: system('    zone: internet\n') });
    assert.equal(
      applyFix(text, 'site-server-initiates'),
      hierarchy({ servers: system('    zone: internet\n    siteServerInitiates: true\n') }),
    );
  });
});

describe('the rules about boundary groups and clients on the internet', () => {
  const text = (servers: string, rest: string) => `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.0.0.0/16] }
  one: { networks: [10.1.0.0/16] }
  two: { networks: [10.2.0.0/16] }
  three: { networks: [10.3.0.0/16] }
  internet: { internet: true }
sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01: { site: PS1, zone: hq, roles: { site-server: , sms-provider: , sql-server: , management-point: } }
${servers}clients:
${rest}`;
  const points = ['one', 'two']
    .map((zone) => `  dp-${zone}: { site: PS1, zone: ${zone}, roles: { distribution-point: } }\n`)
    .join('');
  const CODES = [
    'client-boundary-group',
    'boundary-group-site-system',
    'internet-clients-unserved',
    'gateway-roles',
  ];
  const found = (file: string) =>
    analyse(file)
      .findings()
      .map(({ code }) => code)
      .filter((code) => CODES.includes(code));

  it('tell a group without a boundary group once, and each fix settles it', () => {
    const file = text(points, '  far: { site: PS1, zone: three }\n  near: { site: PS1, zone: one }\n');
    assert.deepEqual(found(file), ['client-boundary-group']);
    for (const title of ['Create boundary group three', 'Create a boundary group for each zone']) {
      const after = applyFix(file, 'client-boundary-group', title);
      assert.deepEqual(found(after), [], after);
      assert.ok(after.includes('three: { members: [three], servers: [dp-one] }\n'), after);
    }
  });

  it('offer all zones at the first few groups, so that a report of many does not repeat them for each', () => {
    const places = Array.from({ length: 60 }, (_, index) => `z${index}`);
    const file = text(
      points,
      places.map((name) => `  pcs-${name}: { site: PS1, zone: ${name} }\n`).join(''),
    ).replace('  internet:', `${places.map((name) => `  ${name}: {}\n`).join('')}  internet:`);
    const findings = analyse(file)
      .findings()
      .filter(({ code }) => code === 'client-boundary-group');
    assert.equal(findings.length, places.length);
    assert.ok(findings.every(({ fixes }) => (fixes?.length ?? 0) >= 1));
    assert.equal(findings.filter(({ fixes }) => fixes?.length === 2).length, 10);
    assert.ok(JSON.stringify(findings).length < 1000 * places.length);
  });

  /** Four zones without a distribution point or with one, and a state migration point in two of them. */
  const many = (rest: string) =>
    text(
      `${points}  dp-hq: { site: PS1, zone: hq, roles: { distribution-point: , state-migration-point: } }
  smp: { site: PS1, zone: two, roles: { state-migration-point: } }
`,
      `  pcs-one: { site: PS1, zone: one }
  pcs-three: { site: PS1, zone: three }
  nowhere: { site: PS1 }
${rest}`,
    ).replace('  internet:', "  '4': { networks: [10.4.0.0/16] }\n  internet:");
  const LAYOUTS = {
    'without a section': '',
    'with a section in lines': 'boundaryGroups:\n  two:\n    members: [two]\n    servers:\n      - dp-two\n',
    'with a section in braces': 'boundaryGroups: { two: { members: [two], servers: [dp-two] } }\n',
    'with an empty section': 'boundaryGroups:\n',
    'with empty braces': 'boundaryGroups: {}\n',
    'with a group that lacks a role, and one of the name of a zone': `boundaryGroups:
  ONE: { members: [pcs-two], servers: [dp-two] }
  three: { members: [pcs-three], servers: [dp-one] }
`,
    'with a group without servers': 'boundaryGroups: { x: { members: [three] } }\n',
  };
  for (const [layout, section] of Object.entries(LAYOUTS)) {
    it(`are settled for all groups by one fix in a file ${layout}`, () => {
      const file = many(`  pcs-two: { site: PS1, zone: two }
  pcs-four: { site: PS1, zone: '4' }
${section}`);
      const before = analyse(file).findings();
      assert.ok(before.filter(({ code }) => code === 'client-boundary-group').length > 1);
      for (const lines of [file, file.replaceAll('\n', '\r\n')]) {
        const all = applyFix(lines, 'client-boundary-group', 'Create a boundary group for each zone');
        assert.deepEqual(found(all), [], all);
        const news = analyse(all)
          .findings()
          .filter(({ code }) => !before.some((one) => one.code === code));
        assert.deepEqual(news, [], all);
        if (lines !== file) assert.doesNotMatch(all, /[^\r]\n/);
      }
    });

    it(`are settled one by one in a file ${layout}`, () => {
      let file = many(section);
      for (let left = found(file).length; left > 0; left = found(file).length) {
        const finding = analyse(file)
          .findings()
          .find(({ code }) => code === 'client-boundary-group');
        const [fix] = finding?.fixes ?? [];
        assert.ok(fix);
        assert.match(fix.title, /^(?:Create boundary group \S+ with|Add \S.* to boundary group) /);
        file = applyEdits(file, fix.edits);
        assert.ok(found(file).length < left, file);
      }
    });
  }

  it('are quiet about a group whose boundary group names the role, whatever no boundary group names', () => {
    const file = many('boundaryGroups:\n  three: { members: [three], servers: [dp-one, smp] }\n');
    const spans = analyse(file)
      .findings()
      .filter(({ code }) => code === 'client-boundary-group')
      .map(({ span }) => file.slice(span.start, span.end));
    assert.deepEqual(spans, ['nowhere']);
  });

  it('are quiet about groups with a distribution point in their zone, and about management points', () => {
    assert.deepEqual(found(text(points, '  pcs: { site: PS1, zone: one }\n')), []);
    const other = '  mp2: { site: PS1, zone: two, roles: { management-point: } }\n';
    assert.deepEqual(found(text(other, '  pcs: { site: PS1, zone: three }\n')), []);
  });

  it('on the internet that nothing serves are one finding, also where a firewall lets them in already', () => {
    const file = `${text('  mp2: { site: PS1, zone: two, roles: { management-point: { protocol: https } } }\n', '  laptops: { site: PS1, zone: internet }\n')}firewalls:
  edge: { zones: [two, internet], rules: [ { action: allow, from: laptops, to: mp2, tcp: [443, 10123] } ] }
`;
    const codes = (one: string, rules: Settings['rules'] = {}) =>
      analyse(one, { rules })
        .findings()
        .filter(({ code }) => /internet/.test(code))
        .map(({ code }) => code);
    assert.deepEqual(codes(file), ['firewall-internet-exposure']);
    assert.deepEqual(codes(file, { 'firewall-internet-exposure': 'off' }), ['internet-clients-unserved']);
    assert.deepEqual(codes(file.replace(/rules: \[.*\]/, 'rules: []')), ['internet-clients-unserved']);
    const [fix] =
      analyse(file)
        .findings()
        .find(({ code }) => code === 'firewall-internet-exposure')?.fixes ?? [];
    assert.ok(fix);
    assert.deepEqual(codes(applyEdits(file, fix.edits)), []);
  });

  it('want clients on the internet served, by a management point or the gateway', () => {
    const laptops = '  laptops: { site: PS1, zone: [hq, internet] }\n';
    assert.deepEqual(found(text('', laptops)), ['internet-clients-unserved']);
    const gateway =
      '  cp: { site: PS1, zone: hq, roles: { cloud-management-gateway-connection-point: , management-point: { cloudManagementGateway: true } } }\n';
    assert.deepEqual(found(text(gateway, laptops)), []);
    assert.deepEqual(found(text('', '  macs: { site: PS1, zone: internet, kind: mac }\n')), []);
  });
});
