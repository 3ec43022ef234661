import { editionsBetween } from '../../catalog/editions.ts';
import { groupBy } from '../../collections.ts';
import { setKey } from '../../edits/option-edits.ts';
import { t } from '../../l10n.ts';
import type { Span } from '../../text/tree.ts';
import { brokeredInstances, instancePort, rolesNamed, serviceBrokerPort } from '../../topology/effective.ts';
import type { Server, SqlInstance } from '../../topology/model.ts';
import { keyCertainty } from '../certainty.ts';
import { takenIn } from '../firewalls/listening-services.ts';
import { type ListeningPort, nextFreePort } from '../listeners.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';

interface Use {
  readonly instance: SqlInstance;
  readonly key: 'port' | 'serviceBrokerPort';
  readonly port: number;
  /** Where the file sets it; undefined for a default. */
  readonly span: Span | undefined;
}

/** The ports of an instance; its Service Broker port only where a site replicates over it. */
function usesOf(instance: SqlInstance, context: RuleContext, brokered: ReadonlySet<SqlInstance>): Use[] {
  const uses: Use[] = [];
  const { port, dynamicPorts } = instance;
  const sql = dynamicPorts?.value ? undefined : instancePort(instance);
  const isKnown = (key: 'port' | 'serviceBrokerPort') =>
    keyCertainty(context, instance, key, instance[key]) !== 'unknown';
  if (sql !== undefined && isKnown('port')) uses.push({ instance, key: 'port', port: sql, span: port?.span });
  if (brokered.has(instance) && isKnown('serviceBrokerPort'))
    uses.push({
      instance,
      key: 'serviceBrokerPort',
      port: serviceBrokerPort(instance),
      span: instance.serviceBrokerPort?.span,
    });
  return uses;
}

function use({ key, span }: Use): string {
  if (key === 'port') return span ? t('the port') : t('the port (by default)');
  return span ? t('the Service Broker port') : t('the Service Broker port (by default)');
}

function described(one: Use): string {
  return t('{0} of instance {1}', use(one), one.instance.name);
}

function both(one: Use, other: Use): string {
  return one.instance === other.instance
    ? t('{0} and {1} of instance {2}', use(one), use(other), one.instance.name)
    : t('{0} and {1}', described(one), described(other));
}

function* checkServer(
  server: Server,
  context: RuleContext,
  brokered: ReadonlySet<SqlInstance>,
  taken: () => readonly Pick<ListeningPort, 'port'>[],
): Iterable<Report> {
  const all = server.instances.flatMap((instance) => usesOf(instance, context, brokered));
  const byPort = groupBy(all, ({ port }) => port);
  for (const [port, uses] of byPort) {
    const [first, ...others] = uses;
    if (!first) continue;
    for (const later of others) {
      // A port that somebody wrote is easier to change than one that follows from a default.
      const [change, keep] = later.span || !first.span ? [later, first] : [first, later];
      const same = server.instances.flatMap((instance) =>
        usesOf(instance, context, brokered).flatMap((each) => (each.key === change.key ? [each.port] : [])),
      );
      const free = nextFreePort(server, context, taken(), same);
      yield {
        span: change.span ?? change.instance.key.span,
        message: t(
          'Port {0} on {1} is taken twice: it is {2}. {3}',
          port,
          server.name,
          both(keep, change),
          free === undefined
            ? t('Choose another')
            : t('Give the latter another, such as {0}: {1}', change.key, free),
        ),
        related: [
          {
            message: t('{0} is {1}', port, described(keep)),
            span: keep.span ?? keep.instance.key.span,
          },
        ],
        fixes:
          free === undefined
            ? []
            : [
                {
                  title: t('Set {0} of {1} to {2}', change.key, change.instance.name, free),
                  safe: false,
                  edits: setKey(context.tree, change.instance, change.key, String(free)),
                },
              ],
      };
    }
  }
}

export const sqlPortConflict: Rule = {
  code: 'sql-port-conflict',
  severity: 'error',
  summary: 'Two SQL Server instances of one server, or two uses of one instance, share a port.',
  reason: 'Only one program can listen on a port, so the instance that starts second cannot be reached.',
  explanation: `Only one program can listen on a port. Every instance of a server needs its own port, and one with the database of a site that has a parent or sites below it also needs its own Service Broker port: these sites replicate over it, others do not use it. An instance that does not say otherwise has Service Broker port 4022, and the default instance port 1433. The instance that starts second does not get the port, and which one that is can change from start to start.`,
  source: { document: 'support-for-sql-server-versions', section: 'sql-server-ports' },
  moreSources: [
    { document: 'plan-for-the-site-database', section: 'remote-database-server-location-considerations' },
    { document: 'ports', section: 'BKMK_SQLPorts', editions: editionsBetween('2017-03', '2020-06') },
  ],
  bad: [
    {
      title: 'Two instances on one port',
      text: `configmgr: 2017-09
servers:
  sql01:
    roles:
      sql-server:
        instances:
          CAS: { port: 1435, serviceBrokerPort: 4022 }
          PS1: { port: 1435, serviceBrokerPort: 4023 }
`,
    },
    {
      title: 'Two instances with the default Service Broker port',
      text: `configmgr: 2017-09
defaults:
  os: windows-server-2016
  rpcDynamicPorts: 49152-65535
sites:
  CAS: { type: central-administration, database: { server: sql01, instance: CAS } }
  PS1: { type: primary, parent: CAS, database: { server: sql01 } }
servers:
  cas01: { site: CAS, roles: { site-server: , sms-provider: } }
  cm01: { site: PS1, roles: { site-server: , sms-provider: } }
  sql01:
    roles:
      sql-server:
        instances:
          MSSQLSERVER:
          CAS:
            port: 1435
`,
    },
    {
      title: 'One port for both uses of an instance',
      text: `configmgr: 2017-09
defaults:
  os: windows-server-2016
  rpcDynamicPorts: 49152-65535
sites:
  PS1: { type: primary, database: { server: sql01 } }
  S01: { type: secondary, parent: PS1, database: { server: sec01 } }
servers:
  cm01: { site: PS1, roles: { site-server: , sms-provider: } }
  sec01: { site: S01, roles: { site-server: , sql-server: } }
  sql01:
    roles:
      sql-server:
        instances:
          MSSQLSERVER: { serviceBrokerPort: 1433 }
`,
    },
  ],
  good: [
    {
      title: 'Two instances, one of WSUS: nobody uses Service Broker',
      text: `configmgr: 2017-09
servers:
  sql01:
    roles:
      sql-server:
        instances:
          MSSQLSERVER:
          WSUS: { port: 1435 }
`,
    },
    {
      title: 'Four different ports',
      text: `configmgr: 2017-09
servers:
  sql01:
    roles:
      sql-server:
        instances:
          CAS: { port: 1435, serviceBrokerPort: 4022 }
          PS1: { port: 1436, serviceBrokerPort: 4023 }
`,
    },
  ],
  *check(context) {
    const taken = takenIn(context);
    const brokered = brokeredInstances(context.topology);
    const servers = rolesNamed('sql-server', context.topology).map(({ server }) => server);
    yield* servers.flatMap((server) => [...checkServer(server, context, brokered, () => taken(server))]);
  },
};
