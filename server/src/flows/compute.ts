// Topology and catalog to flows: pairs from the pairing rules, ports from the rows and
// the target's own settings, then one order and no repetition.
import { catalogOf } from '../catalog/index.ts';
import type { Connection, Phase, PortRow } from '../catalog/types.ts';
import type { Topology } from '../topology/model.ts';
import type { Flow, Source } from './flow.ts';
import { installationPairs } from './installation.ts';
import { collectFlows } from './order.ts';
import { holds, type Pair, pairsOf, serves } from './pairing.ts';
import { type Party, partiesOf } from './parties.ts';
import { isDynamic, portsOf } from './ports.ts';

/** What a flow with the protocol `icmp` is for. */
const ECHO = 'ICMP echo request';

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
 * `"dynamic"` last), connection, then the other ports, phase and service. A flow stands in it once, with
 * every source that asks for it. The cost grows with the number of flows.
 */
export function computeFlows(topology: Topology): readonly Flow[] {
  const { edition } = topology;
  if (edition === undefined) return [];
  const catalog = catalogOf(edition);
  const parties = partiesOf(topology);
  const found = collectFlows();
  const offersOf = offers(topology);

  const add = (pair: Pair, rows: readonly PortRow[], section: Section) => {
    const { from, to, uses } = pair;
    if (from.endpoint === to.endpoint && from.endpoint.kind !== 'clients') return;
    if (waitsForSiteServer(from, to)) return;
    const flows = found.between(from.endpoint, to.endpoint);
    for (const offer of offersOf(rows, to)) {
      if ((uses === undefined || uses(offer.row)) && holds(offer.row.when, from, to)) {
        flows.push(flowOf(pair, offer, section));
      }
    }
  };
  const addEcho = ({ from, to }: Pair, section: Section) =>
    found.between(from.endpoint, to.endpoint).push(echoOf(from, to, section));

  for (const entry of catalog.connections) {
    const sources = [{ edition, anchor: entry.anchor }];
    const section: Section = { connection: entry.id, sources, entry };
    // HTTP and HTTPS go to the serving role only; it does not call back over them.
    const back =
      entry.direction === 'two-way' ? entry.ports.filter(({ scheme }) => scheme === undefined) : [];
    for (const pair of pairsOf(entry, parties)) {
      add(pair, entry.ports, section);
      if (entry.icmp) addEcho(pair, section);
      if (back.length > 0) add({ from: pair.to, to: pair.from }, back, section);
    }
  }
  for (const pair of installationPairs(catalog, parties)) {
    const sources = [{ edition, anchor: pair.anchor }];
    const section: Section = { connection: pair.connection, sources, phase: 'installation' };
    add(pair, pair.rows, section);
    if (pair.icmp) addEcho(pair, section);
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

function flowOf({ from, to }: Pair, offer: Offer, section: Section): Flow {
  const { row, protocol, ports, dynamicRpc } = offer;
  return {
    from: from.endpoint,
    to: to.endpoint,
    protocol,
    ports,
    dynamicRpc: dynamicRpc ? true : undefined,
    service: row.service,
    connection: section.connection,
    phase: section.phase ?? row.phase,
    sources: section.sources,
    entry: section.entry,
    fromRole: from.role,
    toRole: to.role,
  };
}

function echoOf(from: Party, to: Party, section: Section): Flow {
  return {
    from: from.endpoint,
    to: to.endpoint,
    protocol: 'icmp',
    ports: [],
    dynamicRpc: undefined,
    service: ECHO,
    connection: section.connection,
    phase: section.phase ?? 'operation',
    sources: section.sources,
    entry: section.entry,
    fromRole: from.role,
    toRole: to.role,
  };
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
