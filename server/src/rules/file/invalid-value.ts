import type { Rule } from '../rule.ts';
import { problemReports } from './format-problems.ts';

export const invalidValue: Rule = {
  code: 'invalid-value',
  severity: 'error',
  summary: 'A value that its key does not allow.',
  reason: 'A value that the key does not allow has no effect.',
  explanation: `The key allows only certain words, and this is not one of them; or a number, a date or the length of a list is outside the allowed range. The value has no effect.`,
  source: { document: 'format', section: 'values' },
  bad: [
    {
      title: 'A word that the key does not allow',
      text: `configmgr: 2017-09
servers:
  sql01:
    roles:
      sql-server:
        instances:
          CM: { port: 50001, edition: standart }
`,
    },
    {
      title: 'A firewall with one zone',
      text: `configmgr: 2017-09
zones:
  hq: { networks: [10.10.0.0/16] }
firewalls:
  edge: { zones: [hq] }
`,
    },
  ],
  good: [
    {
      title: 'Words of the key',
      text: `configmgr: 2017-09
servers:
  sql01:
    os: windows-server-2016
    roles:
      sql-server:
        instances:
          CM: { port: 50001, edition: standard }
`,
    },
  ],
  check: (context) => problemReports(context, 'invalid-value'),
};
