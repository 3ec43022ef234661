// Connections that exist only while something is installed: clients by their
// deployment method, the share they are installed from, and site systems that serve
// clients on the internet.
import type { EditionCatalog, PortRow } from '../catalog/types.ts';
import { roleOption } from '../topology/effective.ts';
import { type Pair, serving } from './pairing.ts';
import type { Parties, Party } from './parties.ts';

/** Rows of one table between two parties, with the connection id that their flows carry. */
export interface InstallationPair extends Pair {
  readonly connection: string;
  readonly anchor: string;
  readonly rows: readonly PortRow[];
  /** An echo request goes with the rows. */
  readonly icmp: boolean;
}

/** Everything that a topology needs for installation beside the rows of the connection sections. */
export function* installationPairs(catalog: EditionCatalog, parties: Parties): Iterable<InstallationPair> {
  yield* clientDeployment(catalog, parties);
  yield* clientShares(catalog, parties);
  yield* internetClients(catalog, parties);
}

function* clientDeployment(catalog: EditionCatalog, parties: Parties): Iterable<InstallationPair> {
  // Each row of these tables has parties of its own.
  const tables = catalog.deployment.map((table) => ({
    ...table,
    rows: table.ports.map((row) => [row] as const),
  }));
  for (const group of parties.groups('windows')) {
    const wanted = new Set(group.endpoint.clients?.installation.map(({ value }) => value));
    if (wanted.size === 0) continue;
    for (const { method, methods, anchor, icmp, rows } of tables) {
      for (const name of method === 'all' ? [method] : methods.filter((each) => wanted.has(each))) {
        const connection = `deployment.${name}`;
        for (const row of rows) {
          for (const from of deploymentParties(row[0].from, group, parties)) {
            for (const to of deploymentParties(row[0].to, group, parties)) {
              yield { connection, anchor, rows: row, icmp: false, from, to };
            }
          }
        }
        if (!icmp) continue;
        for (const from of deploymentParties('site-server', group, parties)) {
          yield { connection, anchor, rows: [], icmp, from, to: group };
        }
      }
    }
  }
}

function deploymentParties(word: string | undefined, group: Party, parties: Parties): readonly Party[] {
  const { site } = group;
  const source = group.endpoint.clients?.source;
  const share = source ? parties.server(source.value) : undefined;
  if (word === 'client') return [group];
  if (word === 'source-server' || (word === 'setup-share' && source)) return share ? [share] : [];
  if (site === undefined || word === undefined) return [];
  return serving(site, word === 'setup-share' ? 'management-point' : word, parties);
}

function* clientShares({ clientShares }: EditionCatalog, parties: Parties): Iterable<InstallationPair> {
  if (clientShares === undefined) return;
  const { anchor, ports } = clientShares;
  for (const from of parties.groups('windows')) {
    for (const to of deploymentParties('source-server', from, parties)) {
      yield { connection: 'client-shares', anchor, rows: ports, icmp: false, from, to };
    }
  }
}

/**
 * A site system serves clients on the internet where it stands in the zone marked `internet`, or where
 * its site has a group with `internetOnly` and the role speaks HTTPS.
 */
function* internetClients({ internetClients }: EditionCatalog, parties: Parties): Iterable<InstallationPair> {
  if (internetClients === undefined) return;
  const connection = 'internet-clients';
  const { anchor, tables } = internetClients;
  for (const site of parties.sites) {
    const siteServers = parties.at(site, 'site-server');
    const forInternet = parties.groupsAt(site).some(({ endpoint }) => endpoint.clients?.internetOnly?.value);
    for (const { roles, ports } of tables) {
      const back = ports.filter(({ direction }) => direction === 'two-way');
      for (const system of roles.flatMap((role) => parties.at(site, role))) {
        if (!isInInternet(system, parties) && !(forInternet && speaksHttps(system))) continue;
        for (const server of siteServers) {
          yield { connection, anchor, rows: ports, icmp: false, from: server, to: system };
          yield { connection, anchor, rows: back, icmp: false, from: system, to: server };
        }
      }
    }
  }
}

function isInInternet({ endpoint }: Party, { topology }: Parties): boolean {
  return endpoint.zone !== undefined && (topology.zones.get(endpoint.zone)?.internet ?? false);
}

function speaksHttps({ role }: Party): boolean {
  return role === undefined || roleOption(role, 'protocol') !== 'http';
}
