// The exports of a random hierarchy.
import fc from 'fast-check';
import type { ExportFile } from '../../server/src/inventory/rows.ts';
import * as exports from './exports.ts';
import type { Said } from './said.ts';

export { said } from './said.ts';

const GATEWAY = 'gateway.cloudapp.example';

/** The exports of a hierarchy, each in one of the forms that it may have. */
export function filesOf(
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
