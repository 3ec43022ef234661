import { editionsBetween } from '../../catalog/editions.ts';
import { removeKey, setKey } from '../../edits/option-edits.ts';
import { t } from '../../l10n.ts';
import { nearWords } from '../../text/near.ts';
import { ownPair } from '../../text/values.ts';
import { DEFAULT_INSTANCE, instancePort, rolesNamed } from '../../topology/effective.ts';
import type { SqlInstance } from '../../topology/model.ts';
import { keyCertainty } from '../certainty.ts';
import { isFreeFor, takenIn } from '../firewalls/listening-services.ts';
import { type ListeningPort, nextFreePort } from '../listeners.ts';
import type { Fix, Report, Rule, RuleContext } from '../rule.ts';

/** A site asks for the server's default instance, which is not there, but one of nearly that name. */
function isMisspeltDefault({ name, server }: SqlInstance, { topology }: RuleContext): boolean {
  return (
    nearWords(name, [DEFAULT_INSTANCE]).length > 0 &&
    topology.references.some(
      (reference) =>
        reference.to.includes('instance') &&
        reference.target === undefined &&
        reference.name.toUpperCase() === DEFAULT_INSTANCE &&
        reference.server?.toLowerCase() === server.id,
    )
  );
}

function* checkInstance(
  instance: SqlInstance,
  context: RuleContext,
  taken: () => readonly Pick<ListeningPort, 'port'>[],
): Iterable<Report> {
  const { server, node, port, dynamicPorts } = instance;
  const named = instance.name.toUpperCase() !== DEFAULT_INSTANCE;
  const dynamic = dynamicPorts?.value === true;
  // A default instance listens on 1433 unless told otherwise; a port that could not be read is no missing port.
  const damaged = !dynamic && (server.damaged || instance.damaged);
  const needsPort = (named || dynamic) && keyCertainty(context, { node, damaged }, 'port', port) === 'absent';
  if (!dynamic && !needsPort) return;
  if (!dynamic && isMisspeltDefault(instance, context)) return;

  const fixes: Fix[] = [];
  const dynamicPair = ownPair(node, 'dynamicPorts');
  if (needsPort) {
    const used = server.instances.flatMap((other) => instancePort(other) ?? []);
    const free = nextFreePort(server, context, taken(), used);
    if (free !== undefined && dynamic && dynamicPair) {
      const edits = [{ span: dynamicPair.span, newText: `port: ${free}` }];
      fixes.push({ title: t('Set port to {0} instead of dynamicPorts', free), safe: false, edits });
    } else if (free !== undefined && !dynamic) {
      const edits = setKey(context.tree, instance, 'port', String(free));
      fixes.push({ title: t('Set port to {0}', free), safe: false, edits });
    }
  } else if (dynamicPair) {
    const edits = removeKey(context.tree, node, 'dynamicPorts');
    // The port that is written comes into use by it.
    if (!port || isFreeFor({ instance, key: 'port', port: port.value }, context))
      fixes.push({ title: t('Remove dynamicPorts'), safe: false, edits });
  }
  const who = t('SQL Server instance {0} on {1}', instance.name, server.name);
  yield {
    span: dynamic && dynamicPorts ? dynamicPorts.span : instance.key.span,
    message: !dynamic
      ? t(
          '{0} is a named instance and has no port: give it a fixed one, because Configuration Manager does not support dynamic ports',
          who,
        )
      : t(
          port
            ? '{0} picks its port at every start (dynamicPorts: true), which Configuration Manager does not support: remove dynamicPorts, so that port {1} stays'
            : '{0} picks its port at every start (dynamicPorts: true), which Configuration Manager does not support: give it a fixed port instead',
          who,
          port?.value ?? '',
        ),
    fixes,
  };
}

export const sqlStaticPort: Rule = {
  code: 'sql-static-port',
  severity: 'error',
  summary: 'A named SQL Server instance has no fixed port.',
  reason:
    'Without a fixed port a named instance may pick another one at each start, which is not supported and which no firewall rule can follow.',
  explanation: `Unless it has a static port, a named instance of SQL Server chooses a port when it starts, which can be a different one each time. Configuration Manager does not support that: its roles are configured with one port, and no firewall rule can follow a port that changes.

Set a port in SQL Server Configuration Manager (TCP/IP, IPAll: empty TCP Dynamic Ports, fill TCP Port) and write it here. The default instance has 1433 unless somebody changed it, and needs no \`port\`; with \`dynamicPorts: true\` it is reported as well.`,
  source: { document: 'support-for-sql-server-versions', section: 'sql-server-ports' },
  moreSources: [
    { document: 'ports', section: 'BKMK_SQLPorts', editions: editionsBetween('2017-03', '2020-06') },
    {
      document: 'ports',
      section: 'connections-to-sql-server',
      editions: editionsBetween('2025-12', undefined),
    },
  ],
  bad: [
    {
      title: 'A named instance without a port',
      text: `configmgr: 2017-09
servers:
  sql01:
    roles:
      sql-server:
        instances:
          MSSQLSERVER: { serviceBrokerPort: 4022 }
          CM: { serviceBrokerPort: 4023 } # for the site database
`,
    },
    {
      title: 'A port picked at start',
      text: `configmgr: 2017-09
servers:
  sql01:
    roles:
      sql-server:
        instances:
          CM:
            dynamicPorts: true
            serviceBrokerPort: 4022
`,
    },
  ],
  good: [
    {
      title: 'A fixed port; the default instance needs none',
      text: `configmgr: 2017-09
servers:
  sql01:
    roles:
      sql-server:
        instances:
          MSSQLSERVER:
          CM: { port: 1435, serviceBrokerPort: 4023 }
`,
    },
  ],
  *check(context) {
    const taken = takenIn(context);
    for (const { server } of rolesNamed('sql-server', context.topology)) {
      const reports = server.instances.flatMap((instance) => [
        ...checkInstance(instance, context, () => taken(server)),
      ]);
      yield* reports;
    }
  },
};
