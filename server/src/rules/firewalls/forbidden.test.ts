// What no fix opens to the internet, also of servers that serve somebody there.
import assert from 'node:assert/strict';
import { analyse } from '../../analysis.ts';
import { lackingIn } from '../../write-rules.ts';

const NO_SETTINGS = { rules: {} };

interface Parts {
  readonly cm01?: string;
  readonly servers?: string;
  readonly clients?: string;
  readonly rules?: string;
}

/** A primary site whose management point inside serves clients on the internet, too, behind one firewall. */
function hierarchy({ cm01 = '{ site: PS1, zone: net, addresses: 203.0.113.1', ...more }: Parts): string {
  return `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 50000-50255 }
zones:
  hq: { networks: [10.1.0.0/16] }
  net: { internet: true }
sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01: ${cm01}, roles: { site-server: , sms-provider: , sql-server: } }
  mp01: { site: PS1, zone: hq, addresses: 10.1.0.1, roles: { management-point: { protocol: https, clients: both } } }
${more.servers ?? ''}${more.clients === undefined ? '' : `clients:\n${more.clients}`}firewalls:
  edge:
    zones: [hq, net]
    rules:
${more.rules ?? ''}`;
}

/** What the first fixes of the findings with a code write, in the order of the findings. */
function firstFixes(text: string, code: RegExp): readonly string[] {
  return analyse(text)
    .findings()
    .filter((finding) => code.test(finding.code))
    .map(({ fixes }) => (fixes?.[0]?.edits ?? []).map(({ newText }) => newText.trim()).join(' '));
}

const lacking = (text: string) => lackingIn(analyse(text), NO_SETTINGS)?.[0];

describe('what fixes open to the internet', () => {
  it('is never RPC, SMB or SQL Server, also where the server serves clients there', () => {
    const text = hierarchy({});
    const lack = lacking(text);
    assert.deepEqual(
      lack?.rules.filter((rule) => rule.includes('to: mp01')),
      [],
    );
    assert.deepEqual(lack?.refused, [
      'cm01 to mp01 on TCP 135, 445, 50000-50255 at firewall edge: never opened by this command',
      'cm01 to mp01 on UDP 135 at firewall edge: never opened by this command',
    ]);
    for (const fix of firstFixes(text, /^firewall-blocked/)) assert.doesNotMatch(fix, /to: mp01/);
  });

  it('is the rest of what such a server needs, beside what is withheld', () => {
    const text = hierarchy({
      servers:
        '  sup01: { site: PS1, zone: hq, addresses: 10.1.0.2, roles: { software-update-point: { ssl: true, clients: both } } }\n',
    });
    assert.match(lacking(text)?.rules.join('\n') ?? '', /from: cm01, to: sup01, tcp: 8530-8531,/);
    assert.match(lacking(text)?.refused.join('\n') ?? '', /cm01 to sup01 on TCP 135, 445, 50000-50255 /);
  });

  it('is not the default port of SQL Server either, over which an instance is asked whose port nobody wrote', () => {
    const text = hierarchy({
      servers:
        '  s01: { zone: hq, addresses: 10.1.0.5, site: S01, roles: { site-server: , sql-server: { instances: { CM: } }, software-update-point: { ssl: true, clients: both } } }\n',
    }).replace(
      'servers:\n',
      '  S01: { type: secondary, parent: PS1, database: { server: s01 } }\nservers:\n',
    );
    const { rules = [], refused = [] } = lacking(text) ?? {};
    assert.doesNotMatch(rules.join('\n'), /from: cm01, to: s01, .*\b(?:1433|4022)\b/);
    assert.match(refused.join('\n'), /^cm01 to s01 on TCP 445, 1433, 4022 /m);
  });

  it('is not added to a rule for others that also lets a machine on the internet in', () => {
    const text = hierarchy({
      cm01: '{ site: PS1, zone: lab, addresses: 10.2.0.1',
      servers:
        '  dp01: { site: PS1, zone: net, addresses: 203.0.113.9, roles: { distribution-point: { protocol: https } } }\n',
      rules: '      - { action: allow, from: [cm01, dp01], to: mp01, tcp: [135, 445] }\n',
    })
      .replace('  net: {', '  lab: { networks: [10.2.0.0/16] }\n  net: {')
      .replace('[hq, net]', '[hq, lab, net]');
    assert.deepEqual(firstFixes(text, /^firewall-rpc-incomplete/), [
      '- { action: allow, from: cm01, to: mp01, tcp: 50000-50255 }',
    ]);
    const safe = text.replace('[cm01, dp01], to: mp01', 'cm01, to: mp01');
    assert.deepEqual(firstFixes(safe, /^firewall-rpc-incomplete/), [', 50000-50255']);
  });

  it('is no way to a zone with a server that serves nobody on the internet, though nobody knows its address', () => {
    const text = hierarchy({
      servers: '  files01: { zone: hq, roles: { file-server: } }\n',
      clients:
        '  pcs: { site: PS1, zone: [hq, net], networks: [10.1.9.0/24], installation: [client-push], os: windows-11 }\n',
    });
    const { rules = [], refused = [] } = lacking(text) ?? {};
    assert.doesNotMatch(rules.join('\n'), /from: cm01, to: hq/);
    assert.match(refused.join('\n'), /^cm01 to hq on TCP 135, 445, /m);
  });

  it('is no answer of a TFTP server there to a network in which a server is', () => {
    const text = hierarchy({
      cm01: '{ site: PS1, zone: hq, addresses: 10.1.0.3',
      servers:
        '  dp01: { site: PS1, zone: net, addresses: 203.0.113.9, siteServerInitiates: true, roles: { distribution-point: { pxe: true } } }\n',
      clients: '  pcs: { site: PS1, zone: hq, os: windows-11 }\n',
      rules: '      - { action: allow, from: pcs, to: dp01, udp: 69 }\n',
    });
    assert.deepEqual(firstFixes(text, /^tftp/), ['']);
  });
});
