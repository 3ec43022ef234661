// The topology that docs/assistants.md asks about: small, with a firewall that lacks something.

export const EXAMPLE_FILE = 'contoso.topology.yaml';

export const EXAMPLE = `configmgr: 2403
name: Contoso
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.10.0.0/16] }
  branch: { networks: [10.20.0.0/16] }
sites:
  PS1: { type: primary, database: { server: sql01 } }
servers:
  cm01:
    site: PS1
    zone: hq
    addresses: [10.10.0.10]
    roles:
      site-server:
      sms-provider:
      management-point: { protocol: https }
      software-update-point: { ssl: true, upstream: microsoft-update }
  sql01:
    zone: hq
    addresses: [10.10.0.11]
    roles:
      sql-server: { instances: { MSSQLSERVER: { port: 1433 } } }
  dp-branch:
    site: PS1
    zone: branch
    addresses: [10.20.0.10]
    roles:
      distribution-point: { protocol: https }
clients:
  branch-pcs: { site: PS1, zone: branch, os: windows-11, installation: [manual] }
firewalls:
  line:
    zones: [hq, branch]
    rules:
      - { name: Distribution, action: allow, from: cm01, to: dp-branch, tcp: [135, 445, 49152-65535], udp: 135 }
      - { name: Clients, action: allow, from: branch-pcs, to: cm01, tcp: [443, 8530] }
      - { name: Rest, action: deny, from: any, to: any }
`;
