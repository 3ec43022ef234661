import { getOrAdd } from '../../collections.ts';
import type { Endpoint } from '../../flows/flow.ts';
import { t } from '../../l10n.ts';
import { NO_PORTS } from '../../reach/ports.ts';
import type { Block } from '../../reach/reach.ts';
import { contains, parseNetwork } from '../../topology/address.ts';
import { effectiveZone } from '../../topology/effective.ts';
import type { ClientGroup, Topology, Written, Zone } from '../../topology/model.ts';
import { deniedBy } from '../firewalls/blocked-flows.ts';
import { addRules } from '../firewalls/firewall-fixes.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { listed } from '../words.ts';
import { windowsGroups } from './client-groups.ts';

const FEATURE = 'wake-up-proxy';

/** Whether the clients of a group stand in for one another. */
export function usesWakeUpProxy({ features }: ClientGroup): boolean {
  return features.some(({ value }) => value === FEATURE);
}

/** The zone that a network lies in: the one with the smallest network round it, else the group's own. */
function zoneOfNetwork(text: string, group: ClientGroup, topology: Topology): Zone | undefined {
  const network = parseNetwork(text);
  let best: { readonly zone: Zone; readonly prefix: number } | undefined;
  for (const zone of topology.zones.values()) {
    for (const { value } of zone.networks) {
      const other = parseNetwork(value);
      if (network && other && contains(other, network) && other.prefix > (best?.prefix ?? -1))
        best = { zone, prefix: other.prefix };
    }
  }
  return best?.zone ?? effectiveZone(group, topology);
}

/** The clients of a group in each zone that its networks lie in. */
export function partsOf(group: ClientGroup, topology: Topology): readonly Endpoint[] {
  const networks = new Map<Zone, Written<string>[]>();
  for (const network of group.networks) {
    const zone = zoneOfNetwork(network.value, group, topology);
    if (!zone) return [];
    getOrAdd(networks, zone, () => []).push(network);
  }
  return [...networks].map(([zone, networks]) => ({
    name: group.name,
    kind: 'clients',
    clients: { ...group, networks },
    zone: zone.id,
  }));
}

function* checkGroup(group: ClientGroup, context: RuleContext): Iterable<Report> {
  const feature = group.features.find(({ value }) => value === FEATURE);
  if (!feature) return;
  const { topology } = context;
  const parts = partsOf(group, topology);
  const blocks: Block[] = [];
  for (const from of parts) {
    for (const to of parts) {
      if (from === to) continue;
      const verdict = context.reach().judge({ from, to, protocol: 'icmp', ports: NO_PORTS });
      if (verdict.kind === 'blocked')
        blocks.push(...verdict.blocks.filter(({ firewall }) => firewall.planned?.value !== true));
    }
  }
  const [first] = blocks;
  if (!first) return;
  const denying = new Map(blocks.map((block) => [block.firewall, block]));
  const zones = parts.map(({ zone }) => topology.zones.get(zone ?? '')?.name ?? '');
  yield {
    span: feature.span,
    message: t(
      'Wake-up proxy: the clients {0} are in the zones {1} and cannot ping one another ({2}): let ICMP echo through between them',
      group.name,
      listed(zones),
      listed([...new Set(blocks.map(deniedBy))]),
    ),
    related: [...denying.values()].map(({ firewall, rule }) =>
      rule
        ? { message: t('The rule that denies it'), span: rule.span }
        : { message: t('Firewall {0}', firewall.name), span: firewall.key.span },
    ),
    fixes: [
      {
        title: t('Add a rule for ICMP echo among {0}', group.name),
        safe: false,
        edits: [...denying.keys()].flatMap((firewall) => {
          const deniers = blocks.flatMap((block) => (block.firewall === firewall ? [block.rule] : []));
          const opening = { from: [group.name], to: [group.name], icmp: true };
          return addRules(context, firewall, [opening], deniers);
        }),
      },
    ],
  };
}

const site = (rule: string) => `configmgr: 2017-09
defaults: { os: windows-server-2016, rpcDynamicPorts: 49152-65535 }
zones:
  servers: { networks: [10.10.0.0/24] }
  floor-1: { networks: [10.10.1.0/24] }
  floor-2: { networks: [10.10.2.0/24] }
sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01:
    site: PS1
    zone: servers
    roles:
      site-server:
      sms-provider:
      sql-server:
      management-point: { protocol: https }
clients:
  desktops:
    site: PS1
    zone: floor-1
    networks: [10.10.1.0/24, 10.10.2.0/24]
    features: [wake-up-proxy]
firewalls:
  floors:
    zones: [servers, floor-1, floor-2]
    rules:
      - { action: allow, from: desktops, to: cm01, tcp: [443, 10123] }
${rule}`;

export const wakeUpProxyIcmp: Rule = {
  code: 'wake-up-proxy-icmp',
  severity: 'warning',
  summary:
    'Clients that use wake-up proxy cannot ping one another, because there is a firewall between them.',
  reason: 'Wake-up proxy takes a client that does not answer an ICMP echo request for one that sleeps.',
  explanation: `Clients with wake-up proxy ping one another every few seconds; who does not answer is taken to be asleep, and the others stand in for it. Where a firewall stops the echo requests, clients that are awake are treated as sleeping ones.

Within one zone there is no firewall between the clients. The rule looks at groups whose networks lie in several zones.`,
  source: { document: 'windows-firewall', section: 'wake-up-proxy' },
  moreSources: [
    { document: 'plan-wake-up-clients', section: 'how-to-wake-up-clients-in-configuration-manager' },
  ],
  bad: [{ title: 'A group on two floors with a firewall between them', text: site('') }],
  good: [
    {
      title: 'Echo requests among the clients',
      text: site('      - { action: allow, from: desktops, to: desktops, icmp: true }\n'),
    },
  ],
  severalAtOnePlace: true,
  *check(context) {
    for (const { group } of windowsGroups(context)) yield* checkGroup(group, context);
  },
};
