// Windows Firewall rules for group policy: the strings of [MS-GPFAS] 2.2.2.19 in a registry file. The file is ASCII, and
// a text of the topology keeps only letters, digits and a few plain marks: `|` ends a field.

import { distinct } from '../../collections.ts';
import { cut, tame } from '../../print/escape.ts';
import { addressText, isHost, maskText, networkText } from './address.ts';
import { type HostRule, hosts, WINDOWS_TFTP } from './hosts.ts';
import { describedText } from './notes.ts';
import {
  addressGap,
  type Exported,
  type ExportReport,
  heading,
  portText,
  purposeText,
  type RuleMachine,
} from './rules.ts';
import { phaseMark } from './zoned.ts';

const KEY = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall\\FirewallRules';
/** The oldest version of the strings that has ranges of ports; every supported Windows reads it. */
const VERSION = 'v2.10';
const PHASES = ['operation', 'windows', 'installation'] as const;
const TITLES = {
  operation: 'Operation',
  windows: 'Windows itself: DNS, DHCP and Kerberos',
  installation: 'Installation only',
} as const;

/**
 * One file for all machines: a rule has the addresses of its machine as local ones, so that it does nothing on others.
 * With `--server` the rules are for that machine alone, and need none.
 */
export function windowsGpo(report: ExportReport): Exported {
  const gaps: string[] = [];
  const found: { readonly host: HostRule; readonly machine: RuleMachine }[] = [];
  for (const { rules, gaps: own } of hosts(report)) {
    gaps.push(...own);
    for (const host of rules) {
      // Of a client group in several zones, the clients of the zone that the rule is about.
      const machine = host.direction === 'inbound' ? host.rule.to : host.rule.from;
      const gap = report.server === undefined ? localGap(machine) : undefined;
      if (gap === undefined) found.push({ host, machine });
      else gaps.push(gap);
    }
  }
  const sections = PHASES.flatMap((phase) => {
    const own = found.filter(({ host }) => host.rule.phase === phase);
    if (own.length === 0) return [];
    return [
      '',
      comment(TITLES[phase]),
      `[${KEY}]`,
      ...own.map(({ host, machine }) => valueLine(host, report.server === undefined ? machine : undefined)),
    ];
  });
  const lines = [
    'Windows Registry Editor Version 5.00',
    '',
    ...heading(report, WINDOWS_TFTP).map(comment),
    comment(
      report.server === undefined
        ? 'Each rule has the addresses of its machine as local addresses, and does nothing on other machines.'
        : 'For this machine alone.',
    ),
    comment(
      'The name of a value is made from the meaning of its rule, so that a second import changes nothing.',
    ),
    ...distinct(gaps).map((gap) => comment(`Not written: ${gap}.`)),
    ...sections,
    '',
  ];
  return { text: lines.map((line) => `${line}\r\n`).join(''), gaps: distinct(gaps) };
}

/** @param machine whose addresses are the local ones; undefined where the rule is for one machine alone */
function valueLine(host: HostRule, machine: RuleMachine | undefined): string {
  const { rule, direction, family, remote, id } = host;
  const isIn = direction === 'inbound';
  const end = isIn ? 'L' : 'R';
  const icmp = family === 6 ? ['Protocol=58', 'ICMP6=128:*'] : ['Protocol=1', 'ICMP4=8:*'];
  const ports = rule.ports.map((port) =>
    port.low === port.high ? `${end}Port=${port.low}` : `${end}Port2_10=${portText(port)}`,
  );
  const fields = [
    VERSION,
    'Action=Allow',
    'Active=TRUE',
    `Dir=${isIn ? 'In' : 'Out'}`,
    ...(rule.protocol === 'icmp' ? icmp : [`Protocol=${rule.protocol === 'tcp' ? 6 : 17}`, ...ports]),
    ...localFields(machine, family),
    ...remote.map(remoteField),
    `Name=${plain(`ConfigMgr: ${rule.from.name} to ${rule.to.name}, ${rule.protocol}`, 200)}`,
    `Desc=${plain(describedText(`${purposeText(rule)}. ${rule.documents.join(', ')}`, rule.known, 1000), 1000)}`,
    `EmbedCtxt=ConfigMgr Topology, ${rule.phase}`,
  ];
  // Nothing in it needs an escape: neither quotation marks nor backslashes are left.
  return `"cmtopo-${phaseMark(rule.phase)}${isIn ? 'in' : 'out'}-${id}"="${fields.join('|')}|"`;
}

/** Why a rule of a machine cannot be told from those of others, and what to do; undefined where it can. */
function localGap(machine: RuleMachine): string | undefined {
  const way = `write its rules alone with --server ${machine.name}`;
  if (machine.addresses === 'internet')
    return `${machine.name} is on the internet and has no addresses; ${way}`;
  const gap = addressGap(machine);
  return gap && `${gap}, or ${way}`;
}

function localFields(machine: RuleMachine | undefined, family: HostRule['family']): readonly string[] {
  if (machine === undefined || machine.addresses === 'internet') return [];
  return machine.addresses
    .filter((network) => family === undefined || network.family === family)
    .map((network) => {
      const mask = network.family === 4 && !isHost(network) ? `/${maskText(network)}` : undefined;
      return `LA${network.family}=${mask === undefined ? networkText(network) : `${addressText(network)}${mask}`}`;
    });
}

/** IPv4 networks with the mask, which every version reads. */
function remoteField(text: string): string {
  if (text.includes(':')) return `RA6=${text}`;
  return `RA4=${text}`;
}

function plain(text: string, most: number): string {
  return cut(tame(text), most);
}

function comment(text: string): string {
  return `; ${tame(text)}`;
}
