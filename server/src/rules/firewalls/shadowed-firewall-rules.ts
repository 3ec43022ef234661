// Which rules of a firewall never decide, as it is and with another rule in it.
// Invariant: the first rule that matches decides.
import { getOrAdd, memo } from '../../collections.ts';
import {
  coverIndex,
  coversEnds,
  coversExtent,
  type Extent,
  extentOf,
  type Words,
} from '../../reach/cover.ts';
import { ruleEnd, type Side } from '../../reach/ends.ts';
import { positionOf } from '../../reach/judge.ts';
import {
  covers,
  difference,
  intersection,
  isEmpty,
  NO_PORTS,
  type PortSet,
  union,
} from '../../reach/ports.ts';
import type { Lineage } from '../../reach/reach.ts';
import {
  type PortsByProtocol,
  PROTOCOLS,
  type Protocol,
  portsOfRule,
  rulePorts,
  unionByProtocol,
} from '../../reach/rule-ports.ts';
import type { Firewall, FirewallRule, Topology, Written } from '../../topology/model.ts';
import type { RuleContext } from '../rule.ts';

type Shadowed = ReadonlyMap<FirewallRule, readonly FirewallRule[]>;

/** What is known of one firewall, brought up to date from one version of a file to the next. */
interface Known {
  readonly rules: readonly FirewallRule[];
  readonly shadowed: Shadowed;
  readonly alike: AlikeRules;
}

const knownIn = memo((_: Lineage) => new Map<string, Known>());

const NONE: Shadowed = new Map();

/** Every rule of a firewall that never decides, with the earlier ones that together match everything that it matches. */
export function shadowedRules(
  firewall: Firewall,
  context: Pick<RuleContext, 'reach' | 'topology'>,
): Shadowed {
  const { rules } = firewall;
  const reach = context.reach();
  if (!reach.isKnown(firewall)) return NONE;
  const known = knownIn(reach.lineage);
  const last = known.get(firewall.id);
  const others = reach.lineage.takeOthers(firewall);
  const before = last?.alike.isWorn(rules.length) ? undefined : last;
  if (before && !before.alike.renew(others, context.topology) && before.rules === rules)
    return before.shadowed;
  const alike = before?.alike ?? alikeRules(context.topology);
  const shadowed = findShadowed(rules, alike, context.topology);
  known.set(firewall.id, { rules, shadowed, alike });
  return shadowed;
}

/** The rules of a firewall by their ends: those of the same ends, which cover the same others, are a group. */
interface AlikeRules {
  /** The number of its group for each rule. */
  groupsOf(rules: readonly FirewallRule[], topology: Topology): readonly number[];
  /** The groups whose ends cover those of one, itself among them. */
  covering(group: number, topology: Topology): readonly number[];
  /**
   * Looks again at the groups with words that mean or cover others than before.
   * @param words in lower case
   * @returns whether any group covers others than before
   */
  renew(words: ReadonlySet<string>, topology: Topology): boolean;
  /** Whether so much of it is of earlier versions that it had better be made anew for so many rules. */
  isWorn(rules: number): boolean;
}

/** What rules of the same ends match together. */
interface Matched {
  readonly positions: number[];
  ports: PortsByProtocol;
}

function findShadowed(rules: readonly FirewallRule[], alike: AlikeRules, topology: Topology): Shadowed {
  const groups = alike.groupsOf(rules, topology);
  const shadowed = new Map<FirewallRule, readonly FirewallRule[]>();
  const soFar: (Matched | undefined)[] = [];
  for (const [position, rule] of rules.entries()) {
    const group = groups[position] as number;
    const ports = portsOfRule(rule, topology);
    const met: Matched[] = [];
    for (const one of alike.covering(group, topology)) {
      const above = soFar[one];
      if (above && meet(ports, above.ports)) met.push(above);
    }
    if (met.length > 0 && PROTOCOLS.every((protocol) => areCovered(protocol, ports[protocol], met))) {
      const positions = met.flatMap((other) => other.positions).sort((a, b) => a - b);
      const earlier = needed(
        ports,
        positions.flatMap((other) => rules[other] ?? []),
        topology,
      );
      if (earlier.length > 0) shadowed.set(rule, earlier);
    }
    const own = soFar[group];
    if (own) {
      own.positions.push(position);
      own.ports = unionByProtocol(own.ports, ports);
    } else soFar[group] = { positions: [position], ports };
  }
  return shadowed;
}

/** What the rules of a group are for; undefined where a name is unknown. */
interface Ends {
  readonly from: Extent | undefined;
  readonly to: Extent | undefined;
}

/** How many new groups are looked at one by one: a person types one. */
const FEW = 8;

function alikeRules(first: Topology): AlikeRules {
  const numbers = new Map<string, number>();
  const sides: Readonly<Record<Side, Words>>[] = [];
  const all: Ends[] = [];
  // What groups no longer stand for stays in these: candidates that cover nothing.
  const sources = coverIndex(first);
  const targets = coverIndex(first);
  /** How many groups have been looked at again. */
  let again = 0;
  let known: (number[] | undefined)[] = [];
  const textOf = (ends: FirewallRule['from']) => ends.map(({ value }) => value).join('\n');
  const wordsOf = (ends: FirewallRule['from']): Words => ends.map(({ value }) => ({ value }));
  const coversGroup = (outer: Ends | undefined, inner: Ends | undefined, topology: Topology): boolean =>
    outer?.from !== undefined &&
    outer.to !== undefined &&
    inner?.from !== undefined &&
    inner.to !== undefined &&
    coversExtent(outer.from, inner.from, topology) &&
    coversExtent(outer.to, inner.to, topology);

  function look(group: number, topology: Topology): void {
    const { from, to } = sides[group] ?? { from: [], to: [] };
    const ends = { from: extentOf(from, topology), to: extentOf(to, topology) };
    all[group] = ends;
    if (ends.from) sources.add(ends.from, group);
    if (ends.to) targets.add(ends.to, group);
  }
  function groupsOf(rules: readonly FirewallRule[], topology: Topology): readonly number[] {
    const count = all.length;
    const groups = rules.map((rule) =>
      getOrAdd(numbers, `${textOf(rule.from)}\n\n${textOf(rule.to)}`, () => {
        const group = sides.push({ from: wordsOf(rule.from), to: wordsOf(rule.to) }) - 1;
        look(group, topology);
        return group;
      }),
    );
    // What covers an earlier group is found already.
    if (all.length - count > FEW) known = [];
    for (const [group, list] of known.entries())
      for (let number = count; list && number < all.length; number++)
        if (coversGroup(all[number], all[group], topology)) list.push(number);
    return groups;
  }
  function covering(group: number, topology: Topology): readonly number[] {
    const found = known[group] ?? findCovering(group, topology);
    known[group] = found;
    return found;
  }
  function findCovering(group: number, topology: Topology): number[] {
    const inner = all[group];
    if (!inner?.from || !inner.to) return [];
    const found = [group];
    for (const list of shorter(sources.candidates(inner.from), targets.candidates(inner.to)))
      for (const number of list)
        if (!found.includes(number) && coversGroup(all[number], inner, topology)) found.push(number);
    return found;
  }
  function renew(words: ReadonlySet<string>, topology: Topology): boolean {
    const isMeant = (side: Words) => side.some(({ value }) => words.has(value.toLowerCase()));
    const meant = new Set<number>();
    if (words.size > 0)
      for (const [group, { from, to }] of sides.entries()) if (isMeant(from) || isMeant(to)) meant.add(group);
    for (const group of meant) look(group, topology);
    again += meant.size;
    let isOther = false;
    for (const [group, list] of meant.size > 0 ? known.entries() : []) {
      if (!list) continue;
      const inner = all[group];
      const now = meant.has(group)
        ? findCovering(group, topology)
        : [
            ...list.filter((one) => !meant.has(one)),
            ...[...meant].filter((one) => coversGroup(all[one], inner, topology)),
          ];
      if (now.length === list.length && now.every((one) => list.includes(one))) continue;
      known[group] = now;
      isOther = true;
    }
    return isOther;
  }
  return { groupsOf, covering, renew, isWorn: (rules) => sides.length + again > 2 * rules + FEW };
}

/** Of two answers about the same rule the one with fewer numbers. */
function shorter(
  a: readonly (readonly number[])[],
  b: readonly (readonly number[])[],
): readonly (readonly number[])[] {
  const count = (lists: readonly (readonly number[])[]) => lists.reduce((sum, { length }) => sum + length, 0);
  return count(a) <= count(b) ? a : b;
}

/** Whether two have a port of one protocol in common. */
function meet(a: PortsByProtocol, b: PortsByProtocol): boolean {
  return PROTOCOLS.some((protocol) => !isEmpty(intersection(a[protocol], b[protocol])));
}

function areCovered(protocol: Protocol, ports: PortSet, by: readonly Matched[]): boolean {
  let left = ports;
  for (const group of by) {
    if (isEmpty(left)) return true;
    left = difference(left, group.ports[protocol]);
  }
  return isEmpty(left);
}

/** Those of some rules that take a part of the ports, the first match deciding. */
function needed(
  ports: PortsByProtocol,
  rules: readonly FirewallRule[],
  topology: Topology,
): readonly FirewallRule[] {
  const left = { ...ports };
  return rules.filter((rule) => {
    if (PROTOCOLS.every((protocol) => isEmpty(left[protocol]))) return false;
    let takes = false;
    for (const protocol of PROTOCOLS) {
      const taken = intersection(left[protocol], rulePorts(rule, protocol, topology));
      if (isEmpty(taken)) continue;
      takes = true;
      left[protocol] = difference(left[protocol], taken);
    }
    return takes;
  });
}

/** A rule that is to be: the words of its ends, and its ports. */
export interface Planned {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly ports: Readonly<Record<Protocol, PortSet>>;
}

/** What stands for addresses, which a server may cover. */
const ADDRESSED: ReadonlySet<string | undefined> = new Set(['network', 'address-group', 'listener']);

/** The positions of a firewall's rules by the first word of a side; those that begin with addresses in one list. */
interface ByFirst {
  readonly words: ReadonlyMap<string, readonly number[]>;
  readonly addresses: readonly number[];
}

const byFirst = memo((_: Topology) => new Map<string, ByFirst>());

function indexOf(firewall: Firewall, side: Side, topology: Topology): ByFirst {
  return getOrAdd(byFirst(topology), `${side} ${firewall.name}`, () => {
    const words = new Map<string, number[]>();
    const addresses: number[] = [];
    for (const [position, rule] of firewall.rules.entries()) {
      const word = rule[side][0]?.value ?? '';
      if (ADDRESSED.has(ruleEnd(word, topology)?.kind)) addresses.push(position);
      else getOrAdd(words, word.toLowerCase(), () => []).push(position);
    }
    return { words, addresses };
  });
}

/** The positions of every rule whose ends a planned rule can cover, and of some others. */
function candidates(planned: Planned, firewall: Firewall, topology: Topology): Iterable<number> {
  for (const side of ['from', 'to'] as const) {
    // What a server covers begins with its name or an address; zones and groups stand for more.
    if (planned[side].some((word) => ruleEnd(word, topology)?.kind !== 'server')) continue;
    const { words, addresses } = indexOf(firewall, side, topology);
    return [...planned[side].flatMap((word) => words.get(word.toLowerCase()) ?? []), ...addresses];
  }
  return firewall.rules.keys();
}

/**
 * The rules from a position on that decide about something today, and never would below some further rules.
 * @param position where the further rules go
 */
export function overtakenBy(
  planned: readonly Planned[],
  firewall: Firewall,
  position: number,
  context: RuleContext,
): readonly FirewallRule[] {
  if (position >= firewall.rules.length) return [];
  const { topology } = context;
  const shadowed = shadowedRules(firewall, context);
  const written = (words: readonly string[]): readonly Written<string>[] =>
    words.map((value) => ({ value, span: firewall.key.span, node: firewall.key }));
  const further = planned.map(({ from, to, ports }) => ({ from: written(from), to: written(to), ports }));
  const possible = new Set(planned.flatMap((one) => [...candidates(one, firewall, topology)]));
  return [...possible]
    .filter((one) => one >= position)
    .sort((a, b) => a - b)
    .flatMap((one) => firewall.rules[one] ?? [])
    .filter((rule) => {
      if (shadowed.has(rule)) return false;
      const own = portsOfRule(rule, topology);
      const above = further.filter(
        ({ from, to, ports }) =>
          meet(ports, own) && coversEnds(from, rule.from, topology) && coversEnds(to, rule.to, topology),
      );
      if (above.length === 0) return false;
      const earlier = firewall.rules
        .slice(0, positionOf(rule, firewall))
        .filter(
          (other) =>
            meet(portsOfRule(other, topology), own) &&
            coversEnds(other.from, rule.from, topology) &&
            coversEnds(other.to, rule.to, topology),
        );
      return PROTOCOLS.every((protocol) => {
        const all = [
          ...above.map(({ ports }) => ports[protocol]),
          ...earlier.map((other) => rulePorts(other, protocol, topology)),
        ];
        return covers(all.reduce(union, NO_PORTS), rulePorts(rule, protocol, topology));
      });
    });
}
