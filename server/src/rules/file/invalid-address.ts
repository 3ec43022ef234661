import type { Rule } from '../rule.ts';
import { problemReports } from './format-problems.ts';

export const invalidAddress: Rule = {
  code: 'invalid-address',
  severity: 'error',
  summary: 'Text that is not an IP address or a network.',
  reason: 'Without a valid address a firewall rule cannot be matched to the machine.',
  explanation: `An address is IPv4 (\`10.10.0.10\`) or IPv6 (\`2001:db8::10\`). A network has a prefix length behind it (\`10.10.0.0/16\`); a plain address counts as a network of one. Numbers with leading zeros are refused, because systems read them differently. Without a valid address a firewall rule cannot be matched to the machine.`,
  source: { document: 'format', section: 'values' },
  bad: [
    {
      title: 'A number above 255',
      text: `configmgr: 2017-09
servers:
  dc01:
    addresses: [10.10.0.256]
    roles:
      domain-controller:
`,
    },
    {
      title: 'A network where one address belongs',
      text: `configmgr: 2017-09
servers:
  dc01:
    addresses: 10.10.0.0/16
    roles:
      domain-controller:
`,
    },
  ],
  good: [
    {
      title: 'IPv4 and IPv6',
      text: `configmgr: 2017-09
servers:
  dc01:
    addresses: [10.10.0.10, "2001:db8::10"]
    roles:
      domain-controller:
`,
    },
  ],
  check: (context) => problemReports(context, 'invalid-address'),
};
