// What becomes of traffic at the firewalls between two machines: of each the first rule that matches decides.
import { memo } from '../collections.ts';
import type { Firewall, FirewallRule, Topology } from '../topology/model.ts';
import { common, type Matcher, type Mentions } from './matching.ts';
import {
  covers,
  difference,
  formatPorts,
  intersection,
  isEmpty,
  NO_PORTS,
  type PortSet,
  union,
} from './ports.ts';
import { type Protocol, rulePorts } from './rule-ports.ts';

/** A rule and the firewall that it is in. */
export interface Decision {
  readonly firewall: Firewall;
  readonly rule: FirewallRule;
}

/** What one firewall does not let through. */
export interface Blockage {
  readonly firewall: Firewall;
  /** The first rule that denies some of it; undefined where no rule matches and the default denies. */
  readonly rule: FirewallRule | undefined;
  /** The ports that do not get through; empty for ICMP, which has none. */
  readonly missing: PortSet;
  /** The rules that let the other ports through. */
  readonly by: readonly FirewallRule[];
}

export type Verdict =
  /** A machine without a zone, a part of the file that could not be read, or ports that nobody knows. */
  | { readonly kind: 'unchecked' }
  /** `by` is empty where there is no firewall between the two. */
  | { readonly kind: 'allowed'; readonly by: readonly Decision[] }
  /**
   * One block for each firewall on the way that stops some of it, nearest to the source first; `by` are the rules
   * that let traffic through, at these firewalls and the others.
   */
  | {
      readonly kind: 'blocked';
      readonly blocks: readonly [Blockage, ...Blockage[]];
      readonly by: readonly Decision[];
    };

/** Ports that get through every firewall on a way. */
export interface Passage {
  readonly ports: PortSet;
  /** The rule of each firewall, nearest to the source first; a firewall that lets it out without a rule is left out. */
  readonly by: readonly Decision[];
}

/** The rules that decide about two faces at a firewall; one object for all faces that they decide about. */
export interface Rules {
  /** Rising. Others take their place where rules above come or go. */
  positions: readonly number[];
  /** What they do with some traffic, worked out once for each. */
  readonly walks: Map<string, Walk>;
}

/** What becomes of some ports on their way through rules, the first match deciding. */
interface Walk {
  readonly allowed: PortSet;
  /** The positions of the rules that allow some. */
  readonly by: readonly number[];
  /** What is denied, by the position of the rule; that behind the last one is the default. */
  readonly denied: readonly { readonly position: number; readonly ports: PortSet }[];
}

/** Traffic that is asked about. */
export interface Question {
  readonly protocol: Protocol;
  readonly set: PortSet;
  /** Whose groups of ports the rules name. */
  readonly topology: Topology;
  /** Equal for equal questions. */
  readonly text: string;
}

/** A packet's addresses, as the firewalls on its way see them: the rules for it at each, in order. */
export type Track = readonly Rules[];

/**
 * All packets between two machines. In one of the families everything in `every` (each client of a group) must get
 * through by one of its tracks (the addresses of a server), at every firewall.
 */
export type Plan = readonly (readonly (readonly Track[])[])[];

/** A firewall as a way crosses it. */
export interface Guard {
  readonly firewall: Firewall;
  readonly from: Matcher;
  readonly to: Matcher;
  /** What no rule matches is let through: packets that a machine sends, at a firewall of its own. */
  readonly opens: boolean;
  /** The rules for two faces; faces that match the same rules share them. */
  readonly rules: RulesByMentions;
  readonly decisions: Decision[];
}

export const UNCHECKED: Verdict = { kind: 'unchecked' };
export const OPEN: Verdict = { kind: 'allowed', by: [] };

/** Asks about some ports, as the rules of a topology open them. */
export function questionOf(protocol: Protocol, set: PortSet, topology: Topology): Question {
  return { protocol, set, topology, text: `${protocol} ${formatPorts(set)}` };
}

function decisionsOf(positions: readonly number[], { decisions }: Guard): readonly Decision[] {
  return positions.map((position) => decisions[position] as Decision);
}

function walkOf(rules: Rules, { firewall, opens }: Guard, question: Question): Walk {
  let walk = rules.walks.get(question.text);
  if (!walk) {
    walk = walkThrough(rules.positions, firewall, question, opens);
    rules.walks.set(question.text, walk);
  }
  return walk;
}

/** What of some traffic every firewall lets through on one track. */
function allowedOn(track: Track, guards: readonly Guard[], question: Question): PortSet {
  let allowed = question.set;
  for (const [index, guard] of guards.entries()) {
    const rules = track[index];
    if (!rules) continue;
    const walk = walkOf(rules, guard, question);
    if (walk.denied.length > 0) allowed = intersection(allowed, walk.allowed);
    if (isEmpty(allowed)) return allowed;
  }
  return allowed;
}

/** What becomes of traffic between two machines. @param plan undefined where a rule of a firewall could not be read */
export function judgeWay(
  { guards, plan }: { readonly guards: readonly Guard[]; readonly plan: Plan | undefined },
  question: Question,
): Verdict {
  if (!plan) return UNCHECKED;
  if (guards.length === 0) return OPEN;
  const [only] = plan.length === 1 && plan[0]?.length === 1 ? plan[0] : [];
  if (only?.[0] && only.length === 1) return judgeTrack(only[0], guards, question);
  let allowed: PortSet = NO_PORTS;
  for (const family of plan) {
    let every = question.set;
    for (const tracks of family) {
      let some: PortSet = NO_PORTS;
      for (const track of tracks) some = union(some, allowedOn(track, guards, question));
      every = intersection(every, some);
      if (isEmpty(every)) break;
    }
    allowed = union(allowed, every);
  }
  const by = guards.flatMap((guard, index) => decisionsAt(guard, index, plan, question));
  const missing = difference(question.set, allowed);
  if (isEmpty(missing)) return { kind: 'allowed', by };
  const [first, ...more] = blocksOn(guards, plan, missing, question);
  return first ? { kind: 'blocked', blocks: [first, ...more], by } : { kind: 'allowed', by };
}

/** The same where two machines have one address each, which most have. */
function judgeTrack(track: Track, guards: readonly Guard[], question: Question): Verdict {
  const [only, another] = guards;
  const [rulesOfOnly] = track;
  // As most machines have only one firewall between them, and one rule that lets a port through.
  if (only && !another && rulesOfOnly) {
    const { by, denied } = walkOf(rulesOfOnly, only, question);
    if (denied.length === 0) return { kind: 'allowed', by: decisionsOf(by, only) };
  }
  const by: Decision[] = [];
  const blocks: Blockage[] = [];
  for (const [index, rules] of track.entries()) {
    const guard = guards[index];
    if (!guard) continue;
    const walk = walkOf(rules, guard, question);
    by.push(...decisionsOf(walk.by, guard));
    if (walk.denied.length === 0) continue;
    const missing = difference(question.set, walk.allowed);
    const [first] = walk.denied;
    blocks.push(blockAt(guard.firewall, missing, walk.by, first?.position ?? Infinity, question));
  }
  const [first, ...more] = blocks;
  return first ? { kind: 'blocked', blocks: [first, ...more], by } : { kind: 'allowed', by };
}

function blockAt(
  firewall: Firewall,
  missing: PortSet,
  by: Iterable<number>,
  first: number,
  { protocol }: Question,
): Blockage {
  return {
    firewall,
    rule: firewall.rules[first],
    missing: protocol === 'icmp' ? NO_PORTS : missing,
    by: [...by].flatMap((position) => firewall.rules[position] ?? []),
  };
}

/** The rules of one firewall that let something through, on any track. */
function decisionsAt(guard: Guard, index: number, plan: Plan, question: Question): readonly Decision[] {
  const by = new Set<number>();
  for (const family of plan)
    for (const tracks of family)
      for (const track of tracks) {
        const rules = track[index];
        if (rules) for (const position of walkOf(rules, guard, question).by) by.add(position);
      }
  return [...by].flatMap((position) => guard.decisions[position] ?? []);
}

/**
 * Where traffic is stopped. Of several addresses the pair counts that the fewest firewalls stop, the first written
 * of equal ones: once these let it through, the traffic is through. The same goes for the families.
 */
function blocksOn(
  guards: readonly Guard[],
  plan: Plan,
  missing: PortSet,
  question: Question,
): readonly Blockage[] {
  const families = plan.map((family) => {
    const stopped = guards.map(() => ({ missing: NO_PORTS, by: new Set<number>(), first: Infinity }));
    for (const tracks of family) {
      let left = missing;
      for (const track of tracks) left = difference(left, allowedOn(track, guards, question));
      if (isEmpty(left)) continue;
      for (const [index, rules] of (nearest(tracks, guards, left, question) ?? []).entries()) {
        const guard = guards[index];
        const at = stopped[index];
        if (!guard || !at) continue;
        const walk = walkOf(rules, guard, question);
        const own = difference(left, walk.allowed);
        for (const position of walk.by) at.by.add(position);
        if (isEmpty(own)) continue;
        at.missing = union(at.missing, own);
        for (const { position, ports } of walk.denied)
          if (position < at.first && !isEmpty(intersection(ports, own))) at.first = position;
      }
    }
    return stopped;
  });
  const count = (stopped: readonly { readonly missing: PortSet }[]) =>
    stopped.filter(({ missing }) => !isEmpty(missing)).length;
  let best = families[0] ?? [];
  for (const stopped of families) if (count(stopped) < count(best)) best = stopped;
  return best.flatMap(({ missing, by, first }, index): readonly Blockage[] => {
    const firewall = guards[index]?.firewall;
    if (!firewall || isEmpty(missing)) return [];
    return [blockAt(firewall, missing, by, first, question)];
  });
}

/** The track on which the fewest firewalls stop some ports. */
function nearest(
  tracks: readonly Track[],
  guards: readonly Guard[],
  ports: PortSet,
  question: Question,
): Track | undefined {
  const [only] = tracks;
  if (tracks.length === 1) return only;
  let best: { readonly track: Track; readonly count: number } | undefined;
  for (const track of tracks) {
    const count = guards.filter((guard, index) => {
      const rules = track[index];
      return rules && !covers(walkOf(rules, guard, question).allowed, ports);
    }).length;
    if (!best || count < best.count) best = { track, count };
  }
  return best?.track;
}

/** What holds for traffic that two verdicts say a part of. */
export function together(a: Verdict, b: Verdict): Verdict {
  if (a.kind === 'unchecked' || b.kind === 'unchecked') return UNCHECKED;
  const by = new Map([...a.by, ...b.by].map((decision) => [decision.rule, decision]));
  const blocks = new Map<Firewall, Blockage>();
  for (const block of [a, b].flatMap((one) => (one.kind === 'blocked' ? one.blocks : []))) {
    const other = blocks.get(block.firewall);
    blocks.set(block.firewall, other ? oneBlock(other, block) : block);
  }
  const [first, ...more] = blocks.values();
  const all = [...by.values()];
  return first ? { kind: 'blocked', blocks: [first, ...more], by: all } : { kind: 'allowed', by: all };
}

const positions = memo(
  (rules: readonly FirewallRule[]) => new Map(rules.map((rule, index) => [rule, index])),
);

/** Which rule of its firewall one is, from 0; -1 for a rule of another. */
export function positionOf(rule: FirewallRule, firewall: Firewall): number {
  return positions(firewall.rules).get(rule) ?? -1;
}

function oneBlock(a: Blockage, b: Blockage): Blockage {
  const { firewall } = a;
  const position = ({ rule }: Blockage) => (rule ? positionOf(rule, firewall) : firewall.rules.length);
  return {
    firewall,
    rule: position(b) < position(a) ? b.rule : a.rule,
    missing: union(a.missing, b.missing),
    by: [...new Set([...a.by, ...b.by])],
  };
}

/** First match decides. */
function walkThrough(
  positions: readonly number[],
  { rules }: Firewall,
  { protocol, set, topology }: Question,
  opens: boolean,
): Walk {
  const by: number[] = [];
  const denied: Walk['denied'][number][] = [];
  let left = set;
  let allowed: PortSet = NO_PORTS;
  for (const position of positions) {
    const rule = rules[position];
    if (!rule) continue;
    const match = intersection(left, rulePorts(rule, protocol, topology));
    if (isEmpty(match)) continue;
    const isAllow = rule.action?.value === 'allow';
    // Most traffic meets one rule, and that is for all of it.
    if (match === set) {
      return isAllow
        ? { allowed: set, by: [position], denied: [] }
        : { allowed: NO_PORTS, by: [], denied: [{ position, ports: set }] };
    }
    if (isAllow) {
      allowed = union(allowed, match);
      by.push(position);
    } else {
      denied.push({ position, ports: match });
    }
    left = difference(left, match);
    if (isEmpty(left)) return { allowed, by, denied };
  }
  if (opens) return { allowed: union(allowed, left), by, denied };
  denied.push({ position: rules.length, ports: left });
  return { allowed, by, denied };
}

/** The rules for two faces, one object for all faces that match the same. */
interface RulesByMentions {
  readonly of: (from: Mentions, to: Mentions) => Rules;
  /** All that were asked for. */
  readonly all: readonly Rules[];
}

export function rulesByMentions(): RulesByMentions {
  const bySource = new Map<Mentions, Map<Mentions, Rules>>();
  const all: Rules[] = [];
  return {
    all,
    of(from, to) {
      let byTarget = bySource.get(from);
      if (!byTarget) {
        byTarget = new Map();
        bySource.set(from, byTarget);
      }
      let rules = byTarget.get(to);
      if (!rules) {
        rules = { positions: common(from, to), walks: new Map() };
        byTarget.set(to, rules);
        all.push(rules);
      }
      return rules;
    },
  };
}

/** What gets through between two machines, divided by the rules that decide about it. */
export function passagesOn(
  plan: Plan,
  guards: readonly Guard[],
  { protocol, set, topology }: Question,
): readonly Passage[] {
  return plan.flat(2).flatMap((track) => {
    let through: readonly Passage[] = [{ ports: set, by: [] }];
    for (const [index, { positions }] of track.entries()) {
      const guard = guards[index];
      if (!guard) continue;
      through = through.flatMap((passage) => divided(passage, positions, guard, protocol, topology));
    }
    return through;
  });
}

/** What one firewall lets through of a passage, divided by its rules. */
function divided(
  { ports, by }: Passage,
  positions: readonly number[],
  { opens, decisions }: Guard,
  protocol: Protocol,
  topology: Topology,
): readonly Passage[] {
  const found: Passage[] = [];
  let left = ports;
  for (const position of positions) {
    const decision = decisions[position];
    if (!decision || isEmpty(left)) continue;
    const own = intersection(left, rulePorts(decision.rule, protocol, topology));
    if (isEmpty(own)) continue;
    if (decision.rule.action?.value === 'allow') found.push({ ports: own, by: [...by, decision] });
    left = difference(left, own);
  }
  if (opens && !isEmpty(left)) found.push({ ports: left, by });
  return found;
}
