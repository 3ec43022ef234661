// How a PowerShell script for all machines of a file tells on which of them it runs.

import { distinct } from '../../collections.ts';
import { powershellString } from '../../print/escape.ts';
import { fullNameIn } from './hosts.ts';
import type { ExportReport, RuleMachine } from './rules.ts';

/** The parameter `$Server`, with which a person names the machine; with `--server` it is that machine. */
export function serverParameter({ server }: Pick<ExportReport, 'server'>): string {
  return `  [string] $Server = ${server === undefined ? "''" : powershellString(server)},\n`;
}

/**
 * Commands after which `$machine` is the name of the section to take, and without one the script has ended with an
 * error. A machine is told by its fully qualified name, else its host name: the name in COMPUTERNAME ends after 15
 * characters.
 * @param machines those that have a section
 * @param what the script has for a machine: `rules`
 */
export function chooseMachine(
  report: Pick<ExportReport, 'rules'>,
  machines: readonly Pick<RuleMachine, 'name' | 'fqdn'>[],
  what: string,
): string {
  const fullNameOf = fullNameIn(report);
  return `$machines = @($Server)
if (-not $Server) {
  $here = Get-ItemProperty -Path 'HKLM:\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters'
  $machines = @(($here.Hostname + '.' + $here.Domain), $here.Hostname, $env:COMPUTERNAME)
}

# By the fully qualified name first: two machines of different domains may have one host name.
$machine = switch ($machines) {
${machines.flatMap((machine) => wordsOf(machine.name, fullNameOf(machine))).join('')}}
if (-not $machine) { throw ('There are no ${what} for ' + ($machines -join ', ') + ' in this script.') }
`;
}

/** The words by which the section of a machine is chosen; the first that fits. */
function wordsOf(name: string, fqdn: string | undefined): readonly string[] {
  return distinct([...(fqdn === undefined ? [] : [fqdn]), name]).map(
    (word) => `  ${powershellString(word)} { ${powershellString(name)}; break }\n`,
  );
}
