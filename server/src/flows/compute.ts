// Topology and catalog to flows: pairs from the pairing rules, ports from the rows and
// the target's own settings, then one order and no repetition.
import { catalogOf } from '../catalog/index.ts';
import type { Connection, Phase, PortRow } from '../catalog/types.ts';
import type { Topology } from '../topology/model.ts';
import { holds, serves, virtualMachines } from './conditions.ts';
import type { Flow, Source } from './flow.ts';
import { installationPairs } from './installation.ts';
import { collectFlows } from './order.ts';
import { hierarchyOf, type PartyPair, pairsOf } from './pairing.ts';
import type { Party } from './parties.ts';
import { firstPorts, isDynamic, portsOf } from './ports.ts';
import { windowsPairs } from './windows.ts';

/** What a flow takes from a row. */
type OfferedRow = Pick<PortRow, 'service' | 'phase' | 'optional' | 'without'>;

/** In place of a row, for the echo that a section asks for in its text. */
const ECHO: OfferedRow = { service: 'ICMP echo request', phase: 'operation' };

/** Where rows come from, and what their flows carry beside ports. */
interface Section {
  readonly connection: string;
  readonly sources: readonly Source[];
  /** In place of the rows' own phase. */
  readonly phase?: Phase;
  readonly entry?: Connection;
}

/** A row on one protocol, with the ports on which one target is reached. */
interface Offer {
  readonly row: PortRow;
  readonly protocol: 'tcp' | 'udp';
  readonly ports: readonly string[];
  readonly dynamicRpc: boolean;
}

/**
 * Every flow that a topology needs, by the catalog of its edition, for operation and for installation;
 * none where the edition is unknown. Names that the file does not define give no flows.
 *
 * Sorted by the names of `from` and `to` (as UTF-16 code units), protocol, first port (as a number,
 * `"dynamic"` last), connection, then the other ports, phase and service. A flow is in it once, with
 * every source that asks for it. The cost grows with the number of flows.
 */
export function computeFlows(topology: Topology): readonly Flow[] {
  const { edition } = topology;
  if (edition === undefined) return [];
  const catalog = catalogOf(edition);
  const hierarchy = hierarchyOf(topology);
  const found = collectFlows();
  const offersOf = offers(topology);

  const add = (pair: PartyPair, rows: readonly PortRow[], section: Section) => {
    const { from, to, uses } = pair;
    if (from.endpoint === to.endpoint && from.endpoint.kind !== 'clients') return;
    if (waitsForSiteServer(from, to)) return;
    const proxy = to.endpoint.kind === 'cloud' ? hierarchy.parties.proxy(from) : undefined;
    const flows = found.between(from.endpoint, to.endpoint);
    for (const offer of offersOf(rows, to)) {
      const { row } = offer;
      if ((uses !== undefined && !uses(row)) || !holds(row.when, pair, topology)) continue;
      if (proxy === undefined || !row.proxy) {
        flows.push(flowOf(pair, to, offer, portsFor(from, offer), section));
      } else if (proxy !== 'unknown' && proxy.party.endpoint.name !== from.endpoint.name) {
        found
          .between(from.endpoint, proxy.party.endpoint)
          .push(flowOf(pair, proxy.party, offer, [String(proxy.port)], section));
      }
    }
  };
  const addEcho = (pair: PartyPair, section: Section) =>
    found
      .between(pair.from.endpoint, pair.to.endpoint)
      .push(flowOf(pair, pair.to, { row: ECHO, protocol: 'icmp', dynamicRpc: false }, [], section));

  for (const entry of [...catalog.connections, ...catalog.supplements]) {
    const sources = [{ edition, document: entry.document, anchor: entry.anchor }];
    const section: Section = { connection: entry.id, sources, entry };
    // HTTP and HTTPS go to the serving role only; it does not call back over them.
    const back =
      entry.direction === 'two-way' ? entry.ports.filter(({ scheme }) => scheme === undefined) : [];
    for (const pair of pairsOf(entry, hierarchy)) {
      add(pair, entry.ports, section);
      if (entry.icmp && !pair.quiet) addEcho(pair, section);
      if (back.length > 0) add({ ...pair, from: pair.to, to: pair.from }, back, section);
    }
  }
  for (const pair of installationPairs(catalog, hierarchy)) {
    const sources = [{ edition, document: pair.document, anchor: pair.anchor }];
    const section: Section = { connection: pair.connection, sources, phase: 'installation' };
    add(pair, pair.rows, section);
    if (pair.icmp) addEcho(pair, section);
  }
  for (const pair of windowsPairs(catalog, hierarchy)) {
    const sources = [{ edition, document: pair.document, anchor: pair.anchor }];
    add(pair, pair.rows, { connection: pair.connection, sources, phase: 'windows' });
  }
  return found.inOrder();
}

/**
 * What a target offers for rows. The same rows meet the same target once for every machine that uses it,
 * so each answer is kept: in a large file that is most of the work.
 */
function offers(topology: Topology): (rows: readonly PortRow[], to: Party) => readonly Offer[] {
  const known = new Map<readonly PortRow[], Map<Party, readonly Offer[]>>();
  return (rows, to) => {
    let byTarget = known.get(rows);
    if (byTarget === undefined) {
      byTarget = new Map();
      known.set(rows, byTarget);
    }
    let offers = byTarget.get(to);
    if (offers === undefined) {
      offers = rows
        .filter(({ scheme, noFlow }) => noFlow === undefined && serves(scheme, to))
        .flatMap((row) =>
          (['tcp', 'udp'] as const)
            .filter((protocol) => row[protocol].length > 0)
            .map((protocol) => ({
              row,
              protocol,
              ports: portsOf(row, row[protocol], to, topology),
              dynamicRpc: isDynamic(row[protocol]),
            })),
        );
      byTarget.set(to, offers);
    }
    return offers;
  };
}

/** The ports that one machine uses of an offer: of a range for the machines of a gateway the first so many. */
function portsFor(from: Party, { row, protocol, ports }: Offer): readonly string[] {
  return row.perVirtualMachine ? firstPorts(row[protocol], virtualMachines(from)) : ports;
}

/**
 * Written out in one piece: a large file has tens of thousands, and objects that are put together by spreading
 * others take several times as long.
 */
function flowOf(
  pair: PartyPair,
  to: Party,
  {
    row,
    protocol,
    dynamicRpc,
  }: { readonly row: OfferedRow; readonly protocol: Flow['protocol']; readonly dynamicRpc: boolean },
  ports: readonly string[],
  section: Section,
): Flow {
  const { from } = pair;
  const optional = row.optional === true || pair.optional === true;
  return {
    from: from.endpoint,
    to: to.endpoint,
    protocol,
    ports,
    dynamicRpc: dynamicRpc ? true : undefined,
    service: row.service,
    connection: section.connection,
    phase: section.phase ?? row.phase,
    optional: optional ? true : undefined,
    without: optional ? (row.without ?? pair.without) : undefined,
    // What is optional belongs to no choice.
    anyOf: optional && !pair.twoWays ? undefined : pair.anyOf,
    zones: zonesOf(pair),
    sources: section.sources,
    entry: section.entry,
    fromRole: from.role,
    toRole: to.role,
  };
}

/** The zones for which a pair holds, where one of its ends is a client group in several. */
function zonesOf({ place, peer }: PartyPair): readonly string[] | undefined {
  if (!place?.several && !peer?.several) return undefined;
  const several = [place, peer].flatMap((each) => (each?.several && each.zone ? [each.zone.name] : []));
  return several.length > 0 ? [...new Set(several)] : undefined;
}

/** Roles that talk to a site server on their own account, not as its site systems. */
const NO_SITE_SYSTEM: ReadonlySet<string> = new Set(['site-server', 'certification-authority', 'console']);

/** With `siteServerInitiates`, a site system leaves it to the site server to open connections. */
function waitsForSiteServer(from: Party, to: Party): boolean {
  return (
    to.role?.role === 'site-server' &&
    from.endpoint.server?.siteServerInitiates?.value === true &&
    from.role !== undefined &&
    !NO_SITE_SYSTEM.has(from.role.role)
  );
}
