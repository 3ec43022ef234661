// Topology and catalog to flows: pairs from the pairing rules, ports from the rows and
// the target's own settings, then one order and no repetition.
import { catalogOf } from '../catalog/index.ts';
import type { Connection, Edition, Phase, PortRow } from '../catalog/types.ts';
import type { Topology } from '../topology/model.ts';
import type { Endpoint, Flow } from './flow.ts';
import { installationPairs } from './installation.ts';
import { applies, type Pair, pairsOf } from './pairing.ts';
import { type Party, partiesOf } from './parties.ts';
import { firstNumber, isDynamic, portsOf } from './ports.ts';

/** What a flow with the protocol `icmp` is for. */
const ECHO = 'ICMP echo request';

/** Where rows come from, and what their flows carry beside ports. */
interface Section {
  readonly connection: string;
  readonly anchor: string;
  /** In place of the rows' own phase. */
  readonly phase?: Phase;
  readonly entry?: Connection;
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
  const flows: Flow[] = [];

  const add = (pair: Pair, rows: readonly PortRow[], section: Section) =>
    addFlows(flows, pair, rows, section, edition, topology);

  for (const entry of catalog.connections) {
    const section: Section = { connection: entry.id, anchor: entry.anchor, entry };
    // HTTP and HTTPS go to the serving role only; it does not call back over them.
    const back =
      entry.direction === 'two-way' ? entry.ports.filter(({ scheme }) => scheme === undefined) : [];
    for (const pair of pairsOf(entry, parties)) {
      add(pair, entry.ports, section);
      if (entry.icmp) addEcho(flows, pair, section, edition);
      if (back.length > 0) add({ from: pair.to, to: pair.from }, back, section);
    }
  }
  for (const pair of installationPairs(catalog, parties)) {
    const section: Section = { connection: pair.connection, anchor: pair.anchor, phase: 'installation' };
    add(pair, pair.rows, section);
    if (pair.icmp) addEcho(flows, pair, section, edition);
  }
  return inOrder(flows);
}

function addFlows(
  flows: Flow[],
  { from, to, uses }: Pair,
  rows: readonly PortRow[],
  { connection, anchor, phase, entry }: Section,
  edition: Edition,
  topology: Topology,
): void {
  if (from.endpoint === to.endpoint && from.endpoint.kind !== 'clients') return;
  if (waitsForSiteServer(from, to)) return;
  for (const row of rows) {
    if ((uses && !uses(row)) || !applies(row, from, to)) continue;
    for (const protocol of ['tcp', 'udp'] as const) {
      const documented = row[protocol];
      if (documented.length === 0) continue;
      flows.push({
        from: from.endpoint,
        to: to.endpoint,
        protocol,
        ports: portsOf(row, documented, to, topology),
        ...(isDynamic(documented) && { dynamicRpc: true }),
        service: row.service,
        connection,
        phase: phase ?? row.phase,
        sources: [{ edition, anchor }],
        entry,
        fromRole: from.role,
        toRole: to.role,
      });
    }
  }
}

function addEcho(flows: Flow[], { from, to }: Pair, section: Section, edition: Edition): void {
  const { connection, anchor, phase, entry } = section;
  flows.push({
    from: from.endpoint,
    to: to.endpoint,
    protocol: 'icmp',
    ports: [],
    service: ECHO,
    connection,
    phase: phase ?? 'operation',
    sources: [{ edition, anchor }],
    entry,
    fromRole: from.role,
    toRole: to.role,
  });
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

/** Sorts flows, and makes one of those that differ in nothing but their source. */
function inOrder(flows: Flow[]): readonly Flow[] {
  const endpointRank = ranks(
    new Set(flows.flatMap(({ from, to }) => [from, to])),
    (a: Endpoint, b: Endpoint) => compareText(a.name, b.name) || compareText(a.kind, b.kind),
  );
  const rank = (endpoint: Endpoint) => endpointRank.get(endpoint) ?? 0;
  const first = ({ ports }: Flow) => firstNumber(ports[0] ?? '0');
  const compare = (a: Flow, b: Flow) =>
    rank(a.from) - rank(b.from) ||
    rank(a.to) - rank(b.to) ||
    compareText(a.protocol, b.protocol) ||
    first(a) - first(b) ||
    compareText(a.connection, b.connection) ||
    comparePorts(a.ports, b.ports) ||
    compareText(a.phase, b.phase) ||
    compareText(a.service, b.service);
  flows.sort(compare);
  const result: Flow[] = [];
  for (const flow of flows) {
    const last = result.at(-1);
    if (last === undefined || compare(last, flow) !== 0) result.push(flow);
    else result[result.length - 1] = { ...last, sources: mergedSources(last, flow) };
  }
  return result;
}

function mergedSources({ sources }: Flow, other: Flow): Flow['sources'] {
  const added = other.sources.filter(
    ({ edition, anchor }) => !sources.some((known) => known.edition === edition && known.anchor === anchor),
  );
  return added.length > 0 ? [...sources, ...added] : sources;
}

function ranks<T>(values: ReadonlySet<T>, compare: (a: T, b: T) => number): ReadonlyMap<T, number> {
  return new Map([...values].sort(compare).map((value, index) => [value, index]));
}

function comparePorts(a: readonly string[], b: readonly string[]): number {
  const length = Math.max(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const [left, right] = [a[index], b[index]];
    if (left === undefined || right === undefined) return left === undefined ? -1 : 1;
    const order = firstNumber(left) - firstNumber(right) || compareText(left, right);
    if (order !== 0) return order;
  }
  return 0;
}

/** By UTF-16 code units: the same on every machine. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
