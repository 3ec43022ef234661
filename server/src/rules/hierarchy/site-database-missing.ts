import { PORTS } from '../../catalog/numbers.ts';
import { insertKey, isOwn } from '../../edits/map-edits.ts';
import { setKey } from '../../edits/option-edits.ts';
import type { TextEdit } from '../../edits/text-edit.ts';
import { t } from '../../l10n.ts';
import { ownPair, resolve } from '../../text/values.ts';
import {
  childrenOf,
  DEFAULT_INSTANCE,
  databasesOf,
  instancePort,
  lookup,
  serviceBrokerPort,
  siteOf,
} from '../../topology/effective.ts';
import type { Server, Site, SqlInstance, Topology } from '../../topology/model.ts';
import { keyCertainty } from '../certainty.ts';
import { isFreeFor, servicesIn, takenIn } from '../firewalls/listening-services.ts';
import { nextFreePort } from '../listeners.ts';
import type { Fix, Report, Rule, RuleContext } from '../rule.ts';
import { isCurrentBranch, type Population, populationOf, typeOf } from './hierarchy.ts';

/** The instances that hold a site's database or belong to an availability group. */
function usedInstances(topology: Topology): ReadonlySet<SqlInstance> {
  const used = new Set<SqlInstance>();
  for (const site of topology.sites.values())
    for (const { instance } of databasesOf(site, topology)) if (instance) used.add(instance);
  for (const { replicas } of topology.availabilityGroups.values()) {
    for (const { server, instance } of replicas) {
      const found = server && lookup(topology.servers, server.value);
      const name = (instance?.value ?? DEFAULT_INSTANCE).toUpperCase();
      const one = found?.instances.find((candidate) => candidate.name.toUpperCase() === name);
      if (one) used.add(one);
    }
  }
  return used;
}

const isDefault = ({ name }: SqlInstance) => name.toUpperCase() === DEFAULT_INSTANCE;

function databaseText(server: Server, instance: string | undefined): string {
  return instance === undefined
    ? `{ server: ${server.name} }`
    : `{ server: ${server.name}, instance: ${instance} }`;
}

/** Free instances that such a site can use: on its own servers, else on servers of no site. */
function fitting(site: Site, siteServer: Server | undefined, context: RuleContext): readonly SqlInstance[] {
  const { topology, tree } = context;
  const used = usedInstances(topology);
  // Sites replicate over Service Broker, whose port comes into use then.
  const replicates = site.parent !== undefined || childrenOf(site, topology).length > 0;
  const canReplicate = (instance: SqlInstance) =>
    !replicates ||
    isFreeFor({ instance, key: 'serviceBrokerPort', port: serviceBrokerPort(instance) }, context);
  const secondary = typeOf(site, tree) === 'secondary';
  const fits = (server: Server) =>
    server.instances.filter(
      (instance) =>
        !used.has(instance) && (secondary || instance.edition?.value !== 'express') && canReplicate(instance),
    );
  if (secondary) return siteServer ? fits(siteServer) : [];
  const servers = [...topology.servers.values()];
  const own = servers.filter((server) => siteOf(server, topology) === site).flatMap(fits);
  return own.length > 0 ? own : servers.filter((server) => !server.site).flatMap(fits);
}

/** The edits that put a new instance on a server, and its name; undefined for the default instance. */
function newInstance(
  site: Site,
  server: Server,
  context: RuleContext,
): { readonly name: string | undefined; readonly edits: readonly TextEdit[] } | undefined {
  const { tree } = context;
  const rolesPair = ownPair(server.node, 'roles');
  const roles = rolesPair && resolve(rolesPair.value);
  if (roles?.kind !== 'map' || !isOwn(tree, server.node, 'roles')) return undefined;
  const role = server.roles.find((candidate) => candidate.role === 'sql-server');
  if (!role) {
    const documented: readonly number[] = [PORTS.sqlServer, PORTS.serviceBroker];
    if (servicesIn(context)(server).some(({ port }) => documented.includes(port))) return undefined;
    const edit = insertKey(tree, { map: roles }, 'sql-server', '');
    return edit && { name: undefined, edits: [edit] };
  }
  const instancesPair = ownPair(role.options, 'instances');
  const instances = instancesPair && resolve(instancesPair.value);
  const name = server.instances.some((one) => one.name.toUpperCase() === site.name.toUpperCase())
    ? undefined
    : site.name;
  if (instances?.kind !== 'map' || name === undefined || !isOwn(tree, role.options, 'instances'))
    return undefined;
  const taken = takenIn(context)(server);
  const port = nextFreePort(
    server,
    context,
    taken,
    server.instances.flatMap((one) => instancePort(one) ?? []),
  );
  if (port === undefined) return undefined;
  const broker = nextFreePort(server, context, [...taken, { port }], server.instances.map(serviceBrokerPort));
  if (broker === undefined) return undefined;
  const edit = insertKey(tree, { map: instances }, name, `{ port: ${port}, serviceBrokerPort: ${broker} }`);
  return edit && { name, edits: [edit] };
}

function fixesFor(site: Site, context: RuleContext, population: Population): readonly Fix[] {
  const { tree } = context;
  const siteServer = population
    .servers(site)
    .find(({ roles }) =>
      roles.some(({ role, values }) => role === 'site-server' && !values.get('passive')?.value),
    );
  const set = (server: Server, instance: string | undefined) =>
    setKey(tree, site, 'database', databaseText(server, instance));
  const fixes: Fix[] = fitting(site, siteServer, context)
    .slice(0, 3)
    .map((instance) => ({
      title: t('Use instance {0} on {1}', instance.name, instance.server.name),
      safe: false,
      edits: set(instance.server, isDefault(instance) ? undefined : instance.name),
    }));
  const created = siteServer && newInstance(site, siteServer, context);
  if (siteServer && created) {
    fixes.push({
      title: t(
        'Add SQL Server instance {0} to {1} and use it',
        created.name ?? DEFAULT_INSTANCE,
        siteServer.name,
      ),
      safe: false,
      edits: [...set(siteServer, created.name), ...created.edits],
    });
  }
  return fixes;
}

const file = (database: string, sql: string) => `configmgr: 2025-12
defaults:
  os: windows-server-2022
  rpcDynamicPorts: 49152-65535
sites:
  PS1:
    type: primary
${database}servers:
  cm01:
    site: PS1
    roles:
      site-server:
      sms-provider:
${sql}`;
const sql = `  sql01:
    roles:
      sql-server:
        instances:
          CM: { port: 1435 }
`;

const old = `configmgr: 2007
defaults:
  os: windows-server-2008
  rpcDynamicPorts: 49152-65535
sites:
  PS1: { type: primary, database: { server: cm01 } }
  S01: { type: secondary, parent: PS1 }
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
`;

export const siteDatabaseMissing: Rule = {
  code: 'site-database-missing',
  severity: 'error',
  summary: 'A site does not say where its database is.',
  reason: 'Without the database it is not known which connections to SQL Server the roles of the site open.',
  explanation: `Every site of current branch has a database: a central administration or primary site in SQL Server on the site server, on another server or in an availability group, a secondary site in SQL Server or SQL Server Express on its own site server. Without \`database\` it is not known which connections to SQL Server the site's roles open.

In Configuration Manager 2007 the site servers of primary sites connect to SQL Server; a secondary site there needs no \`database\`.`,
  source: {
    document: 'plan-for-the-site-database',
    section: 'plan-for-the-site-database-for-configuration-manager',
  },
  moreSources: [
    {
      document: 'ports-2007',
      section: '28. Primary Site Server -- > Microsoft SQL Server',
      editions: ['2007'],
    },
  ],
  bad: [
    { title: 'SQL Server is there, but the site does not say that it uses it', text: file('', sql) },
    { title: 'No SQL Server at all', text: file('', '') },
  ],
  good: [
    { title: 'A named instance', text: file('    database: { server: sql01, instance: CM }\n', sql) },
    { title: 'A secondary site of Configuration Manager 2007', text: old },
  ],
  *check(context): Iterable<Report> {
    const { topology } = context;
    let population: Population | undefined;
    for (const site of topology.sites.values()) {
      if (keyCertainty(context, site, 'database', site.database) !== 'absent') continue;
      const type = typeOf(site, context.tree);
      if (!type || (type === 'secondary' && !isCurrentBranch(topology.edition))) continue;
      population ??= populationOf(topology);
      yield {
        span: site.key.span,
        message: t(
          type === 'secondary'
            ? 'Site {0} has no database: name its site server, for example {1}'
            : 'Site {0} has no database: name the SQL Server that has it, for example {1}',
          site.name,
          `database: { server: ${type === 'secondary' ? 'sec01' : 'sql01'} }`,
        ),
        fixes: fixesFor(site, context, population),
      };
    }
  },
};
