// Rules as the firewall of one machine sees them: inbound and outbound, with only the other end's addresses.

import { distinct, getOrAdd, groupBy } from '../../collections.ts';
import { type AddressRange, addressRange } from '../../reach/addresses.ts';
import { outsideOf, publicOutside } from '../../reach/internet.ts';
import type { Network } from '../../topology/address.ts';
import { addressText, FAMILIES, type Family, networkText } from './address.ts';
import {
  addressGap,
  type ExportReport,
  type ExportRule,
  familyGap,
  isWritten,
  narrowed,
  type RuleMachine,
  ruleId,
} from './rules.ts';
import { standsIn, uncovered } from './uncovered.ts';

/** What to do for TFTP, in the words of `heading`. */
export const WINDOWS_TFTP =
  'where a server denies what it sends of its own accord, allow UDP from its dynamic ports to these clients';

export interface HostRule {
  readonly rule: ExportRule;
  readonly direction: 'inbound' | 'outbound';
  /** Networks and ranges as text; without any, every address. */
  readonly remote: readonly string[];
  /** The machine's own addresses, where rules are told apart by them; otherwise none. */
  readonly local: readonly Network[];
  /** Only of ICMP, which is another protocol in each. */
  readonly family: Family | undefined;
  /** The same for the same meaning, whatever else the file says: 16 hexadecimal digits. */
  readonly id: string;
}

export interface ExportHost {
  readonly machine: RuleMachine;
  readonly rules: readonly HostRule[];
  readonly gaps: readonly string[];
}

/**
 * The machines of the file that need rules, servers before client groups, each by name; with `--server`
 * that machine alone. No rule of a machine is covered by others of it.
 * @param isByPlace whether a rule has the addresses of its machine: those of a group are kept apart by their zones then,
 * and a machine without addresses has no rules
 */
export function hosts({ rules, server, inside }: ExportReport, isByPlace = false): readonly ExportHost[] {
  const found = new Map<string, { machine: RuleMachine; rules: Sided[]; gaps: string[] }>();
  const add = (
    machine: RuleMachine,
    other: RuleMachine,
    rule: ExportRule,
    direction: HostRule['direction'],
  ) => {
    if (machine.kind === 'cloud') return;
    const key = nameOf(machine);
    if (server !== undefined && key !== server.toLowerCase()) return;
    let host = found.get(key);
    if (host === undefined) {
      host = { machine, rules: [], gaps: [] };
      found.set(key, host);
    }
    host.gaps.push(...rule.gaps);
    const gap = addressGap(other);
    if (gap !== undefined) host.gaps.push(gap);
    if (gap !== undefined || !isWritten(rule)) return;
    const noPlace = isByPlace ? placeGap(machine) : undefined;
    if (noPlace !== undefined) {
      host.gaps.push(noPlace);
      return;
    }
    const sided = sidedRules(rule, machine, other, direction, inside, isByPlace);
    if (sided.length === 0) host.gaps.push(familyGap(rule));
    host.rules.push(...sided);
  };
  for (const rule of rules) {
    add(rule.from, rule.to, rule, 'outbound');
    add(rule.to, rule.from, rule, 'inbound');
  }
  const all = [...found.values()].sort(
    (a, b) => order(a.machine) - order(b.machine) || (a.machine.name < b.machine.name ? -1 : 1),
  );
  // By their addresses alone machines that share them cannot be told apart: what is open for one is open for all.
  const lists = isByPlace ? [all.flatMap((host) => host.rules)] : all.map((host) => host.rules);
  const left = groupBy(
    lists.flatMap((list) =>
      (['outbound', 'inbound'] as const).flatMap((direction) =>
        withoutCovered(list.filter((rule) => rule.direction === direction)),
      ),
    ),
    ({ rule, direction }) => nameOf(direction === 'outbound' ? rule.from : rule.to),
  );
  return all.map(({ machine, gaps }) => ({
    machine,
    rules: left.get(nameOf(machine)) ?? [],
    gaps: distinct(gaps),
  }));
}

/** Names are the same in upper and lower case. */
const nameOf = ({ name }: RuleMachine) => name.toLowerCase();

/**
 * Gives the full name by which a script can tell a machine: none that is the name, or the full name, of another machine
 * of the rules, which would get the rules of this one.
 */
export function fullNameIn({
  rules,
}: Pick<ExportReport, 'rules'>): (machine: Pick<RuleMachine, 'name' | 'fqdn'>) => string | undefined {
  /** By name or full name: the names of the machines that have it. */
  const byWord = new Map<string, Set<string>>();
  for (const { name, fqdn } of rules.flatMap(({ from, to }) => [from, to]))
    for (const word of [name, fqdn ?? name])
      getOrAdd(byWord, word.toLowerCase(), () => new Set()).add(name.toLowerCase());
  return ({ name, fqdn }) => {
    const others = fqdn === undefined ? undefined : byWord.get(fqdn.toLowerCase());
    return [...(others ?? [])].some((other) => other !== name.toLowerCase()) ? undefined : fqdn;
  };
}

const order = ({ kind }: RuleMachine) => (kind === 'server' ? 0 : 1);

/** Why a rule of a machine cannot be told from those of others, and what to do; undefined where it can. */
function placeGap(machine: RuleMachine): string | undefined {
  const way = `write its rules alone with --server ${machine.name}`;
  if (machine.addresses === 'internet')
    return `${machine.name} is on the internet and has no addresses; ${way}`;
  const gap = addressGap(machine);
  return gap && `${gap}, or ${way}`;
}

/** A rule from the point of view of one machine. */
interface Sided extends Pick<HostRule, 'rule' | 'direction' | 'family' | 'local'> {
  /** Undefined for every address. */
  readonly remote: readonly AddressRange[] | undefined;
  /** Of a machine that is not on the internet. */
  readonly networks: readonly Network[];
}

/** None where the two have no family in common and that counts. */
function sidedRules(
  rule: ExportRule,
  { addresses: own }: RuleMachine,
  { addresses }: RuleMachine,
  direction: HostRule['direction'],
  inside: readonly AddressRange[],
  isByPlace: boolean,
): readonly Sided[] {
  const has = (end: RuleMachine['addresses'], family: Family) =>
    end === 'internet' || end.some((network) => network.family === family);
  // A rule with its own addresses has to meet the others; the internet has a whole family that nobody may need.
  const isOwn = (family: Family) =>
    (!isByPlace && addresses !== 'internet') || own.length === 0 || has(own, family);
  const families = FAMILIES.filter((family) => isOwn(family) && has(addresses, family));
  const sided = (of: readonly Family[], family: Family | undefined): Sided => {
    const networks =
      addresses === 'internet' ? [] : addresses.filter((network) => of.includes(network.family));
    return {
      rule,
      direction,
      family,
      local:
        isByPlace && own !== 'internet'
          ? own.filter((network) => family === undefined || network.family === family)
          : [],
      remote: addresses === 'internet' ? rangesOutside(inside, of) : networks.map(addressRange),
      networks,
    };
  };
  if (rule.protocol === 'icmp') return families.map((family) => sided([family], family));
  return families.length === 0 ? [] : [sided(families, undefined)];
}

/**
 * What is on the internet: all public addresses of some families that are not inside; undefined where nothing is known
 * to be inside. Windows takes no range with the unspecified or a loopback address.
 */
function rangesOutside(
  inside: readonly AddressRange[],
  families: readonly Family[],
): readonly AddressRange[] | undefined {
  if (inside.length === 0) return undefined;
  return families.flatMap((family) => publicOutside(inside, family));
}

/** The rules of one direction without what others of the same machine, or of one with the same addresses, open. */
function withoutCovered(rules: readonly Sided[]): readonly HostRule[] {
  const everywhere = FAMILIES.flatMap((family) => outsideOf([], family));
  const left = uncovered(
    rules.map(({ rule, direction, family, local, remote = everywhere }) => ({
      phase: rule.phase,
      protocol: rule.protocol,
      from: local.length > 0 ? local.map(addressRange) : everywhere,
      to: family === undefined ? remote : remote.filter((range) => range.family === family),
      ports: rule.ports,
      name: nameOf(direction === 'outbound' ? rule.from : rule.to),
      place: local.map(networkText).join(),
    })),
    (one, by) => standsIn(one, by) && (one.name === by.name || one.place === by.place),
  );
  return rules.flatMap(({ rule, direction, family, local, remote, networks }, index) => {
    const ports = left[index];
    if (ports === undefined) return [];
    const own = ports.length === rule.ports.length ? rule : narrowed(rule, ports);
    const texts = networks.length > 0 ? networks.map(networkText) : (remote ?? []).map(rangeText);
    const id = ruleId(own, family, local.length > 0 ? [local, texts] : [texts], direction);
    return [{ rule: own, direction, local, remote: texts, family, id }];
  });
}

function rangeText({ family, low, high }: AddressRange): string {
  return `${addressText({ family, bits: low })}-${addressText({ family, bits: high })}`;
}
