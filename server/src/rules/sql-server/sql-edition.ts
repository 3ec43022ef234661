import { marked, t, translated } from '../../l10n.ts';
import { databasesOf } from '../../topology/effective.ts';
import { knownTypeOf } from '../hierarchy/hierarchy.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';

const TYPES = {
  primary: marked('primary site'),
  'central-administration': marked('central administration site'),
} as const;

function* check(context: RuleContext): Iterable<Report> {
  const { topology } = context;
  for (const site of topology.sites.values()) {
    const type = knownTypeOf(site, context);
    if (!type || type === 'secondary') continue;
    for (const { instance } of databasesOf(site, topology)) {
      if (instance?.edition?.value !== 'express') continue;
      yield {
        span: instance.edition.span,
        message: t(
          'Instance {0} on {1} is SQL Server Express and has the database of {2} {3}: use Standard or Enterprise; Express is for secondary sites only',
          instance.name,
          instance.server.name,
          translated(TYPES[type]),
          site.name,
        ),
        related: [
          {
            message: t('The database of {0}', site.name),
            span: site.database?.instance?.span ?? site.database?.span ?? site.key.span,
          },
        ],
      };
    }
  }
}

const file = (edition: string) => `configmgr: 2017-09
sites:
  PS1: { type: primary, database: { server: cm01, instance: CM } }
servers:
  cm01:
    site: PS1
    os: windows-server-2016
    rpcDynamicPorts: 49152-65535
    roles:
      site-server:
      sms-provider:
      sql-server:
        instances:
          CM: { port: 1435, edition: ${edition} }
`;

export const sqlEdition: Rule = {
  code: 'sql-edition',
  severity: 'error',
  summary: 'SQL Server Express has the database of a primary or central administration site.',
  reason: 'SQL Server Express is supported for secondary sites only.',
  explanation: `Central administration sites and primary sites need a full installation of SQL Server. Express has limits on memory, processors and the size of a database that such a site soon reaches. It is supported for secondary sites only.`,
  source: { document: 'support-for-sql-server-versions', section: 'bkmk_Instances' },
  bad: [{ title: 'Express at a primary site', text: file('express') }],
  good: [{ title: 'Standard at a primary site', text: file('standard') }],
  *check(context) {
    yield* check(context);
  },
};
