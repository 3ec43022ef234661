// The file to start from: `cmtopo init` prints it, the editor opens it as a new file.
import { NEWEST_EDITION } from '../catalog/types.ts';

/** A commented topology of one primary site, without findings. */
export const STARTER = `# configmgr-topology
# A starter file: one primary site that serves one office. Change the names and addresses to yours.
# An editor shows what is wrong while you type; in a terminal "cmtopo check" says it of every file
# in the folder that is called NAME.topology.yaml.
# A line that begins with # is a comment; take the # away to switch a choice on.

# Which of Microsoft's port lists to check against: the version that your console shows (2403), a
# list by its date (2017-09), 2007, or current-branch, which is always the newest one.
configmgr: ${NEWEST_EDITION}
name: Contoso

# In force for every server that does not say otherwise.
defaults:
  os: windows-server-2022
  # The dynamic RPC ports: what Windows hands out unless you restricted it. On a server,
  # "netsh int ipv4 show dynamicport tcp" prints the range.
  rpcDynamicPorts: 49152-65535
  zone: office

# The parts of the network with firewalls between them. Traffic inside a zone is not filtered.
zones:
  office: { networks: [10.10.0.0/16] }
  # Where the cloud services are. Only one zone is the internet.
  internet: { internet: true }

# One entry for each site; the key is the three-character site code.
sites:
  PS1:
    type: primary # or central-administration, or secondary; the last needs a parent
    # parent: CAS # the site above this one
    database: { server: sql01, instance: CM } # leave instance out for the default instance
    # The ports that clients send their requests to. These are the defaults; a second number
    # in a list is the alternate port: http: [80, 8080]
    clientPorts: { http: 80, https: 443, notification: 10123 }

# One entry for each machine, with the roles it holds. A role with nothing after its colon
# has the defaults.
servers:
  cm01:
    site: PS1
    fqdn: cm01.corp.contoso.com
    addresses: [10.10.0.10]
    roles:
      site-server:
      sms-provider:
      service-connection-point:
      console:
  mp01:
    site: PS1
    fqdn: mp01.corp.contoso.com
    addresses: [10.10.0.11]
    roles:
      management-point: { protocol: https } # http, https or both
      distribution-point: { protocol: https, pxe: false }
      # ssl: true puts the scan on HTTPS; the HTTPS port is always the HTTP port + 1.
      software-update-point: { httpPort: 8530, httpsPort: 8531, ssl: true, upstream: microsoft-update }
  sql01:
    # Configuration Manager needs the database on a fixed port. Give every named instance one,
    # outside the dynamic RPC range; the default instance MSSQLSERVER has 1433.
    site: PS1
    fqdn: sql01.corp.contoso.com
    addresses: [10.10.0.12]
    roles:
      sql-server:
        instances:
          CM: { port: 14330, serviceBrokerPort: 4022, edition: standard }
  dc01:
    # Machines that Configuration Manager talks to, but that hold none of its roles, need no site.
    addresses: [10.10.0.2]
    roles:
      domain-controller: { globalCatalog: true }

# Groups of clients that are alike.
clients:
  desktops:
    site: PS1
    zone: office
    count: 500
    # How the client gets there: client-push, software-update-point, group-policy, manual,
    # logon-script, software-distribution
    os: windows-11
    installation: [client-push]
    # What is used with it: remote-control, remote-assistance, wake-up-proxy, …
    features: [remote-control]

# Which clients use which site systems, as the console's boundary groups say. Without any, a
# group uses what is in its own zone, else what its site has.
boundaryGroups:
  Office:
    members: [desktops] # client groups, or zones for all client groups in them
    servers: [mp01]
    # fallback: [HQ] # its neighbors

# The firewalls between zones. The first rule that matches decides; what no rule matches is
# denied. Take the # away and the rules are checked against what the machines above need.
# firewalls:
#   edge:
#     zones: [office, internet]
#     rules:
#       - { action: allow, from: [cm01, mp01], to: internet, tcp: [80, 443] }
`;
