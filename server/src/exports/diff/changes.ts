// What two versions of a topology need of the network, compared: the change request. Pure.
import type { Edition, Phase } from '../../catalog/types.ts';
import type { Flow } from '../../flows/flow.ts';
import { difference, type PortSet, portTexts, union } from '../../reach/ports.ts';
import { reach } from '../../reach/reach.ts';
import { portsOfFlow } from '../../reach/rule-ports.ts';
import { counted } from '../../text/count.ts';
import type { Topology } from '../../topology/model.ts';
import { networkText } from '../firewall/address.ts';
import { legsIn, type RuleMachine } from '../firewall/rules.ts';
import { needText, sourceText } from '../flows-report.ts';
import { type Passing, type Passings, passings } from './passing.ts';

/** One of the two topologies. */
export interface Version {
  /** As the user named it. */
  readonly file: string;
  readonly edition: Edition;
  readonly topology: Topology;
  readonly flows: readonly Flow[];
}

/** A flow as one of the versions has it. */
export interface FlowVersion {
  readonly ports: readonly string[];
  /** The zones as written; undefined where a machine has none. */
  readonly fromZone: string | undefined;
  readonly toZone: string | undefined;
  readonly fromAddress: readonly string[];
  readonly toAddress: readonly string[];
  readonly documents: readonly string[];
}

export interface Change {
  readonly change: 'added' | 'removed' | 'changed';
  readonly from: string;
  readonly to: string;
  /** The firewalls between the two zones, in the order of the way. */
  readonly firewalls: readonly string[];
  readonly protocol: Flow['protocol'];
  readonly service: string;
  readonly connection: string;
  readonly phase: Phase;
  /** There is another way without it. */
  readonly optional: boolean;
  /** The choice that it belongs to: one of it is enough. */
  readonly anyOf: string | undefined;
  /** Undefined for an added flow. */
  readonly old: FlowVersion | undefined;
  /** Undefined for a removed flow. */
  readonly new: FlowVersion | undefined;
  /** The ports that nothing between these addresses needed before; `echo request` for ICMP. */
  readonly open: readonly string[];
  /** The ports that nothing between these addresses needs any more. */
  readonly close: readonly string[];
}

/** A version as the change request names it. */
export interface Compared extends Pick<Version, 'file' | 'edition'> {
  /** What the file, else the settings file, says: an edition or a version. */
  readonly configmgr: string | undefined;
}

export interface Diff {
  readonly old: Compared;
  readonly new: Compared;
  /** By zone pair, then by machines, protocol, service and what changed. */
  readonly changes: readonly Change[];
  /** What changed firewalls newly stop or let through. */
  readonly passing: Passings;
}

/** A flow with what a firewall sees of it. */
interface Seen {
  readonly flow: Flow;
  readonly side: FlowVersion;
  readonly firewalls: readonly string[];
  /** The two ends by their zones and addresses, and the protocol. */
  readonly way: string;
}

/**
 * The flows that only one version has, and those whose ports or addresses differ between the same machines
 * for the same service. Which connection of the catalog asks for a flow makes no difference: traffic that
 * stays the same is no change. Names are compared without regard to case.
 */
export function diffFlows(before: Version, after: Version): Diff {
  const [olds, news] = [seen(before), seen(after)];
  const [neededBefore, neededAfter] = [needs(olds), needs(news)];
  const left = { olds: new Set(olds), news: new Set(news) };
  const pairs: (readonly [Seen, Seen])[] = [];
  const both = new Map<Flow, Flow>();
  for (const key of [exactKey, trafficKey, serviceKey]) {
    const waiting = new Map<string, Seen[]>();
    for (const each of left.olds) {
      const list = waiting.get(key(each));
      if (list) list.push(each);
      else waiting.set(key(each), [each]);
    }
    for (const each of left.news) {
      const match = waiting.get(key(each))?.shift();
      if (match === undefined) continue;
      left.olds.delete(match);
      left.news.delete(each);
      if (!both.has(each.flow)) both.set(each.flow, match.flow);
      if (key === serviceKey) pairs.push([match, each]);
    }
  }
  const change = (old: Seen | undefined, fresh: Seen | undefined): readonly Change[] => {
    const shown = fresh ?? old;
    if (shown === undefined) return [];
    const { flow, firewalls } = shown;
    return [
      {
        change: old === undefined ? 'added' : fresh === undefined ? 'removed' : 'changed',
        from: flow.from.name,
        to: flow.to.name,
        firewalls,
        protocol: flow.protocol,
        service: flow.service,
        connection: flow.connection,
        phase: flow.phase,
        optional: flow.optional ?? false,
        anyOf: flow.anyOf,
        old: old?.side,
        new: fresh?.side,
        open: fresh ? only(fresh, neededBefore) : [],
        close: old ? only(old, neededAfter) : [],
      },
    ];
  };
  const changes = [
    ...[...left.olds].flatMap((old) => change(old, undefined)),
    ...[...left.news].flatMap((fresh) => change(undefined, fresh)),
    ...pairs.flatMap(([old, fresh]) => change(old, fresh)),
  ].sort(inOrder);
  const about = ({ file, edition, topology }: Version) => ({
    file,
    edition,
    configmgr: topology.configmgrWritten,
  });
  const shared = [...both].map(([fresh, old]) => [old, fresh] as const);
  return {
    old: about(before),
    new: about(after),
    changes,
    passing: passings(before, after, shared),
  };
}

function seen({ topology, flows }: Version): readonly Seen[] {
  const legs = legsIn(topology);
  const { crossed } = reach(topology);
  const texts = new Map<RuleMachine, readonly string[]>();
  const addressOf = (machine: RuleMachine) => {
    let known = texts.get(machine);
    if (known === undefined) {
      known = machine.addresses === 'internet' ? ['internet'] : machine.addresses.map(networkText);
      texts.set(machine, known);
    }
    return known;
  };
  return flows.flatMap((flow) => {
    const documents = flow.sources.map(sourceText);
    return legs(flow).map(({ from, to }) => {
      const [fromAddress, toAddress] = [addressOf(from), addressOf(to)];
      const zones = [from, to].map(({ zone }) => zone?.toLowerCase());
      const here = [from, to].flatMap(({ zone }) => zone ?? []);
      return {
        flow,
        side: { ports: flow.ports, fromZone: from.zone, toZone: to.zone, fromAddress, toAddress, documents },
        firewalls: crossed(flow.from, flow.to, here).map(({ name }) => name),
        way: JSON.stringify([...endsOf(flow), flow.protocol, ...zones, fromAddress, toAddress]),
      };
    });
  });
}

function endsOf({ from, to }: Flow): readonly string[] {
  return [from.name.toLowerCase(), to.name.toLowerCase()];
}

function exactKey(each: Seen): string {
  return JSON.stringify([trafficKey(each), each.flow.service, each.flow.connection]);
}

/** Traffic is the same for the network, whatever asks for it. */
function trafficKey({ way, flow }: Seen): string {
  return JSON.stringify([way, flow.ports, flow.phase]);
}

function serviceKey({ flow }: Seen): string {
  return JSON.stringify([...endsOf(flow), flow.protocol, flow.service, flow.phase]);
}

/** All ports needed on each way. */
function needs(all: readonly Seen[]): ReadonlyMap<string, PortSet> {
  const found = new Map<string, PortSet>();
  for (const { way, flow } of all) found.set(way, union(found.get(way) ?? [], portsOfFlow(flow)));
  return found;
}

/** The ports of a flow that its way does not need in the other version. */
function only({ way, flow }: Seen, other: ReadonlyMap<string, PortSet>): readonly string[] {
  const ports = difference(portsOfFlow(flow), other.get(way) ?? []);
  return flow.protocol === 'icmp' ? ports.map(() => 'echo request') : portTexts(ports);
}

/** The side that is shown: the new one, and of a removed flow the old one. */
export function now(change: Change): FlowVersion | undefined {
  return change.new ?? change.old;
}

const ORDER = { removed: 0, changed: 1, added: 2 } as const;

function inOrder(a: Change, b: Change): number {
  return (
    compare(now(a)?.fromZone ?? '', now(b)?.fromZone ?? '') ||
    compare(now(a)?.toZone ?? '', now(b)?.toZone ?? '') ||
    compare(a.from, b.from) ||
    compare(a.to, b.to) ||
    compare(a.protocol, b.protocol) ||
    ORDER[a.change] - ORDER[b.change] ||
    firstPort(a) - firstPort(b) ||
    compare(a.service, b.service) ||
    compare(a.phase, b.phase) ||
    compare(portsKey(a), portsKey(b)) ||
    compare(a.connection, b.connection)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function firstPort(change: Change): number {
  return Number.parseInt(now(change)?.ports[0] ?? '', 10) || 65536;
}

function portsKey(change: Change): string {
  return JSON.stringify([change.old?.ports, change.new?.ports]);
}

/** `hq to perimeter, through edge`; where a zone has no name, `no zone`. */
function groupTitle(change: Change, shown: (name: string) => string): string {
  const { fromZone, toZone } = now(change) ?? {};
  const zone = (name: string | undefined) => (name === undefined ? 'no zone' : shown(name));
  const [from, to] = [zone(fromZone), zone(toZone)];
  const way = from === to && fromZone !== undefined ? `Within ${from}` : `${from} to ${to}`;
  return change.firewalls.length === 0 ? way : `${way}, through ${change.firewalls.map(shown).join(', ')}`;
}

/** What changed at the firewalls, one row for each service and ports: what reads the same is one row. */
export interface PassingRow {
  readonly effect: Passing['effect'];
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly ports: string;
  readonly firewalls: string;
  readonly service: string;
  readonly phase: string;
}

const EFFECTS = ['breaks', 'unblocks', 'opens'] as const;
/** So many sources are named in one row. */
const MOST_SOURCES = 4;

/**
 * The rows for what firewalls newly stop or let through, those that break something first. Sources of the same traffic
 * to one machine share a row.
 * @param shown how a name of the file is written
 */
export function passingRows(
  { passing }: Diff,
  shown: (name: string) => string = (name) => name,
): readonly PassingRow[] {
  const found = new Map<string, { readonly row: PassingRow; readonly sources: Set<string> }>();
  for (const { effect, from, to, protocol, ports, firewalls, service = '', phase = '' } of passing.all) {
    const row = {
      effect,
      from: '',
      to: shown(to),
      protocol,
      ports: ports.join(', '),
      firewalls: firewalls.map(shown).join(', '),
      service: service || 'nobody',
      phase,
    };
    const key = JSON.stringify(row);
    const known = found.get(key);
    if (known) known.sources.add(from);
    else found.set(key, { row, sources: new Set([from]) });
  }
  return [...found.values()]
    .map(({ row, sources }) => {
      const names = [...sources].slice(0, MOST_SOURCES).map(shown);
      const more = sources.size - names.length;
      return { ...row, from: `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}` };
    })
    .sort(
      (a, b) =>
        EFFECTS.indexOf(a.effect) - EFFECTS.indexOf(b.effect) ||
        compare(a.to, b.to) ||
        compare(a.from, b.from) ||
        compare(a.protocol, b.protocol) ||
        compare(a.ports, b.ports) ||
        compare(a.service, b.service),
    );
}

/** How many connections each effect has: pairs of machines with a service, of what is opened pairs with a protocol. */
export function passingCounts({ passing }: Diff): Readonly<Record<Passing['effect'], number>> {
  const counts = { breaks: new Set<string>(), unblocks: new Set<string>(), opens: new Set<string>() };
  for (const { effect, from, to, protocol, ports, service, phase } of passing.all)
    counts[effect].add(JSON.stringify([from, to, protocol, effect === 'opens' ? [] : ports, service, phase]));
  return { breaks: counts.breaks.size, unblocks: counts.unblocks.size, opens: counts.opens.size };
}

/**
 * `Firewalls: breaks 14 connections, opens 3 that nobody uses`, or that they do neither; undefined where no firewall
 * differs.
 */
export function passingText(diff: Diff): string | undefined {
  const { breaks, unblocks, opens } = passingCounts(diff);
  const { isChanged, unjudged, isPartial } = diff.passing;
  const parts = [
    ...(breaks > 0 ? [`breaks ${counted(breaks, 'connection')}`] : []),
    ...(unblocks > 0 ? [`unblocks ${counted(unblocks, 'connection')}`] : []),
    ...(opens > 0 ? [`opens ${opens} that nobody uses`] : []),
    ...(unjudged > 0 ? [`${counted(unjudged, 'connection')} cannot be judged`] : []),
    ...(isPartial ? ['what is opened for nobody was not worked out: too many machines'] : []),
  ];
  if (!isChanged) return undefined;
  return `Firewalls: ${parts.length === 0 ? 'breaks nothing, opens nothing' : parts.join(', ')}`;
}

/** A change in words. */
export interface ChangeRow {
  readonly change: Change['change'];
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly ports: string;
  /** What the firewalls have to do. */
  readonly work: string;
  readonly service: string;
  readonly phase: string;
  /** `optional`, `one of distribution points of pcs1`; empty for what is needed of its own. */
  readonly need: string;
}

/** Changes between the same zones. */
export interface ChangeGroup {
  readonly title: string;
  readonly rows: readonly ChangeRow[];
}

/**
 * The changes in their order. Several sections of the port documents may ask for a flow: what reads the same is one row.
 * @param shown how a name of the file is written; all other texts are ours
 */
export function groups(
  { changes }: Diff,
  shown: (name: string) => string = (name) => name,
): readonly ChangeGroup[] {
  const found = new Map<string, Map<string, ChangeRow>>();
  for (const change of changes) {
    const title = groupTitle(change, shown);
    const rows = found.get(title) ?? new Map<string, ChangeRow>();
    const row: ChangeRow = {
      change: change.change,
      from: machineChange(change, 'from', shown),
      to: machineChange(change, 'to', shown),
      protocol: change.protocol,
      ports: portChange(change),
      work: workText(change),
      service: change.service,
      phase: change.phase,
      need: needText(change),
    };
    rows.set(JSON.stringify(row), row);
    found.set(title, rows);
  }
  return [...found].map(([title, rows]) => ({ title, rows: [...rows.values()] }));
}

/** `1433`, `1433 -> 14330`; `echo request` for ICMP. */
function portChange({ protocol, old, new: fresh }: Change): string {
  if (protocol === 'icmp') return 'echo request';
  const [before, after] = [old?.ports.join(', '), fresh?.ports.join(', ')];
  if (before === undefined || after === undefined || before === after) return after ?? before ?? '';
  return `${before} -> ${after}`;
}

/** `sql01 (10.0.0.1 -> 10.0.0.2)`: a machine, and its zone and addresses where they differ. */
function machineChange(change: Change, end: 'from' | 'to', shown: (name: string) => string): string {
  const { old, new: fresh } = change;
  const name = shown(change[end]);
  if (old === undefined || fresh === undefined) return name;
  const zone = (written: string | undefined) => (written === undefined ? 'no zone' : shown(written));
  const places = (side: FlowVersion) =>
    end === 'from'
      ? [zone(side.fromZone), side.fromAddress.join(', ') || 'no address']
      : [zone(side.toZone), side.toAddress.join(', ') || 'no address'];
  const after = places(fresh);
  const moves = places(old).flatMap((was, index) =>
    was.toLowerCase() === after[index]?.toLowerCase() ? [] : `${was} -> ${after[index]}`,
  );
  return moves.length === 0 ? name : `${name} (${moves.join(', ')})`;
}

/** `open 14330, close 1433`; `nothing` where other flows need, or needed, the same. */
function workText({ open, close }: Change): string {
  const work = [
    ...(open.length > 0 ? [`open ${open.join(', ')}`] : []),
    ...(close.length > 0 ? [`close ${close.join(', ')}`] : []),
  ];
  return work.length === 0 ? 'nothing' : work.join('; ');
}

/** `2 flows added, 1 removed, 1 changed`; `No flow differs`. */
export function changesSummary(shown: readonly ChangeGroup[]): string {
  if (shown.length === 0) return 'No flow differs';
  const count = (kind: Change['change']) =>
    shown.reduce((sum, { rows }) => sum + rows.filter(({ change }) => change === kind).length, 0);
  return `${counted(count('added'), 'flow')} added, ${count('removed')} removed, ${count('changed')} changed`;
}
