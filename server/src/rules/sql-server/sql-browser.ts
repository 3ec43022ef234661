import { editionsBetween } from '../../catalog/editions.ts';
import { isOwn } from '../../edits/map-edits.ts';
import { removeKey } from '../../edits/option-edits.ts';
import { t } from '../../l10n.ts';
import { rolesNamed } from '../../topology/effective.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';

/** The editions whose port list says that SQL Server Browser is not needed. */
const NOT_NEEDED = editionsBetween('2017-03', '2020-06');

function* check({ tree, topology }: RuleContext): Iterable<Report> {
  const { edition } = topology;
  if (!edition || !NOT_NEEDED.includes(edition)) return;
  for (const role of rolesNamed('sql-server', topology)) {
    const browser = role.values.get('browser');
    if (browser?.value !== true) continue;
    yield {
      span: browser.span,
      message: t(
        'Configuration Manager {0} does not need SQL Server Browser on {1}: remove browser: true, and close UDP 1434 if nothing else needs it',
        edition,
        role.server.name,
      ),
      fixes: isOwn(tree, role.options, 'browser')
        ? [{ title: t('Remove browser'), safe: false, edits: removeKey(tree, role.options, 'browser') }]
        : [],
    };
  }
}

export const sqlBrowser: Rule = {
  code: 'sql-browser',
  severity: 'information',
  summary: 'SQL Server Browser runs although this edition does not need it.',
  reason:
    'In this edition, no role asks SQL Server Browser for a port, so the service is an unnecessary open port.',
  explanation: `The port lists from 2017 to 2020 say that Configuration Manager does not use SQL Server Browser (UDP 1434): every role is configured with the port of the instance. A service that is not used is an unnecessary open port.

The documents changed later (see below), so this rule applies only to the editions from 2017-03 to 2020-06. The 2007 list does not mention Browser at all.`,
  source: {
    document: 'ports',
    section: 'BKMK_PortsSQL-SQL',
    editions: editionsBetween('2017-03', '2020-06'),
  },
  moreSources: [
    { document: 'ports', section: 'BKMK_PortsSQL-SQL', editions: editionsBetween('2025-12', undefined) },
  ],
  bad: [
    {
      title: 'SQL Server Browser in 2017-09',
      text: `configmgr: 2017-09
servers:
  sql01:
    roles:
      sql-server:
        browser: true
        instances:
          CM: { port: 1435 }
`,
    },
  ],
  good: [
    {
      title: 'The same file in 2025-12',
      text: `configmgr: 2025-12
servers:
  sql01:
    roles:
      sql-server:
        browser: true
        instances:
          CM: { port: 1435 }
`,
    },
  ],
  *check(context) {
    yield* check(context);
  },
};
