import { removePair } from '../../edits/map-edits.ts';
import { t } from '../../l10n.ts';
import { lostNames } from '../lost-text.ts';
import type { Rule } from '../rule.ts';
import { sectionMap } from '../sections.ts';

export const unusedDefinition: Rule = {
  code: 'unused-definition',
  severity: 'hint',
  summary: 'A zone that nothing uses.',
  reason: 'A zone that nothing uses changes nothing, and often a machine was meant to stand in it.',
  explanation: `No server, client group, default or firewall names this zone, so it changes nothing. Often a machine was meant to stand in it, or it was left behind when the last one moved. The zone marked \`internet\` is always in use, because cloud services are there.`,
  source: { document: 'format', section: 'zonesname' },
  bad: [
    {
      title: 'Nobody is in the branch',
      text: `configmgr: 2017-09
zones:
  hq: { networks: [10.10.0.0/16] }
  branch: { networks: [10.20.0.0/16] }
servers:
  dc01:
    zone: hq
    addresses: [10.10.0.10]
    roles:
      domain-controller:
`,
    },
  ],
  good: [
    {
      title: 'Every zone has a machine or is the internet',
      text: `configmgr: 2017-09
zones:
  hq: { networks: [10.10.0.0/16] }
  internet: { internet: true }
servers:
  dc01:
    zone: hq
    addresses: [10.10.0.10]
    roles:
      domain-controller:
`,
    },
  ],
  *check(context) {
    const { tree, topology } = context;
    const used = new Set(topology.references.map(({ target }) => target));
    const isLost = lostNames(context);
    const zones = sectionMap(tree, 'zones');
    for (const zone of topology.zones.values()) {
      if (used.has(zone) || zone.internet || zone.damaged || isLost(zone.name)) continue;
      const pair = zones?.pairs.find(({ key }) => key === zone.key);
      const edit = zones && pair && removePair(tree, zones, pair);
      yield {
        span: zone.key.span,
        message: t('Nothing uses the zone {0}; put a machine or a firewall in it, or remove it', zone.name),
        unnecessary: true,
        fixes: edit ? [{ title: t('Remove the zone {0}', zone.name), safe: false, edits: [edit] }] : [],
      };
    }
  },
};
