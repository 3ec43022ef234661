import type { Rule } from '../rule.ts';
import { problemReports } from './format-problems.ts';

export const wrongType: Rule = {
  code: 'wrong-type',
  severity: 'error',
  summary: 'A value of the wrong type for its key.',
  reason: 'A value of another type cannot be read, so what it was meant to set is unknown.',
  explanation: `A map instead of a list, text instead of a port: such a value cannot be read, and what it was meant to set is unknown. Rules that depend on it stay silent.

A port and a number are written without quotes, a range such as \`49152-65535\` with or without them. A boolean is \`true\` or \`false\`; \`yes\` and \`on\` are text in YAML 1.2.`,
  source: { document: 'format', section: 'values' },
  bad: [
    {
      title: 'A port in quotes',
      text: `configmgr: 2017-09
servers:
  wsus01:
    roles:
      wsus-server: { httpPort: "8530", httpsPort: 8531 }
`,
    },
    {
      title: 'Roles as a list',
      text: `configmgr: 2017-09
servers:
  dc01:
    roles: [domain-controller, dns-server]
`,
    },
    {
      title: 'A boolean that YAML 1.2 does not have',
      text: `configmgr: 2017-09
servers:
  dc01:
    roles:
      domain-controller: { globalCatalog: yes }
`,
    },
  ],
  good: [
    {
      title: 'Ports, ranges and roles',
      text: `configmgr: 2017-09
defaults:
  rpcDynamicPorts: "49152-65535"
servers:
  dc01:
    roles:
      domain-controller: { globalCatalog: true }
      dns-server:
      wsus-server: { httpPort: 8530 }
`,
    },
  ],
  check: (context) => problemReports(context, 'wrong-type'),
};
