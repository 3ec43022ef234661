import type { Rule } from '../rule.ts';
import { problemReports } from './format-problems.ts';

export const unknownKey: Rule = {
  code: 'unknown-key',
  severity: 'error',
  summary: 'A key or role that the format does not have.',
  reason: 'Nothing reads a key that the format does not have, so what it was meant to set keeps its default.',
  explanation: `Nothing reads a key that the format does not know, so a misspelt one has no effect: a port that someone believes set keeps its default, a misspelt role opens no connection. Look the key up in the [format](../topology-format.md), or use the fix that is offered.

Common names for roles and keys are understood: \`mp\`, \`dp\`, \`sup\`, \`scp\`, \`site server\`, \`ip\`. Where such a word, or a misspelt one, has one meaning at its place inside an entry and its value fits, the change is among the safe ones; where it has two (\`wsus\`), or names a section of the file, it is only offered.`,
  source: { document: 'format', section: 'top-level' },
  bad: [
    {
      title: 'A misspelt option',
      text: `configmgr: 2017-09
servers:
  wsus01:
    roles:
      wsus-server: { htpPort: 8530 }
`,
    },
    {
      title: 'A misspelt role',
      text: `configmgr: 2017-09
servers:
  dc01:
    roles:
      domain-controler:
`,
    },
    {
      title: 'A common name for a role',
      text: `configmgr: 2017-09
servers:
  dc01:
    roles:
      dc:
`,
    },
  ],
  good: [
    {
      title: 'Keys and roles of the format',
      text: `configmgr: 2017-09
servers:
  wsus01:
    description: Upstream
    roles:
      wsus-server: { httpPort: 8530, httpsPort: 8531 }
`,
    },
  ],
  check: (context) => problemReports(context, 'unknown-key'),
};
