import assert from 'node:assert/strict';
import fc from 'fast-check';
import { analyse } from '../../analysis.ts';
import { coversEnds } from '../../reach/cover.ts';
import { covers, intersection, isEmpty, NO_PORTS, type PortSet, union } from '../../reach/ports.ts';
import { PROTOCOLS, type Protocol, rulePorts } from '../../reach/rule-ports.ts';
import type { FirewallRule } from '../../topology/model.ts';
import { shadowedRules } from './shadowed-firewall-rules.ts';

const ends = fc.array(
  fc.constantFrom(
    'any',
    'hq',
    'far',
    'cm',
    'bare',
    'pcs',
    '10.1.0.1',
    '10.1.0.0/24',
    '10.2.0.0/16',
    '10.0.0.0/8',
  ),
  { minLength: 1, maxLength: 2 },
);
const ports = fc.option(
  fc.array(
    fc.tuple(fc.integer({ min: 1, max: 9 }), fc.nat({ max: 3 })).map(([low, more]) => `${low}-${low + more}`),
    { minLength: 1, maxLength: 3 },
  ),
  { nil: undefined },
);
const rule = fc
  .record({ action: fc.constantFrom('allow', 'deny'), from: ends, to: ends, tcp: ports, udp: ports })
  .map(
    ({ action, from, to, tcp, udp }) =>
      `{ action: ${action}, from: [${from.join()}], to: [${to.join()}]${tcp ? `, tcp: [${tcp.join()}]` : ''}${udp ? `, udp: [${udp.join()}]` : ''} }`,
  );

const file = (rules: readonly string[]) => `configmgr: 2025-12
zones:
  hq: { networks: [10.1.0.0/16] }
  far: { networks: [10.2.0.0/16] }
sites:
  PS1: { type: primary }
servers:
  cm: { zone: hq, addresses: [10.1.0.1] }
  bare: { zone: far }
clients:
  pcs: { site: PS1, zone: far, networks: [10.2.3.0/24] }
firewalls:
  wall:
    zones: [hq, far]
    rules:
${rules.map((text) => `      - ${text}\n`).join('')}`;

describe('rules that never decide', () => {
  it('are those that comparing each rule with every one above it gives', () => {
    fc.assert(
      fc.property(fc.array(rule, { minLength: 1, maxLength: 14 }), (rules) => {
        const { topology, reach } = analyse(file(rules));
        const firewall = topology.firewalls.get('wall');
        assert.ok(firewall);
        const found = shadowedRules(firewall, { topology, reach });
        const portsOf = (each: FirewallRule) => {
          const all = new Map(PROTOCOLS.map((protocol) => [protocol, rulePorts(each, protocol, topology)]));
          return (protocol: Protocol) => all.get(protocol) ?? NO_PORTS;
        };
        for (const [position, own] of firewall.rules.entries()) {
          const above: readonly FirewallRule[] = firewall.rules
            .slice(0, position)
            .filter(
              (other) => coversEnds(other.from, own.from, topology) && coversEnds(other.to, own.to, topology),
            );
          const together = (list: readonly FirewallRule[]): boolean =>
            PROTOCOLS.every((protocol) =>
              covers(
                list.reduce<PortSet>((set, other) => union(set, portsOf(other)(protocol)), NO_PORTS),
                portsOf(own)(protocol),
              ),
            );
          const named = found.get(own);
          assert.equal(named !== undefined, together(above), `rule ${position + 1} of\n${rules.join('\n')}`);
          if (!named) continue;
          assert.ok(together(named), 'the rules that are named are enough');
          for (const other of named) {
            assert.ok(above.includes(other));
            assert.ok(
              PROTOCOLS.some(
                (protocol) => !isEmpty(intersection(portsOf(other)(protocol), portsOf(own)(protocol))),
              ),
            );
          }
        }
      }),
      { numRuns: 400 },
    );
  });

  it('is not one for a server whose address a machine elsewhere has, too', () => {
    const shadowed = (address: string) =>
      analyse(`configmgr: 2403
zones: { a: { networks: [10.1.0.0/16] }, b: , c: }
servers:
  cm: { zone: a, addresses: 10.1.0.10 }
  x: { zone: b, addresses: 10.9.0.1 }
  y: { zone: c, addresses: ${address} }
firewalls:
  fw:
    zones: [a, b, c]
    rules:
      - { action: allow, from: cm, to: b, tcp: 445 }
      - { action: allow, from: cm, to: x, tcp: 445 }
`)
        .findings()
        .filter(({ code }) => code === 'firewall-shadowed-rule').length;
    assert.equal(shadowed('10.9.0.2'), 1);
    assert.equal(shadowed('10.9.0.1'), 0);
  });
});
