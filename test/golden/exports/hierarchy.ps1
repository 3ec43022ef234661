#Requires -Version 5.1
#Requires -RunAsAdministrator
# Firewall rules of examples/hierarchy.topology.yaml (Contoso), port catalog 2025-12.
# The name of a rule is made from its meaning, so that a second run changes nothing.
# Rules for a client group are for its machines: run the script there with -Server and the group's name.
param(
  [string] $Server = '',
  [switch] $RemoveStale
)
$ErrorActionPreference = 'Stop'
$group = 'ConfigMgr Topology'
$wanted = New-Object 'System.Collections.Generic.List[string]'
$machines = @($Server)
if (-not $Server) {
  $here = Get-ItemProperty -Path 'HKLM:\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters'
  $machines = @(($here.Hostname + '.' + $here.Domain), $here.Hostname, $env:COMPUTERNAME)
}

# By the fully qualified name first: two machines of different domains may have one host name.
$machine = switch ($machines) {
  'cas01.corp.contoso.com' { 'cas01'; break }
  'cas01' { 'cas01'; break }
  'cm01.corp.contoso.com' { 'cm01'; break }
  'cm01' { 'cm01'; break }
  'cm02.corp.contoso.com' { 'cm02'; break }
  'cm02' { 'cm02'; break }
  'dc-branch' { 'dc-branch'; break }
  'dc-perimeter' { 'dc-perimeter'; break }
  'dc01' { 'dc01'; break }
  'dp-branch.corp.contoso.com' { 'dp-branch'; break }
  'dp-branch' { 'dp-branch'; break }
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
  'branch-desktops' { 'branch-desktops'; break }
  'hq-desktops' { 'hq-desktops'; break }
  'laptops' { 'laptops'; break }
}
if (-not $machine) { throw ('There are no rules for ' + ($machines -join ', ') + ' in this script.') }

function Test-Missing([string] $Name) {
  $wanted.Add($Name)
  return -not (Get-NetFirewallRule -Name $Name -ErrorAction SilentlyContinue)
}

switch ($machine) {
  'cas01' {
    if (Test-Missing 'cmtopo-out-bd51ce7a48a9c0b9') {
      New-NetFirewallRule -Name 'cmtopo-out-bd51ce7a48a9c0b9' -DisplayName 'ConfigMgr: cas01 to azure, internet, tcp' -Group $group -Description 'HTTPS for external notification, HTTP, HTTPS. 2025-12 bkmk_scp-notify, 2025-12 BKMK_PortsConsole-Internet, 2025-12 BKMK_PortsEndpointProtection_Internet, 2025-12 internet-endpoints bkmk_scp, 2025-12 BKMK_PortSite-Internet, 2025-12 BKMK_PortsSUP-Internet, 2025-12 internet-endpoints bkmk_sum' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '80', '443' -RemoteAddress '1.0.0.0-9.255.255.255', '11.0.0.0-100.63.255.255', '100.128.0.0-126.255.255.255', '128.0.0.0-169.253.255.255', '169.255.0.0-172.15.255.255', '172.32.0.0-192.0.1.255', '192.0.3.0-192.167.255.255', '192.169.0.0-223.255.255.255' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-e5a9e138ee0dac84') {
      New-NetFirewallRule -Name 'cmtopo-out-e5a9e138ee0dac84' -DisplayName 'ConfigMgr: cas01 to cm01, tcp' -Group $group -Description 'Server Message Block (SMB). 2025-12 BKMK_PortsSite-Site' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '445' -RemoteAddress '10.10.0.20' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-32152f34657d3a20') {
      New-NetFirewallRule -Name 'cmtopo-out-32152f34657d3a20' -DisplayName 'ConfigMgr: cas01 to cm02, tcp' -Group $group -Description 'Server Message Block (SMB). 2025-12 BKMK_PortsSite-Site' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '445' -RemoteAddress '10.10.0.30' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-2122de26ee8ca9fa') {
      New-NetFirewallRule -Name 'cmtopo-out-2122de26ee8ca9fa' -DisplayName 'ConfigMgr: cas01 to dc01, tcp' -Group $group -Description 'Kerberos authentication (Windows). 2025-12 ports-used-by-windows-server' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '88' -RemoteAddress '10.10.0.2' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-4d168fb464375d69') {
      New-NetFirewallRule -Name 'cmtopo-out-4d168fb464375d69' -DisplayName 'ConfigMgr: cas01 to dc01, tcp' -Group $group -Description 'RPC Endpoint Mapper, Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding), Global catalog LDAP, RPC. 2025-12 BKMK_PortsSite-DC' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '135', '389', '636', '3268', '49152-65535' -RemoteAddress '10.10.0.2' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-e4f8e3e1d0898571') {
      New-NetFirewallRule -Name 'cmtopo-out-e4f8e3e1d0898571' -DisplayName 'ConfigMgr: cas01 to dc01, udp' -Group $group -Description 'Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding). 2025-12 BKMK_PortsSite-DC' -Direction Outbound -Action Allow -Profile Any -Protocol UDP -RemotePort '389', '636' -RemoteAddress '10.10.0.2' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-9f4097c7f38888ed') {
      New-NetFirewallRule -Name 'cmtopo-out-9f4097c7f38888ed' -DisplayName 'ConfigMgr: cas01 to hq-desktops, tcp' -Group $group -Description 'Remote Control (control). 2025-12 BKMK_PortsConsole-Client' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '2701' -RemoteAddress '10.10.64.0/18' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-04f3066f00613196') {
      New-NetFirewallRule -Name 'cmtopo-out-04f3066f00613196' -DisplayName 'ConfigMgr: cas01 to sqlcas, tcp' -Group $group -Description 'RPC Endpoint Mapper, Server Message Block (SMB), RPC (installation). 2025-12 BKMK_PortsSite-SQL' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '135', '445', '49152-65535' -RemoteAddress '10.10.0.11' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-8d995e5402e63ab4') {
      New-NetFirewallRule -Name 'cmtopo-out-8d995e5402e63ab4' -DisplayName 'ConfigMgr: cas01 to sqlcas, tcp' -Group $group -Description 'SQL over TCP. 2025-12 BKMK_PortsEP-to-SQL, 2025-12 BKMK_PortsSCP-to-SQL, 2025-12 BKMK_PortsSite-SQL, 2025-12 BKMK_PortsProvider-SQL' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '1433' -RemoteAddress '10.10.0.11' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-a2d2ce697473c2ab') {
      New-NetFirewallRule -Name 'cmtopo-out-a2d2ce697473c2ab' -DisplayName 'ConfigMgr: cas01 to sqlcas, udp' -Group $group -Description 'RPC Endpoint Mapper (installation). 2025-12 BKMK_PortsSite-SQL' -Direction Outbound -Action Allow -Profile Any -Protocol UDP -RemotePort '135' -RemoteAddress '10.10.0.11' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-b9a4c386b449d18b') {
      New-NetFirewallRule -Name 'cmtopo-in-b9a4c386b449d18b' -DisplayName 'ConfigMgr: cm01 to cas01, tcp' -Group $group -Description 'Server Message Block (SMB). 2025-12 BKMK_PortsSite-Site' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '445' -RemoteAddress '10.10.0.20' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-9f84c55e941ff70f') {
      New-NetFirewallRule -Name 'cmtopo-in-9f84c55e941ff70f' -DisplayName 'ConfigMgr: cm02 to cas01, tcp' -Group $group -Description 'Server Message Block (SMB). 2025-12 BKMK_PortsSite-Site' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '445' -RemoteAddress '10.10.0.30' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-07306329bfebb69d') {
      New-NetFirewallRule -Name 'cmtopo-in-07306329bfebb69d' -DisplayName 'ConfigMgr: mp01 to cas01, tcp' -Group $group -Description 'HTTP, HTTPS. 2025-12 BKMK_PortsSUP-WSUS' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '8530', '8531' -RemoteAddress '10.10.0.21' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-95f299bdbae221eb') {
      New-NetFirewallRule -Name 'cmtopo-in-95f299bdbae221eb' -DisplayName 'ConfigMgr: pub01 to cas01, tcp' -Group $group -Description 'HTTP, HTTPS. 2025-12 BKMK_PortsSUP-WSUS' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '8530', '8531' -RemoteAddress '192.0.2.10' | Out-Null
    }
    break
  }
  'cm01' {
    if (Test-Missing 'cmtopo-out-ae0d317680ca75e1') {
      New-NetFirewallRule -Name 'cmtopo-out-ae0d317680ca75e1' -DisplayName 'ConfigMgr: cm01 to cas01, tcp' -Group $group -Description 'Server Message Block (SMB). 2025-12 BKMK_PortsSite-Site' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '445' -RemoteAddress '10.10.0.10' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-17e11cf25b524887') {
      New-NetFirewallRule -Name 'cmtopo-out-17e11cf25b524887' -DisplayName 'ConfigMgr: cm01 to dc01, tcp' -Group $group -Description 'Kerberos authentication (Windows). 2025-12 ports-used-by-windows-server' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '88' -RemoteAddress '10.10.0.2' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-9c784edfc6bab120') {
      New-NetFirewallRule -Name 'cmtopo-out-9c784edfc6bab120' -DisplayName 'ConfigMgr: cm01 to dc01, tcp' -Group $group -Description 'RPC Endpoint Mapper, Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding), Global catalog LDAP, RPC. 2025-12 BKMK_PortsSite-DC' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '135', '389', '636', '3268', '49152-65535' -RemoteAddress '10.10.0.2' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-64519bcfafde6ad2') {
      New-NetFirewallRule -Name 'cmtopo-out-64519bcfafde6ad2' -DisplayName 'ConfigMgr: cm01 to dc01, udp' -Group $group -Description 'Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding). 2025-12 BKMK_PortsSite-DC' -Direction Outbound -Action Allow -Profile Any -Protocol UDP -RemotePort '389', '636' -RemoteAddress '10.10.0.2' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-f7d681b3af957e25') {
      New-NetFirewallRule -Name 'cmtopo-out-f7d681b3af957e25' -DisplayName 'ConfigMgr: cm01 to hq-desktops, tcp' -Group $group -Description 'RPC endpoint mapper, Server Message Block (SMB), RPC dynamic ports (installation). 2025-12 ports-that-are-used-with-client-push-installation' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '135', '445', '49152-65535' -RemoteAddress '10.10.64.0/18' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-5c1d933b13699bc2') {
      New-NetFirewallRule -Name 'cmtopo-out-5c1d933b13699bc2' -DisplayName 'ConfigMgr: cm01 to hq-desktops, tcp' -Group $group -Description 'Remote Control (control). 2025-12 BKMK_PortsConsole-Client' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '2701' -RemoteAddress '10.10.64.0/18' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-bcfe259718e5d41e') {
      New-NetFirewallRule -Name 'cmtopo-out-bcfe259718e5d41e' -DisplayName 'ConfigMgr: cm01 to hq-desktops, udp' -Group $group -Description 'RPC endpoint mapper (installation). 2025-12 ports-that-are-used-with-client-push-installation' -Direction Outbound -Action Allow -Profile Any -Protocol UDP -RemotePort '135' -RemoteAddress '10.10.64.0/18' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-5270c82086e25ac5') {
      New-NetFirewallRule -Name 'cmtopo-out-5270c82086e25ac5' -DisplayName 'ConfigMgr: cm01 to internet, tcp' -Group $group -Description 'HTTP, HTTPS. 2025-12 BKMK_PortsConsole-Internet, 2025-12 BKMK_PortSite-Internet' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '80', '443' -RemoteAddress '1.0.0.0-9.255.255.255', '11.0.0.0-100.63.255.255', '100.128.0.0-126.255.255.255', '128.0.0.0-169.253.255.255', '169.255.0.0-172.15.255.255', '172.32.0.0-192.0.1.255', '192.0.3.0-192.167.255.255', '192.169.0.0-223.255.255.255' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-3afcd2a07171e11f') {
      New-NetFirewallRule -Name 'cmtopo-out-3afcd2a07171e11f' -DisplayName 'ConfigMgr: cm01 to mp01, tcp' -Group $group -Description 'RPC Endpoint mapper, RPC Endpoint Mapper, Server Message Block (SMB), HTTP, HTTPS, RPC. 2025-12 BKMK_PortsMP-Site, 2025-12 BKMK_PortsSite-DP, 2025-12 BKMK_PortsSite-SUP' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '135', '445', '8530', '8531', '49152-65535' -RemoteAddress '10.10.0.21' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-1d0cf4ec24b2477b') {
      New-NetFirewallRule -Name 'cmtopo-out-1d0cf4ec24b2477b' -DisplayName 'ConfigMgr: cm01 to mp01, udp' -Group $group -Description 'RPC Endpoint Mapper. 2025-12 BKMK_PortsSite-DP, 2025-12 BKMK_PortsSite-SUP' -Direction Outbound -Action Allow -Profile Any -Protocol UDP -RemotePort '135' -RemoteAddress '10.10.0.21' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-3b861e3de3e4f3ca') {
      New-NetFirewallRule -Name 'cmtopo-out-3b861e3de3e4f3ca' -DisplayName 'ConfigMgr: cm01 to sec01, tcp' -Group $group -Description 'Server Message Block (SMB). 2025-12 BKMK_PortsSite-Site' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '445' -RemoteAddress '10.20.0.10' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-d85f465717e3fa8e') {
      New-NetFirewallRule -Name 'cmtopo-out-d85f465717e3fa8e' -DisplayName 'ConfigMgr: cm01 to sql01, tcp' -Group $group -Description 'RPC Endpoint Mapper, HTTPS, Server Message Block (SMB), SQL over TCP, RPC. 2025-12 BKMK_PortsSite-RSP, 2025-12 BKMK_PortsConsole-RSP, 2025-12 BKMK_PortsSite-SQL, 2025-12 BKMK_PortsProvider-SQL' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '135', '443', '445', '14330', '49152-65535' -RemoteAddress '10.10.0.22' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-79db1e5de00feb41') {
      New-NetFirewallRule -Name 'cmtopo-out-79db1e5de00feb41' -DisplayName 'ConfigMgr: cm01 to sql01, udp' -Group $group -Description 'RPC Endpoint Mapper. 2025-12 BKMK_PortsSite-RSP' -Direction Outbound -Action Allow -Profile Any -Protocol UDP -RemotePort '135' -RemoteAddress '10.10.0.22' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-af7b81997f1cab00') {
      New-NetFirewallRule -Name 'cmtopo-in-af7b81997f1cab00' -DisplayName 'ConfigMgr: cas01 to cm01, tcp' -Group $group -Description 'Server Message Block (SMB). 2025-12 BKMK_PortsSite-Site' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '445' -RemoteAddress '10.10.0.10' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-9d2c49f6aee8ec21') {
      New-NetFirewallRule -Name 'cmtopo-in-9d2c49f6aee8ec21' -DisplayName 'ConfigMgr: mp01 to cm01, tcp' -Group $group -Description 'RPC Endpoint mapper, RPC Endpoint Mapper, Server Message Block (SMB), RPC. 2025-12 BKMK_PortsMP-Site, 2025-12 BKMK_PortsSite-SUP' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '135', '445', '49152-65535' -RemoteAddress '10.10.0.21' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-e49859d7cd4254d8') {
      New-NetFirewallRule -Name 'cmtopo-in-e49859d7cd4254d8' -DisplayName 'ConfigMgr: mp01 to cm01, udp' -Group $group -Description 'RPC Endpoint Mapper. 2025-12 BKMK_PortsSite-SUP' -Direction Inbound -Action Allow -Profile Any -Protocol UDP -LocalPort '135' -RemoteAddress '10.10.0.21' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-7be351b71dc30355') {
      New-NetFirewallRule -Name 'cmtopo-in-7be351b71dc30355' -DisplayName 'ConfigMgr: sec01 to cm01, tcp' -Group $group -Description 'Server Message Block (SMB). 2025-12 BKMK_PortsSite-Site' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '445' -RemoteAddress '10.20.0.10' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-6efbca50ad7d3b0b') {
      New-NetFirewallRule -Name 'cmtopo-in-6efbca50ad7d3b0b' -DisplayName 'ConfigMgr: sql01 to cm01, tcp' -Group $group -Description 'RPC Endpoint Mapper, Server Message Block (SMB), RPC. 2025-12 BKMK_PortsSite-RSP' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '135', '445', '49152-65535' -RemoteAddress '10.10.0.22' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-fda58ea27068e806') {
      New-NetFirewallRule -Name 'cmtopo-in-fda58ea27068e806' -DisplayName 'ConfigMgr: sql01 to cm01, udp' -Group $group -Description 'RPC Endpoint Mapper. 2025-12 BKMK_PortsSite-RSP' -Direction Inbound -Action Allow -Profile Any -Protocol UDP -LocalPort '135' -RemoteAddress '10.10.0.22' | Out-Null
    }
    break
  }
  'cm02' {
    if (Test-Missing 'cmtopo-out-39aae81cabb78cf6') {
      New-NetFirewallRule -Name 'cmtopo-out-39aae81cabb78cf6' -DisplayName 'ConfigMgr: cm02 to cas01, tcp' -Group $group -Description 'Server Message Block (SMB). 2025-12 BKMK_PortsSite-Site' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '445' -RemoteAddress '10.10.0.10' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-d8c02245555ff6f6') {
      New-NetFirewallRule -Name 'cmtopo-out-d8c02245555ff6f6' -DisplayName 'ConfigMgr: cm02 to dc01, tcp' -Group $group -Description 'Kerberos authentication (Windows). 2025-12 ports-used-by-windows-server' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '88' -RemoteAddress '10.10.0.2' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-4087087dce69b30d') {
      New-NetFirewallRule -Name 'cmtopo-out-4087087dce69b30d' -DisplayName 'ConfigMgr: cm02 to dc01, tcp' -Group $group -Description 'RPC Endpoint Mapper, Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding), Global catalog LDAP, RPC. 2025-12 BKMK_PortsSite-DC' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '135', '389', '636', '3268', '49152-65535' -RemoteAddress '10.10.0.2' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-bb95f5d2de1ae1e5') {
      New-NetFirewallRule -Name 'cmtopo-out-bb95f5d2de1ae1e5' -DisplayName 'ConfigMgr: cm02 to dc01, udp' -Group $group -Description 'Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding). 2025-12 BKMK_PortsSite-DC' -Direction Outbound -Action Allow -Profile Any -Protocol UDP -RemotePort '389', '636' -RemoteAddress '10.10.0.2' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-54fb6c18cd130a90') {
      New-NetFirewallRule -Name 'cmtopo-out-54fb6c18cd130a90' -DisplayName 'ConfigMgr: cm02 to internet, tcp' -Group $group -Description 'HTTP, HTTPS. 2025-12 BKMK_PortSite-Internet' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '80', '443' -RemoteAddress '1.0.0.0-9.255.255.255', '11.0.0.0-100.63.255.255', '100.128.0.0-126.255.255.255', '128.0.0.0-169.253.255.255', '169.255.0.0-172.15.255.255', '172.32.0.0-192.0.1.255', '192.0.3.0-192.167.255.255', '192.169.0.0-223.255.255.255' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-0e85e6224a33081d') {
      New-NetFirewallRule -Name 'cmtopo-out-0e85e6224a33081d' -DisplayName 'ConfigMgr: cm02 to pub01, tcp' -Group $group -Description 'RPC Endpoint mapper, RPC Endpoint Mapper, Server Message Block (SMB), HTTP, HTTPS, RPC. 2025-12 BKMK_PortsMP-Site, 2025-12 BKMK_PortsSite-DP, 2025-12 BKMK_PortsSite-SUP' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '135', '445', '8530', '8531', '50000-50255' -RemoteAddress '192.0.2.10' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-d712d1c097768014') {
      New-NetFirewallRule -Name 'cmtopo-out-d712d1c097768014' -DisplayName 'ConfigMgr: cm02 to pub01, udp' -Group $group -Description 'RPC Endpoint Mapper. 2025-12 BKMK_PortsSite-DP, 2025-12 BKMK_PortsSite-SUP' -Direction Outbound -Action Allow -Profile Any -Protocol UDP -RemotePort '135' -RemoteAddress '192.0.2.10' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-9b760cba4b093a57') {
      New-NetFirewallRule -Name 'cmtopo-out-9b760cba4b093a57' -DisplayName 'ConfigMgr: cm02 to sql02, tcp' -Group $group -Description 'RPC Endpoint Mapper, Server Message Block (SMB), RPC (installation). 2025-12 BKMK_PortsSite-SQL' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '135', '445', '49152-65535' -RemoteAddress '10.10.0.31' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-93f722734a9d8659') {
      New-NetFirewallRule -Name 'cmtopo-out-93f722734a9d8659' -DisplayName 'ConfigMgr: cm02 to sql02, tcp' -Group $group -Description 'SQL over TCP. 2025-12 BKMK_PortsSite-SQL, 2025-12 BKMK_PortsProvider-SQL' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '1433' -RemoteAddress '10.10.0.31' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-e948ba44ccab2e82') {
      New-NetFirewallRule -Name 'cmtopo-out-e948ba44ccab2e82' -DisplayName 'ConfigMgr: cm02 to sql02, udp' -Group $group -Description 'RPC Endpoint Mapper (installation). 2025-12 BKMK_PortsSite-SQL' -Direction Outbound -Action Allow -Profile Any -Protocol UDP -RemotePort '135' -RemoteAddress '10.10.0.31' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-f38961b621df9449') {
      New-NetFirewallRule -Name 'cmtopo-in-f38961b621df9449' -DisplayName 'ConfigMgr: cas01 to cm02, tcp' -Group $group -Description 'Server Message Block (SMB). 2025-12 BKMK_PortsSite-Site' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '445' -RemoteAddress '10.10.0.10' | Out-Null
    }
    break
  }
  'dc-branch' {
    if (Test-Missing 'cmtopo-in-cd16df5a780dab83') {
      New-NetFirewallRule -Name 'cmtopo-in-cd16df5a780dab83' -DisplayName 'ConfigMgr: branch-desktops to dc-branch, tcp' -Group $group -Description 'Kerberos authentication (Windows). 2025-12 ports-used-by-windows-server' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '88' -RemoteAddress '10.20.64.0/20' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-055f87b6141c575c') {
      New-NetFirewallRule -Name 'cmtopo-in-055f87b6141c575c' -DisplayName 'ConfigMgr: branch-desktops to dc-branch, tcp' -Group $group -Description 'Global catalog LDAP. 2025-12 BKMK_PortsClient-GCDC' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '3268' -RemoteAddress '10.20.64.0/20' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-2df6614f17b733db') {
      New-NetFirewallRule -Name 'cmtopo-in-2df6614f17b733db' -DisplayName 'ConfigMgr: dp-branch to dc-branch, tcp' -Group $group -Description 'Kerberos authentication (Windows). 2025-12 ports-used-by-windows-server' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '88' -RemoteAddress '10.20.0.11' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-99f80558cd4edae3') {
      New-NetFirewallRule -Name 'cmtopo-in-99f80558cd4edae3' -DisplayName 'ConfigMgr: sec01 to dc-branch, tcp' -Group $group -Description 'Kerberos authentication (Windows). 2025-12 ports-used-by-windows-server' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '88' -RemoteAddress '10.20.0.10' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-aee392c7c98a2870') {
      New-NetFirewallRule -Name 'cmtopo-in-aee392c7c98a2870' -DisplayName 'ConfigMgr: sec01 to dc-branch, tcp' -Group $group -Description 'RPC Endpoint Mapper, Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding), Global catalog LDAP, RPC. 2025-12 BKMK_PortsMP-DC, 2025-12 BKMK_PortsSite-DC' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '135', '389', '636', '3268', '49152-65535' -RemoteAddress '10.20.0.10' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-e85d7fb8f6d59474') {
      New-NetFirewallRule -Name 'cmtopo-in-e85d7fb8f6d59474' -DisplayName 'ConfigMgr: sec01 to dc-branch, udp' -Group $group -Description 'Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding). 2025-12 BKMK_PortsMP-DC, 2025-12 BKMK_PortsSite-DC' -Direction Inbound -Action Allow -Profile Any -Protocol UDP -LocalPort '389', '636' -RemoteAddress '10.20.0.10' | Out-Null
    }
    break
  }
  'dc-perimeter' {
    if (Test-Missing 'cmtopo-in-e8bcd508b25937cd') {
      New-NetFirewallRule -Name 'cmtopo-in-e8bcd508b25937cd' -DisplayName 'ConfigMgr: pub01 to dc-perimeter, tcp' -Group $group -Description 'Kerberos authentication (Windows). 2025-12 ports-used-by-windows-server' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '88' -RemoteAddress '192.0.2.10' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-aa4a4d90da97a02d') {
      New-NetFirewallRule -Name 'cmtopo-in-aa4a4d90da97a02d' -DisplayName 'ConfigMgr: pub01 to dc-perimeter, tcp' -Group $group -Description 'RPC Endpoint Mapper, Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding), Global catalog LDAP, RPC. 2025-12 BKMK_PortsMP-DC' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '135', '389', '636', '3268', '50000-50255' -RemoteAddress '192.0.2.10' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-e732cee93f3026dc') {
      New-NetFirewallRule -Name 'cmtopo-in-e732cee93f3026dc' -DisplayName 'ConfigMgr: pub01 to dc-perimeter, udp' -Group $group -Description 'Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding). 2025-12 BKMK_PortsMP-DC' -Direction Inbound -Action Allow -Profile Any -Protocol UDP -LocalPort '389', '636' -RemoteAddress '192.0.2.10' | Out-Null
    }
    break
  }
  'dc01' {
    if (Test-Missing 'cmtopo-in-84ed5a5c34022494') {
      New-NetFirewallRule -Name 'cmtopo-in-84ed5a5c34022494' -DisplayName 'ConfigMgr: cas01 to dc01, tcp' -Group $group -Description 'Kerberos authentication (Windows). 2025-12 ports-used-by-windows-server' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '88' -RemoteAddress '10.10.0.10' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-be9eb7d3f0bae73f') {
      New-NetFirewallRule -Name 'cmtopo-in-be9eb7d3f0bae73f' -DisplayName 'ConfigMgr: cas01 to dc01, tcp' -Group $group -Description 'RPC Endpoint Mapper, Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding), Global catalog LDAP, RPC. 2025-12 BKMK_PortsSite-DC' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '135', '389', '636', '3268', '49152-65535' -RemoteAddress '10.10.0.10' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-b9bb32c6d235dd97') {
      New-NetFirewallRule -Name 'cmtopo-in-b9bb32c6d235dd97' -DisplayName 'ConfigMgr: cas01 to dc01, udp' -Group $group -Description 'Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding). 2025-12 BKMK_PortsSite-DC' -Direction Inbound -Action Allow -Profile Any -Protocol UDP -LocalPort '389', '636' -RemoteAddress '10.10.0.10' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-80639f2a295b820e') {
      New-NetFirewallRule -Name 'cmtopo-in-80639f2a295b820e' -DisplayName 'ConfigMgr: cm01 to dc01, tcp' -Group $group -Description 'Kerberos authentication (Windows). 2025-12 ports-used-by-windows-server' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '88' -RemoteAddress '10.10.0.20' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-abde3ee00cedde49') {
      New-NetFirewallRule -Name 'cmtopo-in-abde3ee00cedde49' -DisplayName 'ConfigMgr: cm01 to dc01, tcp' -Group $group -Description 'RPC Endpoint Mapper, Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding), Global catalog LDAP, RPC. 2025-12 BKMK_PortsSite-DC' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '135', '389', '636', '3268', '49152-65535' -RemoteAddress '10.10.0.20' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-ff0a20a61aaa4b1b') {
      New-NetFirewallRule -Name 'cmtopo-in-ff0a20a61aaa4b1b' -DisplayName 'ConfigMgr: cm01 to dc01, udp' -Group $group -Description 'Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding). 2025-12 BKMK_PortsSite-DC' -Direction Inbound -Action Allow -Profile Any -Protocol UDP -LocalPort '389', '636' -RemoteAddress '10.10.0.20' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-f31a70e5da5eeb9a') {
      New-NetFirewallRule -Name 'cmtopo-in-f31a70e5da5eeb9a' -DisplayName 'ConfigMgr: cm02 to dc01, tcp' -Group $group -Description 'Kerberos authentication (Windows). 2025-12 ports-used-by-windows-server' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '88' -RemoteAddress '10.10.0.30' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-95f01c072585e199') {
      New-NetFirewallRule -Name 'cmtopo-in-95f01c072585e199' -DisplayName 'ConfigMgr: cm02 to dc01, tcp' -Group $group -Description 'RPC Endpoint Mapper, Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding), Global catalog LDAP, RPC. 2025-12 BKMK_PortsSite-DC' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '135', '389', '636', '3268', '49152-65535' -RemoteAddress '10.10.0.30' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-ebeaedb39cc8b5a1') {
      New-NetFirewallRule -Name 'cmtopo-in-ebeaedb39cc8b5a1' -DisplayName 'ConfigMgr: cm02 to dc01, udp' -Group $group -Description 'Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding). 2025-12 BKMK_PortsSite-DC' -Direction Inbound -Action Allow -Profile Any -Protocol UDP -LocalPort '389', '636' -RemoteAddress '10.10.0.30' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-f074d1fac61162ca') {
      New-NetFirewallRule -Name 'cmtopo-in-f074d1fac61162ca' -DisplayName 'ConfigMgr: hq-desktops to dc01, tcp' -Group $group -Description 'Kerberos authentication (Windows). 2025-12 ports-used-by-windows-server' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '88' -RemoteAddress '10.10.64.0/18' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-8e5d73dcb9714af1') {
      New-NetFirewallRule -Name 'cmtopo-in-8e5d73dcb9714af1' -DisplayName 'ConfigMgr: hq-desktops to dc01, tcp' -Group $group -Description 'Global catalog LDAP. 2025-12 BKMK_PortsClient-GCDC' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '3268' -RemoteAddress '10.10.64.0/18' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-10628d5acc70fbd4') {
      New-NetFirewallRule -Name 'cmtopo-in-10628d5acc70fbd4' -DisplayName 'ConfigMgr: mp01 to dc01, tcp' -Group $group -Description 'Kerberos authentication (Windows). 2025-12 ports-used-by-windows-server' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '88' -RemoteAddress '10.10.0.21' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-b985e765beaf619f') {
      New-NetFirewallRule -Name 'cmtopo-in-b985e765beaf619f' -DisplayName 'ConfigMgr: mp01 to dc01, tcp' -Group $group -Description 'RPC Endpoint Mapper, Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding), Global catalog LDAP, RPC. 2025-12 BKMK_PortsMP-DC' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '135', '389', '636', '3268', '49152-65535' -RemoteAddress '10.10.0.21' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-7f0d076cf64bc697') {
      New-NetFirewallRule -Name 'cmtopo-in-7f0d076cf64bc697' -DisplayName 'ConfigMgr: mp01 to dc01, udp' -Group $group -Description 'Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding). 2025-12 BKMK_PortsMP-DC' -Direction Inbound -Action Allow -Profile Any -Protocol UDP -LocalPort '389', '636' -RemoteAddress '10.10.0.21' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-56be4a92309d3280') {
      New-NetFirewallRule -Name 'cmtopo-in-56be4a92309d3280' -DisplayName 'ConfigMgr: sql01 to dc01, tcp' -Group $group -Description 'Kerberos authentication (Windows). 2025-12 ports-used-by-windows-server' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '88' -RemoteAddress '10.10.0.22' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-f5ac0d2f9fe5c55d') {
      New-NetFirewallRule -Name 'cmtopo-in-f5ac0d2f9fe5c55d' -DisplayName 'ConfigMgr: sql02 to dc01, tcp' -Group $group -Description 'Kerberos authentication (Windows). 2025-12 ports-used-by-windows-server' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '88' -RemoteAddress '10.10.0.31' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-7b20597b2bc83b38') {
      New-NetFirewallRule -Name 'cmtopo-in-7b20597b2bc83b38' -DisplayName 'ConfigMgr: sqlcas to dc01, tcp' -Group $group -Description 'Kerberos authentication (Windows). 2025-12 ports-used-by-windows-server' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '88' -RemoteAddress '10.10.0.11' | Out-Null
    }
    break
  }
  'dp-branch' {
    if (Test-Missing 'cmtopo-out-a60dfe46859088fe') {
      New-NetFirewallRule -Name 'cmtopo-out-a60dfe46859088fe' -DisplayName 'ConfigMgr: dp-branch to dc-branch, tcp' -Group $group -Description 'Kerberos authentication (Windows). 2025-12 ports-used-by-windows-server' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '88' -RemoteAddress '10.20.0.2' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-0a0da0abd26e8110') {
      New-NetFirewallRule -Name 'cmtopo-out-0a0da0abd26e8110' -DisplayName 'ConfigMgr: dp-branch to sec01, tcp' -Group $group -Description 'HTTPS. 2025-12 BKMK_PortsPullDP-DPSource, 2025-12 BKMK_PortsDist_MP' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '443' -RemoteAddress '10.20.0.10' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-b1ff678acee8c8c7') {
      New-NetFirewallRule -Name 'cmtopo-in-b1ff678acee8c8c7' -DisplayName 'ConfigMgr: branch-desktops to dp-branch, tcp' -Group $group -Description 'HTTPS (one of 2 is enough). 2025-12 BKMK_PortsClient-DP' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '443' -RemoteAddress '10.20.64.0/20' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-47681d633a45854c') {
      New-NetFirewallRule -Name 'cmtopo-in-47681d633a45854c' -DisplayName 'ConfigMgr: sec01 to dp-branch, tcp' -Group $group -Description 'RPC Endpoint Mapper, Server Message Block (SMB), RPC. 2025-12 BKMK_PortsSite-DP' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '135', '445', '49152-65535' -RemoteAddress '10.20.0.10' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-2175bebcb8c67f09') {
      New-NetFirewallRule -Name 'cmtopo-in-2175bebcb8c67f09' -DisplayName 'ConfigMgr: sec01 to dp-branch, udp' -Group $group -Description 'RPC Endpoint Mapper. 2025-12 BKMK_PortsSite-DP' -Direction Inbound -Action Allow -Profile Any -Protocol UDP -LocalPort '135' -RemoteAddress '10.20.0.10' | Out-Null
    }
    break
  }
  'mp01' {
    if (Test-Missing 'cmtopo-out-5b314a86c5f40d46') {
      New-NetFirewallRule -Name 'cmtopo-out-5b314a86c5f40d46' -DisplayName 'ConfigMgr: mp01 to cas01, tcp' -Group $group -Description 'HTTP, HTTPS. 2025-12 BKMK_PortsSUP-WSUS' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '8530', '8531' -RemoteAddress '10.10.0.10' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-de5362d46018a127') {
      New-NetFirewallRule -Name 'cmtopo-out-de5362d46018a127' -DisplayName 'ConfigMgr: mp01 to cm01, tcp' -Group $group -Description 'RPC Endpoint mapper, RPC Endpoint Mapper, Server Message Block (SMB), RPC. 2025-12 BKMK_PortsMP-Site, 2025-12 BKMK_PortsSite-SUP' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '135', '445', '49152-65535' -RemoteAddress '10.10.0.20' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-37eabcecd877a038') {
      New-NetFirewallRule -Name 'cmtopo-out-37eabcecd877a038' -DisplayName 'ConfigMgr: mp01 to cm01, udp' -Group $group -Description 'RPC Endpoint Mapper. 2025-12 BKMK_PortsSite-SUP' -Direction Outbound -Action Allow -Profile Any -Protocol UDP -RemotePort '135' -RemoteAddress '10.10.0.20' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-48f99d55b65e11ce') {
      New-NetFirewallRule -Name 'cmtopo-out-48f99d55b65e11ce' -DisplayName 'ConfigMgr: mp01 to dc01, tcp' -Group $group -Description 'Kerberos authentication (Windows). 2025-12 ports-used-by-windows-server' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '88' -RemoteAddress '10.10.0.2' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-a5fe44f6e3fa65c5') {
      New-NetFirewallRule -Name 'cmtopo-out-a5fe44f6e3fa65c5' -DisplayName 'ConfigMgr: mp01 to dc01, tcp' -Group $group -Description 'RPC Endpoint Mapper, Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding), Global catalog LDAP, RPC. 2025-12 BKMK_PortsMP-DC' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '135', '389', '636', '3268', '49152-65535' -RemoteAddress '10.10.0.2' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-b20596ebcf74d20d') {
      New-NetFirewallRule -Name 'cmtopo-out-b20596ebcf74d20d' -DisplayName 'ConfigMgr: mp01 to dc01, udp' -Group $group -Description 'Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding). 2025-12 BKMK_PortsMP-DC' -Direction Outbound -Action Allow -Profile Any -Protocol UDP -RemotePort '389', '636' -RemoteAddress '10.10.0.2' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-b917fb8eb80c4644') {
      New-NetFirewallRule -Name 'cmtopo-out-b917fb8eb80c4644' -DisplayName 'ConfigMgr: mp01 to sql01, tcp' -Group $group -Description 'SQL over TCP. 2025-12 BKMK_PortsMP-SQL' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '14330' -RemoteAddress '10.10.0.22' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-2dc9a0814b073c48') {
      New-NetFirewallRule -Name 'cmtopo-in-2dc9a0814b073c48' -DisplayName 'ConfigMgr: branch-desktops to mp01, tcp' -Group $group -Description 'HTTPS, HTTP, Client notification (optional). 2025-12 BKMK_PortsClient-DP, 2025-12 BKMK_PortsClient-MP, 2025-12 BKMK_PortsClient-SUP' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '443', '8530', '8531', '10123' -RemoteAddress '10.20.64.0/20' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-a399847144b38dd9') {
      New-NetFirewallRule -Name 'cmtopo-in-a399847144b38dd9' -DisplayName 'ConfigMgr: cm01 to mp01, tcp' -Group $group -Description 'RPC Endpoint mapper, RPC Endpoint Mapper, Server Message Block (SMB), HTTP, HTTPS, RPC. 2025-12 BKMK_PortsMP-Site, 2025-12 BKMK_PortsSite-DP, 2025-12 BKMK_PortsSite-SUP' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '135', '445', '8530', '8531', '49152-65535' -RemoteAddress '10.10.0.20' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-ea729b0a9e8faf9d') {
      New-NetFirewallRule -Name 'cmtopo-in-ea729b0a9e8faf9d' -DisplayName 'ConfigMgr: cm01 to mp01, udp' -Group $group -Description 'RPC Endpoint Mapper. 2025-12 BKMK_PortsSite-DP, 2025-12 BKMK_PortsSite-SUP' -Direction Inbound -Action Allow -Profile Any -Protocol UDP -LocalPort '135' -RemoteAddress '10.10.0.20' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-43728efffded698d') {
      New-NetFirewallRule -Name 'cmtopo-in-43728efffded698d' -DisplayName 'ConfigMgr: hq-desktops to mp01, tcp' -Group $group -Description 'HTTPS, HTTP, Client notification (optional). 2025-12 BKMK_PortsClient-DP, 2025-12 BKMK_PortsClient-MP, 2025-12 BKMK_PortsClient-SUP' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '443', '8530', '8531', '10123' -RemoteAddress '10.10.64.0/18' | Out-Null
    }
    break
  }
  'pub01' {
    if (Test-Missing 'cmtopo-out-90b283cec3c42ec8') {
      New-NetFirewallRule -Name 'cmtopo-out-90b283cec3c42ec8' -DisplayName 'ConfigMgr: pub01 to cas01, tcp' -Group $group -Description 'HTTP, HTTPS. 2025-12 BKMK_PortsSUP-WSUS' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '8530', '8531' -RemoteAddress '10.10.0.10' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-52413b3c025a240b') {
      New-NetFirewallRule -Name 'cmtopo-out-52413b3c025a240b' -DisplayName 'ConfigMgr: pub01 to dc-perimeter, tcp' -Group $group -Description 'Kerberos authentication (Windows). 2025-12 ports-used-by-windows-server' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '88' -RemoteAddress '192.0.2.2' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-1f969fe5c06a576b') {
      New-NetFirewallRule -Name 'cmtopo-out-1f969fe5c06a576b' -DisplayName 'ConfigMgr: pub01 to dc-perimeter, tcp' -Group $group -Description 'RPC Endpoint Mapper, Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding), Global catalog LDAP, RPC. 2025-12 BKMK_PortsMP-DC' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '135', '389', '636', '3268', '50000-50255' -RemoteAddress '192.0.2.2' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-26209c53f1851492') {
      New-NetFirewallRule -Name 'cmtopo-out-26209c53f1851492' -DisplayName 'ConfigMgr: pub01 to dc-perimeter, udp' -Group $group -Description 'Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding). 2025-12 BKMK_PortsMP-DC' -Direction Outbound -Action Allow -Profile Any -Protocol UDP -RemotePort '389', '636' -RemoteAddress '192.0.2.2' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-4317527e6e165f4b') {
      New-NetFirewallRule -Name 'cmtopo-out-4317527e6e165f4b' -DisplayName 'ConfigMgr: pub01 to sql02, tcp' -Group $group -Description 'SQL over TCP. 2025-12 BKMK_PortsMP-SQL' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '1433' -RemoteAddress '10.10.0.31' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-cb9055f060c10646') {
      New-NetFirewallRule -Name 'cmtopo-in-cb9055f060c10646' -DisplayName 'ConfigMgr: cm02 to pub01, tcp' -Group $group -Description 'RPC Endpoint mapper, RPC Endpoint Mapper, Server Message Block (SMB), HTTP, HTTPS, RPC. 2025-12 BKMK_PortsMP-Site, 2025-12 BKMK_PortsSite-DP, 2025-12 BKMK_PortsSite-SUP' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '135', '445', '8530', '8531', '50000-50255' -RemoteAddress '10.10.0.30' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-e17f7346a7b96915') {
      New-NetFirewallRule -Name 'cmtopo-in-e17f7346a7b96915' -DisplayName 'ConfigMgr: cm02 to pub01, udp' -Group $group -Description 'RPC Endpoint Mapper. 2025-12 BKMK_PortsSite-DP, 2025-12 BKMK_PortsSite-SUP' -Direction Inbound -Action Allow -Profile Any -Protocol UDP -LocalPort '135' -RemoteAddress '10.10.0.30' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-60be2744f09bcb1f') {
      New-NetFirewallRule -Name 'cmtopo-in-60be2744f09bcb1f' -DisplayName 'ConfigMgr: laptops to pub01, tcp' -Group $group -Description 'HTTPS, Client notification (optional). 2025-12 BKMK_PortsClient-DP, 2025-12 BKMK_PortsClient-MP, 2025-12 BKMK_PortsClient-SUP' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '443', '8531', '10123' -RemoteAddress '1.0.0.0-9.255.255.255', '11.0.0.0-100.63.255.255', '100.128.0.0-126.255.255.255', '128.0.0.0-169.253.255.255', '169.255.0.0-172.15.255.255', '172.32.0.0-192.0.1.255', '192.0.3.0-192.167.255.255', '192.169.0.0-223.255.255.255' | Out-Null
    }
    break
  }
  'sec01' {
    if (Test-Missing 'cmtopo-out-8c2d10c733ad6870') {
      New-NetFirewallRule -Name 'cmtopo-out-8c2d10c733ad6870' -DisplayName 'ConfigMgr: sec01 to cm01, tcp' -Group $group -Description 'Server Message Block (SMB). 2025-12 BKMK_PortsSite-Site' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '445' -RemoteAddress '10.10.0.20' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-1ec1b48697503ccd') {
      New-NetFirewallRule -Name 'cmtopo-out-1ec1b48697503ccd' -DisplayName 'ConfigMgr: sec01 to dc-branch, tcp' -Group $group -Description 'Kerberos authentication (Windows). 2025-12 ports-used-by-windows-server' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '88' -RemoteAddress '10.20.0.2' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-04962856277b6816') {
      New-NetFirewallRule -Name 'cmtopo-out-04962856277b6816' -DisplayName 'ConfigMgr: sec01 to dc-branch, tcp' -Group $group -Description 'RPC Endpoint Mapper, Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding), Global catalog LDAP, RPC. 2025-12 BKMK_PortsMP-DC, 2025-12 BKMK_PortsSite-DC' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '135', '389', '636', '3268', '49152-65535' -RemoteAddress '10.20.0.2' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-c9a4f50eeebe0cda') {
      New-NetFirewallRule -Name 'cmtopo-out-c9a4f50eeebe0cda' -DisplayName 'ConfigMgr: sec01 to dc-branch, udp' -Group $group -Description 'Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding). 2025-12 BKMK_PortsMP-DC, 2025-12 BKMK_PortsSite-DC' -Direction Outbound -Action Allow -Profile Any -Protocol UDP -RemotePort '389', '636' -RemoteAddress '10.20.0.2' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-374339c61ee41f34') {
      New-NetFirewallRule -Name 'cmtopo-out-374339c61ee41f34' -DisplayName 'ConfigMgr: sec01 to dp-branch, tcp' -Group $group -Description 'RPC Endpoint Mapper, Server Message Block (SMB), RPC. 2025-12 BKMK_PortsSite-DP' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '135', '445', '49152-65535' -RemoteAddress '10.20.0.11' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-19de9031812e6d6f') {
      New-NetFirewallRule -Name 'cmtopo-out-19de9031812e6d6f' -DisplayName 'ConfigMgr: sec01 to dp-branch, udp' -Group $group -Description 'RPC Endpoint Mapper. 2025-12 BKMK_PortsSite-DP' -Direction Outbound -Action Allow -Profile Any -Protocol UDP -RemotePort '135' -RemoteAddress '10.20.0.11' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-392e755018248d16') {
      New-NetFirewallRule -Name 'cmtopo-out-392e755018248d16' -DisplayName 'ConfigMgr: sec01 to sql01, tcp' -Group $group -Description 'SQL Server Service Broker, SQL Server service. 2025-12 BKMK_PortsSQL-SQL' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '4022', '14330' -RemoteAddress '10.10.0.22' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-1fe8b5de0210e3ef') {
      New-NetFirewallRule -Name 'cmtopo-in-1fe8b5de0210e3ef' -DisplayName 'ConfigMgr: branch-desktops to sec01, tcp' -Group $group -Description 'HTTPS, Client notification (optional). 2025-12 BKMK_PortsClient-DP, 2025-12 BKMK_PortsClient-MP' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '443', '10123' -RemoteAddress '10.20.64.0/20' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-7118d963d7fb560f') {
      New-NetFirewallRule -Name 'cmtopo-in-7118d963d7fb560f' -DisplayName 'ConfigMgr: cm01 to sec01, tcp' -Group $group -Description 'Server Message Block (SMB). 2025-12 BKMK_PortsSite-Site' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '445' -RemoteAddress '10.10.0.20' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-1969445033840570') {
      New-NetFirewallRule -Name 'cmtopo-in-1969445033840570' -DisplayName 'ConfigMgr: dp-branch to sec01, tcp' -Group $group -Description 'HTTPS. 2025-12 BKMK_PortsPullDP-DPSource, 2025-12 BKMK_PortsDist_MP' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '443' -RemoteAddress '10.20.0.11' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-cd8aa70627afc4b5') {
      New-NetFirewallRule -Name 'cmtopo-in-cd8aa70627afc4b5' -DisplayName 'ConfigMgr: sql01 to sec01, tcp' -Group $group -Description 'SQL Server Service Broker, SQL Server service. 2025-12 BKMK_PortsSQL-SQL' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '4022', '14330' -RemoteAddress '10.10.0.22' | Out-Null
    }
    break
  }
  'sql01' {
    if (Test-Missing 'cmtopo-out-2f03ed338a5fcbd2') {
      New-NetFirewallRule -Name 'cmtopo-out-2f03ed338a5fcbd2' -DisplayName 'ConfigMgr: sql01 to cm01, tcp' -Group $group -Description 'RPC Endpoint Mapper, Server Message Block (SMB), RPC. 2025-12 BKMK_PortsSite-RSP' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '135', '445', '49152-65535' -RemoteAddress '10.10.0.20' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-c3e9f4787c392f35') {
      New-NetFirewallRule -Name 'cmtopo-out-c3e9f4787c392f35' -DisplayName 'ConfigMgr: sql01 to cm01, udp' -Group $group -Description 'RPC Endpoint Mapper. 2025-12 BKMK_PortsSite-RSP' -Direction Outbound -Action Allow -Profile Any -Protocol UDP -RemotePort '135' -RemoteAddress '10.10.0.20' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-d81e198a1f407087') {
      New-NetFirewallRule -Name 'cmtopo-out-d81e198a1f407087' -DisplayName 'ConfigMgr: sql01 to dc01, tcp' -Group $group -Description 'Kerberos authentication (Windows). 2025-12 ports-used-by-windows-server' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '88' -RemoteAddress '10.10.0.2' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-a92ab8e85365e342') {
      New-NetFirewallRule -Name 'cmtopo-out-a92ab8e85365e342' -DisplayName 'ConfigMgr: sql01 to sec01, tcp' -Group $group -Description 'SQL Server Service Broker, SQL Server service. 2025-12 BKMK_PortsSQL-SQL' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '4022', '14330' -RemoteAddress '10.20.0.10' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-5e3290bceb99a45d') {
      New-NetFirewallRule -Name 'cmtopo-out-5e3290bceb99a45d' -DisplayName 'ConfigMgr: sql01 to sqlcas, tcp' -Group $group -Description 'SQL Server service, SQL Server Service Broker. 2025-12 BKMK_PortsSQL-SQL' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '1433', '4022' -RemoteAddress '10.10.0.11' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-0b521b4e72ae643f') {
      New-NetFirewallRule -Name 'cmtopo-in-0b521b4e72ae643f' -DisplayName 'ConfigMgr: cm01 to sql01, tcp' -Group $group -Description 'RPC Endpoint Mapper, HTTPS, Server Message Block (SMB), SQL over TCP, RPC. 2025-12 BKMK_PortsSite-RSP, 2025-12 BKMK_PortsConsole-RSP, 2025-12 BKMK_PortsSite-SQL, 2025-12 BKMK_PortsProvider-SQL' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '135', '443', '445', '14330', '49152-65535' -RemoteAddress '10.10.0.20' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-40aba7dfeacfac6a') {
      New-NetFirewallRule -Name 'cmtopo-in-40aba7dfeacfac6a' -DisplayName 'ConfigMgr: cm01 to sql01, udp' -Group $group -Description 'RPC Endpoint Mapper. 2025-12 BKMK_PortsSite-RSP' -Direction Inbound -Action Allow -Profile Any -Protocol UDP -LocalPort '135' -RemoteAddress '10.10.0.20' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-33c81123cf6bd53a') {
      New-NetFirewallRule -Name 'cmtopo-in-33c81123cf6bd53a' -DisplayName 'ConfigMgr: mp01 to sql01, tcp' -Group $group -Description 'SQL over TCP. 2025-12 BKMK_PortsMP-SQL' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '14330' -RemoteAddress '10.10.0.21' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-2ae7d4a5bfd42119') {
      New-NetFirewallRule -Name 'cmtopo-in-2ae7d4a5bfd42119' -DisplayName 'ConfigMgr: sec01 to sql01, tcp' -Group $group -Description 'SQL Server Service Broker, SQL Server service. 2025-12 BKMK_PortsSQL-SQL' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '4022', '14330' -RemoteAddress '10.20.0.10' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-a04f5d5a8180a4fe') {
      New-NetFirewallRule -Name 'cmtopo-in-a04f5d5a8180a4fe' -DisplayName 'ConfigMgr: sqlcas to sql01, tcp' -Group $group -Description 'SQL Server Service Broker, SQL Server service. 2025-12 BKMK_PortsSQL-SQL' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '4022', '14330' -RemoteAddress '10.10.0.11' | Out-Null
    }
    break
  }
  'sql02' {
    if (Test-Missing 'cmtopo-out-98fd1edd194e1ef6') {
      New-NetFirewallRule -Name 'cmtopo-out-98fd1edd194e1ef6' -DisplayName 'ConfigMgr: sql02 to dc01, tcp' -Group $group -Description 'Kerberos authentication (Windows). 2025-12 ports-used-by-windows-server' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '88' -RemoteAddress '10.10.0.2' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-dcadd45af1edffd4') {
      New-NetFirewallRule -Name 'cmtopo-out-dcadd45af1edffd4' -DisplayName 'ConfigMgr: sql02 to sqlcas, tcp' -Group $group -Description 'SQL Server service, SQL Server Service Broker. 2025-12 BKMK_PortsSQL-SQL' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '1433', '4022' -RemoteAddress '10.10.0.11' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-f4c002df3ebe2771') {
      New-NetFirewallRule -Name 'cmtopo-in-f4c002df3ebe2771' -DisplayName 'ConfigMgr: cm02 to sql02, tcp' -Group $group -Description 'RPC Endpoint Mapper, Server Message Block (SMB), RPC (installation). 2025-12 BKMK_PortsSite-SQL' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '135', '445', '49152-65535' -RemoteAddress '10.10.0.30' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-53b9647ab2d4f757') {
      New-NetFirewallRule -Name 'cmtopo-in-53b9647ab2d4f757' -DisplayName 'ConfigMgr: cm02 to sql02, tcp' -Group $group -Description 'SQL over TCP. 2025-12 BKMK_PortsSite-SQL, 2025-12 BKMK_PortsProvider-SQL' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '1433' -RemoteAddress '10.10.0.30' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-0f9e1debb52e5bb6') {
      New-NetFirewallRule -Name 'cmtopo-in-0f9e1debb52e5bb6' -DisplayName 'ConfigMgr: cm02 to sql02, udp' -Group $group -Description 'RPC Endpoint Mapper (installation). 2025-12 BKMK_PortsSite-SQL' -Direction Inbound -Action Allow -Profile Any -Protocol UDP -LocalPort '135' -RemoteAddress '10.10.0.30' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-96de04ddbf1a2327') {
      New-NetFirewallRule -Name 'cmtopo-in-96de04ddbf1a2327' -DisplayName 'ConfigMgr: pub01 to sql02, tcp' -Group $group -Description 'SQL over TCP. 2025-12 BKMK_PortsMP-SQL' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '1433' -RemoteAddress '192.0.2.10' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-8e4862296287b8cb') {
      New-NetFirewallRule -Name 'cmtopo-in-8e4862296287b8cb' -DisplayName 'ConfigMgr: sqlcas to sql02, tcp' -Group $group -Description 'SQL Server service, SQL Server Service Broker. 2025-12 BKMK_PortsSQL-SQL' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '1433', '4022' -RemoteAddress '10.10.0.11' | Out-Null
    }
    break
  }
  'sqlcas' {
    if (Test-Missing 'cmtopo-out-7573b40f37b73da5') {
      New-NetFirewallRule -Name 'cmtopo-out-7573b40f37b73da5' -DisplayName 'ConfigMgr: sqlcas to dc01, tcp' -Group $group -Description 'Kerberos authentication (Windows). 2025-12 ports-used-by-windows-server' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '88' -RemoteAddress '10.10.0.2' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-a4d20fe6f11b0565') {
      New-NetFirewallRule -Name 'cmtopo-out-a4d20fe6f11b0565' -DisplayName 'ConfigMgr: sqlcas to sql01, tcp' -Group $group -Description 'SQL Server Service Broker, SQL Server service. 2025-12 BKMK_PortsSQL-SQL' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '4022', '14330' -RemoteAddress '10.10.0.22' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-8a849f7603a01b06') {
      New-NetFirewallRule -Name 'cmtopo-out-8a849f7603a01b06' -DisplayName 'ConfigMgr: sqlcas to sql02, tcp' -Group $group -Description 'SQL Server service, SQL Server Service Broker. 2025-12 BKMK_PortsSQL-SQL' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '1433', '4022' -RemoteAddress '10.10.0.31' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-e6dbad17eca333f2') {
      New-NetFirewallRule -Name 'cmtopo-in-e6dbad17eca333f2' -DisplayName 'ConfigMgr: cas01 to sqlcas, tcp' -Group $group -Description 'RPC Endpoint Mapper, Server Message Block (SMB), RPC (installation). 2025-12 BKMK_PortsSite-SQL' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '135', '445', '49152-65535' -RemoteAddress '10.10.0.10' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-47982697ee4a3bcc') {
      New-NetFirewallRule -Name 'cmtopo-in-47982697ee4a3bcc' -DisplayName 'ConfigMgr: cas01 to sqlcas, tcp' -Group $group -Description 'SQL over TCP. 2025-12 BKMK_PortsEP-to-SQL, 2025-12 BKMK_PortsSCP-to-SQL, 2025-12 BKMK_PortsSite-SQL, 2025-12 BKMK_PortsProvider-SQL' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '1433' -RemoteAddress '10.10.0.10' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-7f81701093a3946d') {
      New-NetFirewallRule -Name 'cmtopo-in-7f81701093a3946d' -DisplayName 'ConfigMgr: cas01 to sqlcas, udp' -Group $group -Description 'RPC Endpoint Mapper (installation). 2025-12 BKMK_PortsSite-SQL' -Direction Inbound -Action Allow -Profile Any -Protocol UDP -LocalPort '135' -RemoteAddress '10.10.0.10' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-2dee89cc62eb3d12') {
      New-NetFirewallRule -Name 'cmtopo-in-2dee89cc62eb3d12' -DisplayName 'ConfigMgr: sql01 to sqlcas, tcp' -Group $group -Description 'SQL Server service, SQL Server Service Broker. 2025-12 BKMK_PortsSQL-SQL' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '1433', '4022' -RemoteAddress '10.10.0.22' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-f31d457a64bc0419') {
      New-NetFirewallRule -Name 'cmtopo-in-f31d457a64bc0419' -DisplayName 'ConfigMgr: sql02 to sqlcas, tcp' -Group $group -Description 'SQL Server service, SQL Server Service Broker. 2025-12 BKMK_PortsSQL-SQL' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '1433', '4022' -RemoteAddress '10.10.0.31' | Out-Null
    }
    break
  }
  'branch-desktops' {
    if (Test-Missing 'cmtopo-out-cd7493d4529869dd') {
      New-NetFirewallRule -Name 'cmtopo-out-cd7493d4529869dd' -DisplayName 'ConfigMgr: branch-desktops to dc-branch, tcp' -Group $group -Description 'Kerberos authentication (Windows). 2025-12 ports-used-by-windows-server' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '88' -RemoteAddress '10.20.0.2' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-1cecb802bd0ed74c') {
      New-NetFirewallRule -Name 'cmtopo-out-1cecb802bd0ed74c' -DisplayName 'ConfigMgr: branch-desktops to dc-branch, tcp' -Group $group -Description 'Global catalog LDAP. 2025-12 BKMK_PortsClient-GCDC' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '3268' -RemoteAddress '10.20.0.2' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-dfcf6f899038b559') {
      New-NetFirewallRule -Name 'cmtopo-out-dfcf6f899038b559' -DisplayName 'ConfigMgr: branch-desktops to dp-branch, tcp' -Group $group -Description 'HTTPS (one of 2 is enough). 2025-12 BKMK_PortsClient-DP' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '443' -RemoteAddress '10.20.0.11' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-b8bd7b9b2ca5a04c') {
      New-NetFirewallRule -Name 'cmtopo-out-b8bd7b9b2ca5a04c' -DisplayName 'ConfigMgr: branch-desktops to mp01, tcp' -Group $group -Description 'HTTPS, HTTP, Client notification (optional). 2025-12 BKMK_PortsClient-DP, 2025-12 BKMK_PortsClient-MP, 2025-12 BKMK_PortsClient-SUP' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '443', '8530', '8531', '10123' -RemoteAddress '10.10.0.21' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-2f9a7d34ed5d3914') {
      New-NetFirewallRule -Name 'cmtopo-out-2f9a7d34ed5d3914' -DisplayName 'ConfigMgr: branch-desktops to sec01, tcp' -Group $group -Description 'HTTPS, Client notification (optional). 2025-12 BKMK_PortsClient-DP, 2025-12 BKMK_PortsClient-MP' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '443', '10123' -RemoteAddress '10.20.0.10' | Out-Null
    }
    break
  }
  'hq-desktops' {
    if (Test-Missing 'cmtopo-out-69c092fcdc32c25b') {
      New-NetFirewallRule -Name 'cmtopo-out-69c092fcdc32c25b' -DisplayName 'ConfigMgr: hq-desktops to dc01, tcp' -Group $group -Description 'Kerberos authentication (Windows). 2025-12 ports-used-by-windows-server' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '88' -RemoteAddress '10.10.0.2' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-25304022fcc09672') {
      New-NetFirewallRule -Name 'cmtopo-out-25304022fcc09672' -DisplayName 'ConfigMgr: hq-desktops to dc01, tcp' -Group $group -Description 'Global catalog LDAP. 2025-12 BKMK_PortsClient-GCDC' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '3268' -RemoteAddress '10.10.0.2' | Out-Null
    }
    if (Test-Missing 'cmtopo-out-123f581d34c07759') {
      New-NetFirewallRule -Name 'cmtopo-out-123f581d34c07759' -DisplayName 'ConfigMgr: hq-desktops to mp01, tcp' -Group $group -Description 'HTTPS, HTTP, Client notification (optional). 2025-12 BKMK_PortsClient-DP, 2025-12 BKMK_PortsClient-MP, 2025-12 BKMK_PortsClient-SUP' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '443', '8530', '8531', '10123' -RemoteAddress '10.10.0.21' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-f8e5ea6525d13e47') {
      New-NetFirewallRule -Name 'cmtopo-in-f8e5ea6525d13e47' -DisplayName 'ConfigMgr: cas01 to hq-desktops, tcp' -Group $group -Description 'Remote Control (control). 2025-12 BKMK_PortsConsole-Client' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '2701' -RemoteAddress '10.10.0.10' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-676ed4e39cc81da0') {
      New-NetFirewallRule -Name 'cmtopo-in-676ed4e39cc81da0' -DisplayName 'ConfigMgr: cm01 to hq-desktops, tcp' -Group $group -Description 'RPC endpoint mapper, Server Message Block (SMB), RPC dynamic ports (installation). 2025-12 ports-that-are-used-with-client-push-installation' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '135', '445', '49152-65535' -RemoteAddress '10.10.0.20' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-247a2ad1f86293f3') {
      New-NetFirewallRule -Name 'cmtopo-in-247a2ad1f86293f3' -DisplayName 'ConfigMgr: cm01 to hq-desktops, tcp' -Group $group -Description 'Remote Control (control). 2025-12 BKMK_PortsConsole-Client' -Direction Inbound -Action Allow -Profile Any -Protocol TCP -LocalPort '2701' -RemoteAddress '10.10.0.20' | Out-Null
    }
    if (Test-Missing 'cmtopo-in-275226574f48a4e7') {
      New-NetFirewallRule -Name 'cmtopo-in-275226574f48a4e7' -DisplayName 'ConfigMgr: cm01 to hq-desktops, udp' -Group $group -Description 'RPC endpoint mapper (installation). 2025-12 ports-that-are-used-with-client-push-installation' -Direction Inbound -Action Allow -Profile Any -Protocol UDP -LocalPort '135' -RemoteAddress '10.10.0.20' | Out-Null
    }
    break
  }
  'laptops' {
    if (Test-Missing 'cmtopo-out-51f9eefcc5c5522f') {
      New-NetFirewallRule -Name 'cmtopo-out-51f9eefcc5c5522f' -DisplayName 'ConfigMgr: laptops to pub01, tcp' -Group $group -Description 'HTTPS, Client notification (optional). 2025-12 BKMK_PortsClient-DP, 2025-12 BKMK_PortsClient-MP, 2025-12 BKMK_PortsClient-SUP' -Direction Outbound -Action Allow -Profile Any -Protocol TCP -RemotePort '443', '8531', '10123' -RemoteAddress '192.0.2.10' | Out-Null
    }
    break
  }
}

foreach ($rule in @(Get-NetFirewallRule -Group $group -ErrorAction SilentlyContinue)) {
  if ($wanted.Contains($rule.Name)) { continue }
  if ($RemoveStale) { Remove-NetFirewallRule -Name $rule.Name }
  else { Write-Warning "$($rule.Name) ($($rule.DisplayName)) is no longer needed; -RemoveStale removes it." }
}
