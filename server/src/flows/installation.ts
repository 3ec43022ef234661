// Connections that exist only while something is installed: clients by their
// deployment method, the share they are installed from, and site systems that serve
// clients on the internet.
import { LIST } from '../catalog/shape.ts';
import type { EditionCatalog, PortRow } from '../catalog/types.ts';
import { lookup } from '../topology/effective.ts';
import { type Hierarchy, isForInternet, type PartyPair } from './pairing.ts';
import type { GroupInZone, Party } from './parties.ts';
import { isServingRole, servesInternet } from './serving.ts';

/** Rows of one table between two parties, with the connection id that their flows carry. */
export interface InstallationPair extends PartyPair {
  readonly connection: string;
  /** The id of the document that it was read from. */
  readonly document: string;
  readonly anchor: string;
  readonly rows: readonly PortRow[];
  /** An echo request goes with the rows. */
  readonly icmp: boolean;
}

/** Everything that a topology needs for installation beside the rows of the connection sections. */
export function* installationPairs(
  catalog: EditionCatalog,
  hierarchy: Hierarchy,
): Iterable<InstallationPair> {
  yield* clientDeployment(catalog, hierarchy);
  yield* clientShares(catalog, hierarchy);
  yield* internetClients(catalog, hierarchy);
}

/** What clients on the internet cannot be installed by. */
const INTRANET_METHODS: ReadonlySet<string> = new Set(['client-push']);

function* clientDeployment(catalog: EditionCatalog, hierarchy: Hierarchy): Iterable<InstallationPair> {
  const { parties } = hierarchy;
  const { clientDocument } = catalog;
  if (clientDocument === undefined) return;
  // Each row of these tables has parties of its own.
  const tables = catalog.deployment.map((table) => ({
    ...table,
    rows: table.ports.map((row) => [row] as const),
  }));
  for (const place of parties.places('windows')) {
    const wanted = new Set(place.clients.installation.map(({ value }) => value));
    if (wanted.size === 0) continue;
    for (const { method, methods, anchor, icmp, rows } of tables) {
      for (const name of method === 'all' ? [method] : methods.filter((each) => wanted.has(each))) {
        if (place.internet && INTRANET_METHODS.has(name)) continue;
        const table = { connection: `deployment.${name}`, document: clientDocument.id, anchor, place };
        for (const row of rows) {
          for (const from of deploymentParties(row[0], 'from', place, hierarchy)) {
            for (const to of deploymentParties(row[0], 'to', place, hierarchy)) {
              yield { ...table, rows: row, icmp: false, from: from.party, to: to.party, anyOf: to.anyOf };
            }
          }
        }
        if (!icmp) continue;
        for (const from of parties.at(place.assigned, 'site-server')) {
          yield { ...table, rows: [], icmp, from, to: place.group };
        }
      }
    }
  }
}

interface DeploymentParty {
  readonly party: Party;
  readonly anyOf?: string;
}

/** Who a row of a deployment table speaks of, for the clients of a group in one of its zones. */
function deploymentParties(
  row: PortRow,
  side: 'from' | 'to',
  place: GroupInZone,
  { parties, serving }: Hierarchy,
): readonly DeploymentParty[] {
  const word = row[side];
  const { source } = place.clients;
  if (word === 'client') return [{ party: place.group }];
  if (word === 'source-server' || (word === 'setup-share' && source)) {
    const share = source && !place.internet ? parties.server(source.value) : undefined;
    return share ? [{ party: share }] : [];
  }
  const role = word === 'setup-share' ? 'management-point' : word;
  if (role === undefined) return [];
  if (!isServingRole(role))
    return place.internet ? [] : parties.at(place.assigned, role).map((party) => ({ party }));
  if (place.internet && !isForInternet(row, role)) return [];
  return serving
    .services(place, role)
    .filter(({ optional }) => !optional)
    .map(({ to, anyOf }) => ({ party: to, anyOf: anyOf && `${anyOf}, for installation` }));
}

function* clientShares({ clientShares }: EditionCatalog, { parties }: Hierarchy): Iterable<InstallationPair> {
  if (clientShares === undefined) return;
  const { anchor, ports } = clientShares;
  for (const place of parties.places('windows')) {
    const { source } = place.clients;
    const share = source && !place.internet && lookup(parties.topology.servers, source.value);
    const to = share && parties.server(share.name);
    if (!to) continue;
    const table = { connection: 'client-shares', document: LIST, anchor, rows: ports, icmp: false };
    yield { ...table, from: place.group, to, place };
  }
}

/** The site systems that serve clients on the internet. */
function* internetClients(
  { internetClients }: EditionCatalog,
  { parties }: Hierarchy,
): Iterable<InstallationPair> {
  if (internetClients === undefined) return;
  const { anchor, tables } = internetClients;
  const table = { connection: 'internet-clients', document: LIST, anchor, icmp: false };
  for (const site of parties.sites) {
    const siteServers = parties.at(site, 'site-server');
    for (const { roles, ports } of tables) {
      const back = ports.filter(({ direction }) => direction === 'two-way');
      for (const system of roles.flatMap((role) => parties.at(site, role)).filter(servesInternet)) {
        for (const server of siteServers) {
          yield { ...table, rows: ports, from: server, to: system };
          yield { ...table, rows: back, from: system, to: server };
        }
      }
    }
  }
}
