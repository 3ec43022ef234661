// Topology and catalog to flows: pairs from the pairing rules, ports from the rows and
// the target's own settings, then one order and no repetition. After an edit of some machines
// only what may have changed is worked out again: docs/performance.md.
import { catalogOf } from '../catalog/index.ts';
import type { Connection, Edition, Phase, PortRow } from '../catalog/types.ts';
import { getOrAdd, stepsOf } from '../collections.ts';
import type { Topology } from '../topology/model.ts';
import { holds, serves, virtualMachines } from './conditions.ts';
import type { Flow, Source } from './flow.ts';
import { type Change, changeBetween, type Hierarchy, hierarchyAfter, hierarchyOf } from './hierarchy.ts';
import { type InstallationPair, installationParts, type Part } from './installation.ts';
import { inOrder, isSameFlow, type OrderedFlows, type Place, renewOrder } from './order.ts';
import { type PartyPair, pairingOf } from './pairing.ts';
import type { Party } from './parties.ts';
import { firstPorts, isDynamic, portsOf } from './ports.ts';
import { windowsParts } from './windows.ts';

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
  return foundFlows(topology).flows;
}

/** The flows of a topology, with what is needed to work out those of a later one. */
export interface FoundFlows {
  readonly flows: readonly Flow[];
  /** None where the edition is unknown. */
  readonly work?: Work;
}

interface Work {
  readonly hierarchy: Hierarchy;
  readonly sections: readonly FlowSection[];
  readonly order: OrderedFlows;
}

/** A section of the catalog, or a table: what it goes through, and the flows of each unit that has any. */
interface FlowSection {
  readonly units: (hierarchy: Hierarchy) => readonly object[];
  readonly areSame: (change: Change) => boolean;
  readonly isSame: (unit: object, change: Change) => boolean;
  readonly find: (unit: object, finder: Finder, flows: Flow[]) => void;
  readonly found: Map<object, readonly Flow[]>;
}

/** What an edit did to the flows: those that are no more, and those that are new. All others are the same objects. */
export interface FlowChange {
  readonly gone: readonly Flow[];
  readonly added: readonly Flow[];
}

const changes = stepsOf<readonly Flow[], FlowChange>();

/** What an edit did to the flows of a file; undefined where all may be other objects. */
export function flowChange(before: readonly Flow[], after: readonly Flow[]): FlowChange | undefined {
  return before === after ? NO_CHANGE : changes.get(before, after)?.step;
}

/** The same as {@link computeFlows}, for whoever may ask for the flows of a later topology. */
export function foundFlows(topology: Topology): FoundFlows {
  const { edition } = topology;
  if (edition === undefined) return { flows: [] };
  const hierarchy = hierarchyOf(topology);
  const sections = sectionsOf(edition);
  const finder = finderOf(hierarchy);
  const found: Flow[] = [];
  for (const section of sections) {
    for (const unit of section.units(hierarchy)) {
      const start = found.length;
      section.find(unit, finder, found);
      // Of the length that it has: there are many, and each is kept.
      if (found.length > start) section.found.set(unit, found.slice(start));
    }
  }
  const order = inOrder(found);
  return { flows: order.flows, work: { hierarchy, sections, order } };
}

/**
 * The flows of a topology that an edit made of an earlier one. Where that changed some servers and client groups alone,
 * flows that are the same are the same objects; else all are worked out anew.
 * @param earlier the flows of before, which are used up
 * @returns with what is different; without it where all are other objects
 */
export function flowsAfter(
  earlier: FoundFlows,
  topology: Topology,
): { readonly found: FoundFlows; readonly change?: FlowChange } {
  return renewedFlows(earlier, topology) ?? { found: foundFlows(topology) };
}

/** The flows of a topology that says of machines what the one before it said. */
export function sameFlows({ flows, work }: FoundFlows, topology: Topology): FoundFlows {
  return { flows, ...(work && { work: { ...work, hierarchy: hierarchyAfter(work.hierarchy, topology) } }) };
}

const NO_FLOWS: readonly Flow[] = [];
const NO_PORTS: readonly string[] = [];
const PROTOCOLS = ['tcp', 'udp'] as const;
const NO_CHANGE: FlowChange = { gone: [], added: [] };

function renewedFlows({ work }: FoundFlows, topology: Topology): ReturnType<typeof flowsAfter> | undefined {
  const change = work && changeBetween(work.hierarchy, topology);
  if (work === undefined || change === undefined) return undefined;
  const { sections } = work;
  const hierarchy = change.after;
  const finder = finderOf(hierarchy);
  const gone = new Set<Flow>();
  const added = new Set<Flow>();
  const { unitsGone, unitsAdded } = change;
  for (const { units, areSame, isSame, find, found } of sections) {
    for (const unit of unitsGone) {
      for (const flow of found.get(unit) ?? NO_FLOWS) gone.add(flow);
      found.delete(unit);
    }
    const all = units(hierarchy);
    const isNew = new Set(unitsAdded.filter((unit) => all.includes(unit)));
    for (const unit of areSame(change) ? isNew : all) {
      if (!isNew.has(unit) && isSame(unit, change)) continue;
      const before = found.get(unit) ?? NO_FLOWS;
      const flows = withKept(flowsOf({ find }, unit, finder), before);
      const now = new Set(flows);
      for (const flow of before) if (!now.has(flow)) gone.add(flow);
      const known = new Set(before);
      for (const flow of flows) if (!known.has(flow)) added.add(flow);
      if (flows.length > 0) found.set(unit, flows);
      else found.delete(unit);
    }
  }
  const renewed = renewOrder(work.order, gone, added, (wanted) => placesOf(sections, hierarchy, wanted));
  if (renewed === undefined) return undefined;
  const { order } = renewed;
  const flowChange = { gone: renewed.gone, added: renewed.added };
  changes.set(work.order.flows, order.flows, flowChange);
  return { found: { flows: order.flows, work: { hierarchy, sections, order } }, change: flowChange };
}

/** Where some flows come in the order in which sections find them. */
function placesOf(
  sections: readonly FlowSection[],
  hierarchy: Hierarchy,
  wanted: ReadonlySet<Flow>,
): ReadonlyMap<Flow, Place> {
  const places = new Map<Flow, Place>();
  for (const [section, { units, found }] of sections.entries()) {
    let number = 0;
    for (const unit of units(hierarchy)) {
      for (const [index, flow] of (found.get(unit) ?? NO_FLOWS).entries())
        if (wanted.has(flow)) places.set(flow, [section, number, index]);
      number++;
    }
  }
  return places;
}

/** The flows that a unit has now, with those objects that it had before for what is the same. */
function withKept(flows: readonly Flow[], before: readonly Flow[]): readonly Flow[] {
  let next = 0;
  return flows.map((flow) => {
    for (let at = next; at < before.length; at++) {
      const known = before[at];
      if (known === undefined || !isSameFlow(known, flow)) continue;
      next = at + 1;
      return known;
    }
    return flow;
  });
}

function flowsOf({ find }: Pick<FlowSection, 'find'>, unit: object, finder: Finder): readonly Flow[] {
  const flows: Flow[] = [];
  find(unit, finder, flows);
  return flows.slice();
}

/** The sections of a catalog, in its order, in which nothing has been found. */
function sectionsOf(edition: Edition): readonly FlowSection[] {
  const catalog = catalogOf(edition);
  const sections: FlowSection[] = [];
  for (const entry of [...catalog.connections, ...catalog.supplements]) {
    const sources = [{ edition, document: entry.document, anchor: entry.anchor }];
    const section: Section = { connection: entry.id, sources, entry };
    // HTTP and HTTPS go to the serving role only; it does not call back over them.
    const back =
      entry.direction === 'two-way' ? entry.ports.filter(({ scheme }) => scheme === undefined) : [];
    const { units, pairs, areSame, isSame } = pairingOf(entry);
    sections.push({
      units: (hierarchy) => units(hierarchy, entry),
      areSame: (change) => areSame(change, entry),
      isSame: (unit, change) => isSame(unit, change, entry),
      find(unit, finder, flows) {
        for (const pair of pairs(unit, finder.hierarchy, entry)) {
          add(finder, pair, entry.ports, section, flows);
          if (entry.icmp && !pair.quiet) flows.push(echoOf(pair, section));
          if (back.length > 0) add(finder, reversed(pair), back, section, flows);
        }
      },
      found: new Map(),
    });
  }
  for (const part of installationParts(catalog)) sections.push(sectionFrom(part, edition, 'installation'));
  for (const part of windowsParts(catalog)) sections.push(sectionFrom(part, edition, 'windows'));
  return sections;
}

function sectionFrom(
  { units, pairs, areSame, isSame }: Part<InstallationPair>,
  edition: Edition,
  phase: Phase,
): FlowSection {
  // The same objects each time, by which equal flows are known.
  const sections = new Map<string, Section>();
  let last: Section | undefined;
  const sectionOf = ({ connection, document, anchor }: InstallationPair): Section => {
    const [source] = last?.sources ?? [];
    // Pairs of one table come in a row.
    if (last?.connection !== connection || source?.document !== document || source.anchor !== anchor)
      last = getOrAdd(sections, `${connection} ${document} ${anchor}`, () => ({
        connection,
        sources: [{ edition, document, anchor }],
        phase,
      }));
    return last;
  };
  return {
    units,
    areSame,
    isSame,
    find(unit, finder, flows) {
      for (const pair of pairs(unit, finder.hierarchy)) {
        const section = sectionOf(pair);
        add(finder, pair, pair.rows, section, flows);
        if (pair.icmp) flows.push(echoOf(pair, section));
      }
    },
    found: new Map(),
  };
}

/** A pair the other way round: written out, as there are thousands. */
function reversed({ from, to, uses, anyOf, twoWays, optional, without, place, peer }: PartyPair): PartyPair {
  return { from: to, to: from, uses, anyOf, twoWays, optional, without, place, peer };
}

/** What is needed to find flows. */
interface Finder {
  readonly hierarchy: Hierarchy;
  readonly offersOf: (rows: readonly PortRow[], to: Party) => readonly Offer[];
}

function finderOf(hierarchy: Hierarchy): Finder {
  return { hierarchy, offersOf: offers(hierarchy.parties.topology) };
}

/** Adds the flows of a pair for rows. */
function add(
  { hierarchy: { parties }, offersOf }: Finder,
  pair: PartyPair,
  rows: readonly PortRow[],
  section: Section,
  flows: Flow[],
): void {
  const { from, to, uses } = pair;
  if (from.endpoint === to.endpoint && from.endpoint.kind !== 'clients') return;
  if (waitsForSiteServer(from, to)) return;
  const proxy = to.endpoint.kind === 'cloud' ? parties.proxy(from) : undefined;
  for (const offer of offersOf(rows, to)) {
    const { row } = offer;
    if ((uses !== undefined && !uses(row)) || !holds(row.when, pair, parties.topology)) continue;
    if (proxy === undefined || !row.proxy) {
      flows.push(flowOf(pair, to, offer, portsFor(from, offer), section));
    } else if (proxy !== 'unknown' && proxy.party.endpoint.name !== from.endpoint.name) {
      flows.push(flowOf(pair, proxy.party, offer, [String(proxy.port)], section));
    }
  }
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
      offers = offersBy(to, rows, topology);
      byTarget.set(to, offers);
    }
    return offers;
  };
}

function offersBy(to: Party, rows: readonly PortRow[], topology: Topology): readonly Offer[] {
  const offers: Offer[] = [];
  for (const row of rows) {
    if (row.noFlow !== undefined || !serves(row.scheme, to)) continue;
    for (const protocol of PROTOCOLS) {
      const documented = row[protocol];
      if (documented.length === 0) continue;
      const ports = portsOf(row, documented, to, topology);
      offers.push({ row, protocol, ports, dynamicRpc: isDynamic(documented) });
    }
  }
  return offers;
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

/** A flow of the protocol ICMP. */
function echoOf(pair: PartyPair, section: Section): Flow {
  return flowOf(pair, pair.to, { row: ECHO, protocol: 'icmp', dynamicRpc: false }, NO_PORTS, section);
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
