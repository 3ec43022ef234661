// The file that the examples of several rules about firewalls are made from.

/**
 * A site at head office, clients in a branch, and a firewall between them.
 * @param rules the lines of the firewall's rules, each with a line break behind it
 * @param more what the group of clients has beside its site and zone, and further servers
 */
export function branchExample(
  rules: string,
  more: { readonly clients?: string; readonly servers?: string } = {},
): string {
  return `configmgr: 2017-09
defaults: { os: windows-server-2016, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.10.0.0/16] }
  branch: { networks: [10.20.0.0/16] }
sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01:
    site: PS1
    zone: hq
    addresses: [10.10.0.10]
    roles:
      site-server:
      sms-provider:
      sql-server:
      management-point: { protocol: https }
${more.servers ?? ''}clients:
  desktops: { site: PS1, zone: branch${more.clients ?? ''} }
firewalls:
  line:
    zones: [hq, branch]
    rules:
${rules}`;
}
