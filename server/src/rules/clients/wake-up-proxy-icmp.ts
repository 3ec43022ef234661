import { getOrAdd, groupBy, likeBut } from '../../collections.ts';
import type { Endpoint, Flow } from '../../flows/flow.ts';
import { t } from '../../l10n.ts';
import { NO_PORTS } from '../../reach/ports.ts';
import { contains, parseNetwork } from '../../topology/address.ts';
import { effectiveZone } from '../../topology/effective.ts';
import type { ClientGroup, Topology, Written, Zone } from '../../topology/model.ts';
import { deniedBy, type Stopped, stopKey } from '../firewalls/blocked-flows.ts';
import { addRules } from '../firewalls/firewall-fixes.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { listedUpTo } from '../words.ts';
import { windowsGroups } from './client-groups.ts';

const FEATURE = 'wake-up-proxy';
/** Groups to name before the rest is only counted. */
const SHOWN = 3;

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
    clients: likeBut(group, { networks }),
    zone: zone.id,
  }));
}

/** A group whose clients cannot ping one another, and where they are stopped. */
interface Case {
  readonly group: ClientGroup;
  readonly zones: readonly string[];
  readonly stopped: readonly Pick<Stopped, 'flow' | 'block'>[];
}

function caseOf(group: ClientGroup, context: RuleContext): readonly Case[] {
  if (!usesWakeUpProxy(group)) return [];
  const { topology } = context;
  const parts = partsOf(group, topology);
  const stopped = parts.flatMap((from) =>
    parts.flatMap((to) => {
      if (from === to) return [];
      const verdict = context.reach().judge({ from, to, protocol: 'icmp', ports: NO_PORTS });
      if (verdict.kind !== 'blocked') return [];
      return verdict.blocks
        .filter(({ firewall }) => firewall.planned?.value !== true)
        .map((block) => ({ flow: echoFlow(from, to), block }));
    }),
  );
  const zones = parts.map(({ zone }) => topology.zones.get(zone ?? '')?.name ?? '');
  return stopped.length > 0 ? [{ group, zones, stopped }] : [];
}

/** Echo requests among the clients of a group, which are no flow of the port documents. */
export function echoFlow(from: Endpoint, to: Endpoint): Flow {
  return {
    from,
    to,
    protocol: 'icmp',
    ports: [],
    service: 'Wake-up proxy',
    connection: 'wake-up-proxy',
    phase: 'operation',
    sources: [],
  };
}

function reportOf(cases: readonly Case[], context: RuleContext): readonly Report[] {
  const [first] = cases;
  if (!first) return [];
  const stopped = cases.flatMap((one) => one.stopped);
  const placeOf = ({ features, key }: ClientGroup) =>
    features.find(({ value }) => value === FEATURE)?.span ?? key.span;
  const names = listedUpTo(
    SHOWN,
    cases.map(({ group }) => group.name),
  );
  const atFirewalls = [...groupBy(stopped, ({ block }) => block.firewall)];
  const edits = atFirewalls.map(([firewall, own]) => {
    const groups = new Set(own.map(({ flow }) => flow.from.name));
    return addRules(
      context,
      firewall,
      // One for each group: its clients ping one another, and not those of other groups.
      [...groups].map((name) => ({ from: [name], to: [name], icmp: true })),
      own.map(({ block }) => block.rule),
    );
  });
  return [
    {
      span: placeOf(first.group),
      message: t(
        'Wake-up proxy: the clients {0} are in the zones {1} and cannot ping one another ({2}): let ICMP echo through between them',
        names,
        listedUpTo(SHOWN, [...new Set(cases.flatMap(({ zones }) => zones))]),
        listedUpTo(SHOWN, [...new Set(stopped.map(({ block }) => deniedBy(block)))]),
      ),
      related: [
        ...atFirewalls.map(([firewall, own]) => {
          const rule = own.find(({ block }) => block.rule)?.block.rule;
          return rule
            ? { message: t('The rule that denies it'), span: rule.span }
            : { message: t('Firewall {0}', firewall.name), span: firewall.key.span };
        }),
        ...cases.slice(1).map(({ group }) => ({ message: group.name, span: placeOf(group) })),
      ],
      fixes: [
        {
          title: t('Add a rule for ICMP echo among {0}', names),
          safe: false,
          edits: edits.every(({ length }) => length > 0) ? edits.flat() : [],
        },
      ],
    },
  ];
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
  explanation: `Clients with wake-up proxy ping one another every few seconds; a client that does not answer is assumed to be asleep, and another one answers for it. If a firewall blocks the echo requests, clients that are awake are treated as sleeping.

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
  check(context) {
    const cases = windowsGroups(context).flatMap(({ group }) => caseOf(group, context));
    return [...groupBy(cases, ({ stopped }) => stopKey(stopped)).values()].flatMap((same) =>
      reportOf(same, context),
    );
  },
};
