import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Endpoint } from '../../server/src/flows/flow.ts';
import { draftOf, hierarchyText } from '../../server/src/inventory/index.ts';
import type { ExportFile } from '../../server/src/inventory/rows.ts';
import type { RawTopology } from '../flows/reference.ts';
import { flowsOf } from '../support/flows.ts';
import * as exports from './exports.ts';
import { type Said, said } from './said.ts';

const GATEWAY = 'gateway.cloudapp.example';

/** The exports of a hierarchy, each in one of the forms that it may have. */
function filesOf(
  { topology, synchronising, assigned, setup }: Said,
  draw: fc.GeneratorValue,
): readonly ExportFile[] {
  const roles = [...exports.systemRoles(topology)];
  if (Object.values(topology.boundaryGroups).some(({ cloudManagementGateway }) => cloudManagementGateway))
    roles.push({
      NALType: 'Windows Azure',
      NetworkOSPath: `\\\\${GATEWAY}`,
      RoleName: 'SMS Distribution Point',
      SiteCode: Object.keys(topology.sites)[0],
    });
  const groups = exports.boundaries(topology, assigned, GATEWAY);
  const half = draw(fc.nat, roles.length);
  const json = (rows: readonly object[]): string =>
    [
      JSON.stringify(rows.length === 1 ? rows[0] : rows, undefined, 2),
      JSON.stringify({ '@odata.context': 'https://cm01/AdminService/wmi/$metadata#x', value: rows }),
      JSON.stringify({ value: rows, Count: rows.length }),
    ][draw(fc.nat, 2)] ?? '';
  const table = (rows: readonly Readonly<Record<string, string | number>>[]): string =>
    draw(fc.boolean) ? exports.csvOf(rows) : json(rows);
  const files = [
    { name: 'roles-1.json', text: json(roles.slice(0, half)), rows: half },
    { name: 'roles-2.json', text: json(roles.slice(half)), rows: roles.length - half },
    { name: 'sites', text: table(exports.siteDefinitions(topology)), rows: 1 },
    { name: 'components.json', text: json(exports.components(topology, synchronising)), rows: 1 },
    ...Object.entries(groups).map(([name, rows]) => ({ name, text: table(rows), rows: rows.length })),
    ...setup.map((code) => ({ name: `${code}.ini`, text: exports.setupFile(code, topology), rows: 1 })),
  ].filter(({ rows }) => rows > 0);
  return draw(fc.shuffledSubarray, files, { minLength: files.length, maxLength: files.length });
}

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
      { numRuns: 300 },
    );
  });
});
