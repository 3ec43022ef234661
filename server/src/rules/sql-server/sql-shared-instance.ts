import { editionsBetween } from '../../catalog/editions.ts';
import { memo } from '../../collections.ts';
import { t } from '../../l10n.ts';
import type { Span } from '../../text/tree.ts';
import { type Database, DEFAULT_INSTANCE, databasesOf, lookup } from '../../topology/effective.ts';
import type { Site, Topology } from '../../topology/model.ts';
import { keyCertainty } from '../certainty.ts';
import type { Report, Rule } from '../rule.ts';
import { isElsewhere } from './sql-secondary-local.ts';

/** The instances that hold a site's database, by a key that is equal for equal instances. */
interface DatabaseInstance {
  readonly server: string;
  readonly instance: string;
}

/** By a key that is the same for the same instance. */
function instancesOf(site: Site, topology: Topology): ReadonlyMap<string, DatabaseInstance> {
  return instancesAmong(databasesOf(site, topology), site, topology);
}

const instancesAmong = memo((databases: readonly Database[], site: Site, topology: Topology) => {
  const found = new Map<string, DatabaseInstance>();
  for (const { server, instance } of databases) {
    // A `sql-server` role without instances is a default instance; any other absent name is unknown.
    const implied =
      !instance &&
      server.instances.length === 0 &&
      server.roles.some(({ role }) => role === 'sql-server') &&
      isDefault(site, topology);
    const name = instance?.name ?? (implied ? DEFAULT_INSTANCE : undefined);
    if (name) found.set(`${server.name}/${name}`.toLowerCase(), { server: server.name, instance: name });
  }
  return found;
});

function isDefault({ database }: Site, topology: Topology): boolean {
  const group =
    database?.availabilityGroup && lookup(topology.availabilityGroups, database.availabilityGroup.value);
  const names = group ? group.replicas.map(({ instance }) => instance) : [database?.instance];
  return names.every((name) => !name || name.value.toUpperCase() === DEFAULT_INSTANCE);
}

/** Where a person would change which instance a site uses. */
function placeOf({ database, key }: Site): Span {
  return (
    database?.instance?.span ??
    database?.availabilityGroup?.span ??
    database?.server?.span ??
    database?.span ??
    key.span
  );
}

const file = (child: string) => `configmgr: 2017-09
defaults:
  os: windows-server-2016
  rpcDynamicPorts: 49152-65535
sites:
  CAS: { type: central-administration, database: { server: sql01, instance: CAS } }
  PS1:
    type: primary
    parent: CAS
    database: { server: sql01, instance: ${child} }
servers:
  sql01:
    roles:
      sql-server:
        instances:
          CAS: { port: 1435, serviceBrokerPort: 4022 }
          PS1: { port: 1436, serviceBrokerPort: 4023 }
  cas01:
    site: CAS
    roles:
      site-server:
      sms-provider:
  cm01:
    site: PS1
    roles:
      site-server:
      sms-provider:
`;

export const sqlSharedInstance: Rule = {
  code: 'sql-shared-instance',
  severity: 'error',
  summary: 'The databases of two sites are in one SQL Server instance.',
  reason:
    'Each site needs an instance of its own, because Service Broker and other settings apply to an instance as a whole.',
  explanation: `Each site needs an instance of SQL Server that serves no other site. Memory, collation and the Service Broker port are set for an instance as a whole, and two sites cannot replicate with one another through one port.

Two sites can share a server, as long as each has an instance with ports of its own.`,
  source: { document: 'support-for-sql-server-versions', section: 'sql-server-instance' },
  moreSources: [
    { document: 'ports', section: 'BKMK_SQLPorts', editions: editionsBetween('2017-03', '2020-06') },
    {
      document: 'ports',
      section: 'connections-to-sql-server',
      editions: editionsBetween('2025-12', undefined),
    },
  ],
  bad: [
    { title: 'The primary site uses the instance of the central administration site', text: file('CAS') },
  ],
  good: [{ title: 'One server, two instances', text: file('PS1') }],
  *check(context): Iterable<Report> {
    const { topology } = context;
    const owners = new Map<string, Site>();
    for (const site of topology.sites.values()) {
      const { database } = site;
      // Not known, or about to move: another rule's matter.
      if (!database || isElsewhere(site, topology)) continue;
      const block = { node: database.node, damaged: site.damaged && !database.availabilityGroup };
      if (keyCertainty(context, block, 'instance', database.instance) === 'unknown') continue;
      const instances = instancesOf(site, topology);
      const shared = [...instances].find(([key]) => owners.has(key));
      for (const key of instances.keys()) if (!owners.has(key)) owners.set(key, site);
      const owner = shared && owners.get(shared[0]);
      if (!shared || !owner) continue;
      yield {
        span: placeOf(site),
        message: t(
          'The databases of {0} and {1} are both in {2}: give {1} an instance of its own',
          owner.name,
          site.name,
          t('instance {0} on {1}', shared[1].instance, shared[1].server),
        ),
        related: [{ message: t('The database of {0}', owner.name), span: placeOf(owner) }],
      };
    }
  },
};
