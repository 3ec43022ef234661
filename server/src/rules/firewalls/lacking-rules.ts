// What one rule has to let through, for the findings about blocked traffic, and all rules that a firewall lacks.
import { serviceName } from '../../catalog/index.ts';
import { serviceKey, serviceNames } from '../../catalog/names.ts';
import { getOrAdd, groupBy, memo } from '../../collections.ts';
import type { TextEdit } from '../../edits/text-edit.ts';
import { type Endpoint, type Flow, zonesOf } from '../../flows/flow.ts';
import { language, t } from '../../l10n.ts';
import { addressRange, joinedRanges, networksOf, rangesWithout } from '../../reach/addresses.ts';
import { coversEnds } from '../../reach/cover.ts';
import { rangesOfEndpoint } from '../../reach/matching.ts';
import {
  difference,
  formatPorts,
  intersection,
  isEmpty,
  NO_PORTS,
  type PortSet,
  portTexts,
  union,
} from '../../reach/ports.ts';
import { ECHO, PROTOCOLS } from '../../reach/rule-ports.ts';
import { lookup } from '../../topology/effective.ts';
import type { Firewall, FirewallRule, Policy } from '../../topology/model.ts';
import { answersTo, blockAt, isTftp } from '../clients/tftp-reply-ports.ts';
import { echoFlow, partsOf, usesWakeUpProxy } from '../clients/wake-up-proxy-icmp.ts';
import type { RuleContext } from '../rule.ts';
import { type Stopped, stoppedFlows } from './blocked-flows.ts';
import { addRules, endName, type Opening } from './firewall-fixes.ts';
import { forbiddenOf, internetZones } from './forbidden.ts';
import { mistakenFlows } from './mistaken-flows.ts';
import { bundled, type OpeningPair } from './openings.ts';

/** What has to get through between two ends. */
export interface Lack extends OpeningPair {
  readonly ports: Readonly<
    Record<Flow['protocol'], readonly { readonly low: number; readonly high: number }[]>
  >;
  readonly stopped: readonly Stopped[];
}

/** Two ends, and what of a flow is stopped between them. */
interface StoppedPair extends OpeningPair {
  readonly missing: PortSet;
}

/** The names of a rule for the two ends of a flow, each with the machine, in one zone where that matters. */
function wordsFor({ flow, block }: Stopped, context: RuleContext): readonly StoppedPair[] {
  const { from, to, zones, protocol } = flow;
  const { topology } = context;
  const missing = protocol === 'icmp' ? ECHO : block.missing;
  const outside = internetZones(topology);
  // The name of a group that is also on the internet would mean its clients there, too.
  const isInAndOut = (end: Endpoint) =>
    end.clients !== undefined && zonesOf(end).length > 1 && zonesOf(end).some((zone) => outside.has(zone));
  if (!(isInAndOut(from) && to.server) && !(isInAndOut(to) && from.server))
    return [{ from, to, fromWord: endName(from), toWord: endName(to), missing }];
  const reach = context.reach();
  const word = (end: Endpoint, whole: Endpoint) => {
    const zone = isInAndOut(whole) && end.zone !== undefined ? lookup(topology.zones, end.zone) : undefined;
    return zone?.name ?? endName(whole);
  };
  const all = reach
    .pairs(from, to, zones)
    .filter(([source, target]) => reach.between(source, target)?.includes(block.firewall) !== false)
    .map(([source, target]) => {
      const verdict = reach.judge({ from: source, to: target, protocol, ports: missing });
      const own = verdict.kind === 'blocked' && verdict.blocks.find((one) => one.firewall === block.firewall);
      return {
        pair: { from: source, to: target, fromWord: word(source, from), toWord: word(target, to), missing },
        // Of its clients in some zones it may be let through, and stopped of the others.
        stopped:
          verdict.kind === 'unchecked' || (own && protocol === 'icmp')
            ? missing
            : own
              ? own.missing
              : NO_PORTS,
      };
    });
  const stopped = all.filter((one) => !isEmpty(one.stopped));
  return stopped.length === 0
    ? all.map(({ pair }) => pair)
    : stopped.map((one) => ({ ...one.pair, missing: one.stopped }));
}

/**
 * What some stopped traffic lacks, by the two ends that a rule would name, in the order in which they come. The answers
 * of a TFTP server belong to it: to let the request through alone would be of no use.
 */
export function lacksOf(stopped: Iterable<Stopped>, context: RuleContext): readonly Lack[] {
  const found = new Map<
    string,
    { pair: OpeningPair; stopped: Stopped[]; ports: Record<Flow['protocol'], Lack['ports']['tcp']> }
  >();
  for (const one of stopped) {
    const { flow, block } = one;
    for (const { missing, ...pair } of wordsFor(one, context)) {
      const lack = getOrAdd(found, `${pair.fromWord}\n${pair.toWord}`.toLowerCase(), () => ({
        pair,
        stopped: [],
        ports: { tcp: NO_PORTS, udp: NO_PORTS, icmp: NO_PORTS },
      }));
      lack.stopped.push(one);
      lack.ports[flow.protocol] = union(lack.ports[flow.protocol], missing);
      if (isTftp(flow)) {
        const { further } = answersTo(flow, context.topology);
        if (blockAt(further, block.firewall, context)) lack.ports.udp = union(lack.ports.udp, further.ports);
      }
    }
  }
  return [...found.values()].map(({ pair, stopped, ports }) => ({ ...pair, stopped, ports }));
}

/** Whether no fix may let all of it through a firewall. */
export function isForbidden(lack: Lack, firewall: Firewall, context: RuleContext): boolean {
  return forbiddenOf(wordsOf([lack]), lack.ports, firewall, context) !== undefined;
}

/** What of a lack a fix may let through a firewall. */
function allowedOf(lack: Lack, firewall: Firewall, context: RuleContext): Lack['ports'] {
  const forbidden = forbiddenOf(wordsOf([lack]), lack.ports, firewall, context);
  return forbidden ? without(lack.ports, forbidden.ports) : lack.ports;
}

function without(ports: Lack['ports'], others: Lack['ports']): Lack['ports'] {
  const less = (protocol: Flow['protocol']) => difference(ports[protocol], others[protocol]);
  return { tcp: less('tcp'), udp: less('udp'), icmp: less('icmp') };
}

const isNothing = (ports: Lack['ports']) => PROTOCOLS.every((protocol) => isEmpty(ports[protocol]));

function wordsOf(pairs: readonly OpeningPair[]): Pick<Opening, 'from' | 'to'> {
  return { from: pairs.map(({ fromWord }) => fromWord), to: pairs.map(({ toWord }) => toWord) };
}

/** Equal for what the same words of a rule let through. */
export function portsKey({ ports }: Pick<Lack, 'ports'>): string {
  return PROTOCOLS.map((protocol) => formatPorts(ports[protocol])).join(' ');
}

/** The rule that lets some lacks of the same ports through. */
export function openingFor(ends: Pick<Opening, 'from' | 'to'>, { ports }: Pick<Lack, 'ports'>): Opening {
  return { from: ends.from, to: ends.to, tcp: ports.tcp, udp: ports.udp, icmp: !isEmpty(ports.icmp) };
}

/**
 * The rules that let some stopped traffic through a firewall, as few as come easily; none where one of them would let
 * through what must not be.
 */
export function openingsOf(
  stopped: readonly Stopped[],
  firewall: Firewall,
  context: RuleContext,
): readonly Opening[] {
  const lacks = lacksOf(stopped, context);
  if (lacks.some((lack) => isForbidden(lack, firewall, context))) return [];
  return [...groupBy(lacks, portsKey).values()].flatMap((same) =>
    bundled(same, firewall, context.reach()).map((bundle) => openingFor(bundle, bundle.pairs[0])),
  );
}

/** A name from the documents, without a remark in brackets that would make it long. */
function brief(name: string): string {
  return name.length > 40 ? name.replace(/ \([^()]{20,200}\)$/, '') : name;
}

/** The services of some flows, each once and in one spelling everywhere. */
export function servicesOf(flows: Iterable<Flow>): readonly string[] {
  const names = new Map<string, string>();
  for (const { service } of flows) {
    const key = serviceKey(service);
    const known = names.get(key);
    if (known === undefined || service.length < known.length) names.set(key, service);
  }
  const all = serviceNames();
  return [...names].map(([key, service]) =>
    brief(serviceName(all.get(key)?.names.en ?? service, language())),
  );
}

/** The rules that a firewall lacks, in the order in which they are to be. */
export interface LackingRules {
  readonly openings: readonly Opening[];
  /** The first rules that deny some of it; undefined where none does. */
  readonly deniers: ReadonlySet<FirewallRule | undefined>;
  /** What no rule may let through, with the policies that rule it out; without one it is about the internet. */
  readonly refused: readonly { readonly lack: Lack; readonly policies: readonly Policy[] }[];
}

const PHASES = ['operation', 'installation', 'windows'] as const;

/** How the rules of each phase are described. */
function phaseText(phase: Flow['phase']): string {
  if (phase === 'installation') return t('Installation');
  return phase === 'windows' ? t('Windows itself') : t('Operation');
}

/** Services to name in a description before the rest is only counted. */
const SHOWN = 3;

function descriptionOf(phase: Flow['phase'], lacks: readonly Lack[]): string {
  // What another rule opens already is not what this one is for.
  const isFor = ({ flow, block }: Stopped, ports: Lack['ports']) =>
    !isEmpty(intersection(flow.protocol === 'icmp' ? ECHO : block.missing, ports[flow.protocol]));
  const services = servicesOf(
    lacks.flatMap(({ stopped, ports }) => stopped.filter((one) => isFor(one, ports)).map(({ flow }) => flow)),
  );
  const more = services.length - SHOWN;
  const shown = [...services.slice(0, SHOWN), ...(more > 0 ? [t('{0} more', more)] : [])];
  return shown.length === 0 ? phaseText(phase) : `${phaseText(phase)}: ${shown.join(', ')}`;
}

/**
 * All rules that a firewall lacks, merged where the ports are the same; operation, installation and what Windows
 * itself needs apart. What must never be let through is left out.
 */
export function lackingRules(firewall: Firewall, context: RuleContext): LackingRules {
  return getOrAdd(lackingIn(context.reach()), firewall, () => findLacking(firewall, context));
}

const lackingIn = memo((_: WeakKey) => new Map<Firewall, LackingRules>());

function findLacking(firewall: Firewall, context: RuleContext): LackingRules {
  const reach = context.reach();
  const stopped = [
    ...stoppedFlows(context).all.filter(({ block }) => block.firewall === firewall),
    ...beside(firewall, context),
  ];
  const deniers = new Set<FirewallRule | undefined>();
  const openings: Opening[] = [];
  const refused: LackingRules['refused'][number][] = [];
  const given = new Map<string, Lack['ports']>();
  const byPhase = PHASES.map((phase) => ({
    phase,
    all: lacksOf(
      stopped.filter(({ flow }) => flow.phase === phase),
      context,
    ),
  }));
  const opened = openedToZones(
    byPhase.flatMap(({ all }) => all),
    firewall,
    context,
  );
  const openedWider = openedToWider(byPhase, firewall, context);
  for (const { phase, all } of byPhase) {
    const lacks = all.flatMap((lack): readonly Lack[] => {
      const key = keyOf(lack.fromWord, lack.toWord);
      const others = [given.get(key), opened(lack), ...openedWider(lack, phase)].flatMap(
        (ports) => ports ?? [],
      );
      const needed = others.reduce(without, lack.ports);
      if (isNothing(needed)) return [];
      // What is refused is told once.
      given.set(key, unionOf(given.get(key), needed));
      const forbidden = forbiddenOf(wordsOf([lack]), needed, firewall, context);
      if (forbidden)
        refused.push({ lack: { ...lack, ports: forbidden.ports }, policies: forbidden.policies });
      // The rest is needed all the same.
      const ports = forbidden ? without(needed, forbidden.ports) : needed;
      if (isNothing(ports)) return [];
      const left = { ...lack, ports };
      for (const { block } of lack.stopped) deniers.add(block.rule);
      return [left];
    });
    for (const same of groupBy(lacks, portsKey).values())
      for (const { from, to, pairs } of bundled(same, firewall, reach)) {
        // Each pair may be let through, and yet what stands for the other pairs of their words may not.
        const isTooMuch = forbiddenOf({ from, to }, pairs[0].ports, firewall, context) !== undefined;
        for (const ends of isTooMuch ? pairs.map((pair) => wordsOf([pair])) : [{ from, to }])
          openings.push({ ...openingFor(ends, pairs[0]), description: descriptionOf(phase, pairs) });
      }
  }
  return { openings, deniers, refused };
}

const keyOf = (from: string, to: string) => `${from}\n${to}`.toLowerCase();

function unionOf(a: Lack['ports'] | undefined, b: Lack['ports']): Lack['ports'] {
  const both = (protocol: Flow['protocol']) => union(a?.[protocol] ?? NO_PORTS, b[protocol]);
  return { tcp: both('tcp'), udp: both('udp'), icmp: both('icmp') };
}

/** Answers what a client group needs no rule of its own for, because its whole zone is let through. */
function openedToZones(
  lacks: readonly Lack[],
  firewall: Firewall,
  context: RuleContext,
): (lack: Lack) => Lack['ports'] | undefined {
  const { zones } = context.topology;
  const opened = new Map<string, Lack['ports']>();
  for (const lack of lacks) {
    const key = keyOf(lack.fromWord, lack.toWord);
    if (lookup(zones, lack.fromWord))
      opened.set(key, unionOf(opened.get(key), allowedOf(lack, firewall, context)));
  }
  return ({ from, fromWord, toWord }) => {
    const [zone, ...others] = zonesOf(from);
    if (opened.size === 0 || !from.clients || zone === undefined || others.length > 0) return undefined;
    return lookup(zones, fromWord) ? undefined : opened.get(keyOf(zone, toWord));
  };
}

/**
 * Answers what needs no rule of its own, because a rule for others has all addresses of both its ends: those of a server
 * in a network of clients, or a group in the zone of another. What is open only for an installation stands in for
 * nothing that stays.
 */
function openedToWider(
  byPhase: readonly { readonly phase: Flow['phase']; readonly all: readonly Lack[] }[],
  firewall: Firewall,
  context: RuleContext,
): (lack: Lack, phase: Flow['phase']) => readonly Lack['ports'][] {
  const { topology } = context;
  const all = byPhase.flatMap(({ phase, all }) => all.map((lack) => ({ phase, lack })));
  const order = new Map(all.map(({ lack }, index) => [lack, index]));
  const byEnds = groupBy(all, ({ lack }) => keyOf(lack.fromWord, lack.toWord));
  const ends = new Map(
    all.flatMap(({ lack: { from, to, fromWord, toWord } }) => [
      [fromWord.toLowerCase(), from] as const,
      [toWord.toLowerCase(), to] as const,
    ]),
  );
  // A rule that names a zone is for all of it, whichever of its clients it is written for.
  const rangesBehind = (word: string, end: Endpoint) => {
    const zone = lookup(topology.zones, word);
    return zone ? networksOf(zone.networks).map(addressRange) : rangesOfEndpoint(end, topology);
  };
  const ranges = new Map(
    [...ends].map(([word, end]) => [word, joinedRanges(rangesBehind(word, end))] as const),
  );
  const has = (wide: string, narrow: string) => {
    const end = ends.get(narrow);
    // By which of its addresses it is reached is not known here.
    if (!end || end.server?.publicAddresses.length) return false;
    if (zonesOf(end).length > 1) return coversEnds([{ value: wide }], [{ value: narrow }], topology);
    const own = ranges.get(narrow) ?? [];
    return own.length > 0 && rangesWithout(own, ranges.get(wide) ?? []).length === 0;
  };
  const wider = new Map<string, readonly string[]>();
  const holding = (word: string) =>
    getOrAdd(wider, word, () => [...ends.keys()].filter((other) => other === word || has(other, word)));
  return (lack, phase) => {
    const [from, to] = [lack.fromWord.toLowerCase(), lack.toWord.toLowerCase()];
    return holding(from).flatMap((wideFrom) =>
      holding(to).flatMap((wideTo) => {
        if (wideFrom === from && wideTo === to) return [];
        const isEqual = (wideFrom === from || has(from, wideFrom)) && (wideTo === to || has(to, wideTo));
        return (byEnds.get(keyOf(wideFrom, wideTo)) ?? []).flatMap((other) => {
          if (other.phase === 'installation' && phase !== 'installation') return [];
          if (isEqual && (order.get(other.lack) ?? 0) > (order.get(lack) ?? 0)) return [];
          return [allowedOf(other.lack, firewall, context)];
        });
      }),
    );
  };
}

/** What is no flow and yet needed: echo requests of wake-up proxy, and answers to TFTP requests that get through. */
function beside(firewall: Firewall, context: RuleContext): readonly Stopped[] {
  const { topology } = context;
  const reach = context.reach();
  const found: Stopped[] = [];
  const isMistaken = mistakenFlows(context);
  for (const flow of context.flows()) {
    if (!isTftp(flow) || isMistaken(flow) || reach.verdict(flow).kind === 'unchecked') continue;
    const { answers, further } = answersTo(flow, topology);
    for (const traffic of [further, answers]) {
      const block = blockAt(traffic, firewall, context);
      const { from, to, ports } = traffic;
      const { fromRole, toRole, ...rest } = flow;
      if (block)
        found.push({ flow: { ...rest, from, to, ports: portTexts(ports) }, block, need: 'operation' });
    }
  }
  for (const group of topology.clients.values()) {
    if (!usesWakeUpProxy(group)) continue;
    const parts = partsOf(group, topology);
    for (const from of parts)
      for (const to of parts) {
        if (from === to) continue;
        const verdict = reach.judge({ from, to, protocol: 'icmp', ports: ECHO });
        if (verdict.kind !== 'blocked') continue;
        for (const block of verdict.blocks)
          if (block.firewall === firewall) found.push({ flow: echoFlow(from, to), block, need: 'operation' });
      }
  }
  return found;
}

/** The edits that write all rules that a firewall lacks; none where it lacks none or has no place for them. */
export function writeLacking(firewall: Firewall, context: RuleContext): readonly TextEdit[] {
  const { openings, deniers } = lackingRules(firewall, context);
  return openings.length === 0 ? [] : addRules(context, firewall, openings, deniers, { isBlock: true });
}
