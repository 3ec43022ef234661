// What Windows itself needs, whatever Configuration Manager does: DNS, DHCP and Kerberos.
import { LIST } from '../catalog/shape.ts';
import type { EditionCatalog, PortRow } from '../catalog/types.ts';
import { getOrAdd } from '../collections.ts';
import { effectiveForest } from '../topology/effective.ts';
import { forestOf } from './domain-controllers.ts';
import type { InstallationPair } from './installation.ts';
import type { Hierarchy } from './pairing.ts';
import type { GroupInZone, Party } from './parties.ts';

/** A machine of the file, in one of its zones. */
interface WindowsMachine {
  readonly party: Party;
  readonly zone: string | undefined;
  readonly place?: GroupInZone;
}

/** The rows of the list's table of Windows Server ports, from every machine of the intranet that needs them. */
export function* windowsPairs(catalog: EditionCatalog, hierarchy: Hierarchy): Iterable<InstallationPair> {
  const table = catalog.windowsServer;
  if (table === undefined) return;
  const { parties, controllers } = hierarchy;
  const servers = [...parties.topology.servers.values()].map((server): WindowsMachine => {
    const party = parties.machine(server);
    return { party, zone: party.endpoint.zone };
  });
  const clients = parties
    .places('windows')
    .filter(({ internet }) => !internet)
    .map((place): WindowsMachine => ({ party: place.group, zone: place.zone?.id, place }));
  const nearestIn = nearestOf(hierarchy);

  for (const row of table.ports) {
    const rows: readonly PortRow[] = [row];
    const { anchor } = table;
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
        for (const machine of [...servers, ...clients]) {
          const forest = dnsForest(machine, hierarchy);
          yield* between(machine, nearestIn('dns-server', machine.zone, forest), 'DNS servers');
        }
        break;
      case 'dhcp-server':
        for (const machine of clients) {
          yield* between(machine, nearestIn('dhcp-server', machine.zone), 'DHCP servers');
        }
        break;
      case 'domain-controller':
        for (const machine of [...servers, ...clients]) {
          const { party, zone, place } = machine;
          if (place?.clients.workgroup?.value) continue;
          const site = place?.assigned ?? party.site;
          const asked = controllers.askedBy(party, zone, site).plain;
          yield* between(machine, asked, 'domain controllers for Kerberos');
        }
        break;
    }
  }
}

/** A workgroup has no forest of its own and asks the DNS servers of the default one. */
function dnsForest({ party, place }: WindowsMachine, { parties }: Hierarchy): string {
  if (!place?.clients.workgroup?.value) return forestOf(party, parties);
  return (parties.topology.defaults.forest?.value ?? '').toLowerCase();
}

/** The servers of a role in a zone, else all; of one forest where one is given. */
function nearestOf({ parties }: Hierarchy) {
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
}
