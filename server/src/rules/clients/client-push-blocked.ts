import { groupBy } from '../../collections.ts';
import { t } from '../../l10n.ts';
import type { ClientGroup } from '../../topology/model.ts';
import {
  deniedBy,
  grouped,
  missingOf,
  missingText,
  type Stopped,
  stopKey,
  stoppedFlows,
} from '../firewalls/blocked-flows.ts';
import { addRules } from '../firewalls/firewall-fixes.ts';
import { openingsOf } from '../firewalls/lacking-rules.ts';
import type { Fix, Report, Rule, RuleContext } from '../rule.ts';
import { listedUpTo } from '../words.ts';

const METHOD = 'client-push';
/** Methods that need neither SMB nor RPC from the site server. */
const OTHERS = ['group-policy', 'manual'];
/** Machines to name before the rest is only counted. */
const SHOWN = 3;

/** What client push from one site server to one group lacks. */
type Case = readonly [Stopped, ...Stopped[]];

function reportOf(cases: readonly Case[], context: RuleContext): readonly Report[] {
  const stopped = cases.flat();
  const groups = [...new Set(stopped.flatMap(({ flow }) => flow.to.clients ?? []))];
  const [first] = groups;
  if (!first) return [];
  const names = (all: readonly string[]) => listedUpTo(SHOWN, [...new Set(all)]);
  const servers = names(stopped.map(({ flow }) => flow.from.name));
  const clients = names(groups.map(({ name }) => name));
  const methodOf = ({ installation }: ClientGroup) => installation.find(({ value }) => value === METHOD);
  const placeOf = (group: ClientGroup) => methodOf(group)?.span ?? group.key.span;
  const atFirewalls = [...groupBy(stopped, ({ block }) => block.firewall)];
  const addFix = (): Fix => {
    const edits = atFirewalls.map(([firewall, own]) =>
      addRules(
        context,
        firewall,
        openingsOf(own, firewall, context),
        own.map(({ block }) => block.rule),
      ),
    );
    return {
      title: t('Add a rule for client push from {0} to {1}', servers, clients),
      safe: false,
      edits: edits.every(({ length }) => length > 0) ? edits.flat() : [],
    };
  };
  const present = new Set(groups.flatMap(({ installation }) => installation.map(({ value }) => value)));
  const other = OTHERS.find((candidate) => !present.has(candidate));
  const methods = new Map(
    groups.flatMap((group) => methodOf(group) ?? []).map((method) => [method.span.start, method]),
  );
  const deniers = atFirewalls.flatMap(([firewall, own]) => {
    const rule = own.find(({ block }) => block.rule)?.block.rule;
    return rule
      ? { message: t('The rule that denies it'), span: rule.span }
      : { message: t('Firewall {0}', firewall.name), span: firewall.key.span };
  });
  return [
    {
      span: placeOf(first),
      message: t(
        'Client push from site server {0} to the clients {1} is blocked: {2} must get through ({3}): add a rule, or install the client by another method',
        servers,
        clients,
        missingText(missingOf(stopped)),
        listedUpTo(SHOWN, [...new Set(stopped.map(({ block }) => deniedBy(block)))]),
      ),
      related: [
        ...deniers,
        ...groups.slice(1).map((group) => ({ message: group.name, span: placeOf(group) })),
      ],
      fixes: () => [
        addFix(),
        ...(other && methods.size > 0
          ? [
              {
                title: t('Install the client by {0} instead', other),
                safe: false,
                edits: [...methods.values()].map(({ span }) => ({ span, newText: other })),
              },
            ]
          : []),
      ],
    },
  ];
}

const site = (push: string) => `configmgr: 2017-09
defaults: { os: windows-server-2016, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.10.0.0/16] }
  branch: { networks: [10.20.0.0/16] }
sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01:
    site: PS1
    zone: hq
    roles:
      site-server:
      sms-provider:
      sql-server:
      management-point: { protocol: https }
clients:
  desktops:
    site: PS1
    zone: branch
    os: windows-11
    installation: [client-push]
firewalls:
  line:
    zones: [hq, branch]
    rules:
      - { name: Clients, action: allow, from: branch, to: cm01, tcp: [443, 10123] }
      - ${push}
`;

export const clientPushBlocked: Rule = {
  code: 'client-push-blocked',
  severity: 'error',
  summary: 'A firewall blocks client push on its way from the site server to the clients.',
  reason:
    'Client push needs SMB, RPC and its dynamic ports from the site server to each client, and firewalls often block them.',
  explanation: `With client push the site server copies the client over SMB and starts it over RPC: TCP 445, TCP and UDP 135, the dynamic RPC ports of the clients and, by the documents of 2017, an ICMP echo request. Internal firewalls often block exactly these.

Let them through from the site server to these clients, or choose a method that needs neither SMB nor RPC from the server, such as group policy or a manual installation. The dynamic ports of clients come from \`os\` or \`rpcDynamicPorts\` of the group; \`defaults\` are those of servers.`,
  source: { document: 'windows-firewall', section: 'ports-that-are-used-with-client-push-installation' },
  bad: [
    {
      title: 'SMB alone gets through',
      text: site('{ name: Client push, action: allow, from: cm01, to: desktops, tcp: 445 }'),
    },
  ],
  good: [
    {
      title: 'Everything that client push needs',
      text: site(
        '{ name: Client push, action: allow, from: cm01, to: desktops, tcp: [135, 445, 49152-65535], udp: 135, icmp: true }',
      ),
    },
  ],
  severalAtOnePlace: true,
  check(context) {
    const pairs = grouped(
      stoppedFlows(context).clientPush,
      ({ flow }) => flow.to,
      ({ flow }) => flow.from,
    ).flatMap(([first, ...more]): readonly Case[] => (first ? [[first, ...more]] : []));
    return [...groupBy(pairs, stopKey).values()].flatMap((cases) => reportOf(cases, context));
  },
};
