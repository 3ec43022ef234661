import { editionsBetween } from '../../catalog/editions.ts';
import { PORTS } from '../../catalog/numbers.ts';
import { addToList } from '../../edits/option-edits.ts';
import { t } from '../../l10n.ts';
import { instancePort, serviceBrokerPort } from '../../topology/effective.ts';
import type { AvailabilityGroup } from '../../topology/model.ts';
import { isRead, keyCertainty } from '../certainty.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { listed, within } from '../words.ts';
import { commonest, replicasOf } from './sql-availability-group-ports.ts';

const SMB = PORTS.smb;
const ENDPOINT_MAPPER = PORTS.endpointMapper;

function* checkGroup(group: AvailabilityGroup, context: RuleContext): Iterable<Report> {
  const { loadBalancer, loadBalancerPorts, loadBalancerPortsSpan } = group;
  if (!loadBalancer || !isRead(context, group)) return;
  if (keyCertainty(context, group, 'loadBalancerPorts', loadBalancerPortsSpan) === 'unknown') return;
  const instances = replicasOf(group, context.topology).map(({ instance }) => instance);
  if (instances.length === 0) return;
  // Replicas that differ are another rule's matter; here the port of most of them counts.
  const sql = commonest(instances.flatMap((instance) => instancePort(instance) ?? []));
  const broker = commonest(instances.map(serviceBrokerPort));
  const needed = [
    { port: sql, what: 'SQL Server' },
    { port: broker, what: 'Service Broker' },
    { port: SMB, what: 'SMB' },
    { port: ENDPOINT_MAPPER, what: t('RPC endpoint mapper') },
  ];
  const missing = needed.flatMap(({ port, what }) =>
    port === undefined || loadBalancerPorts.some(({ value }) => within(port, value)) ? [] : [{ port, what }],
  );
  if (missing.length === 0) return;
  const ports = missing.map(({ port }) => port);
  yield {
    span: loadBalancerPortsSpan ?? loadBalancer.span,
    message: t(
      ports.length > 1
        ? 'The load balancer of availability group {0} has no rule for TCP {1}: add them to loadBalancerPorts'
        : 'The load balancer of availability group {0} has no rule for TCP {1}: add it to loadBalancerPorts',
      group.name,
      listed(missing.map(({ port, what }) => `${port} (${what})`)),
    ),
    fixes: [
      {
        title: t('Add {0} to loadBalancerPorts', listed(ports)),
        safe: false,
        edits: addToList(context.tree, group, 'loadBalancerPorts', ports.map(String)),
      },
    ],
  };
}

const file = (ports: string) => `configmgr: 2025-12
servers:
  sql01:
    roles:
      sql-server:
        instances:
          CM: { port: 1435 }
  sql02:
    roles:
      sql-server:
        instances:
          CM: { port: 1435 }
availabilityGroups:
  AG1:
    loadBalancer: azure-internal
    listener: { name: cmdb, addresses: [10.99.0.9] }
    replicas:
      - { server: sql01, instance: CM }
      - { server: sql02, instance: CM }
${ports}`;

export const sqlLoadBalancer: Rule = {
  code: 'sql-load-balancer',
  severity: 'warning',
  summary: 'The Azure load balancer in front of an availability group lacks a port that the site needs.',
  reason:
    'An Azure load balancer passes on only the ports that have a rule, so the site does not reach its database on the missing ones.',
  explanation: `An Azure load balancer passes on only the ports that have a load-balancing rule. In front of an availability group with a site database these are the port of SQL Server (1433, or the one that the replicas share), Service Broker (4022, or the replicas' own), SMB (445) and the RPC endpoint mapper (135). The last two are needed by setup and by updates; the first two always.

The documents differ: the port list asks for all four, the page on availability groups leaves SMB out. This rule follows the port list.`,
  source: { document: 'ports', section: 'BKMK_SQLPorts', editions: editionsBetween('2017-03', '2020-06') },
  moreSources: [
    {
      document: 'ports',
      section: 'connections-to-sql-server',
      editions: editionsBetween('2025-12', undefined),
    },
    { document: 'sql-server-alwayson', section: 'replica-member-location' },
  ],
  bad: [
    {
      title: 'SMB and the endpoint mapper are missing',
      text: file('    loadBalancerPorts: [1435, 4022]\n'),
    },
    { title: 'No ports at all', text: file('') },
  ],
  good: [{ title: 'All four ports', text: file('    loadBalancerPorts: [1435, 4022, 445, 135]\n') }],
  *check(context) {
    const groups = [...context.topology.availabilityGroups.values()];
    yield* groups.flatMap((group) => [...checkGroup(group, context)]);
  },
};
