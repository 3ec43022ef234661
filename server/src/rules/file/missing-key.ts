import type { Rule } from '../rule.ts';
import { problemReports } from './format-problems.ts';

export const missingKey: Rule = {
  code: 'missing-key',
  severity: 'error',
  summary: 'A required key is missing.',
  reason: 'Without this key the entry means nothing, and the checks that need it cannot run.',
  explanation: `Without these keys the checker cannot know what the entry is: the edition of the catalog, the type of a site, the parent of a secondary site, the site of a client group, the zones of a firewall, what a firewall rule does and for whom. Nothing is guessed in their place.

\`configmgr\` may be left out where \`.cmtopo.yaml\` gives \`edition\`. The other keys have defaults; the [format](../topology-format.md) lists them.`,
  source: { document: 'format', section: 'top-level' },
  bad: [
    {
      title: 'A client group without its site',
      text: `configmgr: 2017-09
clients:
  desktops: { count: 100 }
`,
    },
    {
      title: 'A firewall rule that does not say what it does',
      text: `configmgr: 2017-09
zones:
  hq: { networks: [10.10.0.0/16] }
  dmz: { networks: [192.0.2.0/24] }
firewalls:
  edge:
    zones: [hq, dmz]
    rules:
      - from: hq
        to: dmz
`,
    },
    {
      title: 'A file without an edition',
      text: `name: Contoso
description: The whole company
`,
    },
  ],
  good: [
    {
      title: 'Just the edition',
      text: `configmgr: 2017-09
name: Contoso
`,
    },
    {
      title: 'A firewall that denies everything',
      text: `configmgr: 2017-09
zones:
  hq: { networks: [10.10.0.0/16] }
  dmz: { networks: [192.0.2.0/24] }
firewalls:
  edge:
    zones: [hq, dmz]
    rules:
      - { action: deny, from: any, to: any }
`,
    },
  ],
  severalAtOnePlace: true,
  check: (context) => problemReports(context, 'missing-key'),
};
