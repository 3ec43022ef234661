import assert from 'node:assert/strict';
import fc from 'fast-check';
import { analyse } from '../analysis.ts';
import type { Topology } from '../topology/model.ts';
import { chainsOf } from './chains.ts';

/** The same by definition: the distance of every zone from the end, and each step that comes one nearer to it. */
function crossingsByDistance(topology: Topology, from: string, to: string): readonly string[] {
  const firewalls = [...topology.firewalls.values()];
  const next = (zone: string) =>
    firewalls.map(({ zones, between }) => {
      const lists = [zones, ...between].map((list) => list.map(({ value }) => value));
      return [...new Set(lists.filter((list) => list.includes(zone)).flat())];
    });
  const left = new Map([[to, 0]]);
  for (const [zone, distance] of left)
    for (const other of next(zone).flat()) if (!left.has(other)) left.set(other, distance + 1);
  const found: string[] = [];
  let zones = [from];
  for (let steps = left.get(from) ?? 0; steps > 0; steps--) {
    const step = zones.flatMap((zone) =>
      next(zone).flatMap((behind, index) =>
        behind.filter((other) => left.get(other) === steps - 1).map((other) => ({ zone, other, index })),
      ),
    );
    zones = [...new Set(step.map(({ other }) => other))];
    step.sort((a, b) => a.index - b.index);
    found.push(...step.map(({ zone, other, index }) => `${firewalls[index]?.name} ${zone} ${other}`));
  }
  return found;
}

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const zone = fc.constantFrom(...NAMES);
const firewall = fc.record({
  zones: fc.uniqueArray(zone, { maxLength: 4 }),
  between: fc.array(fc.tuple(zone, zone), { maxLength: 3 }),
});

describe('the firewalls between two zones', () => {
  it('are those on the shortest chains, in the order in which traffic meets them', () => {
    fc.assert(
      fc.property(fc.array(firewall, { maxLength: 6 }), (firewalls) => {
        const text = `configmgr: 2403
zones: { ${NAMES.map((name) => `${name}: `).join(', ')} }
firewalls:
${firewalls
  .map(({ zones, between }, index) => {
    const pairs = between.map((pair) => `[${pair.join(', ')}]`).join(', ');
    return `  w${index}: { zones: [${zones.join(', ')}], between: [${pairs}] }`;
  })
  .join('\n')}
`;
        const { topology } = analyse(text);
        const chains = chainsOf(topology);
        for (const from of NAMES)
          for (const to of NAMES) {
            const found = chains
              .crossings(from, to)
              .map((one) => `${one.firewall.name} ${one.from} ${one.to}`);
            assert.deepEqual(found, from === to ? [] : crossingsByDistance(topology, from, to));
          }
      }),
      { numRuns: 300 },
    );
  }).timeout(60_000);

  it('are in that order, too, where a head office has more firewalls than the zones on the way', () => {
    const shops = ['one', 'two', 'three', 'four'];
    const { topology } = analyse(`configmgr: 2403
zones: { hq: , ${shops.map((name) => `${name}: `).join(', ')}, left: , right: , far: }
firewalls:
${shops.map((name) => `  to-${name}: { zones: [hq, ${name}] }`).join('\n')}
  first: { zones: [hq, right] }
  second: { zones: [hq, left] }
  last: { zones: [left, right, far] }
`);
    const found = chainsOf(topology)
      .crossings('hq', 'far')
      .map((one) => `${one.firewall.name} ${one.from} ${one.to}`);
    assert.deepEqual(found, ['first hq right', 'second hq left', 'last right far', 'last left far']);
    assert.deepEqual(found, crossingsByDistance(topology, 'hq', 'far'));
  });
});
