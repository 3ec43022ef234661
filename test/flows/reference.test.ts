import assert from 'node:assert/strict';
import fc from 'fast-check';
import { catalogOf } from '../../server/src/catalog/index.ts';
import type { Endpoint, Flow } from '../../server/src/flows/flow.ts';
import { flowsOf } from '../support/flows.ts';
import { listOf, type RawTopology, referenceFlows } from './reference.ts';
import { topologies } from './topologies.ts';

const RUNS = 2000;
/** All but that of Configuration Manager 2007, which is a product of its own. */
const EDITIONS = ['2017-03', '2017-09', '2018-09', '2019-11', '2020-06', '2025-12'] as const;

function end({ name, kind, zone }: Endpoint): string {
  return kind === 'listener' || kind === 'proxy' ? `${name}@${zone ?? '-'}` : name;
}

/** A flow as the reference tells it. */
function lineOf({ from, to, protocol, ports, connection, phase, service, optional, anyOf }: Flow): string {
  const what = `${end(from)} > ${end(to)} ${protocol} ${ports.join(',')} ${connection} ${phase}: ${service}`;
  return `${what}${optional ? ' optional' : ''}${anyOf === undefined ? '' : ` (${anyOf})`}`;
}

/** What the flows have and the reference has not, and the other way round. */
function differences(topology: RawTopology, flows: readonly Flow[]): readonly string[] {
  const told = new Map<string, string>();
  const twice: string[] = [];
  for (const flow of flows) {
    const line = lineOf(flow);
    if (told.has(line)) twice.push(`twice: ${line}`);
    told.set(line, flow.zones ? [...flow.zones].sort().join('+') : 'all');
  }
  const expected = new Map(
    [...referenceFlows(topology)].map(([line, zones]) => [line, zones === 'all' ? zones : zones.join('+')]),
  );
  return [
    ...twice,
    ...[...told]
      .filter(([line, zones]) => expected.get(line) !== zones)
      .map((each) => `flows: ${each.join(' in ')}`),
    ...[...expected]
      .filter(([line, zones]) => told.get(line) !== zones)
      .map((each) => `reference: ${each.join(' in ')}`),
  ];
}

describe('the flows and their plain reading', () => {
  it('agree on random hierarchies: who talks to whom, over what, when, and what is a choice', () => {
    const seen = new Map<string, Set<string>>(EDITIONS.map((edition) => [edition, new Set<string>()]));
    const counted = topologies.map((topology) => ({ topology, flows: flowsOf(JSON.stringify(topology)) }));
    fc.assert(
      fc.property(counted, ({ topology, flows }) => {
        for (const { connection } of flows) seen.get(listOf(topology.configmgr))?.add(connection);
        assert.deepEqual(differences(topology, flows), []);
      }),
      { numRuns: RUNS },
    );
    const missing = EDITIONS.flatMap((edition) => {
      const { connections, supplements } = catalogOf(edition);
      return [...connections, ...supplements]
        .filter(({ id, ports }) => !seen.get(edition)?.has(id) && ports.some(({ noFlow }) => !noFlow))
        .map(({ id }) => `${edition} ${id}`);
    });
    assert.deepEqual(missing, [], 'The random hierarchies have no such pair, so nothing was compared.');
  });
});
