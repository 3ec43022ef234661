// What 'write all rules that this firewall lacks' promises, on hierarchies whose firewalls have lost their rules.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { showFindings } from '../../../../test/support/rules.ts';
import { analyse } from '../../analysis.ts';
import { applyEdits } from '../../edits/text-edit.ts';
import { lackingIn } from '../../write-rules.ts';

/** What must not be found behind it. */
const SILENT =
  /^firewall-(?:blocked|broad|unused|shadowed|rpc|internet)|^(?:wsus-http|client-push)-blocked|^tftp|^wake/;
const SETTINGS = { rules: {} };

/** The file with all rules of its firewalls taken out. */
function emptied(text: string): string {
  return text.replace(/^( {4}rules:)\n(?: {6}.*\n)+/gm, '$1\n');
}

/** Writes what every firewall lacks, one after the other. */
function written(text: string): string {
  const names = [...analyse(text).topology.firewalls.values()].map(({ name }) => name);
  return names.reduce((current, name) => {
    const lacks = lackingIn(analyse(current), SETTINGS);
    assert.ok(lacks, current);
    const edits = lacks.find(({ firewall }) => firewall.name === name)?.edits() ?? [];
    return applyEdits(current, edits);
  }, text);
}

/** What is said about firewalls. */
function about(text: string): string {
  const analysis = analyse(text);
  return showFindings(
    analysis,
    analysis.findings().filter(({ code }) => SILENT.test(code)),
  );
}

describe('all rules that a firewall lacks', () => {
  const files = ['examples', 'test/hierarchies'].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.topology.yaml') && name !== 'mistakes.topology.yaml')
      .map((name) => join(folder, name)),
  );
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    if (!text.includes('\nfirewalls:')) continue;
    it(`are enough and none too many in ${file}`, () => {
      const without = emptied(text);
      assert.notEqual(about(without), '', file);
      const mended = written(without);
      assert.equal(about(mended), '', mended);
      assert.equal(written(mended), mended);
    });
  }

  describe('are lines of their own, whatever the firewall is written in:', () => {
    const head = `configmgr: 2025-12
zones: { hq: { networks: [10.10.0.0/16] }, branch: { networks: [10.20.0.0/16] } }
sites: { PS1: { type: primary, database: { server: cm01 } } }
servers:
  cm01: { site: PS1, zone: hq, roles: { site-server: , sms-provider: , sql-server: , management-point: { protocol: https } } }
clients:
  desktops: { site: PS1, zone: branch }
  tills: { site: PS1, zone: branch, networks: [10.20.9.0/24] }
`;
    const needed =
      '- { action: allow, from: desktops, to: cm01, tcp: [443, 10123], description: "Operation: HTTPS, Client notification" }';
    const deny = '- { action: deny, from: any, to: any }';
    const ssh = '- { action: allow, from: hq, to: branch, tcp: 22, configmgr: false }';
    for (const [what, before, after] of [
      [
        'a list in brackets',
        `firewalls:
  wan:
    zones: [hq, branch]
    rules: [{ action: allow, from: hq, to: branch, tcp: 22, configmgr: false }, { action: deny, from: any, to: any }] # reviewed
`,
        `firewalls:
  wan:
    zones: [hq, branch]
    rules: # reviewed
      ${ssh}
      ${needed}
      ${deny}
`,
      ],
      [
        'a list in brackets over several lines, in which a rule would never decide any more',
        `firewalls:
  wan:
    zones: [hq, branch]
    rules: [
      { action: deny, from: desktops, to: cm01, tcp: 443 },
      { action: deny, from: any, to: any },
      ]
`,
        `firewalls:
  wan:
    zones: [hq, branch]
    rules:
      ${needed}
      ${deny}
`,
      ],
      [
        'a firewall in braces',
        'firewalls:\n  wan: { zones: [hq, branch], rules: [{ action: deny, from: any, to: any }] }\n',
        `firewalls:\n  wan:\n    zones: [hq, branch]\n    rules:\n      ${needed}\n      ${deny}\n`,
      ],
      [
        'a section in braces',
        'firewalls: { lan: { hosts: [cm01], rules: [{ action: allow, from: any, to: any, configmgr: false }] }, wan: { zones: [hq, branch] } } # all\n',
        `firewalls: # all
  lan: { hosts: [cm01], rules: [{ action: allow, from: any, to: any, configmgr: false }] }
  wan:
    zones: [hq, branch]
    rules:
      ${needed}
`,
      ],
    ] as const)
      it(what, () => {
        assert.equal(written(head + before), head + after);
        assert.equal(about(head + after), '');
      });

    it('but where a comment or an anchor would be lost, they go into the brackets', () => {
      for (const list of [
        '[{ action: deny, from: any, to: any }, # last\n      ]',
        '[&last { action: deny, from: any, to: any }]',
      ]) {
        const before = `${head}firewalls:\n  wan:\n    zones: [hq, branch]\n    rules: ${list}\n`;
        const mended = written(before);
        assert.equal(mended, before.replace('rules: [', `rules: [${needed.slice(2)}, `));
      }
    });
  });

  it('have none for a server in a network whose clients are let through to the same ports', () => {
    const text = `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.1.0.0/16] }
  branch: { networks: [10.2.0.0/16] }
sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01: { site: PS1, zone: hq, addresses: 10.1.0.1, roles: { site-server: , sms-provider: , sql-server: , management-point: , distribution-point: } }
  dpb: { site: PS1, zone: branch, addresses: 10.2.0.1, roles: { distribution-point: { pullFrom: [cm01] } } }
clients:
  pcs: { site: PS1, zone: branch, os: windows-11 }
firewalls:
  line:
    zones: [hq, branch]
    rules:
`;
    const mended = written(text);
    assert.equal(about(mended), '', mended);
    assert.match(mended, /from: pcs, to: cm01, tcp: \[80, 443, 10123\]/);
    assert.doesNotMatch(mended, /from: dpb, to: cm01, tcp: \[?80/);
  });

  it('are enough for all clients of a zone, though those of a group in it are elsewhere in others’ networks', () => {
    const text = `configmgr: 2025-12
zones:
  hq: { networks: [10.1.0.0/16] }
  branch: { networks: [10.2.0.0/16] }
  net: { internet: true }
sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01: { site: PS1, zone: hq, addresses: 10.1.0.1, roles: { site-server: , sms-provider: , sql-server: , management-point: } }
  dp01: { site: PS1, zone: net, addresses: 203.0.113.1, roles: { distribution-point: } }
clients:
  pcs: { site: PS1, zone: [hq, net] }
  laptops: { site: PS1, zone: [branch, net], networks: [10.1.7.0/24] }
  tills: { site: PS1, zone: branch }
firewalls:
  edge:
    zones: [hq, branch, net]
    rules:
`;
    const mended = written(text);
    assert.match(mended, /from: \[branch, hq\], to: dp01/);
    assert.equal(written(mended), mended);
  });

  describe('between two zones and the internet', () => {
    /** A site inside, and its clients. */
    const site = (
      clients: string,
      more = '',
      dp01 = 'distribution-point: { pxe: true }',
    ) => `configmgr: 2025-12
zones:
  hq: { networks: [10.1.0.0/16] }
  branch: { networks: [10.2.0.0/16] }
  net: { internet: true }
sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01: { site: PS1, zone: hq, addresses: 10.1.0.1, roles: { site-server: , sms-provider: , sql-server: , management-point: { protocol: https, clients: both } } }
  dp01: { site: PS1, zone: hq, addresses: 10.1.0.2, roles: { ${dp01} } }
clients:
${clients}${more}firewalls:
  edge:
    zones: [hq, branch, net]
    rules:
`;

    it('are not written again for the zone of a group that is let through, while nothing may be from another', () => {
      const policy = 'policies:\n  - { from: net, to: hq, tcp: 443 }\n';
      const mended = written(site('  pcs: { site: PS1, zone: [branch, net] }\n', policy));
      assert.match(mended, /from: branch, to: (?:cm01|\[cm01, dp01\]), /);
      assert.equal(written(mended), mended);
    });

    it('are one for two groups in the same zones, of which one needs more', () => {
      const mended = written(
        site(
          '  pcs: { site: PS1, zone: [branch, lab], features: [remote-control, remote-assistance] }\n  tills: { site: PS1, zone: [branch, lab], features: [remote-control] }\n',
        )
          .replace('  net: {', '  lab: { networks: [10.3.0.0/16] }\n  net: {')
          .replace('branch, net]', 'branch, lab, net]')
          .replace('site-server: ,', 'site-server: , console: ,'),
      );
      assert.equal(about(mended), '');
    });

    it('are none for the answers to a PXE request that a mistake brings', () => {
      const pcs = '  pcs: { site: PS1, zone: branch }\n';
      assert.match(written(site(pcs)), /from: dp01, to: pcs, udp: 1-65535/);
      const passive = 'site-server: { passive: true }, distribution-point: { pxe: true }';
      assert.doesNotMatch(written(site(pcs, '', passive)), /udp: (?:1-|.*49152)/);
    });
  });

  it('are described by what they open, not by what another rule opens for the same connection', () => {
    const text = `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones: { hq: { networks: [10.10.0.0/16] }, lab: { networks: [10.20.0.0/16] } }
sites: { PS1: { type: primary, database: { server: cm01 } } }
servers:
  cm01: { site: PS1, zone: hq, roles: { site-server: , sms-provider: , sql-server: , management-point: { protocol: https } } }
clients:
  bench: { site: PS1, zone: lab, installation: [manual] }
firewalls:
  wan: { zones: [hq, lab] }
`;
    const [lacks] = lackingIn(analyse(text), SETTINGS) ?? [];
    assert.deepEqual(
      lacks?.rules.filter((rule) => rule.includes('Installation')),
      [
        '{ action: allow, from: bench, to: cm01, tcp: 445, description: "Installation: Server Message Block (SMB)" }',
      ],
    );
  });

  it('let no server on the internet into a network of clients with servers inside', () => {
    const text = `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.1.0.0/16] }
  net: { internet: true }
sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01: { site: PS1, zone: hq, addresses: 10.1.0.1, roles: { site-server: , sms-provider: , sql-server: , management-point: } }
  dp01: { site: PS1, zone: net, addresses: 203.0.113.1, siteServerInitiates: true, roles: { distribution-point: { pxe: true } } }
clients:
  pcs: { site: PS1, zone: hq, os: windows-11 }
firewalls:
  edge:
    zones: [hq, net]
    rules:
`;
    const mended = written(text);
    assert.match(mended, /from: pcs, to: dp01/);
    assert.doesNotMatch(mended, /to: pcs/);
  });
});
