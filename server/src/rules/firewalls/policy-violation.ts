import { groupBy } from '../../collections.ts';
import { t } from '../../l10n.ts';
import type { Spot } from '../../reach/spots.ts';
import { type Packet, type Violation, violationsIn } from '../../reach/violations.ts';
import { addressText } from '../../topology/address.ts';
import { lookup } from '../../topology/effective.ts';
import type { Topology } from '../../topology/model.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { capital, listedUpTo } from '../words.ts';
import { ruleName } from './firewall-fixes.ts';
import { policyName, policyPlace } from './policies.ts';

/** Policies to name beside the first before the rest is only counted. */
const SHOWN = 2;

/** `sql01 (10.10.0.11)`, `10.20.0.7 of desktops`, `10.20.0.9 in zone branch`, `any address in zone internet`. */
function spotText({ place, address, isNobody }: Spot, { zones }: Topology): string {
  const text = address && addressText({ family: address.family, bits: address.low });
  if (isNobody) {
    const zone = (place.zone !== undefined && lookup(zones, place.zone)?.name) || place.name;
    return text ? t('{0} in zone {1}', text, zone) : t('any address in zone {0}', zone);
  }
  if (text === undefined) return place.name;
  return place.clients ? t('{0} of {1}', text, place.name) : t('{0} ({1})', place.name, text);
}

function packetText({ from, to, protocol, port }: Packet, topology: Topology): string {
  const traffic = protocol === 'icmp' ? t('ICMP echo') : `${protocol.toUpperCase()} ${port}`;
  return t('{0} from {1} to {2}', traffic, spotText(from, topology), spotText(to, topology));
}

/** More rules of one firewall than this that break one policy are one finding: then the policy is what to look at. */
const MOST = 10;

/** Many rules that break the same policy at one firewall. */
function reportOfMany(violations: readonly Violation[], context: RuleContext): readonly Report[] {
  const [first, ...more] = violations;
  if (!first) return [];
  const { firewall } = first;
  const report = reportOf(first, context);
  const [broken] = first.broken;
  if (!broken) return [report];
  const policy = policyName(broken.guard.policy, context.topology);
  return [
    {
      ...report,
      message: t(
        '{0} rules of firewall {1} let traffic pass that {2} forbids, such as {3}: deny it above them, or check whether the policy is meant this way',
        violations.length,
        firewall.name,
        policy,
        packetText(broken.packet, context.topology),
      ),
      related: [
        ...policyPlace(broken.guard.policy, context.topology),
        ...more.map(({ rule }) => ({ message: capital(ruleName(rule, firewall)), span: rule.span })),
      ],
    },
  ];
}

function reportOf({ firewall, rule, broken }: Violation, { topology }: RuleContext): Report {
  const [first, ...more] = broken;
  const others = [...new Set(broken.flatMap((one) => one.others))];
  const name = capital(ruleName(rule, firewall));
  const packet = first ? packetText(first.packet, topology) : '';
  const policy = first ? policyName(first.guard.policy, topology) : '';
  const rest = listedUpTo(
    SHOWN,
    more.map(({ guard }) => policyName(guard.policy, topology)),
  );
  return {
    span: rule.span,
    message:
      more.length > 0
        ? t(
            '{0} of firewall {1} lets {2} pass, which {3} forbids, and traffic that {4} forbids: remove it from the rule, or write it under except of the policy',
            name,
            firewall.name,
            packet,
            policy,
            rest,
          )
        : t(
            '{0} of firewall {1} lets {2} pass, which {3} forbids: remove it from the rule, or write it under except of the policy',
            name,
            firewall.name,
            packet,
            policy,
          ),
    related: [
      ...broken.flatMap(({ guard }) => policyPlace(guard.policy, topology)),
      ...others.map((one) => ({
        message: t(
          '{0} of firewall {1} lets it pass as well',
          capital(ruleName(one.rule, one.firewall)),
          one.firewall.name,
        ),
        span: one.rule.span,
      })),
    ],
  };
}

const file = (rules: string, policy: string) => `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.10.0.0/16] }
  branch: { networks: [10.20.0.0/16] }
sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01:
    site: PS1
    zone: hq
    addresses: [10.10.0.10]
    roles:
      site-server:
      sms-provider:
      sql-server:
      management-point: { protocol: https }
clients:
  desktops: { site: PS1, zone: branch }
firewalls:
  edge:
    zones: [hq, branch]
    rules:
${rules}policies:
  - ${policy}
`;

export const policyViolation: Rule = {
  code: 'policy-violation',
  severity: 'error',
  summary: 'A firewall rule allows traffic that a policy forbids.',
  reason: 'A policy says what must never pass, and this rule lets it pass.',
  explanation: `\`policies\` says what must never pass between zones and machines, whatever is needed: the people responsible for security write it. This rule finds each allow rule that lets such a packet through, and names one: its two ends, protocol and port. A packet counts only if it really gets through: no rule above denies it, and every other firewall on its way lets it pass too. The ends are the machines of the file and every other address of its zones.

Where several rules let the same traffic pass, the finding is at the one that opens the fewest ports, with the others as related places. Narrow the rule, put a rule that denies the traffic above it, or write the pair under \`except\` of the policy. Between zones without a firewall in between no policy can be enforced, and nothing is reported.`,
  source: { document: 'format', section: 'groups-and-policies' },
  bad: [
    {
      title: 'Remote Desktop beside what clients need',
      text: file(
        '      - { name: Clients, action: allow, from: branch, to: cm01, tcp: [443, 10123] }\n      - { name: Admins, action: allow, from: branch, to: hq, tcp: 3389, configmgr: false }\n',
        '{ name: No Remote Desktop from branches, from: branch, to: hq, tcp: 3389 }',
      ),
    },
  ],
  good: [
    {
      title: 'The rest of the zone is denied above',
      text: file(
        '      - { name: Clients, action: allow, from: branch, to: cm01, tcp: [443, 10123] }\n      - { name: Nobody else, action: deny, from: branch, to: hq, tcp: 3389 }\n      - { name: Admins, action: allow, from: branch, to: hq, tcp: 3389-3390, configmgr: false }\n',
        '{ name: No Remote Desktop from branches, from: branch, to: hq, tcp: 3389 }',
      ),
    },
    {
      title: 'An exception for the one who may',
      text: file(
        '      - { name: Clients, action: allow, from: branch, to: cm01, tcp: [443, 10123] }\n      - { name: Admin, action: allow, from: 10.20.0.99, to: hq, tcp: 3389, configmgr: false }\n',
        '{ name: No Remote Desktop from branches, from: branch, to: hq, tcp: 3389, except: [{ from: 10.20.0.99, to: hq }] }',
      ),
    },
  ],
  check(context) {
    const { topology } = context;
    if (topology.policies.length === 0) return [];
    const alike = groupBy(
      violationsIn(topology, context.reach()),
      ({ firewall, broken: [first] }) =>
        `${firewall.id}\n${first ? topology.policies.indexOf(first.guard.policy) : ''}`,
    );
    return [...alike.values()].flatMap((violations) =>
      violations.length > MOST
        ? reportOfMany(violations, context)
        : violations.map((violation) => reportOf(violation, context)),
    );
  },
};
