import { t } from '../../l10n.ts';
import {
  deniedBy,
  grouped,
  missingOf,
  missingText,
  type Stopped,
  stoppedFlows,
} from '../firewalls/blocked-flows.ts';
import { addRules, endName } from '../firewalls/firewall-fixes.ts';
import type { Fix, Report, Rule, RuleContext } from '../rule.ts';
import { listed } from '../words.ts';

const METHOD = 'client-push';
/** Methods that need neither SMB nor RPC from the site server. */
const OTHERS = ['group-policy', 'manual'];

function reportOf(stopped: readonly Stopped[], context: RuleContext): readonly Report[] {
  const [first] = stopped;
  const group = first?.flow.to.clients;
  if (!first || !group) return [];
  const { from } = first.flow;
  const method = group.installation.find(({ value }) => value === METHOD);
  const atFirewalls = grouped(stopped, ({ block }) => block.firewall);
  const add: Fix = {
    title: t('Add a rule for client push from {0} to {1}', from.name, group.name),
    safe: false,
    edits: atFirewalls.flatMap((own) => {
      const [one] = own;
      const opening = { from: [endName(from)], to: [group.name], ...missingOf(own) };
      const deniers = own.map(({ block }) => block.rule);
      return one ? addRules(context, one.block.firewall, [opening], deniers) : [];
    }),
  };
  const present = new Set(group.installation.map(({ value }) => value));
  const other = OTHERS.find((candidate) => !present.has(candidate));
  const fixes =
    method && other
      ? [
          add,
          {
            title: t('Install the client by {0} instead', other),
            safe: false,
            edits: [{ span: method.span, newText: other }],
          },
        ]
      : [add];
  return [
    {
      span: method?.span ?? group.key.span,
      message: t(
        'Client push from site server {0} to the clients {1} is blocked: {2} must get through ({3}): add a rule, or install the client by another method',
        from.name,
        group.name,
        missingText(missingOf(stopped)),
        listed([...new Set(stopped.map(({ block }) => deniedBy(block)))]),
      ),
      related: atFirewalls.flatMap(([one]) =>
        one
          ? [
              one.block.rule
                ? { message: t('The rule that denies it'), span: one.block.rule.span }
                : { message: t('Firewall {0}', one.block.firewall.name), span: one.block.firewall.key.span },
            ]
          : [],
      ),
      fixes,
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
  explanation: `With client push the site server copies the client over SMB and starts it over RPC: TCP 445, TCP and UDP 135, the dynamic RPC ports of the clients and, by the documents of 2017, an ICMP echo request. Firewalls inside a company often stop exactly these.

Let them through from the site server to these clients, or choose a method that needs neither SMB nor RPC from the server, such as group policy or a manual installation. The dynamic ports of clients are those of \`defaults\`.`,
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
  check: (context) =>
    grouped(
      stoppedFlows(context).clientPush,
      ({ flow }) => flow.to,
      ({ flow }) => flow.from,
    ).flatMap((stopped) => reportOf(stopped, context)),
};
