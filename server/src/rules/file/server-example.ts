// The file that the examples of the rules about comments are made from.

/**
 * A primary site with one server.
 * @param more lines below `sql-server:`, each with a line break behind it: its options, other roles, comments
 */
export function serverExample(more: string): string {
  return `configmgr: 2017-09
sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01:
    site: PS1
    os: windows-server-2016
    rpcDynamicPorts: 49152-65535
    roles:
      site-server:
      sms-provider:
      sql-server:
${more}`;
}
