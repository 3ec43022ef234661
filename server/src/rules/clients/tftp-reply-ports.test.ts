import assert from 'node:assert/strict';
import { applyFix, expectFindings, showFindings } from '../../../../test/support/rules.ts';
import { analyse } from '../../analysis.ts';

/** Two buildings whose clients boot from two distribution points behind a firewall. */
const campus = (rules: string, os = 'windows-server-2022', more = '') => `configmgr: 2025-12
defaults: { os: ${os}, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.10.0.0/16] }
  east: { networks: [10.20.0.0/16] }
  west: { networks: [10.30.0.0/16] }
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
  dp01: { site: PS1, zone: hq, addresses: [10.10.0.11], roles: { distribution-point: { protocol: https, pxe: true } } }
  dp02: { site: PS1, zone: hq, addresses: [10.10.0.12], roles: { distribution-point: { protocol: https, pxe: responder } } }
clients:
  e-rooms: { site: PS1, zone: east }
  w-rooms: { site: PS1, zone: west }
firewalls:
  campus:
    zones: [hq, east, west]
${more}    rules:
      - { action: allow, from: [e-rooms, w-rooms], to: cm01, tcp: [443, 10123] }
      - { action: allow, from: [e-rooms, w-rooms], to: [dp01, dp02], tcp: 443, udp: [67-69, 4011] }
${rules}`;
const only = { only: ['tftp-reply-ports'] };
const FURTHER = '      - { action: allow, from: [e-rooms, w-rooms], to: [dp01, dp02], udp: 49152-65535 }\n';
const ANSWERS = '      - { action: allow, from: [dp01, dp02], to: [e-rooms, w-rooms], udp: any }\n';
const missing = (text: string) =>
  analyse(text)
    .findings()
    .filter(({ code }) => code === 'tftp-reply-ports')
    .map(({ message }) => message.replace(/^.*?dp02 through,? /, '').replace(/: let .*$/, ''));

describe('tftp-reply-ports', () => {
  it('says which half is missing, once for all that one rule lets in', () => {
    assert.equal(missing(campus('')).length, 1);
    assert.match(
      missing(campus(''))[0] ?? '',
      /^but neither the answers \(back to any UDP port\) nor what Windows PE then sends \(to UDP 49152-65535\)/,
    );
    assert.match(missing(campus(FURTHER))[0] ?? '', /^but not the answers/);
    assert.match(
      missing(campus(ANSWERS))[0] ?? '',
      /^and the answers back, but not what Windows PE then sends to UDP 49152-65535/,
    );
    assert.deepEqual(missing(campus(ANSWERS + FURTHER)), []);
  });

  it('is not content with answers to the dynamic ports of Windows: the network card chooses', () => {
    const some = ANSWERS.replace('any', '49152-65535');
    assert.match(missing(campus(some + FURTHER))[0] ?? '', /not the answers/);
  });

  it('keeps machines with another half missing apart', () => {
    const text = campus(FURTHER + ANSWERS.replace('[e-rooms, w-rooms]', 'e-rooms'));
    expectFindings(
      text.replace(
        '      - { action: allow, from: [e-rooms, w-rooms], to: [dp01, dp02], tcp: 443',
        '      # want tftp-reply-ports "from w-rooms to dp01 and dp02 through, but not the answers"\n      - { action: allow, from: [e-rooms, w-rooms], to: [dp01, dp02], tcp: 443',
      ),
      only,
    );
  });

  it('asks for the range of the older systems of Windows where the server has one', () => {
    const text = campus('', 'windows-server-2003').replace('49152-65535', '1024-5000');
    const { findings } = analyse(text);
    assert.match(showFindings(analyse(text), findings()), /Windows PE then sends \(to UDP 1024-5000\)/);
  });

  it('adds one rule for each direction, with lists, and nothing is left to say', () => {
    const mended = applyFix(campus(''), 'tftp-reply-ports');
    assert.match(mended, /from: \[e-rooms, w-rooms\], to: \[dp01, dp02\], udp: 49152-65535 \}/);
    assert.match(mended, /from: \[dp01, dp02\], to: \[e-rooms, w-rooms\], udp: 1-65535 \}/);
    expectFindings(mended, { only: ['tftp-reply-ports', 'firewall-broad-rule', 'firewall-unused-rule'] });
  });

  it('is silent at a firewall whose rules are still to be written, and where the request is stopped', () => {
    expectFindings(campus('', undefined, '    planned: true\n'), only);
    expectFindings(campus('').replace(', udp: [67-69, 4011]', ''), only);
  });
});
