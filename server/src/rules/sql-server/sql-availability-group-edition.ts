import { setKey } from '../../edits/option-edits.ts';
import { t } from '../../l10n.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { replicasOf } from './sql-availability-group-ports.ts';

function* check(context: RuleContext): Iterable<Report> {
  const { topology, tree } = context;
  for (const group of topology.availabilityGroups.values()) {
    for (const { replica, instance } of replicasOf(group, topology)) {
      const { edition } = instance;
      if (edition === undefined || edition.value === 'enterprise') continue;
      yield {
        span: edition.span,
        message: t(
          'Instance {0} on {1} is SQL Server {2} and a replica of availability group {3}: a site database in an availability group needs Enterprise',
          instance.name,
          instance.server.name,
          edition.value,
          group.name,
        ),
        related: [{ message: t('Replica of {0}', group.name), span: replica.span }],
        fixes: [
          {
            title: t(
              'Set {0} of {1} on {2} to {3}',
              'edition',
              instance.name,
              instance.server.name,
              'enterprise',
            ),
            safe: false,
            edits: setKey(tree, instance, 'edition', 'enterprise'),
          },
        ],
      };
    }
  }
}

const file = (edition: string) => `configmgr: 2025-12
servers:
  sql01:
    roles:
      sql-server:
        instances:
          CM: { port: 1435, edition: enterprise }
  sql02:
    roles:
      sql-server:
        instances:
          CM: { port: 1435, edition: ${edition} }
availabilityGroups:
  AG1:
    listener: { name: cmdb, addresses: [10.0.0.9], port: 1435 }
    replicas:
      - { server: sql01, instance: CM }
      - { server: sql02, instance: CM }
`;

export const sqlAvailabilityGroupEdition: Rule = {
  code: 'sql-availability-group-edition',
  severity: 'error',
  summary: 'A replica of an availability group is not SQL Server Enterprise.',
  reason:
    'The basic availability groups of other editions give no read access to secondary replicas, which the site needs.',
  explanation: `A site database in an availability group needs SQL Server Enterprise at every replica. SQL Server Standard has basic availability groups only, which give no read access to secondary replicas, and Configuration Manager needs that access.

An instance that does not say its \`edition\` is not judged.`,
  source: { document: 'sql-server-alwayson', section: 'edition' },
  moreSources: [
    { document: 'sql-server-alwayson', section: 'unsupported-sql-server-options-and-configurations' },
  ],
  bad: [{ title: 'A replica with the Standard edition', text: file('standard') }],
  good: [{ title: 'Enterprise at both replicas', text: file('enterprise') }],
  check,
};
