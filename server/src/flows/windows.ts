// What Windows itself needs, whatever Configuration Manager does: DNS, DHCP and Kerberos.
import { LIST } from '../catalog/shape.ts';
import type { EditionCatalog, PortRow } from '../catalog/types.ts';
import { getOrAdd, memo } from '../collections.ts';
import { effectiveForest } from '../topology/effective.ts';
import type { Server } from '../topology/model.ts';
import { forestOf } from './domain-controllers.ts';
import type { Hierarchy } from './hierarchy.ts';
import type { InstallationPair, Part } from './installation.ts';
import type { GroupInZone, Party } from './parties.ts';

/** A machine of the file, in one of its zones. */
interface WindowsMachine {
  readonly party: Party;
  readonly zone: string | undefined;
  readonly place?: GroupInZone;
}

const NEVER = () => false;

const clientsOf = memo(({ parties }: Hierarchy): readonly GroupInZone[] =>
  parties.places('windows').filter(({ internet }) => !internet),
);

const serversAndClients = memo((hierarchy: Hierarchy): readonly (Server | GroupInZone)[] => [
  ...hierarchy.parties.topology.servers.values(),
  ...clientsOf(hierarchy),
]);

/** The rows of the list's table of Windows Server ports, from every machine of the intranet that needs them. */
export function windowsParts(catalog: EditionCatalog): readonly Part<InstallationPair>[] {
  const table = catalog.windowsServer;
  return table?.ports.flatMap((row) => partOf(row, table.anchor) ?? []) ?? [];
}

function partOf(row: PortRow, anchor: string): Part<InstallationPair> | undefined {
  const rows: readonly PortRow[] = [row];
  /** A pair for each target of a machine; in one piece, as a large file has ten thousand. */
  function* between({ party, place }: WindowsMachine, targets: readonly Party[], choice: string) {
    const anyOf = `${choice} of ${party.endpoint.name}`;
    for (const to of targets) {
      const pair: InstallationPair = {
        connection: 'windows-server',
        document: LIST,
        anchor,
        rows,
        icmp: false,
        from: party,
        to,
        place,
        anyOf,
      };
      yield pair;
    }
  }
  switch (row.to) {
    case 'dns-server':
      return {
        units: serversAndClients,
        *pairs(unit, hierarchy) {
          if (hierarchy.parties.all('dns-server').length === 0) return;
          const machine = machineOf(unit, hierarchy);
          const forest = dnsForest(machine, hierarchy);
          const servers = nearestIn(hierarchy)('dns-server', machine.zone, forest);
          yield* between(machine, servers, 'DNS servers');
        },
        areSame: ({ isSameRole }) => isSameRole('dns-server'),
        isSame: NEVER,
      };
    case 'dhcp-server':
      return {
        units: clientsOf,
        *pairs(unit, hierarchy) {
          const machine = machineOf(unit, hierarchy);
          yield* between(machine, nearestIn(hierarchy)('dhcp-server', machine.zone), 'DHCP servers');
        },
        areSame: ({ isSameRole }) => isSameRole('dhcp-server'),
        isSame: NEVER,
      };
    case 'domain-controller':
      return {
        units: serversAndClients,
        *pairs(unit, hierarchy) {
          const machine = machineOf(unit, hierarchy);
          const { party, zone, place } = machine;
          if (place?.clients.workgroup?.value) return;
          const site = place?.assigned ?? party.site;
          const asked = hierarchy.controllers.askedBy(party, zone, site).plain;
          yield* between(machine, asked, 'domain controllers for Kerberos');
        },
        areSame: ({ areSameControllers }) => areSameControllers(),
        isSame: NEVER,
      };
    default:
      return undefined;
  }
}

/** @param unit a server, or a client group in one of its zones */
function machineOf(unit: object, { parties }: Hierarchy): WindowsMachine {
  if ('group' in unit) {
    const place = unit as GroupInZone;
    return { party: place.group, zone: place.zone?.id, place };
  }
  const party = parties.machine(unit as Server);
  return { party, zone: party.endpoint.zone };
}

/** A workgroup has no forest of its own and asks the DNS servers of the default one. */
function dnsForest({ party, place }: WindowsMachine, { parties }: Hierarchy): string {
  if (!place?.clients.workgroup?.value) return forestOf(party, parties);
  return (parties.topology.defaults.forest?.value ?? '').toLowerCase();
}

/** The servers of a role in a zone, else all; of one forest where one is given. */
const nearestIn = memo(({ parties }: Hierarchy) => {
  const known = new Map<string, readonly Party[]>();
  const { topology } = parties;
  return (role: string, zone: string | undefined, forest?: string): readonly Party[] =>
    getOrAdd(known, JSON.stringify([role, zone, forest]), () => {
      const all = parties.all(role).filter(({ endpoint: { server } }) => {
        if (forest === undefined) return true;
        return server && (effectiveForest(server, topology)?.value ?? '').toLowerCase() === forest;
      });
      const near = zone === undefined ? [] : all.filter(({ endpoint }) => endpoint.zone === zone);
      return near.length > 0 ? near : all;
    });
});
