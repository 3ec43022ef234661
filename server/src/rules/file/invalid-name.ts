import type { Rule } from '../rule.ts';
import { problemReports } from './format-problems.ts';

export const invalidName: Rule = {
  code: 'invalid-name',
  severity: 'error',
  summary: 'A name with characters that are not allowed, or one that is already in use.',
  reason: 'Firewall rules and references find things by their names, so each name has to be unique.',
  explanation: `A name has letters, digits, \`-\`, \`_\` and \`.\`, at most 63 of them. Names are not case-sensitive, so \`SQL01\` and \`sql01\` are one name. Zones, servers and client groups share their names, because a firewall rule may name any of them; for the same reason none of them may be called \`any\`, like a word of the format, or look like an address.`,
  source: { document: 'format', section: 'values' },
  bad: [
    {
      title: 'A space in a name',
      text: `configmgr: 2017-09
servers:
  domain controller 1:
    roles:
      domain-controller:
`,
    },
    {
      title: 'Two names that differ only in case',
      text: `configmgr: 2017-09
servers:
  dc01:
    roles:
      domain-controller:
  DC01:
    roles:
      dns-server:
`,
    },
    {
      title: 'A server with the name of a zone',
      text: `configmgr: 2017-09
zones:
  internet: { internet: true }
servers:
  internet:
    roles:
      dns-server:
`,
    },
  ],
  good: [
    {
      title: 'Names of their own',
      text: `configmgr: 2017-09
zones:
  internet: { internet: true }
servers:
  dc-01.corp:
    roles:
      domain-controller:
`,
    },
  ],
  check: (context) => problemReports(context, 'invalid-name'),
};
