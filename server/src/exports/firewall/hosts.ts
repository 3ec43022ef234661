// Rules as the firewall of one machine sees them: inbound and outbound, with only the other end's addresses.

import type { AddressRange } from '../../reach/addresses.ts';
import { outsideOf } from '../../reach/internet.ts';
import { addressText, FAMILIES, type Family, networkText } from './address.ts';
import { distinct } from './distinct.ts';
import { addressGap, type ExportReport, type ExportRule, type Machine, ruleId } from './rules.ts';

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

export interface Host {
  readonly machine: Machine;
  readonly rules: readonly HostRule[];
  readonly gaps: readonly string[];
}

/**
 * The machines of the file that need rules, servers before client groups, each by name; with `--server`
 * that machine alone.
 */
export function hosts({ rules, server, inside }: ExportReport): readonly Host[] {
  const found = new Map<string, { machine: Machine; rules: HostRule[]; gaps: string[] }>();
  const add = (machine: Machine, other: Machine, rule: ExportRule, direction: HostRule['direction']) => {
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
    else if (rule.protocol === 'icmp' || rule.ports.length > 0) {
      host.rules.push(...hostRules(rule, machine, other, direction, inside));
    }
  };
  for (const rule of rules) {
    add(rule.from, rule.to, rule, 'outbound');
    add(rule.to, rule.from, rule, 'inbound');
  }
  return [...found.values()]
    .map((host) => ({ ...host, gaps: distinct(host.gaps) }))
    .sort((a, b) => order(a.machine) - order(b.machine) || (a.machine.name < b.machine.name ? -1 : 1));
}

const order = ({ kind }: Machine) => (kind === 'server' ? 0 : 1);

function hostRules(
  rule: ExportRule,
  machine: Machine,
  other: Machine,
  direction: HostRule['direction'],
  inside: readonly AddressRange[],
): readonly HostRule[] {
  const remoteOf = (families: readonly Family[]) => remoteTexts(machine, other, inside, families);
  if (rule.protocol !== 'icmp') {
    const remote = remoteOf(FAMILIES);
    return [{ rule, direction, remote, family: undefined, id: ruleId(rule, undefined, [remote], direction) }];
  }
  return FAMILIES.flatMap((family) => {
    const { addresses } = other;
    if (addresses !== 'internet' && !addresses.some((network) => network.family === family)) return [];
    const remote = remoteOf([family]);
    return [{ rule, direction, remote, family, id: ruleId(rule, family, [remote], direction) }];
  });
}

/**
 * The other end's addresses. On the internet these are all that are not inside, in the families that the machine
 * itself has; none where nothing is known to be inside.
 */
function remoteTexts(
  machine: Machine,
  { addresses }: Machine,
  inside: readonly AddressRange[],
  families: readonly Family[],
): readonly string[] {
  if (addresses !== 'internet')
    return addresses.filter(({ family }) => families.includes(family)).map(networkText);
  if (inside.length === 0) return [];
  const own = machine.addresses === 'internet' ? [] : machine.addresses.map(({ family }) => family);
  return families
    .filter((family) => own.length === 0 || own.includes(family))
    .flatMap((family) => outsideOf(inside, family))
    .map(
      ({ family, low, high }) =>
        `${addressText({ family, bits: low })}-${addressText({ family, bits: high })}`,
    );
}
