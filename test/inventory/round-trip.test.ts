import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Endpoint } from '../../server/src/flows/flow.ts';
import { draftOf, hierarchyText } from '../../server/src/inventory/index.ts';
import type { RawTopology } from '../flows/reference.ts';
import { flowsOf } from '../support/flows.ts';
import { filesOf, said } from './said-files.ts';

/** The flows as lines, with client groups by their first network: an export has no names for them. */
function linesOf(text: string, clients: ReadonlyMap<string, string>): readonly string[] {
  const called = (name: string): string => clients.get(name.toLowerCase()) ?? name;
  const end = ({ name }: Endpoint): string => called(name);
  const choice = (anyOf: string | undefined): string =>
    anyOf === undefined ? '' : ` (${anyOf.split(' ').map(called).join(' ')})`;
  return flowsOf(text)
    .map(
      ({ from, to, protocol, ports, connection, phase, service, optional, anyOf }) =>
        `${end(from)} > ${end(to)} ${protocol} ${ports.join(',')} ${connection} ${phase}: ${service}${optional ? ' optional' : ''}${choice(anyOf)}`,
    )
    .toSorted();
}

function namesIn(topology: RawTopology): ReadonlyMap<string, string> {
  return new Map(Object.entries(topology.clients).map(([name, { networks }]) => [name, networks?.[0] ?? '']));
}

describe('exports of a hierarchy', () => {
  it('give its flows back: random hierarchies, in every form that an export has, in any order', () => {
    fc.assert(
      fc.property(said, fc.gen(), (one, draw) => {
        const draft = draftOf(filesOf(one, draw));
        const text = hierarchyText(draft);
        const own = new Map(
          draft.clients.map(({ name, networks }) => [name.toLowerCase(), networks[0] ?? '']),
        );
        assert.deepEqual(
          linesOf(text, own),
          linesOf(JSON.stringify(one.topology), namesIn(one.topology)),
          text,
        );
      }),
      // A failure is shown as it is: to make a hierarchy smaller takes minutes.
      { numRuns: 300, endOnFailure: true },
    );
  });
});
