import { setKey } from '../../edits/option-edits.ts';
import { marked, t, translated } from '../../l10n.ts';
import {
  DEFAULT_INSTANCE,
  instanceOf,
  instancePort,
  lookup,
  serviceBrokerPort,
} from '../../topology/effective.ts';
import type { AvailabilityGroup, Replica, SqlInstance, Topology } from '../../topology/model.ts';
import { keyCertainty } from '../certainty.ts';
import { isFreeFor } from '../firewalls/listening-services.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { listed } from '../words.ts';

const KINDS = [
  { key: 'port', name: marked('port'), portOf: instancePort },
  { key: 'serviceBrokerPort', name: marked('Service Broker port'), portOf: serviceBrokerPort },
] as const;

/** The replicas whose instance is in the file. */
export function replicasOf(
  group: AvailabilityGroup,
  topology: Topology,
): readonly { readonly replica: Replica; readonly instance: SqlInstance }[] {
  return group.replicas.flatMap((replica) => {
    const server = replica.server && lookup(topology.servers, replica.server.value);
    const instance = server && instanceOf(server, replica.instance?.value ?? DEFAULT_INSTANCE);
    return instance ? [{ replica, instance }] : [];
  });
}

/** The number that most have; of two as frequent, the first. */
export function commonest(numbers: readonly number[]): number | undefined {
  const counts = new Map<number, number>();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  return [...counts].reduce<[number, number] | undefined>(
    (best, next) => (best && best[1] >= next[1] ? best : next),
    undefined,
  )?.[0];
}

function* checkGroup(group: AvailabilityGroup, context: RuleContext): Iterable<Report> {
  const replicas = replicasOf(group, context.topology);
  for (const { key, name, portOf } of KINDS) {
    const ports = replicas.flatMap(({ replica, instance }) => {
      const port = portOf(instance);
      const isUnread = keyCertainty(context, instance, key, instance[key]) === 'unknown';
      return port === undefined || isUnread ? [] : [{ replica, instance, port }];
    });
    const common = commonest(ports.map(({ port }) => port));
    const kept = ports.find(({ port }) => port === common);
    if (common === undefined || !kept) continue;
    for (const { replica, instance, port } of ports) {
      if (port === common) continue;
      const others = ports.filter((each) => each.port === common);
      yield {
        span: instance[key]?.span ?? replica.span,
        message: t(
          others.length > 1
            ? 'The replicas of availability group {0} have different {1}s: instance {2} on {3} has {4}, {5} have {6}. Give all the same'
            : 'The replicas of availability group {0} have different {1}s: instance {2} on {3} has {4}, {5} has {6}. Give all the same',
          group.name,
          translated(name),
          instance.name,
          instance.server.name,
          port,
          listed(others.map((each) => each.instance.server.name)),
          common,
        ),
        related: [
          {
            message: t('{0} {1} on {2}', translated(name), common, kept.instance.server.name),
            span: kept.instance[key]?.span ?? kept.instance.key.span,
          },
        ],
        fixes: () =>
          // What has the port there needs another one first.
          isFreeFor({ instance, key, port: common }, context)
            ? [
                {
                  title: t('Set {0} of {1} on {2} to {3}', key, instance.name, instance.server.name, common),
                  safe: false,
                  edits: setKey(context.tree, instance, key, String(common)),
                },
              ]
            : [],
      };
    }
  }
}

const file = (port: number) => `configmgr: 2025-12
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
          CM: { port: ${port} }
availabilityGroups:
  AG1:
    listener: { name: cmdb, addresses: [10.99.0.9] }
    replicas:
      - { server: sql01, instance: CM }
      - { server: sql02, instance: CM }
`;

export const sqlAvailabilityGroupPorts: Rule = {
  code: 'sql-availability-group-ports',
  severity: 'error',
  summary: 'The replicas of an availability group listen on different ports.',
  reason:
    'The site calls the group on one port, so it loses its database when it fails over to a replica with another one.',
  explanation: `The site connects to the availability group by one name and one port, whichever replica answers. Where the replicas differ, the site loses its database at the first failover. Custom ports are allowed, for SQL Server and for Service Broker, but the same on every replica.

The finding is at the replica that differs from most of the others.`,
  source: { document: 'sql-server-alwayson', section: 'replica-member-location' },
  bad: [{ title: 'The second replica has another port', text: file(1436) }],
  good: [{ title: 'Both replicas on 1435', text: file(1435) }],
  *check(context) {
    const groups = [...context.topology.availabilityGroups.values()];
    yield* groups.flatMap((group) => [...checkGroup(group, context)]);
  },
};
