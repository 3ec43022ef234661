import assert from 'node:assert/strict';
import fc from 'fast-check';
import { expectFindings, showFindings } from '../../../../test/support/rules.ts';
import { analyse } from '../../analysis.ts';
import { applyEdits } from '../../edits/text-edit.ts';
import { lackingIn } from '../../write-rules.ts';

const NO_SETTINGS = { rules: {} };

/** An office and a branch with a server in each, and a firewall between them that lets pass what is needed. */
const office = ({
  rules = '',
  policies = '',
  zones = '[hq, branch]',
  more = '',
  roles = '',
} = {}) => `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.10.0.0/16] }
  branch: { networks: [10.20.0.0/16] }
  outside: { internet: true }
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
      management-point: { protocol: https }
${roles}  app01: { zone: branch, addresses: [10.20.0.5] }
clients:
  desktops: { site: PS1, zone: branch, networks: [10.20.64.0/18] }
firewalls:
  edge:
    zones: ${zones}
    rules:
      - { action: allow, from: desktops, to: cm01, tcp: [443, 10123] }
${rules}${more}policies:
${policies}`;
const only = { only: ['policy-violation', 'policy-conflict'] };

describe('policy-violation', () => {
  it('names the packet: machines before whoever else is there, and the lowest port', () => {
    expectFindings(
      office({
        rules:
          "      - { name: Any, action: allow, from: branch, to: hq, tcp: 3300-3400 } # want policy-violation \"Rule 'Any' of firewall edge lets TCP 3389 from app01 (10.20.0.5) to cm01 (10.10.0.10) pass, which policy 'RDP' forbids\"\n",
        policies: '  - { name: RDP, from: branch, to: hq, tcp: 3389 }\n',
      }),
      only,
    );
    expectFindings(
      office({
        rules:
          '      - { action: allow, from: 10.20.1.0/24, to: 10.10.5.7, udp: 53 } # want policy-violation "lets UDP 53 from 10.20.1.1 in zone branch to 10.10.5.7 in zone hq pass, which policy 1 forbids"\n',
        policies: '  - { from: branch, to: hq, udp: any }\n',
      }),
      only,
    );
  });

  it('counts a packet only where it gets through: past rules above, and every other firewall', () => {
    const policies = '  - { from: branch, to: hq, tcp: 3389 }\n';
    const any = '{ action: allow, from: any, to: any }';
    expectFindings(
      office({
        rules: `      - { action: deny, from: branch, to: hq, tcp: 3389 }\n      - ${any}\n`,
        policies,
      }),
      only,
    );
    expectFindings(
      office({
        rules: `      - { action: deny, from: app01, to: hq, tcp: 3389 }\n      - ${any} # want policy-violation "10.20.64.1 of desktops"\n`,
        policies,
      }),
      only,
    );
    expectFindings(
      office({
        rules: `      - ${any}\n`,
        more: '  guard: { hosts: [cm01], rules: [{ action: deny, from: branch, to: any, tcp: 3389 }, { action: allow, from: any, to: any }] }\n',
        policies: '  - { from: branch, to: cm01, tcp: 3389 }\n',
      }),
      only,
    );
  });

  it('is told once for the rules on one way, at the one that opens the least', () => {
    expectFindings(
      office({
        rules: '      - { action: allow, from: any, to: any }\n',
        more: '  guard: { hosts: [cm01], rules: [{ action: allow, from: branch, to: cm01, tcp: [443, 3389, 10123] }] } # want policy-violation "of firewall guard"\n',
        policies: '  - { from: branch, to: cm01, tcp: 3389 }\n',
      }),
      only,
    );
  });

  it('is told once for one rule that breaks several policies', () => {
    expectFindings(
      office({
        rules:
          "      - { action: allow, from: app01, to: hq } # want policy-violation \"policy 'A' forbids, and traffic that policy 'B' and policy 3 forbids\"\n",
        policies:
          '  - { name: A, from: branch, to: hq, tcp: 3389 }\n  - { name: B, from: branch, to: hq, tcp: 22 }\n  - { from: app01, to: hq, icmp: true }\n',
      }),
      only,
    );
  });

  it('is one finding for more than ten rules that break one policy at a firewall', () => {
    const rules = (count: number) =>
      Array.from(
        { length: count },
        (_, index) => `      - { action: allow, from: 10.20.${index}.0/24, to: hq, tcp: 22 }\n`,
      ).join('');
    const found = (count: number) =>
      analyse(office({ rules: rules(count), policies: '  - { name: SSH, from: branch, to: hq, tcp: 22 }\n' }))
        .findings()
        .filter(({ code }) => code === 'policy-violation');
    assert.equal(found(10).length, 10);
    const [only, ...others] = found(40);
    assert.equal(others.length, 0);
    assert.match(
      only?.message ?? '',
      /^40 rules of firewall edge let traffic pass that policy 'SSH' forbids/,
    );
    assert.equal(only?.related?.length, 40);
  });

  it('knows exceptions, address groups and public addresses of the internet', () => {
    expectFindings(
      office({
        rules: '      - { action: allow, from: app01, to: cm01, tcp: 22 }\n',
        policies: '  - { from: branch, to: hq, tcp: 22, except: [{ from: admins, to: hq }] }\n',
        more: 'addressGroups:\n  admins: [10.20.0.0/24]\n',
      }),
      only,
    );
    expectFindings(
      office({
        zones: '[hq, branch, outside]',
        rules:
          '      - { action: allow, from: 198.51.100.7, to: cm01, tcp: 22 } # want policy-violation "198.51.100.7 in zone outside"\n',
        policies: '  - { from: outside, to: any, tcp: 22 }\n',
      }),
      only,
    );
    // An address of no zone is nobody's of the internet where it is a private one.
    expectFindings(
      office({
        zones: '[hq, branch, outside]',
        rules: '      - { action: allow, from: 10.99.0.7, to: cm01, tcp: 22 }\n',
        policies: '  - { from: outside, to: any, tcp: 22 }\n',
      }),
      only,
    );
  });

  it('says nothing where a word of the policy is not known, or the firewall could not be read', () => {
    const rules = '      - { action: allow, from: any, to: any }\n';
    expectFindings(office({ rules, policies: '  - { from: brunch, to: hq, tcp: 22 }\n' }), only);
    expectFindings(
      office({ rules, policies: '  - { from: branch, to: hq, except: [{ from: admin, to: hq }] }\n' }),
      only,
    );
    expectFindings(
      office({
        rules: `      - { action: denny, from: branch, to: hq }\n${rules}`,
        policies: '  - { from: branch, to: hq }\n',
      }),
      only,
    );
  });
});

describe('policy-conflict', () => {
  it('is at the client group, once for all machines that need the same', () => {
    expectFindings(
      office({
        policies: '  - { name: Web, from: branch, to: hq, tcp: [80, 443] }\n',
        more: '',
      }).replace(
        '  desktops:',
        '  # want policy-conflict "TCP 443 from desktops to cm01 is needed (HTTPS), but policy \'Web\' forbids it"\n  desktops:',
      ),
      { only: ['policy-conflict'] },
    );
  });

  it('is silent where one of a choice is left, and where it is optional', () => {
    const second = `  mp02: { site: PS1, zone: hq, addresses: [10.10.0.12], roles: { management-point: { protocol: https } } }\n`;
    const text = office({
      policies: '  - { from: branch, to: cm01, tcp: [443, 10123] }\n',
      rules: '      - { action: allow, from: desktops, to: mp02, tcp: [443, 10123] }\n',
    }).replace('clients:\n', `${second}clients:\n`);
    expectFindings(text, { only: ['policy-conflict', 'firewall-blocked', 'firewall-blocked-optional'] });
    const notification = office({ policies: '  - { from: branch, to: hq, tcp: 10123 }\n' });
    expectFindings(notification.replace('[443, 10123]', '443'));
  });

  it('is silent where a machine has an address that the policy leaves alone', () => {
    const text = office({ policies: '  - { from: branch, to: 10.10.0.10, tcp: 443 }\n' });
    expectFindings(text.replace('[10.10.0.10]', '[10.10.0.10, 10.10.0.11]'), { only: ['policy-conflict'] });
  });

  it('stands for what firewalls stop: no other finding, no fix', () => {
    const text = office({ policies: '  - { name: Web, from: branch, to: hq, tcp: [80, 443] }\n' });
    const closed = text.replace('tcp: [443, 10123]', 'tcp: 10123');
    const codes = analyse(closed)
      .findings()
      .map(({ code }) => code);
    assert.deepEqual(codes, ['policy-conflict'], showFindings(analyse(closed)));
    // Who turns it off is told of the firewall, and is offered no rule.
    const findings = analyse(closed, { rules: { 'policy-conflict': 'off' } }).findings();
    assert.deepEqual(
      findings.map(({ code, fixes }) => [code, fixes?.length ?? 0]),
      [['firewall-blocked', 0]],
    );
  });
});

describe('the rules that a firewall lacks, where a policy rules some out', () => {
  const closed = office({ policies: '  - { name: Web, from: branch, to: hq, tcp: 443 }\n' }).replace(
    /( {4}rules:)\n.*\n/,
    '$1 []\n',
  );

  it('are without what it is about, which is told', () => {
    const [lack] = lackingIn(analyse(closed), NO_SETTINGS) ?? [];
    assert.deepEqual(
      lack?.rules.map((rule) => /tcp: \S+/.exec(rule)?.[0]),
      ['tcp: 10123,'],
    );
    assert.deepEqual(lack?.refused, [
      "desktops to cm01 on TCP 443 at firewall edge: policy 'Web' forbids it",
    ]);
  });

  it('never let anything pass that a policy rules out, whatever it is and in whatever order fixes are taken', () => {
    const words = fc.constantFrom(
      'hq',
      'branch',
      'cm01',
      'desktops',
      'app01',
      'any',
      '10.20.0.0/16',
      '10.20.64.9',
      '10.10.0.10',
    );
    const ports = fc.constantFrom(
      '',
      ', tcp: 443',
      ', tcp: 400-500',
      ', tcp: [10123, 443]',
      ', tcp: 445, udp: any',
      ', icmp: true',
    );
    const policy = fc
      .tuple(words, words, ports, fc.option(fc.tuple(words, words), { freq: 2 }))
      .map(
        ([from, to, some, except]) =>
          `  - { from: ${from}, to: ${to}${some}${except ? `, except: [{ from: ${except[0]}, to: ${except[1]} }]` : ''} }\n`,
      );
    const roles = fc.subarray([
      'distribution-point: { pxe: true }',
      'software-update-point: { ssl: true }',
      'state-migration-point:',
    ]);
    let written = 0;
    fc.assert(
      fc.property(
        fc.array(policy, { minLength: 1, maxLength: 2 }),
        roles,
        fc.array(fc.nat(), { maxLength: 12 }),
        (policies, own, choices) => {
          let text = office({
            policies: policies.join(''),
            roles: own.map((role) => `      ${role}\n`).join(''),
          })
            .replace(/( {4}rules:)\n.*\n/, '$1 []\n')
            .replace(
              'networks: [10.20.64.0/18] }',
              'networks: [10.20.64.0/18], installation: [client-push], os: windows-11 }',
            );
          const violations = () =>
            analyse(text)
              .findings()
              .filter(({ code }) => code === 'policy-violation');
          for (const choice of choices) {
            const fixes = analyse(text)
              .findings()
              .filter(({ code }) => code !== 'policy-conflict')
              .flatMap(({ fixes = [] }) => fixes);
            const fix = fixes[choice % Math.max(1, fixes.length)];
            if (!fix) break;
            text = applyEdits(text, fix.edits);
            written++;
            assert.deepEqual(violations(), [], `${fix.title}\n${text}`);
          }
          for (const { edits } of (lackingIn(analyse(text), NO_SETTINGS) ?? []).slice(0, 1))
            text = applyEdits(text, edits());
          assert.deepEqual(violations(), [], text);
          assert.deepEqual(
            analyse(text)
              .findings()
              .filter(({ code }) => code.startsWith('firewall-blocked')),
            [],
            showFindings(analyse(text)) + text,
          );
        },
      ),
      { numRuns: 60, endOnFailure: true },
    );
    assert.ok(written > 40, `only ${written} fixes`);
  });
});
