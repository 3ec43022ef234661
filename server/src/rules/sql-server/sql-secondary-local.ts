import { t } from '../../l10n.ts';
import { databasesOf, lookup, rolesAt } from '../../topology/effective.ts';
import type { Server, Site, Topology } from '../../topology/model.ts';
import { knownTypeOf } from '../hierarchy/hierarchy.ts';
import type { Report, Rule } from '../rule.ts';

const file = (server: string, roles: string) => `configmgr: 2017-09
defaults:
  os: windows-server-2016
  rpcDynamicPorts: 49152-65535
sites:
  PS1: { type: primary, database: { server: cm01 } }
  S01: { type: secondary, parent: PS1, database: { server: ${server}, instance: SQLEXPRESS } }
servers:
  cm01:
    site: PS1
    roles:
      site-server:
      sms-provider:
      sql-server:
  sec01:
    site: S01
    roles:
      site-server:
${roles}`;

const local = `      sql-server:
        instances:
          SQLEXPRESS: { port: 1435, edition: express }
`;
const remote = `  sec02:
    roles:
      sql-server:
        instances:
          SQLEXPRESS: { port: 1435, edition: express }
`;

function siteServersOf(site: Site, topology: Topology): readonly Server[] {
  return rolesAt(site, 'site-server', topology).map(({ server }) => server);
}

/** Whether a secondary site's database is known to be on another server than its site server. */
export function isElsewhere(site: Site, topology: Topology): boolean {
  if (site.type?.value !== 'secondary') return false;
  const siteServers = siteServersOf(site, topology);
  return (
    siteServers.length > 0 && databasesOf(site, topology).some(({ server }) => !siteServers.includes(server))
  );
}

export const sqlSecondaryLocal: Rule = {
  code: 'sql-secondary-local',
  severity: 'error',
  summary: 'The database of a secondary site is on another server than its site server.',
  reason: 'A secondary site is supported only with its database on its own site server.',
  explanation: `A secondary site keeps its database on its own site server. It may be SQL Server Express or a full installation, but neither a remote server nor an availability group: those are for central administration sites and primary sites.`,
  source: {
    document: 'plan-for-the-site-database',
    section: 'plan-for-the-site-database-for-configuration-manager',
  },
  moreSources: [{ document: 'support-for-sql-server-versions', section: 'secondary-sites' }],
  bad: [{ title: 'A database server of its own', text: file('sec02', remote) }],
  good: [{ title: 'SQL Server Express on the site server', text: file('sec01', local) }],
  severalAtOnePlace: true,
  *check(context): Iterable<Report> {
    const { topology } = context;
    for (const site of topology.sites.values()) {
      const { database } = site;
      if (!database || knownTypeOf(site, context) !== 'secondary') continue;
      const siteServers = siteServersOf(site, topology);
      const [siteServer] = siteServers;
      if (!siteServer) continue;
      const related = () => [{ message: t('The site server of {0}', site.name), span: siteServer.key.span }];
      if (database.availabilityGroup) {
        if (!lookup(topology.availabilityGroups, database.availabilityGroup.value)) continue;
        yield {
          span: database.availabilityGroup.span,
          message: t(
            'The database of secondary site {0} is in availability group {1}: the database of a secondary site must be on its site server {2}',
            site.name,
            database.availabilityGroup.value,
            siteServer.name,
          ),
          related: related(),
        };
      } else if (database.server) {
        const server = lookup(topology.servers, database.server.value);
        if (!server || siteServers.includes(server)) continue;
        yield {
          span: database.server.span,
          message: t(
            'The database of secondary site {0} is on {1}: the database of a secondary site must be on its site server {2}',
            site.name,
            server.name,
            siteServer.name,
          ),
          related: related(),
        };
      }
    }
  },
};
