// Firewall rules of examples/hierarchy.topology.yaml (Contoso), port catalog 2025-12.
// These rules allow; what they leave out, the default rules of a network security group decide: they let
// everything inside the virtual network through. --deny-rest closes the groups once they are complete.
// The service tag Internet is every public address outside the virtual network. The file has such addresses inside,
// and the tag leaves them out only where they belong to the virtual network: 192.0.2.0/24.

@description('The region of the network security groups.')
param location string = resourceGroup().location

// The zone branch.
resource nsg_branch 'Microsoft.Network/networkSecurityGroups@2023-11-01' = {
  name: 'nsg-branch'
  location: location
  properties: {
    securityRules: [
      {
        name: 'sec01-to-dc-branch-tcp-in-006052fdeb44f265'
        properties: {
          description: 'sec01 to dc-branch: Kerberos authentication (Windows)'
          priority: 492
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.20.0.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.20.0.2'
          destinationPortRange: '88'
        }
      }
      {
        name: 'sec01-to-dc-branch-tcp-in-53c35e7f01d70e5a'
        properties: {
          description: 'sec01 to dc-branch: RPC Endpoint Mapper, Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding), Glo...'
          priority: 783
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
        name: 'branch-desktops-to-sec01-tcp-in-dabdc7dc0c35a2b8'
        properties: {
          description: 'branch-desktops to sec01: HTTPS, Client notification (optional)'
          priority: 913
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.20.64.0/20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.20.0.10'
          destinationPortRanges: [
            '443'
            '10123'
          ]
        }
      }
      {
        name: 'sec01-to-dc-branch-udp-in-658a91b70920e8f6'
        properties: {
          description: 'sec01 to dc-branch: Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding)'
          priority: 1146
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
        name: 'sql01-to-sec01-tcp-in-0af19c4ef5dd7c80'
        properties: {
          description: 'sql01 to sec01: SQL Server Service Broker, SQL Server service'
          priority: 1298
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.22'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.20.0.10'
          destinationPortRanges: [
            '4022'
            '14330'
          ]
        }
      }
      {
        name: 'dp-branch-to-sec01-tcp-in-3179a2d68b648be1'
        properties: {
          description: 'dp-branch to sec01: HTTPS'
          priority: 1621
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.20.0.11'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.20.0.10'
          destinationPortRange: '443'
        }
      }
      {
        name: 'dp-branch-to-dc-branch-tcp-in-34f845ce99aeb18f'
        properties: {
          description: 'dp-branch to dc-branch: Kerberos authentication (Windows)'
          priority: 2023
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.20.0.11'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.20.0.2'
          destinationPortRange: '88'
        }
      }
      {
        name: 'branch-desktops-to-dc-branch-tcp-in-288f643854001bfc'
        properties: {
          description: 'branch-desktops to dc-branch: Global catalog LDAP'
          priority: 2693
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
        name: 'sec01-to-dp-branch-udp-in-e576508071ef4439'
        properties: {
          description: 'sec01 to dp-branch: RPC Endpoint Mapper'
          priority: 3163
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
        name: 'sec01-to-dp-branch-tcp-in-8a1d0465be3bcba6'
        properties: {
          description: 'sec01 to dp-branch: RPC Endpoint Mapper, Server Message Block (SMB), RPC'
          priority: 3395
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
        name: 'branch-desktops-to-dc-branch-tcp-in-272c0e59fb5533f7'
        properties: {
          description: 'branch-desktops to dc-branch: Kerberos authentication (Windows)'
          priority: 3559
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.20.64.0/20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.20.0.2'
          destinationPortRange: '88'
        }
      }
      {
        name: 'branch-desktops-to-dp-branch-tcp-in-21d6a449871d7c81'
        properties: {
          description: 'branch-desktops to dp-branch: HTTPS (one of 2 is enough)'
          priority: 3670
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.20.64.0/20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.20.0.11'
          destinationPortRange: '443'
        }
      }
      {
        name: 'cm01-to-sec01-tcp-in-bd147bbdf50431ee'
        properties: {
          description: 'cm01 to sec01: Server Message Block (SMB)'
          priority: 3773
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
        name: 'branch-desktops-to-dc-branch-tcp-out-288f643854001bfc'
        properties: {
          description: 'branch-desktops to dc-branch: Global catalog LDAP'
          priority: 618
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
        name: 'sec01-to-dp-branch-udp-out-e576508071ef4439'
        properties: {
          description: 'sec01 to dp-branch: RPC Endpoint Mapper'
          priority: 678
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
        name: 'sec01-to-dc-branch-tcp-out-006052fdeb44f265'
        properties: {
          description: 'sec01 to dc-branch: Kerberos authentication (Windows)'
          priority: 867
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.20.0.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.20.0.2'
          destinationPortRange: '88'
        }
      }
      {
        name: 'branch-desktops-to-mp01-tcp-out-19dd7198d214dcd6'
        properties: {
          description: 'branch-desktops to mp01: HTTPS, HTTP, Client notification (optional)'
          priority: 1059
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.20.64.0/20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.21'
          destinationPortRanges: [
            '443'
            '8530'
            '8531'
            '10123'
          ]
        }
      }
      {
        name: 'sec01-to-dc-branch-udp-out-658a91b70920e8f6'
        properties: {
          description: 'sec01 to dc-branch: Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding)'
          priority: 1101
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
      {
        name: 'sec01-to-dp-branch-tcp-out-8a1d0465be3bcba6'
        properties: {
          description: 'sec01 to dp-branch: RPC Endpoint Mapper, Server Message Block (SMB), RPC'
          priority: 1358
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
        name: 'branch-desktops-to-dp-branch-tcp-out-21d6a449871d7c81'
        properties: {
          description: 'branch-desktops to dp-branch: HTTPS (one of 2 is enough)'
          priority: 1563
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.20.64.0/20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.20.0.11'
          destinationPortRange: '443'
        }
      }
      {
        name: 'sec01-to-dc-branch-tcp-out-53c35e7f01d70e5a'
        properties: {
          description: 'sec01 to dc-branch: RPC Endpoint Mapper, Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding), Glo...'
          priority: 1844
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
        name: 'dp-branch-to-dc-branch-tcp-out-34f845ce99aeb18f'
        properties: {
          description: 'dp-branch to dc-branch: Kerberos authentication (Windows)'
          priority: 2098
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.20.0.11'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.20.0.2'
          destinationPortRange: '88'
        }
      }
      {
        name: 'sec01-to-sql01-tcp-out-be977d79a4d57b74'
        properties: {
          description: 'sec01 to sql01: SQL Server Service Broker, SQL Server service'
          priority: 2501
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.20.0.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.22'
          destinationPortRanges: [
            '4022'
            '14330'
          ]
        }
      }
      {
        name: 'branch-desktops-to-sec01-tcp-out-dabdc7dc0c35a2b8'
        properties: {
          description: 'branch-desktops to sec01: HTTPS, Client notification (optional)'
          priority: 2610
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.20.64.0/20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.20.0.10'
          destinationPortRanges: [
            '443'
            '10123'
          ]
        }
      }
      {
        name: 'dp-branch-to-sec01-tcp-out-3179a2d68b648be1'
        properties: {
          description: 'dp-branch to sec01: HTTPS'
          priority: 2780
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.20.0.11'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.20.0.10'
          destinationPortRange: '443'
        }
      }
      {
        name: 'branch-desktops-to-dc-branch-tcp-out-272c0e59fb5533f7'
        properties: {
          description: 'branch-desktops to dc-branch: Kerberos authentication (Windows)'
          priority: 3508
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.20.64.0/20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.20.0.2'
          destinationPortRange: '88'
        }
      }
      {
        name: 'sec01-to-cm01-tcp-out-ecdb5936cf0b6a92'
        properties: {
          description: 'sec01 to cm01: Server Message Block (SMB)'
          priority: 3527
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.20.0.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.20'
          destinationPortRange: '445'
        }
      }
    ]
  }
}

// The zone hq.
resource nsg_hq 'Microsoft.Network/networkSecurityGroups@2023-11-01' = {
  name: 'nsg-hq'
  location: location
  properties: {
    securityRules: [
      {
        name: 'sec01-to-sql01-tcp-in-be977d79a4d57b74'
        properties: {
          description: 'sec01 to sql01: SQL Server Service Broker, SQL Server service'
          priority: 128
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.20.0.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.22'
          destinationPortRanges: [
            '4022'
            '14330'
          ]
        }
      }
      {
        name: 'cm01-to-dc01-tcp-in-761b812d9a44f1da'
        properties: {
          description: 'cm01 to dc01: RPC Endpoint Mapper, Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding), Global ca...'
          priority: 131
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
        name: 'hq-desktops-to-dc01-tcp-in-d1f7d37827ff1eeb'
        properties: {
          description: 'hq-desktops to dc01: Kerberos authentication (Windows)'
          priority: 234
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.64.0/18'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.2'
          destinationPortRange: '88'
        }
      }
      {
        name: 'sqlcas-to-sql01-tcp-in-65d8209db80411a5'
        properties: {
          description: 'sqlcas to sql01: SQL Server Service Broker, SQL Server service'
          priority: 437
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.11'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.22'
          destinationPortRanges: [
            '4022'
            '14330'
          ]
        }
      }
      {
        name: 'sql01-to-cm01-udp-in-e9457f6ae656ccc7'
        properties: {
          description: 'sql01 to cm01: RPC Endpoint Mapper'
          priority: 450
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
        name: 'cm01-to-sql01-udp-in-246689cf1683b991'
        properties: {
          description: 'cm01 to sql01: RPC Endpoint Mapper'
          priority: 466
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
        name: 'cm01-to-hq-desktops-udp-in-779a61935872fbb4'
        properties: {
          description: 'cm01 to hq-desktops: RPC endpoint mapper (installation)'
          priority: 484
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
        name: 'hq-desktops-to-dc01-tcp-in-771fe4d429dba838'
        properties: {
          description: 'hq-desktops to dc01: Global catalog LDAP'
          priority: 527
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
        name: 'cm01-to-dc01-udp-in-98fab07fff462a90'
        properties: {
          description: 'cm01 to dc01: Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding)'
          priority: 533
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
        name: 'cas01-to-dc01-udp-in-d0349e0f1a0f1a12'
        properties: {
          description: 'cas01 to dc01: Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding)'
          priority: 581
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
        name: 'sql01-to-dc01-tcp-in-624293abf2375b5b'
        properties: {
          description: 'sql01 to dc01: Kerberos authentication (Windows)'
          priority: 841
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.22'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.2'
          destinationPortRange: '88'
        }
      }
      {
        name: 'cas01-to-sqlcas-tcp-in-92ed4f7b6e73e793'
        properties: {
          description: 'cas01 to sqlcas: SQL over TCP'
          priority: 878
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
        name: 'cm01-to-hq-desktops-tcp-in-cd2d08d651248b07'
        properties: {
          description: 'cm01 to hq-desktops: RPC endpoint mapper, Server Message Block (SMB), RPC dynamic ports (installation)'
          priority: 975
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
        name: 'cm02-to-sql02-udp-in-544f5f10ceb0c72f'
        properties: {
          description: 'cm02 to sql02: RPC Endpoint Mapper (installation)'
          priority: 992
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
        name: 'cas01-to-sqlcas-tcp-in-b1c5a785a13bf135'
        properties: {
          description: 'cas01 to sqlcas: RPC Endpoint Mapper, Server Message Block (SMB), RPC (installation)'
          priority: 1004
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
        name: 'cm02-to-dc01-udp-in-be626d418ccdb7fc'
        properties: {
          description: 'cm02 to dc01: Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding)'
          priority: 1095
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
        name: 'cas01-to-cm02-tcp-in-5420ac3d4223416b'
        properties: {
          description: 'cas01 to cm02: Server Message Block (SMB)'
          priority: 1113
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
        name: 'cas01-to-dc01-tcp-in-9360f3cf7381400d'
        properties: {
          description: 'cas01 to dc01: Kerberos authentication (Windows)'
          priority: 1174
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.2'
          destinationPortRange: '88'
        }
      }
      {
        name: 'mp01-to-cm01-udp-in-b0d62b42dd0d6a57'
        properties: {
          description: 'mp01 to cm01: RPC Endpoint Mapper'
          priority: 1291
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
        name: 'cm01-to-mp01-udp-in-0c3d6dff069036e3'
        properties: {
          description: 'cm01 to mp01: RPC Endpoint Mapper'
          priority: 1542
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
        name: 'cm02-to-sql02-tcp-in-013c9306f03651d4'
        properties: {
          description: 'cm02 to sql02: SQL over TCP'
          priority: 1719
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
        name: 'cas01-to-hq-desktops-tcp-in-914ab48590d7136e'
        properties: {
          description: 'cas01 to hq-desktops: Remote Control (control)'
          priority: 2107
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
        name: 'cm01-to-dc01-tcp-in-c8fcfe791277f00d'
        properties: {
          description: 'cm01 to dc01: Kerberos authentication (Windows)'
          priority: 2138
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.2'
          destinationPortRange: '88'
        }
      }
      {
        name: 'mp01-to-dc01-tcp-in-151bf2f9e060a5d2'
        properties: {
          description: 'mp01 to dc01: RPC Endpoint Mapper, Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding), Global ca...'
          priority: 2178
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
        name: 'cm01-to-hq-desktops-tcp-in-1349d74cbe2c2460'
        properties: {
          description: 'cm01 to hq-desktops: Remote Control (control)'
          priority: 2206
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
        name: 'cm01-to-sql01-tcp-in-ec5a5c25a0cb0406'
        properties: {
          description: 'cm01 to sql01: RPC Endpoint Mapper, HTTPS, Server Message Block (SMB), SQL over TCP, RPC'
          priority: 2222
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
        name: 'cas01-to-sqlcas-udp-in-bc9648626686d444'
        properties: {
          description: 'cas01 to sqlcas: RPC Endpoint Mapper (installation)'
          priority: 2358
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
        name: 'mp01-to-cas01-tcp-in-36adbbd988184a95'
        properties: {
          description: 'mp01 to cas01: HTTP, HTTPS'
          priority: 2402
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
        name: 'cm02-to-sql02-tcp-in-ea6da76bd7bace66'
        properties: {
          description: 'cm02 to sql02: RPC Endpoint Mapper, Server Message Block (SMB), RPC (installation)'
          priority: 2493
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
        name: 'mp01-to-sql01-tcp-in-452faa6b61be4f43'
        properties: {
          description: 'mp01 to sql01: SQL over TCP'
          priority: 2498
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
        name: 'sql02-to-dc01-tcp-in-691f5400e5d64eb2'
        properties: {
          description: 'sql02 to dc01: Kerberos authentication (Windows)'
          priority: 2515
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.31'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.2'
          destinationPortRange: '88'
        }
      }
      {
        name: 'cm01-to-mp01-tcp-in-eb44fc91d91223ff'
        properties: {
          description: 'cm01 to mp01: RPC Endpoint mapper, RPC Endpoint Mapper, Server Message Block (SMB), HTTP, HTTPS, RPC'
          priority: 2529
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
        name: 'sql01-to-cm01-tcp-in-dae55bcf1701104c'
        properties: {
          description: 'sql01 to cm01: RPC Endpoint Mapper, Server Message Block (SMB), RPC'
          priority: 2539
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
        name: 'cm02-to-dc01-tcp-in-fabc53060611a1d4'
        properties: {
          description: 'cm02 to dc01: RPC Endpoint Mapper, Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding), Global ca...'
          priority: 2543
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
        name: 'sqlcas-to-dc01-tcp-in-f34bd7bf07a3f7a3'
        properties: {
          description: 'sqlcas to dc01: Kerberos authentication (Windows)'
          priority: 2736
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.11'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.2'
          destinationPortRange: '88'
        }
      }
      {
        name: 'cm02-to-cas01-tcp-in-aa128d176160f037'
        properties: {
          description: 'cm02 to cas01: Server Message Block (SMB)'
          priority: 2835
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
        name: 'sec01-to-cm01-tcp-in-ecdb5936cf0b6a92'
        properties: {
          description: 'sec01 to cm01: Server Message Block (SMB)'
          priority: 2854
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
        name: 'pub01-to-cas01-tcp-in-f2b63d3318492c7b'
        properties: {
          description: 'pub01 to cas01: HTTP, HTTPS'
          priority: 2920
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
        name: 'pub01-to-sql02-tcp-in-7005a523fc23862c'
        properties: {
          description: 'pub01 to sql02: SQL over TCP'
          priority: 2977
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
        name: 'mp01-to-dc01-udp-in-e440bbe214c6ce6a'
        properties: {
          description: 'mp01 to dc01: Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding)'
          priority: 3302
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
        name: 'branch-desktops-to-mp01-tcp-in-19dd7198d214dcd6'
        properties: {
          description: 'branch-desktops to mp01: HTTPS, HTTP, Client notification (optional)'
          priority: 3356
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.20.64.0/20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.21'
          destinationPortRanges: [
            '443'
            '8530'
            '8531'
            '10123'
          ]
        }
      }
      {
        name: 'cm02-to-dc01-tcp-in-f91d662eadd7ff67'
        properties: {
          description: 'cm02 to dc01: Kerberos authentication (Windows)'
          priority: 3383
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.30'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.2'
          destinationPortRange: '88'
        }
      }
      {
        name: 'cas01-to-dc01-tcp-in-2914d23df4e47a1a'
        properties: {
          description: 'cas01 to dc01: RPC Endpoint Mapper, Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding), Global c...'
          priority: 3399
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
        name: 'sqlcas-to-sql02-tcp-in-be5f66bb1217ffa6'
        properties: {
          description: 'sqlcas to sql02: SQL Server service, SQL Server Service Broker'
          priority: 3438
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
        name: 'sql02-to-sqlcas-tcp-in-28bfa86deb892cbe'
        properties: {
          description: 'sql02 to sqlcas: SQL Server service, SQL Server Service Broker'
          priority: 3607
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
        name: 'hq-desktops-to-mp01-tcp-in-211a19639da12415'
        properties: {
          description: 'hq-desktops to mp01: HTTPS, HTTP, Client notification (optional)'
          priority: 3631
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.64.0/18'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.21'
          destinationPortRanges: [
            '443'
            '8530'
            '8531'
            '10123'
          ]
        }
      }
      {
        name: 'cm01-to-cas01-tcp-in-cf41fa8aac407349'
        properties: {
          description: 'cm01 to cas01: Server Message Block (SMB)'
          priority: 3643
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
        name: 'cas01-to-cm01-tcp-in-b26989a8dd6d83a3'
        properties: {
          description: 'cas01 to cm01: Server Message Block (SMB)'
          priority: 3742
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
        name: 'mp01-to-dc01-tcp-in-6e1019e2fd5a9991'
        properties: {
          description: 'mp01 to dc01: Kerberos authentication (Windows)'
          priority: 3784
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.21'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.2'
          destinationPortRange: '88'
        }
      }
      {
        name: 'mp01-to-cm01-tcp-in-8d527ddbedaec080'
        properties: {
          description: 'mp01 to cm01: RPC Endpoint mapper, RPC Endpoint Mapper, Server Message Block (SMB), RPC'
          priority: 3986
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
        name: 'sql01-to-sqlcas-tcp-in-32cda0318ad15217'
        properties: {
          description: 'sql01 to sqlcas: SQL Server service, SQL Server Service Broker'
          priority: 3997
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
        name: 'sql01-to-sqlcas-tcp-out-32cda0318ad15217'
        properties: {
          description: 'sql01 to sqlcas: SQL Server service, SQL Server Service Broker'
          priority: 202
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
        name: 'cm01-to-sql01-tcp-out-ec5a5c25a0cb0406'
        properties: {
          description: 'cm01 to sql01: RPC Endpoint Mapper, HTTPS, Server Message Block (SMB), SQL over TCP, RPC'
          priority: 213
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
        name: 'cm02-to-internet-tcp-out-739fce14e3f19b0c'
        properties: {
          description: 'cm02 to internet: HTTP, HTTPS'
          priority: 224
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
        name: 'sqlcas-to-sql01-tcp-out-65d8209db80411a5'
        properties: {
          description: 'sqlcas to sql01: SQL Server Service Broker, SQL Server service'
          priority: 490
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.11'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.22'
          destinationPortRanges: [
            '4022'
            '14330'
          ]
        }
      }
      {
        name: 'cas01-to-cm02-tcp-out-5420ac3d4223416b'
        properties: {
          description: 'cas01 to cm02: Server Message Block (SMB)'
          priority: 578
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
        name: 'sql01-to-dc01-tcp-out-624293abf2375b5b'
        properties: {
          description: 'sql01 to dc01: Kerberos authentication (Windows)'
          priority: 608
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.22'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.2'
          destinationPortRange: '88'
        }
      }
      {
        name: 'cm01-to-dc01-tcp-out-761b812d9a44f1da'
        properties: {
          description: 'cm01 to dc01: RPC Endpoint Mapper, Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding), Global ca...'
          priority: 614
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
        name: 'cm01-to-sql01-udp-out-246689cf1683b991'
        properties: {
          description: 'cm01 to sql01: RPC Endpoint Mapper'
          priority: 649
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
        name: 'mp01-to-dc01-udp-out-e440bbe214c6ce6a'
        properties: {
          description: 'mp01 to dc01: Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding)'
          priority: 685
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
        name: 'cm02-to-dc01-tcp-out-f91d662eadd7ff67'
        properties: {
          description: 'cm02 to dc01: Kerberos authentication (Windows)'
          priority: 816
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.30'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.2'
          destinationPortRange: '88'
        }
      }
      {
        name: 'cas01-to-dc01-tcp-out-9360f3cf7381400d'
        properties: {
          description: 'cas01 to dc01: Kerberos authentication (Windows)'
          priority: 929
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.2'
          destinationPortRange: '88'
        }
      }
      {
        name: 'cm01-to-hq-desktops-udp-out-779a61935872fbb4'
        properties: {
          description: 'cm01 to hq-desktops: RPC endpoint mapper (installation)'
          priority: 935
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Udp'
          sourceAddressPrefix: '10.10.0.20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.64.0/18'
          destinationPortRange: '135'
        }
      }
      {
        name: 'cm02-to-dc01-tcp-out-fabc53060611a1d4'
        properties: {
          description: 'cm02 to dc01: RPC Endpoint Mapper, Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding), Global ca...'
          priority: 948
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
        name: 'cas01-to-sqlcas-udp-out-bc9648626686d444'
        properties: {
          description: 'cas01 to sqlcas: RPC Endpoint Mapper (installation)'
          priority: 979
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
        name: 'cm02-to-sql02-udp-out-544f5f10ceb0c72f'
        properties: {
          description: 'cm02 to sql02: RPC Endpoint Mapper (installation)'
          priority: 983
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
        name: 'cas01-to-dc01-udp-out-d0349e0f1a0f1a12'
        properties: {
          description: 'cas01 to dc01: Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding)'
          priority: 1178
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
        name: 'mp01-to-sql01-tcp-out-452faa6b61be4f43'
        properties: {
          description: 'mp01 to sql01: SQL over TCP'
          priority: 1239
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
        name: 'cm01-to-hq-desktops-tcp-out-cd2d08d651248b07'
        properties: {
          description: 'cm01 to hq-desktops: RPC endpoint mapper, Server Message Block (SMB), RPC dynamic ports (installation)'
          priority: 1324
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
        name: 'cm02-to-dc01-udp-out-be626d418ccdb7fc'
        properties: {
          description: 'cm02 to dc01: Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding)'
          priority: 1356
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
        name: 'sql01-to-sec01-tcp-out-0af19c4ef5dd7c80'
        properties: {
          description: 'sql01 to sec01: SQL Server Service Broker, SQL Server service'
          priority: 1555
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.22'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.20.0.10'
          destinationPortRanges: [
            '4022'
            '14330'
          ]
        }
      }
      {
        name: 'cas01-to-hq-desktops-tcp-out-914ab48590d7136e'
        properties: {
          description: 'cas01 to hq-desktops: Remote Control (control)'
          priority: 1642
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
        name: 'cm02-to-cas01-tcp-out-aa128d176160f037'
        properties: {
          description: 'cm02 to cas01: Server Message Block (SMB)'
          priority: 1748
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
        name: 'cas01-to-sqlcas-tcp-out-b1c5a785a13bf135'
        properties: {
          description: 'cas01 to sqlcas: RPC Endpoint Mapper, Server Message Block (SMB), RPC (installation)'
          priority: 1801
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
        name: 'cm01-to-dc01-udp-out-98fab07fff462a90'
        properties: {
          description: 'cm01 to dc01: Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding)'
          priority: 1820
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
        name: 'cas01-to-dc01-tcp-out-2914d23df4e47a1a'
        properties: {
          description: 'cas01 to dc01: RPC Endpoint Mapper, Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding), Global c...'
          priority: 1900
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
        name: 'mp01-to-cm01-tcp-out-8d527ddbedaec080'
        properties: {
          description: 'mp01 to cm01: RPC Endpoint mapper, RPC Endpoint Mapper, Server Message Block (SMB), RPC'
          priority: 1999
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
        name: 'cm01-to-internet-tcp-out-c2f5e81fc4f8e2fe'
        properties: {
          description: 'cm01 to internet: HTTP, HTTPS'
          priority: 2057
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
        name: 'cm01-to-mp01-tcp-out-eb44fc91d91223ff'
        properties: {
          description: 'cm01 to mp01: RPC Endpoint mapper, RPC Endpoint Mapper, Server Message Block (SMB), HTTP, HTTPS, RPC'
          priority: 2084
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
        name: 'cas01-to-sqlcas-tcp-out-92ed4f7b6e73e793'
        properties: {
          description: 'cas01 to sqlcas: SQL over TCP'
          priority: 2243
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
        name: 'sqlcas-to-sql02-tcp-out-be5f66bb1217ffa6'
        properties: {
          description: 'sqlcas to sql02: SQL Server service, SQL Server Service Broker'
          priority: 2263
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
        name: 'sqlcas-to-dc01-tcp-out-f34bd7bf07a3f7a3'
        properties: {
          description: 'sqlcas to dc01: Kerberos authentication (Windows)'
          priority: 2301
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.11'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.2'
          destinationPortRange: '88'
        }
      }
      {
        name: 'cm02-to-pub01-tcp-out-0af4011efd10ef3c'
        properties: {
          description: 'cm02 to pub01: RPC Endpoint mapper, RPC Endpoint Mapper, Server Message Block (SMB), HTTP, HTTPS, RPC'
          priority: 2410
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
        name: 'sql01-to-cm01-udp-out-e9457f6ae656ccc7'
        properties: {
          description: 'sql01 to cm01: RPC Endpoint Mapper'
          priority: 2493
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
        name: 'cm01-to-cas01-tcp-out-cf41fa8aac407349'
        properties: {
          description: 'cm01 to cas01: Server Message Block (SMB)'
          priority: 2494
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
        name: 'hq-desktops-to-dc01-tcp-out-771fe4d429dba838'
        properties: {
          description: 'hq-desktops to dc01: Global catalog LDAP'
          priority: 2582
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
        name: 'cm02-to-pub01-udp-out-609637cbdfc75a01'
        properties: {
          description: 'cm02 to pub01: RPC Endpoint Mapper'
          priority: 2655
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
        name: 'sql02-to-sqlcas-tcp-out-28bfa86deb892cbe'
        properties: {
          description: 'sql02 to sqlcas: SQL Server service, SQL Server Service Broker'
          priority: 2882
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
        name: 'sql01-to-cm01-tcp-out-dae55bcf1701104c'
        properties: {
          description: 'sql01 to cm01: RPC Endpoint Mapper, Server Message Block (SMB), RPC'
          priority: 2888
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
        name: 'hq-desktops-to-dc01-tcp-out-d1f7d37827ff1eeb'
        properties: {
          description: 'hq-desktops to dc01: Kerberos authentication (Windows)'
          priority: 3011
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.64.0/18'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.2'
          destinationPortRange: '88'
        }
      }
      {
        name: 'cm01-to-dc01-tcp-out-c8fcfe791277f00d'
        properties: {
          description: 'cm01 to dc01: Kerberos authentication (Windows)'
          priority: 3019
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.20'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.2'
          destinationPortRange: '88'
        }
      }
      {
        name: 'cas01-to-azure-internet-tcp-out-4eb739f6b8bbe941'
        properties: {
          description: 'cas01 to azure, internet: HTTPS for external notification, HTTP, HTTPS'
          priority: 3300
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
        name: 'mp01-to-dc01-tcp-out-151bf2f9e060a5d2'
        properties: {
          description: 'mp01 to dc01: RPC Endpoint Mapper, Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding), Global ca...'
          priority: 3301
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
        name: 'cm01-to-sec01-tcp-out-bd147bbdf50431ee'
        properties: {
          description: 'cm01 to sec01: Server Message Block (SMB)'
          priority: 3348
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
        name: 'cm01-to-mp01-udp-out-0c3d6dff069036e3'
        properties: {
          description: 'cm01 to mp01: RPC Endpoint Mapper'
          priority: 3495
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
        name: 'hq-desktops-to-mp01-tcp-out-211a19639da12415'
        properties: {
          description: 'hq-desktops to mp01: HTTPS, HTTP, Client notification (optional)'
          priority: 3530
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.64.0/18'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.21'
          destinationPortRanges: [
            '443'
            '8530'
            '8531'
            '10123'
          ]
        }
      }
      {
        name: 'mp01-to-cas01-tcp-out-36adbbd988184a95'
        properties: {
          description: 'mp01 to cas01: HTTP, HTTPS'
          priority: 3553
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
        name: 'mp01-to-dc01-tcp-out-6e1019e2fd5a9991'
        properties: {
          description: 'mp01 to dc01: Kerberos authentication (Windows)'
          priority: 3619
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.21'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.2'
          destinationPortRange: '88'
        }
      }
      {
        name: 'cas01-to-cm01-tcp-out-b26989a8dd6d83a3'
        properties: {
          description: 'cas01 to cm01: Server Message Block (SMB)'
          priority: 3651
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
        name: 'mp01-to-cm01-udp-out-b0d62b42dd0d6a57'
        properties: {
          description: 'mp01 to cm01: RPC Endpoint Mapper'
          priority: 3718
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
        name: 'cm01-to-hq-desktops-tcp-out-1349d74cbe2c2460'
        properties: {
          description: 'cm01 to hq-desktops: Remote Control (control)'
          priority: 3901
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
        name: 'cm02-to-sql02-tcp-out-013c9306f03651d4'
        properties: {
          description: 'cm02 to sql02: SQL over TCP'
          priority: 3924
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
        name: 'sql02-to-dc01-tcp-out-691f5400e5d64eb2'
        properties: {
          description: 'sql02 to dc01: Kerberos authentication (Windows)'
          priority: 4068
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.10.0.31'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.10.0.2'
          destinationPortRange: '88'
        }
      }
      {
        name: 'cm02-to-sql02-tcp-out-ea6da76bd7bace66'
        properties: {
          description: 'cm02 to sql02: RPC Endpoint Mapper, Server Message Block (SMB), RPC (installation)'
          priority: 4078
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
    ]
  }
}

// The zone perimeter.
resource nsg_perimeter 'Microsoft.Network/networkSecurityGroups@2023-11-01' = {
  name: 'nsg-perimeter'
  location: location
  properties: {
    securityRules: [
      {
        name: 'pub01-to-dc-perimeter-tcp-in-b5b80184682ced10'
        properties: {
          description: 'pub01 to dc-perimeter: Kerberos authentication (Windows)'
          priority: 1361
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '192.0.2.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '192.0.2.2'
          destinationPortRange: '88'
        }
      }
      {
        name: 'cm02-to-pub01-tcp-in-0af4011efd10ef3c'
        properties: {
          description: 'cm02 to pub01: RPC Endpoint mapper, RPC Endpoint Mapper, Server Message Block (SMB), HTTP, HTTPS, RPC'
          priority: 1429
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
        name: 'pub01-to-dc-perimeter-tcp-in-fd1299ffb0009070'
        properties: {
          description: 'pub01 to dc-perimeter: RPC Endpoint Mapper, Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding), ...'
          priority: 1631
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
        name: 'pub01-to-dc-perimeter-udp-in-3b653a0939dd4d15'
        properties: {
          description: 'pub01 to dc-perimeter: Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding)'
          priority: 2781
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
        name: 'laptops-to-pub01-tcp-in-a69e647f4ed40c8e'
        properties: {
          description: 'laptops to pub01: HTTPS, Client notification (optional)'
          priority: 3267
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: 'Internet'
          sourcePortRange: '*'
          destinationAddressPrefix: '192.0.2.10'
          destinationPortRanges: [
            '443'
            '8531'
            '10123'
          ]
        }
      }
      {
        name: 'cm02-to-pub01-udp-in-609637cbdfc75a01'
        properties: {
          description: 'cm02 to pub01: RPC Endpoint Mapper'
          priority: 3644
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
        name: 'pub01-to-dc-perimeter-tcp-out-b5b80184682ced10'
        properties: {
          description: 'pub01 to dc-perimeter: Kerberos authentication (Windows)'
          priority: 1244
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '192.0.2.10'
          sourcePortRange: '*'
          destinationAddressPrefix: '192.0.2.2'
          destinationPortRange: '88'
        }
      }
      {
        name: 'pub01-to-dc-perimeter-udp-out-3b653a0939dd4d15'
        properties: {
          description: 'pub01 to dc-perimeter: Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding)'
          priority: 2088
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
        name: 'pub01-to-sql02-tcp-out-7005a523fc23862c'
        properties: {
          description: 'pub01 to sql02: SQL over TCP'
          priority: 2778
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
        name: 'pub01-to-dc-perimeter-tcp-out-fd1299ffb0009070'
        properties: {
          description: 'pub01 to dc-perimeter: RPC Endpoint Mapper, Lightweight Directory Access Protocol (LDAP), Secure LDAP (LDAPS, for signing and binding), ...'
          priority: 3066
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
      {
        name: 'pub01-to-cas01-tcp-out-f2b63d3318492c7b'
        properties: {
          description: 'pub01 to cas01: HTTP, HTTPS'
          priority: 3567
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
    ]
  }
}
