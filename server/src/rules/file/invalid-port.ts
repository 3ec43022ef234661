import type { Rule } from '../rule.ts';
import { problemReports } from './format-problems.ts';

export const invalidPort: Rule = {
  code: 'invalid-port',
  severity: 'error',
  summary:
    'A port outside 1 to 65535, or a range whose higher end comes first or that is not written as `A-B`.',
  reason: 'A port that cannot exist opens nothing and is left out of every check.',
  explanation: `TCP and UDP ports go from 1 to 65535. A range is written with a hyphen, \`49152-65535\`, has its low end first and includes both ends. One that is typed with a long dash, with blanks, dots or a colon, in full-width digits or as a list of its ends is understood and reported, and the fix rewrites it in the right form. A port that cannot exist opens nothing and is left out of every check.`,
  source: { document: 'format', section: 'values' },
  bad: [
    {
      title: 'Too high',
      text: `configmgr: 2017-09
servers:
  wsus01:
    roles:
      wsus-server: { httpPort: 85300 }
`,
    },
    {
      title: 'The high end first',
      text: `configmgr: 2017-09
defaults:
  rpcDynamicPorts: 65535-49152
`,
    },
    {
      title: 'A long dash copied from a document',
      text: `configmgr: 2017-09
defaults:
  rpcDynamicPorts: 49152–65535
`,
    },
    {
      title: 'The two ends as a list',
      text: `configmgr: 2017-09
defaults:
  rpcDynamicPorts: [49152, 65535]
`,
    },
  ],
  good: [
    {
      title: 'A port and a range',
      text: `configmgr: 2017-09
defaults:
  rpcDynamicPorts: 49152-65535
servers:
  wsus01:
    roles:
      wsus-server: { httpPort: 8530 }
`,
    },
  ],
  check: (context) => problemReports(context, 'invalid-port'),
};
