// The file that the examples of the rules about settings of secondary sites are made from.

/**
 * A primary site with client ports of its own, and a secondary site below it.
 * @param more further lines of the two sites, each with a line break behind it
 */
export function secondaryExample(more: { readonly primary?: string; readonly secondary: string }): string {
  return `configmgr: 2017-09
defaults: { os: windows-server-2016, rpcDynamicPorts: 49152-65535 }
sites:
  PS1:
    type: primary
    database: { server: cm01 }
    clientPorts: { http: 8080, https: 8443 }
${more.primary ?? ''}  S01:
    type: secondary
    parent: PS1
    database: { server: sec01 }
${more.secondary}servers:
  cm01:
    site: PS1
    roles:
      site-server:
      sms-provider:
      sql-server:
      management-point:
  sec01:
    site: S01
    roles:
      site-server:
      sql-server: { instances: { MSSQLSERVER: { edition: express } } }
      management-point:
      distribution-point:
`;
}
