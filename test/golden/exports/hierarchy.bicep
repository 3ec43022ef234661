// Firewall rules of examples/hierarchy.topology.yaml (Contoso), port catalog 2025-12.
// These rules allow; what they leave out, the default rules of a network security group decide: they let
// everything inside the virtual network through. Give a group a deny rule of its own (priority 4096) once it is complete.

@description('The region of the network security groups.')
param location string = resourceGroup().location

// The zone branch.
resource nsg_1_branch 'Microsoft.Network/networkSecurityGroups@2023-11-01' = {
  name: 'nsg-branch'
  location: location
  properties: {
    securityRules: [
      {
        name: 'branch-desktops-to-dc-branch-tcp-288f643854001bfc'
        properties: {
          description: 'branch-desktops to dc-branch: Global catalog LDAP'
          priority: 201
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.20.64.0/20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.20.0.2'
          destinationPortRange: '3268'
        }
      }
      {
        name: 'sec01-to-dc-branch-tcp-53c35e7f01d70e5a'
        properties: {
          description: 'sec01 to dc-branch: RPC Endpoint Mapper, Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding), Glo...'
          priority: 246
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.20.0.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.20.0.2'
          destinationPortRanges: [
            '135'
            '389'
            '636'
            '3268'
            '49152-65535'
          ]
        }
      }
      {
        name: 'sec01-to-dp-branch-tcp-8a1d0465be3bcba6'
        properties: {
          description: 'sec01 to dp-branch: RPC Endpoint Mapper, Server Message Block (SMB), RPC'
          priority: 454
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.20.0.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.20.0.11'
          destinationPortRanges: [
            '135'
            '445'
            '49152-65535'
          ]
        }
      }
      {
        name: 'hq-desktops-to-dp-branch-tcp-0790ca748a82028b'
        properties: {
          description: 'hq-desktops to dp-branch: HTTPS, Express updates'
          priority: 490
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.64.0/18'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.20.0.11'
          destinationPortRanges: [
            '443'
            '8005'
          ]
        }
      }
      {
        name: 'dp-branch-to-sec01-tcp-8f8cafb454e40146'
        properties: {
          description: 'dp-branch to sec01: HTTPS, Express updates'
          priority: 583
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.20.0.11'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.20.0.10'
          destinationPortRanges: [
            '443'
            '8005'
          ]
        }
      }
      {
        name: 'branch-desktops-to-sec01-tcp-f9e2ef68ce0916fa'
        properties: {
          description: 'branch-desktops to sec01: HTTPS, Express updates'
          priority: 642
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.20.64.0/20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.20.0.10'
          destinationPortRanges: [
            '443'
            '8005'
          ]
        }
      }
      {
        name: 'hq-desktops-to-sec01-tcp-4866954d07426f09'
        properties: {
          description: 'hq-desktops to sec01: HTTPS, Express updates'
          priority: 1561
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.64.0/18'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.20.0.10'
          destinationPortRanges: [
            '443'
            '8005'
          ]
        }
      }
      {
        name: 'cm01-to-sec01-tcp-bd147bbdf50431ee'
        properties: {
          description: 'cm01 to sec01: Server Message Block (SMB)'
          priority: 2100
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.20.0.10'
          destinationPortRange: '445'
        }
      }
      {
        name: 'sql01-to-sec01-tcp-bd3c77004f05c2bc'
        properties: {
          description: 'sql01 to sec01: SQL Server Browser, SQL Server Service Broker, SQL Server service'
          priority: 2202
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.22'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.20.0.10'
          destinationPortRanges: [
            '1434'
            '4022'
            '14330'
          ]
        }
      }
      {
        name: 'branch-desktops-to-dp-branch-tcp-5bc548fb3558fce0'
        properties: {
          description: 'branch-desktops to dp-branch: HTTPS, Express updates'
          priority: 2453
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.20.64.0/20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.20.0.11'
          destinationPortRanges: [
            '443'
            '8005'
          ]
        }
      }
      {
        name: 'sec01-to-dp-branch-udp-e576508071ef4439'
        properties: {
          description: 'sec01 to dp-branch: RPC Endpoint Mapper'
          priority: 3311
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Udp'
          sourceAddressPrefix: '10.20.0.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.20.0.11'
          destinationPortRange: '135'
        }
      }
      {
        name: 'sec01-to-dc-branch-udp-658a91b70920e8f6'
        properties: {
          description: 'sec01 to dc-branch: Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding)'
          priority: 3660
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Udp'
          sourceAddressPrefix: '10.20.0.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.20.0.2'
          destinationPortRanges: [
            '389'
            '636'
          ]
        }
      }
      {
        name: 'branch-desktops-to-dc-branch-tcp-288f643854001bfc'
        properties: {
          description: 'branch-desktops to dc-branch: Global catalog LDAP'
          priority: 201
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.20.64.0/20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.20.0.2'
          destinationPortRange: '3268'
        }
      }
      {
        name: 'sec01-to-dc-branch-tcp-53c35e7f01d70e5a'
        properties: {
          description: 'sec01 to dc-branch: RPC Endpoint Mapper, Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding), Glo...'
          priority: 246
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.20.0.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.20.0.2'
          destinationPortRanges: [
            '135'
            '389'
            '636'
            '3268'
            '49152-65535'
          ]
        }
      }
      {
        name: 'branch-desktops-to-mp01-tcp-2fbc260fe6172289'
        properties: {
          description: 'branch-desktops to mp01: HTTPS, Express updates, HTTP, Client notification (default communication before falling back to HTTP or HTTPS)'
          priority: 416
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.20.64.0/20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.21'
          destinationPortRanges: [
            '443'
            '8005'
            '8530'
            '8531'
            '10123'
          ]
        }
      }
      {
        name: 'sec01-to-dp-branch-tcp-8a1d0465be3bcba6'
        properties: {
          description: 'sec01 to dp-branch: RPC Endpoint Mapper, Server Message Block (SMB), RPC'
          priority: 454
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.20.0.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.20.0.11'
          destinationPortRanges: [
            '135'
            '445'
            '49152-65535'
          ]
        }
      }
      {
        name: 'branch-desktops-to-mp01-tcp-bd2a828a7f0a74bf'
        properties: {
          description: 'branch-desktops to mp01: Secure Hypertext Transfer Protocol (HTTPS) (installation)'
          priority: 493
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.20.64.0/20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.21'
          destinationPortRange: '443'
        }
      }
      {
        name: 'dp-branch-to-sec01-tcp-8f8cafb454e40146'
        properties: {
          description: 'dp-branch to sec01: HTTPS, Express updates'
          priority: 583
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.20.0.11'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.20.0.10'
          destinationPortRanges: [
            '443'
            '8005'
          ]
        }
      }
      {
        name: 'branch-desktops-to-sec01-tcp-f9e2ef68ce0916fa'
        properties: {
          description: 'branch-desktops to sec01: HTTPS, Express updates'
          priority: 642
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.20.64.0/20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.20.0.10'
          destinationPortRanges: [
            '443'
            '8005'
          ]
        }
      }
      {
        name: 'sec01-to-internet-tcp-1d6d4ee84a304fff'
        properties: {
          description: 'sec01 to internet: HTTP, HTTPS'
          priority: 934
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.20.0.10'
          sourcePortRange: '*'
          destinationAddressPrefix: 'Internet'
          destinationPortRanges: [
            '80'
            '443'
          ]
        }
      }
      {
        name: 'sec01-to-cm01-tcp-ecdb5936cf0b6a92'
        properties: {
          description: 'sec01 to cm01: Server Message Block (SMB)'
          priority: 1477
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.20.0.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.20'
          destinationPortRange: '445'
        }
      }
      {
        name: 'branch-desktops-to-dp-branch-tcp-5bc548fb3558fce0'
        properties: {
          description: 'branch-desktops to dp-branch: HTTPS, Express updates'
          priority: 2453
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.20.64.0/20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.20.0.11'
          destinationPortRanges: [
            '443'
            '8005'
          ]
        }
      }
      {
        name: 'sec01-to-sql01-tcp-38afaee038a25200'
        properties: {
          description: 'sec01 to sql01: SQL Server Browser, SQL Server Service Broker, SQL Server service'
          priority: 3181
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.20.0.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.22'
          destinationPortRanges: [
            '1434'
            '4022'
            '14330'
          ]
        }
      }
      {
        name: 'sec01-to-dp-branch-udp-e576508071ef4439'
        properties: {
          description: 'sec01 to dp-branch: RPC Endpoint Mapper'
          priority: 3311
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Udp'
          sourceAddressPrefix: '10.20.0.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.20.0.11'
          destinationPortRange: '135'
        }
      }
      {
        name: 'sec01-to-dc-branch-udp-658a91b70920e8f6'
        properties: {
          description: 'sec01 to dc-branch: Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding)'
          priority: 3660
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Udp'
          sourceAddressPrefix: '10.20.0.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.20.0.2'
          destinationPortRanges: [
            '389'
            '636'
          ]
        }
      }
    ]
  }
}

// The zone hq.
resource nsg_2_hq 'Microsoft.Network/networkSecurityGroups@2023-11-01' = {
  name: 'nsg-hq'
  location: location
  properties: {
    securityRules: [
      {
        name: 'hq-desktops-to-mp01-tcp-df69bb9fa94cc7ca'
        properties: {
          description: 'hq-desktops to mp01: Secure Hypertext Transfer Protocol (HTTPS) (installation)'
          priority: 307
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.64.0/18'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.21'
          destinationPortRange: '443'
        }
      }
      {
        name: 'pub01-to-sql02-tcp-7005a523fc23862c'
        properties: {
          description: 'pub01 to sql02: SQL over TCP'
          priority: 387
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '192.0.2.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.31'
          destinationPortRange: '1433'
        }
      }
      {
        name: 'branch-desktops-to-mp01-tcp-2fbc260fe6172289'
        properties: {
          description: 'branch-desktops to mp01: HTTPS, Express updates, HTTP, Client notification (default communication before falling back to HTTP or HTTPS)'
          priority: 416
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.20.64.0/20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.21'
          destinationPortRanges: [
            '443'
            '8005'
            '8530'
            '8531'
            '10123'
          ]
        }
      }
      {
        name: 'cas01-to-cm01-tcp-b26989a8dd6d83a3'
        properties: {
          description: 'cas01 to cm01: Server Message Block (SMB)'
          priority: 443
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.20'
          destinationPortRange: '445'
        }
      }
      {
        name: 'branch-desktops-to-mp01-tcp-bd2a828a7f0a74bf'
        properties: {
          description: 'branch-desktops to mp01: Secure Hypertext Transfer Protocol (HTTPS) (installation)'
          priority: 493
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.20.64.0/20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.21'
          destinationPortRange: '443'
        }
      }
      {
        name: 'cm02-to-dc01-udp-be626d418ccdb7fc'
        properties: {
          description: 'cm02 to dc01: Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding)'
          priority: 691
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Udp'
          sourceAddressPrefix: '10.10.0.30'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.2'
          destinationPortRanges: [
            '389'
            '636'
          ]
        }
      }
      {
        name: 'mp01-to-dc01-udp-e440bbe214c6ce6a'
        properties: {
          description: 'mp01 to dc01: Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding)'
          priority: 713
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Udp'
          sourceAddressPrefix: '10.10.0.21'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.2'
          destinationPortRanges: [
            '389'
            '636'
          ]
        }
      }
      {
        name: 'sqlcas-to-sql01-tcp-3a9fc774955c01d3'
        properties: {
          description: 'sqlcas to sql01: SQL Server Browser, SQL Server Service Broker, SQL Server service'
          priority: 767
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.11'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.22'
          destinationPortRanges: [
            '1434'
            '4022'
            '14330'
          ]
        }
      }
      {
        name: 'cm01-to-dc01-udp-98fab07fff462a90'
        properties: {
          description: 'cm01 to dc01: Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding)'
          priority: 856
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Udp'
          sourceAddressPrefix: '10.10.0.20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.2'
          destinationPortRanges: [
            '389'
            '636'
          ]
        }
      }
      {
        name: 'pub01-to-cas01-tcp-f2b63d3318492c7b'
        properties: {
          description: 'pub01 to cas01: HTTP, HTTPS'
          priority: 944
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '192.0.2.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.10'
          destinationPortRanges: [
            '8530'
            '8531'
          ]
        }
      }
      {
        name: 'cm02-to-sql02-tcp-013c9306f03651d4'
        properties: {
          description: 'cm02 to sql02: SQL over TCP'
          priority: 949
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.30'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.31'
          destinationPortRange: '1433'
        }
      }
      {
        name: 'cm01-to-hq-desktops-tcp-cd2d08d651248b07'
        properties: {
          description: 'cm01 to hq-desktops: RPC endpoint mapper, Server Message Block (SMB), RPC dynamic ports (installation)'
          priority: 1058
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.64.0/18'
          destinationPortRanges: [
            '135'
            '445'
            '49152-65535'
          ]
        }
      }
      {
        name: 'hq-desktops-to-mp01-tcp-8289aec3403b99c8'
        properties: {
          description: 'hq-desktops to mp01: HTTPS, Express updates, HTTP, Client notification (default communication before falling back to HTTP or HTTPS)'
          priority: 1132
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.64.0/18'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.21'
          destinationPortRanges: [
            '443'
            '8005'
            '8530'
            '8531'
            '10123'
          ]
        }
      }
      {
        name: 'mp01-to-cm01-tcp-8d527ddbedaec080'
        properties: {
          description: 'mp01 to cm01: RPC Endpoint mapper, RPC Endpoint Mapper, Server Message Block (SMB), RPC'
          priority: 1149
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.21'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.20'
          destinationPortRanges: [
            '135'
            '445'
            '49152-65535'
          ]
        }
      }
      {
        name: 'cas01-to-sqlcas-tcp-b1c5a785a13bf135'
        properties: {
          description: 'cas01 to sqlcas: RPC Endpoint Mapper, Server Message Block (SMB), RPC (installation)'
          priority: 1286
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.11'
          destinationPortRanges: [
            '135'
            '445'
            '49152-65535'
          ]
        }
      }
      {
        name: 'cas01-to-sqlcas-udp-bc9648626686d444'
        properties: {
          description: 'cas01 to sqlcas: RPC Endpoint Mapper (installation)'
          priority: 1301
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Udp'
          sourceAddressPrefix: '10.10.0.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.11'
          destinationPortRange: '135'
        }
      }
      {
        name: 'sec01-to-cm01-tcp-ecdb5936cf0b6a92'
        properties: {
          description: 'sec01 to cm01: Server Message Block (SMB)'
          priority: 1477
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.20.0.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.20'
          destinationPortRange: '445'
        }
      }
      {
        name: 'cm01-to-sql01-udp-15d6aab5e1de6592'
        properties: {
          description: 'cm01 to sql01: RPC Endpoint Mapper (installation)'
          priority: 1487
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Udp'
          sourceAddressPrefix: '10.10.0.20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.22'
          destinationPortRange: '135'
        }
      }
      {
        name: 'cm01-to-sql01-udp-246689cf1683b991'
        properties: {
          description: 'cm01 to sql01: RPC Endpoint Mapper'
          priority: 1637
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Udp'
          sourceAddressPrefix: '10.10.0.20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.22'
          destinationPortRange: '135'
        }
      }
      {
        name: 'mp01-to-sql01-tcp-452faa6b61be4f43'
        properties: {
          description: 'mp01 to sql01: SQL over TCP'
          priority: 1782
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.21'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.22'
          destinationPortRange: '14330'
        }
      }
      {
        name: 'cm01-to-cas01-tcp-cf41fa8aac407349'
        properties: {
          description: 'cm01 to cas01: Server Message Block (SMB)'
          priority: 1789
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.10'
          destinationPortRange: '445'
        }
      }
      {
        name: 'mp01-to-dc01-tcp-151bf2f9e060a5d2'
        properties: {
          description: 'mp01 to dc01: RPC Endpoint Mapper, Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding), Global ca...'
          priority: 1812
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.21'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.2'
          destinationPortRanges: [
            '135'
            '389'
            '636'
            '3268'
            '49152-65535'
          ]
        }
      }
      {
        name: 'cas01-to-dc01-tcp-2914d23df4e47a1a'
        properties: {
          description: 'cas01 to dc01: RPC Endpoint Mapper, Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding), Global c...'
          priority: 2131
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.2'
          destinationPortRanges: [
            '135'
            '389'
            '636'
            '3268'
            '49152-65535'
          ]
        }
      }
      {
        name: 'cm01-to-hq-desktops-tcp-1349d74cbe2c2460'
        properties: {
          description: 'cm01 to hq-desktops: Remote Control (control)'
          priority: 2221
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.64.0/18'
          destinationPortRange: '2701'
        }
      }
      {
        name: 'mp01-to-cas01-tcp-36adbbd988184a95'
        properties: {
          description: 'mp01 to cas01: HTTP, HTTPS'
          priority: 2306
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.21'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.10'
          destinationPortRanges: [
            '8530'
            '8531'
          ]
        }
      }
      {
        name: 'cm01-to-sql01-tcp-9f444df1f959a897'
        properties: {
          description: 'cm01 to sql01: RPC Endpoint Mapper, Server Message Block (SMB), RPC (installation)'
          priority: 2334
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.22'
          destinationPortRanges: [
            '135'
            '445'
            '49152-65535'
          ]
        }
      }
      {
        name: 'cm01-to-dc01-tcp-761b812d9a44f1da'
        properties: {
          description: 'cm01 to dc01: RPC Endpoint Mapper, Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding), Global ca...'
          priority: 2352
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.2'
          destinationPortRanges: [
            '135'
            '389'
            '636'
            '3268'
            '49152-65535'
          ]
        }
      }
      {
        name: 'mp01-to-cm01-udp-b0d62b42dd0d6a57'
        properties: {
          description: 'mp01 to cm01: RPC Endpoint Mapper'
          priority: 2431
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Udp'
          sourceAddressPrefix: '10.10.0.21'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.20'
          destinationPortRange: '135'
        }
      }
      {
        name: 'cas01-to-hq-desktops-tcp-914ab48590d7136e'
        properties: {
          description: 'cas01 to hq-desktops: Remote Control (control)'
          priority: 2743
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.64.0/18'
          destinationPortRange: '2701'
        }
      }
      {
        name: 'cas01-to-dc01-udp-d0349e0f1a0f1a12'
        properties: {
          description: 'cas01 to dc01: Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding)'
          priority: 2828
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Udp'
          sourceAddressPrefix: '10.10.0.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.2'
          destinationPortRanges: [
            '389'
            '636'
          ]
        }
      }
      {
        name: 'cm01-to-sql01-tcp-ec5a5c25a0cb0406'
        properties: {
          description: 'cm01 to sql01: RPC Endpoint Mapper, HTTPS, Server Message Block (SMB), SQL over TCP, RPC'
          priority: 2840
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.22'
          destinationPortRanges: [
            '135'
            '443'
            '445'
            '14330'
            '49152-65535'
          ]
        }
      }
      {
        name: 'cas01-to-sqlcas-tcp-92ed4f7b6e73e793'
        properties: {
          description: 'cas01 to sqlcas: SQL over TCP'
          priority: 2907
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.11'
          destinationPortRange: '1433'
        }
      }
      {
        name: 'sql01-to-cm01-udp-e9457f6ae656ccc7'
        properties: {
          description: 'sql01 to cm01: RPC Endpoint Mapper'
          priority: 2944
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Udp'
          sourceAddressPrefix: '10.10.0.22'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.20'
          destinationPortRange: '135'
        }
      }
      {
        name: 'sqlcas-to-sql02-tcp-be5f66bb1217ffa6'
        properties: {
          description: 'sqlcas to sql02: SQL Server service, SQL Server Service Broker'
          priority: 3049
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.11'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.31'
          destinationPortRanges: [
            '1433'
            '4022'
          ]
        }
      }
      {
        name: 'sql02-to-sqlcas-tcp-28bfa86deb892cbe'
        properties: {
          description: 'sql02 to sqlcas: SQL Server service, SQL Server Service Broker'
          priority: 3051
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.31'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.11'
          destinationPortRanges: [
            '1433'
            '4022'
          ]
        }
      }
      {
        name: 'sec01-to-sql01-tcp-38afaee038a25200'
        properties: {
          description: 'sec01 to sql01: SQL Server Browser, SQL Server Service Broker, SQL Server service'
          priority: 3181
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.20.0.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.22'
          destinationPortRanges: [
            '1434'
            '4022'
            '14330'
          ]
        }
      }
      {
        name: 'cm01-to-mp01-udp-0c3d6dff069036e3'
        properties: {
          description: 'cm01 to mp01: RPC Endpoint Mapper'
          priority: 3299
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Udp'
          sourceAddressPrefix: '10.10.0.20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.21'
          destinationPortRange: '135'
        }
      }
      {
        name: 'cas01-to-cm02-tcp-5420ac3d4223416b'
        properties: {
          description: 'cas01 to cm02: Server Message Block (SMB)'
          priority: 3332
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.30'
          destinationPortRange: '445'
        }
      }
      {
        name: 'sql01-to-cm01-tcp-dae55bcf1701104c'
        properties: {
          description: 'sql01 to cm01: RPC Endpoint Mapper, Server Message Block (SMB), RPC'
          priority: 3364
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.22'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.20'
          destinationPortRanges: [
            '135'
            '445'
            '49152-65535'
          ]
        }
      }
      {
        name: 'cm02-to-sql02-tcp-ea6da76bd7bace66'
        properties: {
          description: 'cm02 to sql02: RPC Endpoint Mapper, Server Message Block (SMB), RPC (installation)'
          priority: 3527
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.30'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.31'
          destinationPortRanges: [
            '135'
            '445'
            '49152-65535'
          ]
        }
      }
      {
        name: 'cm01-to-mp01-tcp-eb44fc91d91223ff'
        properties: {
          description: 'cm01 to mp01: RPC Endpoint mapper, RPC Endpoint Mapper, Server Message Block (SMB), HTTP, HTTPS, RPC'
          priority: 3633
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.21'
          destinationPortRanges: [
            '135'
            '445'
            '8530'
            '8531'
            '49152-65535'
          ]
        }
      }
      {
        name: 'hq-desktops-to-dc01-tcp-771fe4d429dba838'
        properties: {
          description: 'hq-desktops to dc01: Global catalog LDAP'
          priority: 3675
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.64.0/18'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.2'
          destinationPortRange: '3268'
        }
      }
      {
        name: 'cm02-to-cas01-tcp-aa128d176160f037'
        properties: {
          description: 'cm02 to cas01: Server Message Block (SMB)'
          priority: 3684
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.30'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.10'
          destinationPortRange: '445'
        }
      }
      {
        name: 'cm02-to-sql02-udp-544f5f10ceb0c72f'
        properties: {
          description: 'cm02 to sql02: RPC Endpoint Mapper (installation)'
          priority: 3762
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Udp'
          sourceAddressPrefix: '10.10.0.30'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.31'
          destinationPortRange: '135'
        }
      }
      {
        name: 'sql01-to-sqlcas-tcp-32cda0318ad15217'
        properties: {
          description: 'sql01 to sqlcas: SQL Server service, SQL Server Service Broker'
          priority: 3883
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.22'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.11'
          destinationPortRanges: [
            '1433'
            '4022'
          ]
        }
      }
      {
        name: 'cm02-to-dc01-tcp-fabc53060611a1d4'
        properties: {
          description: 'cm02 to dc01: RPC Endpoint Mapper, Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding), Global ca...'
          priority: 3913
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.30'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.2'
          destinationPortRanges: [
            '135'
            '389'
            '636'
            '3268'
            '49152-65535'
          ]
        }
      }
      {
        name: 'cm01-to-hq-desktops-udp-779a61935872fbb4'
        properties: {
          description: 'cm01 to hq-desktops: RPC endpoint mapper (installation)'
          priority: 4081
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Udp'
          sourceAddressPrefix: '10.10.0.20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.64.0/18'
          destinationPortRange: '135'
        }
      }
      {
        name: 'hq-desktops-to-mp01-tcp-df69bb9fa94cc7ca'
        properties: {
          description: 'hq-desktops to mp01: Secure Hypertext Transfer Protocol (HTTPS) (installation)'
          priority: 307
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.64.0/18'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.21'
          destinationPortRange: '443'
        }
      }
      {
        name: 'cas01-to-cm01-tcp-b26989a8dd6d83a3'
        properties: {
          description: 'cas01 to cm01: Server Message Block (SMB)'
          priority: 443
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.20'
          destinationPortRange: '445'
        }
      }
      {
        name: 'hq-desktops-to-dp-branch-tcp-0790ca748a82028b'
        properties: {
          description: 'hq-desktops to dp-branch: HTTPS, Express updates'
          priority: 490
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.64.0/18'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.20.0.11'
          destinationPortRanges: [
            '443'
            '8005'
          ]
        }
      }
      {
        name: 'cm02-to-pub01-udp-b4e95fdbfcca1712'
        properties: {
          description: 'cm02 to pub01: RPC endpoint mapper (installation)'
          priority: 528
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Udp'
          sourceAddressPrefix: '10.10.0.30'
          sourcePortRange: '*'
          destinationAddressPrefix: '192.0.2.10'
          destinationPortRange: '135'
        }
      }
      {
        name: 'cm02-to-dc01-udp-be626d418ccdb7fc'
        properties: {
          description: 'cm02 to dc01: Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding)'
          priority: 691
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Udp'
          sourceAddressPrefix: '10.10.0.30'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.2'
          destinationPortRanges: [
            '389'
            '636'
          ]
        }
      }
      {
        name: 'mp01-to-dc01-udp-e440bbe214c6ce6a'
        properties: {
          description: 'mp01 to dc01: Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding)'
          priority: 713
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Udp'
          sourceAddressPrefix: '10.10.0.21'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.2'
          destinationPortRanges: [
            '389'
            '636'
          ]
        }
      }
      {
        name: 'sqlcas-to-sql01-tcp-3a9fc774955c01d3'
        properties: {
          description: 'sqlcas to sql01: SQL Server Browser, SQL Server Service Broker, SQL Server service'
          priority: 767
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.11'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.22'
          destinationPortRanges: [
            '1434'
            '4022'
            '14330'
          ]
        }
      }
      {
        name: 'cm01-to-dc01-udp-98fab07fff462a90'
        properties: {
          description: 'cm01 to dc01: Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding)'
          priority: 856
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Udp'
          sourceAddressPrefix: '10.10.0.20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.2'
          destinationPortRanges: [
            '389'
            '636'
          ]
        }
      }
      {
        name: 'cm02-to-sql02-tcp-013c9306f03651d4'
        properties: {
          description: 'cm02 to sql02: SQL over TCP'
          priority: 949
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.30'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.31'
          destinationPortRange: '1433'
        }
      }
      {
        name: 'cm01-to-hq-desktops-tcp-cd2d08d651248b07'
        properties: {
          description: 'cm01 to hq-desktops: RPC endpoint mapper, Server Message Block (SMB), RPC dynamic ports (installation)'
          priority: 1058
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.64.0/18'
          destinationPortRanges: [
            '135'
            '445'
            '49152-65535'
          ]
        }
      }
      {
        name: 'hq-desktops-to-mp01-tcp-8289aec3403b99c8'
        properties: {
          description: 'hq-desktops to mp01: HTTPS, Express updates, HTTP, Client notification (default communication before falling back to HTTP or HTTPS)'
          priority: 1132
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.64.0/18'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.21'
          destinationPortRanges: [
            '443'
            '8005'
            '8530'
            '8531'
            '10123'
          ]
        }
      }
      {
        name: 'mp01-to-cm01-tcp-8d527ddbedaec080'
        properties: {
          description: 'mp01 to cm01: RPC Endpoint mapper, RPC Endpoint Mapper, Server Message Block (SMB), RPC'
          priority: 1149
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.21'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.20'
          destinationPortRanges: [
            '135'
            '445'
            '49152-65535'
          ]
        }
      }
      {
        name: 'cas01-to-sqlcas-tcp-b1c5a785a13bf135'
        properties: {
          description: 'cas01 to sqlcas: RPC Endpoint Mapper, Server Message Block (SMB), RPC (installation)'
          priority: 1286
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.11'
          destinationPortRanges: [
            '135'
            '445'
            '49152-65535'
          ]
        }
      }
      {
        name: 'cas01-to-sqlcas-udp-bc9648626686d444'
        properties: {
          description: 'cas01 to sqlcas: RPC Endpoint Mapper (installation)'
          priority: 1301
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Udp'
          sourceAddressPrefix: '10.10.0.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.11'
          destinationPortRange: '135'
        }
      }
      {
        name: 'cm01-to-sql01-udp-15d6aab5e1de6592'
        properties: {
          description: 'cm01 to sql01: RPC Endpoint Mapper (installation)'
          priority: 1487
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Udp'
          sourceAddressPrefix: '10.10.0.20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.22'
          destinationPortRange: '135'
        }
      }
      {
        name: 'cm02-to-pub01-tcp-dd86241a52e5f768'
        properties: {
          description: 'cm02 to pub01: RPC endpoint mapper, Server Message Block (SMB), RPC (installation)'
          priority: 1490
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.30'
          sourcePortRange: '*'
          destinationAddressPrefix: '192.0.2.10'
          destinationPortRanges: [
            '135'
            '445'
            '50000-50255'
          ]
        }
      }
      {
        name: 'hq-desktops-to-sec01-tcp-4866954d07426f09'
        properties: {
          description: 'hq-desktops to sec01: HTTPS, Express updates'
          priority: 1561
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.64.0/18'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.20.0.10'
          destinationPortRanges: [
            '443'
            '8005'
          ]
        }
      }
      {
        name: 'cas01-to-azure-tcp-575fc249a77402e2'
        properties: {
          description: 'cas01 to azure: HTTPS for CMG service deployment, HTTPS for external notification'
          priority: 1572
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.10'
          sourcePortRange: '*'
          destinationAddressPrefix: 'Internet'
          destinationPortRange: '443'
        }
      }
      {
        name: 'cm01-to-sql01-udp-246689cf1683b991'
        properties: {
          description: 'cm01 to sql01: RPC Endpoint Mapper'
          priority: 1637
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Udp'
          sourceAddressPrefix: '10.10.0.20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.22'
          destinationPortRange: '135'
        }
      }
      {
        name: 'mp01-to-sql01-tcp-452faa6b61be4f43'
        properties: {
          description: 'mp01 to sql01: SQL over TCP'
          priority: 1782
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.21'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.22'
          destinationPortRange: '14330'
        }
      }
      {
        name: 'cm01-to-cas01-tcp-cf41fa8aac407349'
        properties: {
          description: 'cm01 to cas01: Server Message Block (SMB)'
          priority: 1789
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.10'
          destinationPortRange: '445'
        }
      }
      {
        name: 'mp01-to-dc01-tcp-151bf2f9e060a5d2'
        properties: {
          description: 'mp01 to dc01: RPC Endpoint Mapper, Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding), Global ca...'
          priority: 1812
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.21'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.2'
          destinationPortRanges: [
            '135'
            '389'
            '636'
            '3268'
            '49152-65535'
          ]
        }
      }
      {
        name: 'cm01-to-sec01-tcp-bd147bbdf50431ee'
        properties: {
          description: 'cm01 to sec01: Server Message Block (SMB)'
          priority: 2100
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.20.0.10'
          destinationPortRange: '445'
        }
      }
      {
        name: 'cas01-to-dc01-tcp-2914d23df4e47a1a'
        properties: {
          description: 'cas01 to dc01: RPC Endpoint Mapper, Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding), Global c...'
          priority: 2131
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.2'
          destinationPortRanges: [
            '135'
            '389'
            '636'
            '3268'
            '49152-65535'
          ]
        }
      }
      {
        name: 'sql01-to-sec01-tcp-bd3c77004f05c2bc'
        properties: {
          description: 'sql01 to sec01: SQL Server Browser, SQL Server Service Broker, SQL Server service'
          priority: 2202
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.22'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.20.0.10'
          destinationPortRanges: [
            '1434'
            '4022'
            '14330'
          ]
        }
      }
      {
        name: 'cm01-to-hq-desktops-tcp-1349d74cbe2c2460'
        properties: {
          description: 'cm01 to hq-desktops: Remote Control (control)'
          priority: 2221
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.64.0/18'
          destinationPortRange: '2701'
        }
      }
      {
        name: 'cm02-to-internet-tcp-739fce14e3f19b0c'
        properties: {
          description: 'cm02 to internet: HTTP, HTTPS'
          priority: 2300
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.30'
          sourcePortRange: '*'
          destinationAddressPrefix: 'Internet'
          destinationPortRanges: [
            '80'
            '443'
          ]
        }
      }
      {
        name: 'mp01-to-cas01-tcp-36adbbd988184a95'
        properties: {
          description: 'mp01 to cas01: HTTP, HTTPS'
          priority: 2306
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.21'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.10'
          destinationPortRanges: [
            '8530'
            '8531'
          ]
        }
      }
      {
        name: 'cm01-to-sql01-tcp-9f444df1f959a897'
        properties: {
          description: 'cm01 to sql01: RPC Endpoint Mapper, Server Message Block (SMB), RPC (installation)'
          priority: 2334
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.22'
          destinationPortRanges: [
            '135'
            '445'
            '49152-65535'
          ]
        }
      }
      {
        name: 'cm01-to-dc01-tcp-761b812d9a44f1da'
        properties: {
          description: 'cm01 to dc01: RPC Endpoint Mapper, Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding), Global ca...'
          priority: 2352
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.2'
          destinationPortRanges: [
            '135'
            '389'
            '636'
            '3268'
            '49152-65535'
          ]
        }
      }
      {
        name: 'cm02-to-pub01-udp-609637cbdfc75a01'
        properties: {
          description: 'cm02 to pub01: RPC Endpoint Mapper'
          priority: 2378
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Udp'
          sourceAddressPrefix: '10.10.0.30'
          sourcePortRange: '*'
          destinationAddressPrefix: '192.0.2.10'
          destinationPortRange: '135'
        }
      }
      {
        name: 'mp01-to-cm01-udp-b0d62b42dd0d6a57'
        properties: {
          description: 'mp01 to cm01: RPC Endpoint Mapper'
          priority: 2431
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Udp'
          sourceAddressPrefix: '10.10.0.21'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.20'
          destinationPortRange: '135'
        }
      }
      {
        name: 'cas01-to-hq-desktops-tcp-914ab48590d7136e'
        properties: {
          description: 'cas01 to hq-desktops: Remote Control (control)'
          priority: 2743
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.64.0/18'
          destinationPortRange: '2701'
        }
      }
      {
        name: 'cm02-to-pub01-tcp-0af4011efd10ef3c'
        properties: {
          description: 'cm02 to pub01: RPC Endpoint mapper, RPC Endpoint Mapper, Server Message Block (SMB), HTTP, HTTPS, RPC'
          priority: 2771
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.30'
          sourcePortRange: '*'
          destinationAddressPrefix: '192.0.2.10'
          destinationPortRanges: [
            '135'
            '445'
            '8530'
            '8531'
            '50000-50255'
          ]
        }
      }
      {
        name: 'cas01-to-dc01-udp-d0349e0f1a0f1a12'
        properties: {
          description: 'cas01 to dc01: Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding)'
          priority: 2828
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Udp'
          sourceAddressPrefix: '10.10.0.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.2'
          destinationPortRanges: [
            '389'
            '636'
          ]
        }
      }
      {
        name: 'cm01-to-sql01-tcp-ec5a5c25a0cb0406'
        properties: {
          description: 'cm01 to sql01: RPC Endpoint Mapper, HTTPS, Server Message Block (SMB), SQL over TCP, RPC'
          priority: 2840
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.22'
          destinationPortRanges: [
            '135'
            '443'
            '445'
            '14330'
            '49152-65535'
          ]
        }
      }
      {
        name: 'cas01-to-sqlcas-tcp-92ed4f7b6e73e793'
        properties: {
          description: 'cas01 to sqlcas: SQL over TCP'
          priority: 2907
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.11'
          destinationPortRange: '1433'
        }
      }
      {
        name: 'sql01-to-cm01-udp-e9457f6ae656ccc7'
        properties: {
          description: 'sql01 to cm01: RPC Endpoint Mapper'
          priority: 2944
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Udp'
          sourceAddressPrefix: '10.10.0.22'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.20'
          destinationPortRange: '135'
        }
      }
      {
        name: 'sqlcas-to-sql02-tcp-be5f66bb1217ffa6'
        properties: {
          description: 'sqlcas to sql02: SQL Server service, SQL Server Service Broker'
          priority: 3049
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.11'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.31'
          destinationPortRanges: [
            '1433'
            '4022'
          ]
        }
      }
      {
        name: 'sql02-to-sqlcas-tcp-28bfa86deb892cbe'
        properties: {
          description: 'sql02 to sqlcas: SQL Server service, SQL Server Service Broker'
          priority: 3051
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.31'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.11'
          destinationPortRanges: [
            '1433'
            '4022'
          ]
        }
      }
      {
        name: 'cm01-to-internet-tcp-c2f5e81fc4f8e2fe'
        properties: {
          description: 'cm01 to internet: HTTP, HTTPS'
          priority: 3103
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.20'
          sourcePortRange: '*'
          destinationAddressPrefix: 'Internet'
          destinationPortRanges: [
            '80'
            '443'
          ]
        }
      }
      {
        name: 'cm01-to-mp01-udp-0c3d6dff069036e3'
        properties: {
          description: 'cm01 to mp01: RPC Endpoint Mapper'
          priority: 3299
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Udp'
          sourceAddressPrefix: '10.10.0.20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.21'
          destinationPortRange: '135'
        }
      }
      {
        name: 'cas01-to-cm02-tcp-5420ac3d4223416b'
        properties: {
          description: 'cas01 to cm02: Server Message Block (SMB)'
          priority: 3332
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.30'
          destinationPortRange: '445'
        }
      }
      {
        name: 'sql01-to-cm01-tcp-dae55bcf1701104c'
        properties: {
          description: 'sql01 to cm01: RPC Endpoint Mapper, Server Message Block (SMB), RPC'
          priority: 3364
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.22'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.20'
          destinationPortRanges: [
            '135'
            '445'
            '49152-65535'
          ]
        }
      }
      {
        name: 'cas01-to-internet-tcp-af136de3f518a272'
        properties: {
          description: 'cas01 to internet: HTTP, HTTPS'
          priority: 3506
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.10'
          sourcePortRange: '*'
          destinationAddressPrefix: 'Internet'
          destinationPortRanges: [
            '80'
            '443'
          ]
        }
      }
      {
        name: 'cm02-to-sql02-tcp-ea6da76bd7bace66'
        properties: {
          description: 'cm02 to sql02: RPC Endpoint Mapper, Server Message Block (SMB), RPC (installation)'
          priority: 3527
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.30'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.31'
          destinationPortRanges: [
            '135'
            '445'
            '49152-65535'
          ]
        }
      }
      {
        name: 'cm01-to-mp01-tcp-eb44fc91d91223ff'
        properties: {
          description: 'cm01 to mp01: RPC Endpoint mapper, RPC Endpoint Mapper, Server Message Block (SMB), HTTP, HTTPS, RPC'
          priority: 3633
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.21'
          destinationPortRanges: [
            '135'
            '445'
            '8530'
            '8531'
            '49152-65535'
          ]
        }
      }
      {
        name: 'hq-desktops-to-dc01-tcp-771fe4d429dba838'
        properties: {
          description: 'hq-desktops to dc01: Global catalog LDAP'
          priority: 3675
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.64.0/18'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.2'
          destinationPortRange: '3268'
        }
      }
      {
        name: 'cm02-to-cas01-tcp-aa128d176160f037'
        properties: {
          description: 'cm02 to cas01: Server Message Block (SMB)'
          priority: 3684
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.30'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.10'
          destinationPortRange: '445'
        }
      }
      {
        name: 'cm02-to-sql02-udp-544f5f10ceb0c72f'
        properties: {
          description: 'cm02 to sql02: RPC Endpoint Mapper (installation)'
          priority: 3762
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Udp'
          sourceAddressPrefix: '10.10.0.30'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.31'
          destinationPortRange: '135'
        }
      }
      {
        name: 'sql01-to-sqlcas-tcp-32cda0318ad15217'
        properties: {
          description: 'sql01 to sqlcas: SQL Server service, SQL Server Service Broker'
          priority: 3883
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.22'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.11'
          destinationPortRanges: [
            '1433'
            '4022'
          ]
        }
      }
      {
        name: 'cm02-to-dc01-tcp-fabc53060611a1d4'
        properties: {
          description: 'cm02 to dc01: RPC Endpoint Mapper, Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding), Global ca...'
          priority: 3913
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.30'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.2'
          destinationPortRanges: [
            '135'
            '389'
            '636'
            '3268'
            '49152-65535'
          ]
        }
      }
      {
        name: 'cm01-to-hq-desktops-udp-779a61935872fbb4'
        properties: {
          description: 'cm01 to hq-desktops: RPC endpoint mapper (installation)'
          priority: 4081
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Udp'
          sourceAddressPrefix: '10.10.0.20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.64.0/18'
          destinationPortRange: '135'
        }
      }
    ]
  }
}

// The zone perimeter.
resource nsg_3_perimeter 'Microsoft.Network/networkSecurityGroups@2023-11-01' = {
  name: 'nsg-perimeter'
  location: location
  properties: {
    securityRules: [
      {
        name: 'pub01-to-dc-perimeter-udp-3b653a0939dd4d15'
        properties: {
          description: 'pub01 to dc-perimeter: Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding)'
          priority: 361
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Udp'
          sourceAddressPrefix: '192.0.2.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '192.0.2.2'
          destinationPortRanges: [
            '389'
            '636'
          ]
        }
      }
      {
        name: 'cm02-to-pub01-udp-b4e95fdbfcca1712'
        properties: {
          description: 'cm02 to pub01: RPC endpoint mapper (installation)'
          priority: 528
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Udp'
          sourceAddressPrefix: '10.10.0.30'
          sourcePortRange: '*'
          destinationAddressPrefix: '192.0.2.10'
          destinationPortRange: '135'
        }
      }
      {
        name: 'laptops-to-pub01-tcp-b9431620cbe452dd'
        properties: {
          description: 'laptops to pub01: HTTPS, Express updates, HTTP, Client notification (default communication before falling back to HTTP or HTTPS)'
          priority: 790
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: 'Internet'
          sourcePortRange: '*'
          destinationAddressPrefix: '192.0.2.10'
          destinationPortRanges: [
            '443'
            '8005'
            '8530'
            '8531'
            '10123'
          ]
        }
      }
      {
        name: 'cm02-to-pub01-tcp-dd86241a52e5f768'
        properties: {
          description: 'cm02 to pub01: RPC endpoint mapper, Server Message Block (SMB), RPC (installation)'
          priority: 1490
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.30'
          sourcePortRange: '*'
          destinationAddressPrefix: '192.0.2.10'
          destinationPortRanges: [
            '135'
            '445'
            '50000-50255'
          ]
        }
      }
      {
        name: 'cm02-to-pub01-udp-609637cbdfc75a01'
        properties: {
          description: 'cm02 to pub01: RPC Endpoint Mapper'
          priority: 2378
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Udp'
          sourceAddressPrefix: '10.10.0.30'
          sourcePortRange: '*'
          destinationAddressPrefix: '192.0.2.10'
          destinationPortRange: '135'
        }
      }
      {
        name: 'cm02-to-pub01-tcp-0af4011efd10ef3c'
        properties: {
          description: 'cm02 to pub01: RPC Endpoint mapper, RPC Endpoint Mapper, Server Message Block (SMB), HTTP, HTTPS, RPC'
          priority: 2771
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.30'
          sourcePortRange: '*'
          destinationAddressPrefix: '192.0.2.10'
          destinationPortRanges: [
            '135'
            '445'
            '8530'
            '8531'
            '50000-50255'
          ]
        }
      }
      {
        name: 'pub01-to-dc-perimeter-tcp-fd1299ffb0009070'
        properties: {
          description: 'pub01 to dc-perimeter: RPC Endpoint Mapper, Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding), ...'
          priority: 2972
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '192.0.2.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '192.0.2.2'
          destinationPortRanges: [
            '135'
            '389'
            '636'
            '3268'
            '50000-50255'
          ]
        }
      }
      {
        name: 'pub01-to-dc-perimeter-udp-3b653a0939dd4d15'
        properties: {
          description: 'pub01 to dc-perimeter: Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding)'
          priority: 361
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Udp'
          sourceAddressPrefix: '192.0.2.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '192.0.2.2'
          destinationPortRanges: [
            '389'
            '636'
          ]
        }
      }
      {
        name: 'pub01-to-sql02-tcp-7005a523fc23862c'
        properties: {
          description: 'pub01 to sql02: SQL over TCP'
          priority: 387
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '192.0.2.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.31'
          destinationPortRange: '1433'
        }
      }
      {
        name: 'pub01-to-cas01-tcp-f2b63d3318492c7b'
        properties: {
          description: 'pub01 to cas01: HTTP, HTTPS'
          priority: 944
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '192.0.2.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.10'
          destinationPortRanges: [
            '8530'
            '8531'
          ]
        }
      }
      {
        name: 'pub01-to-dc-perimeter-tcp-fd1299ffb0009070'
        properties: {
          description: 'pub01 to dc-perimeter: RPC Endpoint Mapper, Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding), ...'
          priority: 2972
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '192.0.2.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '192.0.2.2'
          destinationPortRanges: [
            '135'
            '389'
            '636'
            '3268'
            '50000-50255'
          ]
        }
      }
    ]
  }
}
