// Rules as the firewall of one machine sees them: inbound and outbound, with only the other end's addresses.

import { distinct } from '../../collections.ts';
import { type AddressRange, addressRange } from '../../reach/addresses.ts';
import { outsideOf, publicOutside } from '../../reach/internet.ts';
import type { Network } from '../../topology/address.ts';
import { addressText, FAMILIES, type Family, networkText } from './address.ts';
import {
  addressGap,
  type ExportReport,
  type ExportRule,
  isWritten,
  narrowed,
  type RuleMachine,
  ruleId,
} from './rules.ts';
import { uncovered } from './uncovered.ts';

/** What to do for TFTP, in the words of `heading`. */
export const WINDOWS_TFTP =
  'where a server denies what it sends of its own accord, allow UDP from its dynamic ports to these clients';

export interface HostRule {
  readonly rule: ExportRule;
  readonly direction: 'inbound' | 'outbound';
  /** Networks and ranges as text; without any, every address. */
  readonly remote: readonly string[];
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
 * @param isByPlace whether rules are kept apart by the zones in which the machines of a group are: for a target whose
 * rules have their addresses
 */
export function hosts({ rules, server, inside }: ExportReport, isByPlace = true): readonly ExportHost[] {
  const found = new Map<string, { machine: RuleMachine; rules: Sided[]; gaps: string[] }>();
  const add = (
    machine: RuleMachine,
    other: RuleMachine,
    rule: ExportRule,
    direction: HostRule['direction'],
  ) => {
    if (machine.kind === 'cloud') return;
    if (server !== undefined && machine.name.toLowerCase() !== server.toLowerCase()) return;
    const key = machine.name.toLowerCase();
    let host = found.get(key);
    if (host === undefined) {
      host = { machine, rules: [], gaps: [] };
      found.set(key, host);
    }
    host.gaps.push(...rule.gaps);
    const gap = addressGap(other);
    if (gap !== undefined) host.gaps.push(gap);
    else if (isWritten(rule)) {
      host.rules.push(...sidedRules(rule, machine, other, direction, inside));
    }
  };
  for (const rule of rules) {
    add(rule.from, rule.to, rule, 'outbound');
    add(rule.to, rule.from, rule, 'inbound');
  }
  return [...found.values()]
    .map((host) => ({
      machine: host.machine,
      rules: (['outbound', 'inbound'] as const).flatMap((direction) =>
        withoutCovered(
          host.rules.filter((rule) => rule.direction === direction),
          isByPlace,
        ),
      ),
      gaps: distinct(host.gaps),
    }))
    .sort((a, b) => order(a.machine) - order(b.machine) || (a.machine.name < b.machine.name ? -1 : 1));
}

const order = ({ kind }: RuleMachine) => (kind === 'server' ? 0 : 1);

/** A rule from the point of view of one machine. */
interface Sided {
  readonly rule: ExportRule;
  readonly direction: HostRule['direction'];
  readonly family: Family | undefined;
  readonly local: RuleMachine['addresses'];
  /** Undefined for every address. */
  readonly remote: readonly AddressRange[] | undefined;
  /** Of a machine that is not on the internet. */
  readonly networks: readonly Network[];
}

function sidedRules(
  rule: ExportRule,
  { addresses: local }: RuleMachine,
  { addresses }: RuleMachine,
  direction: HostRule['direction'],
  inside: readonly AddressRange[],
): readonly Sided[] {
  const sided = (families: readonly Family[], family: Family | undefined): Sided => {
    if (addresses === 'internet')
      return {
        rule,
        direction,
        family,
        local,
        remote: rangesOutside(local, inside, families),
        networks: [],
      };
    const networks = addresses.filter((network) => families.includes(network.family));
    return { rule, direction, family, local, remote: networks.map(addressRange), networks };
  };
  if (rule.protocol !== 'icmp') return [sided(FAMILIES, undefined)];
  return FAMILIES.flatMap((family) =>
    addresses !== 'internet' && !addresses.some((network) => network.family === family)
      ? []
      : [sided([family], family)],
  );
}

/**
 * What is on the internet: all public addresses that are not inside, in the families that the machine itself has;
 * undefined where nothing is known to be inside. Windows takes no range with the unspecified or a loopback address.
 */
function rangesOutside(
  local: RuleMachine['addresses'],
  inside: readonly AddressRange[],
  families: readonly Family[],
): readonly AddressRange[] | undefined {
  if (inside.length === 0) return undefined;
  const own = local === 'internet' ? [] : local.map(({ family }) => family);
  return families
    .filter((family) => own.length === 0 || own.includes(family))
    .flatMap((family) => publicOutside(inside, family));
}

function withoutCovered(rules: readonly Sided[], isByPlace: boolean): readonly HostRule[] {
  const everywhere = FAMILIES.flatMap((family) => outsideOf([], family));
  const left = uncovered(
    rules.map(({ rule: { phase, protocol, ports }, family, local, remote = everywhere }) => ({
      phase,
      protocol,
      from: isByPlace && local !== 'internet' && local.length > 0 ? local.map(addressRange) : everywhere,
      to: family === undefined ? remote : remote.filter((range) => range.family === family),
      ports,
    })),
  );
  return rules.flatMap(({ rule, direction, family, remote, networks }, index) => {
    const ports = left[index];
    if (ports === undefined) return [];
    const own = ports.length === rule.ports.length ? rule : narrowed(rule, ports);
    const texts = networks.length > 0 ? networks.map(networkText) : (remote ?? []).map(rangeText);
    return [{ rule: own, direction, remote: texts, family, id: ruleId(own, family, [texts], direction) }];
  });
}

function rangeText({ family, low, high }: AddressRange): string {
  return `${addressText({ family, bits: low })}-${addressText({ family, bits: high })}`;
}
