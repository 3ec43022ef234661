#Requires -Version 5.1
# Connections of examples/hierarchy.topology.yaml (Contoso), port catalog 2025-12.
# Tries each TCP connection that starts at this machine, as Test-NetConnection -Port does, but without ping, within
# a bounded time, and telling a refused connection from silence. It sends nothing, changes nothing and writes one CSV
# file, which cmtopo probe FILE --read judges. UDP and ranges of ports are not tried.
param(
  [string] $Server = '',
  [string] $Result = 'cmtopo-probe.csv',
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

$machines = @($Server)
if (-not $Server) {
  $here = Get-ItemProperty -Path 'HKLM:\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters'
  $machines = @(($here.Hostname + '.' + $here.Domain), $here.Hostname, $env:COMPUTERNAME)
}

# By the fully qualified name first: two machines of different domains may have one host name.
$machine = switch ($machines) {
  'branch-desktops' { 'branch-desktops'; break }
  'cas01.corp.contoso.com' { 'cas01'; break }
  'cas01' { 'cas01'; break }
  'cm01.corp.contoso.com' { 'cm01'; break }
  'cm01' { 'cm01'; break }
  'cm02.corp.contoso.com' { 'cm02'; break }
  'cm02' { 'cm02'; break }
  'dp-branch.corp.contoso.com' { 'dp-branch'; break }
  'dp-branch' { 'dp-branch'; break }
  'hq-desktops' { 'hq-desktops'; break }
  'laptops' { 'laptops'; break }
  'mp01.corp.contoso.com' { 'mp01'; break }
  'mp01' { 'mp01'; break }
  'pub01.contoso.com' { 'pub01'; break }
  'pub01' { 'pub01'; break }
  'sec01.corp.contoso.com' { 'sec01'; break }
  'sec01' { 'sec01'; break }
  'sql01.corp.contoso.com' { 'sql01'; break }
  'sql01' { 'sql01'; break }
  'sql02.corp.contoso.com' { 'sql02'; break }
  'sql02' { 'sql02'; break }
  'sqlcas.corp.contoso.com' { 'sqlcas'; break }
  'sqlcas' { 'sqlcas'; break }
}
if (-not $machine) { throw ('There are no connections for ' + ($machines -join ', ') + ' in this script.') }
switch ($machine) {
  'branch-desktops' {
    $tests = @(
      ,@('branch-desktops', 'dc-branch', 88, '10.20.0.2')
      ,@('branch-desktops', 'dc-branch', 3268, '10.20.0.2')
      ,@('branch-desktops', 'dp-branch', 443, '10.20.0.11')
      ,@('branch-desktops', 'mp01', 443, '10.10.0.21')
      ,@('branch-desktops', 'mp01', 8530, '10.10.0.21')
      ,@('branch-desktops', 'mp01', 8531, '10.10.0.21')
      ,@('branch-desktops', 'mp01', 10123, '10.10.0.21')
      ,@('branch-desktops', 'sec01', 443, '10.20.0.10')
      ,@('branch-desktops', 'sec01', 10123, '10.20.0.10')
    )
    break
  }
  'cas01' {
    $tests = @(
      ,@('cas01', 'cm01', 445, '10.10.0.20')
      ,@('cas01', 'cm02', 445, '10.10.0.30')
      ,@('cas01', 'dc01', 88, '10.10.0.2')
      ,@('cas01', 'dc01', 135, '10.10.0.2')
      ,@('cas01', 'dc01', 389, '10.10.0.2')
      ,@('cas01', 'dc01', 636, '10.10.0.2')
      ,@('cas01', 'dc01', 3268, '10.10.0.2')
      ,@('cas01', 'sqlcas', 135, '10.10.0.11')
      ,@('cas01', 'sqlcas', 445, '10.10.0.11')
      ,@('cas01', 'sqlcas', 1433, '10.10.0.11')
    )
    break
  }
  'cm01' {
    $tests = @(
      ,@('cm01', 'cas01', 445, '10.10.0.10')
      ,@('cm01', 'dc01', 88, '10.10.0.2')
      ,@('cm01', 'dc01', 135, '10.10.0.2')
      ,@('cm01', 'dc01', 389, '10.10.0.2')
      ,@('cm01', 'dc01', 636, '10.10.0.2')
      ,@('cm01', 'dc01', 3268, '10.10.0.2')
      ,@('cm01', 'mp01', 135, '10.10.0.21')
      ,@('cm01', 'mp01', 445, '10.10.0.21')
      ,@('cm01', 'mp01', 8530, '10.10.0.21')
      ,@('cm01', 'mp01', 8531, '10.10.0.21')
      ,@('cm01', 'sec01', 445, '10.20.0.10')
      ,@('cm01', 'sql01', 135, '10.10.0.22')
      ,@('cm01', 'sql01', 443, '10.10.0.22')
      ,@('cm01', 'sql01', 445, '10.10.0.22')
      ,@('cm01', 'sql01', 14330, '10.10.0.22')
    )
    break
  }
  'cm02' {
    $tests = @(
      ,@('cm02', 'cas01', 445, '10.10.0.10')
      ,@('cm02', 'dc01', 88, '10.10.0.2')
      ,@('cm02', 'dc01', 135, '10.10.0.2')
      ,@('cm02', 'dc01', 389, '10.10.0.2')
      ,@('cm02', 'dc01', 636, '10.10.0.2')
      ,@('cm02', 'dc01', 3268, '10.10.0.2')
      ,@('cm02', 'pub01', 135, '192.0.2.10')
      ,@('cm02', 'pub01', 445, '192.0.2.10')
      ,@('cm02', 'pub01', 8530, '192.0.2.10')
      ,@('cm02', 'pub01', 8531, '192.0.2.10')
      ,@('cm02', 'sql02', 135, '10.10.0.31')
      ,@('cm02', 'sql02', 445, '10.10.0.31')
      ,@('cm02', 'sql02', 1433, '10.10.0.31')
    )
    break
  }
  'dp-branch' {
    $tests = @(
      ,@('dp-branch', 'dc-branch', 88, '10.20.0.2')
      ,@('dp-branch', 'sec01', 443, '10.20.0.10')
    )
    break
  }
  'hq-desktops' {
    $tests = @(
      ,@('hq-desktops', 'dc01', 88, '10.10.0.2')
      ,@('hq-desktops', 'dc01', 3268, '10.10.0.2')
      ,@('hq-desktops', 'mp01', 443, '10.10.0.21')
      ,@('hq-desktops', 'mp01', 8530, '10.10.0.21')
      ,@('hq-desktops', 'mp01', 8531, '10.10.0.21')
      ,@('hq-desktops', 'mp01', 10123, '10.10.0.21')
    )
    break
  }
  'laptops' {
    $tests = @(
      ,@('laptops', 'pub01', 443, '192.0.2.10')
      ,@('laptops', 'pub01', 8531, '192.0.2.10')
      ,@('laptops', 'pub01', 10123, '192.0.2.10')
    )
    break
  }
  'mp01' {
    $tests = @(
      ,@('mp01', 'cas01', 8530, '10.10.0.10')
      ,@('mp01', 'cas01', 8531, '10.10.0.10')
      ,@('mp01', 'cm01', 135, '10.10.0.20')
      ,@('mp01', 'cm01', 445, '10.10.0.20')
      ,@('mp01', 'dc01', 88, '10.10.0.2')
      ,@('mp01', 'dc01', 135, '10.10.0.2')
      ,@('mp01', 'dc01', 389, '10.10.0.2')
      ,@('mp01', 'dc01', 636, '10.10.0.2')
      ,@('mp01', 'dc01', 3268, '10.10.0.2')
      ,@('mp01', 'sql01', 14330, '10.10.0.22')
    )
    break
  }
  'pub01' {
    $tests = @(
      ,@('pub01', 'cas01', 8530, '10.10.0.10')
      ,@('pub01', 'cas01', 8531, '10.10.0.10')
      ,@('pub01', 'dc-perimeter', 88, '192.0.2.2')
      ,@('pub01', 'dc-perimeter', 135, '192.0.2.2')
      ,@('pub01', 'dc-perimeter', 389, '192.0.2.2')
      ,@('pub01', 'dc-perimeter', 636, '192.0.2.2')
      ,@('pub01', 'dc-perimeter', 3268, '192.0.2.2')
      ,@('pub01', 'sql02', 1433, '10.10.0.31')
    )
    break
  }
  'sec01' {
    $tests = @(
      ,@('sec01', 'cm01', 445, '10.10.0.20')
      ,@('sec01', 'dc-branch', 88, '10.20.0.2')
      ,@('sec01', 'dc-branch', 135, '10.20.0.2')
      ,@('sec01', 'dc-branch', 389, '10.20.0.2')
      ,@('sec01', 'dc-branch', 636, '10.20.0.2')
      ,@('sec01', 'dc-branch', 3268, '10.20.0.2')
      ,@('sec01', 'dp-branch', 135, '10.20.0.11')
      ,@('sec01', 'dp-branch', 445, '10.20.0.11')
      ,@('sec01', 'sql01', 4022, '10.10.0.22')
      ,@('sec01', 'sql01', 14330, '10.10.0.22')
    )
    break
  }
  'sql01' {
    $tests = @(
      ,@('sql01', 'cm01', 135, '10.10.0.20')
      ,@('sql01', 'cm01', 445, '10.10.0.20')
      ,@('sql01', 'dc01', 88, '10.10.0.2')
      ,@('sql01', 'sec01', 4022, '10.20.0.10')
      ,@('sql01', 'sec01', 14330, '10.20.0.10')
      ,@('sql01', 'sqlcas', 1433, '10.10.0.11')
      ,@('sql01', 'sqlcas', 4022, '10.10.0.11')
    )
    break
  }
  'sql02' {
    $tests = @(
      ,@('sql02', 'dc01', 88, '10.10.0.2')
      ,@('sql02', 'sqlcas', 1433, '10.10.0.11')
      ,@('sql02', 'sqlcas', 4022, '10.10.0.11')
    )
    break
  }
  'sqlcas' {
    $tests = @(
      ,@('sqlcas', 'dc01', 88, '10.10.0.2')
      ,@('sqlcas', 'sql01', 4022, '10.10.0.22')
      ,@('sqlcas', 'sql01', 14330, '10.10.0.22')
      ,@('sqlcas', 'sql02', 1433, '10.10.0.31')
      ,@('sqlcas', 'sql02', 4022, '10.10.0.31')
    )
    break
  }
}

$done = 0
$rows = foreach ($test in $tests) {
  Write-Progress -Activity 'Connections' -Status "$($test[1]) $($test[2])" -PercentComplete (100 * $done / $tests.Count)
  $done = $done + 1
  [pscustomobject] @{
    from = $test[0]
    to = $test[1]
    port = $test[2]
    target = $test[3]
    outcome = Test-Connect $test[3] $test[2]
  }
}
$rows | Export-Csv -Path $Result -NoTypeInformation -Encoding UTF8
Write-Output "$done connections tried; the result is in $Result."
