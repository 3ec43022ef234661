// Windows Firewall rules as a PowerShell script. It is ASCII: Windows PowerShell 5.1 reads a file without a
// byte-order mark in the machine's code page, in which bytes of other characters may be quotation marks.

import { distinct } from '../../collections.ts';
import { ascii, cut, powershellString } from '../../print/escape.ts';
import { type ExportHost, type HostRule, hosts, WINDOWS_TFTP } from './hosts.ts';
import { describedText } from './notes.ts';
import { chooseMachine, serverParameter } from './powershell-machine.ts';
import { type Exported, type ExportReport, heading, portText, purposeText } from './rules.ts';

const GROUP = 'ConfigMgr Topology';

/**
 * One script for all machines: it takes the rules of the machine on which it runs, told by its fully qualified name or
 * its host name (the name in COMPUTERNAME ends after 15 characters), or of `-Server`. A rule that is there already is
 * left alone; one of an earlier export that is no longer needed is named, and removed with `-RemoveStale`.
 */
export function powershell(report: ExportReport): Exported {
  const all = hosts(report);
  const text = `#Requires -Version 5.1
#Requires -RunAsAdministrator
${heading(report, WINDOWS_TFTP).map(comment).join('')}# The name of a rule is made from its meaning, so that a second run changes nothing.
# Rules for a client group are for its machines: run the script there with -Server and the group's name.
param(
${serverParameter(report)}  [switch] $RemoveStale
)
$ErrorActionPreference = 'Stop'
$group = ${powershellString(GROUP)}
$wanted = New-Object 'System.Collections.Generic.List[string]'
${chooseMachine(
  report,
  all.map(({ machine }) => machine),
  'rules',
)}
function Test-Missing([string] $Name) {
  $wanted.Add($Name)
  return -not (Get-NetFirewallRule -Name $Name -ErrorAction SilentlyContinue)
}

switch ($machine) {
${all.map(section).join('')}}

foreach ($rule in @(Get-NetFirewallRule -Group $group -ErrorAction SilentlyContinue)) {
  if ($wanted.Contains($rule.Name)) { continue }
  if ($RemoveStale) { Remove-NetFirewallRule -Name $rule.Name }
  else { Write-Warning "$($rule.Name) ($($rule.DisplayName)) is no longer needed; -RemoveStale removes it." }
}
`;
  return { text, gaps: distinct(all.flatMap(({ gaps }) => gaps)) };
}

function section({ machine, rules, gaps }: ExportHost): string {
  const notes = gaps.map((gap) => `    ${comment(`Not written: ${gap}.`)}`).join('');
  return `  ${powershellString(machine.name)} {\n${notes}${rules.map(statement).join('')}    break\n  }\n`;
}

function statement(host: HostRule): string {
  const { rule, direction, remote, family, id } = host;
  const name = powershellString(`cmtopo-${direction === 'inbound' ? 'in' : 'out'}-${id}`);
  const [from, to] = [rule.from.name, rule.to.name];
  const parameters = [
    `-Name ${name}`,
    `-DisplayName ${powershellString(cut(`ConfigMgr: ${from} to ${to}, ${rule.protocol}`, 200))}`,
    `-Group $group`,
    `-Description ${powershellString(describedText(`${purposeText(rule)}. ${rule.documents.join(', ')}`, rule.known, 1000))}`,
    `-Direction ${direction === 'inbound' ? 'Inbound' : 'Outbound'}`,
    '-Action Allow',
    '-Profile Any',
    ...match(host, family),
    `-RemoteAddress ${remote.length === 0 ? 'Any' : remote.map(powershellString).join(', ')}`,
  ];
  return `    if (Test-Missing ${name}) {\n      New-NetFirewallRule ${parameters.join(' ')} | Out-Null\n    }\n`;
}

/** Protocol and ports. */
function match({ rule, direction }: HostRule, family: HostRule['family']): readonly string[] {
  if (rule.protocol === 'icmp') {
    return family === 6 ? ['-Protocol ICMPv6 -IcmpType 128'] : ['-Protocol ICMPv4 -IcmpType 8'];
  }
  const ports = rule.ports.map((port) => powershellString(portText(port))).join(', ');
  return [
    `-Protocol ${rule.protocol.toUpperCase()}`,
    `${direction === 'inbound' ? '-LocalPort' : '-RemotePort'} ${ports}`,
  ];
}

function comment(text: string): string {
  return `# ${ascii(text)}\n`;
}
