// Rules as the firewall of one machine sees them: inbound and outbound, with only the other end's addresses.

import type { Network } from '../../topology/address.ts';
import { FAMILIES, type Family } from './address.ts';
import { distinct } from './distinct.ts';
import { addressGap, type ExportReport, type ExportRule, type Machine, ruleId } from './rules.ts';

export interface HostRule {
  readonly rule: ExportRule;
  readonly direction: 'inbound' | 'outbound';
  readonly remote: readonly Network[] | 'internet';
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
export function hosts({ rules, server }: ExportReport): readonly Host[] {
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
      host.rules.push(...hostRules(rule, other, direction));
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

function hostRules(rule: ExportRule, other: Machine, direction: HostRule['direction']): readonly HostRule[] {
  const { addresses } = other;
  if (rule.protocol !== 'icmp') {
    const id = ruleId(rule, undefined, [addresses], direction);
    return [{ rule, direction, remote: addresses, family: undefined, id }];
  }
  return FAMILIES.flatMap((family) => {
    const remote =
      addresses === 'internet' ? addresses : addresses.filter((network) => network.family === family);
    if (remote.length === 0) return [];
    return [{ rule, direction, remote, family, id: ruleId(rule, family, [remote], direction) }];
  });
}
