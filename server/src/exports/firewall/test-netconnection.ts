// The connections of each machine as a PowerShell script that tries them, for machines on which `cmtopo probe` cannot
// run. It reads and connects, writes one CSV file and changes nothing. ASCII, as powershell.ts is.
import { groupBy } from '../../collections.ts';
import { ascii, powershellString } from '../../print/escape.ts';
import type { Attempt } from '../../probe/attempts.ts';
import { RESULT_COLUMNS } from '../../probe/results.ts';
import { chooseMachine, serverParameter } from './powershell-machine.ts';
import { type Exported, type ExportReport, headline } from './rules.ts';

/**
 * One script for all machines: it tries the connections that start at the machine on which it runs, told as in
 * powershell.ts, or at `-Server`.
 * `Test-NetConnection` itself would send pings and wait as long as Windows likes, and cannot tell a refused connection
 * from silence; the script opens the same connection by itself.
 */
export function testNetConnection(report: ExportReport): Exported {
  const { attempts } = report.probes();
  const machines = [...groupBy(attempts, ({ from }) => from.name.toLowerCase()).values()].filter(
    ([first]) =>
      report.server === undefined || first?.from.name.toLowerCase() === report.server.toLowerCase(),
  );
  const [from, to, port, target, outcome] = RESULT_COLUMNS;
  const text = `#Requires -Version 5.1
${headline(report, (name) => name, 'Connections')
  .map(comment)
  .join(
    '',
  )}# Tries each TCP connection that starts at this machine, as Test-NetConnection -Port does, but without ping, within
# a bounded time, and telling a refused connection from silence. It sends nothing, changes nothing and writes one CSV
# file, which cmtopo probe FILE --read judges. UDP and ranges of ports are not tried.
param(
${serverParameter(report)}  [string] $Result = 'cmtopo-probe.csv',
  [ValidateRange(1, 60)] [int] $Seconds = 3
)
$ErrorActionPreference = 'Stop'

function Test-Connect([string] $Target, [int] $Port) {
  try { $addresses = @([System.Net.Dns]::GetHostAddresses($Target)) } catch { return 'untried' }
  $outcome = 'silent'
  foreach ($address in $addresses) {
    $client = New-Object System.Net.Sockets.TcpClient -ArgumentList $address.AddressFamily
    try {
      if ($client.ConnectAsync($address, $Port).Wait($Seconds * 1000)) { return 'open' }
    }
    catch {
      $cause = $_.Exception.GetBaseException()
      if ($cause -is [System.Net.Sockets.SocketException] -and $cause.SocketErrorCode -eq 'ConnectionRefused') {
        $outcome = 'refused'
      }
    }
    finally { $client.Close() }
  }
  return $outcome
}

${chooseMachine(
  report,
  machines.flatMap(([first]) =>
    first ? [{ name: first.from.name, fqdn: first.from.server?.fqdn?.value }] : [],
  ),
  'connections',
)}switch ($machine) {
${machines.map(section).join('')}}

$done = 0
$rows = foreach ($test in $tests) {
  Write-Progress -Activity 'Connections' -Status "$($test[1]) $($test[2])" -PercentComplete (100 * $done / $tests.Count)
  $done = $done + 1
  [pscustomobject] @{
    ${from} = $test[0]
    ${to} = $test[1]
    ${port} = $test[2]
    ${target} = $test[3]
    ${outcome} = Test-Connect $test[3] $test[2]
  }
}
$rows | Export-Csv -Path $Result -NoTypeInformation -Encoding UTF8
Write-Output "$done connections tried; the result is in $Result."
`;
  return { text, gaps: [] };
}

function section(attempts: readonly Attempt[]): string {
  const [first] = attempts;
  if (first === undefined) return '';
  const tests = attempts.flatMap(({ from, to, port, targets }) =>
    targets.map(
      (target) =>
        `      @(${powershellString(from.name)}, ${powershellString(to.name)}, ${port}, ${powershellString(target)})`,
    ),
  );
  return `  ${powershellString(first.from.name)} {\n    $tests = @(\n${tests.map((test) => `${test.replace('@(', ',@(')}\n`).join('')}    )\n    break\n  }\n`;
}

function comment(text: string): string {
  return `# ${ascii(text)}\n`;
}
