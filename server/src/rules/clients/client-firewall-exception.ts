import { catalogOf } from '../../catalog/index.ts';
import type { ClientFeature, PortSetting } from '../../catalog/types.ts';
import { getOrAdd, ownEntry } from '../../collections.ts';
import { addToList } from '../../edits/option-edits.ts';
import type { TextEdit } from '../../edits/text-edit.ts';
import { t } from '../../l10n.ts';
import { entries, ownPair } from '../../text/values.ts';
import type { ClientGroup, Site } from '../../topology/model.ts';
import { blockCertainty, isRead } from '../certainty.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { listed } from '../words.ts';
import { requestPortsOf, windowsGroups } from './client-groups.ts';

const DIRECTIONS = ['inbound', 'outbound'] as const;
type Direction = (typeof DIRECTIONS)[number];

interface Need {
  readonly direction: Direction;
  /** As the file writes it: `tcp/2701`, `wmi`. */
  readonly exception: string;
  readonly feature: string;
}

/** The methods that the client document gives exceptions for, under these features. */
const METHODS: Readonly<Record<string, string>> = {
  'client-push': 'client-push',
  'group-policy': 'group-policy-installation',
};

/** A port as the site has it; undefined where nobody can say. */
function portsOf(setting: PortSetting, site: Site, context: RuleContext): readonly number[] | undefined {
  const ports = requestPortsOf(site, context);
  const switched = (key: 'wakeOnLan' | 'wakeUpProxy') => {
    if (site[key]) return [site[key].value];
    // Absent or off: the documented port.
    return blockCertainty(context, site, key) === 'unknown' ? undefined : [];
  };
  switch (setting) {
    case 'clientPorts.http':
      return ports?.http;
    case 'clientPorts.https':
      return ports?.https;
    case 'clientPorts.notification':
      return ports && [ports.notification];
    case 'wakeOnLan.port':
      return switched('wakeOnLan');
    case 'wakeUpProxy.port':
      return switched('wakeUpProxy');
    default:
      return [];
  }
}

function* needsOf(
  { feature, inbound, outbound, fallback, settings }: ClientFeature,
  site: Site,
  context: RuleContext,
): Iterable<Need> {
  const lists = { inbound, outbound };
  for (const direction of DIRECTIONS) {
    for (const documented of lists[direction]) {
      if (direction === 'outbound' && fallback.includes(documented)) continue;
      const setting = settings[documented];
      const ports = setting && portsOf(setting, site, context);
      if (setting && !ports) continue;
      const protocol = documented.split('/')[0];
      const own = (ports ?? []).map((port) => `${protocol}/${port}`);
      for (const exception of own.length > 0 ? own : [documented]) yield { direction, exception, feature };
    }
  }
}

function editsFor(group: ClientGroup, missing: readonly Need[], { tree }: RuleContext): readonly TextEdit[] {
  const node = group.windowsFirewall?.node;
  const pair = ownPair(group.node, 'windowsFirewall');
  if (!node || pair?.key.kind !== 'scalar') return [];
  const items = (direction: Direction) => [
    ...new Set(missing.filter((need) => need.direction === direction).map(({ exception }) => exception)),
  ];
  const lists = DIRECTIONS.map((direction) => ({ direction, items: items(direction) })).filter(
    (list) => list.items.length > 0,
  );
  if (node.pairs.length === 0) {
    const text = lists.map(({ direction, items }) => `${direction}: [${items.join(', ')}]`).join(', ');
    return [{ span: node.span, newText: `{ ${text} }` }];
  }
  const owner = { key: pair.key, node };
  return lists.flatMap(({ direction, items }) => addToList(tree, owner, direction, items));
}

function checkGroup(group: ClientGroup, site: Site, context: RuleContext): readonly Report[] {
  const { windowsFirewall } = group;
  const { edition } = context.topology;
  if (!windowsFirewall || edition === undefined || !isRead(context, group)) return [];
  const methods = group.installation.flatMap(({ value }) => ownEntry(METHODS, value) ?? []);
  const wanted = new Set([...group.features.map(({ value }) => value), ...methods]);
  const given = {
    inbound: new Set(windowsFirewall.inbound.map(({ value }) => value)),
    outbound: new Set(windowsFirewall.outbound.map(({ value }) => value)),
  };
  const missing = catalogOf(edition)
    .clientFeatures.filter(({ feature }) => wanted.has(feature))
    .flatMap((feature) => [...needsOf(feature, site, context)])
    .filter(({ direction, exception }) => !given[direction].has(exception));
  if (missing.length === 0) return [];

  const lacks = DIRECTIONS.flatMap((direction) => {
    const features = new Map<string, Set<string>>();
    for (const need of missing) {
      if (need.direction !== direction) continue;
      getOrAdd(features, need.exception, () => new Set()).add(need.feature);
    }
    return [...features].map(([exception, why]) =>
      t('{0} {1} (for {2})', direction, exception, listed([...why])),
    );
  });
  const entry = group.node && entries(group.node).find(({ name }) => name === 'windowsFirewall');
  const [only, second] = new Set(missing.map(({ direction }) => direction));
  const list = only && !second ? ownPair(windowsFirewall.node, only) : undefined;
  const exceptions = new Set(missing.map(({ exception }) => exception));
  return [
    {
      span: list?.key.span ?? entry?.key.span ?? group.key.span,
      message: t(
        exceptions.size === 1
          ? 'Windows Firewall of the clients {0} lacks {1}: add it to windowsFirewall'
          : 'Windows Firewall of the clients {0} lacks {1}: add them to windowsFirewall',
        group.name,
        listed(lacks),
      ),
      fixes: [
        {
          title: t('Add {0}', listed([...exceptions])),
          safe: false,
          edits: editsFor(group, missing, context),
        },
      ],
    },
  ];
}

const site = (clients: string) => `configmgr: 2017-09
defaults: { os: windows-server-2016, rpcDynamicPorts: 49152-65535 }
sites:
  PS1:
    type: primary
    database: { server: cm01 }
    clientPorts: { http: [80, 8080], https: 443 }
servers:
  cm01:
    site: PS1
    roles:
      site-server:
      sms-provider:
      sql-server:
      management-point:
clients:
  desktops:
    site: PS1
    os: windows-10
${clients}`;

export const clientFirewallException: Rule = {
  code: 'client-firewall-exception',
  severity: 'error',
  summary: 'Windows Firewall on the clients lacks an exception that a feature or the installation needs.',
  reason:
    'Without the exception, Windows Firewall on the clients drops what this feature or installation method sends.',
  explanation: `Each feature of the client, and client push and group policy installation, needs its own programs, groups or ports in Windows Firewall. Without them the console waits, the push fails, or the client stays asleep.

The rule compares \`windowsFirewall\` with what \`features\` and \`installation\` need, and says nothing about a group without \`windowsFirewall\`. Ports that the site has changed count with their own numbers, a default and an alternate port both. Client notification needs its own port; that it falls back to the request ports is no reason to leave it out.`,
  source: {
    document: 'windows-firewall',
    section: 'programs-and-ports-that-configuration-manager-requires',
  },
  moreSources: [{ document: 'client-ports', section: 'configure-ports-for-a-site' }],
  bad: [
    {
      title: 'Client push without WMI',
      text: site(`    installation: [client-push]
    windowsFirewall:
      inbound: [file-and-printer-sharing] # by group policy
      outbound: [file-and-printer-sharing]
`),
    },
    {
      title: 'The documented ports, where the site has one of its own besides',
      text: site(`    features: [client-requests, remote-control]
    windowsFirewall: { inbound: [tcp/2701], outbound: [tcp/80, tcp/443] }
`),
    },
  ],
  good: [
    {
      title: 'Everything that is used',
      text: site(`    installation: [client-push]
    features: [client-requests, client-notification, remote-control]
    windowsFirewall:
      inbound: [file-and-printer-sharing, wmi, tcp/2701]
      outbound: [file-and-printer-sharing, tcp/80, tcp/8080, tcp/443, tcp/10123]
`),
    },
    {
      title: 'The host firewall is left out of the file',
      text: site('    installation: [client-push]\n    features: [remote-control]\n'),
    },
  ],
  *check(context) {
    yield* windowsGroups(context).flatMap(({ group, site }) => [...checkGroup(group, site, context)]);
  },
};
