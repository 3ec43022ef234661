import { insertKey } from '../../edits/map-edits.ts';
import { t } from '../../l10n.ts';
import { snippetText } from '../../print/escape.ts';
import { instancePort } from '../../topology/effective.ts';
import type { AvailabilityGroup } from '../../topology/model.ts';
import { keyCertainty } from '../certainty.ts';
import type { Fix, Report, Rule, RuleContext } from '../rule.ts';
import { commonest, replicasOf } from './sql-availability-group-ports.ts';

/** A listener with tab stops for what the file cannot know, on the port of the replicas where they have one. */
function insertListener(group: AvailabilityGroup, { tree, topology }: RuleContext): readonly Fix[] {
  if (!group.node) return [];
  const ports = replicasOf(group, topology).flatMap(({ instance }) => instancePort(instance) ?? []);
  const port = commonest(ports);
  const stops = [`name: \${1:${snippetText(`${group.id}-listener`)}}`, `addresses: [\${2:192.0.2.10}]`];
  if (port !== undefined) stops.push(`port: ${port}`);
  const edit = insertKey(tree, { map: group.node }, 'listener', `{ ${stops.join(', ')} \\}`, {
    snippet: true,
  });
  return edit ? [{ title: t('Insert {0}', 'listener'), safe: false, edits: [edit] }] : [];
}

const file = (listener: string) => `configmgr: 2025-12
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
          CM: { port: 1435, edition: enterprise }
availabilityGroups:
  AG1:
${listener}    replicas:
      - { server: sql01, instance: CM }
      - { server: sql02, instance: CM }
`;

export const sqlAvailabilityGroupListener: Rule = {
  code: 'sql-availability-group-listener',
  severity: 'information',
  summary: 'An availability group has no listener.',
  reason:
    'The site reaches its database by the listener, whose addresses are not those of the replicas, so rules by address miss it.',
  explanation: `The site connects to its database by the name of the availability group's listener, at addresses that are not those of the replicas. Without a \`listener\` in the file, flows, exports and firewall rules know the replicas alone, and a rule that names servers by address does not let the site reach its database.`,
  source: { document: 'sql-server-alwayson', section: 'listener' },
  bad: [{ title: 'Replicas alone', text: file('') }],
  good: [
    {
      title: 'A listener with its address',
      text: file('    listener: { name: cmdb, addresses: [10.0.0.9], port: 1435 }\n'),
    },
  ],
  *check(context): Iterable<Report> {
    for (const group of context.topology.availabilityGroups.values()) {
      if (!group.node || keyCertainty(context, group, 'listener', group.listener) !== 'absent') continue;
      yield {
        span: group.key.span,
        message: t(
          'Availability group {0} has no listener: without it no firewall rule by address can name what the site connects to. Add listener: {1}',
          group.name,
          '{ name, addresses, port }',
        ),
        fixes: insertListener(group, context),
      };
    }
  },
};
