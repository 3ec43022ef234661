import { removePair } from '../../edits/map-edits.ts';
import { t } from '../../l10n.ts';
import { indexOfKey } from '../../text/values.ts';
import type { Named, Reference, Topology } from '../../topology/model.ts';
import { isAmong } from '../../topology/read.ts';
import { nameCertainty } from '../certainty.ts';
import type { Rule } from '../rule.ts';
import { sectionMap } from '../sections.ts';

/** For a thing one place that names it: for as long as that is there and does, nobody has to look for another. */
const uses = new WeakMap<Named, Reference>();

/** Those of some things that no reference leads to. */
function unusedAmong(things: readonly Named[], references: readonly Reference[]): ReadonlySet<Named> {
  const unused = new Set(
    things.filter((thing) => {
      const known = uses.get(thing);
      return known?.target !== thing || !isAmong(known, references);
    }),
  );
  if (unused.size > 0)
    for (const reference of references) {
      const { target } = reference;
      if (target && unused.delete(target)) uses.set(target, reference);
    }
  return unused;
}

export const unusedDefinition: Rule = {
  code: 'unused-definition',
  severity: 'hint',
  summary: 'A zone, address group or port group that nothing uses.',
  reason: 'A definition that nothing uses has no effect, and often something was meant to use it.',
  explanation: `No server, client group, default or firewall names this zone, so it has no effect. Often a machine was meant to be in it, or it was left behind when the last one moved. The zone marked \`internet\` is always in use, because cloud services are there.

An address group that no firewall rule, policy or other group names, and a port group that no rule names, change nothing either.`,
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
    {
      title: 'A group of ports that no rule names',
      text: `configmgr: 2017-09
portGroups:
  smb: { tcp: 445 }
`,
    },
  ],
  good: [
    {
      title: 'Groups that a rule and another group name',
      text: `configmgr: 2017-09
zones:
  hq: { networks: [10.10.0.0/16] }
  dmz: { networks: [192.0.2.0/24] }
addressGroups:
  admins: [10.10.1.0/24]
  all-admins: [admins]
portGroups:
  remote-desktop: { tcp: 3389 }
firewalls:
  edge:
    zones: [hq, dmz]
    rules:
      - { action: deny, from: all-admins, to: dmz, ports: [remote-desktop] }
`,
    },
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
    const all = definitions(topology);
    const unused = unusedAmong(
      all.flatMap(({ of }) => of),
      topology.references,
    );
    if (unused.size === 0) return;
    const certainty = nameCertainty(context);
    const isUsed = (thing: Named) =>
      !unused.has(thing) || thing.damaged || certainty(thing.name) === 'unknown';
    for (const { section, of, message } of all) {
      const map = sectionMap(tree, section);
      for (const thing of of) {
        if (isUsed(thing)) continue;
        yield {
          span: thing.key.span,
          message: message(thing.name),
          unnecessary: true,
          fixes: () => {
            const pair = map?.pairs[indexOfKey(map, thing.key)];
            const edit = map && pair && removePair(tree, map, pair);
            return edit ? [{ title: removal(section, thing.name), safe: false, edits: [edit] }] : [];
          },
        };
      }
    }
  },
};

interface Definitions {
  readonly section: 'zones' | 'addressGroups' | 'portGroups';
  readonly of: readonly Named[];
  readonly message: (name: string) => string;
}

/** What is of no use by itself. */
function definitions({ zones, addressGroups, portGroups }: Topology): readonly Definitions[] {
  return [
    {
      section: 'zones',
      of: [...zones.values()].filter(({ internet }) => !internet),
      message: (name) =>
        t('Nothing uses the zone {0}; put a machine or a firewall in it, or remove it', name),
    },
    {
      section: 'addressGroups',
      of: [...addressGroups.values()],
      message: (name) =>
        t('Nothing uses the address group {0}; name it in a firewall rule or policy, or remove it', name),
    },
    {
      section: 'portGroups',
      of: [...portGroups.values()],
      message: (name) =>
        t("Nothing uses the port group {0}; name it in the 'ports' of a firewall rule, or remove it", name),
    },
  ];
}

function removal(section: Definitions['section'], name: string): string {
  if (section === 'zones') return t('Remove the zone {0}', name);
  return section === 'addressGroups'
    ? t('Remove the address group {0}', name)
    : t('Remove the port group {0}', name);
}
