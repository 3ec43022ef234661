// Packets first, firewalls second: what reachability says against what a model gives that sends every packet.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { endpointsOf } from '../../../test/support/endpoints.ts';
import {
  MACHINES,
  model,
  numbered,
  PORTS,
  type Rule,
  type World,
  world,
  written,
} from '../../../test/support/packets.ts';
import type { Verdict } from './judge.ts';
import { portSet } from './ports.ts';
import { reach } from './reach.ts';
import type { Protocol } from './rule-ports.ts';

// --- What they say of each other -----------------------------------------------------------------------

function asker(text: string, world: World) {
  const { topology, endpoints } = endpointsOf(text, world);
  const judge = reach(topology);
  return (
    from: string,
    to: string,
    protocol: Protocol,
    ports: readonly number[],
    zones?: readonly string[],
  ): Verdict => {
    const [source, target] = [endpoints.get(from), endpoints.get(to)];
    assert.ok(source && target);
    return judge.judge({
      from: source,
      to: target,
      protocol,
      ports: portSet(ports.map((port) => ({ low: port, high: port }))),
      ...(zones ? { zones } : {}),
    });
  };
}

const kindOf = (passes: boolean): Verdict['kind'] => (passes ? 'allowed' : 'blocked');

describe('reachability, packet by packet', function () {
  this.timeout(120_000);

  it('is what sending every packet through every firewall gives', () => {
    fc.assert(
      fc.property(world, (one) => {
        const text = written(one);
        const ask = asker(text, one);
        const { allows, allowsFrom } = model(one);
        for (const from of MACHINES)
          for (const to of MACHINES) {
            if (from === to && !from.startsWith('g')) continue;
            const place = `${from} > ${to}\n${text}`;
            for (const port of PORTS)
              assert.equal(
                ask(from, to, 'tcp', [port]).kind,
                kindOf(allows(from, to, 'tcp', port)),
                `${port} ${place}`,
              );
            assert.equal(ask(from, to, 'udp', [3]).kind, kindOf(allows(from, to, 'udp', 3)), `udp ${place}`);
            assert.equal(
              ask(from, to, 'icmp', []).kind,
              kindOf(allows(from, to, 'icmp', 0)),
              `icmp ${place}`,
            );
            const [group] = from.startsWith('g') ? (one.groups[numbered(from[1])]?.zones ?? []) : [];
            if (group !== undefined && !to.startsWith('g'))
              assert.equal(
                ask(from, to, 'tcp', [3], [`Z${group}`]).kind,
                kindOf(allowsFrom(group, from, to, 'tcp', 3)),
                `z${group} ${place}`,
              );
          }
      }),
      { numRuns: 500 },
    );
  });

  it('says which ports are stopped, and where: rules for them there let everything through', () => {
    fc.assert(
      fc.property(world, fc.constantFrom(...MACHINES), fc.constantFrom(...MACHINES), (one, from, to) => {
        if (from === to && !from.startsWith('g')) return;
        const text = written(one);
        const verdict = asker(text, one)(from, to, 'tcp', PORTS);
        const { allows } = model(one);
        const missing = PORTS.filter((port) => !allows(from, to, 'tcp', port));
        assert.equal(verdict.kind, kindOf(missing.length === 0), text);
        if (verdict.kind !== 'blocked') return;
        const said = PORTS.filter((port) =>
          verdict.blocks.some((block) => block.missing.some(({ low, high }) => low <= port && port <= high)),
        );
        assert.deepEqual(said, missing, `${from} > ${to}\n${text}`);
        const mended: World = {
          ...one,
          firewalls: one.firewalls.map((firewall, index) => {
            const block = verdict.blocks.find((each) => each.firewall.name === `f${index}`);
            const more: Rule[] = block
              ? [
                  {
                    action: 'allow',
                    from: [from],
                    to: [to],
                    tcp: block.missing.map(({ low, high }) => [low, high] as const),
                    udp: undefined,
                    icmp: false,
                    ports: [],
                  },
                ]
              : [];
            return { ...firewall, rules: [...more, ...firewall.rules] };
          }),
        };
        assert.equal(
          asker(written(mended), mended)(from, to, 'tcp', PORTS).kind,
          'allowed',
          `${from} > ${to}\n${text}`,
        );
        assert.ok(PORTS.every((port) => model(mended).allows(from, to, 'tcp', port)));
      }),
      { numRuns: 1500 },
    );
  });
});
