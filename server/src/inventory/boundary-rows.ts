// Boundaries and boundary groups: Get-CMBoundary, Get-CMBoundaryGroup, SMS_BoundaryGroupMembers,
// SMS_BoundaryGroupSiteSystems, Get-CMBoundaryGroupRelationship.
import type { BoundaryFact, Facts } from './facts.ts';
import { type ExportRow, machineOf, numberIn, textIn } from './rows.ts';
import { siteCodeIn } from './system-roles.ts';

/** By the number of the class SMS_Boundary; 4, a VPN, is not on its page yet. */
const TYPES: readonly NonNullable<BoundaryFact['type']>[] = [
  'subnet',
  'active-directory-site',
  'ipv6-prefix',
  'range',
  'vpn',
];

const has = ({ members }: ExportRow, ...names: readonly string[]) => names.every((name) => members.has(name));

/** Whether a row is a boundary, a boundary group, or what belongs to one. */
export function isBoundaryRow(row: ExportRow): boolean {
  return (
    has(row, 'boundarytype', 'value') ||
    has(row, 'boundaryid', 'groupid') ||
    has(row, 'groupid', 'servernalpath') ||
    isRelation(row) ||
    has(row, 'groupid', 'name')
  );
}

function isRelation(row: ExportRow): boolean {
  return (
    (has(row, 'sourcegroupid') || has(row, 'sourcegroupname')) &&
    (has(row, 'destinationgroupid') || has(row, 'destinationgroupname'))
  );
}

/** Adds what a row says. */
export function readBoundaryRow(row: ExportRow, facts: Facts): void {
  const { place } = row;
  const group = textIn(row, 'groupid');
  if (has(row, 'boundarytype', 'value')) {
    const value = textIn(row, 'value');
    const type = numberIn(row, 'boundarytype');
    const id = textIn(row, 'boundaryid') ?? `${place.file}, ${place.at}`;
    if (value !== undefined)
      facts.boundaries.push({ id, type: type === undefined ? undefined : TYPES[type], value, place });
  } else if (isRelation(row)) {
    const minutes = new Map<string, number>();
    for (const [role, name] of [
      ['distribution-point', 'fallbackdp'],
      ['management-point', 'fallbackmp'],
      ['software-update-point', 'fallbacksup'],
    ] as const) {
      const number = numberIn(row, name);
      if (number !== undefined) minutes.set(role, number);
    }
    facts.relations.push({
      source: { id: textIn(row, 'sourcegroupid'), name: textIn(row, 'sourcegroupname') },
      destination: { id: textIn(row, 'destinationgroupid'), name: textIn(row, 'destinationgroupname') },
      minutes,
      place,
    });
  } else if (group === undefined) {
    facts.left.push(`A boundary group without its GroupID (${place.file}, ${place.at}).`);
  } else if (row.members.has('boundaryid')) {
    const boundary = textIn(row, 'boundaryid');
    if (boundary !== undefined) facts.members.push({ group, boundary, place });
  } else if (row.members.has('servernalpath')) {
    const server = machineOf(textIn(row, 'servernalpath'));
    if (server !== undefined) facts.members.push({ group, server, site: siteCodeIn(row), place });
  } else {
    const name = textIn(row, 'name');
    if (name !== undefined)
      facts.boundaryGroups.push({
        id: group,
        name,
        site: textIn(row, 'defaultsitecode')?.toUpperCase(),
        description: textIn(row, 'description'),
        place,
      });
  }
}
