// Windows Firewall rules for group policy: the strings of [MS-GPFAS] 2.2.2.19 in a registry file. The file is ASCII, and
// a text of the topology keeps only letters, digits and a few plain marks: `|` ends a field.

import { distinct } from '../../collections.ts';
import { cut, tame } from '../../print/escape.ts';
import type { Network } from '../../topology/address.ts';
import { addressText, isHost, maskText, networkText } from './address.ts';
import { type HostRule, hosts, WINDOWS_TFTP } from './hosts.ts';
import { describedText } from './notes.ts';
import { type Exported, type ExportReport, heading, portText, purposeText } from './rules.ts';
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
  const all = hosts(report, report.server === undefined);
  const found = all.flatMap(({ rules }) => rules);
  const gaps = distinct(all.flatMap((host) => host.gaps));
  const sections = PHASES.flatMap((phase) => {
    const own = found.filter(({ rule }) => rule.phase === phase);
    if (own.length === 0) return [];
    return ['', comment(TITLES[phase]), `[${KEY}]`, ...own.map(valueLine)];
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
    ...gaps.map((gap) => comment(`Not written: ${gap}.`)),
    ...sections,
    '',
  ];
  return { text: lines.map((line) => `${line}\r\n`).join(''), gaps };
}

function valueLine({ rule, direction, family, local, remote, id }: HostRule): string {
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
    ...local.map(localField),
    ...remote.map(remoteField),
    `Name=${plain(`ConfigMgr: ${rule.from.name} to ${rule.to.name}, ${rule.protocol}`, 200)}`,
    `Desc=${plain(describedText(`${purposeText(rule)}. ${rule.documents.join(', ')}`, rule.known, 1000), 1000)}`,
    `EmbedCtxt=ConfigMgr Topology, ${rule.phase}`,
  ];
  // Nothing in it needs an escape: neither quotation marks nor backslashes are left.
  return `"cmtopo-${phaseMark(rule.phase)}${isIn ? 'in' : 'out'}-${id}"="${fields.join('|')}|"`;
}

/** IPv4 networks with the mask, which every version reads. */
function localField(network: Network): string {
  if (network.family === 4 && !isHost(network)) return `LA4=${addressText(network)}/${maskText(network)}`;
  return `LA${network.family}=${networkText(network)}`;
}

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
