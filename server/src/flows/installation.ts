// Connections that exist only while something is installed: clients by their
// deployment method, the share they are installed from, and site systems that serve
// clients on the internet.
import { LIST } from '../catalog/shape.ts';
import type { EditionCatalog, PortRow } from '../catalog/types.ts';
import { lookup } from '../topology/effective.ts';
import type { Site } from '../topology/model.ts';
import type { Change, Hierarchy } from './hierarchy.ts';
import { isForInternet, type PartyPair } from './pairing.ts';
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

/** Connections with tables of their own, bit by bit as those of `pairing.ts`. */
export interface Part<Pair> {
  readonly units: (hierarchy: Hierarchy) => readonly object[];
  readonly pairs: (unit: object, hierarchy: Hierarchy) => Iterable<Pair>;
  readonly areSame: (change: Change) => boolean;
  readonly isSame: (unit: object, change: Change) => boolean;
}

/** Everything that a topology needs for installation beside the rows of the connection sections. */
export function installationParts(catalog: EditionCatalog): readonly Part<InstallationPair>[] {
  return [...clientDeployment(catalog), ...clientShares(catalog), ...internetClients(catalog)];
}

/** What is there for each Windows client group in one of its zones. */
function perPlace(
  pairs: (place: GroupInZone, hierarchy: Hierarchy) => Iterable<InstallationPair>,
  isSame: (place: GroupInZone, change: Change) => boolean,
): Part<InstallationPair> {
  return {
    units: ({ parties }) => parties.places('windows'),
    pairs,
    areSame: () => false,
    isSame,
  } as Part<InstallationPair>;
}

/** What clients on the internet cannot be installed by. */
const INTRANET_METHODS: ReadonlySet<string> = new Set(['client-push']);

function clientDeployment(catalog: EditionCatalog): readonly Part<InstallationPair>[] {
  const { clientDocument } = catalog;
  if (clientDocument === undefined) return [];
  const document = clientDocument.id;
  // Each row of these tables has parties of its own.
  const tables = catalog.deployment.map((table) => ({
    ...table,
    rows: table.ports.map((row) => [row] as const),
  }));
  const words = new Set(
    catalog.deployment.flatMap(({ ports }) => ports.flatMap(({ from, to }) => [from, to])),
  );
  function* pairs(place: GroupInZone, hierarchy: Hierarchy): Iterable<InstallationPair> {
    const { parties } = hierarchy;
    const wanted = new Set(place.clients.installation.map(({ value }) => value));
    if (wanted.size === 0) return;
    for (const { method, methods, anchor, icmp, rows } of tables) {
      for (const name of method === 'all' ? [method] : methods.filter((each) => wanted.has(each))) {
        if (place.internet && INTRANET_METHODS.has(name)) continue;
        const connection = `deployment.${name}`;
        for (const row of rows) {
          for (const { party: from } of deploymentParties(row[0], 'from', place, hierarchy)) {
            for (const { party: to, anyOf } of deploymentParties(row[0], 'to', place, hierarchy)) {
              yield { connection, document, anchor, place, rows: row, icmp: false, from, to, anyOf };
            }
          }
        }
        if (!icmp) continue;
        for (const from of parties.at(place.assigned, 'site-server')) {
          yield { connection, document, anchor, place, rows: [], icmp, from, to: place.group };
        }
      }
    }
  }
  return [
    perPlace(
      pairs,
      (place, change) =>
        place.clients.installation.length === 0 ||
        (change.isSameAt(place.assigned, 'site-server') &&
          [...words].every((word) => word === undefined || isSameParty(word, place, change))),
    ),
  ];
}

/** Whether those whom a word of a deployment table speaks of are the same, for the clients of a group. */
function isSameParty(word: string, place: GroupInZone, change: Change): boolean {
  if (word === 'client') return true;
  if (word === 'source-server') return isSameSource(place, change);
  if (word === 'setup-share')
    return isSameSource(place, change) && change.areSameServices(place, 'management-point');
  return isServingRole(word) ? change.areSameServices(place, word) : change.isSameAt(place.assigned, word);
}

/** Whether the server with the source of the client is the same. */
function isSameSource({ clients: { source } }: GroupInZone, { before, after }: Change): boolean {
  return (
    source === undefined ||
    lookup(before.parties.topology.servers, source.value) ===
      lookup(after.parties.topology.servers, source.value)
  );
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

function clientShares({ clientShares }: EditionCatalog): readonly Part<InstallationPair>[] {
  if (clientShares === undefined) return [];
  const { anchor, ports } = clientShares;
  const table = { connection: 'client-shares', document: LIST, anchor, rows: ports, icmp: false };
  return [
    perPlace(function* (place, { parties }) {
      const { source } = place.clients;
      const to = source && !place.internet ? parties.server(source.value) : undefined;
      if (to) yield { ...table, from: place.group, to, place };
    }, isSameSource),
  ];
}

/** The site systems that serve clients on the internet. */
function internetClients({ internetClients }: EditionCatalog): readonly Part<InstallationPair>[] {
  if (internetClients === undefined) return [];
  const { anchor, tables } = internetClients;
  const table = { connection: 'internet-clients', document: LIST, anchor, icmp: false };
  const asked = ['site-server', ...tables.flatMap(({ roles }) => roles)];
  function* pairs(site: Site, { parties }: Hierarchy): Iterable<InstallationPair> {
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
  const isSame = (site: Site, { isSameAt }: Change) => asked.every((role) => isSameAt(site, role));
  const areSame = ({ isSameRole }: Change) => asked.every(isSameRole);
  return [{ units: ({ parties }) => parties.sites, pairs, areSame, isSame } as Part<InstallationPair>];
}
