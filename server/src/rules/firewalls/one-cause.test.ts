// One finding for what one rule would mend, of the rules beside firewall-blocked that speak of what is stopped.
import assert from 'node:assert/strict';
import { applyFix, showFindings } from '../../../../test/support/rules.ts';
import { analyse } from '../../analysis.ts';

const COUNT = 23;
/** Numbers of two digits are in the order of their names. */
const FIRST = 11;
const names = (name: string) => Array.from({ length: COUNT }, (_, index) => `${name}${FIRST + index}`);

/** A firewall between an office and many branches, each with the clients of one group. */
const branches = ({
  group = '',
  rules = '',
  more = '',
  servers = '',
  between = '',
  networks = '',
} = {}) => `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.10.0.0/16] }
  data: { networks: [10.11.0.0/16] }
${names('b')
  .map((name, index) => {
    const other = between === '' ? '' : `  ${name}x: { networks: [10.101.${index + 1}.0/24] }\n`;
    return `  ${name}: { networks: [10.100.${index + 1}.0/24] }\n${other}`;
  })
  .join('')}sites:
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
      software-update-point: { ssl: true, upstream: none }
${servers}clients:
${names('pcs')
  .map(
    (name, index) =>
      `  ${name}: { site: PS1, zone: b${FIRST + index}, os: windows-11${networks.replaceAll('N', String(index + 1))}${group} }\n`,
  )
  .join('')}firewalls:
  line:
    zones: [hq, data, ${names('b').join(', ')}${between}]
    rules:
      - { action: allow, from: [${names('pcs').join(', ')}], to: cm01, tcp: [443, 10123, 8531] }
${rules}${more}`;

const of = (text: string, code: string) =>
  analyse(text)
    .findings()
    .filter((one) => one.code === code);
const all = names('pcs').join(', ');
const http = `      - { action: allow, from: [${all}], to: cm01, tcp: 8530 }\n`;

describe('one finding for what one rule mends', () => {
  it('client push to many groups: one rule, or another method for all', () => {
    const text = branches({ group: ', installation: [client-push]', rules: http });
    const found = of(text, 'client-push-blocked');
    assert.equal(found.length, 1, showFindings(analyse(text)));
    assert.match(found[0]?.message ?? '', /to the clients pcs11, pcs12, pcs13 and 20 more is blocked/);
    assert.equal(found[0]?.related?.length, COUNT);
    const mended = applyFix(text, 'client-push-blocked', 'Add a rule');
    assert.ok(mended.includes(`from: cm01, to: [${all}], tcp: [135, 445, 49152-65535], udp: 135`), mended);
    assert.equal(showFindings(analyse(mended)), '');
    const other = applyFix(text, 'client-push-blocked', 'group-policy');
    assert.equal(other.match(/installation: \[group-policy\]/g)?.length, COUNT);
  });

  it('client push: a group that lacks something else is another finding', () => {
    const text = branches({
      group: ', installation: [client-push]',
      rules: `${http}      - { action: allow, from: cm01, to: pcs17, tcp: 445 }\n`,
    });
    assert.equal(of(text, 'client-push-blocked').length, 2);
  });

  it('HTTP of WSUS: one finding for many rules that let only HTTPS through', () => {
    const rules = names('pcs')
      .map((name) => `      - { action: allow, from: ${name}, to: cm01, tcp: 8531 }\n`)
      .join('');
    const text = branches({ rules }).replace('10123, 8531]', '10123]');
    const found = of(text, 'wsus-http-blocked');
    assert.equal(found.length, 1, showFindings(analyse(text)));
    assert.match(
      found[0]?.message ?? '',
      /lets pcs11, pcs12, pcs13 and 20 more reach software-update-point on cm01/,
    );
    const mended = applyFix(text, 'wsus-http-blocked');
    assert.ok(mended.includes(`from: [${all}], to: cm01, tcp: 8530 }`), mended);
    assert.equal(showFindings(analyse(mended)), '');
  });

  it('wake-up proxy: one finding, and a rule for each group, which does not ping the others', () => {
    const text = branches({
      group: ', features: [wake-up-proxy]',
      networks: ', networks: [10.100.N.0/24, 10.101.N.0/24]',
      between: `, ${names('b')
        .map((name) => `${name}x`)
        .join(', ')}`,
      rules: http,
    });
    const found = of(text, 'wake-up-proxy-icmp');
    assert.equal(found.length, 1, showFindings(analyse(text)));
    const mended = applyFix(text, 'wake-up-proxy-icmp');
    assert.equal(mended.match(/from: pcs(\d+), to: pcs\1, icmp: true/g)?.length, COUNT);
    assert.equal(showFindings(analyse(mended)), '');
  });

  it('dynamic RPC: one finding for many rules that let only the endpoint mapper be reached', () => {
    const files = names('dp');
    const servers = files
      .map(
        (name, index) =>
          `  ${name}: { site: PS1, zone: data, addresses: [10.11.0.${index + 1}], roles: { distribution-point: { protocol: https } } }\n`,
      )
      .join('');
    const to = `[${files.join(', ')}]`;
    const rules = `${http}      - { action: allow, from: [${all}], to: ${to}, tcp: 443 }
      - { action: allow, from: ${to}, to: cm01, tcp: 443 }
${files.map((name) => `      - { action: allow, from: cm01, to: ${name}, tcp: [135, 445], udp: 135 }\n`).join('')}`;
    const text = branches({ servers, rules });
    const found = of(text, 'firewall-rpc-incomplete');
    assert.equal(found.length, 1, showFindings(analyse(text)));
    assert.match(found[0]?.message ?? '', /RPC from cm01 to dp11, cm01 to dp12, cm01 to dp13 and 20 more/);
    const mended = applyFix(text, 'firewall-rpc-incomplete');
    assert.ok(mended.includes(`from: cm01, to: ${to}, tcp: 49152-65535 }`), mended);
    assert.equal(showFindings(analyse(mended)), '');
  });

  it('dynamic RPC: a rule for anybody is not given the range, a rule of its own is', () => {
    const text = branches({
      servers:
        '  dp01: { site: PS1, zone: data, addresses: [10.11.0.1], roles: { distribution-point: { protocol: https } } }\n',
      rules: `${http}      - { action: allow, from: [${all}], to: dp01, tcp: 443 }
      - { action: allow, from: dp01, to: cm01, tcp: 443 }
      - { action: allow, from: any, to: dp01, tcp: [135, 445], udp: 135 }
`,
    });
    const mended = applyFix(text, 'firewall-rpc-incomplete');
    assert.match(mended, /from: cm01, to: dp01, tcp: 49152-65535 \}/);
    assert.match(mended, /from: any, to: dp01, tcp: \[135, 445\]/);
  });
});
